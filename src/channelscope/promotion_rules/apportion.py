"""Sharing an order's deduction among its lines without losing a cent."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Cents: TypeAlias = NDArray[np.int64]
Counts: TypeAlias = NDArray[np.int64]


def divide_half_up(numerator: Cents, denominator: Cents) -> Cents:
    """Quotient rounded half up to a whole number; 0 where the denominator is 0.

    *Shapes*: any, broadcast. *Units*: whole numbers, not negative.

    Example:
        >>> divide_half_up(np.array([5, 4]), np.array([2, 3])).tolist()
        [3, 1]
    """
    quotient: Cents = (2 * numerator + denominator) // np.maximum(2 * denominator, 1)
    return np.where(denominator > 0, quotient, 0)


def apportion(
    deduction: Cents, *, order: Counts, amount: Cents, sku: NDArray[Any], line_no: Counts
) -> Cents:
    """Each line's part of its order's deduction, in proportion to what the line still costs.

    A shop owner reads it on the order export: a coupon of 50.00 stands there as 33.33 and 16.67.
    Lines are sorted by (amount descending, sku, line number); every line but the first gets its
    share rounded half up, the first gets what is left over. When that would push it below zero
    or above its own amount (amounts of a few cents), the excess goes on to the following lines.

    *Shapes*: `deduction` (orders,), the rest and the result (lines,). *Units*: cents.

    Args:
        deduction: what comes off each order, not more than its lines still cost.
        order: position in `deduction` of each line's order.
        amount: what each line still costs.
        sku: breaks ties between equal amounts.
        line_no: breaks ties between equal amounts of one SKU.

    Returns:
        Parts between 0 and the line's amount; they add up to each order's deduction.

    Raises:
        ValueError: a deduction is negative or above what its order's lines still cost.

    *Source*: the tail rule of marketplace order exports.

    Example:
        >>> apportion(np.array([5000]), order=np.array([0, 0]), amount=np.array([20000, 10000]),
        ...           sku=np.array(["a", "b"]), line_no=np.array([1, 2])).tolist()
        [3333, 1667]
    """
    remaining = per_order(amount, order=order, orders=len(deduction))
    if np.any((deduction < 0) | (deduction > remaining)):
        raise ValueError("a deduction must lie between 0 and what the order still costs")
    ranked = np.lexsort((line_no, sku, -amount, order))
    order, amount = order[ranked], amount[ranked]
    first = np.ones(len(order), dtype=bool)
    first[1:] = order[1:] != order[:-1]
    share = divide_half_up(deduction[order] * amount, remaining[order])
    share[first] = 0
    tail = deduction - per_order(share, order=order, orders=len(deduction))
    share[first] = np.clip(tail[order[first]], 0, amount[first])
    left = deduction - per_order(share, order=order, orders=len(deduction))
    if np.any(left):
        share = share + _spill(left, order=order, first=first, room=amount - share)
        share = share - _spill(-left, order=order, first=first, room=share)
    result = np.empty_like(share)
    result[ranked] = share
    return result


def per_order(values: Cents, *, order: Counts, orders: int) -> Cents:
    """The sum of the lines' values per order."""
    total = np.zeros(orders, dtype=np.int64)
    np.add.at(total, order, values)
    return total


def _spill(excess: Cents, *, order: Counts, first: NDArray[np.bool_], room: Cents) -> Cents:
    """Fill the room of sorted lines one after the other until the order's excess is used up."""
    running = np.cumsum(room) - room
    start = running[first][np.cumsum(first) - 1]
    filled: Cents = np.clip(excess[order] - (running - start), 0, room)
    return filled
