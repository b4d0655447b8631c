"""What is told of weeks with a promotion, and what is not."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import read_back
from tests.findings.test_rules import found_in


def lift(
    store: str,
    at: float,
    earned: float,
    *,
    outcome: str = "differs",
    earned_outcome: str = "differs",
    margin: int = 800,
    n: int = 120,
) -> Row:
    return {
        "store_id": store, "mechanism": "markdown", "lift": at, "lo": at - 0.1, "hi": at + 0.1,
        "break_even": at / earned, "n": n, "skus": 40, "p_value": 0.001, "p_adjusted": 0.002,
        "outcome": outcome, "outcome_reason": None, "earned": earned, "earned_lo": earned - 0.1,
        "earned_hi": earned + 0.1, "earned_p_adjusted": 0.01, "earned_outcome": earned_outcome,
        "earned_reason": None, "margin_amount": Decimal(margin), "elasticity": -2.0,
        "elasticity_lo": -3.0, "elasticity_hi": -1.0,
    }  # fmt: skip


def told(*rows: Row) -> dict[str, dict[str, Any]]:
    found, tables = found_in(lift=list(rows))
    read_back(Ledger(tables, scope("F1", "D1", "M1")), found)
    return {
        row["template"]: {**json.loads(row["parameters"]), "worth": row["money"],
                          "grade": row["grade"]}
        for row in found.iter_rows(named=True)
    }  # fmt: skip


def test_margin_beyond_the_usual_is_money_and_a_tenth_of_it_is_at_stake() -> None:
    (said,) = told(lift("D1", 1.8, 1.25)).values()
    assert (said["store"], said["ratio"], said["ratio_needed"]) == ("D1", 1.8, 1.44)
    assert (said["money"], said["worth"], said["grade"]) == (160, 16, "A")


def test_margin_below_the_usual_counts_in_full() -> None:
    (said,) = told(lift("F1", 1.2, 0.8, n=99)).values()
    assert (said["store"], said["ratio_needed"], said["grade"]) == ("F1", 1.5, "B")
    assert (said["money"], said["worth"]) == (200, 200)


def test_the_largest_money_is_told_on_each_side() -> None:
    rows = [
        lift("F1", 1.8, 1.25, margin=700), lift("M1", 1.6, 1.12, margin=1500),
        lift("D1", 1.2, 0.8, margin=100),
    ]  # fmt: skip
    said = told(*rows)
    assert {name: each["store"] for name, each in said.items()} == {
        "lift_earns": "M1", "lift_short": "D1",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("at", "earned", "how"),
    [
        (1.8, 1.25, {"outcome": "unclear"}),
        (1.8, 1.25, {"earned_outcome": "unclear"}),
        (1.8, 1.25, {"earned_outcome": "same"}),
        (0.7, 0.5, {}),
    ],
)
def test_what_is_not_sure_on_both_counts_is_not_told(
    at: float, earned: float, how: dict[str, Any]
) -> None:
    assert told(lift("D1", at, earned, **how)) == {}
