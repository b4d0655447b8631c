"""Openings that were not: in categories the new store does not sell, and in the weeks before.

Before the opening a week is held against the same week a year later, to which is added what the
new store is estimated to have taken there: if sales had already fallen before it opened, that sum
is too large and the placebo reads a loss.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope.dimensions._opening_cells import Panel
from channelscope.estimates import Floats
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.opening_diversion import MINIMUM_CONTROLS, Diversion, diversion
from channelscope.trading import LEAST_WEEKS, YEAR_WEEKS

MOST_OFF = 0.25
"""More categories than this, and more than one, that read other than zero: no estimate holds."""
STEP = 4
"""Weeks told together as one point of the path of an effect."""
FIRST_STEP, LAST_STEP = -24, 48


@dataclass(frozen=True, slots=True)
class Asked:
    """An opening, the weeks after it that are compared, and the categories it touched."""

    panel: Panel
    weeks: tuple[int, ...]
    exposed: Bools

    @property
    def controls(self) -> Bools:
        """The categories that it did not."""
        return ~self.exposed

    @property
    def gained(self) -> float:
        """What the new store sold in the weeks."""
        return float(self.panel.gains(self.weeks).sum())


@dataclass(frozen=True, slots=True)
class Placebos:
    """How many were tried and how many read other than zero. Shapes: (stores,)."""

    tried: npt.NDArray[np.int64]
    off: npt.NDArray[np.int64]
    refuted: Bools
    """The estimate cannot be told: too many were off, or the weeks before the opening were."""


def placebos(asked: Asked, found: Diversion) -> Placebos:
    """Every control category as if it were the new store's, and the weeks before the opening."""
    tried, off = _in_categories(asked)
    too_many = (off > 1) & (off > MOST_OFF * tried)
    weeks = asked.panel.known(range(-len(asked.weeks), 0), shift=YEAR_WEEKS)
    if len(weeks) < LEAST_WEEKS:
        return Placebos(tried, off, too_many)
    early = lost(asked, found, weeks)
    is_off = _is_off(early)
    return Placebos(tried + np.isfinite(early.error), off + is_off, too_many | is_off)


def _in_categories(asked: Asked) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    cells, stores = asked.panel.cells(asked.weeks), len(asked.panel.sellers)
    tried, off = np.zeros(stores, np.int64), np.zeros(stores, np.int64)
    if asked.controls.sum() <= MINIMUM_CONTROLS:
        return tried, off
    for at in np.flatnonzero(asked.controls).tolist():
        alone = np.arange(len(asked.exposed)) == at
        read = diversion(
            cells, exposed=alone, controls=asked.controls & ~alone, gained=asked.gained
        )
        tried, off = tried + np.isfinite(read.error), off + _is_off(read)
    return tried, off


def _is_off(read: Diversion) -> Bools:
    return np.asarray((read.lo > 0) | (read.hi < 0))


def lost(asked: Asked, found: Diversion, weeks: Sequence[int]) -> Diversion:
    """What stores lost in some weeks, of what the new store sells in as many compared ones."""
    part = asked.gained * len(weeks) / len(asked.weeks)
    if weeks[0] >= 0:
        return diversion(
            asked.panel.cells(weeks), exposed=asked.exposed, controls=asked.controls, gained=part
        )
    later = [week + YEAR_WEEKS for week in weeks]
    gains = np.where(asked.exposed, asked.panel.gains(later), 0.0)
    cells = asked.panel.cells(weeks, shift=YEAR_WEEKS)
    taken = np.nan_to_num(found.share)[:, None] * np.where(cells.before > 0, gains, 0.0)
    error = np.nan_to_num(found.error) * gains.sum()
    return diversion(
        replace(cells, before=cells.before + taken), exposed=asked.exposed,
        controls=asked.controls, gained=part, extra=error**2,
    )  # fmt: skip


def path(store_id: str, asked: Asked, found: Diversion) -> pl.DataFrame:
    """Rows of `opening_weeks`: what each store lost, four weeks by four, before and after."""
    sellers = pl.Series("from_store", asked.panel.sellers, dtype=pl.String)
    parts = [pl.DataFrame(schema=TABLES["opening_weeks"])]
    for first in range(FIRST_STEP, LAST_STEP, STEP):
        weeks = range(first, first + STEP)
        shift = YEAR_WEEKS if first < 0 else -YEAR_WEEKS
        if len(asked.panel.known(weeks, shift=shift)) < STEP:
            continue
        read = lost(asked, found, weeks)
        known = np.isfinite(read.error) & np.isfinite(found.error)
        numbers = {name: _where(known, getattr(read, name)) for name in ("share", "lo", "hi")}
        rows = pl.DataFrame({"from_store": sellers, **numbers}).with_columns(
            store_id=pl.lit(store_id), first_week=pl.lit(first, pl.Int64),
            last_week=pl.lit(weeks[-1], pl.Int64),
        )  # fmt: skip
        parts.append(rows.filter(pl.Series(known)).select(parts[0].columns))
    return pl.concat(parts).sort("from_store", "first_week")


def _where(known: Bools, values: Floats) -> Floats:
    return np.where(known, values, np.nan)
