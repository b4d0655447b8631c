"""Printed promotions and the rules they are; texts that are not understood are no rules."""

from __future__ import annotations

from typing import Any

import pytest

from channelscope.importers.promotion_parts import Rule
from channelscope.importers.promotion_text import parse
from channelscope.mechanisms import CODES

COUPON, PLATFORM = {"stack_group": "coupon_shop"}, {"stack_group": "coupon_platform"}
NEW, MEMBER = {"eligibility": "new"}, {"eligibility": "member"}


def rule(mechanism: str, kind: str, benefit: float | None, **fields: Any) -> Rule:
    return Rule(mechanism=mechanism, benefit_kind=kind, benefit=benefit, **fields)


def spend(mechanism: str, least: float, off: float, **fields: Any) -> Rule:
    return rule(mechanism, "amount", off, threshold_kind="amount", threshold=least, **fields)


def pieces(kind: str, count: float, benefit: float, **fields: Any) -> Rule:
    return rule("tier_qty", kind, benefit, threshold_kind="qty", threshold=count, **fields)


DAILY = {"threshold_base": "running"}
PRINTED = {
    "超级立减15%": rule("official_cut", "rate", 0.15, **DAILY),
    "立减12%省30元": rule("official_cut", "rate", 0.12, **DAILY),
    "官方立减 12 %": rule("official_cut", "rate", 0.12, **DAILY),
    "超级立减300元": rule("official_cut", "amount", 300),
    "每满300减50": spend("tier_amount", 300, 50, repeat=True),
    "每满300元减50元": spend("tier_amount", 300, 50, repeat=True),
    "同店每200减20": spend("tier_amount", 200, 20, repeat=True),
    "满199减20": spend("tier_amount", 199, 20),
    "满199元立减20元": spend("tier_amount", 199, 20),
    "满１９９减２０": spend("tier_amount", 199, 20),
    "满300-50": spend("tier_amount", 300, 50),
    "满1,000减100": spend("tier_amount", 1000, 100),
    "满300减50 上不封顶": spend("tier_amount", 300, 50, repeat=True),
    "每满300减50,最高减150元": spend("tier_amount", 300, 50, repeat=True, cap=150),
    "满88享8.8折": rule("tier_amount", "rate", 0.12, threshold_kind="amount", threshold=88),
    "满3元享8折": rule("tier_amount", "rate", 0.2, threshold_kind="amount", threshold=3),
    "满3享8折减20": rule("tier_amount", "rate", 0.2, threshold_kind="amount", threshold=3),
    "满2件9折": pieces("rate", 2, 0.1),
    "满两件打九折": pieces("rate", 2, 0.1),
    "2件及以上88折": pieces("rate", 2, 0.12),
    "满2件，总价打9折": pieces("rate", 2, 0.1),
    "1件7.92折": pieces("rate", 1, 0.208),
    "满1件7.99折": pieces("rate", 1, 0.201),
    "满2件减10": pieces("amount", 2, 10),
    "每满1件减40": pieces("amount", 1, 40, repeat=True),
    "3件99元": pieces("price", 3, 99),
    "99元任选3件": pieces("price", 3, 99),
    "任选3件￥99": pieces("price", 3, 99),
    "第2件半价": pieces("rate", 2, 0.5, repeat=True),
    "第二件半价": pieces("rate", 2, 0.5, repeat=True),
    "第2件6折": pieces("rate", 2, 0.4, repeat=True),
    "第2件0元": pieces("rate", 2, 1, repeat=True),
    "第3件免费": pieces("rate", 3, 1, repeat=True),
    "第2件减10元": pieces("amount", 2, 10, repeat=True),
    "￥20百亿补贴": rule("subsidy", "amount", 20),
    "百亿补贴20元": rule("subsidy", "amount", 20),
    "百亿补贴价99元": rule("subsidy", "price", 99),
    "国补15%,最高减2000元": rule("subsidy", "rate", 0.15, cap=2000),
    "淘金币已抵3元": rule("points", "amount", 3, merchant_share=1.0),
    "集分宝抵3元": rule("points", "amount", 3, merchant_share=0.0),
    "店铺新客立减5元": rule("new_customer", "amount", 5, **NEW),
    "首购礼金 10元": rule("new_customer", "amount", 10, **NEW),
    "新人价9.9元": rule("new_customer", "price", 9.9, **NEW),
    "平台新客立减5元": rule("new_customer", "amount", 5, merchant_share=0.0, **NEW),
    "优惠券￥20": rule("coupon_shop", "amount", 20, **COUPON),
    "满199减20优惠券": spend("coupon_shop", 199, 20, **COUPON),
    "店铺券：满199减20": spend("coupon_shop", 199, 20, **COUPON),
    "20元优惠券（满199可用）": spend("coupon_shop", 199, 20, **COUPON),
    "店铺会员券满199减20": spend("coupon_shop", 199, 20, **COUPON, **MEMBER),
    "神券满70减10": spend("coupon_platform", 70, 10, **PLATFORM),
    "商品券满70减10": spend("coupon_item", 70, 10),
    "88VIP消费券满500减50": spend("coupon_platform", 500, 50, **PLATFORM, **MEMBER),
    "88VIP 95折": rule("member", "rate", 0.05, **MEMBER),
    "会员价99元": rule("member", "price", 99, **MEMBER),
    "PLUS会员95折": rule("member", "rate", 0.05, **MEMBER),
    "跨店满300减50": spend("tier_cross", 300, 50, repeat=True),
    "跨店每满300减50": spend("tier_cross", 300, 50, repeat=True),
    "直降30元": rule("markdown", "amount", 30),
    "减400元": rule("markdown", "amount", 400),
    "减400块": rule("markdown", "amount", 400),
    "8.5折": rule("markdown", "rate", 0.15),
    "八五折": rule("markdown", "rate", 0.15),
    "大促直降 9.05折": rule("markdown", "rate", 0.095),
    "一口价2298元": rule("markdown", "price", 2298),
    "一口价2,298元": rule("markdown", "price", 2298),
    "限时秒杀99元": rule("flash", "price", 99),
    "2人团69.9元": rule("group", "price", 69.9),
    "预售定金100抵220": rule("presale", "credit", 220, threshold_kind="amount", threshold=100,
                        eligibility="presale"),
    "付定金50元膨胀3倍": rule("presale", "credit", 150, threshold_kind="amount", threshold=50,
                        eligibility="presale"),
    "尾款立减50": rule("presale", "amount", 50, stack_group="balance", eligibility="presale"),
    "支付立减3元": rule("redpack", "amount", 3),
    "店铺红包5元": rule("redpack", "amount", 5, merchant_share=1.0),
    "返现5元": rule("cashback", "amount", 5),
    "以旧换新补贴200元": rule("trade_in", "amount", 200),
    "包邮": rule("shipping", "amount", None),
    "满99包邮": rule("shipping", "amount", None, threshold_kind="amount", threshold=99),
    "满300赠保温杯": rule("gift", "gift", None, threshold_kind="amount", threshold=300),
    "满300赠价值99元礼品": rule("gift", "gift", 99, threshold_kind="amount", threshold=300),
    "买2送1": rule("gift", "gift", None, threshold_kind="qty", threshold=2),
    "15% off": rule("markdown", "rate", 0.15),
    "$1,200 off": rule("markdown", "amount", 1200),
    "$10 off orders over $50": spend("tier_amount", 50, 10),
    "Spend $50, save $10": spend("tier_amount", 50, 10),
    "Buy 2 get 1 free": pieces("rate", 3, 1, repeat=True),
    "Buy 1, get 1 50% off": pieces("rate", 2, 0.5, repeat=True),
    "3 for $99": pieces("price", 3, 99),
    "Buy 2 save 10%": pieces("rate", 2, 0.1),
    "Subscribe & Save 5%": rule("subscribe", "rate", 0.05, **MEMBER),
    "Coupon 5%": rule("coupon_item", "rate", 0.05, threshold_base="list"),
    "Save $5 with coupon": rule("coupon_item", "amount", 5, threshold_base="list"),
    "Lightning Deal 20% off": rule("flash", "rate", 0.2),
    "10% off your first order": rule("new_customer", "rate", 0.1, **NEW),
    "Free shipping on orders over $50": rule("shipping", "amount", None, threshold_kind="amount",
                                             threshold=50),
}  # fmt: skip


