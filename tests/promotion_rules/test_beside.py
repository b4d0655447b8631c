"""What stands beside the price: worth to the consumer, cost to who bears it; the price stays."""

from __future__ import annotations

import pytest

from channelscope.promotion_rules import GiftWorth, Priced
from tests.promotion_rules.tills import baskets, price, priced, promotion, rate

PANS = [("pan", 100.0, 3)]
GIFTS = {"ladle": GiftWorth(market=1_990, cost=450), "lid": GiftWorth(market=None, cost=300)}


def beside(found: Priced) -> list[tuple[int, int]]:
    assert found.paid.tolist() == found.list_amount.tolist()
    return list(zip(found.given.market.tolist(), found.given.cost.tolist(), strict=True))


@pytest.mark.parametrize(("gift", "worth"), [("ladle", (3_980, 900)), ("lid", (-1, 600)),
                                             ("bowl", (-1, -1))])  # fmt: skip
def test_a_gift_counts_at_market_price_and_at_cost(gift: str, worth: tuple[int, int]) -> None:
    rule = promotion("gift", 2, gift_sku=gift, threshold_kind="amount", threshold=299)
    assert beside(priced(rule, lines=PANS, gifts=GIFTS)) == [worth]
    assert beside(priced(rule, lines=[("pan", 99.0, 3)], gifts=GIFTS)) == []


def test_a_gift_without_a_product_counts_as_what_it_is_said_to_be_worth() -> None:
    rule = promotion("gift", 19.9, threshold_kind="qty", threshold=1, repeat=True)
    assert beside(priced(rule, lines=PANS)) == [(5_970, -1)]


def test_cashback_trade_in_and_free_shipping() -> None:
    assert beside(priced(rate("cashback", 0.05), lines=PANS)) == [(1_500, 1_500)]
    assert beside(priced(rate("cashback", 0.05, cap=8.0), lines=PANS)) == [(800, 800)]
    assert beside(priced(promotion("trade_in", 30), lines=PANS)) == [(9_000, 9_000)]
    assert beside(priced(promotion("shipping", 12), lines=PANS)) == [(1_200, 1_200)]


def test_extras_stand_with_their_basket() -> None:
    short, long = [("cup", 10.0, 1)], PANS
    rule = promotion("shipping", 12, threshold_kind="amount", threshold=99)
    found = price(baskets(short, long, short, long), promotions=[rule])
    assert found.given.basket.tolist() == [1, 3]
