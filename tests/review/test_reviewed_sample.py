"""Three quarters of the sample in a row: what adds up, what is remembered, what is told."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from channelscope.review_tables import REVIEW_TABLES
from tests.review.conftest import QUARTERS, Reviews

BASES = ("previous", "year_before", "aligned")


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_table_is_as_declared(reviews: Reviews, quarter: str) -> None:
    tables = reviews.tables(quarter)
    for name, schema in REVIEW_TABLES.items():
        assert tables[name].schema == schema, name


@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize("quarter", QUARTERS)
def test_bridges_add_up_to_the_difference_to_the_cent(
    reviews: Reviews, quarter: str, base: str
) -> None:
    tables = reviews.tables(quarter)
    bridge = tables["period_bridge"].filter(base=base)
    told = tables["variance"].filter(base=base, metric="sales")
    of_all = bridge.filter(from_id="all")
    of_stores = bridge.filter(pl.col("from_id") != "all")
    total = told.filter(store_id="all")["change"].item()
    assert of_all["effect"].sum() == of_stores["effect"].sum() == Decimal(str(total))
    by_factor = {
        name: dict(frame.group_by("factor").agg(pl.col("effect").sum()).iter_rows())
        for name, frame in (("all", of_all), ("stores", of_stores))
    }
    assert by_factor["all"] == by_factor["stores"]
    single = {row["store_id"]: row for row in told.iter_rows(named=True)}
    for store, effect in of_stores.group_by("to_id").agg(pl.col("effect").sum()).iter_rows():
        row = single[store]
        assert float(effect) == pytest.approx((row["actual"] or 0) - (row["baseline"] or 0))


def test_a_store_that_opened_is_a_bar_of_its_own(reviews: Reviews) -> None:
    """S1 opened on 2025-09-01."""
    for quarter in QUARTERS:
        bars = reviews.tables(quarter)["period_bridge"]
        opened = bars.filter(factor="opened:S1")
        assert set(opened["base"]) == {"year_before", "aligned"}
        assert set(opened["to_id"]) == {"all", "S1"}
        mine = bars.filter(base="aligned", to_id="S1")
        assert mine["factor"].to_list() == ["opened:S1"]
    row = reviews.tables("2026Q1")["variance"].filter(
        store_id="S1", base="year_before", metric="sales"
    )
    assert row["relative"].item() is None and row["baseline"].item() is None
    assert row["outcome_reason"].item() == "reason.opened_since"


@pytest.mark.parametrize("quarter", QUARTERS)
def test_totals_name_the_stores_they_hold(reviews: Reviews, quarter: str) -> None:
    told = reviews.tables(quarter)["variance"].filter(metric="sales")
    for row in told.filter(pl.col("store_id").is_in(["all", "like_for_like"])).iter_rows(
        named=True
    ):
        stores = row["stores"].split("+")
        parts = told.filter(pl.col("base") == row["base"], pl.col("store_id").is_in(stores))
        assert parts.height == len(stores)
        for side in ("actual", "baseline"):
            assert parts[side].sum() == pytest.approx(row[side])
    alike = told.filter(base="year_before", store_id="like_for_like")["stores"].item()
    assert "S1" not in alike.split("+") and "X1" not in alike.split("+")
    # A store of which only the shelf is known has no sales, which is not sales of zero.
    shelf = told.filter(store_id="X1")
    assert shelf["actual"].null_count() == shelf.height
    assert set(shelf["status"]) == {"no_data"}


def test_the_third_review_tells_what_came_of_the_second(reviews: Reviews) -> None:
    proposed = reviews.tables("2026Q2")["decisions"].filter(outcome="proposed")
    told = reviews.tables("2026Q3")["decisions"].filter(made_in="2026Q2")
    assert told["decision_id"].to_list() == proposed["decision_id"].to_list()
    assert told.height >= 3
    metrics = reviews.tables("2026Q3")["variance"].filter(base="previous")
    for row in told.iter_rows(named=True):
        assert row["outcome"] in {"kept", "missed"}
        at_least = row["side"] == "at_least"
        holds = row["actual"] >= row["threshold"] if at_least else row["actual"] <= row["threshold"]
        assert (row["outcome"] == "kept") == holds
        if row["sku"] is None:
            now = metrics.filter(store_id=row["store_id"], metric=row["metric"])["actual"].item()
            assert row["actual"] == pytest.approx(now, rel=1e-9)
    own = reviews.tables("2026Q3")["decisions"].filter(outcome="proposed")
    assert set(own["look_on"]) == {date(2026, 12, 31)}
    # What the first review decided is told in the second and not again.
    assert "2026Q1" in set(reviews.tables("2026Q2")["decisions"]["made_in"])
    assert "2026Q1" not in set(reviews.tables("2026Q3")["decisions"]["made_in"])


def test_predictions_are_held_against_what_came(reviews: Reviews) -> None:
    made = reviews.tables("2026Q1")["predictions"].filter(made_in="2026Q1")
    assert set(made["outcome"]) == {"not_due"}
    second = reviews.tables("2026Q2")
    told = second["predictions"].filter(made_in="2026Q1")
    assert told.height == made.height == 9
    sales = dict(
        second["variance"].filter(base="previous", metric="sales").select("store_id", "actual")
        .iter_rows()
    )  # fmt: skip
    for row in told.iter_rows(named=True):
        assert row["actual"] == pytest.approx(sales[row["store_id"]])
        assert (row["outcome"] == "inside") == (row["low"] <= row["actual"] <= row["high"])
    rates = reviews.tables("2026Q3")["hit_rates"]
    assert rates["made_in"].to_list() == ["2026Q1", "2026Q2", "all"]
    assert rates["due"].to_list() == [9, 9, 18]
    third = reviews.tables("2026Q3")["predictions"].filter(outcome="inside")
    assert rates["inside"].to_list()[-1] == third.height


@pytest.mark.parametrize("quarter", QUARTERS)
def test_every_exception_passed_both_floors(reviews: Reviews, quarter: str) -> None:
    found = reviews.tables(quarter)["exceptions"]
    assert found["rank"].to_list() == list(range(1, found.height + 1))
    for row in found.iter_rows(named=True):
        if row["rule"].endswith("_drop"):
            assert row["relative"] <= -row["floor_relative"]
            assert row["change"] <= -row["floor_absolute"]
            assert row["relative"] == pytest.approx(row["change"] / row["baseline"])
    before = QUARTERS[QUARTERS.index(quarter) - 1] if quarter != QUARTERS[0] else None
    keys = ["rule", "store_id", "sku"]
    earlier = (
        set(reviews.tables(before)["exceptions"].select(keys).iter_rows()) if before else set()
    )
    for row in found.iter_rows(named=True):
        assert row["seen_before"] == (tuple(row[key] for key in keys) in earlier)


def test_the_plan_is_that_of_the_stores_that_have_one(reviews: Reviews) -> None:
    told = reviews.tables("2026Q3")["variance"].filter(base="plan", metric="sales")
    total = told.filter(store_id="all").row(0, named=True)
    assert total["stores"] == "F1+F2+S1+M1+M2+D1"
    planned = told.filter(pl.col("baseline").is_not_null(), pl.col("store_id") != "all")
    assert planned["baseline"].sum() == total["baseline"]
    assert planned["actual"].sum() == pytest.approx(total["actual"])
    without = told.filter(store_id="D2").row(0, named=True)
    assert without["baseline"] is None and without["outcome_reason"] == "reason.no_plan"


def test_refunds_that_are_still_coming_in_are_told_and_developed(reviews: Reviews) -> None:
    """The data end with the third quarter: its last 15 days of 92 are immature."""
    told = reviews.tables("2026Q3")["variance"].filter(base="aligned", metric="sales")
    row = told.filter(store_id="F1").row(0, named=True)
    assert 0.1 < row["immature"] < 0.25
    assert row["actual"] * 0.98 < row["developed"] < row["actual"]
    total = told.filter(store_id="all").row(0, named=True)
    stores = told.filter(pl.col("store_id").is_in(total["stores"].split("+")))
    assert total["developed"] == pytest.approx(stores["developed"].sum())
    assert stores["immature"].min() < total["immature"] < stores["immature"].max()
    old = reviews.tables("2026Q2")["variance"].filter(base="aligned", metric="sales")
    assert old["immature"].null_count() == old.height
    assert old["developed"].null_count() == old.height


def test_figures_of_a_review_have_rows_and_name_their_query(reviews: Reviews) -> None:
    results = reviews.results["2026Q3"]
    shown = {data.figure.figure_id: data for data in results.figures}
    named = results.tables["provenance"].select("figure_id", "query_id", "rows")
    assert {row[0]: row[2] for row in named.iter_rows()} == {k: d.rows for k, d in shown.items()}
    assert {"F2.1", "F3.1", "F4.1", "F4.2", "F5.1", "F5.2", "F6.1", "F7.1", "F7.2"} <= set(shown)
