"""What promotions do: as a regression would see it, and as a run without them shows it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.calendar import LAST_YEAR, WEEK, WEEKS
from sample_data.generator.promotions import Promotion
from sample_data.generator.shelf import Shelf, build_shelf
from sample_data.generator.simulation import Design, simulate
from sample_data.generator.stores import IDS
from sample_data.generator.tallies import tally

ROUNDS = 60  # of sweeping out the two effects; they converge far earlier
FIRST_YEAR_WEEK = int(WEEK[LAST_YEAR]) + 1  # the first whole week of the last 12 months


def associated_lift(units: NDArray[np.float64], *, shelf: Shelf, store: int) -> float:
    """Units in deal weeks over the SKU's own level, from log units with SKU and week effects.

    *Shapes*: `units` (stores, SKUs, weeks), the whole span.
    """
    deal = _deal_weeks(shelf, store=store)
    used = (units[store] > 0) & shelf.in_stock[store].T
    used[:, [0, WEEKS - 1]] = False  # weeks cut by the ends of the data
    outcome = _sweep(np.log(np.maximum(units[store], 1)), used=used)
    treated = _sweep(deal.astype(np.float64), used=used)
    return float(np.exp((outcome * treated).sum() / (treated * treated).sum()))


def caused_lift(
    design: Design,
    *,
    sold: NDArray[np.float64],
    store: str,
    dropped: Callable[[Promotion], bool],
    lines: int,
    seed: int,
) -> float:
    """Units with the dropped promotions over units without, everybody's random numbers the same.

    Of the products and weeks with a deal when deals are dropped; of the whole store otherwise.
    Last 12 months, whole weeks. `sold` is what `weekly_units` counts with all promotions.
    """
    number = IDS.index(store)
    left = tuple(p for p in design.promotions if not (p.store == number and dropped(p)))
    without = dataclasses.replace(design, shelf=build_shelf(design.catalogue, promotions=left))
    lost = _deal_weeks(design.shelf, store=number) & ~_deal_weeks(without.shelf, store=number)
    cells = lost if lost.any() else np.ones_like(lost)
    cells[:, :FIRST_YEAR_WEEK] = False
    unsold = weekly_units(without, lines=lines, seed=seed)
    return float(sold[number][cells].sum() / unsold[number][cells].sum())


def weekly_units(design: Design, *, lines: int, seed: int) -> NDArray[np.float64]:
    """(stores, SKUs, weeks): pieces sold in one run."""
    skus = len(design.catalogue.sku)
    return tally(simulate(design, lines=lines, seed=seed), skus=skus).all_units


def _deal_weeks(shelf: Shelf, *, store: int) -> NDArray[np.bool_]:
    """(SKUs, weeks): which products were a weekly deal."""
    found = np.zeros((WEEKS, shelf.list_price.shape[1]), dtype=bool)
    np.logical_or.at(found, WEEK, shelf.is_deal[store])
    return found.T


def _sweep(table: NDArray[np.float64], *, used: NDArray[np.bool_]) -> NDArray[np.float64]:
    """The table less its row and column effects, over the used cells; 0 elsewhere."""
    rest = np.where(used, table, 0.0)
    for _ in range(ROUNDS):
        for axis in (0, 1):
            count = np.maximum(used.sum(axis=axis, keepdims=True), 1)
            rest = np.where(used, rest - rest.sum(axis=axis, keepdims=True) / count, 0.0)
    return rest
