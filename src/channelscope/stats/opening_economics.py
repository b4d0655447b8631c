"""What opening a store adds: contribution by month, payback, break-even."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, Ints

NEVER = 0
"""The payback month of what is never paid back."""


def ramp(start: npt.ArrayLike, months: npt.ArrayLike, horizon: int) -> Floats:
    """Return sales of each month as part of those of a grown-up store.

    To a shop owner: a store begins small and grows in equal steps until it is grown up.

    Shapes: two of (draws,) to (draws, horizon). Units: 1 = grown up.

    Args:
        start: Part of the first month.
        months: Months until it is grown up.
        horizon: How many months.

    Returns:
        A straight line from `start` in the first month to 1 after so many months, then 1.

    Raises:
        ValueError: A horizon without a month.

    Source: METHODS 9 "ramp-up".

    >>> ramp([0.5], [2.0], 4)
    array([[0.5 , 0.75, 1.  , 1.  ]])
    """
    if horizon < 1:
        raise ValueError("horizon: expected at least one month")
    first = np.asarray(start, dtype=np.float64)[:, None]
    span = np.maximum(np.asarray(months, dtype=np.float64), 1e-9)[:, None]
    grown = np.minimum(np.arange(horizon) / span, 1.0)
    found: Floats = first + (1 - first) * grown
    return found


def break_even_sales(
    fixed: npt.ArrayLike, margin: npt.ArrayLike, diverted: npt.ArrayLike, lost: npt.ArrayLike
) -> Floats:
    """Return the sales at which a new store neither adds nor takes.

    To a shop owner: how much it must sell, given that part of it would have been sold anyway.

    Shapes: any that fit one another. Units: those of `fixed`, per the same time.

    Args:
        fixed: Costs that do not depend on sales.
        margin: What a unit of sales leaves.
        diverted: Part of its sales that own stores would have had.
        lost: What a unit of those sales left there.

    Returns:
        fixed / (margin - diverted x lost); nan where a sale leaves nothing: no amount is enough.

    Raises:
        ValueError: Shapes that do not fit.

    Source: METHODS 9; `S* = F / (m - c m0)`.

    >>> float(break_even_sales(300.0, 0.4, 0.5, 0.2).round(6))
    1000.0
    """
    left = np.asarray(margin, np.float64) - np.asarray(diverted, np.float64) * np.asarray(lost)
    found: Floats = np.where(left > 0, np.asarray(fixed) / np.where(left > 0, left, 1.0), np.nan)
    return found


def break_even_diversion(
    sales: npt.ArrayLike, fixed: npt.ArrayLike, margin: npt.ArrayLike, lost: npt.ArrayLike
) -> Floats:
    """Return the part of its sales that may come from own stores before a new store adds nothing.

    To a shop owner: if more than this of its sales would have been yours anyway, leave it.

    Shapes: any that fit one another. Units: 1 = all of its sales.

    Args:
        sales: What it sells.
        fixed: Costs that do not depend on sales, over the same time.
        margin: What a unit of sales leaves.
        lost: What a unit of diverted sales left before.

    Returns:
        (margin - fixed / sales) / lost; below 0 it does not pay even if it takes nothing, above 1
        it pays whatever it takes. nan without sales or where nothing is lost.

    Raises:
        ValueError: Shapes that do not fit.

    Source: METHODS 9, solved for c.

    >>> float(break_even_diversion(1000.0, 300.0, 0.4, 0.2).round(6))
    0.5
    """
    sold, kept = np.asarray(sales, dtype=np.float64), np.asarray(lost, dtype=np.float64)
    known = (sold > 0) & (kept > 0)
    per_unit = np.asarray(fixed) / np.where(known, sold, 1.0)
    found: Floats = np.where(known, (np.asarray(margin) - per_unit) / np.where(known, kept, 1.0),
                             np.nan)  # fmt: skip
    return found


def payback_month(cumulative: npt.ArrayLike) -> Ints:
    """Return the month from which on everything is earned back.

    To a shop owner: a good festival month that is lost again in the next is no payback.

    Shapes: (draws, months) to (draws,). Units: months, the first is 1.

    Args:
        cumulative: Contribution since the decision, set-up taken off, at the end of each month.

    Returns:
        The first month from which it stays at 0 or above to the end; `NEVER` where there is none.

    Raises:
        ValueError: Not draws by months.

    Source: METHODS 9 "payback curve".

    >>> payback_month([[-5.0, 1.0, -1.0, 2.0, 3.0], [-5.0, -4.0, -3.0, -2.0, -1.0]])
    array([4, 0])
    """
    paths = np.asarray(cumulative, dtype=np.float64)
    if paths.ndim != 2:
        raise ValueError("cumulative: expected draws by months")
    below = paths < 0
    months = paths.shape[1]
    last = np.where(below.any(axis=1), months - np.argmax(below[:, ::-1], axis=1), 0)
    found: Ints = np.where(last < months, last + 1, NEVER)
    return found
