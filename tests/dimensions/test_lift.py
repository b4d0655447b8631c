"""The `lift` table on small panels: what is treated, what is left out, and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions import _lift
from channelscope.domain import Scope
from channelscope.stats.count_effects import count_effects
from tests.dimensions.small_cubes import MONDAY, scope, seen, session, sold
from tests.stats.panels import Floats, between_sales, deals, sales

PRODUCTS, WEEKS, STORE = 16, 24, "F1"
SKUS = [f"s{number:02d}" for number in range(PRODUCTS)]
LIST, USUAL, DEAL, COST = 10.0, 9.0, 7.5, 5.0


def asked(*stores: str, weeks: int = WEEKS) -> Scope:
    return scope(*(stores or (STORE,)), days=7 * weeks)


@pytest.fixture(scope="module")
def deal() -> Floats:
    return deals(np.random.default_rng(11), products=PRODUCTS, weeks=WEEKS, a_week=2)


@pytest.fixture(scope="module")
def units(deal: Floats) -> Floats:
    return sales(np.random.default_rng(12), deal, lift=1.9, mean=6, own=0.1, scatter=0.2)


def promotion(
    scope_text: str, first: int, last: int, *, mechanism: str = "markdown", **terms: Any
) -> dict[str, Any]:
    """A promotion from one day of the period to another."""
    start, end = (datetime.combine(MONDAY + timedelta(days=day), datetime.min.time())
                  for day in (first, last))  # fmt: skip
    return {
        "promo_id": f"{mechanism}{scope_text}{first}", "store_id": STORE, "mechanism": mechanism,
        "starts_at": start, "ends_at": end + timedelta(hours=23), "scope": scope_text,
        "threshold_kind": "none", "benefit_kind": "rate", "benefit": 0.25, **terms,
    }  # fmt: skip


def weekly(deal: Floats, **terms: Any) -> list[dict[str, Any]]:
    return [
        promotion(f"sku:{SKUS[row]}", 7 * week, 7 * week + 6, **terms)
        for row, week in np.argwhere(deal > 0).tolist()
    ]


def cells(units: Floats, deal: Floats, store: str = STORE, **columns: Any) -> list[dict[str, Any]]:
    return [
        {
            **sold(store, SKUS[row], units=count, week=week, list_price=LIST,
                   price=DEAL if deal[row, week] else USUAL),
            **columns,
        }
        for row, week in np.argwhere(units > 0).tolist()
        for count in (float(units[row, week]),)
    ]  # fmt: skip


def products(cost: float | None = COST) -> list[dict[str, Any]]:
    return [{"sku": sku, "category": "all", "unit_cost": cost} for sku in SKUS]


def rows_of(of: Scope, **tables: Iterable[Any]) -> list[dict[str, Any]]:
    given = session(of, **{"products": products(), **tables})
    found = _lift.lifts(given, of)
    given.close()
    return found.to_dicts()


def one(of: Scope | None = None, **tables: Iterable[Any]) -> dict[str, Any]:
    (row,) = rows_of(of or asked(), **tables)
    return row


def test_the_lift_is_that_of_the_panel(units: Floats, deal: Floats) -> None:
    row = one(sku_weeks=cells(units, deal), promotions=weekly(deal))
    used = between_sales(units)
    effect = count_effects(units, deal[None], used)
    ends = [float(np.exp(values[0])) for values in (effect.effect, effect.lo, effect.hi)]
    assert [row["lift"], row["lo"], row["hi"]] == pytest.approx(ends)
    assert row["lo"] < 1.9 < row["hi"]
    assert (row["n"], row["skus"]) == (
        (used & (deal > 0)).sum(), (used & (deal > 0)).any(axis=1).sum()
    )  # fmt: skip
    assert (row["outcome"], row["outcome_reason"]) == ("differs", None)
    assert row["p_adjusted"] == row["p_value"] < 0.001


def test_break_even_is_the_margin_lost_and_the_rest_follows(units: Floats, deal: Floats) -> None:
    row = one(sku_weeks=cells(units, deal), promotions=weekly(deal))
    assert row["break_even"] == pytest.approx((USUAL - COST) / (DEAL - COST))
    assert row["earned"] == pytest.approx(row["lift"] / row["break_even"])
    # Prices that never move leave the margin as sure as the lift.
    assert row["earned_lo"] == pytest.approx(row["lo"] / row["break_even"])
    assert row["earned_hi"] == pytest.approx(row["hi"] / row["break_even"])
    assert row["elasticity"] == pytest.approx(np.log(row["lift"]) / np.log(DEAL / USUAL))
    assert row["elasticity_lo"] == pytest.approx(np.log(row["hi"]) / np.log(DEAL / USUAL))
    promoted = units[between_sales(units) & (deal > 0)].sum()
    assert float(row["margin_amount"]) == pytest.approx((DEAL - COST) * promoted)


def test_products_weigh_by_what_they_sold_under_the_mechanism(units: Floats, deal: Floats) -> None:
    costs = [2.0 + 0.25 * at for at in range(PRODUCTS)]
    known = [{**row, "unit_cost": cost} for row, cost in zip(products(), costs, strict=True)]
    row = one(sku_weeks=cells(units, deal), promotions=weekly(deal), products=known)
    weight = np.where(between_sales(units) & (deal > 0), units, 0).sum(axis=1)
    usual, promoted = (float((weight * (price - np.array(costs))).sum()) for price in (USUAL, DEAL))
    assert row["break_even"] == pytest.approx(usual / promoted)


@pytest.mark.parametrize(
    ("cost", "mechanism", "money", "reason"),
    [
        (None, "markdown", None, "unit_cost_unknown"),
        (DEAL + 0.1, "markdown", None, "below_unit_cost"),
        (USUAL + 0.1, "markdown", None, "no_usual_margin"),
        (COST, "subsidy", None, "platform_amount_unknown"),
        (COST, "subsidy", 0, None),
        (COST, "markdown", None, None),
    ],
)
def test_a_break_even_that_is_not_known_says_why(  # noqa: PLR0917  (what is asked, and its case)
    units: Floats, deal: Floats, cost: float | None, mechanism: str, money: Any, reason: Any
) -> None:
    row = one(
        sku_weeks=cells(units, deal, platform_amount=money), products=products(cost),
        promotions=weekly(deal, mechanism=mechanism),
    )  # fmt: skip
    assert row["lift"] is not None
    assert row["earned_reason"] == (reason and f"reason.{reason}")
    known = [row[name] is not None for name in ("break_even", "earned", "earned_lo", "earned_hi")]
    assert known == [reason is None] * 4
    assert row["earned_outcome"] in ("differs", "unclear") or reason is not None


def test_platform_money_counts_as_the_merchants(units: Floats, deal: Floats) -> None:
    given = cells(units, deal)
    paid = [
        {**row, "platform_amount": row["units"] * 2 if float(row["paid_amount"]) < USUAL * float(
            row["units"]) - 1e-9 else 0}
        for row in given
    ]  # fmt: skip
    row = one(sku_weeks=paid, promotions=weekly(deal, mechanism="subsidy"))
    assert row["break_even"] == pytest.approx((USUAL - COST) / (DEAL + 2 - COST))
    assert row["elasticity"] == pytest.approx(np.log(row["lift"]) / np.log(DEAL / USUAL))


def test_what_covers_the_whole_store_is_no_lift(units: Floats, deal: Floats) -> None:
    nothing = np.zeros_like(deal)
    wide = [promotion("store", 7 * week, 7 * week + 6) for week in range(0, WEEKS, 3)]
    row = one(sku_weeks=cells(units, nothing), promotions=wide)
    assert (row["lift"], row["n"], row["skus"]) == (None, 0, 0)
    assert (row["outcome"], row["outcome_reason"]) == ("not_identifiable", "reason.covers_all")
    # As deep for single products as for the store: nothing beyond it.
    also = one(
        sku_weeks=cells(units, nothing), promotions=[*weekly(deal), promotion("store", 0, 400)]
    )
    assert also["outcome_reason"] == "reason.covers_all"
    # Deeper than the store: the lift is that of the deeper terms.
    deeper = [*weekly(deal, benefit=0.4), promotion("store", 0, 400)]
    assert one(sku_weeks=cells(units, deal), promotions=deeper)["lift"] == pytest.approx(
        one(sku_weeks=cells(units, deal), promotions=weekly(deal))["lift"]
    )


def test_products_promoted_all_the_time_tell_nothing(units: Floats, deal: Floats) -> None:
    half = promotion("sku:" + "|".join(SKUS[: PRODUCTS - 4]), 0, 7 * WEEKS)
    row = one(sku_weeks=cells(units, np.zeros_like(deal)), promotions=[half])
    assert (row["lift"], row["outcome_reason"]) == (None, "reason.not_told_apart")


def test_mechanisms_that_come_together_are_not_told_apart(units: Floats, deal: Floats) -> None:
    both = [*weekly(deal), *weekly(deal, mechanism="flash")]
    found = rows_of(asked(), sku_weeks=cells(units, deal), promotions=both)
    assert [(row["lift"], row["outcome_reason"]) for row in found] == [
        (None, "reason.not_told_apart")
    ] * 2


def test_another_mechanism_is_held_apart(units: Floats, deal: Floats) -> None:
    """Sold three times as much under a flash sale that often goes with the deals."""
    rng = np.random.default_rng(13)
    flash = np.where(rng.random(deal.shape) < 0.05 + 0.4 * deal, 1.0, 0.0)
    more = rng.poisson(units * np.where(flash > 0, 3.0, 1.0)).astype(float)
    given = {"sku_weeks": cells(more, deal)}
    alone = one(**given, promotions=weekly(deal))
    both = rows_of(asked(), **given, promotions=[*weekly(deal), *weekly(flash, mechanism="flash")])
    by_code = {row["mechanism"]: row for row in both}
    assert by_code["markdown"]["lo"] < 1.9 < by_code["markdown"]["hi"] < alone["lift"]
    assert by_code["flash"]["lo"] < 3 < by_code["flash"]["hi"]
    assert by_code["flash"]["p_adjusted"] >= by_code["flash"]["p_value"]


def test_a_week_counts_by_its_days(units: Floats, deal: Floats) -> None:
    part = [
        promotion(f"sku:{SKUS[row]}", 7 * week + 2, 7 * week + 6)
        for row, week in np.argwhere(deal > 0).tolist()
    ]
    row = one(sku_weeks=cells(units, deal), promotions=part)
    effect = count_effects(units, deal[None] * 5 / 7, between_sales(units))
    assert row["lift"] == pytest.approx(float(np.exp(effect.effect[0])))


def test_weeks_that_the_shelf_calls_empty_are_left_out(units: Floats, deal: Floats) -> None:
    gone = np.zeros_like(deal, dtype=bool)
    gone[3:9, 5:12] = True
    # Sold out for most of the week: what little was sold is no sign of demand.
    given = np.where(gone, np.minimum(units, 1), units)
    shelf = [
        {**seen(STORE, SKUS[row], list_price=LIST, activity=USUAL, one_piece=USUAL),
         "week_start": MONDAY + timedelta(weeks=int(week)), "in_stock_share": 0.0}
        for row, week in np.argwhere(gone).tolist()
    ]  # fmt: skip
    row = one(sku_weeks=cells(given, deal), promotions=weekly(deal), shelf_weeks=shelf)
    effect = count_effects(given, deal[None], between_sales(given) & ~gone)
    assert row["lift"] == pytest.approx(float(np.exp(effect.effect[0])))


def test_only_whole_weeks_count(units: Floats, deal: Floats) -> None:
    whole = asked()
    cut = replace(whole, period=replace(whole.period, first=MONDAY + timedelta(days=1)))
    row = one(cut, sku_weeks=cells(units, deal), promotions=weekly(deal))
    effect = count_effects(units[:, 1:], deal[None, :, 1:], between_sales(units[:, 1:]))
    assert row["lift"] == pytest.approx(float(np.exp(effect.effect[0])))


@pytest.mark.parametrize(("few", "weeks"), [("one product", WEEKS), ("one week", 1)])
def test_too_little_tells_nothing(units: Floats, deal: Floats, few: str, weeks: int) -> None:
    less, kept = units.copy(), deal.copy()
    if few == "one product":
        less[1:], kept[1:] = 0, 0
    else:
        less, kept = less[:, :1], kept[:, :1]
    row = one(asked(weeks=weeks), sku_weeks=cells(less, kept), promotions=weekly(kept))
    assert (row["lift"], row["break_even"], row["p_value"]) == (None, None, None)
    assert row["outcome"] == row["earned_outcome"] == "not_identifiable"
    assert row["outcome_reason"] in ("reason.few_promoted_weeks", "reason.covers_all")
    assert row["earned_reason"] == row["outcome_reason"]


def test_without_promotions_discounts_alone_are_no_treatment(units: Floats, deal: Floats) -> None:
    group = {
        "store_id": STORE, "buyer_group": "00", "lines": 9, "discounted_lines": 5, "units": 9,
        "list_amount": 90, "paid_amount": 80, "discount_markdown": 10, "list_markdown": 50,
        "list_none": 40,
    }  # fmt: skip
    row = one(sku_weeks=cells(units, deal), mechanism_groups=[group])
    assert (row["mechanism"], row["lift"]) == ("markdown", None)
    assert row["outcome_reason"] == "reason.no_promotions"


def test_stores_without_sales_and_groups_say_why(units: Floats, deal: Floats) -> None:
    two = asked(STORE, "D1")
    shelf = [seen("D1", SKUS[0], list_price=LIST, activity=USUAL, one_piece=USUAL)]
    theirs = [{**row, "store_id": "D1"} for row in weekly(deal)]
    given = {"sku_weeks": cells(units, deal), "promotions": [*weekly(deal), *theirs]}
    told = {row["store_id"]: row for row in rows_of(two, **given, shelf_weeks=shelf)}
    assert told["D1"]["outcome_reason"] == "reason.snapshots_only"
    assert told[STORE]["lift"] is not None
    unsold = {row["store_id"]: row for row in rows_of(two, **given)}
    assert unsold["D1"]["outcome_reason"] == "reason.no_sales"
    group = replace(two, stores=(replace(two.stores[0], members=("a", "b")), two.stores[1]))
    mixed = {row["store_id"]: row for row in rows_of(group, **given)}
    assert mixed[STORE]["outcome_reason"] == "reason.stores_differ_in_promotions"


def test_a_period_without_a_whole_week_says_so(units: Floats, deal: Floats) -> None:
    short = asked(weeks=1)
    cut = replace(short, period=replace(short.period, last=MONDAY + timedelta(days=5)))
    row = one(cut, sku_weeks=cells(units[:, :1], deal[:, :1]), promotions=weekly(deal))
    assert (row["lift"], row["outcome_reason"]) == (None, "reason.no_whole_weeks")


def test_nothing_run_is_no_row(units: Floats, deal: Floats) -> None:
    of = asked()
    given = session(of, sku_weeks=cells(units, np.zeros_like(deal)))
    found = _lift.lifts(given, of)
    given.close()
    assert found.is_empty()
    assert found.schema["margin_amount"] == pl.Decimal(18, 4)
