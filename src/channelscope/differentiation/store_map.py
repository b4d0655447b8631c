"""The map of stores: those that differ little stand together."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope.domain import Scope
from channelscope.results import TABLES
from channelscope.stats.arrays import Floats
from channelscope.stats.scaling import classical_map

ENOUGH_DIMENSIONS = 2
"""A distance over a single dimension is no place on a map of all."""
ENOUGH_STORES = 3


def draw(pairs: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The `store_map` table; stores whose distances are not known to all others are left out."""
    distances = _distances(pairs, scope)
    kept = _complete(distances)
    if len(kept) < ENOUGH_STORES:
        return pl.DataFrame(schema=TABLES["store_map"])
    found = classical_map(distances[np.ix_(kept, kept)])
    rows = {
        "store_id": [scope.store_ids[place] for place in kept],
        "x": found.coordinates[:, 0],
        "y": found.coordinates[:, 1],
        "stress": [found.stress] * len(kept),
    }
    return pl.DataFrame(rows, schema=TABLES["store_map"])


def _distances(pairs: pl.DataFrame, scope: Scope) -> Floats:
    """Mean distance over the known dimensions, weighted. Shape: (S, S); nan = not known."""
    size = len(scope.store_ids)
    sums, weights, counts = np.zeros((3, size, size))
    for row in pairs.iter_rows(named=True):
        weight = scope.weights.get(row["dimension"], 1.0)
        if row["distance"] is None or weight == 0:
            continue
        a, b = (scope.store_ids.index(row[name]) for name in ("store_a", "store_b"))
        for ends in ((a, b), (b, a)):
            sums[ends] += weight * row["distance"]
            weights[ends] += weight
            counts[ends] += 1
    known = counts >= ENOUGH_DIMENSIONS
    mean: Floats = np.where(known, sums / np.where(known, weights, 1.0), np.nan)
    np.fill_diagonal(mean, 0.0)
    return mean


def _complete(distances: Floats) -> list[int]:
    """Stores with all distances known, after leaving out, one by one, who lacks most."""
    kept = list(range(len(distances)))
    while kept:
        unknown = np.isnan(distances[np.ix_(kept, kept)]).sum(axis=1)
        if not unknown.any():
            break
        # Of equals the later one goes: the reference stands first.
        kept.pop(len(kept) - 1 - int(np.argmax(unknown[::-1])))
    return kept
