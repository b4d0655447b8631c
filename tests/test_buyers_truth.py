"""Shared buyers against counts made elsewhere, and against stores that buyers pick at random."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from channelscope import pipeline, preparation
from channelscope.differentiation import outcomes
from channelscope.dimensions import _buyers, _overlap, consumers
from channelscope.results import TABLES

LARGEST, BESIDE = 10, 2
SEEDS, QUIET = 100, 88


@pytest.fixture(scope="module")
def journey(shared_data: Path) -> pl.DataFrame:
    """Orders of the twelve largest stores of the complete journey, a line each."""
    lines = pl.read_parquet(
        shared_data / "complete_journey" / "transactions.parquet",
        columns=["household_id", "store_id", "basket_id", "sales_value", "transaction_timestamp"],
    )
    sizes = lines.group_by("store_id").len().sort("len", "store_id", descending=True)
    kept = sizes["store_id"].head(LARGEST + BESIDE)
    return (
        lines.filter(pl.col("store_id").is_in(kept.to_list()), pl.col("sales_value") > 0)
        .group_by("store_id", "basket_id")
        .agg(
            pl.col("household_id").first().cast(pl.String).alias("buyer_id"),
            pl.col("transaction_timestamp").min().cast(pl.Datetime("us")).alias("ordered_at"),
            pl.col("sales_value").sum().alias("paid_amount"),
        )
        .with_columns(pl.format("S{}", "store_id").alias("store_id"))
    )


def _written(orders: pl.DataFrame, folder: Path) -> Path:
    stores = orders["store_id"].unique().sort()
    pl.DataFrame({
        "store_id": stores, "name": stores, "kind": ["flagship"] * len(stores),
        "platform": ["p"] * len(stores),
    }).write_csv(folder / "stores.csv")  # fmt: skip
    pl.DataFrame({"sku": ["x"], "title": ["x"], "category": ["c"]}).write_csv(
        folder / "products.csv"
    )
    orders.select(
        "store_id", "ordered_at", "paid_amount", "buyer_id",
        order_id=pl.col("basket_id").cast(pl.String), line_no=pl.lit(1), sku=pl.lit("x"),
        qty=pl.lit(1.0), list_price="paid_amount",
    ).write_parquet(folder / "order_lines.parquet")  # fmt: skip
    return folder


@pytest.mark.shared_data
def test_every_combination_of_ten_real_stores_equals_a_count_by_sets(
    journey: pl.DataFrame, tmp_path: Path
) -> None:
    sizes = journey.group_by("store_id").len().sort("len", "store_id", descending=True)
    ten = sorted(sizes["store_id"].head(LARGEST))
    days = journey["ordered_at"].dt.date()
    request = preparation.Request(
        _written(journey, tmp_path), first=days.min(), last=days.max(), stores=tuple(ten)
    )  # type: ignore[arg-type]
    prepared = preparation.prepare(request)
    try:
        found = consumers.compare(prepared.answers, prepared.scope)
    finally:
        prepared.close()
    buyers = {
        store: set(journey.filter(store_id=store)["buyer_id"]) for store in ten
    }  # fmt: skip
    want = {
        "+".join(stores): len(set.intersection(*(buyers[store] for store in stores)))
        for size in range(2, LARGEST + 1)
        for stores in combinations(ten, size)
    }
    got = dict(found["overlap"].select("stores", "buyers").iter_rows())
    assert len(want) == 2**LARGEST - 1 - LARGEST
    assert {name: got.get(name, 0) for name in want} == want and set(got) <= set(want)
    exactly = Counter(
        "+".join(store for store in ten if one in buyers[store])
        for one in set.union(*buyers.values())
    )
    assert dict(found["buyer_sets"].select("stores", "buyers").iter_rows()) == exactly
    # Many households are shared: the whole lattice is there, not only its first floor.
    assert max(name.count("+") for name, number in got.items() if number) >= 4


def _dealt(seed: int) -> pl.DataFrame:
    """`overlap` of three stores and the rest, of which every order picks one by its share."""
    rng = np.random.default_rng(seed)
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    counts = 1 + rng.geometric(0.5, size=20_000)
    dealt = np.zeros((len(counts), 4), dtype=np.int64)
    left, rest = counts.copy(), 1.0
    for store, share in enumerate(shares):
        dealt[:, store] = left if store == 3 else rng.binomial(left, share / rest)
        left, rest = left - dealt[:, store], rest - share
    groups = rng.integers(0, 64, size=len(counts))
    rows = pl.DataFrame({
        "buyer_group": [f"{at:02}" for at in groups], "orders": counts,
        "bought": ((dealt > 0) @ (1 << np.arange(4))).astype(np.int64),
    }).group_by("buyer_group", "bought", "orders").agg(pl.len().alias("buyers"))  # fmt: skip
    known = np.zeros((64, 4), dtype=np.int64)
    np.add.at(known, groups, dealt)
    orders = pl.DataFrame({
        "store_id": np.repeat(["A", "B", "C"], 64),
        "buyer_group": [f"{at:02}" for at in range(64)] * 3,
        "known_orders": known[:, :3].T.ravel(),
    })  # fmt: skip
    circle = _buyers.circle(
        rows, orders, name="x", stores=("A", "B", "C"), found={"A": 1, "B": 2, "C": 4},
        known=np.array([True] * 3),
    )  # fmt: skip
    told = list(_overlap._pairs(circle, dict.fromkeys("ABC", 1.0), {}))
    return outcomes.of_overlap(pl.DataFrame(told, schema=TABLES["overlap"]))


def test_buyers_who_pick_stores_at_random_share_as_chance_has_it() -> None:
    tables = [_dealt(seed) for seed in range(SEEDS)]
    quiet = sum(set(table["outcome"]) <= {"same", "unclear"} for table in tables)
    alike = sum((table["relative_p_adjusted"] > 0.05).all() for table in tables)
    assert quiet >= QUIET and alike >= QUIET
    # And they are told: most pairs are shown to be as chance has it.
    assert sum((table["outcome"] == "same").sum() for table in tables) > 2 * SEEDS


def test_equal_ids_in_two_scopes_are_never_joined(tmp_path: Path) -> None:
    """The same buyers in both: on one platform they are shared, on two they are strangers."""
    hours = pl.datetime(2026, 1, 1) + pl.duration(hours=pl.col("basket_id"))
    orders = pl.DataFrame({
        "store_id": ["A", "B"] * 60, "basket_id": range(120),
        "buyer_id": [f"b{at // 2}" for at in range(120)], "paid_amount": [9.0] * 120,
    }).with_columns(ordered_at=hours)  # fmt: skip
    found = {}
    for name, platforms in (("one", ["p", "p"]), ("two", ["p", "q"])):
        folder = tmp_path / name
        folder.mkdir()
        _written(orders, folder)
        stores = pl.read_csv(folder / "stores.csv")
        stores.with_columns(platform=pl.Series(platforms)).write_csv(folder / "stores.csv")
        prepared = preparation.prepare(preparation.Request(folder))
        try:
            found[name] = consumers.compare(prepared.answers, prepared.scope)
        finally:
            prepared.close()
    assert found["one"]["overlap"]["buyers"].to_list() == [60]
    assert found["two"]["overlap"].is_empty() and found["two"]["buyer_sets"].is_empty()


def test_without_buyer_ids_nothing_of_buyers_is_told_and_the_rest_is(tmp_path: Path) -> None:
    days = pl.datetime(2026, 1, 1) + pl.duration(hours=pl.col("basket_id") * 12)
    orders = pl.DataFrame({
        "store_id": ["A", "B", "C"] * 240, "basket_id": range(720), "paid_amount": [9.0] * 720,
        "buyer_id": [None] * 720,
    }, schema_overrides={"buyer_id": pl.String}).with_columns(ordered_at=days)  # fmt: skip
    results = pipeline.compare(preparation.Request(_written(orders, tmp_path)))
    tables = results.tables
    assert set(tables["overlap"]["outcome"]) == {"not_identifiable"}
    assert set(tables["overlap"]["outcome_reason"]) == {"reason.few_buyer_ids"}
    assert tables["exchange"].filter(pl.col("outcome") != "not_identifiable").is_empty()
    known = tables["buyer_flows"].filter(pl.col("status") != "unknown")
    assert known["buyers"].null_count() == known.height
    assert tables["metrics"].filter(metric="orders")["value"].null_count() == 0
