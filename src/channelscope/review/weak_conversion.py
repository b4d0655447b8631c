"""Many visitors who buy less often than those of stores that count visitors the same way."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from channelscope.config import Floors
from channelscope.domain import Outcome
from channelscope.estimates import Floats
from channelscope.review.sums import Sums
from channelscope.review.variance import value_of
from channelscope.stats.resampling import Scale, jackknife, with_deletions
from channelscope.trading import PERIOD

ROUNDING = 1e-9


def weak_conversion(
    sums: Sums, store: str, alike: Sequence[str], floors: Floors
) -> Iterator[dict[str, Any]]:
    """The exception, where the store converts worse than the others and its weeks say so too.

    `alike`: the stores whose visitors are counted the same way.
    """
    others = [name for name in alike if name != store]
    rate, usual = (value_of(sums, names, "conversion") for names in ([store], others))
    visitors = float(sums.side([store], PERIOD).amounts["visitors"].sum())
    if rate is None or not usual or visitors < floors.absolute:
        return
    behind = rate / usual - 1
    if behind > ROUNDING - floors.relative:
        return
    mine, theirs = (_draws(sums, names) for names in ([store], others))
    with np.errstate(all="ignore"):
        spread = jackknife(mine[0] / theirs[0], mine[1:] / theirs[1:], scale=Scale.LOG)
    if not spread.hi < 1:
        return
    value = value_of(sums, [store], "order_value") or 0.0
    yield {
        "rule": "weak_conversion", "store_id": store, "sku": None, "title": None,
        "metric": "conversion", "unit": "rate", "base": "brand", "actual": rate, "baseline": usual,
        "change": rate - usual, "relative": behind, "floor_relative": floors.relative,
        "floor_absolute": floors.absolute, "amount": visitors * (rate - usual) * value,
        "outcome": str(Outcome.DIFFERS),
    }  # fmt: skip


def _draws(sums: Sums, stores: Sequence[str]) -> Floats:
    """Their conversion, then that without each week. Shapes: (1 + weeks,)."""
    weeks = int(sums.blocks.max()) + 1
    amounts = sums.side(stores, PERIOD).amounts
    top, bottom = (
        with_deletions(np.bincount(sums.blocks, amounts[name], weeks))
        for name in ("tracked_orders", "visitors")
    )
    with np.errstate(all="ignore"):
        return np.asarray(top / bottom)
