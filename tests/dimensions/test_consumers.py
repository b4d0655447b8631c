"""Shared and returning buyers, worked out by hand; every value is one that no other formula gives.

The cubes of most tests: scope x, stores A and B compared, store C in the scope and not compared.
"""

from __future__ import annotations

from dataclasses import replace
from math import exp, log, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.dimensions import _overlap, consumers
from channelscope.results import Results
from channelscope.stats.intervals import wilson
from tests.dimensions.buyer_cubes import (
    ALL_BEFORE,
    BUYERS,
    ORDERS,
    RETURNING,
    chance,
    compared,
    in_scope,
    pair,
    pattern,
    slot,
)
from tests.dimensions.small_cubes import scope, seen


@pytest.fixture(autouse=True)
def a_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is worked out by hand is small: one shared buyer by chance bears an interval here."""
    monkeypatch.setattr(_overlap, "FEWEST_EXPECTED", 1)


def test_shared_buyers_stand_against_those_of_chance() -> None:
    row = pair(compared(scope("A", "B")))
    assert (row["scope"], row["stores"], row["outcome_reason"]) == ("x", "A+B", None)
    assert row["buyers"] == 6
    assert row["expected"] == pytest.approx(chance(list(BUYERS), 31, 17))
    assert row["lift"] == pytest.approx(6 / chance(list(BUYERS), 31, 17))
    assert row["coverage"] == pytest.approx(17 / 30)
    assert row["share"] == pytest.approx(6 / 13)


def test_intervals_leave_out_one_group_of_buyers_after_the_other() -> None:
    row = pair(compared(scope("A", "B")))
    without = {"0a": (3, 18, 14, 10), "0b": (4, 19, 10, 6), "0c": (5, 25, 10, 10)}
    lifts, odds = [], []
    for group, (shared, a, b, smaller) in without.items():
        rest = [buyers for buyers in BUYERS if buyers[0] != group]
        lifts.append(log(shared / chance(rest, a, b)))
        odds.append(log(shared / (smaller - shared)))
    for values, middle, ends, back in (
        (lifts, log(row["lift"]), ("lo", "hi"), exp),
        (odds, log(6 / 7), ("share_lo", "share_hi"), lambda x: 1 / (1 + exp(-x))),
    ):
        error = sqrt(2 / 3 * sum((value - sum(values) / 3) ** 2 for value in values))
        half = 4.302652729911275 * error
        assert row[ends[0]] == pytest.approx(back(middle - half))
        assert row[ends[1]] == pytest.approx(back(middle + half))
        if ends[0] == "lo":
            # Student's t with two degrees of freedom has this tail.
            t = abs(middle / error)
            assert row["p_value"] == pytest.approx(1 - t / sqrt(2 + t * t))


def test_ids_of_two_scopes_are_never_paired() -> None:
    stores = in_scope(A="x", B="y", D="x")
    patterns = [pattern(g, bought.replace("B", "C"), *rest) for g, bought, *rest in BUYERS]
    patterns.append(pattern("0a", "B", 9, 99, scope="y"))
    found = compared(scope("A", "B", "D"), stores=stores, patterns=patterns)
    assert found["overlap"].select("scope", "stores", "outcome_reason").rows() == [
        ("x", "A+D", "reason.no_sales")
    ]


def test_a_given_scope_goes_before_the_platform() -> None:
    stores = [
        {"store_id": "A", "platform": "p", "buyer_id_scope": "x"},
        {"store_id": "B", "platform": "x"},
    ]
    assert pair(compared(scope("A", "B"), stores=stores))["buyers"] == 6


@pytest.mark.parametrize(("known", "told"), [(20, True), (19, False)])
def test_half_of_the_orders_must_name_their_buyer(known: int, told: bool) -> None:
    orders = [slot("A", "0a", 40, known), *(slot(*row) for row in ORDERS[3:])]
    found = compared(replace(scope("B", "A"), data_first=ALL_BEFORE), orders=orders)
    row = pair(found)
    assert row["stores"] == "A+B" and row["coverage"] == pytest.approx(known / 40)
    assert (row["buyers"] is None) is (row["share"] is None) is (row["lift"] is None) is not told
    assert row["outcome_reason"] == (None if told else "reason.few_buyer_ids")
    back = found["metrics"].filter(store_id="A", metric=RETURNING).row(0, named=True)
    assert (back["value"] is None, back["coverage"]) == (not told, known / 40)


def test_boughtwithout_orders_say_why() -> None:
    asked = replace(scope("A", "B", "X"), data_first=ALL_BEFORE)
    shelf = [seen("X", "a", list_price=9, activity=9, one_piece=9)]
    stores = in_scope(A="x", B="x", X="x")
    found = compared(asked, shelf=shelf, stores=stores, orders=[slot(*row) for row in ORDERS[:3]])
    reasons = dict(found["overlap"].select("stores", "outcome_reason").iter_rows())
    assert reasons == {
        "A+B": "reason.no_sales", "A+X": "reason.snapshots_only", "B+X": "reason.no_sales"
    }  # fmt: skip
    assert found["overlap"].select("buyers", "coverage", "lift").null_count().row(0) == (3, 3, 3)
    metrics = dict(
        found["metrics"].filter(metric=RETURNING).select("store_id", "outcome_reason").iter_rows()
    )
    assert metrics == {"A": None, "B": "reason.no_sales", "X": "reason.snapshots_only"}


def test_no_shared_buyer_has_no_interval_of_the_lift() -> None:
    patterns = [pattern(group, store, 2, 10) for group in ("0a", "0b", "0c") for store in "AB"]
    row = pair(compared(scope("A", "B"), patterns=patterns))
    assert (row["buyers"], row["lift"], row["share"]) == (0, 0, 0)
    assert (row["lo"], row["p_value"]) == (None, None)
    assert row["share_lo"] == 0 and row["share_hi"] == pytest.approx(float(wilson(0, 30).hi))
    assert row["outcome_reason"] == "reason.no_shared_buyers"


def test_buyers_of_one_order_each_cannot_be_shared_by_chance() -> None:
    patterns = [pattern(group, store, 1, 10) for group in ("0a", "0b", "0c") for store in "AB"]
    row = pair(compared(scope("A", "B"), patterns=patterns))
    assert (row["expected"], row["lift"]) == (0, None)
    assert row["outcome_reason"] == "reason.no_repeat_buyers"


def test_fewer_than_ten_shared_buyers_by_chance_bear_no_interval(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    by_chance = chance(list(BUYERS), 31, 17)
    for fewest, reason in ((by_chance - 1e-9, None), (by_chance + 1e-9, "reason.few_by_chance")):
        monkeypatch.setattr(_overlap, "FEWEST_EXPECTED", fewest)
        row = pair(compared(scope("A", "B")))
        assert row["outcome_reason"] == reason
        assert (row["lo"] is None) is (row["p_value"] is None) is (reason is not None)
        assert row["lift"] is not None
    monkeypatch.undo()
    assert _overlap.FEWEST_EXPECTED == 10


def test_two_groups_of_buyers_make_no_interval() -> None:
    patterns = [pattern(*row) for row in BUYERS[:6]]
    row = pair(compared(scope("A", "B"), patterns=patterns))
    assert row["lift"] is not None and row["lo"] is None and row["p_value"] is None
    assert row["outcome_reason"] == "reason.too_few_blocks"


def test_groups_that_are_all_alike_show_no_spread() -> None:
    patterns = [
        pattern(group, stores, 2, 4) for group in ("0a", "0b", "0c") for stores in ("A", "A+B")
    ]
    orders = [slot(store, g, 8, 8) for g in ("0a", "0b", "0c") for store in "AB"]
    row = pair(compared(scope("A", "B"), patterns=patterns, orders=orders))
    assert row["lift"] is not None and (row["lo"], row["p_value"]) == (None, None)


def test_names_with_signs_in_them_are_their_own() -> None:
    patterns = [pattern(*row) for row in BUYERS]
    for row in patterns:
        row["stores"] = row["stores"].replace("B", "%-")
    orders = [slot(store.replace("B", "%-"), *rest) for store, *rest in ORDERS]
    found = compared(
        scope("A", "%-"), patterns=patterns, orders=orders, stores=in_scope(A="x", **{"%-": "x"})
    )
    assert pair(found)["buyers"] == 6


def test_without_order_lines_the_section_is_off() -> None:
    assert consumers.off(scope("A", present=("price_snapshots",))) == "off.no_order_lines"
    assert consumers.off(scope("A")) is None


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), tilt=st.floats(0.2, 0.8))
def test_buyers_dealt_at_random_are_shared_as_chance_has_it(seed: int, tilt: float) -> None:
    rng = np.random.default_rng(seed)
    shares = np.array([tilt * 0.7, (1 - tilt) * 0.7, 0.3])
    counts = rng.integers(1, 6, size=6000)
    dealt = np.array([rng.multinomial(n, shares) for n in counts])
    groups = np.array([f"{at:02x}" for at in range(64)])[rng.integers(0, 64, size=6000)]
    table = pl.DataFrame({
        "buyer_group": groups, "orders": counts,
        "stores": ["+".join(s for s, n in zip("ABC", row, strict=True) if n) for row in dealt],
        "A": dealt[:, 0], "B": dealt[:, 1],
    })  # fmt: skip
    patterns = [
        pattern(*row) for row in table.group_by("buyer_group", "stores", "orders").len().iter_rows()
    ]
    orders = [
        slot(store, group, number, number)
        for store in "AB"
        for group, number in table.group_by("buyer_group").agg(pl.col(store).sum()).iter_rows()
    ]
    row = pair(compared(scope("A", "B"), patterns=patterns, orders=orders))
    assert abs(log(row["lift"])) < 0.2
    error = (log(row["hi"]) - log(row["lo"])) / 4
    assert abs(log(row["lift"])) < 5.5 * error


def test_the_sample_pairs_boughtof_one_platform(sample_results: Results) -> None:
    overlap = sample_results.tables["overlap"]
    assert overlap.select("scope", "stores").rows() == [
        ("jd", "F2+M1"), ("pdd", "D2+M2"), ("pdd", "D3+M2"), ("pdd", "D2+D3"),
        ("pdd", "D2+D3+M2"), ("tmall", "F1+S1"), ("tmall", "D1+F1"), ("tmall", "D1+S1"),
        ("tmall", "D1+F1+S1"),
    ]  # fmt: skip
    assert overlap["outcome_reason"].null_count() == overlap.height
    assert overlap.filter(scope="pdd")["coverage"].is_between(0.5, 0.6).all()
    assert (overlap["p_value"] > 0).all()
    outside = (overlap["lo"] > 1) | (overlap["hi"] < 1)
    assert outside.equals(overlap["p_value"] < 0.05)
    returned = {r["store_id"]: r for r in sample_results.tables["metrics"].filter(
        metric="returning_buyer_share").to_dicts()}  # fmt: skip
    # Of three stores most buyers are masked from January on: who comes back cannot be told.
    unknown = {store: row["outcome_reason"] for store, row in returned.items() if not row["value"]}
    moved = dict.fromkeys(("D2", "D3", "M2"), "reason.coverage_moved")
    assert unknown == {"X1": "reason.snapshots_only", **moved}
