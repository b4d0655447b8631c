"""Net prices worked out elsewhere: the trade's own examples, one per mechanism, to the cent."""

from __future__ import annotations

from datetime import datetime

import pytest

from channelscope.mechanisms import MECHANISMS
from channelscope.promotion_rules import Step
from tests.promotion_rules.tills import baskets, net, price, priced, promotion, rate

ONE = [("pan", 100.0, 1)]


def every(threshold: float, off: float, mechanism: str = "tier_cross", **fields: object) -> object:
    return promotion(
        mechanism, off, threshold_kind="amount", threshold=threshold, repeat=True, **fields
    )


def test_coupon_and_cross_store_tier_are_earned_side_by_side_and_end_at_zero() -> None:
    """400 with a coupon 400−380 and a tier 400−50: 20 is left for the tier, none is owed back."""
    coupon = promotion("coupon_shop", 380, threshold_kind="amount", threshold=400)
    found = priced(coupon, every(400, 50), lines=[("pan", 400.0, 1)])
    assert found.paid.tolist() == [0]
    assert dict(zip(found.taken.promotion.tolist(), found.taken.amount.tolist(), strict=True)) == {
        0: 38_000, 1: 2_000,
    }  # fmt: skip


def test_a_deposit_grows_and_the_balance_is_cut() -> None:
    """899, deposit 50 counts as 150, 120 off the balance: 679, of which 50 in advance."""
    grown = promotion("presale", 150, benefit_kind="credit", threshold_kind="amount", threshold=50,
                      eligibility="presale")  # fmt: skip
    cut = promotion("markdown", 120, eligibility="presale", stack_group="balance")
    found = priced(grown, cut, lines=[("wok", 899.0, 1)], eligible=["presale"])
    assert (found.paid.tolist(), found.deposit.tolist()) == ([67_900], [5_000])
    assert net(grown, cut, lines=[("wok", 899.0, 1)]) == 899


def test_the_official_cut_adds_to_the_markdown_on_the_daily_price() -> None:
    """标价 4000 × .75 = 日常价 3000; 12% of it is 360, the product's own cut 240: 2400, and not
    2428.80; the highest tier reached of the platform's coupon leaves 2250."""
    daily = rate("markdown", 0.25, priority=1, stack_group="daily")
    official = rate("official_cut", 0.12, priority=2, threshold_base="running")
    own = promotion("markdown", 240, promo_id="own", priority=3, stack_group="own")
    tv = [("tv", 4000.0, 1)]
    assert net(daily, official, own, lines=tv) == 2400
    tiers = [
        promotion("coupon_platform", off, promo_id=f"{off}", threshold_kind="amount",
                  threshold=least, stack_group="88vip", eligibility="member")
        for least, off in ((1500, 150), (800, 80), (500, 50), (200, 20))
    ]  # fmt: skip
    assert net(daily, official, own, *tiers, lines=tv, eligible=["member"]) == 2250
    assert net(daily, official, own, *tiers, lines=tv) == 2400


def test_percentages_of_the_standard_price_add_up() -> None:
    """Amazon: deal 20% and coupon 5% of 100 are 25 off, not 24."""
    assert net(
        rate("flash", 0.20), rate("coupon_item", 0.05, threshold_base="list"), lines=ONE
    ) == (75)
    assert net(rate("flash", 0.20), rate("subscribe", 0.05), lines=ONE) == 75


@pytest.mark.parametrize(("listed", "repeat", "left"), [
    (650, True, 550), (299, True, 299), (650, False, 600), (300, False, 250),
])  # fmt: skip
def test_every_300_takes_50_off(listed: float, repeat: bool, left: float) -> None:
    rule = promotion("tier_amount", 50, threshold_kind="amount", threshold=300, repeat=repeat)
    assert net(rule, lines=[("pan", listed, 1)]) == left


