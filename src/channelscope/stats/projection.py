"""An event in progress, projected to its end from the aligned days of last year."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats, Ints

LEAST_DAYS = 3
MEMORY = (0.0, 0.3, 0.6, 0.9)
"""How much of a day's luck may be left on the next day."""
BY_SIZE = (0.0, 1 / 3, 2 / 3, 1.0)
"""Parts of a usual day's variance that may shrink with the day's sales, as chance of orders does;
the rest is the same share of sales on every day."""
PEAKS = 0.1
"""Variance of a day beyond that of quiet days, per squared log of how high it stands above them."""
USUAL = 0.1
"""By what share two years' days differ where nothing is known; it counts as one day."""
_SMALLEST = 1e-3
"""Of a usual day; a day without sales has no smaller one."""


@dataclass(frozen=True, slots=True)
class Projection:
    """An event's sales at its end, and its growth so far.

    Units: money as given; growth in shares, 0.14 is 14 percent more than on last year's days.
    """

    sold: float
    total: float
    low: float
    high: float
    growth: float
    growth_low: float
    growth_high: float
    compared: int

    @property
    def to_come(self) -> float:
        """Part of the total that is not known to be sold."""
        return self.total - self.sold


@dataclass(frozen=True, slots=True)
class _Days:
    """The days that tell something: those compared, then those projected.

    Shapes: gap (compared,), the others (days,). Weights of the compared days sum to one, and so do
    those of the projected days.
    """

    gap: Floats
    at: Ints
    size: Floats
    weight: Floats


def project(so_far: npt.ArrayLike, aligned: npt.ArrayLike, *, level: float = 0.8) -> Projection:
    """Return the sales of an event in progress at its end, with a range, and its growth so far.

    To a shop owner: twelve days in, you are 14 percent ahead of last year's same twelve days. If
    the days to come keep that growth, the event ends at 5.2 million, and four times in five between
    4.7 and 5.8 million.

    The projected days are last year's times the growth so far, both by plain sums, so that anybody
    can check them and days without sales do no harm. How far that may miss is read from how
    unevenly the days so far grew, which holds the luck of both years; how long luck lasts and
    whether it shrinks with size are weighed by how well they explain those days.

    Shapes: so_far (days so far,), aligned (days,). Units: money, net of refunds.

    Args:
        so_far: This year's sales by day from the event's first day. nan is not known: the day is
            projected like one to come.
        aligned: Last year's sales on the days aligned with all days of this year's event. nan is
            no such day, as where this year's event is longer: its sales this year count and are
            not compared, and for a day to come the median of last year's days stands in.
        level: Chance that the range should hold the outcome.

    Returns:
        `total` is `sold` and what is to come. The range of the total is of the outcome; that of
        growth is of the lasting growth beneath the luck of single days.

    Raises:
        ValueError: Shapes that do not fit, infinite sales, a level that is no chance between 0
            and 1, fewer than three days to compare, or sums that are not above zero: of either
            year on the days compared, or of last year on the days to project.

    Source: ratio projection; its error by the marginal likelihood of an AR(1) model whose scale
        and mean are integrated out, Harville (1974); METHODS 10.

    >>> found = project([120.0, 60, 60], [100.0, 50, 50, 50, 50, 200])
    >>> found.sold, round(found.total, 6), round(found.growth, 6)
    (240.0, 600.0, 0.2)
    >>> round(found.low), round(found.high)
    (572, 631)
    """
    if not 0 < level < 1:
        raise ValueError(f"level: expected a chance between 0 and 1, got {level}")
    now, last = _checked(so_far, aligned)
    known = ~np.isnan(now)
    compared = known & ~np.isnan(last)
    last = np.where(np.isnan(last), np.median(last[~np.isnan(last)]), last)
    sold, base = float(now[known].sum()), float(last[compared].sum())
    rest = float(last[~known].sum())
    grown = _above_zero(float(now[compared].sum()), name="so_far: on the days compared")
    grown /= _above_zero(base, name="aligned: on the days compared")
    to_come = grown * _above_zero(rest, name="aligned: on the days to project")
    days = _told(now, last, grown, compared=compared, projected=~known)
    outcome, lasting = _spread(days, level)
    return Projection(
        sold, sold + to_come, sold + to_come * np.exp(-outcome), sold + to_come * np.exp(outcome),
        grown - 1, grown * np.exp(-lasting) - 1, grown * np.exp(lasting) - 1, len(days.gap),
    )  # fmt: skip


