"""The bridges on weeks worked out by hand: one factor at a time, and what must hold of any."""

from __future__ import annotations

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

from channelscope.domain import Basis
from tests.dimensions.bridge_cells import asked, bridged, effects, goods, sales, visits
from tests.dimensions.small_cubes import scope

BOTH = ("F1", "D1")
SAME: dict[str, Any] = {"markdown": 0.1, "coupon_shop": 0.05, "refunded": 0.1}


def store(name: str, **changed: Any) -> list[list[dict[str, Any]]]:
    """Two products with two promotions; `changed` alters the first of them."""
    return [goods(name, "a", **{**SAME, **changed}), goods(name, "b", units=20, price=30, **SAME)]


ONE_FACTOR = {
    "visitor_days": ({}, {"visitors": 150, "orders": 15}, 1.5),
    "conversion": ({}, {"orders": 15}, 1.5),
    "units_per_order": ({}, {}, 1.5),
    "list_price": ({"price": 12}, {}, 1),
    "mechanism:markdown": ({"markdown": 0.4}, {}, 1),
    "mechanism:coupon_shop": ({"coupon_shop": 0.0}, {}, 1),
    "mechanism:subsidy": ({"subsidy": 0.2}, {}, 1),
    "refunds": ({}, {}, 1),
    "mix": ({"units": 0.0}, {}, 1),
    "exclusives": ({}, {}, 1),
}


@pytest.mark.parametrize("factor", ONE_FACTOR)
def test_what_differs_alone_takes_the_whole_difference(factor: str) -> None:
    changed, day, times = ONE_FACTOR[factor]
    first, second = store("F1"), store("D1", **changed)
    if times != 1:
        second = [goods("D1", "a", units=15, **SAME), goods("D1", "b", units=30, price=30, **SAME)]
    if factor == "refunds":
        more = {**SAME, "refunded": 0.25}
        second = [goods("D1", "a", **more), goods("D1", "b", units=20, price=30, **more)]
    if factor == "mix":
        second = [goods("D1", "a", units=20, **SAME), goods("D1", "b", price=30, **SAME)]
    if factor == "exclusives":
        # The same pieces, ten of them of a product that F1 does not sell; the mix stays.
        second = [
            goods("D1", "a", units=20 / 3, **SAME), goods("D1", "c", units=10, price=99, **SAME),
            goods("D1", "b", units=40 / 3, price=30, **SAME),
        ]  # fmt: skip
    found = effects(
        bridged(asked(*BOTH), [*first, *second], [visits("F1"), visits("D1", **day)]), "D1"
    )
    takes_all(found, factor)


def takes_all(found: dict[str, float], factor: str) -> None:
    size = sum(abs(effect) for effect in found.values())
    assert size > 10
    assert abs(found[factor]) >= 0.999 * size, found


def test_orders_alone_take_the_whole_difference_where_visitors_are_not_known() -> None:
    more = [goods("D3", "a", units=15, **SAME), goods("D3", "b", units=30, price=30, **SAME)]
    days = [visits("F1", visitors=None), visits("D3", visitors=None, orders=15)]
    takes_all(effects(bridged(asked("F1", "D3"), [*store("F1"), *more], days), "D3"), "orders")


def test_other_goods_alone_take_the_whole_difference() -> None:
    cells = [goods("F1", "a", **SAME), goods("D1", "b", price=20, **SAME)]
    takes_all(effects(bridged(asked(*BOTH), cells, [visits("F1"), visits("D1")]), "D1"), "goods")


def test_orders_of_days_without_traffic_alone_take_the_whole_difference() -> None:
    dark = [
        {**row, "day": row["day"] + timedelta(days=1), "orders": 8, "visitors": None,
         "tracked_orders": 0} for row in visits("D1", weeks=[0])
    ]  # fmt: skip
    more = [goods("D1", "a", units=12, **SAME), goods("D1", "b", units=24, price=30, **SAME)]
    days = [visits("F1"), visits("D1"), dark]
    bars = effects(bridged(asked(*BOTH), [*store("F1"), *more], days), "D1")
    takes_all(bars, "days_without_traffic")


@pytest.mark.parametrize(("factor", "year"), [("opened:S1", 0), ("closed:S1", 1)])
def test_a_store_that_came_or_went_alone_takes_the_whole_difference(factor: str, year: int) -> None:
    cells = [goods("F1", **SAME), goods("F1", year=1, **SAME), goods("S1", year=year, **SAME)]
    days = [visits("F1"), visits("F1", year=1), visits("S1", year=year)]
    takes_all(effects(bridged(asked("F1", "S1", history=True), cells, days), "all", "all"), factor)


def test_factors_stand_in_the_order_of_the_trade() -> None:
    more = [goods("D1", "c", price=5), goods("F1", "d")]
    cells = [*store("F1"), *store("D1", subsidy=0.1), *more]
    found = bridged(asked(*BOTH), cells, [visits("F1"), visits("D1", visitors=300)])
    assert list(effects(found, "D1")) == [
        "visitor_days", "conversion", "units_per_order", "mix", "exclusives", "list_price",
        "mechanism:markdown", "mechanism:subsidy", "mechanism:coupon_shop", "refunds",
    ]  # fmt: skip
    bounded = found["bridge"]
    assert bounded["lo"].null_count() == 0
    assert (bounded["lo"] <= bounded["hi"]).all()


