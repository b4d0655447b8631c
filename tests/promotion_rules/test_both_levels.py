"""A stack group that holds at the item level and at a later one: one side applies per basket."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.promotion_rules.tills import baskets, net, price, priced, promotion, rate

SUBSIDY = promotion("subsidy", 20, stack_group="x")


def test_a_subsidy_excludes_the_coupon_of_its_group_in_either_direction() -> None:
    assert (
        net(SUBSIDY, promotion("coupon_shop", 30, stack_group="x"), lines=[("pan", 100, 1)]) == 70
    )
    assert (
        net(SUBSIDY, promotion("coupon_shop", 15, stack_group="x"), lines=[("pan", 100, 1)]) == 80
    )
    assert (
        net(SUBSIDY, promotion("coupon_shop", 30, stack_group="y"), lines=[("pan", 100, 1)]) == 50
    )


def test_each_basket_takes_its_own_side_and_all_else_stays() -> None:
    coupon = promotion("coupon_shop", 50, stack_group="x", threshold_kind="amount", threshold=200)
    tier = promotion("tier_cross", 10, threshold_kind="amount", threshold=90)
    goods = baskets([("pan", 100, 1)], [("pan", 100, 2)], [("pan", 100, 4)])
    found = price(goods, promotions=[SUBSIDY, coupon, tier])
    # 100 - 20, too little for the tier; 200 - 50 - 10 against 200 - 40 - 10; 400 - 80 - 10.
    assert (found.paid / 100).tolist() == [80, 140, 310]
    assert (found.activity_amount / 100).tolist() == [80, 200, 320]
    taken = zip(found.taken.line.tolist(), found.taken.promotion.tolist(), strict=True)
    assert sorted(taken) == [(0, 0), (1, 1), (1, 2), (2, 0), (2, 2)]


def test_what_stands_beside_is_earned_on_the_price_of_the_side_taken() -> None:
    coupon = promotion("coupon_shop", 30, stack_group="x")
    cashback = rate("cashback", 0.1)
    found = priced(SUBSIDY, coupon, cashback, lines=[("pan", 100, 1)])
    assert found.given.market.tolist() == [700]


@given(
    st.lists(st.integers(1, 50), min_size=2, max_size=4),
    st.lists(st.integers(1, 60), min_size=1, max_size=3),
)
def test_nothing_is_paid_above_the_better_side_alone(cuts: list[int], coupons: list[int]) -> None:
    items = [
        promotion("markdown", c, stack_group="x", promo_id=f"m{i}") for i, c in enumerate(cuts)
    ]
    shop = [
        promotion("coupon_shop", c, stack_group="x", promo_id=f"c{i}")
        for i, c in enumerate(coupons)
    ]
    lines = [("pan", 80, 1), ("cup", 30, 2)]
    both = priced(*items, *shop, lines=lines)
    alone = [priced(*side, lines=lines).paid.sum() for side in (items, shop)]
    assert both.paid.sum() == min(alone)
    off = np.bincount(both.taken.line, weights=both.taken.amount, minlength=2)
    assert off.tolist() == (both.list_amount - both.paid).tolist()


@pytest.mark.parametrize(("other", "worth"), [("a", [950]), ("b", [400, 950])])
def test_of_the_gifts_of_a_group_the_one_worth_most_is_given(other: str, worth: list[int]) -> None:
    small = promotion("gift", 4.0, stack_group="a", promo_id="small")
    large = promotion("gift", 9.5, stack_group=other, promo_id="large")
    found = priced(small, large, lines=[("pan", 100, 1)])
    assert sorted(found.given.market.tolist()) == worth
