"""The money of a decision: against the closed form, and never better by costing more."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.decision import Evidence
from tests.decision.candidates import EXACT, candidate

Answer = Callable[..., dict[str, Any]]
Decide = Callable[..., dict[str, pl.DataFrame]]
FEES = {
    "platform_fees.commission": 0.09, "platform_fees.payment_fee": 0.02,
    "platform_fees.annual_fee": 90_000, "platform_fees.deposit": 200_000,
    "costs.fulfilment": 20.0, "costs.affiliate": 0.08, "costs.advertising": 9000.0,
    "costs.staff": 20_000.0, "costs.content": 6000.0, "costs.set_up": 90_000.0,
    "costs.capital_cost": 0.2,
}  # fmt: skip


def _changed(evidence: Evidence, **frames: Any) -> Evidence:
    fields = {name: getattr(evidence, name) for name in evidence.__dataclass_fields__}
    return Evidence(**{**fields, **frames})


def _exact(evidence: Evidence) -> Evidence:
    """No opening that would be noise, and a margin of every store."""
    tables = {**evidence.tables, "openings": evidence.tables["openings"].clear()}
    margins = evidence.margins.with_columns(pl.col("margin").fill_null(0.4))
    return _changed(evidence, tables=tables, margins=margins)


def test_without_width_the_mean_is_the_closed_form(evidence: Evidence, decide: Decide) -> None:
    tables = decide(candidate(EXACT), on=_exact(evidence))
    row = tables["recommendation"].row(0, named=True)
    assert tables["tornado"].is_empty()  # nothing is uncertain
    assert row["contribution_lo"] == pytest.approx(row["contribution_hi"], rel=1e-12)
    losses = tables["own_losses"]
    season = tables["payback"].filter(pl.col("month") > 0)["sales"].sum() / 0.93
    paid = 40_000 * 0.03 * 150.0
    margin = 0.93 - 0.38 * _usual(tables) / 96.0 - 0.035 - 0.006 - 0.01
    margin -= 9.6 / (150.0 * 96.0 / _usual(tables))
    lost = float((losses["share"] * losses["margin"]).sum())
    fixed = 3000 + 6000 + 1000 + (30_000 + 80_000 * 0.06) / 12
    assert row["margin"] == pytest.approx(margin, rel=1e-3)
    assert row["fixed"] == pytest.approx(fixed, rel=1e-9)
    spread = fixed + 30_000 / 24
    assert row["break_even_sales"] == pytest.approx(0.93 * spread / (margin - lost), rel=1e-3)
    share = float(losses["share"].sum())
    known = (margin - spread / (season / 24)) / (lost / share)
    assert row["break_even_diversion"] == pytest.approx(known, rel=1e-3)
    whole = season * (margin - lost) - 24 * fixed - 30_000
    assert row["contribution"] == pytest.approx(whole, rel=1e-3)
    assert season == pytest.approx(paid * 24, rel=0.05)  # the seasons of two years are near 1


def _usual(tables: dict[str, pl.DataFrame]) -> float:
    """The realised level of the nearest stores, from the weights that are shown."""
    near = tables["nearest"].filter(pl.col("price_distance").is_not_null())
    apart = near["price_distance"].to_numpy() * 0.30
    weight = near["weight"].to_numpy()
    # All stores of the sample realise prices at or below the flagship's 100; the plan stands at 96.
    above = {"F1": 1, "F2": 1}
    sign = np.array([above.get(store, -1) for store in near["store_id"]])
    return float(96.0 * np.exp((sign * apart * weight).sum() / weight.sum()))


@pytest.mark.parametrize("name", FEES)
@pytest.mark.parametrize("refund", [[], [[100_000, 0.5], [400_000, 1.0]]])
def test_a_higher_fee_never_leaves_more(answer: Answer, name: str, refund: list[Any]) -> None:
    given = {"platform_fees.annual_fee_refund": refund}
    before = answer(candidate(given))
    after = answer(candidate({**given, name: FEES[name]}))
    for end in ("contribution", "contribution_lo", "contribution_hi", "p_payback"):
        assert after[end] <= before[end] + 1e-6
    is_given_back = name == "platform_fees.annual_fee" and refund
    assert is_given_back or after["contribution"] < before["contribution"]


def test_an_annual_fee_is_given_back_from_the_sales_on_that_are_agreed(answer: Answer) -> None:
    plan = {**EXACT, "horizon_months": 12}
    kept = answer(candidate(plan))
    low = answer(candidate({**plan, "platform_fees.annual_fee_refund": [[1_000_000, 0.5]]}))
    high = answer(candidate({**plan, "platform_fees.annual_fee_refund": [[9_000_000, 1.0]]}))
    assert low["contribution"] - kept["contribution"] == pytest.approx(15_000)
    assert high["contribution"] == kept["contribution"]


def test_payback_is_told_by_month_and_ends_at_the_probability_of_the_answer(
    decide: Decide,
) -> None:
    tables = decide(candidate())
    months = tables["payback"]
    row = tables["recommendation"].row(0, named=True)
    assert months["month"].to_list() == list(range(25))
    assert months["p_payback"][-1] == pytest.approx(row["p_payback"], abs=1e-3)
    assert months["cumulative"][-1] == pytest.approx(row["contribution"])
    added = months["contribution"].cum_sum()
    assert np.allclose(added, months["cumulative"])
    assert months["p_payback"][0] == 0.0


def test_money_at_risk_is_at_least_the_set_up_and_the_worst_of_the_path(decide: Decide) -> None:
    tables = decide(candidate())
    row = tables["recommendation"].row(0, named=True)
    assert row["at_risk"] >= -tables["payback"]["cumulative_lo"].min() - 1e-6
    assert row["at_risk"] >= row["set_up"] * 0.9


def test_without_costs_the_answer_is_a_break_even(evidence: Evidence, answer: Answer) -> None:
    bare = _without_costs(evidence)
    row = answer(candidate({"goods.exclusive_share": 0.9}), on=bare)
    assert row["recommendation"] is None and row["outcome_reason"] == "reason.no_costs"
    assert row["contribution"] is None and row["p_payback"] is None
    assert 0 < row["needed_margin"] <= 1
    total = row["fixed"] * 24 + row["set_up"]
    sold = row["sales"] / (1 - 0.07)
    assert row["needed_margin"] == pytest.approx(total / (sold * (1 - row["diverted"])), rel=0.05)


def _without_costs(evidence: Evidence) -> Evidence:
    return _changed(
        evidence,
        goods=evidence.goods.with_columns(product_cost=pl.lit(None, pl.Float64)),
        margins=evidence.margins.with_columns(margin=pl.lit(None, pl.Float64)),
    )


def test_where_no_margin_would_be_enough_none_is_named(evidence: Evidence, answer: Answer) -> None:
    row = answer(candidate({"costs.staff": 900_000.0}), on=_without_costs(evidence))
    assert row["needed_margin"] is None and row["recommendation"] is None
