"""From estimates that move together to rows of `differences` and `pairs`, before they are judged.

Every store is compared with the reference, and every other two stores with one another. A dimension
gives what its data show: values, intervals, p-values. `differentiation` adjusts and judges them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import registry
from channelscope.domain import Scope
from channelscope.estimates import Blocks, Floats
from channelscope.results import TABLES
from channelscope.stats.clusters import Differences, Spread, differences, spread
from channelscope.stats.dealing import Distance
from channelscope.stats.intervals import newcombe
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.scaled_gaps import ScaledDistances
from channelscope.stats.tails import rates_p

DRAWS = 499
"""How often buyers are dealt anew and labels are swapped."""

Places = npt.NDArray[np.intp]


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


def total_spread(blocks: Blocks, name: str) -> Spread:
    """The spread of a sum over the blocks of the period; a block without anything is one too."""
    sums = blocks.sums[name]
    # Deleting one of B blocks leaves (B - 1) / B of the period: scaled back to the whole.
    whole = len(sums) / max(len(sums) - 1, 1)
    return spread(sums.sum(axis=0), leave_one_out(sums) * whole)


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
    # 2.80 standard errors: 1.96 for the test and 0.84 for a power of 80%.
    seen = bounds.standard_error * (_NORMAL_REACH + _NORMAL_POWER)
    unknown = np.full(len(value), np.nan)
    lo, hi = np.fmin(bounds.lo, value), np.fmax(bounds.hi, value)
    gaps = Differences(
        value, lo, hi, bounds.standard_error, unknown, rates_p(*sides), seen
    )  # fmt: skip
    return _rows(scope, metric, pairs, gaps)


_NORMAL_REACH, _NORMAL_POWER = 1.959964, 0.841621


def rate_spread(*, total: Floats, cases: Floats) -> Spread:
    """The spread of a rate counted from cases: its variance is all its own."""
    known = (cases > 0) & (total >= 0) & (total <= cases)
    n = np.where(known, cases, np.nan)
    rate = np.where(known, total, np.nan) / n
    # One more of each kind, so that a rate of 0 is not certain.
    smoothed = (np.where(known, total, np.nan) + 1) / (n + 2)
    none = np.zeros((0, len(cases)))
    return Spread(rate, none, none.astype(bool), smoothed * (1 - smoothed) / n, n - 1)


def steps(scope: Scope, metrics: Sequence[str], spreads: Sequence[Spread]) -> Floats:
    """Smallest difference that matters of each metric and pair. Shape: (metrics, pairs)."""
    pairs = pairing(scope)
    found = []
    for metric, each in zip(metrics, spreads, strict=True):
        entry = registry.find(metric)
        size = scope.delta.get(metric, scope.delta[entry.id])
        if entry.relative:
            ends = np.abs(each.estimate[pairs.stores]), np.abs(each.estimate[pairs.references])
            found.append(size * (ends[0] + ends[1]) / 2)
        else:
            found.append(np.full(len(pairs.stores), size))
    return np.stack(found)


@dataclass(frozen=True, slots=True)
class Told:
    """What a dimension has to say of one pair: a distance, or the reason why there is none."""

    distance: Distance | None
    n: float
    reason: str | None = None


def pair_rows(
    scope: Scope, dimension: str, tell: Callable[[int, int], Told]
) -> pl.DataFrame:
    """Rows of `pairs`: what `tell` says of each two stores, given their positions, a before b."""
    ids = scope.store_ids
    order = sorted(range(len(ids)), key=ids.__getitem__)
    rows = [
        _pair(ids[a], ids[b], dimension, tell(a, b))
        for place, a in enumerate(order)
        for b in order[place + 1 :]
    ]
    return pl.DataFrame(rows, schema=TABLES["pairs"], orient="row").with_columns(
        pl.col(pl.Float64).fill_nan(None)
    )


def _pair(store_a: str, store_b: str, dimension: str, told: Told) -> Mapping[str, object]:
    found = told.distance
    known = found is not None and np.isfinite(found.value) and np.isfinite(found.p_value)
    return {
        "store_a": store_a, "store_b": store_b, "dimension": dimension,
        "distance": found.value if known and found else None,
        "lo": found.lo if known and found else None,
        "hi": found.hi if known and found else None,
        "null_mean": found.null_mean if known and found else None,
        "p_value": found.p_value if known and found else None,
        "p_adjusted": None, "outcome": None,
        "outcome_reason": None if known else told.reason or "reason.too_few_blocks",
        "n": int(told.n) if np.isfinite(told.n) else None,
    }  # fmt: skip


def root(found: Distance) -> Distance:
    """A distance of mixes from its divergence: its root; the lower end keeps its sign."""
    lo, hi, null = (np.sign(part) * np.sqrt(abs(part)) for part in (
        found.lo, found.hi, found.null_mean,
    ))  # fmt: skip
    return Distance(float(np.sqrt(max(found.value, 0.0))), lo, min(hi, 1.0), null, found.p_value)


def scaled_rows(
    scope: Scope,
    dimension: str,
    found: ScaledDistances,
    *,
    cases: Floats,
    reason: Callable[[int, int], str],
) -> pl.DataFrame:
    """Rows of `pairs` from distances over several metrics."""
    pairs = pairing(scope)
    at = {
        frozenset(ends): place
        for place, ends in enumerate(zip(pairs.stores, pairs.references, strict=True))
    }

    def tell(a: int, b: int) -> Told:
        place = at[frozenset((a, b))]
        n = float(min(cases[a], cases[b]))
        distance = Distance(
            *(float(part[place]) for part in (
                found.value, found.lo, found.hi, found.null_mean, found.p_value,
            ))
        )  # fmt: skip
        return Told(distance, n, reason(a, b))

    return pair_rows(scope, dimension, tell)


def joined(frames: Iterable[pl.DataFrame], table: str) -> pl.DataFrame:
    """Rows of a table from its parts, also from none."""
    return pl.concat([pl.DataFrame(schema=TABLES[table]), *frames])


