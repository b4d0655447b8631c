"""Stores joined into groups: sums add up, what nobody knows stays unknown, means are weighted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import cubes, preparation, sqlfile
from channelscope.domain import GroupBy, Store
from channelscope.results import Results
from tests.dimensions.small_cubes import frame

STORES = (
    Store("kind:flagship", "flagship", "flagship", "mixed", members=("F1", "F2")),
    Store("kind:distributor", "distributor", "distributor", "pdd", members=("D1",)),
)
DAY = date(2026, 1, 5)


def joined(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    query = sqlfile.find(name)
    return cubes.regroup(frame(name, rows), grain=query.grain, stores=STORES)


def days(*rows: dict[str, Any]) -> dict[str, dict[str, Any]]:
    found = joined("store_days", [{"day": DAY, **row} for row in rows])
    return {row["store_id"]: row for row in found.iter_rows(named=True)}


def test_sums_are_added_up_within_a_group() -> None:
    found = days(
        {"store_id": "F1", "sales": Decimal("0.0001"), "orders": 1, "visitors": 3},
        {"store_id": "F2", "sales": Decimal("10.1002"), "orders": 2, "visitors": None},
        {"store_id": "D1", "sales": Decimal("64"), "orders": 64, "visitors": 64},
        {"store_id": "X9", "sales": Decimal("99"), "orders": 99, "visitors": 99},
    )
    assert set(found) == {"kind:flagship", "kind:distributor"}
    flagship = found["kind:flagship"]
    assert (flagship["sales"], flagship["orders"]) == (Decimal("10.1003"), 3)
    assert flagship["visitors"] == 3


def test_a_sum_of_nothing_known_is_not_zero() -> None:
    found = days(
        {"store_id": "F1", "refunded_amount": None},
        {"store_id": "F2"},
        {"store_id": "D1", "refunded_amount": Decimal(0)},
    )
    assert found["kind:flagship"]["refunded_amount"] is None
    assert found["kind:distributor"]["refunded_amount"] == 0


def test_mean_prices_are_weighted_by_their_observations() -> None:
    cell = {"sku": "a", "week_start": DAY, "month_start": date(2026, 1, 1)}
    row = joined(
        "shelf_weeks",
        [
            {**cell, "store_id": "F1", "observations": 4, "listed_observations": 3,
             "list_price": 10.0, "one_piece_price": None, "in_stock_share": 0.5},
            {**cell, "store_id": "F2", "observations": 1, "listed_observations": 1,
             "list_price": 20.0, "one_piece_price": 7.0, "in_stock_share": 1.0},
        ],
    ).row(0, named=True)  # fmt: skip
    assert row["list_price"] == pytest.approx(12.5)
    assert row["one_piece_price"] == 7.0
    assert row["in_stock_share"] == pytest.approx(0.6)
    assert row["activity_price"] is None
    assert (row["observations"], row["listed_observations"]) == (5, 4)


def test_first_and_last_days_are_the_extremes() -> None:
    spans = {"F1": (date(2025, 3, 1), date(2026, 1, 1)), "F2": (date(2025, 2, 1), date(2025, 9, 1))}
    rows = [
        {"store_id": store, "rows_in": 5 + at, "first_day": first, "last_day": last}
        for at, (store, (first, last)) in enumerate(spans.items())
    ]
    row = joined("line_counts", rows).row(0, named=True)
    assert (row["first_day"], row["last_day"]) == (date(2025, 2, 1), date(2026, 1, 1))
    assert row["rows_in"] == 11


def test_orders_of_stores_of_one_cell_are_added_up() -> None:
    cell = {"buyer_group": "0a", "order_slot": "b"}
    found = joined(
        "order_groups",
        [
            {**cell, "store_id": "F1", "orders": 3, "known_orders": 2, "sales": Decimal("1.0001")},
            {**cell, "store_id": "F2", "orders": 4, "known_orders": 0, "sales": Decimal("2.0002")},
            {**cell, "store_id": "F2", "order_slot": "c", "orders": 8, "known_orders": 8},
            {**cell, "store_id": "D1", "orders": 16, "known_orders": 16},
        ],
    )
    assert found.select("store_id", "order_slot", "orders", "known_orders", "sales").rows() == [
        ("kind:distributor", "b", 16, 16, None),
        ("kind:flagship", "b", 7, 2, Decimal("3.0003")),
        ("kind:flagship", "c", 8, 8, None),
    ]


EVERY = (*cubes.CUBES, *cubes.SEGMENTED)
OF_STORES = [name for name in EVERY if "store_id" in sqlfile.find(name).grain]
"""Cubes that stores have rows in; buyers are counted by sets of stores, and joined later."""


@pytest.mark.parametrize("name", OF_STORES)
def test_a_group_of_one_store_is_the_store(name: str) -> None:
    query = sqlfile.find(name)
    alone = (Store("F1", "F1", "flagship", "tmall", members=("F1",)),)
    given = {
        output.name: {"VARCHAR": "F1", "DATE": DAY, "DOUBLE": 0.5}.get(output.type, 3)
        for output in query.outputs
    }
    before = frame(name, [given])
    assert cubes.regroup(before, grain=query.grain, stores=alone).equals(before)


@pytest.mark.parametrize(
    ("orders", "below"),
    [(0, "g"), (100_000, "g"), (100_001, "800"), (200_000, "800"), (10_000_000, "020")],
)
def test_of_many_orders_a_part_is_looked_at_one_by_one(orders: int, below: str) -> None:
    assert cubes.first_bucket_left_out(orders) == below


@pytest.fixture(scope="module")
def by_kind(sample_workspace: Path) -> Iterator[preparation.Prepared]:
    prepared = preparation.prepare(preparation.Request(sample_workspace, by=GroupBy.KIND))
    yield prepared
    prepared.close()


def test_groups_of_the_sample_sum_to_its_stores(
    by_kind: preparation.Prepared, sample_results: Results
) -> None:
    query = sqlfile.find("sales/sales_by_store")
    groups = dict(by_kind.answers.run(query).iter_rows())
    known = sample_results.tables["metrics"].filter(metric="sales").drop_nulls("value")
    stores = dict(known.select("store_id", "value").iter_rows())
    assert len(stores) > len(groups) > 1
    for group in by_kind.scope.stores:
        cents = sum(round(100 * stores.get(member, 0)) for member in group.members)
        assert groups.get(group.store_id, 0) == Decimal(cents).scaleb(-2), group.store_id


def test_buyer_groups_and_slots_hold_every_order_and_cent_of_the_days(
    by_kind: preparation.Prepared,
) -> None:
    period = by_kind.scope.period
    sums = ("orders", "units", "sales", "paid_amount")
    inside = pl.col("day").is_between(period.first, period.last) & (pl.col("lines") > 0)
    days = by_kind.frames["store_days"].filter(inside)
    groups = by_kind.frames["order_groups"]
    want, got = (each.group_by("store_id").agg(pl.col(sums).sum()) for each in (days, groups))
    assert got.sort("store_id").equals(want.sort("store_id"))
    mature = days.filter(pl.col("day") <= by_kind.scope.data_end - timedelta(days=15))
    for of_groups, of_days in (
        ("mature_paid", "refund_known_paid"),
        ("mature_refunded", "refunded_amount"),
    ):
        assert groups[of_groups].sum() == mature[of_days].sum()
    assert groups["buyer_group"].n_unique() == 64
    assert set(groups["order_slot"]) == set("abcd")
    assert 0 < groups["known_orders"].sum() < groups["orders"].sum()


def test_known_cost_of_groups_covers_no_more_than_their_sales(
    by_kind: preparation.Prepared,
) -> None:
    covered = by_kind.answers.run(sqlfile.find("sales/contribution"))["coverage"].drop_nulls()
    assert len(covered) and covered.is_between(0, 1 + 1e-9).all()


def test_lines_and_promotions_of_groups_keep_the_store_itself(
    by_kind: preparation.Prepared, sample_results: Results
) -> None:
    members = {store.store_id: set(store.members) for store in by_kind.scope.stores}
    for name in ("sampled_lines", "running_promotions"):
        pairs = by_kind.frames[name].select("store_id", "member_id").unique().rows()
        assert len(pairs) > len({group for group, _ in pairs}) > 1
        assert all(member in members[group] for group, member in pairs), name
    every = sample_results.tables["reconcile"].filter(mechanism="all")
    assert by_kind.frames["sampled_lines"].height == every["lines"].sum()


def test_every_cube_of_groups_holds_group_ids_alone(by_kind: preparation.Prepared) -> None:
    ids = set(by_kind.scope.store_ids)
    assert by_kind.scope.reference_id == "kind:flagship"
    for name in (*(sqlfile.find(cube).stem for cube in OF_STORES), "traffic", "cost_amounts"):
        assert set(by_kind.frames[name]["store_id"]) <= ids, name
