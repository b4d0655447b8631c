"""Loyalty and exchange on cubes of a few rows, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from math import exp, log, sqrt
from typing import Any

import polars as pl
import pytest

from channelscope.differentiation import outcomes
from channelscope.dimensions import _switching
from channelscope.domain import Scope, Store
from tests.dimensions.small_cubes import MONDAY, frame, scope, session, traded

Row = dict[str, Any]
GROUPS = ("0a", "0b", "0c")
FLOWS = {
    ("A", "A"): (20, 24, 30), ("A", "B"): (8, 11, 9), ("A", "C"): (9, 6, 7),
    ("B", "A"): (10, 9, 13), ("B", "B"): (12, 14, 10), ("B", "C"): (5, 4, 8),
    ("C", "A"): (6, 9, 7), ("C", "B"): (6, 3, 4), ("C", "C"): (4, 7, 5),
    ("", "A"): (30, 25, 20), ("", "B"): (10, 12, 15), ("", "C"): (25, 26, 30),
}  # fmt: skip
"""Orders by store of the order before and of the order, in each group of buyers; one cell."""


def cube(**more: Any) -> list[Row]:
    return [
        {"scope": "x", "buyer_group": group, "week_start": MONDAY, "category": "a",
         "from_store": ends[0], "to_store": ends[1], "orders": counts[at],
         "sales": Decimal(counts[at] * 10), **more}
        for ends, counts in FLOWS.items() for at, group in enumerate(GROUPS)
    ]  # fmt: skip


def compared(
    asked: Scope,
    rows: list[Row],
    *,
    scopes: dict[str, str] | None = None,
    coverage: dict[str, float] | None = None,
    unknown: dict[str, str] | None = None,
    days: list[Row] | None = None,
) -> dict[str, pl.DataFrame]:
    every = [member for store in asked.stores for member in store.members]
    names = dict.fromkeys(every, "x") | (scopes or {})
    opened = session(
        asked, stores=[{"store_id": store, "platform": name} for store, name in names.items()],
        store_days=days or [],
    )  # fmt: skip
    opened.register("order_switches", frame("order_switches", rows))
    known = dict.fromkeys(asked.store_ids, 0.9) | (coverage or {})
    found = _switching.compare(opened, asked, coverage=known, unknown=unknown or {})
    opened.close()
    return found


def row(found: pl.DataFrame, one: str, other: str) -> Row:
    first, second = found.columns[1:3]
    return found.row(by_predicate=(pl.col(first) == one) & (pl.col(second) == other), named=True)


def total(one: str, other: str, without: int | None = None) -> int:
    return sum(n for at, n in enumerate(FLOWS[one, other]) if at != without)


def to(store: str, without: int | None = None) -> int:
    return sum(total(one, store, without) for one in ("A", "B", "C", ""))


def elsewhere(one: str, other: str, without: int | None = None) -> float:
    left = sum(total(one, end, without) for end in "ABC" if end != one)
    rest = sum(to(end, without) for end in "ABC" if end != one)
    return left * to(other, without) / rest


def test_loyalty_stands_against_dealing_and_exchange_against_who_leaves() -> None:
    found = compared(scope("A", "B", "C"), cube())["switching"]
    stays, goes = row(found, "A", "A"), row(found, "A", "B")
    every = sum(to(store) for store in "ABC")
    base = sum(total("A", end) for end in "ABC")
    assert (stays["orders"], stays["switches"]) == (74, base)
    assert stays["expected_loyalty"] == pytest.approx(base * to("A") / every)
    assert stays["lift"] == pytest.approx(74 / stays["expected_loyalty"])
    assert stays["expected_exchange"] is None
    assert (goes["orders"], goes["switches"]) == (28, 28 + 22)
    assert goes["expected_exchange"] == pytest.approx(elsewhere("A", "B"))
    assert goes["expected_loyalty"] == pytest.approx(base * to("B") / every)
    assert goes["lift"] == pytest.approx(28 / elsewhere("A", "B"))
    assert goes["share"] == pytest.approx(28 / 50)
    assert goes["chance"] == pytest.approx(elsewhere("A", "B") / 50)
    assert found.height == 9 and found["outcome_reason"].null_count() == 9


def test_both_directions_of_a_pair_are_one_and_leave_out_groups_of_buyers() -> None:
    found = row(compared(scope("B", "A", "C"), cube())["exchange"], "A", "B")
    lifts = [
        log((total("A", "B", at) + total("B", "A", at))
            / (elsewhere("A", "B", at) + elsewhere("B", "A", at)))
        for at in range(3)
    ]  # fmt: skip
    middle = log((28 + 32) / (elsewhere("A", "B") + elsewhere("B", "A")))
    error = sqrt(2 / 3 * sum((value - sum(lifts) / 3) ** 2 for value in lifts))
    half = 4.302652729911275 * error
    assert (found["orders"], found["switches"], found["sales"]) == (60, 50 + 49, Decimal(600))
    assert found["lift"] == pytest.approx(exp(middle))
    assert (found["lo"], found["hi"]) == pytest.approx((exp(middle - half), exp(middle + half)))
    t = abs(middle / error)
    assert found["p_value"] == pytest.approx(1 - t / sqrt(2 + t * t))
    assert found["lift_free"] is None


def test_orders_are_dealt_within_their_week_and_category() -> None:
    """Two cells of which one has no store C: nobody could go there."""
    later = [
        {**each, "week_start": MONDAY + timedelta(days=7)}
        for each in cube() if "C" not in (each["from_store"], each["to_store"])
    ]  # fmt: skip
    found = row(compared(scope("A", "B", "C"), cube() + later)["switching"], "A", "B")
    assert found["expected_exchange"] == pytest.approx(elsewhere("A", "B") + 28)


def test_a_store_that_is_not_compared_is_one_to_go_to() -> None:
    found = compared(scope("A", "B"), cube())
    assert found["switching"].height == 4 and found["exchange"].height == 1
    all_compared = compared(scope("A", "B", "C"), cube())
    assert row(found["exchange"], "A", "B") == row(all_compared["exchange"], "A", "B")


def test_within_a_group_a_change_of_members_is_staying() -> None:
    asked = scope("D", "A")
    group = Store("k:f", "f", "flagship", "tmall", members=("A", "B"))
    other = Store("k:d", "d", "distributor", "tmall", members=("C", "D"))
    asked = replace(asked, stores=(group, other), reference_id="k:f")
    found = compared(asked, cube())["switching"]
    stays = row(found, "k:f", "k:f")
    assert stays["orders"] == sum(total(a, b) for a in "AB" for b in "AB")
    assert row(found, "k:f", "k:d")["orders"] == total("A", "C") + total("B", "C")
    assert row(found, "k:f", "k:d")["outcome_reason"] == "reason.two_stores"


def test_equal_ids_in_two_scopes_are_never_joined() -> None:
    rows = [*cube(), *cube(scope="y")]
    found = compared(scope("A", "B", "C", "Y"), rows, scopes={"Y": "y"})
    assert row(found["exchange"], "A", "B")["orders"] == 60
    assert set(found["exchange"]["scope"]) == {"x"}
    mine = dict(found["metrics"].select("store_id", "outcome_reason").iter_rows())
    assert mine == {"A": None, "B": None, "C": None, "Y": "reason.no_next_orders"}


def test_of_two_stores_loyalty_is_told_and_exchange_is_not() -> None:
    two = [each for each in cube() if "C" not in (each["from_store"], each["to_store"])]
    found = compared(scope("A", "B"), two)
    goes = row(found["switching"], "A", "B")
    assert (goes["orders"], goes["lift"], goes["p_value"]) == (28, None, None)
    assert goes["outcome_reason"] == "reason.two_stores"
    assert row(found["exchange"], "A", "B")["outcome_reason"] == "reason.two_stores"
    assert row(found["switching"], "A", "A")["outcome_reason"] is None
    kept = found["metrics"].row(0, named=True)
    assert kept["value"] == pytest.approx(row(found["switching"], "A", "A")["lift"])
    assert (kept["metric"], kept["n"], kept["coverage"]) == ("loyalty", 74 + 28, 0.9)


@pytest.mark.parametrize(("known", "told"), [(80, True), (79, False)])
def test_ids_kept_for_another_part_of_the_orders_than_before_tell_nothing(
    known: int, told: bool
) -> None:
    """90% in the period: 80 of 100 of the 180 days before it are no more than 10 points off."""
    before = [
        {**traded("B", day, sales="1", orders=orders), "known_orders": count}
        for day, orders, count in ((-1, 60, known), (-180, 40, 0), (-181, 999, 0), (0, 999, 0))
    ]  # fmt: skip
    found = compared(scope("A", "B", "C"), cube(), coverage={"B": 0.9}, days=before)
    pair, other = row(found["exchange"], "A", "B"), row(found["exchange"], "A", "C")
    assert (pair["lift"] is None, pair["orders"] is None) == (not told, not told)
    assert pair["outcome_reason"] == (None if told else "reason.coverage_moved_recently")
    assert other["lift"] is not None
    kept = dict(found["metrics"].select("store_id", "outcome_reason").iter_rows())
    assert kept["B"] == (None if told else "reason.coverage_moved_recently")


def test_too_few_known_buyers_tell_nothing_whatever_else() -> None:
    reasons = {"B": "reason.few_buyer_ids"}
    found = compared(scope("A", "B", "C"), cube(), coverage={"B": 0.4}, unknown=reasons)
    blank = [r for r in found["switching"].iter_rows(named=True) if r["orders"] is None]
    assert {(r["from_store"], r["to_store"]) for r in blank} == {
        ("A", "B"), ("B", "A"), ("B", "B"), ("B", "C"), ("C", "B")
    }  # fmt: skip
    assert all(r["outcome_reason"] == "reason.few_buyer_ids" for r in blank)
    assert all(r["coverage"] == 0.4 for r in blank)


def test_few_switches_and_none_say_so() -> None:
    fewer = [{**each, "orders": 1} for each in cube()]
    found = compared(scope("A", "B", "C"), fewer)
    assert set(found["exchange"]["outcome_reason"]) == {"reason.few_switches"}
    assert found["exchange"].select("lo", "hi", "p_value").null_count().row(0) == (3, 3, 3)
    first = [each for each in cube() if not each["from_store"]]
    found = compared(scope("A", "B", "C"), first)
    assert set(found["switching"]["outcome_reason"]) == {"reason.no_next_orders"}


RATES = {"A": 3, "B": 3, "C": 1, "D": 1}
"""Half-loyal stores A and B lose and draw three times as many as C and D, whose buyers stay."""


def unequal(tied: int) -> list[Row]:
    """`tied`: how many times more buyers go between A and B than their rates say."""
    noise = iter([1, -2, 0, -1, 2, 0, -2, 1, -1, 0, 1, -2, 2, -1, 2] * 20)
    ends = [(a, b) for a in RATES for b in RATES]
    rows = cube()[:1] * len(ends) * 12
    return [
        {**each, "buyer_group": f"{at // len(ends):x}a", "from_store": a, "to_store": b,
         "orders": next(noise) + (
             10 * RATES[a] * RATES[b] * (tied if {a, b} == {"A", "B"} else 1)
             if a != b else 500 // RATES[a])}
        for at, each in enumerate(rows) for a, b in [ends[at % len(ends)]]
    ]  # fmt: skip


def test_stores_that_keep_their_buyers_unequally_well_are_not_tied() -> None:
    asked = scope("A", "B", "C", "D")
    found = compared(asked, unequal(1))
    pair = row(outcomes.of_exchange(found["exchange"], asked), "A", "B")
    assert pair["lo"] > 1.2 and pair["lift_free"] == pytest.approx(1, abs=0.05)
    assert (pair["outcome"], pair["outcome_reason"]) == ("unclear", "reason.unequal_loyalty")
    way = row(outcomes.of_switching(found["switching"], asked), "B", "A")
    assert (way["outcome"], way["outcome_reason"]) == ("unclear", "reason.unequal_loyalty")


def test_what_goes_beyond_unequal_rates_as_well_is_exchange() -> None:
    asked = scope("A", "B", "C", "D")
    judged = outcomes.of_exchange(compared(asked, unequal(3))["exchange"], asked)
    pair, other = row(judged, "A", "B"), row(judged, "C", "D")
    assert (pair["outcome"], pair["outcome_reason"]) == ("differs", None)
    assert pair["lift"] > 1.2 and pair["lift_free"] > 2
    # Of four stores the two that are left look tied too, by the rates alone: nothing is claimed.
    assert other["lift_free"] > 2 and other["lift"] < 1
    assert (other["p_value"], other["outcome"]) == (1, "unclear")


@pytest.mark.parametrize(
    ("lift", "half", "p", "outcome"),
    [
        (1.0, 0.049, 0.9, "same"), (1.04, 0.02, 0.0001, "unclear"), (1.04, 0.009, 0.0001, "same"),
        (1.2, 0.1, 0.001, "differs"), (1.2, 0.1, 0.2, "unclear"), (0.8, 0.1, 0.001, "differs"),
        (None, None, None, "not_identifiable"),
    ],
)  # fmt: skip
def test_outcomes_are_about_one(
    lift: float | None, half: float | None, p: float | None, outcome: str
) -> None:
    ends = (None, None) if lift is None or half is None else (lift - half, lift + half)
    first = {"scope": "x", "store_a": "A", "store_b": "B", "lift": lift, "lo": ends[0],
             "hi": ends[1], "p_value": p, "outcome_reason": "reason.unequal_loyalty"}  # fmt: skip
    found = pl.DataFrame([first], schema=compared(scope("A", "B", "C"), [])["exchange"].schema)
    judged = outcomes.of_exchange(found, scope("A", "B")).row(0, named=True)
    expected = "differs" if outcome == "unclear" and p == 0.0001 else outcome
    assert judged["outcome"] == expected
    assert (judged["outcome_reason"] is None) == (expected in ("same", "differs"))


def test_the_pairs_of_all_scopes_are_one_family_and_stays_another() -> None:
    asked = scope("A", "B", "C")
    found = compared(asked, cube())
    way = outcomes.of_switching(found["switching"], asked)
    stays = way.filter(pl.col("from_store") == pl.col("to_store"))
    goes = way.filter(pl.col("from_store") != pl.col("to_store"))
    for family in (stays, goes, outcomes.of_exchange(found["exchange"], asked)):
        assert family["p_adjusted"].max() == pytest.approx(family["p_value"].max(), rel=1e-8)
        smallest = family["p_value"].min()
        assert family["p_adjusted"].min() <= smallest * family.height * (1 + 1e-8)
