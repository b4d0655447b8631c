"""The bridges of the sample: exact between all stores and groups, both ways, and over a year."""

from __future__ import annotations

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from channelscope import pipeline, preparation, sqlfile
from channelscope.dimensions import _bridge_bars, _sold_cells
from channelscope.domain import GroupBy, Period
from channelscope.results import Results
from tests.ordered_pairs import hold, ordered


def sales(results: Results) -> dict[str, Decimal]:
    known = results.tables["metrics"].filter(metric="sales").drop_nulls("value")
    return {s: Decimal(f"{v:.2f}") for s, v in known.select("store_id", "value").iter_rows()}


@pytest.mark.parametrize("by", [None, *GroupBy])
def test_bars_between_all_ordered_pairs_sum_to_the_cent_and_flip(
    sample_workspace: Path, sample_results: Results, by: GroupBy | None
) -> None:
    found = ordered(preparation.Request(sample_workspace, by=by))
    assert len(found.pairs) >= 6
    hold(found)
    # The bridge of all over time is one of stores: grouping them changes nothing in it.
    bridge = sample_results.tables["bridge"].filter(pl.col("from_period") != pl.col("to_period"))
    told = found.over_time
    assert told.filter(from_id="all").equals(bridge.filter(from_id="all"))
    groups, stores = (each.filter(pl.col("from_id") != "all")["effect"] for each in (told, bridge))
    assert abs(sum(groups) - sum(stores)) <= Decimal("0.01") * len(stores.unique())


def test_a_store_against_itself_is_all_zeros(sample_workspace: Path) -> None:
    prepared = preparation.prepare(preparation.Request(sample_workspace))
    sold, period = _sold_cells.read(prepared.answers, prepared.scope), prepared.scope.period
    prepared.close()
    for store in prepared.scope.store_ids:
        found = sold.cells([store], "period", period)
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
    # It opened in the last month of the year before: its bar is what it sold more.
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


def test_the_year_before_shares_no_day_with_the_period(sample_results: Results) -> None:
    """Twelve months have 365 days: 364 days earlier they would meet themselves on one day."""
    ends = sample_results.tables["bridge"].filter(from_id="all").select("from_period", "to_period")
    assert set(ends.iter_rows()) == {("2024-10-01..2025-09-30", "2025-10-01..2026-09-30")}


def test_stores_that_came_or_went_undeclared_are_seen_by_their_orders(
    sample_workspace: Path, tmp_path: Path
) -> None:
    """Without the columns of `stores` S1 still opened in September 2025, and nobody else."""
    shutil.copytree(sample_workspace, tmp_path / "w")
    stores = pl.read_csv(tmp_path / "w" / "stores.csv", infer_schema=False).drop("opened_on")
    stores.write_csv(tmp_path / "w" / "stores.csv")
    found = pipeline.compare(
        preparation.Request(tmp_path / "w", first=date(2025, 7, 1), last=date(2025, 12, 31))
    )
    bridge = found.tables["bridge"].filter(pl.col("from_period") == pl.col("to_period"))
    events = bridge.filter(pl.col("factor").str.contains("^(opened|closed):"))
    assert set(events["factor"]) == {"opened:S1"}
    assert set(events["to_id"]) == {"S1"}
    # September to December are compared: there is more than the one bar.
    assert bridge.filter(from_id="F1", to_id="S1").height > 5


def test_any_two_periods_are_bridged(sample_workspace: Path) -> None:
    """A quarter against a month that is no year before: the query of the figure, and the tables."""
    asked = preparation.Request(
        sample_workspace, first=date(2026, 1, 1), last=date(2026, 3, 31),
        against=Period(date(2025, 11, 1), date(2025, 11, 30)),
    )  # fmt: skip
    found = pipeline.answer(sqlfile.find("sales/year_bridge"), asked, params={})
    ends = ("2025-11-01..2025-11-30", "2026-01-01..2026-03-31")
    assert set(found.select("from_period", "to_period").iter_rows()) == {ends}
    lines = pl.read_parquet(sample_workspace / "order_lines.parquet").filter(
        ~pl.col("is_excluded").fill_null(value=False)
    )
    net = pl.col("paid_amount") - pl.col("refunded_amount").fill_null(0)
    day = pl.col("ordered_at").cast(pl.Date)
    for name, period in (("from_sales", asked.against), ("to_sales", Period(*ends_of(asked)))):
        assert period is not None
        sold = lines.filter(day.is_between(period.first, period.last)).select(net.sum()).item()
        assert abs(found[name][0] - sold) <= Decimal("0.05")
    # 90 days for 30: there are more visitors, whatever else moved.
    assert found.filter(factor="visitor_days")["effect"][0] > 0
    # Products new or gone between the two are bars, as is no store: S1 had opened before both.
    assert {"opened:products"} <= set(found["factor"])
    assert not found["factor"].str.contains("opened:S1").any()


def ends_of(request: preparation.Request) -> tuple[date, date]:
    assert request.first and request.last
    return request.first, request.last
