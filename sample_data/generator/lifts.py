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

ROUNDS = 500  # of meeting the sums of SKUs, weeks and deals in turn; they converge far earlier
FIRST_YEAR_WEEK = int(WEEK[LAST_YEAR]) + 1  # the first whole week of the last 12 months


def associated_lift(units: NDArray[np.float64], *, shelf: Shelf, store: int) -> float:
    """How many times a SKU's usual units are sold in deal weeks: units = SKU × week × lift.

    Fitted so that the sums of every SKU, every week and all deal cells are met (Poisson likelihood
    with SKU and week effects). Last 12 months, whole weeks, where the SKU was in stock.
    *Shapes*: `units` (stores, SKUs, weeks), the whole span.
    """
    deal = _deal_weeks(shelf, store=store)
    used = shelf.in_stock[store].T.copy()
    used[:, :FIRST_YEAR_WEEK] = False
    used[:, WEEKS - 1] = False  # cut by the end of the data
    sold = np.where(used, units[store], 0.0)
    lift, week = 1.0, np.ones((1, sold.shape[1]))
    for _ in range(ROUNDS):
        times = np.where(used, np.where(deal, lift, 1.0), 0.0)
        sku = _met(sold, times * week, axis=1)
        week = _met(sold, times * sku, axis=0)
        lift = float(sold[deal].sum() / np.where(used, sku * week, 0.0)[deal].sum())
    return lift


def _met(
    sold: NDArray[np.float64], expected: NDArray[np.float64], *, axis: int
) -> NDArray[np.float64]:
    """What the expected numbers are multiplied by so that their sums along an axis are met."""
    total = expected.sum(axis=axis, keepdims=True)
    factor: NDArray[np.float64] = sold.sum(axis=axis, keepdims=True) / np.where(total, total, 1.0)
    return factor


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
