"""What goes into the rules and what comes out: arrays of whole cents, many orders at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Cents: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int64]


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


BASIS_POINTS = 10_000


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
