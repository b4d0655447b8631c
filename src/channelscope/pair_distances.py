"""From distances of two stores to rows of `pairs`, before they are judged."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import registry
from channelscope.contrasts import pairing
from channelscope.domain import Scope
from channelscope.estimates import Floats
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.clusters import Spread
from channelscope.stats.dealing import Distance, deal_order, mix_distance
from channelscope.stats.scaled_gaps import scaled_distances

DRAWS = 499
"""How often buyers are dealt anew and labels are swapped."""
MINIMUM_GROUPS = 30
"""With fewer groups of buyers than this, some forty people, two stores cannot be told apart."""
MINIMUM_CASES = 30
"""Fewer cases than this bear no claim."""
FEW_BUYERS, FEW_CASES = "reason.too_few_buyers", "reason.too_few_cases"
TOO_FEW_WEEKS = "reason.too_few_weeks"

Tell = Callable[[int, int], "Told"]


@dataclass(frozen=True, slots=True)
class Told:
    """What a dimension has to say of one pair: a distance, or the reason why there is none."""

    distance: Distance | None
    n: float
    reason: str | None = None


def pair_rows(scope: Scope, dimension: str, tell: Callable[[int, int], Told]) -> pl.DataFrame:
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
    # Stores may look more alike than chance would make them: then the distance is none.
    return Distance(
        float(np.sqrt(max(found.value, 0.0))), lo, min(max(hi, 0.0), 1.0), null, found.p_value
    )


def deals(scope: Scope, groups: int) -> Ints | None:
    """The orders in which groups of buyers are dealt, the same for all pairs; None of too few."""
    return deal_order(groups, draws=DRAWS, seed=scope.seed) if groups >= MINIMUM_GROUPS else None


def mix_pairs(
    scope: Scope, dimension: str, weights: Floats, *, n: Floats, reasons: Mapping[int, str]
) -> pl.DataFrame:
    """Rows of `pairs` from mixes by buyer group. Shapes: weights (G, S, K), n (S,).

    `reasons`: why the store at that position has no mix.
    """
    order = deals(scope, len(weights))
    enough: Bools = np.any(weights > 0, axis=2).sum(axis=0) >= MINIMUM_GROUPS

    def tell(a: int, b: int) -> Told:
        cases = float(min(n[a], n[b]))
        for store in (a, b):
            if store in reasons:
                return Told(None, cases, reasons[store])
        if order is None or not (enough[a] and enough[b]):
            return Told(None, cases, FEW_BUYERS)
        return Told(root(mix_distance(weights[:, a], weights[:, b], order)), cases)

    return pair_rows(scope, dimension, tell)


def scaled_pairs(
    scope: Scope,
    dimension: str,
    spreads: Mapping[str, Spread],
    *,
    n: Floats,
    enough: Bools,
    reason: Callable[[int, int], str],
) -> pl.DataFrame:
    """Rows of `pairs` from several metrics, each in its smallest difference that matters.

    `enough`: stores whose data can bear a comparison; `reason` says why others cannot.
    """
    pairs = pairing(scope)
    if not spreads:
        return pair_rows(scope, dimension, lambda a, b: Told(None, np.nan, reason(a, b)))
    parts = list(spreads.values())
    found = scaled_distances(
        parts, _steps(scope, list(spreads), parts), pairs.stores, pairs.references
    )
    ends = zip(pairs.stores, pairs.references, strict=True)
    at = {frozenset(pair): place for place, pair in enumerate(ends)}

    def tell(a: int, b: int) -> Told:
        if not (enough[a] and enough[b]):
            return Told(None, float(min(n[a], n[b])), reason(a, b))
        place = at[frozenset((a, b))]
        told = (found.value, found.lo, found.hi, found.null_mean, found.p_value)
        distance = Distance(*(float(part[place]) for part in told))
        return Told(distance, float(min(n[a], n[b])), TOO_FEW_WEEKS)

    return pair_rows(scope, dimension, tell)


def _steps(scope: Scope, metrics: Sequence[str], spreads: Sequence[Spread]) -> Floats:
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
