"""Openings of which the truth is known: two years of weeks, and a store that opens after one.

Seasons by category, festivals that move from year to year and do not lift all categories alike,
stores that grow, promotions of single weeks, categories that drift in all stores and in each; a new
store that is known after two months; losses in its categories alone. None of it is the model that
estimates.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from channelscope.dimensions._opening_cells import Panel
from channelscope.stats.arrays import Bools, Floats

WEEKS, YEAR = 104, 52
LINE, SPREAD = 150.0, 0.6
"""Mean amount of a line, and how much lines differ, as a share of it."""
RAMP = 8
MOST_DRIFT = 0.05
"""Standard deviation, at most, of a category's drift in half a year, in all stores and in each."""


@dataclass(frozen=True, slots=True)
class Opening:
    """A drawn opening. Shapes: `shares` (stores,), the new store's sales that each one lost."""

    panel: Panel
    exposed: Bools
    shares: Floats


def draw(seed: int, *, lines: int, zero: bool = False) -> Opening:
    """One opening among three to seven stores that sell about so many lines in two years.

    The first store lost 0-60% of the new one's sales, others a part of the rest; with `zero` none
    lost any.
    """
    rng = np.random.default_rng([seed, 8])
    stores, categories = int(rng.integers(3, 8)), int(rng.integers(6, 11))
    exposed = np.arange(categories) < rng.integers(1, 3)
    demand = _demand(rng, stores, categories)
    demand *= lines / demand.sum()
    new = _gained(rng, demand, exposed)
    first = rng.uniform(0, 0.6)
    shares = np.concatenate([[first], (1 - first) * rng.dirichlet(np.ones(stores))[1:]])
    # Nobody loses more than half of what it sells there.
    most = 0.5 * (demand * exposed[:, None])[..., YEAR:].sum(axis=(1, 2)) / new.sum()
    shares = np.minimum(shares, most) * (not zero)
    part = demand[..., YEAR:].sum(axis=2) * exposed
    part /= part.sum(axis=1, keepdims=True)
    lost = np.zeros_like(demand)
    lost[..., YEAR:] = shares[:, None, None] * part[..., None] * new.sum(axis=0)
    sold = rng.poisson(np.maximum(demand - lost, 0.1 * demand))
    paid, squares = _amounts(rng, sold)
    gained, _ = _amounts(rng, rng.poisson(new))
    since = np.zeros((categories, WEEKS))
    since[:, YEAR:] = gained
    shaped = [values[:, :, None, :].astype(np.float64) for values in (paid, squares, sold)]
    panel = Panel(
        tuple(f"X{at}" for at in range(stores)), tuple(f"c{at}" for at in range(categories)),
        ("all",), -YEAR, np.ones(WEEKS, bool), *shaped, since[:, None, :], since.sum(axis=0),
    )  # fmt: skip
    return Opening(panel, exposed, shares)


def _demand(rng: np.random.Generator, stores: int, categories: int) -> Floats:
    """Expected lines (stores, categories, weeks) without an opening, up to their number."""
    week = np.arange(WEEKS)
    size = rng.normal(0, 0.6, (stores, 1)) + rng.normal(0, 0.5, (1, categories))
    size = size + rng.normal(0, 0.3, (stores, categories))
    phase = rng.uniform(0, 2 * np.pi, (categories, 1))
    season = 0.12 * np.cos(2 * np.pi * week / YEAR + phase)
    season += np.repeat(rng.normal(0, 0.05, (categories, 13)), 4, axis=1)[:, week % YEAR]
    growth = rng.normal(0.1, 0.15, (stores, 1, 1)) * week / YEAR
    drift = _drift(rng, (1, categories)) + _drift(rng, (stores, categories))
    noise = rng.normal(0, 0.08, (stores, 1, WEEKS))
    lifted = _festivals(rng)[None] * rng.normal(1, 0.15, (categories, 1))
    return np.asarray(np.exp(size[..., None] + season + growth + drift + noise + lifted))


def _drift(rng: np.random.Generator, shape: tuple[int, int]) -> Floats:
    """Walks of weekly steps that come to at most `MOST_DRIFT` in half a year."""
    step = rng.uniform(0, MOST_DRIFT) / np.sqrt(YEAR / 2)
    return np.asarray(np.cumsum(rng.normal(0, step, (*shape, WEEKS)), axis=2))


def _festivals(rng: np.random.Generator) -> Floats:
    """Four weeks of sales twice a year, in the second year up to two weeks elsewhere."""
    lift = np.zeros(WEEKS)
    for begins in (6, 32):
        for year in (0, YEAR):
            first = begins + year + (int(rng.integers(-2, 3)) if year else 0)
            lift[first : first + 4] += 0.4
    return lift


def _gained(rng: np.random.Generator, demand: Floats, exposed: Bools) -> Floats:
    """Expected lines of the new store (categories, weeks since): it is known after two months."""
    whole = (demand * exposed[:, None])[..., YEAR:].sum(axis=0)
    known = np.minimum((np.arange(YEAR) + 1) / RAMP, 1)
    return np.asarray(rng.uniform(0.15, 0.4) * whole * known)


def _amounts(rng: np.random.Generator, lines: Floats) -> tuple[Floats, Floats]:
    """Sums and sums of squares of the amounts of so many lines: each of a gamma distribution."""
    shape = 1 / SPREAD**2
    paid = LINE / shape * rng.gamma(np.maximum(shape * lines, 1e-9))
    return np.where(lines > 0, paid, 0.0), np.where(lines > 0, (1 + SPREAD**2) * LINE * paid, 0.0)
