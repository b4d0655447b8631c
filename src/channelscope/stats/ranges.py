"""Draws from ranges that somebody declared, and from what a few stores show."""

from __future__ import annotations

import zlib

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats

INNER = (0.025, 0.975)
LOW, HIGH = 0.1, 0.9
"""The ends of a range that holds 80 percent."""


def levels(name: str, *, draws: int, seed: int) -> Floats:
    """Return evenly spread random levels between 0 and 1 for one input.

    To a shop owner: the luck of each imagined future, one draw a future. An input keeps its luck
    whatever other inputs are asked beside it, so two plans are compared in the same futures.

    Shapes: (draws,). Units: probability.

    Args:
        name: The input.
        draws: How many futures.
        seed: Of all draws.

    Returns:
        One level in each of so many equal parts of 0 to 1, in random order.

    Raises:
        ValueError: Fewer than one draw.

    Source: Latin hypercube sampling, McKay, Beckman and Conover (1979).

    >>> np.sort(levels("price", draws=4, seed=1) * 4).astype(int)
    array([0, 1, 2, 3])
    """
    if draws < 1:
        raise ValueError("draws: expected at least one")
    random = np.random.default_rng([seed, zlib.crc32(name.encode())])
    found: Floats = (random.permutation(draws) + random.random(draws)) / draws
    return found


def drawn(low: float, likely: float, high: float, level: npt.ArrayLike) -> Floats:
    """Return values of a range at the given levels.

    To a shop owner: half of the futures lie below the likely value and half above; values near it
    are more usual than those at the ends, none lies beyond.

    Shapes: as `level`. Units: those of the range.

    Args:
        low: The lower end.
        likely: The median.
        high: The upper end.
        level: Probabilities of a lower value.

    Returns:
        Quantiles of two triangles that meet at the likely value, each with half of the weight.
        Moving an end outwards moves every value on its side outwards and no other.

    Raises:
        ValueError: Ends that do not lie around the likely value.

    Source: the median-preserving form of the triangular distribution; METHODS 9.

    >>> drawn(0.0, 1.0, 4.0, [0.0, 0.125, 0.5, 0.875, 1.0])
    array([0. , 0.5, 1. , 2.5, 4. ])
    """
    if not low <= likely <= high:
        raise ValueError("likely: expected low at most likely, likely at most high")
    at = np.asarray(level, dtype=np.float64)
    below = low + (likely - low) * np.sqrt(2 * np.minimum(at, 0.5))
    above = high - (high - likely) * np.sqrt(2 * np.minimum(1 - at, 0.5))
    found: Floats = np.where(at < 0.5, below, above)
    return found


def student(level: npt.ArrayLike, freedom: float) -> Floats:
    """Return quantiles of Student's t: noise whose size was itself read from few stores.

    To a shop owner: with few stores to learn from, surprises are larger than they seem.

    Shapes: as `level`. Units: standard errors.

    Args:
        level: Probabilities of a lower value.
        freedom: Degrees of freedom, above 0.

    Returns:
        The quantiles; what lies outside the inner 95 percent is put at their ends, for of a few
        stores no more can be told, and a mean must not hang on it.

    Raises:
        ValueError: No degree of freedom.

    Source: Student (1908).

    >>> student([0.1, 0.5, 0.9], 5).round(3)
    array([-1.476,  0.   ,  1.476])
    """
    if not freedom > 0:
        raise ValueError("freedom: expected more than 0")
    inner = np.clip(np.asarray(level, dtype=np.float64), *INNER)
    from scipy.special import stdtrit  # noqa: PLC0415  (slow to import)

    found: Floats = stdtrit(freedom, inner)
    return found


def around(values: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Return the mean of draws and the ends of the range that holds 80 percent of them.

    To a shop owner: what to expect, and between which numbers it will most likely lie.

    Shapes: (draws, ...) to three of (...). Units: those of the values.

    Args:
        values: Draws along the first axis.

    Returns:
        Mean, 10th and 90th percentile.

    Raises:
        ValueError: No draw.

    Source: METHODS 9.

    >>> [float(part) for part in around(np.arange(11.0))]
    [5.0, 1.0, 9.0]
    """
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        raise ValueError("values: expected at least one draw")
    low, high = np.quantile(array, (LOW, HIGH), axis=0)
    mean: Floats = array.mean(axis=0)
    return mean, low, high
