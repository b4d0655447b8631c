"""What is told of two stores between which buyers go."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from channelscope.registry import find
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import read_back
from tests.findings.test_rules import found_in

DELTA = find("exchange").delta


def pair(a: str, b: str, *, lift: float = 1.4, orders: int = 140, **given: Any) -> Row:
    return {
        "scope": "x", "store_a": a, "store_b": b, "orders": orders, "switches": 400,
        "expected": orders / lift, "lift": lift, "lo": lift - 0.02, "hi": lift + 0.02,
        "lift_free": 1.3, "p_value": 0.001, "p_adjusted": 0.002, "coverage": 0.9,
        "sales": Decimal(orders * 10), "outcome": "differs", "outcome_reason": None, **given,
    }  # fmt: skip


def told(*rows: Row) -> list[dict[str, Any]]:
    found, tables = found_in(exchange=list(rows))
    read_back(Ledger(tables, scope("F1", "D1", "M1")), found)
    return [
        {**json.loads(row["parameters"]), "grade": row["grade"], "worth": row["money"]}
        for row in found.iter_rows(named=True)
        if row["template"] == "buyer_exchange"
    ]


def test_the_pair_with_most_orders_beyond_chance_is_told() -> None:
    (said,) = told(pair("D1", "F1", lift=1.2, orders=600), pair("D1", "M1"))
    assert (said["store_a"], said["store_b"], said["count_orders"]) == ("D1", "F1", 600)
    assert (said["money"], said["worth"], said["grade"]) == (6000, 120, "A")


@pytest.mark.parametrize(
    "given",
    [
        {"outcome": "unclear", "outcome_reason": "reason.unequal_loyalty"},
        {"outcome": "same"},
        {"lift": 1 + DELTA - 0.001, "lo": 1.04},
        {"lift": 1.4, "lift_free": 1 + DELTA - 0.001},
        {"lift": 0.6},
        {"orders": 29},
    ],
)
def test_what_is_not_shown_to_matter_is_not_told(given: dict[str, Any]) -> None:
    assert told(pair("D1", "F1", **given)) == []


def test_of_three_stores_a_claim_is_of_the_least_grade() -> None:
    assert told(pair("D1", "F1", lift_free=None))[0]["grade"] == "C"
    assert told(pair("D1", "F1", lift_free=None, coverage=0.4))[0]["grade"] == "C"
