"""Sales on days worked out by hand: the bridge, shares, growth, and what is not known."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from channelscope.dimensions import sales
from channelscope.domain import Basis
from channelscope.estimates import Blocks
from tests.dimensions.small_cubes import MONDAY, scope, session, traded


def compared(*stores: str, days: Sequence[Any], given: Any = (), **tables: Any) -> Any:
    asked = scope(*stores, **dict(given))
    with_session = session(asked, store_days=days, **tables)
    found = sales.compare(with_session, asked)
    with_session.close()
    return found


def metric(found: dict[str, pl.DataFrame], store: str, name: str) -> dict[str, Any]:
    return found["metrics"].filter(store_id=store, metric=name).row(0, named=True)


def effects(found: dict[str, pl.DataFrame], store: str) -> dict[str, Decimal]:
    rows = found["bridge"].filter(to_id=store).sort("position")
    return dict(rows.select("factor", "effect").iter_rows())


def month(store: str, *, sales: str, visitors: int | None, **given: Any) -> list[dict[str, Any]]:
    """The same day in each of four weeks."""
    return [traded(store, day, sales=sales, visitors=visitors, **given) for day in (0, 7, 14, 21)]


def shapley(base: Sequence[float], other: Sequence[float]) -> np.ndarray:
    """The mean over all orders in which three factors may change."""
    found = np.zeros(3)
    for order in itertools.permutations(range(3)):
        now = list(base)
        for factor in order:
            before = np.prod(now)
            now[factor] = other[factor]
            found[factor] += (np.prod(now) - before) / 6
    return found


def test_effects_of_three_factors_are_shapley_values() -> None:
    # Per month: F1 400 visitor-days, 40 orders, 4000.00; D1 1000, 60, 4500.00.
    days = month("F1", sales="1000", visitors=100, orders=10)
    days += month("D1", sales="1125", visitors=250, orders=15)
    by_hand = shapley((400, 0.1, 100), (1000, 0.06, 75))
    found = effects(compared("F1", "D1", days=days), "D1")
    assert list(found) == ["visitor_days", "conversion", "order_value"]
    np.testing.assert_allclose([float(v) for v in found.values()], by_hand, atol=0.005)
    assert sum(found.values()) == Decimal("500.00")


def test_bounds_come_from_leaving_out_weeks() -> None:
    days = month("F1", sales="1000", visitors=100, orders=10)
    days += [
        traded("D1", 7 * week, sales=str(900 + 100 * week), visitors=200 + 10 * week, orders=12)
        for week in range(4)
    ]
    rows = compared("F1", "D1", days=days)["bridge"]
    assert rows.height == 3
    # Every week left out in turn, the other three scaled to the whole: bounds of t with 3 degrees.
    draws = []
    for left_out in range(4):
        kept = [week for week in range(4) if week != left_out]
        amount = sum(900 + 100 * week for week in kept) * 4 / 3
        visitors = sum(200 + 10 * week for week in kept) * 4 / 3
        draws.append(shapley((400, 0.1, 100), (visitors, 48 / visitors, amount / 48)))
    spread = np.array(draws) - np.mean(draws, axis=0)
    half = stats.t.ppf(0.975, 3) * np.sqrt(3 / 4 * (spread**2).sum(axis=0))
    exact = shapley((400, 0.1, 100), (860, 48 / 860, 4200 / 48))
    np.testing.assert_allclose(rows["lo"], exact - half, rtol=1e-9)
    np.testing.assert_allclose(rows["hi"], exact + half, rtol=1e-9)
    lmdi = rows["lmdi_effect"].sum()
    assert lmdi == pytest.approx(float(rows["effect"].sum()), abs=0.01)


def test_without_traffic_the_bridge_begins_at_orders() -> None:
    days = month("F1", sales="1000", visitors=100, orders=10)
    days += month("D3", sales="300", visitors=None, orders=5)
    found = effects(compared("F1", "D3", days=days), "D3")
    # 40 × 100 against 20 × 60: orders at the mean value of 80, value at the mean of 30 orders.
    assert found == {"orders": Decimal("-1600.00"), "order_value": Decimal("-1200.00")}


def test_traffic_without_a_visitor_is_no_traffic() -> None:
    days = month("F1", sales="1000", visitors=100, orders=10)
    days += month("D3", sales="300", visitors=0, orders=5)
    assert "orders" in effects(compared("F1", "D3", days=days), "D3")


def test_days_without_traffic_are_a_bar_of_their_own() -> None:
    days = month("F1", sales="1000", visitors=100, orders=10)
    days += month("D1", sales="1125", visitors=250, orders=15)
    days += [traded("D1", 3, sales="70.50"), traded("F1", 4, sales="20.25")]
    found = effects(compared("F1", "D1", days=days), "D1")
    assert list(found)[-1] == "days_without_traffic"
    assert found["days_without_traffic"] == Decimal("50.25")
    assert sum(found.values()) == Decimal("550.25")


@pytest.mark.parametrize("length", [3, 7, 14, 20])
def test_short_periods_have_a_bridge_without_bounds(length: int) -> None:
    """One or two blocks say nothing of the spread: unknown, never nan, and no crash."""
    days = [traded("F1", 0, sales="100", visitors=10), traded("D1", 0, sales="50", visitors=9)]
    days += [traded("F1", 1, sales="5"), traded("D1", length - 1, sales="7")]
    found = compared("F1", "D1", days=days, given={"days": length})
    assert sum(effects(found, "D1").values()) == Decimal("-48.00")
    assert found["bridge"]["lo"].null_count() == found["bridge"].height
    numbers = found["bridge"].select(pl.col(pl.Float64).is_nan().any())
    assert not any(numbers.row(0))


def test_refunds_that_cancel_leave_no_bar_to_print() -> None:
    days = month("F1", sales="100", visitors=10)
    days += month("D1", sales="80", visitors=9)
    days += [traded("D1", 1, sales="-5"), traded("D1", 15, sales="5")]
    found = effects(compared("F1", "D1", days=days), "D1")
    assert list(found) == ["visitor_days", "conversion", "order_value"]
    assert sum(found.values()) == Decimal("-80.00")


def test_stores_without_an_order_have_no_bridge_and_no_sales() -> None:
    days = month("F1", sales="100", visitors=10)
    days += [traded("X1", 0, sales="0", orders=0, units=0, visitors=7, refunded=None)]
    found = compared("F1", "X1", days=days)
    assert found["bridge"].is_empty()
    row = metric(found, "X1", "sales")
    assert row["value"] is None and row["outcome_reason"] == "reason.no_sales"
    assert metric(found, "X1", "visitor_days")["value"] == 7
    assert compared("X1", "F1", days=days)["bridge"].is_empty()


cents = st.integers(1, 10**7).map(lambda n: Decimal(n).scaleb(-2))
a_day = st.tuples(cents, st.integers(1, 40), st.none() | st.integers(1, 5000))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(a_day, a_day), min_size=1, max_size=5))
def test_effects_sum_to_the_difference_to_the_cent(days: Any) -> None:
    totals = np.zeros((2, len(days), 6))
    for block, pair in enumerate(days):
        for store, (amount, orders, visitors) in enumerate(pair):
            known = visitors is not None
            totals[store, block] = (
                float(amount), orders, visitors or 0, orders * known, float(amount) * known, 0
            )  # fmt: skip
    names = ("sales", "orders", "visitors", "tracked_orders", "tracked_sales", "units")
    blocks = Blocks(("F1", "D1"), {n: totals[:, :, i].T for i, n in enumerate(names)})
    amounts = {s: sum(pair[i][0] for pair in days) for i, s in enumerate(("F1", "D1"))}
    found = sales.bridge(blocks, scope("F1", "D1"), sales=amounts)
    assert sum(found["effect"]) == amounts["D1"] - amounts["F1"]
    bounded = found.drop_nulls(["lo", "hi"])
    assert (bounded["lo"] <= bounded["hi"]).all()


def test_conversion_uses_days_with_traffic_alone() -> None:
    days = month("F1", sales="100", visitors=50, orders=4)
    days += [traded("F1", 2, sales="900", orders=44)]
    found = compared("F1", days=days)
    row = metric(found, "F1", "conversion")
    assert row["value"] == pytest.approx(16 / 200)
    assert row["n"] == 200
    assert row["coverage"] == pytest.approx(16 / 60)
    assert metric(found, "F1", "visitor_value")["value"] == pytest.approx(400 / 200)
    assert metric(found, "F1", "order_value")["value"] == pytest.approx(1300 / 60)


def test_without_traffic_conversion_is_not_known() -> None:
    found = compared("F1", days=month("F1", sales="100", visitors=None))
    for name in ("conversion", "visitor_days", "visitor_value"):
        row = metric(found, "F1", name)
        assert row["value"] is None and row["outcome_reason"] == "reason.no_traffic"


def test_pieces_and_orders() -> None:
    days = month("F1", sales="90", visitors=None, orders=5, units=8, paid="100")
    found = compared("F1", days=days)
    assert metric(found, "F1", "units_per_order")["value"] == pytest.approx(1.6)
    assert metric(found, "F1", "piece_price")["value"] == pytest.approx(90 / 8)
    assert metric(found, "F1", "sales")["value"] == 360
    assert metric(found, "F1", "orders")["value"] == 20
    for name in ("orders", "order_value", "units_per_order", "piece_price"):
        assert metric(found, "F1", name)["coverage"] == 1


def test_net_sales_tell_the_share_of_money_with_known_refunds() -> None:
    days = month("F1", sales="90", visitors=None, paid="100")
    days += [traded("F1", 1, sales="100", refunded=None)]
    assert metric(compared("F1", days=days), "F1", "sales")["coverage"] == pytest.approx(0.8)
    paid = replace(scope("F1"), basis=Basis.PAID)
    with_session = session(paid, store_days=days)
    assert metric(sales.compare(with_session, paid), "F1", "sales")["coverage"] == 1
    with_session.close()


def test_refund_share_leaves_out_the_last_fifteen_days() -> None:
    # The data end on the period's last day, day 27: days up to 12 are mature.
    paid = {0: ("100", "10"), 7: ("200", "30"), 12: ("100", "4"), 13: ("100", "90")}
    days = [traded("F1", d, sales="1", paid=p, refunded=r) for d, (p, r) in paid.items()]
    row = metric(compared("F1", days=days, given={"data_end": MONDAY + timedelta(days=27)}),
                 "F1", "refund_share")  # fmt: skip
    assert row["value"] == pytest.approx(44 / 400)
    assert row["coverage"] == pytest.approx(400 / 500)


def test_unknown_refunds_are_no_share_and_known_ones_of_zero_are() -> None:
    unknown = month("F1", sales="10", visitors=None, refunded=None)
    row = metric(compared("F1", days=unknown), "F1", "refund_share")
    assert row["value"] is None and row["outcome_reason"] == "reason.no_refunds_known"
    none = month("F1", sales="10", visitors=None, refunded="0")
    row = metric(compared("F1", days=none), "F1", "refund_share")
    assert row["value"] == 0 and row["outcome_reason"] is None


def test_days_of_unknown_refunds_are_no_base() -> None:
    days = [
        *month("F1", sales="10", visitors=None, refunded="1"),
        traded("F1", 2, sales="10", refunded=None),
    ]
    row = metric(compared("F1", days=days), "F1", "refund_share")
    assert row["value"] == pytest.approx(0.1)
    assert row["coverage"] == pytest.approx(0.8)


def test_refunds_known_for_a_small_part_are_no_share() -> None:
    """Who leaves refunds blank where there was none has a share of 100% on the rest."""
    days = [
        *month("F1", sales="10", visitors=None, refunded="10", paid="10"),
        traded("F1", 2, sales="11", refunded=None),
    ]
    row = metric(compared("F1", days=days), "F1", "refund_share")
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.refunds_partly_known"
    assert row["coverage"] == pytest.approx(40 / 51)


def test_growth_is_against_the_same_weekdays() -> None:
    now = [traded("F1", d, sales=str(s)) for d, s in ((0, 120), (8, 130), (20, 80))]
    before = [traded("F1", d - 364, sales=str(s)) for d, s in ((0, 100), (7, 90), (27, 110))]
    found = metric(compared("F1", days=now + before), "F1", "growth")
    assert found["value"] == pytest.approx(330 / 300 - 1)


def test_growth_needs_the_whole_year_before() -> None:
    now = month("F1", sales="120", visitors=None)
    within_a_week = [traded("F1", d - 364, sales="100") for d in (6, 8)]
    assert metric(compared("F1", days=now + within_a_week), "F1", "growth")["value"] is not None
    later = [traded("F1", d - 364, sales="100") for d in (7, 8)]
    row = metric(compared("F1", days=now + later), "F1", "growth")
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.no_full_year_before"


def test_concentration_counts_the_days_of_the_period() -> None:
    # 28 days: the best tenth are three days. Sold on six days, the best three: 60 + 50 + 40.
    amounts = {0: 10, 4: 60, 9: 20, 10: 40, 16: 50, 25: 30}
    days = [traded("F1", d, sales=str(s)) for d, s in amounts.items()]
    row = metric(compared("F1", days=days), "F1", "concentration")
    assert row["value"] == pytest.approx(150 / 210)
    assert row["n"] == 6
    assert row["lo"] < row["value"] < row["hi"]


def test_sales_need_order_lines() -> None:
    assert sales.off(scope("F1", present=("price_snapshots",))) == "off.no_order_lines"
    assert sales.off(scope("F1")) is None