def test_without_traffic_the_bridge_begins_at_orders() -> None:
    # 40 × 100 against 20 × 60 of one product: orders at the mean value of 80.
    cells = [goods("F1", units=100), goods("D3", units=30)]
    days = [visits("F1"), visits("D3", orders=5, visitors=None)]
    found = effects(bridged(asked("F1", "D3"), cells, days), "D3")
    assert list(found) == ["orders", "units_per_order", "mix", "list_price"]
    assert (found["orders"], found["units_per_order"]) == (-1600, -1200)


@pytest.mark.parametrize(("gap", "first"), [(8, "visitor_days"), (11, "orders")])
def test_traffic_must_be_known_for_four_fifths_of_the_orders(gap: int, first: str) -> None:
    cells = [goods("F1"), goods("D1", units=20)]
    dark = [
        {**row, "day": row["day"] + timedelta(days=1), "orders": gap, "visitors": None,
         "tracked_orders": 0} for row in visits("D1", weeks=[0])
    ]  # fmt: skip
    found = effects(bridged(asked(*BOTH), cells, [visits("F1"), visits("D1"), dark]), "D1")
    assert next(iter(found)) == first
    # 8 of 48 orders came on days without visitors: an order of those days is worth a bar.
    assert ("days_without_traffic" in found) == (first == "visitor_days")
    if first == "visitor_days":
        assert found["days_without_traffic"] > 0
        assert found["visitor_days"] == pytest.approx(0)


def test_goods_that_nobody_shares_are_one_bar() -> None:
    cells = [goods("F1", "a"), goods("D1", "b", price=20, markdown=0.5)]
    found = bridged(asked(*BOTH), cells, [visits("F1"), visits("D1")])
    assert list(effects(found, "D1")) == ["visitor_days", "conversion", "units_per_order", "goods"]
    prices = effects(found, "D1", table="piece_price_bridge")
    assert prices == {"goods": pytest.approx(0)}


def test_a_product_listed_for_nothing_is_not_compared_like_with_like() -> None:
    cells = [*store("F1"), *store("D1"), goods("F1", "g", price=0), goods("D1", "g", price=8)]
    found = effects(bridged(asked(*BOTH), cells, [visits("F1"), visits("D1")]), "D1")
    assert found["exclusives"] > 0 and found["list_price"] == pytest.approx(0)


def test_the_piece_price_splits_without_traffic_and_baskets() -> None:
    cells = [goods("F1", units=10), goods("D1", units=70, markdown=0.2, refunded=0.5)]
    found = bridged(asked(*BOTH), cells, [visits("F1"), visits("D1", orders=1)])
    prices = effects(found, "D1", table="piece_price_bridge")
    # 10 a piece against 10 × 0.8 × 0.5: markdown at the mean of 1 and 0.5, refunds at 10 and 8.
    assert prices == pytest.approx(
        {"mix": 0, "list_price": 0, "mechanism:markdown": -1.5, "refunds": -4.5}
    )


def test_platform_money_is_added_back_where_it_was_given() -> None:
    cells = [goods("F1"), goods("D1", subsidy=0.3, markdown=0.1, platform=30)]
    days = [visits("F1"), visits("D1")]
    paid = effects(bridged(asked(*BOTH, basis=Basis.PAID), cells, days), "D1")
    assert (paid["mechanism:subsidy"], paid["mechanism:markdown"]) == (-120, -40)
    assert "refunds" not in paid
    kept = effects(bridged(asked(*BOTH, basis=Basis.MERCHANT), cells, days), "D1")
    assert kept["mechanism:markdown"] == -40 and kept.get("mechanism:subsidy", 0) == 0
    # Where no platform mechanism is named, all mechanisms share its money.
    cells[1] = goods("D1", markdown=0.3, flash=0.1, platform=20)
    kept = effects(bridged(asked(*BOTH, basis=Basis.MERCHANT), cells, days), "D1")
    assert (kept["mechanism:markdown"], kept["mechanism:flash"]) == (-60, -20)


def test_money_off_that_no_mechanism_explains_has_its_own_bar() -> None:
    cells = [goods("F1"), goods("D1")]
    for row in cells[1]:
        row["paid_amount"] -= 7
    found = effects(bridged(asked(*BOTH), cells, [visits("F1"), visits("D1")]), "D1")
    assert found["mechanism:unexplained"] == -28


def test_bounds_come_from_leaving_out_weeks() -> None:
    # One product at 10: F1 sells 10 pieces in 10 orders a week, D1 10, 20, 30 and 40 in 10.
    weekly = [goods("D1", units=10 * week + 10, weeks=[week])[0] for week in range(4)]
    cells = [goods("F1"), weekly]
    found = bridged(asked(*BOTH), cells, [visits("F1"), visits("D1")])["bridge"]
    row = found.filter(factor="units_per_order").row(0, named=True)
    assert float(row["effect"]) == 600
    # Without week w, of which the pieces are n: 400 × ((100 - n) / 30 - 1).
    draws = np.array([400 * ((100 - n) / 30 - 1) for n in (10, 20, 30, 40)])
    half = stats.t.ppf(0.975, 3) * np.sqrt(3 / 4 * ((draws - draws.mean()) ** 2).sum())
    assert (row["lo"], row["hi"]) == pytest.approx((600 - half, 600 + half))