def _checked(so_far: npt.ArrayLike, aligned: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Both years over all days, nan for not known."""
    first, last = (np.asarray(each, dtype=np.float64) for each in (so_far, aligned))
    if first.ndim != 1 or last.ndim != 1 or not LEAST_DAYS <= len(first) < len(last):
        raise ValueError(
            f"so_far: expected at least {LEAST_DAYS} days and fewer than all of the event, "
            f"got {first.shape} of {last.shape}"
        )
    if np.any(np.isinf(first)) or np.any(np.isinf(last)):
        raise ValueError("so_far, aligned: expected finite sales (nan = not known)")
    now = np.concatenate((first, np.full(len(last) - len(first), np.nan)))
    both = int((~np.isnan(now) & ~np.isnan(last)).sum())
    if both < LEAST_DAYS:
        raise ValueError(f"aligned: expected at least {LEAST_DAYS} days to compare, got {both}")
    return now, last


def _above_zero(total: float, *, name: str) -> float:
    if not total > 0:
        raise ValueError(f"{name}, expected sales above zero in sum, got {total}")
    return total


def _told(now: Floats, last: Floats, grown: float, *, compared: Bools, projected: Bools) -> _Days:
    """Gaps of the days compared, and size and weight of these and the projected days.

    A gap is relative to the middle of both years and not to one of them: it is almost the log of
    their ratio, is 2 at most where a day has no sales, and neither year is preferred.
    """
    this, then = np.maximum(now, 0.0), np.maximum(last, 0.0)
    middle = (this / grown + then) / 2
    seen = compared & (np.nan_to_num(middle) > 0)
    gap = (this / grown - then)[seen] / middle[seen]
    size, ahead = middle[seen], then[projected]
    sizes = np.concatenate((size, ahead))
    at = np.concatenate((np.flatnonzero(seen), np.flatnonzero(projected)))
    weight = np.concatenate((size / size.sum(), ahead / ahead.sum()))
    return _Days(gap, at, np.maximum(sizes / sizes.mean(), _SMALLEST), weight)


def _spread(days: _Days, level: float) -> tuple[float, float]:
    """How far, in logs, the days projected may miss the growth so far, and that the lasting one."""
    count = len(days.gap)
    shapes = _shapes(days)
    seen = shapes[:, :count, :count]
    inverse = np.linalg.inv(seen)
    by_day = inverse.sum(axis=-1)
    total = by_day.sum(axis=-1)
    off = days.gap - (by_day @ days.gap / total)[:, None]
    squares = USUAL**2 + np.einsum("mi,mij,mj->m", off, inverse, off)
    fit = -(np.linalg.slogdet(seen)[1] + np.log(total) + count * np.log(squares)) / 2
    chance = np.exp(fit - fit.max())
    scale = chance / chance.sum() * squares / count
    from scipy.special import stdtrit  # noqa: PLC0415  (slow to import)

    away = np.concatenate((-days.weight[:count], days.weight[count:]))
    lasting = np.where(np.arange(len(away)) < count, away, 0.0)
    each = np.stack((away, lasting))
    variance = np.einsum("m,ra,mab,rb->r", scale, each, shapes, each, optimize=True)
    outcome, growth = stdtrit(count, (1 + level) / 2) * np.sqrt(variance)
    return float(outcome), float(growth)


def _shapes(days: _Days) -> Floats:
    """Covariances of all days' luck, up to their scale, by each memory and part that shrinks.

    Shapes: (models, days, days).
    """
    memory, by_size = (part.reshape(-1, 1, 1) for part in np.meshgrid(MEMORY, BY_SIZE))
    height = np.maximum(np.log(days.size / np.median(days.size)), 0.0)
    wide = np.sqrt(1 + PEAKS * height**2)
    lasting = memory ** np.abs(days.at[:, None] - days.at) * np.outer(wide, wide)
    found: Floats = (1 - by_size) * lasting + by_size * np.diag(1 / days.size)
    return found
