"""Differences between stores whose statistics move with the same weeks, buyers or products."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.intervals import t_quantile
from channelscope.stats.resampling import MINIMUM_BLOCKS
from channelscope.stats.tails import t_p

NO_SPREAD = 1e-12
"""An error below this share of its values differs from zero by the order of summing alone."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Estimates of stores and how they move.

    Shapes: `estimate` (S,); `moves` (B, S), what each shared block adds to the estimate, squares
    that sum to its variance; `active` (B, S), where a store has anything in the block; `own` (S,),
    variance that the blocks do not show, with `own_freedom` (S,) degrees of freedom.
    """

    estimate: Floats
    moves: Floats
    active: Bools
    own: Floats
    own_freedom: Floats


@dataclass(frozen=True, slots=True)
class Differences:
    """Differences of pairs with their intervals, all of one shape; nan = not known."""

    value: Floats
    lo: Floats
    hi: Floats
    error: Floats
    freedom: Floats
    p_value: Floats
    detectable: Floats


def spread(
    estimate: npt.ArrayLike,
    replicates: npt.ArrayLike,
    *,
    own: npt.ArrayLike | None = None,
    own_freedom: npt.ArrayLike | None = None,
) -> Spread:
    """Return how estimates move when one block after the other is deleted.

    To a shop owner: which weeks (or products, or buyers) a number leans on.

    Shapes: (S,) and (B, S). Units: those of the estimate.

    Args:
        estimate: The statistic of each store on all blocks.
        replicates: The same with one block deleted; nan = the store has nothing in that block.
        own: Variance beside that of the blocks; default none.
        own_freedom: Its degrees of freedom.

    Returns:
        The moves, whose squares sum to the jackknife variance of each store.

    Raises:
        ValueError: Shapes do not agree.

    Source: Tukey (1958); Efron and Tibshirani (1993) chapter 11.

    >>> found = spread([2.0], [[1.5], [2.5], [2.0]])
    >>> (found.moves ** 2).sum(axis=0).round(4)
    array([0.3333])
    """
    centre, draws = np.asarray(estimate, np.float64), np.asarray(replicates, np.float64)
    if centre.ndim != 1 or draws.ndim != 2 or draws.shape[1] != len(centre):
        raise ValueError("replicates: expected (blocks, stores) beside an estimate of (stores,)")
    active = np.isfinite(draws)
    count = np.maximum(active.sum(axis=0), 1)
    mean = np.where(active, draws, 0.0).sum(axis=0) / count
    moves = np.where(active, mean - draws, 0.0) * np.sqrt((count - 1) / count)
    nothing = np.zeros(len(centre))
    return Spread(
        centre, moves, active,
        nothing if own is None else np.asarray(own, np.float64),
        nothing if own_freedom is None else np.asarray(own_freedom, np.float64),
    )  # fmt: skip


def differences(
    found: Spread,
    first: npt.NDArray[np.intp],
    second: npt.NDArray[np.intp],
    *,
    level: float = 0.95,
    power: float = 0.80,
) -> Differences:
    """Return the differences of pairs of stores, first minus second.

    To a shop owner: how far apart two stores are, where the true difference lies, and how small a
    one these data would have shown.

    Shapes: two (pairs,) positions of stores. Units: those of the estimate.

    Args:
        found: Estimates and their moves; the blocks are the same for all stores, so that what hits
            all of them at once (a festival week) cancels.
        first: The stores.
        second: What they are compared with.
        level: Coverage wanted.
        power: Chance with which `detectable` would have been found.

    Returns:
        Differences with t intervals, p-values, and the smallest difference that would have been
        found. nan where an estimate is not known, where fewer than three blocks are active, and
        where nothing moves: that is no certainty.

    Raises:
        ValueError: A level or power outside (0, 1).

    Source: paired delete-one-block jackknife; Satterthwaite (1946) for the degrees of freedom.

    >>> weeks = np.array([[3.0, 1.0], [5.0, 3.5], [4.0, 2.0], [8.0, 5.5]])
    >>> means = spread(weeks.mean(axis=0), (weeks.sum(axis=0) - weeks) / 3)
    >>> gap = differences(means, np.array([0]), np.array([1]))
    >>> gap.value, gap.lo.round(4), gap.hi.round(4)
    (array([2.]), array([1.3504]), array([2.6496]))
    """
    value = found.estimate[first] - found.estimate[second]
    blocks, variance = _block_variance(found, first, second)
    freedom = blocks - 1.0
    total = variance.copy()
    weight = _over(variance**2, freedom)
    for store in (first, second):
        total += found.own[store]
        weight += _over(found.own[store] ** 2, found.own_freedom[store])
    freedom = np.where(weight > 0, _over(total**2, weight), freedom)
    size = np.abs(found.estimate[first]) + np.abs(found.estimate[second])
    # Estimates without blocks vary by themselves; of one or two blocks nothing is known.
    enough = (blocks >= MINIMUM_BLOCKS) | (len(found.moves) == 0)
    moves = (total > (NO_SPREAD * size) ** 2) & enough & np.isfinite(value)
    error = np.where(moves, np.sqrt(total), np.nan)
    reach = t_quantile(freedom, level=level)
    # A two-sided quantile at 2 power - 1 is the one-sided quantile at that power.
    seen = (reach + t_quantile(freedom, level=2 * power - 1)) * error
    lo, hi = value - reach * error, value + reach * error
    return Differences(value, lo, hi, error, freedom, t_p(value, error, freedom), seen)


def _block_variance(
    found: Spread, first: npt.NDArray[np.intp], second: npt.NDArray[np.intp]
) -> tuple[Floats, Floats]:
    """Blocks in which either store is active, and the variance of the difference over them."""
    active = found.active.astype(np.float64)
    both, counts = active.T @ active, active.sum(axis=0)
    products, squares = found.moves.T @ found.moves, (found.moves**2).sum(axis=0)
    blocks = counts[first] + counts[second] - both[first, second]
    variance = squares[first] + squares[second] - 2 * products[first, second]
    # What is left of two equal sums may be a little below zero.
    small = 1e-14 * (squares[first] + squares[second])
    return blocks, np.where(variance > small, variance, 0.0)


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros(np.shape(top)), where=np.asarray(bottom) > 0)


def repeat_variance(numerator: npt.ArrayLike, denominator: npt.ArrayLike) -> tuple[Floats, Floats]:
    """Return the variance that repeat buyers add to a ratio, beyond that of single orders.

    To a shop owner: a hundred orders of ten regulars say less than a hundred of a hundred people,
    and weeks do not show it: the regulars come back every week.

    Shapes: (groups, slots, S) to two of (S,). Units: the square of the ratio's; blocks less one.

    Args:
        numerator: Sums by group of buyers and by random slot of their orders.
        denominator: The same of what they are divided by.

    Returns:
        How much more the ratio varies over groups of buyers than their orders alone, dealt at
        random, would make it vary; zero at least. And the degrees of freedom, of groups that have
        anything. nan where the ratio is not known.

    Raises:
        ValueError: Fewer than two slots, or shapes that differ.

    Source: the part of two-way clustering that the other way misses (Cameron, Gelbach and Miller
        2011), with groups and slots dealt by md5.

    >>> bought = np.array([[[2.0], [2.0]], [[6.0], [6.0]], [[4.0], [4.0]]])
    >>> extra, freedom = repeat_variance(bought, np.full((3, 2, 1), 2.0))
    >>> extra.round(4), freedom
    (array([0.3333]), array([2.]))
    """
    top, bottom = np.asarray(numerator, np.float64), np.asarray(denominator, np.float64)
    if top.shape != bottom.shape or top.ndim != 3 or top.shape[1] < 2:
        raise ValueError("numerator: expected (groups, slots, stores) like the denominator")
    total = bottom.sum(axis=(0, 1))
    known = total > 0
    whole = np.where(known, total, 1.0)
    moves = (top - top.sum(axis=(0, 1)) / whole * bottom) / whole
    slots = top.shape[1]
    groups = (bottom.sum(axis=1) > 0).sum(axis=0)
    by_buyer = groups / np.maximum(groups - 1, 1) * (moves.sum(axis=1) ** 2).sum(axis=0)
    within = moves - moves.mean(axis=1, keepdims=True)
    by_order = slots / (slots - 1) * (within**2).sum(axis=(0, 1))
    extra = np.maximum(by_buyer - by_order, 0.0)
    return np.where(known, extra, np.nan), np.where(known, groups - 1.0, np.nan)