@pytest.mark.parametrize("weeks", [1, 2])
def test_short_periods_have_a_bridge_without_bounds(weeks: int) -> None:
    """One or two weeks say nothing of the spread: unknown, never nan, and no crash."""
    of = replace(scope(*BOTH, days=7 * weeks), basis=Basis.PAID_NET)
    some = range(weeks)
    cells = [goods("F1", weeks=some), goods("D1", units=3, weeks=some)]
    found = bridged(of, cells, [visits("F1", weeks=some), visits("D1", weeks=some)])
    rows = found["bridge"]
    assert sum(effects(found, "D1").values()) == -70 * weeks
    assert rows["lo"].null_count() == rows["hi"].null_count() == rows.height


def test_traffic_without_a_visitor_is_no_traffic() -> None:
    days = [visits("F1"), visits("D3", visitors=0)]
    assert "orders" in effects(bridged(asked("F1", "D3"), [goods("F1"), goods("D3")], days), "D3")


def test_every_two_stores_have_a_bridge_once() -> None:
    names = ("F1", "D2", "D1")
    found = bridged(asked(*names), [goods(n) for n in names], [visits(n) for n in names])
    pairs = found["bridge"].select("from_id", "to_id").unique(maintain_order=True).rows()
    assert pairs == [("F1", "D2"), ("F1", "D1"), ("D1", "D2")]


def test_a_year_before_opened_and_closed_goods_and_stores_are_bars_of_their_own() -> None:
    cells = [
        goods("F1", "a"), goods("F1", "a", units=8, year=1), goods("F1", "new", units=3),
        goods("F1", "old", units=2, year=1), goods("S1", "a"), goods("D1", "a", year=1),
    ]  # fmt: skip
    days = [visits("F1"), visits("F1", year=1), visits("S1"), visits("D1", year=1)]
    found = bridged(asked("F1", "S1", "D1", history=True), cells, days)
    own = effects(found, "F1")
    assert own["opened:products"] == 120 and own["closed:products"] == -80
    assert own["units_per_order"] == 80 and "exclusives" not in own
    assert effects(found, "S1", "S1") == {"opened:S1": 400}
    assert effects(found, "D1", "D1") == {"closed:D1": -400}
    total = effects(found, "all", "all")
    assert total == {**own, "opened:S1": 400, "closed:D1": -400}
    unsure = found["bridge"].filter(from_id="all", factor="opened:S1").row(0, named=True)
    assert (unsure["lo"], unsure["hi"]) == (None, None)


def test_without_data_a_year_back_nothing_is_said_of_it() -> None:
    cells = [goods("F1"), goods("F1", year=1), goods("D1")]
    found = bridged(asked(*BOTH), cells, [visits("F1"), visits("F1", year=1), visits("D1")])
    assert found["bridge"].filter(from_id="F1", to_id="F1").is_empty()


cell = st.fixed_dictionaries(
    {
        "units": st.integers(1, 50), "price": st.integers(0, 4000).map(lambda n: n / 100),
        "refunded": st.sampled_from([0.0, 0.1, 1.0]), "markdown": st.sampled_from([0.0, 0.25]),
        "subsidy": st.sampled_from([0.0, 0.1]),
        "weeks": st.sampled_from([(0, 1, 2, 3), (0,), (1, 3)]),
    }
)  # fmt: skip
a_store = st.tuples(
    st.dictionaries(st.sampled_from("abcd"), cell, min_size=1),
    st.integers(1, 30),
    st.none() | st.integers(0, 500),
)


@settings(max_examples=25, deadline=None)
@given(first=a_store, second=a_store, basis=st.sampled_from(list(Basis)))
def test_bars_sum_to_the_cent_whatever_is_missing(first: Any, second: Any, basis: Basis) -> None:
    cells, days, totals = [], [], []
    for name, (products, orders, visitors) in zip(BOTH, (first, second), strict=True):
        own = [row for sku, given in products.items() for row in goods(name, sku, **given)]
        cells.append(own)
        days.append(visits(name, orders=orders, visitors=visitors))
        totals.append(sales(own, net=basis.net_of_refunds).quantize(Decimal("0.01")))
    there = bridged(asked(*BOTH, basis=basis), cells, days)
    rows = there["bridge"]
    assert abs(sum(rows["effect"]) - (totals[1] - totals[0])) <= Decimal("0.01")
    back = effects(bridged(asked("D1", "F1", basis=basis), cells, days), "F1", "D1")
    for factor, effect in effects(there, "D1").items():
        assert effect == pytest.approx(-back[factor], abs=0.011)
    assert not any(rows.select(pl.col("lo", "hi", "lmdi_effect").is_nan().any()).row(0))
