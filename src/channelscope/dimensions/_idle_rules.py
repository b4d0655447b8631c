"""Rules that never bite: they ran, what they cover was sold, and they took nothing off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from channelscope.dimensions._observed_orders import Observed, part
from channelscope.dimensions._rule_implied import FOR_ALL
from channelscope.promotion_rules import Promotion, Step, price
from channelscope.promotion_rules.apportion import Counts
from channelscope.results import TABLES

MOST = 50
"""Of so many idle rules, those over most lines, it is found out why they are."""


class Idle(StrEnum):
    """Why a rule takes nothing off."""

    NOBODY_ELIGIBLE = "nobody_eligible"
    THRESHOLD_NOT_REACHED = "threshold_not_reached"
    TAKES_NOTHING = "takes_nothing"
    ANOTHER_IS_BETTER = "another_is_better"
    OTHERS_COME_FIRST = "others_come_first"


@dataclass(frozen=True, slots=True)
class _Covered:
    """A rule, and the positions of the lines that it could have taken something off."""

    rule: Promotion
    lines: Counts


def idle_promotions(observed: Observed, *, bitten: Iterable[int]) -> pl.DataFrame:
    """Rows of `idle_promotions`: rules in the price that took nothing off any line they cover.

    What stands beside the price takes nothing off by its nature and is none of them.
    """
    acted = set(bitten)
    idle = [
        rule
        for number, rule in enumerate(observed.rules)
        if number not in acted and rule.step is not Step.BESIDE
    ]
    found = sorted(_covered(observed, idle), key=lambda c: (-len(c.lines), c.rule.promo_id))
    rows = [
        {
            "store_id": observed.owner[told.rule.store_id], "promo_id": told.rule.promo_id,
            "mechanism": told.rule.mechanism, "label": told.rule.label,
            "first_day": told.rule.starts.astype("datetime64[D]").item(),
            "last_day": told.rule.ends.astype("datetime64[D]").item(),
            "lines": len(told.lines),
            "reason": str(_why(observed, told)) if at < MOST else None,
        }
        for at, told in enumerate(found)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["idle_promotions"])


def _covered(observed: Observed, rules: Iterable[Promotion]) -> Iterator[_Covered]:
    """The rules that cover a line sold while they ran."""
    baskets = observed.baskets
    names, code = np.unique(baskets.sku, return_inverse=True)
    category = dict(zip(baskets.sku.tolist(), baskets.category.tolist(), strict=True))
    goods = tuple((name, category[name]) for name in names.tolist())
    store, moment = baskets.store[baskets.order], baskets.at[baskets.order]
    by_time = np.argsort(moment, kind="stable")
    mine = {name: by_time[store[by_time] == name] for name in np.unique(baskets.store).tolist()}
    for rule in rules:
        lines = mine.get(rule.store_id, by_time[:0])
        start = np.searchsorted(moment[lines], rule.starts, side="left")
        stop = np.searchsorted(moment[lines], rule.ends, side="right")
        lines = lines[start:stop]
        if not len(lines):
            continue
        lines = lines[rule.covers(goods)[code[lines]]]
        if len(lines):
            yield _Covered(rule, lines)


def _why(observed: Observed, told: _Covered) -> Idle:
    """Found by pricing the orders again: with the rule's buyers, with it alone, without rivals."""
    rule = told.rule
    who = () if rule.eligibility == FOR_ALL else (rule.eligibility,)
    store = [other for other in observed.rules if other.store_id == rule.store_id]
    if who and _bites(observed, told, store, who):
        return Idle.NOBODY_ELIGIBLE
    if not _bites(observed, told, [rule], who):
        tested = rule.threshold_kind != "none" and rule.benefit_kind != "credit"
        return Idle.THRESHOLD_NOT_REACHED if tested else Idle.TAKES_NOTHING
    alone = [o for o in store if o is rule or not _are_rivals(o, rule)]
    if len(alone) < len(store) and _bites(observed, told, alone, who):
        return Idle.ANOTHER_IS_BETTER
    return Idle.OTHERS_COME_FIRST


def _are_rivals(one: Promotion, other: Promotion) -> bool:
    """Whether only the better of both applies."""
    mine, theirs = (p.exclusive_group if p.step is Step.ITEM else p.group for p in (one, other))
    return mine is not None and mine == theirs


def _bites(
    observed: Observed, told: _Covered, rules: list[Promotion], who: tuple[str, ...]
) -> bool:
    """Whether the rule takes anything off the orders it covers under these rules."""
    keep = np.zeros(observed.orders, dtype=bool)
    keep[observed.baskets.order[told.lines]] = True
    baskets, _ = part(observed.baskets, keep)
    taken = price(baskets, promotions=rules, eligible=who).taken
    return bool(np.any(taken.promotion == rules.index(told.rule)))
