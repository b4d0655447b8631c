"""What is told of orders that no rule explains, and of rules that never bite."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope.registry import find
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row, Tables
from tests.findings.readers import read_back
from tests.findings.test_rules import found_in, value

METRIC = "reconciled_share"
DELTA = find(METRIC).delta
DAY = date(2026, 1, 5)


def counted(store: str, share: float, *, n: int = 500, size: str = "120.50") -> Row:
    off = round(n * (1 - share))
    return {
        "store_id": store, "mechanism": "all", "lines": n, "reconciled": n - off,
        "unreconciled": off, "amount_difference": Decimal(0), "absolute_difference": Decimal(size),
        "above": 0, "below": off, "coverage": 0.02,
    }  # fmt: skip


def example(store: str, order: str, paid: str, implied: str) -> Row:
    return {
        "store_id": store, "order_id": order, "line_no": 2, "sku": "a", "ordered_on": DAY,
        "paid_amount": Decimal(paid), "implied_amount": Decimal(implied),
        "difference": Decimal(paid) - Decimal(implied),
    }  # fmt: skip


def never(store: str, promo: str, lines: int, reason: str | None = "another_is_better") -> Row:
    return {"store_id": store, "promo_id": promo, "mechanism": "flash", "label": promo,
            "first_day": DAY, "last_day": DAY, "lines": lines, "reason": reason}  # fmt: skip


def told(*shares: tuple[str, float, float, int], idle: list[Row] | None = None) -> list[Any]:
    """Statements on stores of (id, share, half an interval, lines)."""
    found, tables = found_in(
        metrics=[value(store, METRIC, at, half=half, n=n) for store, at, half, n in shares],
        reconcile=[counted(store, at, n=n) for store, at, _, n in shares],
        unreconciled=[row for store, *_ in shares for row in (
            example(store, f"{store}-far", "10.00", "40.00"), example(store, "near", "9", "8"),
        )],
        idle_promotions=idle or [],
    )  # fmt: skip
    return said(found, tables)


def said(found: pl.DataFrame, tables: Tables) -> list[Any]:
    read_back(Ledger(tables, scope("F1", "D1", "M1")), found)
    return [
        {**json.loads(row["parameters"]), "template": row["template"], "grade": row["grade"],
         "worth": row["money"]}
        for row in found.iter_rows(named=True)
    ]  # fmt: skip


def test_the_store_furthest_off_is_told_with_its_worst_line() -> None:
    (one,) = told(("D1", 0.9, 0.02, 500), ("F1", 0.8, 0.02, 400), ("M1", 0.995, 0.002, 500))
    assert (one["template"], one["stores"], one["store"]) == ("orders_unexplained", "F1+D1", "F1")
    assert (one["share"], one["count_lines"]) == (pytest.approx(0.2), 400)
    assert (one["order"], one["line"], one["price_paid"]) == ("F1-far", "2", 10)
    # A part drawn by chance is no less sure; little of the money is at stake.
    assert (one["money"], one["worth"], one["grade"]) == (241, pytest.approx(4.82), "A")


@pytest.mark.parametrize(
    ("share", "half", "n"),
    [(1 - DELTA - 0.01, 0.0101, 500), (0.9, 0.02, 29), (1.0, 0.0, 500)],
)
def test_what_is_not_shown_to_matter_is_not_told(share: float, half: float, n: int) -> None:
    assert told(("D1", share, half, n)) == []


def test_a_store_that_is_surely_off_is_told_from_thirty_lines_on() -> None:
    assert len(told(("D1", 0.9, 0.08, 30))) == 1


def test_rules_that_never_bite_are_told_at_once() -> None:
    rows = [never("M1", "m", 45), never("D1", "b", 70, None), never("D1", "c", 45),
            never("F1", "few", 29)]  # fmt: skip
    (one,) = told(idle=rows)
    assert (one["template"], one["n"], one["stores"]) == ("rules_idle", 3, "D1+M1")
    assert (one["promo"], one["store"], one["count_lines"]) == ("b", "D1", 70)
    assert (one["reason"], one["grade"], one["worth"]) == ("idle.unknown", "B", 0)


def test_of_rules_over_as_many_lines_the_first_is_named() -> None:
    (one,) = told(idle=[never("D1", "z", 100), never("D1", "a", 100)])
    assert (one["promo"], one["reason"], one["grade"]) == ("a", "idle.another_is_better", "A")


def test_rules_over_few_lines_are_not_told() -> None:
    assert told(idle=[never("D1", "few", 29)]) == []
