"""The item level: one price per piece, the best of those that exclude each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from channelscope.promotion_rules.apportion import Cents, Counts, divide_half_up, per_order
from channelscope.promotion_rules.baskets import amount
from channelscope.promotion_rules.promotions import MILLION, Promotion
from channelscope.promotion_rules.till import Member, Till, in_turn


def price_items(till: Till, members: Sequence[Member]) -> None:
    """Bring every line of the till to its activity price (活动价).

    Of a group the promotion that takes most off a piece applies, of equal ones the first by
    priority and id. Groups follow one another by priority, each on its stated base.
    """
    for group in in_turn(members, lambda promotion: promotion.exclusive_group):
        _best_of(till, group)
    till.activity = till.left.copy()


def _best_of(till: Till, group: Sequence[Member]) -> None:
    best = np.zeros(len(till.line), dtype=np.int64)
    taken_by = np.full(len(till.line), -1)
    for number, promotion in group:
        lines = till.window(promotion).lines
        cut = np.where(till.covered(promotion, lines), _cut(till, promotion, lines), 0)
        better = cut > best[lines]
        best[lines] = np.where(better, cut, best[lines])
        taken_by[lines] = np.where(better, number, taken_by[lines])
    cut_at = np.flatnonzero(taken_by >= 0)
    if not len(cut_at):
        return
    before = till.left[cut_at]
    till.unit[cut_at] -= best[cut_at]
    till.left[cut_at] = amount(till.unit[cut_at], till.pieces[cut_at])
    off = before - till.left[cut_at]
    for number in np.unique(taken_by[cut_at]).tolist():
        mine = taken_by[cut_at] == number
        till.steps.append((till.line[cut_at[mine]], number, off[mine]))


def _cut(till: Till, promotion: Promotion, lines: slice) -> Cents:
    """What the promotion takes off one piece of each line, not more than the piece costs."""
    base, running = till.unit_base(promotion.base)[lines], till.unit[lines]
    if promotion.benefit_kind == "rate":
        cut = divide_half_up(base * promotion.benefit, np.full_like(base, MILLION))
    elif promotion.benefit_kind == "price":
        cut = running - promotion.benefit
    elif promotion.benefit_kind == "credit":
        cut = np.full_like(base, promotion.benefit - promotion.threshold)
    else:
        cut = np.full_like(base, promotion.benefit)
    if promotion.cap is not None:
        cut = np.minimum(cut, promotion.cap)
    return np.where(_reached(till, promotion, lines), np.clip(cut, 0, running), 0)


def _reached(
    till: Till, promotion: Promotion, lines: slice
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Whether the pieces of the product reach the threshold; a deposit is none."""
    if promotion.benefit_kind == "credit" or promotion.threshold_kind == "none":
        return np.ones(lines.stop - lines.start, dtype=bool)
    values = till.pieces
    if promotion.threshold_kind == "amount":
        values = amount(till.unit_base(promotion.base), till.pieces)
    return np.asarray(_of_product(till, values)[lines] >= promotion.threshold)


def _of_product(till: Till, values: Counts) -> Counts:
    """The values of each line, of all lines of its product in the basket together."""
    _, product = np.unique(till.order * len(till.names) + till.sku, return_inverse=True)
    return per_order(values, order=product, orders=len(till.line))[product]
