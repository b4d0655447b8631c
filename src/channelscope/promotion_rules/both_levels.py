"""Stack groups that reach over both levels: a subsidy at the item level excludes a shop coupon."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import numpy as np

from channelscope.promotion_rules.apportion import Cents, Counts, per_order
from channelscope.promotion_rules.item_level import price_items
from channelscope.promotion_rules.order_level import STEPS, price_orders
from channelscope.promotion_rules.promotions import Mask, Step
from channelscope.promotion_rules.till import Member, Till


def price_till(till: Till, members: Sequence[Member]) -> Till:
    """The till priced at all levels.

    Of a group with promotions at the item level and at a later one, each basket takes the side on
    which it costs less in the end, the item level where both cost the same.
    """
    found: Till | None = None
    groups = _over_both_levels(members)
    for sides in product((True, False), repeat=len(groups)):
        at_items = dict(zip(groups, sides, strict=True))
        open_to = [m for m in members if at_items.get(m[1].group, _is_item(m)) is _is_item(m)]
        trial = _copy(till)
        price_items(trial, [member for member in open_to if _is_item(member)])
        price_orders(trial, open_to)
        found = trial if found is None else _cheaper(found, trial)
    return till if found is None else found


def _over_both_levels(members: Sequence[Member]) -> list[str | None]:
    priced = [m for m in members if m[1].group and (_is_item(m) or m[1].step in STEPS)]
    items = {m[1].group for m in priced if _is_item(m)}
    return sorted(items & {m[1].group for m in priced if not _is_item(m)}, key=str)


def _is_item(member: Member) -> bool:
    return member[1].step is Step.ITEM


def _copy(till: Till) -> Till:
    return replace(till, unit=till.unit.copy(), left=till.left.copy(), steps=[])


def _cheaper(one: Till, other: Till) -> Till:
    """Each basket as the till has it in which it costs less, `one` where both agree."""
    costs = [per_order(till.left, order=till.order, orders=len(till.at)) for till in (one, other)]
    moved = (costs[1] < costs[0])[one.order]
    merged = {
        name: np.where(moved, getattr(other, name), getattr(one, name))
        for name in ("unit", "activity", "left")
    }
    steps = _kept(one, ~moved) + _kept(other, moved)
    return replace(one, **merged, steps=steps)


def _kept(till: Till, lines: Mask) -> list[tuple[Counts, int, Cents]]:
    """What was taken off some of the lines of the till."""
    wanted = np.zeros(int(till.line.max(initial=-1)) + 1, dtype=bool)
    wanted[till.line[lines]] = True
    return [(line[wanted[line]], number, part[wanted[line]]) for line, number, part in till.steps]
