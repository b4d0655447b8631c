"""Who is said to stand below suggested prices, on a few rows each."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.findings.ledger import Row
from tests.findings.test_rules import told, value

LEAST = 0.05


def gaps(store: str, cause: str | None, funder: str | None, *, days: int, own: int,
         worth: float | None = None) -> Row:  # fmt: skip
    return {
        "sku": "a", "period_start": date(2026, 1, 1), "store_id": store, "rung": "one_piece",
        "cause_mechanism": cause, "funder": funder, "days": 31, "days_gap": days,
        "days_below": days, "days_own": own, "shortfall_amount": worth,
    }  # fmt: skip


def shares(store: str, metric: str, at: float, *, half: float = 0.01, n: int = 40) -> list[Row]:
    return [
        value(store, metric, at, half=half, n=n),
        value(store, "below_suggested_depth", 0.0375, half=0.001, n=n),
    ]


def test_the_worst_store_is_named_and_the_worth_is_that_of_all() -> None:
    rows = [
        gaps("D1", "markdown", "merchant", days=9, own=9, worth=70.0),
        gaps("D1", "subsidy", "platform", days=20, own=2, worth=5.0),
        gaps("D1", "list_price", "merchant", days=7, own=7, worth=1.5),
        gaps("M1", "flash", "merchant", days=30, own=30, worth=20.0),
        gaps("F1", "flash", "merchant", days=30, own=30, worth=500.0),
    ]
    said = told(
        metrics=[*shares("D1", "own_breach_share", 0.6), *shares("M1", "own_breach_share", 0.3)],
        price_gaps=rows,
    )
    assert set(said) == {"below_suggested"}
    found = said["below_suggested"]
    assert (found["stores"], found["store"], found["cause"]) == ("D1+M1", "D1", "markdown")
    assert found["money"] == pytest.approx(96.5)


def test_a_gap_of_the_platform_is_told_as_such_and_not_priced() -> None:
    rows = [
        gaps("D1", "markdown", "merchant", days=25, own=25, worth=70.0),
        gaps("D1", "subsidy", "platform", days=20, own=2),
    ]
    said = told(metrics=shares("D1", "platform_gap_share", 0.6), price_gaps=rows)
    assert set(said) == {"platform_gap"}
    assert (said["platform_gap"]["cause"], said["platform_gap"]["money"]) == ("subsidy", None)


@pytest.mark.parametrize(
    ("rows", "is_told"),
    [
        (shares("D1", "own_breach_share", LEAST + 0.011), True),
        (shares("D1", "own_breach_share", LEAST + 0.010), False),
        (shares("D1", "own_breach_share", 0.9, n=29), False),
        ([value("D1", "own_breach_share", 0.9, n=40)], False),
        # Below by whoever's money: of that nothing is claimed.
        (shares("D1", "below_suggested_share", 0.9), False),
        # The reference may be below as well.
        (shares("F1", "own_breach_share", 0.9), True),
    ],
)
def test_too_little_is_not_told(rows: list[Row], is_told: bool) -> None:
    said: dict[str, Any] = told(metrics=rows)
    assert bool(said) == is_told


def test_a_cause_that_nothing_explains_is_said_to_be_unknown() -> None:
    said = told(
        metrics=shares("D1", "own_breach_share", 0.9),
        price_gaps=[gaps("D1", None, "merchant", days=30, own=30)],
    )
    assert (said["below_suggested"]["cause"], said["below_suggested"]["money"]) == ("unknown", None)


def test_a_store_below_by_both_is_told_once() -> None:
    rows = [
        gaps("D1", "markdown", "merchant", days=9, own=9, worth=70.0),
        gaps("D1", "subsidy", "platform", days=20, own=2, worth=5.0),
        gaps("M1", "flash", "merchant", days=30, own=30, worth=20.0),
        gaps("F1", "subsidy", "platform", days=30, own=0),
    ]
    said = told(
        metrics=[
            *shares("D1", "own_breach_share", 0.65),
            value("D1", "platform_gap_share", 0.25, half=0.01, n=40),
            value("D1", "below_suggested_share", 0.94, half=0.02, n=41),
            *shares("M1", "own_breach_share", 0.3),
            *shares("F1", "platform_gap_share", 0.6),
        ],
        price_gaps=rows,
    )
    assert set(said) == {"below_suggested", "platform_gap", "below_by_both"}
    assert said["below_suggested"]["stores"] == "M1"
    assert said["below_suggested"]["money"] == pytest.approx(20)
    assert said["platform_gap"]["stores"] == "F1"
    both = said["below_by_both"]
    assert (both["store"], both["share"]) == ("D1", 0.94)
    assert (both["share_own"], both["share_platform"]) == (0.65, 0.25)
    assert (both["cause"], both["cause_platform"]) == ("markdown", "subsidy")
    assert both["money"] == pytest.approx(75)
    assert both["count_products"] == 41


def test_a_part_that_is_not_shown_makes_no_mixture() -> None:
    said = told(
        metrics=[
            *shares("D1", "own_breach_share", 0.65),
            value("D1", "platform_gap_share", LEAST + 0.01, half=0.01, n=40),
            value("D1", "below_suggested_share", 0.94, half=0.02, n=40),
        ]
    )
    assert set(said) == {"below_suggested"}
