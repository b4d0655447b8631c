"""The levels in their order: item → shop → platform."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from channelscope.promotion_rules.apportion import apportion, divide_half_up, per_order
from channelscope.promotion_rules.baskets import (
    BASIS_POINTS,
    BasketLines,
    Cents,
    Counts,
    OrderRules,
    PricedLines,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderDeductions:
    """What shop and platform level take off each order. *Shapes*: (orders,). *Units*: cents."""

    tier_qty: Cents
    coupon_shop: Cents
    tier_cross: Cents


def order_deductions(activity: Cents, *, pieces: Counts, rules: OrderRules) -> OrderDeductions:
    """What comes off each order above the item level.

    Every threshold and every rate looks at the activity amount, not at what earlier promotions
    left of it (满减 and 跨店满减 are earned side by side); only the cap does: none takes more
    than is left. A basket of 400 with a coupon 400−380 and a tier 每满400减50 costs 0, not −30.

    *Shapes*: all (orders,). *Units*: cents, pieces.

    Args:
        activity: what the order costs at activity prices.
        pieces: how many pieces it holds.
        rules: what is on offer to it.

    Returns:
        The quantity tier's, the shop coupon's and the cross-store tier's deduction.
    """
    earned = activity * rules.quantity_rate
    by_quantity = divide_half_up(earned, np.full_like(activity, BASIS_POINTS))
    tier_qty = np.where(pieces >= rules.quantity_from, by_quantity, 0)
    left = activity - tier_qty
    coupon = np.where(activity >= rules.coupon_from, np.minimum(rules.coupon_amount, left), 0)
    left = left - coupon
    times = activity // np.maximum(rules.cross_step, 1)
    cross = np.minimum(times * rules.cross_amount, left)
    return OrderDeductions(tier_qty=tier_qty, coupon_shop=coupon, tier_cross=cross)


def price_orders(lines: BasketLines, *, rules: OrderRules) -> PricedLines:
    """The net price of many baskets, line by line and mechanism by mechanism.

    What a consumer pays who takes every promotion that is open to everybody.

    *Shapes*: `lines` (lines,), `rules` (orders,). *Units*: cents.

    Args:
        lines: what lies in the baskets, with the item level given per piece.
        rules: what shop and platform offer to each order.

    Returns:
        Amounts per line in the order the lines came; 0 ≤ paid ≤ list amount, and the lines'
        parts of each deduction add up to it.
    """
    orders = len(rules.coupon_from)
    left = lines.activity_amount
    deductions = order_deductions(
        per_order(left, order=lines.order, orders=orders),
        pieces=per_order(lines.pieces, order=lines.order, orders=orders),
        rules=rules,
    )
    parts: list[Cents] = []
    for deduction in (deductions.tier_qty, deductions.coupon_shop, deductions.tier_cross):
        part = apportion(
            deduction, order=lines.order, amount=left, sku=lines.sku, line_no=lines.line_no
        )
        left = left - part
        parts.append(part)
    return PricedLines(
        list_amount=lines.pieces * lines.list_price,
        markdown=lines.pieces * lines.markdown,
        subsidy=lines.pieces * lines.subsidy,
        tier_qty=parts[0],
        coupon_shop=parts[1],
        tier_cross=parts[2],
    )
