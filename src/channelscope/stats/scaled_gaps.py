"""How far apart two stores are on several metrics at once, each in its own smallest step."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.adjustment import benjamini_hochberg
from channelscope.stats.arrays import Floats
from channelscope.stats.clusters import Spread, differences
from channelscope.stats.folding import true_sizes
from channelscope.stats.intervals import t_quantile

FULL_STEPS = 10
"""So many smallest differences that matter count as a distance of 1."""


@dataclass(frozen=True, slots=True)
class ScaledDistances:
    """Distances of pairs from 0 to 1; `metrics` is how many are known of each. Shapes: (pairs,)."""

    value: Floats
    lo: Floats
    hi: Floats
    null_mean: Floats
    p_value: Floats
    metrics: Floats


def scaled_distances(
    spreads: Sequence[Spread],
    steps: npt.ArrayLike,
    first: npt.NDArray[np.intp],
    second: npt.NDArray[np.intp],
) -> ScaledDistances:
    """Return the distance of pairs of stores over several metrics.

    To a shop owner: conversion, basket, price of a piece, refunds: how differently do two stores
    sell, each measured in the smallest difference that matters? Size alone is no difference.

    Shapes: metrics, and (metrics, pairs); two (pairs,) positions. Units: 1 = ten steps or more.

    Args:
        spreads: Estimates and moves of each metric, over the same blocks.
        steps: Smallest difference that matters of each metric and pair.
        first: The stores.
        second: What they are compared with.

    Returns:
        The mean over known metrics of min(1, size / ten steps), where the size is that of the
        difference less what noise adds to it. Noise is the variance that the difference has when
        the labels of the two stores are swapped at random block by block: the mean square over all
        swaps, so none is drawn. The mean is shrunk by as much as noise alone could have made it.
        `null_mean` is what stores alike would show, `p_value` is Simes' over the metrics. The
        interval is not cut at 0: a lower end below it means that the distance may be none. Its
        upper end is that of the distance before it was shrunk.

    Raises:
        ValueError: No metric, or steps that do not fit.

    Source: METHODS 4; Simes (1986); the shrinkage is in the manner of James and Stein (1961).

    >>> from channelscope.stats.clusters import spread
    >>> far = spread([1.0, 2.0], [[0.9, 2.1], [1.1, 2.0], [1.0, 1.9]])
    >>> one, two = np.array([0]), np.array([1])
    >>> scaled_distances([far], [[0.2]], one, two).value.round(4)
    array([0.4992])
    """
    sizes = np.asarray(steps, dtype=np.float64) * FULL_STEPS
    if not spreads or sizes.shape != (len(spreads), len(first)):
        raise ValueError("steps: expected one of each metric and pair")
    gaps = [differences(each, first, second) for each in spreads]
    scaled = np.stack([gap.value for gap in gaps]) / sizes
    noise = np.stack([gap.error for gap in gaps]) / sizes
    known = np.isfinite(scaled) & np.isfinite(noise)
    count = known.sum(axis=0)
    variance = np.where(known, noise**2, 0.0)
    given = np.where(known, scaled, 0.0)
    room = np.maximum(_mean(given**2 - variance, count), 0.0)
    whole = np.where(known, true_sizes(given, variance, mean=0.0, room=room), 0.0)
    unshrunk = _mean(np.minimum(whole, 1.0), count)
    value = unshrunk * _trust(given, variance, count)
    freedom = np.min(np.where(known, [gap.freedom for gap in gaps], np.inf), axis=0)
    times = t_quantile(np.where(np.isfinite(freedom), freedom, np.nan))
    half = [
        times * _error(spreads, np.sign(given) * part / sizes / np.maximum(count, 1), first, second)
        for part in _below_one(whole, times * np.where(known, noise, 0.0))
    ]
    chance = np.minimum(np.sqrt(2 / np.pi) * np.where(known, noise, 0.0), 1.0)
    p_values = np.where(known, np.stack([gap.p_value for gap in gaps]), np.nan)
    simes = benjamini_hochberg(p_values.T)
    lowest = np.nanmin(np.where(np.isnan(simes), np.inf, simes), axis=1)
    return ScaledDistances(
        np.maximum(value, 0.0), value - half[0], np.clip(unshrunk + half[1], 0.0, 1.0),
        _mean(chance, count),
        np.where(np.isfinite(lowest), lowest, np.nan), count.astype(np.float64),
    )  # fmt: skip


def _below_one(size: Floats, half: Floats) -> tuple[Floats, Floats]:
    """How much of a step down, and of one up, changes a size that is cut at 1."""
    cut = np.minimum(size, 1.0)
    down, up = cut - np.minimum(size - half, 1.0), np.minimum(size + half, 1.0) - cut
    room = np.where(half > 0, half, 1.0)
    return np.maximum(down, 0.0) / room, np.maximum(up, 0.0) / room


def _trust(given: Floats, variance: Floats, count: npt.NDArray[np.int_]) -> Floats:
    """How far a distance is believed: not at all up to what its noise alone makes, then ever more.

    1 - (expected / seen)^2, where noise alone makes one square of a standard error a metric.
    """
    ratio = np.divide(given**2, variance, out=np.zeros_like(given), where=variance > 0)
    surplus = np.where(ratio.sum(axis=0) > 0, ratio.sum(axis=0), np.inf)
    trust: Floats = np.maximum(1 - (count / surplus) ** 2, 0.0)
    return trust


def _mean(parts: Floats, count: npt.NDArray[np.int_]) -> Floats:
    found: Floats = np.where(count > 0, parts.sum(axis=0) / np.maximum(count, 1), np.nan)
    return found


def _error(
    spreads: Sequence[Spread],
    slope: Floats,
    first: npt.NDArray[np.intp],
    second: npt.NDArray[np.intp],
) -> Floats:
    """Standard error of the mean of the scaled sizes: metrics that move together count together."""
    blocks = max(len(each.moves) for each in spreads)
    moves = np.zeros((blocks, len(first)))
    own = np.zeros(len(first))
    for each, by in zip(spreads, slope, strict=True):
        if len(each.moves):
            moves += by * (each.moves[:, first] - each.moves[:, second])
        for store in (first, second):
            own += by**2 * np.nan_to_num(each.own[store], nan=0.0)
    error: Floats = np.sqrt((moves**2).sum(axis=0) + own)
    return error
