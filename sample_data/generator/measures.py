"""The truths a run holds, measured on (store, SKU, week) cells and per-order tallies."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from channelscope.stats.multilateral import linked_levels
from sample_data.generator.calendar import DAYS, LAST_YEAR, WEEK, WEEKS
from sample_data.generator.checkout import order_deductions
from sample_data.generator.shelf import Shelf

LINK_SKUS, LINK_SHARE = 5, 0.10


def price_levels(value: NDArray[np.float64], units: NDArray[np.float64]) -> NDArray[np.float64]:
    """Realised price per store, first store = 100, from cells (stores, SKUs, weeks).

    Least squares of ln P_ab = p_a − p_b, each P_ab the Törnqvist index over the pair's matched
    cells; a pair is linked by at least 5 SKUs and a tenth of one store's sales.
    """
    stores = len(value)
    gaps, linked = np.zeros((stores, stores)), np.zeros((stores, stores), dtype=bool)
    for a, b in combinations(range(stores), 2):
        gap = _log_relative(value[[a, b]], units[[a, b]])
        if gap is not None:
            gaps[a, b], gaps[b, a] = gap, -gap
            linked[a, b] = linked[b, a] = True
    levels: NDArray[np.float64] = 100 * np.exp(linked_levels(gaps, linked, reference=0))
    return levels


def _log_relative(value: NDArray[np.float64], units: NDArray[np.float64]) -> float | None:
    both: NDArray[np.bool_] = np.logical_and.reduce((units > 0) & (value > 0))
    matched = np.where(both, value, 0.0).sum(axis=(1, 2))
    share = matched / np.maximum(value.sum(axis=(1, 2)), 1)
    if both.any(axis=1).sum() < LINK_SKUS or share.max() < LINK_SHARE:
        return None
    weight = (value[:, both] / matched[:, None]).mean(axis=0)
    price = np.log(value[:, both] / units[:, both])
    return float(weight @ (price[0] - price[1]))


def basket_level(
    pieces: int, *, store: int, shelf: Shelf, value: NDArray[np.float64],
    units: NDArray[np.float64],
) -> float:  # fmt: skip
    """Price per piece of a basket of so many pieces of one product; F1's realised level = 100.

    Mean over F1's cells, weighted by their value, of the log of the store's price over what F1
    realised there. *Shapes*: `value`, `units` (stores, SKUs, weeks).
    """
    price = _basket_prices(pieces, store=store, shelf=shelf)
    known = (value[0] > 0) & (price > 0) & (value[store] > 0)
    weight = value[0][known] / value[0][known].sum()
    realised = value[0][known] / units[0][known]
    return float(100 * np.exp(weight @ np.log(price[known] / realised)))


def _basket_prices(pieces: int, *, store: int, shelf: Shelf) -> NDArray[np.float64]:
    """(SKUs, weeks): mean price per piece over the days of the week inside the last 12 months."""
    day = np.arange(LAST_YEAR, DAYS)
    cut = shelf.markdown[store, day].astype(np.int64) + shelf.subsidy[store, day]
    activity = (pieces * (shelf.list_price[day] - cut)).astype(np.int64)
    days, skus = np.indices(activity.shape).reshape(2, -1)
    rules = shelf.rules_of(np.full(len(days), store), day[days])
    amount = activity.ravel()
    off = order_deductions(amount, pieces=np.full(len(days), pieces), rules=rules)
    net = (amount - off.tier_qty - off.coupon_shop - off.tier_cross) / pieces
    table = np.zeros((activity.shape[1], WEEKS))
    count = np.zeros(WEEKS)
    np.add.at(table, (skus, WEEK[day[days]]), net)
    np.add.at(count, WEEK[day], 1)
    return table / np.maximum(count, 1)
