"""Where an occasion becomes an order: the store that serves its need best at its basket's price."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.calendar import WEEK, in_festival
from sample_data.generator.checkout import order_deductions
from sample_data.generator.needs import APPEAL, NOWHERE, PRICE
from sample_data.generator.occasions import Buyers, Occasions
from sample_data.generator.shelf import Shelf, opening_day
from sample_data.generator.stores import (
    D1,
    D2,
    D3,
    EAST,
    F1,
    F2,
    IDS,
    M1,
    M2,
    PLATFORMS,
    REGIONS,
    S1,
    SELLING,
)

NOWHERE_TO_GO = len(SELLING)
HABIT = 2.3  # of the platform a buyer is at home on
REGULARS = 2.5  # more of it at S1, which nobody knows who is not at home on its platform
COVERAGE = 2.0  # of finding the whole basket in one store
ATTENTION = 0.35  # of a weekly deal, beyond its price
NEARBY = 2.2  # of a distributor in one's own part of the country (freight, delivery next day)
FESTIVE = 0.30  # less pull of not buying, inside a festival
RAMP_DAYS = 60  # until a new store is fully known
RAMP_START = -1.2
# Yearly growth of each store's pull: the flagship stands still, distributors gain.
GROWTH = {F1: 0.42, F2: 0.28, S1: 0.10, M1: 0.24, M2: 0.46, D1: 0.65, D2: 0.70, D3: 0.70}
# Brings the stores to their sizes: F1 F2 S1 M1 M2 D1 D2 D3.
PULL = (0.65, 0.1, -1.9, 0.2, 0.45, 0.05, -1.05, -1.05)


def choose_stores(
    occasions: Occasions, *, buyers: Buyers, shelf: Shelf, closed: frozenset[str] = frozenset()
) -> NDArray[np.int64]:
    """The store of each occasion; NOWHERE_TO_GO for none.

    Utility = need × store + lasting taste + platform habit − price of this basket there + share of
    the basket found + trend, plus the occasion's own Gumbel noise per store. A closed store is
    taken out of the choice; nothing else changes.
    """
    count = len(occasions.day)
    utility = np.empty((count, len(SELLING) + 1))
    for store, store_id in enumerate(IDS):
        if store_id in closed:
            utility[:, store] = -np.inf
            continue
        utility[:, store] = _basket_value(store, occasions=occasions, shelf=shelf)
        utility[:, store] += _pull(store, occasions=occasions, buyers=buyers)
    utility[:, -1] = NOWHERE[occasions.need] - FESTIVE * in_festival()[occasions.day]
    chosen: NDArray[np.int64] = np.argmax(utility + occasions.gumbel, axis=1)
    return chosen


def _basket_value(store: int, *, occasions: Occasions, shelf: Shelf) -> NDArray[np.float64]:
    """What price and assortment say for the store; −inf where it has nothing of the basket."""
    line, sku, pieces = occasions.line_occasion, occasions.line_sku, occasions.line_pieces
    day = occasions.day[line]
    count = len(occasions.day)
    has = shelf.in_stock[store, WEEK[day], sku]
    listed = pieces * shelf.list_price[day, sku].astype(np.int64)
    cut = shelf.markdown[store, day, sku].astype(np.int64) + shelf.subsidy[store, day, sku]
    wanted = _sum(line, listed, count)
    found = _sum(line, listed * has, count)
    activity = found - _sum(line, pieces * cut * has, count)
    rules = shelf.rules_of(np.full(count, store), occasions.day)
    off = order_deductions(activity, pieces=_sum(line, pieces * has, count), rules=rules)
    net = activity - off.tier_qty - off.coupon_shop - off.tier_cross
    deal = _sum(line, listed * (has & shelf.is_deal[store, day, sku]), count)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = -PRICE[occasions.need] * np.log(net / found)
        value += COVERAGE * np.log(found / wanted) + ATTENTION * deal / found
    return np.where(found > 0, value, -np.inf)


def _sum(line: NDArray[np.int64], values: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    # Cents below 2^53 are exact in the doubles bincount adds up.
    return np.bincount(line, weights=values, minlength=count).astype(np.int64)


def _pull(store: int, *, occasions: Occasions, buyers: Buyers) -> NDArray[np.float64]:
    buyer, day = occasions.buyer, occasions.day
    pull: NDArray[np.float64] = APPEAL[occasions.need, store] + buyers.taste[buyer, store]
    pull += PULL[store]
    at_home = buyers.home[buyer] == PLATFORMS.index(SELLING[store].platform)
    habit = HABIT + (REGULARS if store == S1 else 0)
    pull += habit * at_home + GROWTH[store] * (day / 365.0 - 1.0)
    if store in (D2, D3):
        near = np.isin(np.array(list(REGIONS)), EAST)
        pull += NEARBY * near[buyers.region[buyer]]
    opened = opening_day(store)
    if opened > 0:
        known = np.clip((day - opened) / RAMP_DAYS, 0, 1)
        pull += RAMP_START * (1 - known)
    return pull
