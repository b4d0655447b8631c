"""What a basket costs in the simulation: item level, then shop level, then platform level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from channelscope.promotion_rules import apportion, divide_half_up, per_order

Cents: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int64]
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class BasketLines:
    """The lines of many orders, in any order.

    *Shapes*: all (lines,). *Units*: money in cents per piece.

    `order` is the position of the line's order in the rules' arrays. `markdown` and `subsidy` are
    what the item level takes off one piece; list price less both is the activity price (活动价).
    `sku` and `line_no` only break ties, so any sortable values do.
    """

    order: Counts
    sku: NDArray[Any]
    line_no: Counts
    pieces: Counts
    list_price: Cents
    markdown: Cents
    subsidy: Cents

    def __post_init__(self) -> None:
        if np.any(self.pieces <= 0):
            raise ValueError("pieces must be above 0 on every line")
        if np.any(self.markdown < 0) or np.any(self.subsidy < 0):
            raise ValueError("markdown and subsidy must not be negative")
        if np.any(self.markdown + self.subsidy > self.list_price):
            raise ValueError("markdown and subsidy together must not exceed the list price")

    @property
    def activity_amount(self) -> Cents:
        """What each line costs at its activity price."""
        return self.pieces * (self.list_price - self.markdown - self.subsidy)


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRules:
    """What is on offer to each order at shop and platform level.

    *Shapes*: all (orders,). *Units*: cents, pieces; `quantity_rate` in basis points (1000: 10%).

    A promotion with benefit 0 is not on offer, whatever its threshold says.
    """

    quantity_from: Counts
    quantity_rate: Counts
    coupon_from: Cents
    coupon_amount: Cents
    cross_step: Cents
    cross_amount: Cents

    def __post_init__(self) -> None:
        if np.any((self.quantity_rate < 0) | (self.quantity_rate > BASIS_POINTS)):
            raise ValueError("quantity_rate must lie between 0 and 10000 basis points")
        if np.any(self.coupon_amount < 0) or np.any(self.cross_amount < 0):
            raise ValueError("coupon and cross-store amounts must not be negative")
        if np.any((self.cross_step <= 0) & (self.cross_amount > 0)):
            raise ValueError("a cross-store tier needs a step above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedLines:
    """Each line's list amount, what every mechanism took off, and what is paid.

    *Shapes*: all (lines,), in the order the lines came. *Units*: cents.
    """

    list_amount: Cents
    markdown: Cents
    subsidy: Cents
    tier_qty: Cents
    coupon_shop: Cents
    tier_cross: Cents

    @property
    def paid(self) -> Cents:
        """List amount less every discount."""
        discounts = (
            self.markdown + self.subsidy + self.tier_qty + self.coupon_shop + self.tier_cross
        )
        return self.list_amount - discounts


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
