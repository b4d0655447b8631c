"""Shop, platform, points and payment level: what comes off a basket as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from channelscope.promotion_rules.apportion import Cents, Counts, divide_half_up, per_order
from channelscope.promotion_rules.promotions import MILLION, THOUSAND, Mask, Promotion, Step
from channelscope.promotion_rules.till import Member, Till, Window, covered_sum, in_order, in_turn

STEPS = (Step.SHOP, Step.PLATFORM, Step.POINTS, Step.PAYMENT)


def price_orders(till: Till, members: Sequence[Member]) -> None:
    """Take off what each basket earns at every step, in their order.

    Thresholds and rates look at their stated base, so what stands on list or activity prices is
    earned side by side (满减 and 跨店满减); none takes more than its lines still cost. Of a group
    the promotion that takes most off the basket when the first of the group is due applies, of
    equal ones the first by priority and id.
    """
    chosen: dict[int, Mask] = {}
    priced = [member for member in members if member[1].step in STEPS]
    for step in STEPS:
        due = [member for member in priced if member[1].step is step]
        for unit in in_turn(due, lambda promotion: promotion.group):
            group = unit[0][1].group
            rivals = [m for m in priced if group and m[1].group == group]
            if len(rivals) > 1 and unit[0][0] not in chosen:
                chosen |= _choose(till, sorted(rivals, key=in_order))
            for number, promotion in unit:
                _apply(till, number, promotion, chosen.get(number))


def _choose(till: Till, rivals: Sequence[Member]) -> dict[int, Mask]:
    """For each promotion of a group the baskets in which it is the one that applies."""
    best = np.zeros(len(till.at), dtype=np.int64)
    winner = np.full(len(till.at), -1)
    for number, promotion in rivals:
        window = till.window(promotion)
        off, _ = deduction(till, promotion, window)
        better = off > best[window.baskets]
        best[window.baskets] = np.where(better, off, best[window.baskets])
        winner[window.baskets] = np.where(better, number, winner[window.baskets])
    return {number: winner == number for number, _ in rivals}


def _apply(till: Till, number: int, promotion: Promotion, where: Mask | None) -> None:
    window = till.window(promotion)
    off, covered = deduction(till, promotion, window)
    if where is not None:
        off = np.where(where[window.baskets], off, 0)
    till.take(number, window, off, covered)


def deduction(till: Till, promotion: Promotion, window: Window) -> tuple[Cents, Mask]:
    """What the promotion takes off each basket of its window, and the lines it looks at."""
    covered = till.covered(promotion, window.lines)
    base = covered_sum(till, till.base(promotion.base), covered, window)
    left = covered_sum(till, till.left, covered, window)
    times = earned(till, promotion, window, base=base, covered=covered)
    kind = promotion.benefit_kind
    if kind == "rate" and promotion.threshold_kind == "qty" and promotion.repeat:
        value = _pieces_worth(till, promotion, window, covered, count=times, dearest=False)
        off = divide_half_up(value * promotion.benefit, np.full_like(value, MILLION))
    elif kind == "rate":
        if promotion.mechanism == "bundle" and promotion.components:
            base = _set_worth(till, promotion, window, covered, sets=times, count=times)
        off = divide_half_up(base * promotion.benefit, np.full_like(base, MILLION))
    elif kind == "price":
        each = promotion.threshold // THOUSAND if promotion.threshold_kind == "qty" else 1
        whole = times * max(each, 1)
        off = _set_worth(till, promotion, window, covered, sets=times, count=whole)
        off = off - times * promotion.benefit
    else:
        off = times * promotion.benefit
    off = np.where(times > 0, off, 0)
    if promotion.cap is not None:
        off = np.minimum(off, promotion.cap)
    return np.clip(off, 0, left), covered


def earned(
    till: Till, promotion: Promotion, window: Window, *, base: Cents, covered: Mask
) -> Counts:
    """How many times each basket reaches the threshold: once at most unless it repeats."""
    pieces = covered_sum(till, till.pieces, covered, window)
    if promotion.mechanism == "bundle" and promotion.components:
        times = _sets(till, promotion, window)
    elif promotion.threshold_kind == "none" or promotion.threshold <= 0:
        return np.minimum(pieces, 1)
    else:
        tested = pieces if promotion.threshold_kind == "qty" else base
        times = np.where(pieces > 0, tested // promotion.threshold, 0)
    return times if promotion.repeat or promotion.mechanism == "bundle" else np.minimum(times, 1)


def _sets(till: Till, promotion: Promotion, window: Window) -> Counts:
    """How many whole sets of one piece of each component lie in each basket."""
    fewest: Counts | None = None
    names = np.array([name for name, _ in till.names])
    for component in promotion.components:
        mine = (names == component)[till.sku[window.lines]]
        count = covered_sum(till, till.pieces, mine, window) // THOUSAND
        fewest = count if fewest is None else np.minimum(fewest, count)
    return fewest if fewest is not None else np.zeros(window.count, dtype=np.int64)


def _set_worth(
    till: Till, promotion: Promotion, window: Window, covered: Mask, *, sets: Counts, count: Counts
) -> Cents:
    """What the pieces of the sets cost on the stated base."""
    if promotion.mechanism != "bundle" or not promotion.components:
        return _pieces_worth(till, promotion, window, covered, count=count, dearest=True)
    worth = np.zeros(window.count, dtype=np.int64)
    names = np.array([name for name, _ in till.names])
    for component in promotion.components:
        mine = covered & (names == component)[till.sku[window.lines]]
        worth += _pieces_worth(till, promotion, window, mine, count=sets, dearest=True)
    return worth


def _pieces_worth(
    till: Till, promotion: Promotion, window: Window, covered: Mask, *, count: Counts, dearest: bool
) -> Cents:
    """What the dearest, or the cheapest, `count` whole pieces of each basket cost on the base."""
    order = till.order[window.lines] - window.baskets.start
    whole = np.where(covered, till.pieces[window.lines] // THOUSAND, 0)
    cost = till.base(promotion.base)[window.lines]
    unit = divide_half_up(cost * THOUSAND, till.pieces[window.lines])
    ranked = np.lexsort((till.sku[window.lines], -unit if dearest else unit, order))
    order, whole, unit = order[ranked], whole[ranked], unit[ranked]
    cost, pieces = cost[ranked], till.pieces[window.lines][ranked]
    before = np.cumsum(whole) - whole
    first = np.searchsorted(order, np.arange(window.count))
    if not len(order):
        return np.zeros(window.count, dtype=np.int64)
    start = before[np.minimum(first, len(order) - 1)]
    used = np.clip(count[order] - (before - start[order]), 0, whole)
    # A line that is used whole is worth what it costs, whatever a rounded piece of it would.
    worth = np.where(used * THOUSAND == pieces, cost, used * unit)
    return per_order(worth, order=order, orders=window.count)
