"""Delete-one-block jackknife: intervals that hold with a handful of weeks."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, TypeVar, overload

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.intervals import IntervalArrays, t_quantile

__all__ = ["IntervalArrays", "Scale", "jackknife", "leave_one_out"]

MINIMUM_BLOCKS = 3


class Scale(StrEnum):
    """The scale on which a statistic is roughly normal."""

    IDENTITY = "identity"
    LOG = "log"
    LOGIT = "logit"


_Number = TypeVar("_Number", bound=np.number)


@overload
def leave_one_out(blocks: npt.NDArray[_Number], *, axis: int = 0) -> npt.NDArray[_Number]: ...
@overload
def leave_one_out(blocks: npt.ArrayLike, *, axis: int = 0) -> npt.NDArray[Any]: ...
def leave_one_out(blocks: npt.ArrayLike, *, axis: int = 0) -> npt.NDArray[Any]:
    """Return the totals over all blocks but one, for each block.

    To a shop owner: what the year would have looked like without week 1, without week 2, and so
    on; how much these differ tells how sure a number is.

    Shapes: any, kept; the entry at block g is the sum of the others. Units: those of the blocks.

    Args:
        blocks: Sums per block (week, goods, buyer group) along the axis.
        axis: Where the blocks are.

    Returns:
        Totals with that block deleted; never below zero when no block is; integers stay integers.
        A nan block leaves all totals but its own unknown.

    Raises:
        ValueError: No such axis.

    Source: Quenouille (1956).

    >>> leave_one_out([1, 2, 4])
    array([6, 5, 3])
    """
    given = np.asarray(blocks)
    if not -given.ndim <= axis < given.ndim:
        raise ValueError(f"axis: expected one of {given.ndim}, got {axis}")
    # Sums from both ends rather than total minus block: no cancellation, and nan stays local.
    moved = np.moveaxis(given, axis, 0)
    sums = np.cumsum(moved, axis=0)
    others = np.zeros_like(sums)
    others[1:] = sums[:-1]
    others[:-1] += np.cumsum(moved[:0:-1], axis=0)[::-1]
    return np.moveaxis(others, 0, axis)


def with_deletions(blocks: npt.NDArray[_Number]) -> npt.NDArray[_Number]:
    """Return the total over all blocks, then the totals with one of them deleted.

    To a shop owner: the year, and the year as it would have been without each of its parts.

    Shapes: (G, …) to (1 + G, …). Units: those of the blocks.

    Args:
        blocks: Sums per block along the first axis.

    Returns:
        The total, and below it each total of `leave_one_out`.

    Raises:
        ValueError: No axis.

    Source: Quenouille (1956).

    >>> with_deletions(np.array([1, 2, 4]))
    array([7, 6, 5, 3])
    """
    return np.concatenate([blocks.sum(axis=0, keepdims=True), leave_one_out(blocks)])


def jackknife(
    estimate: npt.ArrayLike,
    replicates: npt.ArrayLike,
    *,
    level: float = 0.95,
    scale: Scale = Scale.IDENTITY,
    extra: npt.ArrayLike = 0.0,
    extra_freedom: npt.ArrayLike = np.inf,
) -> IntervalArrays:
    """Return the delete-one-block jackknife interval of a statistic.

    To a shop owner: how far the number would move had other weeks (or other goods) been seen.

    Shapes: (...) and (blocks, ...) to (...). Units: bounds in those of the estimate,
    `standard_error` in those of the scale (of the logarithm, of the log odds).

    Args:
        estimate: The statistic on all blocks.
        replicates: The statistic with one block deleted, along axis 0; nan or infinite = not
            computable without that block, which then is no block of this statistic.
        level: Coverage wanted.
        scale: Where the interval is symmetric; `LOG` keeps it above 0, `LOGIT` between 0 and 1.
        extra: Variance of the estimate that the blocks do not show.
        extra_freedom: Its degrees of freedom.

    Returns:
        estimate +- t standard errors, with the degrees of freedom of the blocks (one less than
        they are) or, with an extra variance, Satterthwaite's, taken back from the scale. nan with
        fewer than three blocks, and where the estimate or a replicate has no place on the scale (0
        on `LOG`, 0 or 1 on `LOGIT`): then one block decides and nothing is known of the spread.

    Raises:
        ValueError: Shapes do not broadcast, no block axis, or a level outside (0, 1).

    Source: Tukey (1958); Efron and Tibshirani (1993) chapter 11.

    >>> weeks = np.array([3.0, 5.0, 4.0, 8.0])
    >>> interval = jackknife(weeks.mean(), leave_one_out(weeks) / 3)
    >>> float(interval.lo.round(4)), float(interval.hi.round(4))
    (1.5626, 8.4374)
    """
    centre, draws = np.asarray(estimate, np.float64), np.asarray(replicates, np.float64)
    if draws.ndim == 0:
        raise ValueError("replicates: expected an axis of blocks, got a single number")
    draws = np.broadcast_to(draws, np.broadcast_shapes(draws.shape, (1, *centre.shape)))
    centre = np.broadcast_to(centre, draws.shape[1:])
    counted, on_scale = np.isfinite(draws), _to_scale(draws, scale)
    blocks = counted.sum(axis=0)
    # A known replicate off the scale is nan there and counted: it makes the error nan, as it must.
    error = _block_error(on_scale, counted, blocks)
    error = np.where(blocks >= MINIMUM_BLOCKS, error, np.nan)
    middle = _to_scale(centre, scale)
    error = np.where(np.isfinite(middle), error, np.nan)
    with np.errstate(all="ignore"):
        added = np.asarray(extra, np.float64) * _steepness(centre, scale) ** 2
    error, freedom = _with_extra(error, blocks - 1.0, added, np.asarray(extra_freedom, np.float64))
    half = t_quantile(freedom, level=level) * error
    lo, hi = _from_scale(middle - half, scale), _from_scale(middle + half, scale)
    known = np.isfinite(lo) & np.isfinite(hi)
    # There and back again may miss the estimate by its last digit.
    return IntervalArrays(
        np.where(known, np.minimum(lo, centre), np.nan),
        np.where(known, np.maximum(hi, centre), np.nan),
        np.where(known, error, np.nan),
    )


def _block_error(on_scale: Floats, counted: Bools, blocks: npt.NDArray[np.int_]) -> Floats:
    size = np.maximum(blocks, 1)
    with np.errstate(all="ignore"):
        mean = np.where(counted, on_scale, 0.0).sum(axis=0) / size
        squares = np.where(counted, (on_scale - mean) ** 2, 0.0).sum(axis=0)
    error: Floats = np.sqrt((size - 1) / size * squares)
    return error


def _with_extra(
    error: Floats, freedom: Floats, extra: Floats, extra_freedom: Floats
) -> tuple[Floats, Floats]:
    """The error of both variances, and Satterthwaite's degrees of freedom."""
    extra = np.where(np.isfinite(extra), extra, 0.0)
    with np.errstate(all="ignore"):
        total = error**2 + extra
        pooled = total**2 / (error**4 / freedom + extra**2 / extra_freedom)
    return np.sqrt(total), np.where(extra > 0, pooled, freedom)


def _steepness(values: Floats, scale: Scale) -> Floats:
    """How much a small step of a value is on the scale."""
    with np.errstate(all="ignore"):
        if scale is Scale.LOG:
            return np.asarray(1 / values)
        if scale is Scale.LOGIT:
            return np.asarray(1 / (values * (1 - values)))
    return np.ones_like(values)


def _to_scale(values: Floats, scale: Scale) -> Floats:
    if scale is Scale.IDENTITY:
        return values
    with np.errstate(all="ignore"):
        moved = np.log(values) if scale is Scale.LOG else np.log(values) - np.log1p(-values)
    return np.where(np.isfinite(moved), moved, np.nan)


def _from_scale(values: Floats, scale: Scale) -> Floats:
    if scale is Scale.IDENTITY:
        return values
    with np.errstate(all="ignore"):
        moved: Floats = np.exp(values) if scale is Scale.LOG else 1 / (1 + np.exp(-values))
    return moved
