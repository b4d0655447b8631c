"""Baskets that a price of one piece makes dearer: with it they fall short of a threshold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope.dimensions._listed_days import Counts, Listed
from channelscope.promotion_rules import Base, Promotion, Step

ALL = "all"
_NO_PRODUCT = "sku:"
_NONE = -1
Mask = NDArray[np.bool_]


def made_dearer(listed: Listed, priced: pl.DataFrame) -> pl.DataFrame:
    """The baskets of `priced` that cost more than without one item-level rule.

    One rule at a time is taken away, whoever pays for it: `rule` is its position, `without` what
    the basket costs then. Only baskets that also see a threshold that a lower price can break are
    priced again; rules that never meet in a basket are taken away together, so that is done two or
    three times, not once per rule.
    """
    found = [
        _without(listed, priced.with_columns(rule=pl.Series(layer)).filter(pl.col("rule") != _NONE))
        for layer in _layers(listed, priced)
    ]
    none = priced.clear().with_columns(rule=pl.lit(None, pl.Int64), without=pl.lit(None, pl.Int64))
    return pl.concat([none, *found])


def _without(listed: Listed, some: pl.DataFrame) -> pl.DataFrame:
    gone = set(some["rule"])
    # It keeps its place among the rules, where its group is due, and covers nothing.
    rules = tuple(
        replace(rule, scope=_NO_PRODUCT) if number in gone else rule
        for number, rule in enumerate(listed.rules)
    )
    bare = pl.Series(listed.price(some, rules=rules).paid)
    return some.with_columns(without=bare).filter(pl.col("net") > pl.col("without"))


def _layers(listed: Listed, cells: pl.DataFrame) -> list[Counts]:
    """Rules that bear on baskets, in layers: one of each layer at most bears on a basket."""
    open_to_all = [(n, rule) for n, rule in enumerate(listed.rules) if rule.eligibility == ALL]
    can_break = _any_bears(listed, cells, [rule for _, rule in open_to_all if _is_broken(rule)])
    layers: list[Counts] = []
    for number, rule in open_to_all:
        if rule.step is not Step.ITEM:
            continue
        mine = np.flatnonzero(can_break & _bears(listed, cells, rule))
        layer = next((each for each in layers if (each[mine] == _NONE).all()), None)
        if layer is None:
            layer = np.full(cells.height, _NONE)
            layers.append(layer)
        layer[mine] = number
    return layers


def _is_broken(rule: Promotion) -> bool:
    """Whether a lower price of one piece may fall short of it."""
    return (
        Step.ITEM < rule.step < Step.BESIDE
        and rule.threshold_kind == "amount"
        and rule.base is not Base.LIST
    )


def _any_bears(listed: Listed, cells: pl.DataFrame, rules: Sequence[Promotion]) -> Mask:
    found = np.zeros(cells.height, dtype=bool)
    for rule in rules:
        found |= _bears(listed, cells, rule)
    return found


def _bears(listed: Listed, cells: pl.DataFrame, rule: Promotion) -> Mask:
    """Whether a rule runs in the store, and covers the product, of each basket."""
    if rule.store_id not in listed.stores:
        return np.zeros(cells.height, dtype=bool)
    covered, on = listed.reach(rule)
    store, sku, stretch = (cells[name].to_numpy() for name in ("store", "sku", "stretch"))
    return np.asarray(
        (store == listed.stores.index(rule.store_id))
        & (stretch >= on.start) & (stretch < on.stop) & covered[sku]
    )  # fmt: skip
