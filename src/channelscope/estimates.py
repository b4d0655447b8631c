"""From block sums to rows of the `metrics` table: ratios with delete-one-block intervals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope import registry
from channelscope.registry import Metric, Unit
from channelscope.results import TABLES
from channelscope.stats.intervals import wilson
from channelscope.stats.resampling import Scale, jackknife, leave_one_out

Floats = NDArray[np.float64]

NO_WIDTH = 1e-12
"""Bounds closer than this share of their value differ by the order of summing alone."""

_SCALES = {Unit.RATE: Scale.LOGIT, Unit.MONEY: Scale.LOG, Unit.RATIO: Scale.LOG}


@dataclass(frozen=True, slots=True)
class Blocks:
    """Sums by block and store. Shapes: each value (blocks, stores); absent cells are 0 sums."""

    stores: tuple[str, ...]
    sums: Mapping[str, Floats]

    def total(self, name: str) -> Floats:
        """The sum of `name` per store."""
        total: Floats = self.sums[name].sum(axis=0)
        return total


def pivot(frame: pl.DataFrame, *, stores: Sequence[str], block: str) -> Blocks:
    """Sums of every other column of `frame` (store_id, block, …) as arrays by block and store."""
    names = [name for name in frame.columns if name not in ("store_id", block)]
    blocks = frame[block].unique().sort()
    row = {value: index for index, value in enumerate(blocks)}
    column = {value: index for index, value in enumerate(stores)}
    known = frame.filter(pl.col("store_id").is_in(list(stores)))
    at_row = np.array([row[value] for value in known[block]], dtype=np.intp)
    at_column = np.array([column[value] for value in known["store_id"]], dtype=np.intp)
    sums = {}
    for name in names:
        array = np.zeros((len(blocks), len(stores)))
        values = known[name].cast(pl.Float64).fill_null(0).to_numpy()
        np.add.at(array, (at_row, at_column), values)
        sums[name] = array
    return Blocks(tuple(stores), sums)


def ratio(
    blocks: Blocks,
    numerator: str,
    denominator: str,
    *,
    scale: Scale,
    own: tuple[Floats, Floats] | None = None,
) -> Floats:
    """Ratio per store with its interval. Shapes: (3, stores): value, lo, hi.

    `own`: variance that the blocks do not show, and its degrees of freedom.
    """
    top, bottom = blocks.sums[numerator], blocks.sums[denominator]
    value = quotient(top.sum(axis=0), bottom.sum(axis=0))
    replicates = quotient(leave_one_out(top), leave_one_out(bottom))
    idle = (top == 0) & (bottom == 0)
    extra, freedom = own or (0.0, np.inf)
    interval = jackknife(
        value, np.where(idle, np.nan, replicates), scale=scale, extra=extra, extra_freedom=freedom
    )
    return np.stack([value, interval.lo, interval.hi])


def quotient(top: Floats, bottom: Floats, *, empty: float = np.nan) -> Floats:
    """Top over bottom; `empty` where there is nothing to divide by."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(bottom == 0, empty, top / bottom)


def ratio_rows(
    metric: str,
    blocks: Blocks,
    *,
    numerator: str,
    denominator: str,
    n: str | None = None,
    coverage: Floats | None = None,
    complement: bool = False,
    reason: str | None = None,
    own: tuple[Floats, Floats] | None = None,
) -> pl.DataFrame:
    """Rows of `metrics` for numerator / denominator (or 1 minus it), one per store."""
    unit = registry.find(metric).unit
    scale = _SCALES.get(unit, Scale.IDENTITY)
    value, lo, hi = ratio(blocks, numerator, denominator, scale=scale, own=own)
    if complement:
        value, lo, hi = 1 - value, 1 - hi, 1 - lo
    return rows(
        metric, blocks.stores, value=value, lo=lo, hi=hi,
        n=None if n is None else blocks.total(n), coverage=coverage, reason=reason,
    )  # fmt: skip


def rows(
    metric: str,
    stores: Sequence[str],
    *,
    value: Floats,
    lo: Floats | None = None,
    hi: Floats | None = None,
    n: Floats | None = None,
    coverage: Floats | None = None,
    reason: str | None = None,
) -> pl.DataFrame:
    """Rows of the `metrics` table; nan becomes null, with `reason` where a value is unknown.

    Bounds that were asked for and could not be had say so beside their value.
    """
    entry = registry.find(metric)
    unknown = np.full(len(stores), np.nan)
    bounded = lo is not None and hi is not None
    if lo is not None and hi is not None:
        lo, hi = _true_bounds(entry, value, lo, hi, unknown if n is None else n)
    frame = pl.DataFrame(
        {
            "store_id": list(stores),
            "dimension": entry.dimension,
            "metric": metric,
            "value": value,
            "lo": unknown if lo is None else lo,
            "hi": unknown if hi is None else hi,
            "n": unknown if n is None else n,
            "unit": str(entry.unit),
            "better": str(entry.better),
            "coverage": unknown if coverage is None else coverage,
        }
    ).with_columns(pl.col("value", "lo", "hi", "n", "coverage").fill_nan(None))
    why = (
        pl.when(pl.col("value").is_null())
        .then(pl.lit(reason or "reason.not_in_data"))
        .when(pl.lit(bounded) & pl.col("lo").is_null())
        .then(pl.lit("reason.too_few_blocks"))
    )
    return frame.with_columns(outcome_reason=why).cast(TABLES["metrics"])


def _true_bounds(
    entry: Metric, value: Floats, lo: Floats, hi: Floats, n: Floats
) -> tuple[Floats, Floats]:
    """Bounds without those that are none.

    Blocks that never differ show no spread, which is not certainty; a share of nothing or of
    everything is as sure as its number of cases. A price level whose products all stand alike
    keeps its bounds: its outcome says so.
    """
    if entry.unit is Unit.INDEX:
        return lo, hi
    wide = hi - lo > NO_WIDTH * np.abs(value)
    lo, hi = np.where(wide, lo, np.nan), np.where(wide, hi, np.nan)
    if entry.unit is not Unit.RATE or entry.id in registry.NO_PARTS:
        return lo, hi
    at_end = (np.isclose(value, 0, atol=NO_WIDTH) | np.isclose(value, 1, rtol=NO_WIDTH)) & (n > 0)
    share = wilson(np.where(at_end, np.rint(value) * n, np.nan), np.where(at_end, n, np.nan))
    return np.where(at_end, share.lo, lo), np.where(at_end, share.hi, hi)