def test_jd_sample_order() -> None:
    """1097.00 settled at 932.45: 15.0% of the order, apportioned over its lines."""
    found = priced(rate("tier_qty", 0.15, threshold_kind="qty", threshold=1),
                   lines=[("a", 758.0, 1), ("b", 339.0, 1)])  # fmt: skip
    assert found.paid.sum() == 93_245
    assert found.paid.tolist() == [64_430, 28_815]


def test_pdd_group_price_less_coupon() -> None:
    """拼团价 69.90 less a coupon of 5: 64.90, whatever the list price."""
    group = promotion("group", 69.9, benefit_kind="price")
    assert net(group, promotion("coupon_shop", 5), lines=ONE) == 64.9


def test_douyin_parts_borne_by_merchant_and_platform() -> None:
    """74.90 listed, 25.00 borne by the merchant and 21.00 by the platform: 28.90 is paid."""
    own = promotion("coupon_shop", 25)
    platform = promotion("coupon_platform", 21)
    assert net(own, platform, lines=[("set", 74.9, 1)]) == 28.9
    assert (own.funder, platform.funder) == ("merchant", "platform")


def test_fifty_over_three_equal_lines() -> None:
    found = priced(promotion("coupon_shop", 50), lines=[(sku, 100.0, 1) for sku in "abc"])
    assert found.paid.tolist() == [8_334, 8_333, 8_333]


