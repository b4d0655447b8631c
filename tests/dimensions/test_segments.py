"""Need segments, their division among stores, and the distance of two stores in their consumers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import segment_sets
from channelscope.config import SegmentSet
from channelscope.dimensions import _buyers, _diversion, _segments, consumers
from channelscope.domain import Scope
from tests.dimensions.buyer_cubes import in_scope
from tests.dimensions.small_cubes import frame, scope, session

Row = Mapping[str, Any]
LETTERS = [f"{digit}{letter}" for digit in "0123456789abcdef" for letter in "abcd"]
CUPS, PANS = "Cups", "Pans"


def orders(store: str, group: str, count: int, **needs: str | None) -> dict[str, Any]:
    told = {"category": CUPS, "price_tier": "all", "basket_use": None, "brand_history": "first",
            "promotion": "full_price", **needs}  # fmt: skip
    return {"store_id": store, "buyer_group": group, "orders": count, **told}


def compared(
    asked: Scope,
    rows: list[Row],
    *,
    stores: list[Row] | None = None,
    own: list[Row] = (),  # type: ignore[assignment]
    declared: Mapping[str, SegmentSet] | None = None,
) -> dict[str, pl.DataFrame]:
    """What the dimension says of these orders, all of known buyers."""
    opened = session(
        asked, stores=stores or in_scope(A="x", B="x"), need_groups=rows, segment_groups=own,
        order_groups=[
            {"store_id": row["store_id"], "buyer_group": row["buyer_group"], "order_slot": "a",
             "orders": row["orders"], "known_orders": row["orders"]}
            for row in frame("need_groups", rows)
            .group_by("store_id", "buyer_group").agg(pl.col("orders").sum()).iter_rows(named=True)
        ],
    )  # fmt: skip
    opened.register("buyer_patterns", frame("buyer_patterns"))
    opened.register("segment_sets", segment_sets.table(declared or {}))
    found = consumers.compare(opened, asked)
    opened.close()
    return found


def spread(random: np.random.Generator, store: str, mix: Mapping[str, int]) -> list[Row]:
    """Orders by category in all 64 groups, a little other in each."""
    return [
        orders(store, group, int(random.poisson(count)) + 1, category=name)
        for group in LETTERS
        for name, count in mix.items()
    ]


@pytest.fixture(scope="module")
def told() -> dict[str, pl.DataFrame]:
    random = np.random.default_rng(1)
    rows = spread(random, "A", {CUPS: 9, PANS: 3}) + spread(random, "B", {CUPS: 2, PANS: 6})
    return compared(scope("A", "B"), rows)


def test_shares_are_of_the_orders_and_stand_against_all_stores(
    told: dict[str, pl.DataFrame],
) -> None:
    rows = told["segments"].filter(segment_set="category")
    at = {(row["store_id"], row["segment"]): row for row in rows.iter_rows(named=True)}
    total = {store: at[store, CUPS]["n"] for store in "AB"}
    cups = {store: at[store, CUPS]["share"] * total[store] for store in "AB"}
    every = sum(cups.values()) / sum(total.values())
    for store in "AB":
        row = at[store, CUPS]
        assert row["share"] + at[store, PANS]["share"] == pytest.approx(1)
        assert row["overall_share"] == pytest.approx(every)
        assert row["gap"] == pytest.approx(row["share"] - every)
        assert row["lo"] < row["share"] < row["hi"]
        assert row["coverage"] == 1
        assert (row["outcome"], row["is_need"]) == ("differs", True)
    assert at["A", CUPS]["gap_lo"] > 0 > at["B", CUPS]["gap_hi"]
    # A binomial share of independent orders: the groups tell how much it moves.
    share, n = at["A", CUPS]["share"], total["A"]
    half = (at["A", CUPS]["hi"] - at["A", CUPS]["lo"]) / 2
    assert half == pytest.approx(2 * np.sqrt(share * (1 - share) / n), rel=0.25)


def test_what_the_store_produces_is_no_need(told: dict[str, pl.DataFrame]) -> None:
    for name in ("segments", "diversion"):
        kinds = dict(told[name].select("segment_set", "is_need").iter_rows())
        assert kinds == {
            "category": True, "price_tier": True, "basket_use": True, "brand_history": True,
            "promotion": False,
        }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("basket_use", "reason.no_gift_goods"),
        ("price_tier", "reason.no_price_tiers"),
        ("brand_history", "reason.no_history"),
        ("promotion", "reason.one_segment"),
    ],
)
def test_sets_that_cannot_be_told_say_why(
    told: dict[str, pl.DataFrame], name: str, reason: str
) -> None:
    rows = told["segments"].filter(segment_set=name)
    assert rows["outcome_reason"].to_list() == [reason] * 2
    assert rows["segment"].to_list() == [None] * 2 == rows["share"].to_list()
    (row,) = told["diversion"].filter(segment_set=name).iter_rows(named=True)
    assert (row["index"], row["outcome"], row["outcome_reason"]) == (
        None, "not_identifiable", reason,
    )  # fmt: skip


def test_the_index_of_one_scope_stands_once(told: dict[str, pl.DataFrame]) -> None:
    (row,) = told["diversion"].filter(segment_set="category").iter_rows(named=True)
    assert (row["scope"], row["stores"], row["outcome"]) == ("x", 2, "differs")
    assert 0 < row["lo"] < row["index"] < row["hi"] < 1
    assert row["p_adjusted"] == row["p_value"] < 1e-6


def test_of_several_scopes_all_stores_are_told_together_without_joining_buyers() -> None:
    random = np.random.default_rng(2)
    rows = [row for store in "ABC" for row in spread(random, store, {CUPS: 5, PANS: 5})]
    found = compared(scope("A", "B", "C"), rows, stores=in_scope(A="x", B="x", C="y"))
    mine = found["diversion"].filter(segment_set="category")
    assert mine.select("scope", "stores").rows() == [("all", 3), ("x", 2)]
    # Who had bought before is known within a scope alone.
    assert found["diversion"].filter(segment_set="brand_history")["scope"].to_list() == ["x"]
    grouped = compared(scope("A", "B", "C"), rows, stores=in_scope(A="x", B="y", C="z"))
    assert grouped["diversion"].filter(segment_set="category")["scope"].to_list() == ["all"]


def test_less_than_half_of_the_orders_in_a_segment_tell_nothing() -> None:
    random = np.random.default_rng(3)
    rows = spread(random, "A", {CUPS: 5, PANS: 5}) + spread(random, "B", {CUPS: 5, PANS: 5})
    known = sum(row["orders"] for row in rows if row["store_id"] == "B")
    for more, told in ((known, True), (known + 1, False)):
        found = compared(scope("A", "B"), [*rows, orders("B", "0a", more, category=None)])
        row = found["segments"].filter(store_id="B", segment_set="category").row(0, named=True)
        assert (row["share"] is not None) == told
        assert row["outcome_reason"] == (None if told else "reason.few_in_segments")
        index = found["diversion"].filter(segment_set="category").row(0, named=True)
        assert (index["index"] is not None) == told
        assert index["coverage"] == pytest.approx(0.5 if told else 1)


def test_few_groups_of_buyers_bear_no_index() -> None:
    random = np.random.default_rng(4)
    rows = spread(random, "A", {CUPS: 5, PANS: 5})
    for groups, told in ((30, True), (29, False)):
        other = [row for row in spread(random, "B", {CUPS: 5, PANS: 5})
                 if row["buyer_group"] in LETTERS[:groups]]  # fmt: skip
        found = compared(scope("A", "B"), rows + other)
        (row,) = found["diversion"].filter(segment_set="category").iter_rows(named=True)
        assert (row["outcome_reason"] is None) == told
        pair = found["pairs"].row(0, named=True)
        assert (pair["outcome_reason"] is None) == told


def test_a_store_with_few_buyers_leaves_the_others_their_index() -> None:
    random = np.random.default_rng(5)
    rows = spread(random, "A", {CUPS: 9, PANS: 3}) + spread(random, "B", {CUPS: 3, PANS: 9})
    tiny = [row for row in spread(random, "C", {CUPS: 5, PANS: 5}) if row["buyer_group"] < "10"]
    found = compared(scope("A", "B", "C"), rows + tiny, stores=in_scope(A="x", B="x", C="x"))
    (row,) = found["diversion"].filter(segment_set="category").iter_rows(named=True)
    (without,) = (
        compared(scope("A", "B"), rows)["diversion"]
        .filter(segment_set="category")
        .iter_rows(named=True)
    )
    assert (row["stores"], row["outcome"]) == (2, "differs")
    assert (row["index"], row["n"]) == (without["index"], without["n"])


def test_groups_that_reach_over_scopes_are_several_scopes() -> None:
    assert _buyers.is_one_scope({"A": "x", "B": "x"})
    assert not _buyers.is_one_scope({"A": "x", "B": "y"})
    assert not _buyers.is_one_scope({"A": None, "B": None})


def test_behaviour_makes_no_need_surer() -> None:
    """Needs at p 0.03 alone; with behaviour at p 0 in their family it would be 0.03 as well."""
    rows = pl.DataFrame(
        [{"is_need": True, "p_value": 0.03, "lo": 0.02, "hi": 0.2},
         {"is_need": True, "p_value": 0.9, "lo": -0.1, "hi": 0.2},
         {"is_need": False, "p_value": 1e-9, "lo": 0.5, "hi": 0.6}]
    )  # fmt: skip
    judged = _diversion._judged(rows, 0.01)
    assert judged["p_adjusted"].to_list() == pytest.approx([0.06, 0.9, 1e-9])
    assert judged["outcome"].to_list() == ["unclear", "unclear", "differs"]


def test_consumers_are_as_far_apart_as_their_mixes_of_all_needs() -> None:
    """The same categories and the same tiers, but not together: only the joint mix tells."""
    joint = {"A": ((CUPS, "entry"), (PANS, "premium")), "B": ((CUPS, "premium"), (PANS, "entry"))}
    random = np.random.default_rng(5)
    rows = [
        orders(store, group, int(random.poisson(9)) + 1, category=category, price_tier=tier)
        for store, cells in joint.items()
        for group in LETTERS
        for category, tier in cells
    ]
    found = compared(scope("A", "B"), rows)
    (pair,) = found["pairs"].iter_rows(named=True)
    assert (pair["dimension"], pair["distance"]) == ("consumers", pytest.approx(1, abs=0.01))
    index = dict(found["diversion"].select("segment_set", "index").iter_rows())
    assert abs(index["category"]) < 0.01 > abs(index["price_tier"])


def test_behaviour_moves_no_distance_of_consumers() -> None:
    random = np.random.default_rng(6)
    rows = [
        orders(store, group, int(random.poisson(9)) + 1, category=name, promotion=how)
        for store, how in (("A", "full_price"), ("B", "discounted"))
        for group in LETTERS
        for name in (CUPS, PANS)
    ]
    found = compared(scope("A", "B"), rows)
    (pair,) = found["pairs"].iter_rows(named=True)
    assert pair["distance"] < 0.1
    (row,) = found["diversion"].filter(segment_set="promotion").iter_rows(named=True)
    assert (row["index"], row["is_need"]) == (pytest.approx(1, abs=1e-9), False)


def test_without_a_need_that_all_can_tell_there_is_no_distance() -> None:
    rows = [orders(store, group, 5) for store in "AB" for group in LETTERS]
    (pair,) = compared(scope("A", "B"), rows)["pairs"].iter_rows(named=True)
    assert (pair["distance"], pair["outcome_reason"]) == (None, "reason.no_needs")


def test_a_declared_set_stands_beside_the_built_in_ones_or_in_their_place() -> None:
    random = np.random.default_rng(7)
    rows = spread(random, "A", {CUPS: 9, PANS: 3}) + spread(random, "B", {CUPS: 2, PANS: 6})
    own = [
        {"store_id": row["store_id"], "buyer_group": row["buyer_group"], "segment_set": name,
         "segment": "drink" if row["category"] == CUPS else None, "orders": row["orders"]}
        for row in rows
        for name in ("wish", "promotion")
    ]  # fmt: skip
    declared = {"wish": SegmentSet(groups={"drink": (CUPS,)}),
                "promotion": SegmentSet(is_need=True, groups={"drink": (CUPS,)})}  # fmt: skip
    found = compared(scope("A", "B"), rows, own=own, declared=declared)
    sets = found["diversion"]["segment_set"].to_list()
    assert sets == ["category", "price_tier", "basket_use", "brand_history", "promotion", "wish"]
    mine = found["segments"].filter(store_id="A", segment_set="promotion").row(0, named=True)
    assert (mine["outcome_reason"], mine["is_need"]) == ("reason.one_segment", True)


def test_of_no_orders_nothing_is_told() -> None:
    found = compared(scope("A", "B"), [])
    assert set(found["segments"]["outcome_reason"]) == {"reason.no_sales"}
    assert set(found["diversion"]["outcome"]) == {"not_identifiable"}
    assert found["pairs"]["outcome_reason"].to_list() == ["reason.no_sales"]


def test_of_a_hundred_workspaces_without_diversion_hardly_one_is_called_divided() -> None:
    """Every buyer, one in two of whom comes back, picks a store by its size: 10, 3 and 1."""
    asked, ids = scope("A", "B", "C"), dict.fromkeys("ABC", "x")
    quiet, random = 0, np.random.default_rng(2026)
    for _ in range(100):
        counts = np.zeros((64, 3, 5))
        buyers = 1500
        group, store = random.integers(0, 64, buyers), random.choice(3, buyers, p=SIZES)
        for need in range(2):
            main = random.choice(5, buyers, p=NEEDS)
            again = random.poisson(1.5, buyers) if need else np.ones(buyers)
            np.add.at(counts, (group, store, main), again)
        orders_of = counts.sum(axis=(0, 2))
        found = _segments.SegmentOrders("category", True, tuple("abcde"), counts, orders_of, {})
        (row,) = _diversion.index_rows(asked, [found], ids=ids).iter_rows(named=True)
        quiet += row["outcome"] in ("same", "unclear")
    assert quiet >= 88


SIZES = np.array([10, 3, 1]) / 14
NEEDS = np.array([0.4, 0.25, 0.2, 0.1, 0.05])
