"""Price levels of stores from sums over matched cells, with intervals that delete products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.multilateral import linked_levels
from channelscope.stats.resampling import Scale, jackknife, leave_one_out


@dataclass(frozen=True, slots=True)
class PairSums:
    """Sums over the matched cells of each pair of stores, by product.

    Shapes: `first`, `second` (pairs,) positions of the stores; the sums (items, pairs), 0 where a
    product has no matched cell. Units: money; `log_*` money times a log price ratio.
    """

    first: npt.NDArray[np.intp]
    second: npt.NDArray[np.intp]
    value_a: Floats
    value_b: Floats
    log_a: Floats
    log_b: Floats


@dataclass(frozen=True, slots=True)
class Levels:
    """Log price levels against the reference. Shapes: (stores,); nan = no path to it.

    `draws` (items, stores): the levels without one product; nan where it is none of the store's.
    """

    log_level: Floats
    lo: Floats
    hi: Floats
    draws: Floats


def log_tornqvist(value_a: Floats, value_b: Floats, log_a: Floats, log_b: Floats) -> Floats:
    """Return ln of the Törnqvist price relative of each pair.

    To a shop owner: how much dearer the first store is on the same goods at the same time, each
    product weighing as much as it does in both stores' sales on average.

    Shapes: four (..., pairs) sums over products to (..., pairs). Units: natural logarithm.

    Args:
        value_a: Value of the matched cells in the first store.
        value_b: The same in the second store.
        log_a: Sum of the first store's values times ln(its price / the second store's price).
        log_b: The same with the second store's values.

    Returns:
        The relatives; nan where a store's matched cells have no value.

    Raises:
        ValueError: Shapes do not broadcast.

    Source: Törnqvist (1936); METHODS 2.

    >>> log_tornqvist(np.array([2.0]), np.array([4.0]), np.array([0.2]), np.array([0.8])).round(6)
    array([0.15])
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        relative: Floats = (log_a / value_a + log_b / value_b) / 2
    return np.where((value_a > 0) & (value_b > 0), relative, np.nan)


def levels(sums: PairSums, linked: Bools, *, reference: int, level: float = 0.95) -> Levels:
    """Return the price level of every store and its interval by deleting one product at a time.

    To a shop owner: one number per store on the same goods; the interval says how far it would
    move had another product been in the range.

    Shapes: `linked` (stores, stores). Units: logarithm of the level, reference = 0.

    Args:
        sums: Sums over matched cells.
        linked: Pairs that are compared, fixed on the full sample.
        reference: Position of the reference store.
        level: Coverage wanted.

    Returns:
        Levels with bounds; nan where no chain of links leads to the reference. A product that a
        store shares with no store it is linked to does not count as a cluster of its level.

    Raises:
        ValueError: `linked` is not a square symmetric matrix of booleans.

    Source: least squares of linked Törnqvist relatives (METHODS 2), products as clusters.

    >>> sold = np.array([[1.0], [2.0], [3.0]])
    >>> gaps = PairSums(np.array([0]), np.array([1]), sold, sold, sold * 0.1, sold * 0.1)
    >>> levels(gaps, np.array([[False, True], [True, False]]), reference=0).log_level.round(6)
    array([ 0. , -0.1])
    """
    parts = (sums.value_a, sums.value_b, sums.log_a, sums.log_b)
    full = log_tornqvist(*(part.sum(axis=0) for part in parts))
    others = log_tornqvist(*(leave_one_out(part) for part in parts))
    absent = sums.value_a + sums.value_b == 0
    # A product that a pair does not share leaves that pair as it is.
    draws = np.where(absent, full, others)
    size = len(linked)
    estimate = linked_levels(_matrix(full, sums, size, linked), linked, reference=reference)
    moved = linked_levels(_matrix(draws, sums, size, linked), linked, reference=reference)
    own = _own_items(~absent, sums, linked)
    alone = np.where(own, moved, np.nan)
    interval = jackknife(estimate, alone, level=level, scale=Scale.IDENTITY)
    return Levels(estimate, interval.lo, interval.hi, alone)


def _own_items(shared: Bools, sums: PairSums, linked: Bools) -> Bools:
    """Which products each store shares with a store it is linked to. Shapes: (items, stores)."""
    used = shared & linked[sums.first, sums.second]
    own = np.zeros((len(shared), len(linked)), dtype=bool)
    for pair, (first, second) in enumerate(zip(sums.first, sums.second, strict=True)):
        own[:, first] |= used[:, pair]
        own[:, second] |= used[:, pair]
    return own


def _matrix(values: Floats, sums: PairSums, size: int, linked: Bools) -> Floats:
    matrix = np.zeros((*values.shape[:-1], size, size))
    matrix[..., sums.first, sums.second] = values
    matrix[..., sums.second, sums.first] = -values
    return np.where(linked, matrix, 0.0)
