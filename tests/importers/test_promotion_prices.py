"""What a buyer pays under printed promotions: read from the text, priced by the rule engine."""

from __future__ import annotations

import pytest

from tests.importers.printed_rules import promotions
from tests.promotion_rules.tills import net, priced


def paid(text: str, *lines: float, eligible: tuple[str, ...] = ()) -> float:
    """What one piece of each list price costs together; pieces of one price are one product."""
    basket = [(f"at {price}", price, lines.count(price)) for price in dict.fromkeys(lines)]
    return net(*promotions(text), lines=basket, eligible=eligible)


@pytest.mark.parametrize(
    ("text", "prices", "expected"),
    [
        ("第2件半价", [100], 100),
        ("第2件半价", [100] * 2, 150),
        ("第2件半价", [100] * 3, 250),
        ("第2件半价", [100] * 4, 300),
        ("第2件半价", [100, 40], 120),
        ("第3件免费", [100] * 3, 200),
        ("第2件减10元", [100] * 4, 380),
        ("满2件9折", [100], 100),
        ("满2件9折", [100] * 3, 270),
        ("满2件9折,满3件8折", [100] * 2, 180),
        ("满2件9折,满3件8折", [100] * 3, 240),
        ("满2件减10", [100] * 4, 390),
        ("每满1件减40", [269], 229),
        ("3件99元", [50] * 3, 99),
        ("99元任选3件", [50] * 4, 149),
        ("1件7.92折", [100], 79.2),
        ("每满300减50", [650], 550),
        ("满300减50", [650], 600),
        ("每满300减50,最高减80", [650], 570),
        ("满199减20,399减50", [398], 378),
        ("满199减20,399减50", [399], 349),
        ("跨店满300减50", [299], 299),
        ("跨店满300减50", [900], 750),
        ("满88享8.8折", [100], 88),
        ("满3享8折减20", [100], 80),
        ("超级立减15%", [100], 85),
        ("8.5折", [100], 85),
        ("85折", [100], 85),
        ("减400元", [2599], 2199),
        ("一口价2298元", [4999], 2298),
        ("一口价2298元", [1999], 1999),
        ("限时秒杀99元", [129] * 2, 198),
        ("￥20百亿补贴", [100] * 2, 160),
        ("国补15%,最高减2000元", [20000], 18000),
        ("优惠券￥20", [100] * 2, 180),
        ("店铺券满199减20;满399减50优惠券", [400], 350),
        ("淘金币已抵3元;支付立减2元", [100], 95),
        ("返现5元;包邮;满50赠保温杯;以旧换新补贴20元", [100], 100),
        ("15% off", [100], 85),
        ("Coupon 5%;Lightning Deal 20% off", [100], 75),
        ("$10 off orders over $50", [49.99], 49.99),
        ("$10 off orders over $50", [50], 40),
        ("Buy 2 get 1 free", [30] * 3, 60),
        ("Buy 2 get 1 free", [30] * 7, 150),
    ],
)
def test_what_everybody_pays(text: str, prices: list[float], expected: float) -> None:
    assert paid(text, *prices) == expected


@pytest.mark.parametrize(
    ("text", "who", "price", "expected"),
    [
        ("预售定金100抵220", "presale", 899, 779),
        ("预售定金100抵220+尾款立减50", "presale", 899, 729),
        ("定金50膨胀3倍", "presale", 899, 799),
        ("店铺新客立减5元", "new", 100, 95),
        ("新人价9.9元", "new", 100, 9.9),
        ("88VIP 95折", "member", 100, 95),
        ("会员价99元", "member", 120, 99),
        ("88VIP消费券满500减50", "member", 500, 450),
        ("Subscribe & Save 5%", "member", 100, 95),
    ],
)
def test_what_only_some_pay(text: str, who: str, price: float, expected: float) -> None:
    assert paid(text, price, eligible=(who,)) == expected
    assert paid(text, price) == price


def test_the_deposit_is_paid_in_advance() -> None:
    found = priced(*promotions("预售定金100抵220"), lines=[("pan", 899.0, 1)], eligible=["presale"])
    assert found.deposit.tolist() == [10_000]


def test_the_campaign_rate_is_taken_on_the_price_after_the_markdown() -> None:
    """标价 4000 × .75 = 日常价 3000, less 12% of it: 2640; and not 4000 less 12% and a quarter."""
    assert paid("7.5折;官方立减12%", 4000) == 2640


@pytest.mark.parametrize(
    ("text", "price", "expected", "who"),
    [
        ("店铺新客立减3元\n淘金币已抵3.74元\n满1件7.99折", 74.8, 53.03, ("new",)),
        ("超级立减300元;退货宝;7天价保", 999, 699, ()),
        ("促销¥550\n满999减550\n优惠券¥50\n满900减50", 1049, 449, ()),
        ("优惠券¥2.8\n满1享9折减2.8", 28, 25.2, ()),
        ("促销¥20\n每满149减20", 149, 129, ()),
        ("优惠券¥10\n神券满70减10", 199, 189, ()),
    ],
)
def test_shelf_prices_that_a_shop_printed_beside_its_promotions(
    text: str, price: float, expected: float, who: tuple[str, ...]
) -> None:
    assert paid(text, price, eligible=who) == expected
