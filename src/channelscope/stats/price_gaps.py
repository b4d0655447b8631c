"""Price gaps of two stores product by product, free of the noise of few pieces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats, Ints
from channelscope.stats.dealing import Distance, dealt
from channelscope.stats.folding import true_sizes
from channelscope.stats.intervals import t_quantile
from channelscope.stats.tails import drawn_p

Buyers = tuple[Floats, Floats, Floats, Floats]
"""Paid and pieces of the first store, then of the second. Shapes: (groups, items)."""


@dataclass(frozen=True, slots=True)
class Gaps:
    """Gaps of the products two stores share at the same time.

    Shapes: `gap` (items,) ln of price a over price b; `parts` (items, times), what each time adds
    to it; `common`, the times that both sold at; `weight` (items,), sums to 1; `items`, their
    places among all products.
    """

    gap: Floats
    parts: Floats
    common: Bools
    weight: Floats
    items: Ints


def price_gaps(
    paid_a: npt.ArrayLike, units_a: npt.ArrayLike, paid_b: npt.ArrayLike, units_b: npt.ArrayLike
) -> Gaps:
    """Return the log price gap of every product that two stores sold at the same times.

    To a shop owner: on the same goods in the same weeks, how much dearer is the first store?

    Shapes: four of (items, times). Units: money and pieces; the gap is a natural logarithm.

    Args:
        paid_a: Paid in the first store by product and time.
        units_a: Pieces of it; 0 where it sold none.
        paid_b: Paid in the second store.
        units_b: Pieces of it.

    Returns:
        ln of sum(h p_a) / sum(h p_b) over common times, h = u_a u_b / (u_a + u_b): with these
        weights the gap of stores that price alike is zero on average however few pieces one of
        them sold, because what is averaged is linear in the purchases. Weight: mean of both
        stores' shares of what was paid in common times.

    Raises:
        ValueError: Shapes that do not agree.

    Source: the bilateral Geary-Khamis index (Khamis 1970) over times instead of goods.

    >>> found = price_gaps([[20.0, 9.0]], [[2.0, 1.0]], [[8.0, 0.0]], [[1.0, 0.0]])
    >>> np.exp(found.gap).round(4)
    array([1.25])
    """
    pa, ua, pb, ub = (np.asarray(part, np.float64) for part in (paid_a, units_a, paid_b, units_b))
    if not pa.shape == ua.shape == pb.shape == ub.shape or pa.ndim != 2:
        raise ValueError("units_b: expected four arrays of (items, times)")
    common = (ua > 0) & (ub > 0) & (pa > 0) & (pb > 0)
    items = np.flatnonzero(common.any(axis=1))
    pa, ua, pb, ub = (np.where(common, part, 0.0)[items] for part in (pa, ua, pb, ub))
    both = np.where(common[items], ua + ub, 1.0)
    # h p_a = u_a u_b / (u_a + u_b) x paid_a / u_a
    value_a, value_b = ub * pa / both, ua * pb / both
    total_a, total_b = value_a.sum(axis=1), value_b.sum(axis=1)
    parts = (value_a - value_b) / ((total_a + total_b) / 2)[:, None]
    shares = pa.sum(axis=1) / max(pa.sum(), 1e-300) + pb.sum(axis=1) / max(pb.sum(), 1e-300)
    return Gaps(np.log(total_a / total_b), parts, common[items], shares / 2, items)


def gap_noise(gaps: Gaps) -> Floats:
    """Return the variance of each product's gap that its times show.

    To a shop owner: how much of a product's gap may be the luck of single weeks.

    Shapes: (items,). Units: squares of natural logarithms.

    Args:
        gaps: From `price_gaps`.

    Returns:
        Variance of the sum of the parts over times around their mean; of a product seen at one
        time only, its squared part: nothing says that it is not noise.

    Raises:
        ValueError: Never; the gaps are checked where they are made.

    Source: variance of a sum of independent weeks.

    >>> seen = price_gaps([[11.0, 10.0, 12.0]], np.ones((1, 3)), [[10.0] * 3], np.ones((1, 3)))
    >>> gap_noise(seen).round(6)
    array([0.003023])
    """
    times = gaps.common.sum(axis=1)
    count = np.maximum(times, 1)
    mean = gaps.parts.sum(axis=1) / count
    around = np.where(gaps.common, gaps.parts - mean[:, None], 0.0)
    several = (around**2).sum(axis=1) * count / np.maximum(count - 1, 1)
    noise: Floats = np.where(times > 1, several, (gaps.parts**2).sum(axis=1))
    return noise


def mean_gap(gaps: Gaps, noise: npt.ArrayLike) -> tuple[float, Floats]:
    """Return the weighted mean size of the gaps without the part that noise adds.

    To a shop owner: by how much the prices of the same goods differ on average, up or down.

    Shapes: (items,) of variances to one number and (items,). Units: natural logarithm.

    Args:
        gaps: From `price_gaps`.
        noise: Variance of each gap.

    Returns:
        The mean, and what each product adds to it. A gap that is noise alone has a size as well;
        what it adds on average is taken off, given how far gaps lie from zero and from one another
        beyond their noise.

    Raises:
        ValueError: No gap.

    Source: `true_sizes` around the mean gap.

    >>> far = price_gaps([[12.0] * 3], np.ones((1, 3)), [[10.0] * 3], np.ones((1, 3)))
    >>> round(mean_gap(far, gap_noise(far))[0], 4)
    0.1823
    """
    variance = np.asarray(noise, dtype=np.float64)
    if not len(gaps.gap):
        raise ValueError("gaps: expected at least one product")
    weight, gap = gaps.weight, gaps.gap
    mean = float((weight * gap).sum())
    free = 1 - float((weight**2).sum())
    spread = float((weight * ((gap - mean) ** 2 - variance)).sum()) / free if free > 0 else 0.0
    size = true_sizes(gap, variance, mean=mean, room=max(spread, 0.0))
    return float((weight * size).sum()), size


def gap_distance(
    gaps: Gaps, signs: npt.ArrayLike, order: Ints, *, buyers: Buyers | None, full: float
) -> Distance:
    """Return how far apart the prices of two stores are, as a distance from 0 to 1.

    To a shop owner: are the same goods priced differently, beyond what the luck of weeks and of
    single customers (who caught the coupon?) explains?

    Shapes: `signs` (draws, times); `order` (draws, groups). Units: 1 = a mean gap of `full`.

    Args:
        gaps: From `price_gaps`.
        signs: -1 or 1: whether the two stores' labels are swapped at a time.
        order: From `deal_order`.
        buyers: Purchases of all products by group of buyers; None = prices seen on a shelf.
        full: The mean log gap that counts as 1.

    Returns:
        The mean gap over `full`, at most 1, with an interval that deletes products. The p-value is
        the larger of two: labels swapped by week, and buyers dealt between the stores; a
        difference is claimed only when neither weeks nor buyers explain it.

    Raises:
        ValueError: Fewer than two products, or shapes that do not agree.

    Source: METHODS 2 and rule 5.

    >>> paid, order = np.array([[12.0, 12.1], [24.0, 24.1]]), np.array([[0, 1], [1, 0]])
    >>> seen = price_gaps(paid, np.ones((2, 2)), paid / 1.2, np.ones((2, 2)))
    >>> signs = [[1, 1], [1, -1], [-1, 1]]
    >>> round(gap_distance(seen, signs, order, buyers=None, full=0.30).value, 4)
    0.6077
    """
    count = len(gaps.gap)
    if count < 2:
        raise ValueError("gaps: expected two products or more")
    mean, size = mean_gap(gaps, gap_noise(gaps))
    moves = gaps.weight * (size - mean)
    error = np.sqrt(count / (count - 1) * (moves**2).sum())
    half = float(t_quantile(count - 1)) * float(error)
    swapped = np.abs(np.asarray(signs, np.float64) @ gaps.parts.T) @ gaps.weight
    # Of w weeks there are 2^w ways to swap, in pairs: no tail is thinner than that.
    weeks = int(gaps.common.any(axis=0).sum())
    by_week = max(drawn_p(float(np.abs(gaps.gap) @ gaps.weight), swapped), 2.0 ** (1 - weeks))
    seen, drawn = _dealt_gaps(gaps, buyers, order) if buyers else (0.0, np.zeros(0))
    p_value = max(by_week, drawn_p(seen, drawn)) if len(drawn) else by_week
    lo, hi = (min((mean + side * half) / full, 1.0) for side in (-1, 1))
    null = float(max(swapped.mean(), drawn.mean() if len(drawn) else 0.0)) / full
    return Distance(min(max(mean / full, 0.0), 1.0), lo, max(hi, 0.0), min(null, 1.0), p_value)


def _dealt_gaps(gaps: Gaps, buyers: Buyers, order: Ints) -> tuple[float, Floats]:
    """Mean size of the gaps over the whole period: as seen, and with buyers dealt anew."""
    paid_a, units_a, paid_b, units_b = (part[:, gaps.items] for part in buyers)
    total = paid_a.sum() + paid_b.sum()
    if not (paid_a.sum() > 0 and paid_b.sum() > 0):
        return float("nan"), np.zeros(0)
    share = float(paid_a.sum() / total)
    first_paid, second_paid, scale = dealt(paid_a + paid_b, order, share=share)
    first_units, second_units, _ = dealt(units_a + units_b, order, share=share)
    seen = _sizes(*(part.sum(axis=0) for part in (paid_a, units_a, paid_b, units_b)))
    drawn = _sizes(first_paid, first_units, second_paid, second_units)
    return float(seen @ gaps.weight), np.sqrt(scale) * (drawn @ gaps.weight)


def _sizes(paid_a: Floats, units_a: Floats, paid_b: Floats, units_b: Floats) -> Floats:
    known: Bools = (paid_a > 0) & (units_a > 0) & (paid_b > 0) & (units_b > 0)
    one = np.where(known, 1.0, np.nan)
    with np.errstate(invalid="ignore"):
        gap = np.log(paid_a * one / units_a) - np.log(paid_b * one / units_b)
    size: Floats = np.nan_to_num(np.abs(gap), nan=0.0)
    return size
