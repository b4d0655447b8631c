"""What the rules imply for observed orders, of buyers of whom nobody knows what they were."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from channelscope.dimensions._observed_orders import Observed, part
from channelscope.promotion_rules import Promotion, Taken, per_order, price
from channelscope.promotion_rules.apportion import Cents, Counts
from channelscope.stats.arrays import Bools

SPLIT = 1
"""Cents that a line of an order with the right total may be off: tills share a cent their way."""
FOR_ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Implied:
    """What each line costs under the rules, and how far that is from what was paid.

    *Shapes*: `taken` one entry per line and promotion; `tolerance`, `difference` (lines,),
    `off`, `money` (orders,). *Units*: cents. `difference`: paid less implied; `tolerance`: how much
    of it is none; `off`: lines beyond it, `money`: the size of what they are off.
    """

    taken: Taken
    difference: Cents
    tolerance: Cents
    off: Counts
    money: Cents

    @property
    def agrees(self) -> Bools:
        """Whether each line was paid as the rules imply."""
        return np.asarray(np.abs(self.difference) <= self.tolerance)


def imply(observed: Observed) -> Implied:
    """Every order under the eligibility that explains it best.

    Whether a buyer was a member, new, or bought in a presale is not known: an order that the rules
    for all do not explain is tried with each combination that its store's rules know. It keeps the
    one with which fewest lines are off, of those the one with least money, then the smallest.
    """
    baskets, every = observed.baskets, np.ones(observed.orders, dtype=bool)
    best = _under(observed, (), every)
    for who, stores in _eligibilities(observed.rules):
        keep = (best.off > 0) & np.isin(baskets.store, stores)
        if keep.any():
            best = _better(best, _under(observed, who, keep), keep, baskets.order)
    return best


def _eligibilities(rules: Sequence[Promotion]) -> Iterator[tuple[tuple[str, ...], list[str]]]:
    """Combinations of what a buyer can be, few first, and the stores whose rules know them all."""
    known: dict[str, set[str]] = {}
    for rule in rules:
        known.setdefault(rule.store_id, set()).add(rule.eligibility)
    kinds = sorted(set().union(*known.values()) - {FOR_ALL})
    for count in range(1, len(kinds) + 1):
        for who in combinations(kinds, count):
            stores = sorted(store for store, kinds_of in known.items() if kinds_of >= set(who))
            if stores:
                yield who, stores


def _under(observed: Observed, who: tuple[str, ...], keep: Bools) -> Implied:
    """The kept orders as such a buyer would pay them."""
    baskets, at = part(observed.baskets, keep)
    orders = len(baskets.store)
    priced = price(baskets, promotions=observed.rules, eligible=who)
    difference = observed.paid[at] - priced.paid
    size = np.abs(difference)
    largest = np.zeros(orders, dtype=np.int64)
    np.maximum.at(largest, baskets.order, size)
    total = per_order(difference, order=baskets.order, orders=orders)
    tolerance = np.where((total == 0) & (largest <= SPLIT), SPLIT, 0)[baskets.order]
    off = np.where(size > tolerance, size, 0)
    return Implied(
        taken=Taken(
            line=at[priced.taken.line], promotion=priced.taken.promotion,
            amount=priced.taken.amount,
        ),
        difference=difference,
        tolerance=tolerance,
        off=per_order((off > 0).astype(np.int64), order=baskets.order, orders=orders),
        money=per_order(off, order=baskets.order, orders=orders),
    )  # fmt: skip


def _better(best: Implied, tried: Implied, keep: Bools, order: Counts) -> Implied:
    """`best` with those of the tried orders that are less off."""
    at = np.flatnonzero(keep)
    gains = (tried.off < best.off[at]) | (
        (tried.off == best.off[at]) & (tried.money < best.money[at])
    )
    replaced = np.zeros(len(keep), dtype=bool)
    replaced[at[gains]] = True
    off, money = best.off.copy(), best.money.copy()
    off[at[gains]], money[at[gains]] = tried.off[gains], tried.money[gains]
    new = replaced[order]
    mine = new[keep[order]]
    difference, tolerance = best.difference.copy(), best.tolerance.copy()
    difference[new], tolerance[new] = tried.difference[mine], tried.tolerance[mine]
    old_kept, new_kept = ~new[best.taken.line], new[tried.taken.line]
    taken = Taken(**{
        name: np.concatenate([
            getattr(best.taken, name)[old_kept], getattr(tried.taken, name)[new_kept]
        ])
        for name in ("line", "promotion", "amount")
    })  # fmt: skip
    return Implied(taken=taken, difference=difference, tolerance=tolerance, off=off, money=money)