@pytest.mark.parametrize("text", PRINTED)
def test_a_printed_promotion_is_one_rule(text: str) -> None:
    found = parse(text)
    assert found is not None
    assert found.rules == (PRINTED[text],)


def test_every_mechanism_but_the_bundle_is_printed_somewhere() -> None:
    """A bundle's text does not say what is in it."""
    assert {told.mechanism for told in PRINTED.values()} == set(CODES) - {"bundle"}


@pytest.mark.parametrize(
    "text",
    [
        "", "  ", "促销", "到手价99元", "99元", "15%", "300-50", "8.5折起", "低至5折", "减0元",
        "10折", "0折", "满2件100折", "满300减301", "满0减10", "立减150%",
        # Two or more pieces, or yuan: without a unit nobody knows.
        "满3享8折",
        # The rest of the set costs 1 yuan, whatever is in it; every third one of its own kind.
        "第2件1元", "第1件半价", "第2件半价 第3件免单", "每满2件9折", "1件99元",
        # Worth of the deposit unknown, less than it, or not told.
        "定金膨胀2倍", "定金100抵50", "付定金100元",
        # Bounds that the table cannot hold.
        "满300减50 限部分商品", "25号0点满700减70", "前100名半价", "满300减50(新疆除外)",
        "淘金币最多抵5元", "晒图返现5元", "满300送50", "满300送50元券", "随机立减",
        # Nothing says whether both of one piece apply.
        "8.5折 减20", "优惠券￥20 优惠券￥30",
        # No tier above another: more is asked for less.
        "满2000减500,500减100元,900减50",
        "百亿补贴满300减50", "拼团价8折", "满300减50减", "满199减20优惠券优惠券", "最高减150",
        "up to 50% off", "Buy 2 get 2 free", "$60 off orders over $50", "150% off", "Limited time deal",
        "15% off selected items", "0% off",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_no_rule(text: str) -> None:
    assert parse(text) is None


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("预售定金100抵220+尾款立减50", PRINTED["预售定金100抵220"], PRINTED["尾款立减50"]),
        ("满300减50店铺新客立减5元", spend("tier_amount", 300, 50), PRINTED["店铺新客立减5元"]),
        ("超级立减15%；淘金币已抵3元", PRINTED["超级立减15%"], PRINTED["淘金币已抵3元"]),
        ("退货宝 每满300减50\n3期免息\n包邮", PRINTED["每满300减50"], PRINTED["包邮"]),
        ("15% off and free shipping", PRINTED["15% off"], PRINTED["包邮"]),
        # The amount on top is what the rule below it takes off the piece at hand.
        (
            "促销¥550\n满999减550\n优惠券¥50\n满900减50",
            spend("tier_amount", 999, 550),
            spend("coupon_shop", 900, 50, **COUPON),
        ),
        (
            "优惠券¥2.8\n满1享9折减2.8\n首购礼金 1元",
            rule("coupon_shop", "rate", 0.1, threshold_kind="amount", threshold=1, **COUPON),
            rule("new_customer", "amount", 1, **NEW),
        ),
    ],
)
def test_several_promotions_in_one_text(text: str, first: Rule, second: Rule) -> None:
    found = parse(text)
    assert found is not None
    assert found.rules == (first, second)


