"""What stands beside the price: gifts, free shipping, cashback, trade-in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from channelscope.promotion_rules.apportion import Cents, Counts, divide_half_up
from channelscope.promotion_rules.baskets import amount
from channelscope.promotion_rules.order_level import earned
from channelscope.promotion_rules.promotions import MILLION, Mask, Promotion
from channelscope.promotion_rules.till import Member, Till, covered_sum, in_turn


@dataclass(frozen=True, slots=True)
class GiftWorth:
    """What one piece of a gift is worth to the consumer and costs the merchant, in cents."""

    market: int | None
    cost: int | None


@dataclass(frozen=True, slots=True)
class Extra:
    """What one promotion adds beside the price. *Shapes*: (n,). *Units*: cents.

    `basket`: position of the basket in the till. `market`: worth to the consumer, `cost`: cost to
    who bears it; None = not known.
    """

    number: int
    basket: Counts
    market: Cents | None
    cost: Cents | None


def extras(till: Till, members: Sequence[Member], gifts: Mapping[str, GiftWorth]) -> list[Extra]:
    """Every promotion that stands beside the price, in the baskets that earn it.

    A gift counts at market price for the consumer and at cost for the merchant: with `gift_sku`
    the benefit is pieces of that product, without it what one gift is said to be worth. Of a
    stack group one applies.
    """
    found = []
    for group in in_turn(members, lambda promotion: promotion.group):
        offered = [extra for member in group if (extra := _extra(till, member, gifts))]
        found += offered if len(offered) < 2 else _best_of(till, offered)
    return found


def _best_of(till: Till, offered: Sequence[Extra]) -> list[Extra]:
    """Of a group each basket takes what is worth most to the consumer, of equal ones the first.

    What nobody knows the worth of is taken where nothing else is offered.
    """
    best = np.full(len(till.at), -2)
    taken_by = np.full(len(till.at), -1)
    for extra in offered:
        worth = np.full(len(extra.basket), -1) if extra.market is None else extra.market
        better = worth > best[extra.basket]
        best[extra.basket[better]] = worth[better]
        taken_by[extra.basket[better]] = extra.number
    return [_part(extra, taken_by[extra.basket] == extra.number) for extra in offered]


def _part(extra: Extra, kept: Mask) -> Extra:
    market, cost = (
        None if values is None else values[kept] for values in (extra.market, extra.cost)
    )
    return Extra(extra.number, extra.basket[kept], market, cost)


def _extra(till: Till, member: Member, gifts: Mapping[str, GiftWorth]) -> Extra | None:
    """What one promotion adds, in the baskets that earn it."""
    number, promotion = member
    window = till.window(promotion)
    covered = till.covered(promotion, window.lines)
    base = covered_sum(till, till.base(promotion.base), covered, window)
    times = earned(till, promotion, window, base=base, covered=covered)
    basket = np.flatnonzero(times > 0)
    if not len(basket):
        return None
    if promotion.benefit_kind == "gift":
        market, cost = _gift(promotion, times[basket], gifts)
    else:
        worth = times * promotion.benefit
        if promotion.benefit_kind == "rate":
            worth = divide_half_up(base * promotion.benefit, np.full_like(base, MILLION))
        elif promotion.mechanism == "trade_in":
            pieces = covered_sum(till, till.pieces, covered, window)
            worth = amount(np.full_like(pieces, promotion.benefit), pieces)
        market = cost = worth[basket] if promotion.cap is None else np.minimum(
            worth[basket], promotion.cap)  # fmt: skip
    return Extra(number, basket + window.baskets.start, market, cost)


def _gift(
    promotion: Promotion, times: Counts, gifts: Mapping[str, GiftWorth]
) -> tuple[Cents | None, Cents | None]:
    if promotion.gift_sku is None:
        # Read as thousandths of a piece; without a product it is money: a tenth is cents.
        return times * promotion.benefit // 10, None
    worth = gifts.get(promotion.gift_sku, GiftWorth(None, None))
    each = times * promotion.benefit
    return tuple(
        None if price is None else amount(np.full_like(each, price), each)
        for price in (worth.market, worth.cost)
    )  # type: ignore[return-value]
