"""Buyers of groups of stores, and those who come back, worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from math import exp, log, sqrt
from typing import Any

import pytest

from channelscope.domain import Scope, Store
from tests.dimensions.buyer_cubes import (
    ALL_BEFORE,
    RETURNING,
    Row,
    chance,
    compared,
    in_scope,
    pair,
    pattern,
    slot,
)
from tests.dimensions.small_cubes import scope


def grouped(**groups: str) -> Scope:
    """Groups of stores that are named by one letter each."""
    stores = tuple(Store(name, name, "mixed", "mixed", members=tuple(m)) for name, m in
                   groups.items())  # fmt: skip
    return replace(scope("A", "B"), stores=stores, reference_id=next(iter(groups)),
                   data_first=ALL_BEFORE)  # fmt: skip


def test_a_buyer_of_two_members_is_one_buyer_of_the_group() -> None:
    patterns = [
        pattern("0a", "A+B", 2, 7), pattern("0b", "A+B+C", 3, 5), pattern("0c", "B+C", 2, 3),
        pattern("0c", "C", 1, 2),
    ]  # fmt: skip
    orders = [slot("k:ab", "0a", 14, 14), slot("k:ab", "0b", 10, 10), slot("k:ab", "0c", 3, 3),
              slot("k:c", "0b", 5, 5), slot("k:c", "0c", 5, 5)]  # fmt: skip
    asked = grouped(**{"k:ab": "AB", "k:c": "C"})
    stores = in_scope(A="x", B="x", C="x")
    found = compared(asked, patterns=patterns, orders=orders, stores=stores)
    row = pair(found)
    assert (row["stores"], row["buyers"]) == ("k:ab+k:c", 8)
    assert row["share"] == pytest.approx(8 / 10)
    every = [("0a", "", 2, 7), ("0b", "", 3, 5), ("0c", "", 2, 3), ("0c", "", 1, 2)]
    assert row["expected"] == pytest.approx(chance(every, 27, 10))
    assert dict(found["metrics"].filter(metric=RETURNING).select("store_id", "n").iter_rows()) == {
        "k:ab": 15,
        "k:c": 10,
    }


def test_a_group_of_two_scopes_has_no_pair_and_counts_buyers_in_each() -> None:
    patterns = [pattern("0a", "A", 2, 7, before="A"),
                pattern("0a", "B", 2, 4, scope="y"), pattern("0a", "C", 2, 3)]  # fmt: skip
    found = compared(
        grouped(**{"k:ab": "AB", "k:c": "C"}), patterns=patterns,
        orders=[slot("k:ab", "0a", 22, 22), slot("k:c", "0a", 6, 6)],
        stores=in_scope(A="x", B="y", C="x"),
    )  # fmt: skip
    assert found["overlap"].is_empty()
    row = found["metrics"].filter(store_id="k:ab", metric=RETURNING).row(0, named=True)
    assert (row["n"], row["value"]) == (11, pytest.approx(7 / 11))


def returning(asked: Scope, **tables: Any) -> dict[str, Row]:
    patterns = [
        pattern("0a", "A", 1, 10), pattern("0a", "A", 1, 5, before="A"),
        pattern("0b", "A+B", 2, 4, before="B+C"), pattern("0b", "A", 3, 3),
        pattern("0c", "A+B", 3, 2, before="A+B"),
        pattern("0c", "C", 1, 9, before="A"), pattern("0c", "A", 3, 3, before="C"),
    ]  # fmt: skip
    found = compared(asked, patterns=patterns, **tables)
    return {row["store_id"]: row for row in found["metrics"].filter(metric=RETURNING).to_dicts()}


def test_a_buyer_returns_to_the_store_of_the_year_before() -> None:
    found = returning(replace(scope("A", "B"), data_first=ALL_BEFORE))
    assert (found["A"]["value"], found["A"]["n"]) == (pytest.approx(7 / 27), 27)
    assert (found["B"]["value"], found["B"]["n"]) == (pytest.approx(6 / 6), 6)
    assert found["A"]["coverage"] == pytest.approx(31 / 40)
    odds = [log(part / (whole - part)) for part, whole in ((2, 12), (7, 20), (5, 22))]
    error = sqrt(2 / 3 * sum((value - sum(odds) / 3) ** 2 for value in odds))
    low = log(7 / 20) - 4.302652729911275 * error
    assert found["A"]["lo"] == pytest.approx(1 / (1 + exp(-low)))


@pytest.mark.parametrize("first", [None, ALL_BEFORE + timedelta(days=1)])
def test_without_a_year_of_history_nobody_is_known_to_return(first: date | None) -> None:
    found = returning(replace(scope("A", "B"), data_first=first))
    for row in found.values():
        assert row["outcome_reason"] == "reason.no_history"
        assert row["value"] is row["lo"] is row["n"] is None


@pytest.mark.parametrize(("known", "told"), [(14, True), (13, False)])
def test_ids_kept_for_other_orders_than_the_year_before_tell_nothing(
    known: int, told: bool
) -> None:
    # In the period the buyers of 31 of A's 40 orders are known: 78%.
    before = [{"store_id": "A", "day": ALL_BEFORE, "orders": 20, "known_orders": known}]
    asked = replace(scope("A", "B"), data_first=ALL_BEFORE)
    row = returning(asked, store_days=before)["A"]
    assert (row["value"] is not None) == told
    assert told or row["outcome_reason"] == "reason.coverage_moved"