@pytest.mark.parametrize("text", ["满2件9折,满3件8折", "满2件9折3件8折", "满2件9折 / 3件8折"])
def test_tiers_of_a_ladder_exclude_each_other(text: str) -> None:
    found = parse(text)
    assert found is not None
    low, high = found.rules
    assert (low.threshold, high.threshold) == (2, 3)
    assert low.stack_group == high.stack_group is not None
    assert (low.priority, high.priority) == (1, 2)


def test_a_ladder_may_name_its_threshold_once() -> None:
    found = parse("满199减20,399减50")
    assert found is not None
    assert [(tier.threshold, tier.benefit) for tier in found.rules] == [(199, 20), (399, 50)]


def test_ladders_of_different_texts_do_not_exclude_each_other() -> None:
    one, other = parse("满2件9折,满3件8折"), parse("满2件8折,满3件7折")
    assert one is not None and other is not None
    assert one.rules[0].stack_group != other.rules[0].stack_group


@pytest.mark.parametrize(
    ("text", "tool", "level", "mechanism"),
    [
        ("减400元", "官方立减", "单品级", "official_cut"),
        ("减400元", "单品宝", "单品级", "markdown"),
        ("减400元", "不认识的工具", "单品级", "markdown"),
        ("一口价2298元", "官方大促", "单品级", "markdown"),
        ("满300减50", "店铺优惠券", "店铺级", "coupon_shop"),
        ("满300减50", "店铺宝", "店铺级", "tier_amount"),
        ("满300减50", None, "跨店级", "tier_cross"),
        ("减20元", None, "店铺级", "tier_amount"),
        ("店铺券满300减50", "跨店满减", "跨店级", "coupon_shop"),
    ],
)
def test_the_tool_and_the_level_say_what_the_text_leaves_open(
    text: str, tool: str | None, level: str, mechanism: str
) -> None:
    found = parse(text, tool=tool, level=level)
    assert found is not None
    assert [told.mechanism for told in found.rules] == [mechanism]
