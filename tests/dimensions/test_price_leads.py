"""Who moves first, on shelves of a few products: what is counted, and when nothing is told."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import cubes, sqlfile
from channelscope.dimensions import _price_leads
from channelscope.domain import Outcome, Store
from channelscope.results import TABLES
from tests.dimensions.small_cubes import MONDAY, frame, scope, seen, session

WEEKS = 30
SKUS = [f"p{number}" for number in range(8)]


def day(week: int) -> date:
    return MONDAY + timedelta(weeks=week)


def visited(store: str, *, weeks: int = WEEKS, after: int = 0) -> list[dict[str, Any]]:
    return [
        {"store_id": store, "day": day(week) + timedelta(days=after), "observations": 3}
        for week in range(weeks)
    ]


def listed(*stores: str, skus: list[str] = SKUS) -> list[dict[str, Any]]:
    return [seen(s, sku, list_price=9, activity=8, one_piece=7) for s in stores for sku in skus]


def moved(store: str, moves: list[tuple[str, int, int]], *, after: int = 0) -> list[dict[str, Any]]:
    """Product, week, and 1 for a rise, -1 for a fall, since the week before."""
    return [
        {
            "store_id": store, "sku": sku, "day": day(week) + timedelta(days=after),
            "seen_before": day(week - 1) + timedelta(days=after),
            "rises": int(way > 0), "falls": int(way < 0),
        }
        for sku, week, way in moves
    ]  # fmt: skip


def plan(seed: int) -> list[tuple[str, int, int]]:
    """Each product falls and comes back a few times, on weeks of its own."""
    random = np.random.default_rng(seed)
    found = []
    for sku in SKUS:
        weeks = np.sort(random.choice(np.arange(1, WEEKS - 2), size=8, replace=False))
        found += [(sku, int(week), -1 if at % 2 else 1) for at, week in enumerate(weeks)]
    return found


def told(*stores: str, **tables: Any) -> dict[tuple[str, str], dict[str, Any]]:
    asked = scope(*stores, days=7 * WEEKS, present=("price_snapshots",))
    with_session = session(asked, **tables)
    found = _price_leads.leads(with_session, asked)
    with_session.close()
    assert found.schema == TABLES["price_leads"]
    return {(row["leader_id"], row["follower_id"]): row for row in found.iter_rows(named=True)}


def later(moves: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    return [(sku, week + 1, way) for sku, week, way in moves]


def test_a_store_that_copies_a_week_later_follows_and_is_not_followed() -> None:
    leader, own = plan(1), plan(2)
    found = told(
        "F1", "D1", "M1",
        shelf_days=[*visited("F1"), *visited("D1"), *visited("M1")],
        shelf_weeks=listed("F1", "D1", "M1"),
        shelf_changes=[*moved("F1", leader), *moved("D1", later(leader)), *moved("M1", own)],
    )  # fmt: skip
    assert found["F1", "D1"]["outcome"] == Outcome.DIFFERS
    assert found["F1", "D1"]["changes"] == len(leader)
    assert found["F1", "D1"]["followed"] + found["F1", "D1"]["together"] == len(leader)
    assert found["F1", "D1"]["lift"] == pytest.approx(
        found["F1", "D1"]["followed"] / found["F1", "D1"]["expected"]
    )
    others = {pair: row["outcome"] for pair, row in found.items() if pair != ("F1", "D1")}
    assert set(others.values()) == {Outcome.UNCLEAR}
    assert all(row["p_adjusted"] >= row["p_value"] for row in found.values())


def test_the_same_changes_on_the_same_days_lead_nowhere() -> None:
    both = plan(3)
    found = told(
        "D2", "D3",
        shelf_days=[*visited("D2"), *visited("D3")], shelf_weeks=listed("D2", "D3"),
        shelf_changes=[*moved("D2", both), *moved("D3", both)],
    )  # fmt: skip
    for row in found.values():
        assert (row["together"], row["followed"]) == (len(both), 0)
        assert (row["outcome"], row["p_value"]) == (Outcome.UNCLEAR, 1.0)


def test_products_that_the_other_does_not_carry_are_no_changes_to_follow() -> None:
    found = told(
        "F1", "D1",
        shelf_days=[*visited("F1"), *visited("D1")],
        shelf_weeks=[*listed("F1"), *listed("D1", skus=SKUS[:5])],
        shelf_changes=[*moved("F1", plan(4)), *moved("D1", plan(5))],
    )  # fmt: skip
    assert found["F1", "D1"]["changes"] == 5 * 8
    assert found["D1", "F1"]["changes"] == 8 * 8


@pytest.mark.parametrize(
    ("reason", "tables"),
    [
        ("no_snapshots", {"shelf_days": visited("F1"), "shelf_weeks": listed("F1", "D1")}),
        ("no_snapshots", {}),
        ("few_visits", {
            "shelf_days": [*visited("F1"), *visited("D1", weeks=12)],
            "shelf_weeks": listed("F1", "D1"), "shelf_changes": moved("F1", plan(6)),
        }),
        ("few_changes", {
            "shelf_days": [*visited("F1"), *visited("D1")], "shelf_weeks": listed("F1", "D1"),
            "shelf_changes": moved("F1", plan(6)[:29]),
        }),
        # A Monday's change may have been made before or after what is seen on Tuesday.
        ("few_changes", {
            "shelf_days": [*visited("F1"), *visited("D1", after=1)],
            "shelf_weeks": listed("F1", "D1"),
            "shelf_changes": [*moved("F1", plan(6)), *moved("D1", plan(6), after=1)],
        }),
    ],
)  # fmt: skip
def test_what_cannot_be_told_says_why(reason: str, tables: Any) -> None:
    row = told("F1", "D1", **tables)["F1", "D1"]
    assert (row["outcome"], row["outcome_reason"]) == (
        Outcome.NOT_IDENTIFIABLE, f"reason.{reason}"
    )  # fmt: skip
    assert all(row[name] is None for name in ("followed", "expected", "lift", "p_value"))


def test_a_group_moves_when_any_of_its_stores_does() -> None:
    changes = frame("shelf_changes", [
        *moved("D1", [("a", 3, -1)]),
        {**moved("D2", [("a", 3, -1)])[0], "seen_before": day(1)},
        *moved("F1", [("a", 4, 1)]),
    ])  # fmt: skip
    stores = (
        Store("kind:distributor", "distributor", "distributor", "pdd", members=("D1", "D2")),
        Store("kind:flagship", "flagship", "flagship", "tmall", members=("F1",)),
    )
    grain = sqlfile.find("scan/shelf_changes").grain
    joined = cubes.regroup(changes, grain=grain, stores=stores)
    # The earlier day on which an old price was seen: nothing is claimed that may not be so.
    assert joined.rows() == [
        ("kind:distributor", "a", day(3), day(1), 0, 2),
        ("kind:flagship", "a", day(4), day(3), 1, 0),
    ]


def test_days_are_counted_as_the_calendar_counts_them() -> None:
    found = pl.select(pl.lit(date(2026, 1, 5)).alias("day")).select(_price_leads._ordinal("day"))
    assert found.item() == date(2026, 1, 5).toordinal()
