"""The till of one store while it works: lines sorted by time, and what each still costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from channelscope.promotion_rules.apportion import Cents, Counts, apportion, per_order
from channelscope.promotion_rules.baskets import Baskets, amount
from channelscope.promotion_rules.promotions import ONE_PRICE, Base, Goods, Mask, Promotion


@dataclass(frozen=True, slots=True)
class Window:
    """The baskets and lines of the till that were priced while a promotion ran."""

    baskets: slice
    lines: slice

    @property
    def count(self) -> int:
        """How many baskets it has."""
        return int(self.baskets.stop - self.baskets.start)


@dataclass(slots=True)
class Till:
    """Working state of one store. *Shapes*: `basket`, `at`, `first` (baskets,), the rest (lines,).

    *Units*: cents, pieces in thousandths. `unit` is what a piece costs so far, `left` what the
    line costs so far, `line` and `basket` their positions in the baskets that came in. `activity`
    is known once the item level is done. `steps` collects what each promotion took off which line.
    """

    basket: Counts
    at: NDArray[np.datetime64]
    first: Counts
    line: Counts
    order: Counts
    line_no: Counts
    sku: Counts
    names: Goods
    pieces: Counts
    list_price: Cents
    unit: Cents
    list_amount: Cents
    activity: Cents
    left: Cents
    steps: list[tuple[Counts, int, Cents]] = field(default_factory=list)

    def window(self, promotion: Promotion) -> Window:
        """The baskets from the promotion's first to its last moment, and their lines."""
        start = int(np.searchsorted(self.at, promotion.starts, side="left"))
        stop = max(int(np.searchsorted(self.at, promotion.ends, side="right")), start)
        edges = np.append(self.first, len(self.line))
        return Window(slice(start, stop), slice(int(edges[start]), int(edges[stop])))

    def covered(self, promotion: Promotion, lines: slice) -> Mask:
        """Which of the lines lie in the promotion's scope."""
        return np.asarray(promotion.covers(self.names)[self.sku[lines]])

    def base(self, base: Base) -> Cents:
        """What the lines cost on the stated base."""
        return {Base.LIST: self.list_amount, Base.ACTIVITY: self.activity}.get(base, self.left)

    def unit_base(self, base: Base) -> Cents:
        """What a piece costs on the stated base; at the item level anything but list is running."""
        return self.list_price if base is Base.LIST else self.unit

    def take(self, number: int, window: Window, deduction: Cents, covered: Mask) -> None:
        """Take each basket's deduction off its covered lines, by what they still cost."""
        given = deduction > 0
        order = self.order[window.lines] - window.baskets.start
        at = np.flatnonzero(covered & given[order]) + window.lines.start
        if not len(at):
            return
        place = np.cumsum(given) - 1
        part = apportion(
            deduction[given],
            order=place[self.order[at] - window.baskets.start],
            amount=self.left[at],
            sku=self.sku[at],
            line_no=self.line_no[at],
        )
        self.left[at] -= part
        self.steps.append((self.line[at], number, part))


def covered_sum(till: Till, values: Counts, covered: Mask, window: Window) -> Counts:
    """The values of the covered lines of a window, added up per basket."""
    order = till.order[window.lines] - window.baskets.start
    kept = np.where(covered, values[window.lines], 0)
    return per_order(kept, order=order, orders=window.count)


def open_tills(baskets: Baskets) -> Iterator[tuple[str, Till]]:
    """One till per store."""
    stores, store_of = np.unique(baskets.store, return_inverse=True)
    names, sku = np.unique(baskets.sku, return_inverse=True)
    category = dict(zip(baskets.sku.tolist(), baskets.category.tolist(), strict=True))
    known = tuple((name, category[name]) for name in names.tolist())
    for number, store in enumerate(stores.tolist()):
        yield store, _till(baskets, sku, known, np.flatnonzero(store_of == number))


def _till(baskets: Baskets, sku: Counts, names: Goods, mine: Counts) -> Till:
    mine = mine[np.argsort(baskets.at[mine], kind="stable")]
    place = np.full(len(baskets.store), -1)
    place[mine] = np.arange(len(mine))
    line = np.flatnonzero(place[baskets.order] >= 0)
    line = line[np.argsort(place[baskets.order[line]], kind="stable")]
    order = place[baskets.order[line]]
    listed = baskets.list_price[line]
    total = amount(listed, baskets.pieces[line])
    return Till(
        basket=mine, at=baskets.at[mine], line=line, order=order,
        first=np.searchsorted(order, np.arange(len(mine))), line_no=baskets.line_no[line],
        sku=sku[line], names=names,
        pieces=baskets.pieces[line], list_price=listed, unit=listed.copy(), list_amount=total,
        activity=total.copy(), left=total.copy(),
    )  # fmt: skip


Member = tuple[int, Promotion]
"""A promotion and its position in the list that was given."""


def in_order(member: Member) -> tuple[int, bool, str]:
    """What comes first: the lower priority, then the price of a piece, then the id."""
    promotion = member[1]
    return promotion.priority, promotion.exclusive_group != ONE_PRICE, promotion.promo_id


def in_turn(
    members: Sequence[Member], key: Callable[[Promotion], str | None]
) -> list[list[Member]]:
    """Groups of which one applies, by their lowest priority; each of no group stands alone."""
    groups: dict[str, list[Member]] = {}
    for number, promotion in sorted(members, key=in_order):
        name = key(promotion)
        groups.setdefault(f"of {name}" if name else f"alone {number}", []).append(
            (number, promotion)
        )
    return list(groups.values())
