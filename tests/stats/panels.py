"""Simulated weekly sales of products with deals, and an independent fit of them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def deals(rng: np.random.Generator, *, products: int, weeks: int, a_week: int) -> Floats:
    """Each week some products, none twice within eight weeks."""
    found, rested = np.zeros((products, weeks)), np.full(products, -99)
    for week in range(weeks):
        free = np.flatnonzero(rested < week - 8)
        drawn = rng.choice(free, size=min(a_week, len(free)), replace=False)
        found[drawn, week], rested[drawn] = 1.0, week
    return found


def sales(
    rng: np.random.Generator,
    deal: Floats,
    *,
    lift: float,
    mean: float = 2.4,
    own: float = 0.3,
    scatter: float = 0.4,
) -> Floats:
    """Pieces: products of all sizes, weeks of their own, demand that lasts from week to week.

    `own`: how much the log lift varies over products; `scatter`: how much demand does.
    """
    products, weeks = deal.shape
    size = np.exp(rng.normal(0, 1, products))
    drift = np.empty((products, weeks))
    drift[:, 0] = rng.normal(0, scatter, products)
    for week in range(1, weeks):
        drift[:, week] = drift[:, week - 1] / 2 + rng.normal(0, scatter, products) * 0.75**0.5
    effect = np.log(lift) + rng.normal(0, own, products)[:, None] - own**2 / 2
    level = mean * size / size.mean() * np.exp(-(scatter**2) / 2)
    season = np.exp(rng.normal(0, 0.2, weeks))
    return rng.poisson(level[:, None] * season * np.exp(drift + effect * deal)).astype(float)


def between_sales(units: Floats) -> Bools:
    """Weeks between the first and the last with a sale, one product after the other."""
    found = np.zeros(units.shape, dtype=bool)
    for row, mine in zip(found, units, strict=True):
        sold = np.flatnonzero(mine)
        if len(sold) > 1:
            row[sold[0] + 1 : sold[-1]] = True
    return found


def dense(units: Floats, regressors: Floats, used: Bools) -> Floats:
    """The same maximum with a dummy for every product and week, by weighted least squares."""
    at = np.argwhere(used)
    products, weeks = used.shape
    design = np.zeros((len(at), products + weeks + len(regressors)))
    design[np.arange(len(at)), at[:, 0]] = 1
    design[np.arange(len(at)), products + at[:, 1]] = 1
    design[:, products + weeks :] = regressors[:, used].T
    count = units[used]
    height = np.log(count + 0.5)
    for _ in range(40):
        mean = np.exp(height)
        weight = np.sqrt(mean)[:, None]
        answer = np.linalg.lstsq(
            design * weight, (height + (count - mean) / mean) * weight[:, 0], rcond=1e-12
        )[0]
        height = np.clip(design @ answer, -30, 30)
    return np.asarray(answer[products + weeks :])
