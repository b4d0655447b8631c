"""From estimates that move together to rows of `differences`, before they are judged.

Every store is compared with the reference, and every other two stores with one another. A dimension
gives what its data show: values, intervals, p-values. `differentiation` adjusts and judges them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import registry
from channelscope.domain import Scope
from channelscope.estimates import NO_WIDTH, Blocks, Floats
from channelscope.registry import Unit
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.clusters import Differences, Spread, differences, spread
from channelscope.stats.intervals import newcombe
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.tails import rates_p

Places = npt.NDArray[np.intp]
NORMAL_REACH, NORMAL_POWER = 1.959964, 0.841621
"""Standard errors of a test at 5%, and of a power of 80%."""
OF_PRODUCTS = frozenset({"sell_through"})
"""Shares whose cases are products, counted one by one."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """A metric of all stores: its rows of `metrics`, and how it moves if it can be compared."""

    rows: pl.DataFrame
    spread: Spread | None = None

    @property
    def metric(self) -> str:
        """The metric's id."""
        return str(self.rows["metric"][0])


@dataclass(frozen=True, slots=True)
class Pairing:
    """Positions of the stores of every pair. Shapes: (pairs,)."""

    stores: Places
    references: Places


def pairing(scope: Scope) -> Pairing:
    """All pairs: those with the reference first; of two others the later id is compared."""
    ids = scope.store_ids
    at = ids.index(scope.reference_id)
    others = sorted((place for place in range(len(ids)) if place != at), key=ids.__getitem__)
    found = [(store, at) for store in others]
    found += [(b, a) for place, a in enumerate(others) for b in others[place + 1 :]]
    places = np.array(found, dtype=np.intp).reshape(-1, 2)
    return Pairing(places[:, 0], places[:, 1])


def ratio_spread(
    blocks: Blocks,
    numerator: str,
    denominator: str,
    *,
    complement: bool = False,
    own: tuple[Floats, Floats] | None = None,
) -> Spread:
    """The spread of numerator / denominator of each store, or of 1 minus it.

    `own`: variance that the blocks do not show, and its degrees of freedom.
    """
    top, bottom = blocks.sums[numerator], blocks.sums[denominator]
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(bottom.sum(axis=0) == 0, np.nan, top.sum(axis=0) / bottom.sum(axis=0))
        rest = leave_one_out(bottom)
        replicates = np.where(rest == 0, np.nan, leave_one_out(top) / rest)
    replicates = np.where((top == 0) & (bottom == 0), np.nan, replicates)
    if complement:
        value, replicates = 1 - value, 1 - replicates
    extra, freedom = own or (None, None)
    return spread(value, replicates, own=extra, own_freedom=freedom)


def alone(value: Floats, variance: Floats, freedom: Floats) -> Spread:
    """The spread of an estimate that shares no block with that of another store."""
    none = np.zeros((0, len(value)))
    return Spread(value, none, none.astype(bool), variance, freedom)


def total_spread(blocks: Blocks, name: str, *, known: Bools) -> Spread:
    """The spread of a sum over the blocks of the period; a block without anything is one too."""
    sums = blocks.sums[name]
    # Deleting one of B blocks leaves (B - 1) / B of the period: scaled back to the whole.
    whole = len(sums) / max(len(sums) - 1, 1)
    return spread(np.where(known, sums.sum(axis=0), np.nan), leave_one_out(sums) * whole)


def all_metrics(estimates: Iterable[Estimate]) -> pl.DataFrame:
    """Rows of `metrics` of several estimates."""
    return pl.concat(each.rows for each in estimates)


def all_differences(scope: Scope, estimates: Iterable[Estimate]) -> pl.DataFrame:
    """Rows of `differences` of every estimate that can be compared."""
    rows = [
        _counted_shares(scope, each, difference_rows(scope, each.metric, each.spread))
        for each in estimates
        if each.spread
    ]
    return pl.concat([pl.DataFrame(schema=TABLES["differences"]), *rows])