@pytest.mark.parametrize("pieces", [1, 2, 3, 4, 5])
def test_the_second_piece_at_half_price(pieces: int) -> None:
    second = rate("tier_qty", 0.5, threshold_kind="qty", threshold=2, repeat=True)
    assert net(second, lines=[("cup", 40.0, pieces)]) == 40 * pieces - 20 * (pieces // 2)


def test_the_half_price_is_that_of_the_cheaper_piece() -> None:
    second = rate("tier_qty", 0.5, threshold_kind="qty", threshold=2, repeat=True)
    assert net(second, lines=[("cup", 40.0, 1), ("pot", 100.0, 1)]) == 120


@pytest.mark.parametrize(("pieces", "left"), [(2, 100), (3, 99), (4, 149), (6, 249), (7, 299)])
def test_any_three_for_99(pieces: int, left: float) -> None:
    rule = promotion("tier_qty", 99, benefit_kind="price", threshold_kind="qty", threshold=3)
    assert net(rule, lines=[("cup", 50.0, pieces)]) == left


def test_any_three_for_99_again_and_again() -> None:
    rule = promotion("tier_qty", 99, benefit_kind="price", threshold_kind="qty", threshold=3,
                     repeat=True)  # fmt: skip
    assert net(rule, lines=[("cup", 50.0, 7)]) == 2 * 99 + 50


def test_a_bundle_needs_each_of_its_products() -> None:
    rule = promotion("bundle", 120, benefit_kind="price", scope="sku:pan|lid")
    assert net(rule, lines=[("pan", 100.0, 2)]) == 200
    assert net(rule, lines=[("pan", 100.0, 3), ("lid", 50.0, 2)]) == 100 + 2 * 120
    assert net(rule, lines=[("pan", 60.0, 1), ("lid", 50.0, 1)]) == 110


def test_points_and_payment_come_last_on_what_is_left() -> None:
    coupon = promotion("coupon_shop", 20)
    points = rate("points", 0.05, cap=3)
    red = promotion("redpack", 2)
    assert net(points, red, coupon, lines=ONE) == 100 - 20 - 3 - 2
    assert net(rate("points", 0.05), red, coupon, lines=ONE) == 100 - 20 - 4 - 2


@pytest.mark.parametrize(("who", "left"), [((), 100), (("new",), 90), (("member",), 95)])
def test_only_who_is_eligible_pays_less(who: tuple[str, ...], left: float) -> None:
    new = promotion("new_customer", 10, eligibility="new")
    member = promotion("member", 5, eligibility="member")
    assert net(new, member, lines=ONE, eligible=who) == left


def test_scopes_take_in_what_they_name() -> None:
    lines = [("pan", 100.0, 1), ("cup", 40.0, 1)]
    assert net(promotion("markdown", 10, scope="sku:cup|x"), lines=lines) == 130
    assert net(promotion("markdown", 10, scope="category:p"), lines=lines) == 130
    assert net(promotion("markdown", 10, scope="category:pa"), lines=lines) == 140
    assert net(promotion("coupon_item", 30, threshold_kind="amount", threshold=100,
                         scope="sku:pan"), lines=lines) == 110  # fmt: skip
    assert net(promotion("coupon_item", 30, threshold_kind="amount", threshold=101,
                         scope="sku:pan"), lines=lines) == 140  # fmt: skip


@pytest.mark.parametrize(("base", "left"), [("list", 150), ("activity", 180), ("running", 180)])
def test_a_threshold_looks_at_its_stated_base(base: str, left: float) -> None:
    cut = rate("markdown", 0.1)
    coupon = promotion(
        "coupon_shop", 30, threshold_kind="amount", threshold=200, threshold_base=base
    )
    assert net(cut, coupon, lines=[("pan", 200.0, 1)]) == left


def test_a_running_base_sees_what_came_before() -> None:
    first = promotion("coupon_shop", 30, priority=1)
    second = promotion("tier_amount", 20, threshold_kind="amount", threshold=200, priority=2,
                       threshold_base="running")  # fmt: skip
    assert net(first, second, lines=[("pan", 210.0, 1)]) == 180
    assert net(first, second, lines=[("pan", 230.0, 1)]) == 180


def test_of_a_group_the_best_applies_also_over_steps() -> None:
    shop = promotion("coupon_shop", 10, stack_group="one")
    platform = promotion("coupon_platform", 30, threshold_kind="amount", threshold=100,
                         stack_group="one")  # fmt: skip
    assert net(shop, platform, lines=ONE) == 70
    assert net(shop, platform, lines=[("pan", 99.0, 1)]) == 89
    assert net(shop, promotion("coupon_platform", 30), lines=ONE) == 60


def test_prices_of_a_piece_that_name_no_group_exclude_each_other() -> None:
    assert net(rate("markdown", 0.1), rate("flash", 0.2), lines=ONE) == 80
    assert net(rate("markdown", 0.1), rate("flash", 0.2, stack_group="x"), lines=ONE) == 70
    assert net(rate("markdown", 0.1), rate("official_cut", 0.1), lines=ONE) == 80


def test_a_promotion_runs_from_its_first_to_its_last_moment() -> None:
    rule = promotion("markdown", 10)
    for day, left in (
        (datetime(2026, 5, 31, 23, 59, 59), 100), (datetime(2026, 6, 1), 90),
        (datetime(2026, 6, 30, 23, 59, 59), 90), (datetime(2026, 7, 1), 100),
    ):  # fmt: skip
        assert priced(rule, lines=ONE, at=day).paid.sum() == left * 100


def test_a_store_has_its_own_promotions() -> None:
    assert price(baskets(ONE, store="D1"), promotions=[promotion("markdown", 10)]).paid.sum() == 1e4


def test_a_price_above_the_running_one_raises_nothing() -> None:
    assert net(promotion("flash", 120, benefit_kind="price"), lines=ONE) == 100


def test_weighed_goods_are_rounded_once_per_line() -> None:
    found = priced(rate("markdown", 0.1), lines=[("tea", 9.99, 1.255)])
    assert found.list_amount.tolist() == [1_254]
    assert found.paid.tolist() == [1_128]  # 8.99 × 1.255 = 11.28245


def test_every_mechanism_has_a_step() -> None:
    steps = {m.code: promotion(m.code, 1).step for m in MECHANISMS}
    beside = {code for code, step in steps.items() if step is Step.BESIDE}
    assert beside == {"gift", "shipping", "cashback", "trade_in"}
    assert {code for code, step in steps.items() if step is Step.PLATFORM} == {
        "tier_cross", "coupon_platform",
    }  # fmt: skip
    assert (steps["points"], steps["redpack"]) == (Step.POINTS, Step.PAYMENT)
