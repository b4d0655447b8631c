"""The sample's orders held against its promotions: all agree to the cent but the planted lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from channelscope import preparation
from channelscope.dimensions._observed_orders import observe
from channelscope.dimensions._rule_implied import imply
from channelscope.domain import GroupBy, Period
from channelscope.results import Results

KEY = ["store_id", "order_id", "line_no"]


@pytest.fixture(scope="module")
def planted(sample_workspace: Path) -> pl.DataFrame:
    """The lines of orders not excluded whose discounts do not lead to what was paid."""
    lines = pl.read_parquet(sample_workspace / "order_lines.parquet")
    lines = lines.filter(~pl.col("is_excluded").fill_null(False))
    discounts = [pl.col(name).fill_null(0) for name in lines.columns if "discount_" in name]
    due = pl.col("qty") * pl.col("list_price") - pl.sum_horizontal(discounts)
    return lines.with_columns(off=pl.col("paid_amount") - due).filter(pl.col("off").abs() > 0.005)


def inside(lines: pl.DataFrame, period: Period) -> pl.DataFrame:
    return lines.filter(pl.col("ordered_at").dt.date().is_between(period.first, period.last))


@pytest.fixture(scope="module", params=[None, GroupBy.KIND])
def prepared(
    sample_workspace: Path, request: pytest.FixtureRequest
) -> Iterator[preparation.Prepared]:
    asked = preparation.Request(sample_workspace, by=request.param)
    with closing(preparation.prepare(asked)) as found:
        yield found


def test_the_planted_lines_and_no_others_follow_no_rule(
    prepared: preparation.Prepared, planted: pl.DataFrame
) -> None:
    observed = observe(prepared.answers, prepared.scope)
    off = observed.lines.filter(pl.Series(~imply(observed).agrees))
    found = off.select(pl.col("member_id").alias("store_id"), "order_id", "line_no")
    wanted = inside(planted, prepared.scope.period).select(KEY)
    assert found.sort(KEY).equals(wanted.sort(KEY))
    assert len(wanted) > 400
    assert len(observed.lines) == prepared.meta.rows_analysed


def test_the_tables_count_them(sample_results: Results, planted: pl.DataFrame) -> None:
    wanted = inside(planted, sample_results.scope.period)
    by_store = {
        store: (rows.height, rows["off"].sum(), rows["off"].abs().sum())
        for (store,), rows in wanted.group_by("store_id")
    }
    every = sample_results.tables["reconcile"].filter(mechanism="all")
    assert set(every["store_id"]) == set(by_store) == {
        "F1", "F2", "S1", "M1", "M2", "D1", "D2", "D3",
    }  # fmt: skip
    for row in every.iter_rows(named=True):
        count, money, size = by_store[row["store_id"]]
        assert row["unreconciled"] == count
        assert row["amount_difference"] == Decimal(money).quantize(Decimal("0.01"))
        assert row["absolute_difference"] == Decimal(size).quantize(Decimal("0.01"))
        assert row["coverage"] == 1


def test_every_booked_discount_agrees_to_the_cent(sample_results: Results) -> None:
    rows = sample_results.tables["reconcile"].filter(~pl.col("mechanism").is_in(["all", "none"]))
    assert set(rows["mechanism"]) == {
        "markdown", "subsidy", "coupon_shop", "tier_qty", "tier_cross",
    }  # fmt: skip
    assert rows["unreconciled"].sum() == 0
    assert (rows["amount_difference"] == 0).all()


def test_every_rule_of_the_sample_bites(sample_results: Results) -> None:
    assert sample_results.tables["idle_promotions"].height == 0
    found = sample_results.tables["metrics"].filter(metric="reconciled_share")
    rows = {row["store_id"]: row for row in found.iter_rows(named=True)}
    assert rows["X1"]["outcome_reason"] == "reason.snapshots_only"
    known = [row for store, row in rows.items() if store != "X1"]
    assert all(0.99 < row["lo"] < row["value"] < row["hi"] < 1 for row in known)


def test_half_a_percent_is_no_finding_and_stands_among_the_checks(
    sample_results: Results, planted: pl.DataFrame
) -> None:
    templates = set(sample_results.tables["findings"]["template"])
    assert not templates & {"orders_unexplained", "rules_idle"}
    quality = sample_results.tables["quality"].filter(check="order_lines_no_rule_explains")
    row = quality.row(0, named=True)
    assert row["failed"] == inside(planted, sample_results.scope.period).height
    assert row["rows"] == sample_results.meta.rows_analysed
    order = sample_results.tables["quality"]["failed"].to_list()
    assert order == [*(n for n in order if n), *(n for n in order if not n)]