def _counted_shares(scope: Scope, found: Estimate, told: pl.DataFrame) -> pl.DataFrame:
    """Two shares of nothing or of everything, which no block moves, are as sure as their cases.

    So is a share of listed products: to leave buyers out moves it little or not at all.
    """
    entry = registry.find(found.metric)
    if entry.unit is not Unit.RATE or entry.id in registry.NO_PARTS:
        return told
    rows = pl.DataFrame({"store_id": scope.store_ids}).join(
        found.rows, on="store_id", how="left", maintain_order="left"
    )
    value, cases = (rows[name].cast(pl.Float64).fill_null(0).to_numpy() for name in ("value", "n"))
    at_end = np.isclose(value, np.rint(value), atol=NO_WIDTH) | (entry.id in OF_PRODUCTS)
    cases = np.where(rows["value"].is_null().to_numpy() | ~at_end, 0.0, cases)
    counted = rate_rows(scope, found.metric, total=np.rint(value * cases), cases=cases)
    moved = told["lo"].is_not_null()
    return told.with_columns(
        pl.when(moved).then(told[name]).otherwise(counted[name]).alias(name)
        for name in ("value", "lo", "hi", "p_value", "detectable")
    )


def difference_rows(scope: Scope, metric: str, found: Spread) -> pl.DataFrame:
    """Rows of `differences` of one metric, one per pair."""
    pairs = pairing(scope)
    return _rows(scope, metric, pairs, differences(found, pairs.stores, pairs.references))


def _rows(scope: Scope, metric: str, pairs: Pairing, gaps: Differences) -> pl.DataFrame:
    ids = np.array(scope.store_ids)
    entry = registry.find(metric)
    frame = pl.DataFrame(
        {
            "store_id": ids[pairs.stores],
            "reference_id": ids[pairs.references],
            "dimension": entry.dimension,
            "metric": metric,
            "value": gaps.value,
            "lo": gaps.lo,
            "hi": gaps.hi,
            "p_value": gaps.p_value,
            "unit": str(entry.unit),
            "detectable": gaps.detectable,
        }
    )
    return _complete("differences", frame)


def _complete(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """`frame` with every column of the table, nan as null."""
    schema = TABLES[table]
    absent = [pl.lit(None).alias(name) for name in schema.names() if name not in frame.columns]
    full = frame.with_columns(absent).select(schema.names()).cast(schema)
    return full.with_columns(pl.col(pl.Float64).fill_nan(None))


def rate_rows(scope: Scope, metric: str, *, total: Floats, cases: Floats) -> pl.DataFrame:
    """Rows of `differences` of a rate counted from cases: Newcombe's interval."""
    pairs = pairing(scope)
    known = (cases > 0) & (total >= 0) & (total <= cases)
    n = np.where(known, cases, np.nan)
    count = np.where(known, np.minimum(np.rint(total), n), np.nan)
    sides = [part[place] for place in (pairs.stores, pairs.references) for part in (count, n)]
    bounds = newcombe(*sides)
    rate = np.where(known, total, np.nan) / n
    value = rate[pairs.stores] - rate[pairs.references]
    seen = bounds.standard_error * (NORMAL_REACH + NORMAL_POWER)
    unknown = np.full(len(value), np.nan)
    lo, hi = np.fmin(bounds.lo, value), np.fmax(bounds.hi, value)
    gaps = Differences(
        value, lo, hi, bounds.standard_error, unknown, rates_p(*sides), seen
    )  # fmt: skip
    return _rows(scope, metric, pairs, gaps)


def rate_spread(*, total: Floats, cases: Floats) -> Spread:
    """The spread of a rate counted from cases: its variance is all its own."""
    known = (cases > 0) & (total >= 0) & (total <= cases)
    n = np.where(known, cases, np.nan)
    rate = np.where(known, total, np.nan) / n
    # One more of each kind, so that a rate of 0 is not certain.
    smoothed = (np.where(known, total, np.nan) + 1) / (n + 2)
    return alone(rate, smoothed * (1 - smoothed) / n, n - 1)
