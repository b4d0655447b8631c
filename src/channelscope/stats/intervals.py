"""Intervals with a formula: proportions, differences of proportions, means."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative


@dataclass(frozen=True, slots=True)
class IntervalArrays:
    """Bounds of intervals and their standard errors, all of one shape; nan = not known."""

    lo: Floats
    hi: Floats
    standard_error: Floats


def wilson(successes: npt.ArrayLike, n: npt.ArrayLike, *, level: float = 0.95) -> IntervalArrays:
    """Return the Wilson score interval of a proportion.

    To a shop owner: where a rate (good reviews, refunds) really lies, given how few cases it was
    counted from; right for small n and for rates near 0% and 100%.

    Shapes: two that broadcast. Units: proportions from 0 to 1.

    Args:
        successes: Cases counted.
        n: Out of how many; 0 or nan = not known.
        level: Coverage wanted.

    Returns:
        The interval; `standard_error` is its half width over the normal quantile.

    Raises:
        ValueError: Successes below 0 or above n, or a level outside (0, 1).

    Source: Wilson (1927); Newcombe (1998) Statistics in Medicine 17:857, method 3.

    >>> interval = wilson(81, 263)
    >>> float(interval.lo.round(4)), float(interval.hi.round(4))
    (0.2553, 0.3662)
    """
    count, size = _checked_counts(successes, n)
    z = _normal_quantile(level)
    share, penalty = count / size, z**2 / size
    centre = (share + penalty / 2) / (1 + penalty)
    error = np.sqrt((share * (1 - share) + penalty / 4) / size) / (1 + penalty)
    # At the ends the formula gives 0 and 1 but for the last digit.
    lo = np.where(count == 0, 0.0, np.clip(centre - z * error, 0, 1))
    hi = np.where(count == size, 1.0, np.clip(centre + z * error, 0, 1))
    unknown = np.isnan(error)
    return IntervalArrays(np.where(unknown, np.nan, lo), np.where(unknown, np.nan, hi), error)


def newcombe(
    successes_a: npt.ArrayLike,
    n_a: npt.ArrayLike,
    successes_b: npt.ArrayLike,
    n_b: npt.ArrayLike,
    *,
    level: float = 0.95,
) -> IntervalArrays:
    """Return Newcombe's interval of the difference of two proportions, a minus b.

    To a shop owner: how far apart two stores' rates really are; if 0 lies inside, the difference
    may be chance.

    Shapes: four that broadcast. Units: differences of proportions, from -1 to 1.

    Args:
        successes_a: Cases counted at store a.
        n_a: Out of how many; 0 or nan = not known.
        successes_b: Cases counted at store b.
        n_b: Out of how many; 0 or nan = not known.
        level: Coverage wanted.

    Returns:
        The interval; `standard_error` is half its width over the normal quantile.

    Raises:
        ValueError: Successes below 0 or above n, or a level outside (0, 1).

    Source: Newcombe (1998) Statistics in Medicine 17:873, method 10 (no continuity correction).

    >>> interval = newcombe(56, 70, 48, 80)
    >>> float(interval.lo.round(4)), float(interval.hi.round(4))
    (0.0524, 0.3339)
    """
    counts_a, counts_b = _checked_counts(successes_a, n_a), _checked_counts(successes_b, n_b)
    share_a, share_b = counts_a[0] / counts_a[1], counts_b[0] / counts_b[1]
    a, b = wilson(*counts_a, level=level), wilson(*counts_b, level=level)
    difference = share_a - share_b
    lo = difference - np.hypot(share_a - a.lo, b.hi - share_b)
    hi = difference + np.hypot(a.hi - share_a, share_b - b.lo)
    return IntervalArrays(lo, hi, (hi - lo) / (2 * _normal_quantile(level)))


def mean_t(
    mean: npt.ArrayLike,
    standard_deviation: npt.ArrayLike,
    n: npt.ArrayLike,
    *,
    level: float = 0.95,
) -> IntervalArrays:
    """Return Student's t interval of a mean.

    To a shop owner: where the average (hours to ship, score) really lies, given how much single
    cases vary and how many there were.

    Shapes: three that broadcast. Units: those of the mean.

    Args:
        mean: Sample mean.
        standard_deviation: Sample standard deviation, with n - 1 in the denominator.
        n: Sample size.
        level: Coverage wanted.

    Returns:
        The interval; nan for fewer than two cases.

    Raises:
        ValueError: A standard deviation or n below zero, or a level outside (0, 1).

    Source: Student (1908).

    >>> interval = mean_t(10.0, 2.0, 16)
    >>> float(interval.lo.round(4)), float(interval.hi.round(4))
    (8.9343, 11.0657)
    """
    spread = non_negative(standard_deviation, name="standard_deviation")
    size = non_negative(n, name="n")
    enough = np.where(size >= 2, size, np.nan)
    centre, error = np.broadcast_arrays(np.asarray(mean, np.float64), spread / np.sqrt(enough))
    error = np.where(np.isnan(centre), np.nan, error)
    half = t_quantile(enough - 1, level=level) * error
    return IntervalArrays(centre - half, centre + half, error)


def t_quantile(degrees_of_freedom: npt.ArrayLike, *, level: float = 0.95) -> Floats:
    """Return how many standard errors a two-sided t interval reaches to each side.

    To a shop owner: the fewer weeks or goods a number rests on, the wider its interval.

    Shapes: any, kept. Units: standard errors.

    Args:
        degrees_of_freedom: One less than the number of independent blocks; nan = not known.
        level: Coverage wanted.

    Returns:
        The quantile at (1 + level) / 2; nan below one degree of freedom.

    Raises:
        ValueError: A level outside (0, 1).

    Source: Student (1908).

    >>> float(t_quantile(12).round(4))
    2.1788
    """
    from scipy.special import stdtrit  # noqa: PLC0415  (slow to import, needed by few commands)

    freedom = np.asarray(degrees_of_freedom, dtype=np.float64)
    usable = np.where(freedom >= 1, freedom, np.nan)
    quantile: Floats = np.asarray(stdtrit(usable, _upper_tail(level)), dtype=np.float64)
    return quantile


def t_p_value(statistic: npt.ArrayLike, degrees_of_freedom: npt.ArrayLike) -> Floats:
    """Return the two-sided p-value of a t statistic.

    To a shop owner: how often chance alone would show a difference as large as this one.

    Shapes: two that broadcast. Units: a probability, above 0.

    Args:
        statistic: Estimate over standard error; nan = not known.
        degrees_of_freedom: One less than the number of independent blocks.

    Returns:
        The p-value, never 0: what is too small for a double is the smallest double. nan below one
        degree of freedom.

    Raises:
        ValueError: Shapes that do not broadcast.

    Source: Student (1908).

    >>> float(t_p_value(2.1788, 12).round(4))
    0.05
    """
    from scipy.special import stdtr  # noqa: PLC0415  (slow to import, needed by few commands)

    size, freedom = np.broadcast_arrays(
        np.abs(np.asarray(statistic, np.float64)), np.asarray(degrees_of_freedom, np.float64)
    )
    usable = np.where(freedom >= 1, freedom, np.nan)
    tails: Floats = 2 * np.asarray(stdtr(usable, -size), dtype=np.float64)
    return np.maximum(tails, np.finfo(np.float64).tiny)


def _normal_quantile(level: float) -> float:
    from scipy.special import ndtri  # noqa: PLC0415

    return float(ndtri(_upper_tail(level)))


def _upper_tail(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level: expected a number between 0 and 1, got {level}")
    return (1 + level) / 2


def _checked_counts(successes: npt.ArrayLike, n: npt.ArrayLike) -> tuple[Floats, Floats]:
    count, size = np.broadcast_arrays(
        non_negative(successes, name="successes"), non_negative(n, name="n")
    )
    if np.any(count > size):
        raise ValueError("successes: expected no more than n")
    known = (size > 0) & ~np.isnan(count)
    return count, np.where(known, size, np.nan)
