"""What is left of sales after costs, and when that is not known."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dimensions.test_sales import compared, metric, month


def cost(store: str, kind: str, amount: float, known: float) -> dict[str, Any]:
    return {"store_id": store, "kind": kind, "amount": amount, "known_sales": known}


def test_contribution_needs_both_sides_of_the_cost() -> None:
    days = [d for s in ("F1", "D1", "M1") for d in month(s, sales="100", visitors=None)]
    costs = [
        cost("F1", "product_cost", 150, 320), cost("F1", "staff", 50, 400),
        cost("D1", "product_cost", 150, 400), cost("M1", "staff", 50, 400),
    ]  # fmt: skip
    found = compared("F1", "D1", "M1", days=days, cost_amounts=costs)
    row = metric(found, "F1", "contribution")
    assert row["value"] == 200
    assert row["coverage"] == pytest.approx(0.8)
    assert metric(found, "F1", "contribution_margin")["value"] == pytest.approx(0.5)
    for store in ("D1", "M1"):
        row = metric(found, store, "contribution")
        assert row["value"] is None and row["outcome_reason"] == "reason.no_costs"


def test_costs_known_for_a_part_are_no_contribution() -> None:
    days = [d for s in ("F1", "D1") for d in month(s, sales="100", visitors=None)]
    costs = [
        cost("F1", "product_cost", 150, 400), cost("F1", "staff", 50, 300),
        cost("D1", "product_cost", 150, 300), cost("D1", "staff", 50, 400),
    ]  # fmt: skip
    found = compared("F1", "D1", days=days, cost_amounts=costs)
    for store in ("F1", "D1"):
        for name in ("contribution", "contribution_margin"):
            row = metric(found, store, name)
            assert row["value"] is None and row["coverage"] == pytest.approx(0.75)
            assert row["outcome_reason"] == "reason.costs_partly_known"


def test_a_loss_on_sales_that_all_came_back_has_no_margin() -> None:
    days = month("F1", sales="0", visitors=None, paid="100", refunded="100")
    costs = [cost("F1", "product_cost", 150, 0), cost("F1", "staff", 50, 0)]
    found = compared("F1", days=days, cost_amounts=costs)
    assert metric(found, "F1", "contribution")["value"] == -200
    row = metric(found, "F1", "contribution_margin")
    assert row["value"] is None and row["outcome_reason"] == "reason.net_sales_not_positive"
