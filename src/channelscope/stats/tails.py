"""How surprising a difference is: p-values from draws, from t and from counts; never zero."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative

SMALLEST = 1e-15
"""A p-value is at least this: no tail is known so far out, and nothing seen proves that chance
could not do it."""
COUNTED = 10
"""With as many draws beyond the observed one, their share is the p-value; with fewer, the fit."""
NEARLY_SYMMETRIC = 0.05


def drawn_p(observed: float, draws: npt.ArrayLike) -> float:
    """Return the probability of draws as large as the observed value, or larger.

    To a shop owner: how often shuffled buyers look as different as the two stores do; beyond what
    was drawn, a smooth tail goes on, so that "never seen in 499 draws" is not called impossible.

    Shapes: one number and (draws,) to one number. Units: a probability.

    Args:
        observed: The statistic; large values speak against chance.
        draws: The same statistic where only chance is at work; at least three.

    Returns:
        The share of draws that reach the observed value, or the tail of a gamma distribution with
        their mean, variance and skewness where fewer than ten do. 1 where the draws never differ
        and the observed value is no larger.

    Raises:
        ValueError: Fewer than three draws, or one that is not known.

    Source: Phipson and Smyth (2010) for the share; Pearson type III by moments for the tail
        (Kazi-Aoual et al. 1995).

    >>> drawn_p(2.0, [0.0, 1.0, 2.0, 3.0] * 5)
    0.5238095238095238
    """
    drawn = np.asarray(draws, dtype=np.float64)
    if drawn.ndim != 1 or len(drawn) < 3 or not np.isfinite(drawn).all():
        raise ValueError("draws: expected three or more known numbers")
    reached = int((drawn >= observed).sum())
    if reached >= COUNTED:
        return (reached + 1) / (len(drawn) + 1)
    return _gamma_tail(float(observed), drawn)


def _gamma_tail(observed: float, drawn: Floats) -> float:
    from scipy.special import gammaincc, ndtr  # noqa: PLC0415  (slow to import)

    mean, deviation = float(drawn.mean()), float(drawn.std(ddof=1))
    if deviation <= 0:
        return 1.0 if observed <= mean else 1 / (len(drawn) + 1)
    standard = (observed - mean) / deviation
    skewness = float(((drawn - mean) ** 3).mean()) / deviation**3
    if skewness < NEARLY_SYMMETRIC:
        return max(float(ndtr(-standard)), SMALLEST)
    shape = 4 / skewness**2
    place = (standard + 2 / skewness) * 2 / skewness
    return max(float(gammaincc(shape, max(place, 0.0))), SMALLEST)


def t_p(value: npt.ArrayLike, error: npt.ArrayLike, freedom: npt.ArrayLike) -> Floats:
    """Return two-sided p-values of values with their standard errors.

    To a shop owner: how often two stores that are alike would look as different as these.

    Shapes: three that broadcast. Units: probabilities.

    Args:
        value: What should be zero if there is no difference.
        error: Its standard error; 0 or nan = not known.
        freedom: Degrees of freedom of the error.

    Returns:
        The p-values, never zero; nan where the error or the freedom is not known.

    Raises:
        ValueError: Shapes do not broadcast.

    Source: Student (1908).

    >>> t_p([0.0, 2.1788], 1.0, 12).round(4)
    array([1.  , 0.05])
    """
    from scipy.special import stdtr  # noqa: PLC0415  (slow to import)

    size, spread, degrees = np.broadcast_arrays(
        np.abs(np.asarray(value, np.float64)),
        np.asarray(error, np.float64),
        np.asarray(freedom, np.float64),
    )
    known = (spread > 0) & (degrees >= 1) & np.isfinite(size)
    ratio = np.divide(size, spread, out=np.zeros(size.shape), where=known)
    found = 2 * np.asarray(stdtr(np.where(known, degrees, 1.0), -ratio))
    return np.where(known, np.maximum(found, SMALLEST), np.nan)


def rates_p(
    successes_a: npt.ArrayLike, n_a: npt.ArrayLike, successes_b: npt.ArrayLike, n_b: npt.ArrayLike
) -> Floats:
    """Return two-sided p-values of the difference of two rates counted from cases.

    To a shop owner: how often two stores with one and the same rate of complaints would show rates
    as far apart as these; right for a handful of complaints, too.

    Shapes: four that broadcast. Units: probabilities.

    Args:
        successes_a: Cases counted at store a.
        n_a: Out of how many; 0 or nan = not known.
        successes_b: Cases counted at store b.
        n_b: Out of how many; 0 or nan = not known.

    Returns:
        The larger of the p-values of the likelihood ratio and of the score, never zero; nan where
        not known.

    Raises:
        ValueError: A count below zero or above n.

    Source: Wilks (1938) for the ratio, Rao (1948) for the score.

    >>> rates_p([5, 10], [83, 100], [12, 10], [99, 100]).round(4)
    array([0.1592, 1.    ])
    """
    from scipy.special import ndtr, xlogy  # noqa: PLC0415  (slow to import)

    counts = np.broadcast_arrays(
        non_negative(successes_a, name="successes_a"), non_negative(n_a, name="n_a"),
        non_negative(successes_b, name="successes_b"), non_negative(n_b, name="n_b"),
    )  # fmt: skip
    a, size_a, b, size_b = counts
    if np.any(a > size_a) or np.any(b > size_b):
        raise ValueError("successes: expected no more than n")
    known = (size_a > 0) & (size_b > 0) & ~np.isnan(a + b)
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = (a + b) / (size_a + size_b)
        deviance = sum(
            xlogy(part, part / (size * share))
            for count, size in ((a, size_a), (b, size_b))
            for part, share in ((count, rate), (size - count, 1 - rate))
            for share in (np.where(share > 0, share, 1.0),)
        )
        score = (a / size_a - b / size_b) ** 2 / (rate * (1 - rate) * (1 / size_a + 1 / size_b))
    # The likelihood ratio is rash where one side has no case, the score where one is small.
    roots = np.sqrt(np.maximum(np.fmin(2 * np.asarray(deviance), np.nan_to_num(score)), 0))
    found = 2 * np.asarray(ndtr(-roots))
    return np.where(known, np.clip(found, SMALLEST, 1.0), np.nan)


def fewer_p(now: npt.ArrayLike, then: npt.ArrayLike, *, share: float) -> Floats:
    """Return how often so few cases now, of all now and then, would be luck.

    To a shop owner: this product was bought 4 times, and 15 times last year; would a product that
    is as popular as it was be bought so seldom?

    Shapes: two that broadcast. Units: cases; probabilities.

    Args:
        now: Cases counted now.
        then: Cases counted then.
        share: Part of all cases, of everything, that were counted now.

    Returns:
        One-sided p-values, never zero; 1 where there are no cases at all.

    Raises:
        ValueError: Shapes do not broadcast, or the share is not between 0 and 1.

    Source: the conditional test of two Poisson rates, Przyborowski and Wilenski (1940), with half
        of the observed count's probability (mid-p).

    >>> fewer_p([4, 10, 0], [15, 10, 0], share=0.5).round(4)
    array([0.0059, 0.5   , 1.    ])
    """
    from scipy.special import betainc, gammaln  # noqa: PLC0415  (slow to import)

    if not 0 < share < 1:
        raise ValueError("share: expected a number between 0 and 1")
    count, before = np.broadcast_arrays(np.asarray(now, np.float64), np.asarray(then, np.float64))
    total = count + before
    below = np.where(count > 0, betainc(before + 1, np.maximum(count, 1), 1 - share), 0.0)
    log_here = gammaln(total + 1) - gammaln(count + 1) - gammaln(before + 1)
    log_here = log_here + count * np.log(share) + before * np.log1p(-share)
    found = np.where(total > 0, below + np.exp(log_here) / 2, 1.0)
    return np.maximum(found, SMALLEST)
