"""What an opening took from other stores: sales in the categories it sells, against the rest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.intervals import t_quantile
from channelscope.stats.tails import t_p

MINIMUM_CONTROLS = 3
"""With fewer categories that the new store does not sell, nobody knows how much they drift."""
MOST_FREEDOM = 60.0
"""What orders alone show of the spread counts as so many degrees of freedom."""
HALVINGS = 60


@dataclass(frozen=True, slots=True)
class Diversion:
    """Part of the new store's sales that each other store lost; nan = the data cannot tell.

    Shapes: (stores,). `expected`: sales of the exposed categories without the opening, 0 where the
    store sold nothing there a year before; `sold` were made.
    """

    share: Floats
    lo: Floats
    hi: Floats
    error: Floats
    freedom: Floats
    p_value: Floats
    expected: Floats
    sold: Floats


@dataclass(frozen=True, slots=True)
class Cells:
    """Sales by store and category in weeks before and after, and what their noise is.

    Shapes: (stores, categories). Units: money; `squares…` the sum of the squared amounts of lines,
    which is the variance of a sum of independent lines.
    """

    before: Floats
    after: Floats
    squares_before: Floats
    squares_after: Floats


def diversion(
    cells: Cells,
    *,
    exposed: npt.NDArray[np.bool_],
    controls: npt.NDArray[np.bool_],
    gained: float,
    extra: npt.ArrayLike = 0.0,
    level: float = 0.95,
) -> Diversion:
    """Return which part of the new store's sales each other store lost.

    To a shop owner: of 100 yuan in the new store's till, how many would the flagship have taken
    had the new store stayed closed. The flagship's cookware is held against its own cookware of the
    same weeks a year earlier, moved as its categories moved that the new store does not sell.

    How unlike categories move from year to year when nothing happens is measured on those same
    categories, beyond what single orders do by chance: each store's own drift or that of all
    stores together, whichever is larger. So a store whose categories come and go gets a wide
    interval, and one whose categories keep step a narrow one.

    Shapes: stores and categories; `extra` (stores,). Units: shares of `gained`.

    Args:
        cells: Sales a year before and after the opening, with their noise.
        exposed: Categories (categories,) that the new store sells.
        controls: Categories (categories,) that it does not.
        gained: What the new store sold in the weeks after.
        extra: Variance of the loss, in money, that comes with what was put into the cells.
        level: Coverage wanted.

    Returns:
        Shares with t intervals; a share may be negative, or above 1: nothing holds it inside. nan
        where a store sold nothing exposed a year before, where fewer than three control categories
        sold in both years, or where nothing was gained.

    Raises:
        ValueError: Shapes that do not agree.

    Source: METHODS 8; comparison in differences with few groups as in Donald and Lang (2007); the
        drift between categories as in Paule and Mandel (1982); degrees of freedom: Satterthwaite.

    >>> before = np.array([[100.0, 50, 80, 60]])
    >>> after = np.array([[80.0, 55, 88, 66]])
    >>> cells = Cells(before, after, before / 100, after / 100)
    >>> on = np.array([True, False, False, False])
    >>> diversion(cells, exposed=on, controls=~on, gained=60).share.round(3)
    array([0.5])
    """
    _check(cells, exposed, controls)
    known = (cells.before > 0) & (cells.after > 0)
    used = known & controls
    counted = used.sum(axis=1)
    moved, noise = _moved(cells, known)
    drift = _drift(moved, noise, used)
    weight = np.where(used, 1 / np.where(used, drift[:, None] + noise, 1.0), 0.0)
    weight /= np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(float).tiny)
    growth = (weight * np.where(used, moved, 0.0)).sum(axis=1)
    hit = exposed & (cells.before > 0)
    expected = np.where(hit, cells.before * np.exp(growth)[:, None], 0.0)
    sold = np.where(hit, cells.after, 0.0).sum(axis=1)
    by_drift = _by_drift(expected, weight, drift)
    by_chance = _by_chance(cells, hit, expected) + np.asarray(extra, np.float64)
    by_chance += expected.sum(axis=1) ** 2 * (weight**2 * np.where(used, noise, 0.0)).sum(axis=1)
    compared = counted >= MINIMUM_CONTROLS
    told = compared & hit.any(axis=1) & (gained > 0)
    total = by_drift + by_chance
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.where(told, (expected.sum(axis=1) - sold) / gained, np.nan)
        error = np.where(told & (total > 0), np.sqrt(total) / gained, np.nan)
        few = total**2 / (by_drift**2 / (counted - 1) + by_chance**2 / MOST_FREEDOM)
    freedom = np.where(np.isfinite(error), few, np.nan)
    reach = t_quantile(freedom, level=level) * error
    return Diversion(
        share, share - reach, share + reach, error, freedom, t_p(share, error, freedom),
        np.where(compared, expected.sum(axis=1), np.nan), np.where(compared, sold, np.nan),
    )  # fmt: skip


def _check(cells: Cells, exposed: Bools, controls: Bools) -> None:
    shape = cells.before.shape
    alike = all(
        part.shape == shape for part in (cells.after, cells.squares_before, cells.squares_after)
    )
    if len(shape) != 2 or not alike or exposed.shape != shape[1:] or controls.shape != shape[1:]:
        raise ValueError("expected cells (stores, categories), exposed and controls (categories,)")
    if (exposed & controls).any():
        raise ValueError("a category cannot be exposed and a control")


def _moved(cells: Cells, known: Bools) -> tuple[Floats, Floats]:
    """Log ratio after to before, and its variance from orders alone."""
    before, after = np.where(known, cells.before, 1.0), np.where(known, cells.after, 1.0)
    noise = cells.squares_before / before**2 + cells.squares_after / after**2
    return np.log(after / before), np.where(known, noise, np.nan)


def _drift(moved: Floats, noise: Floats, used: Bools) -> Floats:
    """Variance between categories beyond noise: a store's own or that of all, the larger one."""
    spare = np.maximum(used.sum(axis=1) - 1, 0)

    def spread(drift: Floats) -> Floats:
        weight = np.where(used, 1 / np.where(used, drift + noise, 1.0), 0.0)
        whole = np.maximum(weight.sum(axis=1, keepdims=True), np.finfo(float).tiny)
        centre = (weight * np.where(used, moved, 0.0)).sum(axis=1, keepdims=True) / whole
        found: Floats = (weight * np.where(used, moved - centre, 0.0) ** 2).sum(axis=1)
        return found

    own = _root(lambda drift: spread(drift[:, None]) - spare, len(moved))
    common = _root(lambda drift: np.atleast_1d((spread(drift[:, None]) - spare).sum()), 1)
    return np.maximum(own, common)


def _root(excess: Callable[[Floats], Floats], count: int) -> Floats:
    """Where a falling function meets 0, by halving on [0, 4]; 0 where it is below from the start.

    Logarithms that spread by more than 2 are no categories of one store.
    """
    low, high = np.zeros(count), np.full(count, 4.0)
    none = excess(low) <= 0
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        above = excess(middle) > 0
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    return np.where(none, 0.0, (low + high) / 2)


def _by_drift(expected: Floats, weight: Floats, drift: Floats) -> Floats:
    """Variance of the loss by how far categories drift, the exposed and the controls. (stores,)."""
    own, of_controls = (expected**2).sum(axis=1), (weight**2).sum(axis=1)
    found: Floats = drift * (own + expected.sum(axis=1) ** 2 * of_controls)
    return found


def _by_chance(cells: Cells, hit: Bools, expected: Floats) -> Floats:
    """Variance of the loss by single orders in the exposed categories. (stores,)."""
    before = expected**2 * cells.squares_before / np.where(hit, cells.before, 1.0) ** 2
    found: Floats = np.where(hit, before + cells.squares_after, 0.0).sum(axis=1)
    return found
