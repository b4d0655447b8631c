"""The bridges of the sample: exact between all stores and groups, both ways, and over a year."""

from __future__ import annotations

from decimal import Decimal
from itertools import permutations
from pathlib import Path

import polars as pl
import pytest

from channelscope import pipeline, preparation
from channelscope.dimensions import _bridge_bars, _sold_cells
from channelscope.domain import GroupBy
from channelscope.results import Results
from channelscope.stats.rounding import round_to_total


def between(results: Results) -> dict[tuple[str, str], Decimal]:
    """What the bars between two stores of one period sum to."""
    rows = results.tables["bridge"].filter(pl.col("from_period") == pl.col("to_period"))
    sums = rows.group_by("from_id", "to_id").agg(pl.col("effect").sum())
    return {(start, end): effect for start, end, effect in sums.iter_rows()}


def sales(results: Results) -> dict[str, Decimal]:
    known = results.tables["metrics"].filter(metric="sales").drop_nulls("value")
    return {s: Decimal(f"{v:.2f}") for s, v in known.select("store_id", "value").iter_rows()}


@pytest.mark.parametrize("by", [None, *GroupBy])
def test_bars_sum_to_the_difference_of_sales(sample_workspace: Path, by: GroupBy | None) -> None:
    results = pipeline.compare(preparation.Request(sample_workspace, by=by))
    sold, found = sales(results), between(results)
    assert len(found) == len(sold) * (len(sold) - 1) / 2
    for (start, end), effect in found.items():
        assert effect == sold[end] - sold[start], (start, end)


def test_all_ordered_pairs_sum_to_the_cent_and_flip(sample_workspace: Path) -> None:
    prepared = preparation.prepare(preparation.Request(sample_workspace))
    cells = _sold_cells.read(prepared.answers, prepared.scope)
    prepared.close()
    now = {store: found for (store, span), found in cells.items() if span == "period"}
    bars = {}
    for start, end in permutations(now, 2):
        named = _bridge_bars.between_stores(now[start], now[end])
        gap = float(now[end].sales - now[start].sales)
        assert sum(round_to_total(named.effects, round(gap, 2)).cents) == round(100 * gap)
        bars[start, end] = dict(zip(named.factors, named.effects, strict=True))
    for (start, end), effects in bars.items():
        back = bars[end, start]
        assert effects == pytest.approx({name: -back[name] for name in effects}, abs=1e-6)


def test_a_store_against_itself_is_all_zeros(sample_workspace: Path) -> None:
    prepared = preparation.prepare(preparation.Request(sample_workspace))
    cells = _sold_cells.read(prepared.answers, prepared.scope)
    prepared.close()
    for found in cells.values():
        assert _bridge_bars.between_stores(found, found).draws == pytest.approx(0, abs=1e-6)
        assert _bridge_bars.of_piece_price(found, found).draws == pytest.approx(0, abs=1e-9)


def test_piece_prices_sum_to_their_difference(sample_results: Results) -> None:
    known = sample_results.tables["metrics"].filter(metric="piece_price").drop_nulls("value")
    prices = dict(known.select("store_id", "value").iter_rows())
    sums = (
        sample_results.tables["piece_price_bridge"]
        .group_by("from_id", "to_id").agg(pl.col("effect").sum())
    )  # fmt: skip
    assert sums.height == len(prices) * (len(prices) - 1) / 2
    for start, end, effect in sums.iter_rows():
        assert effect == pytest.approx(prices[end] - prices[start], abs=1e-9)


def test_the_year_is_the_sum_of_the_stores_and_the_new_store_a_bar(
    sample_results: Results,
) -> None:
    bridge = sample_results.tables["bridge"].filter(pl.col("from_period") != pl.col("to_period"))
    total = bridge.filter(from_id="all")
    stores = bridge.filter(pl.col("from_id") != "all")
    by_factor = dict(stores.group_by("factor").agg(pl.col("effect").sum()).iter_rows())
    assert dict(total.select("factor", "effect").iter_rows()) == by_factor
    sold = sales(sample_results)
    # It opened in the last weeks of the year before: its bar is what it sold more.
    assert sold["S1"] / 2 < by_factor["opened:S1"] < sold["S1"]
    assert stores.filter(from_id="S1")["factor"].to_list() == ["opened:S1"]
    growth = {
        row["store_id"]: row["value"]
        for row in sample_results.tables["metrics"].filter(metric="growth").to_dicts()
    }
    for store, value in growth.items():
        if value is not None:
            change = float(stores.filter(from_id=store)["effect"].sum())
            assert change == pytest.approx(float(sold[store]) * (1 - 1 / (1 + value)), abs=0.02)
