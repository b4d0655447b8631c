"""Chance as the yardstick: groups of buyers dealt anew between two stores."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, Ints, non_negative
from channelscope.stats.distances import jensen_shannon
from channelscope.stats.intervals import t_quantile
from channelscope.stats.resampling import leave_one_out
from channelscope.stats.tails import drawn_p


@dataclass(frozen=True, slots=True)
class Distance:
    """One distance with its interval, what chance alone shows, and how surprising it is.

    For mixes all but `p_value` are on the scale of the divergence, the square of a distance, and
    may lie below zero: two stores can look more alike than chance would make them.
    """

    value: float
    lo: float
    hi: float
    null_mean: float
    p_value: float


def deal_order(groups: int, *, draws: int, seed: int) -> Ints:
    """Return, for each draw, the order in which groups of buyers are dealt.

    To a shop owner: shuffling the customers, again and again, before dealing them to two stores.

    Shapes: (draws, groups). Units: places, 0 is dealt first.

    Args:
        groups: How many groups there are.
        draws: How often they are shuffled.
        seed: The same seed gives the same orders.

    Returns:
        A permutation of the groups in each row; the first k of each go to the first store.

    Raises:
        ValueError: Fewer than two groups or no draw.

    Source: Fisher (1935).

    >>> sorted(deal_order(3, draws=1, seed=7)[0].tolist())
    [0, 1, 2]
    """
    if groups < 2 or draws < 1:
        raise ValueError(f"groups: expected two or more and a draw, got {groups} and {draws}")
    ranks: Ints = np.argsort(np.random.default_rng(seed).random((draws, groups)), axis=1)
    return ranks


def dealt(pooled: npt.ArrayLike, order: Ints, *, share: float) -> tuple[Floats, Floats, float]:
    """Return what two stores would hold if all groups were dealt between them by chance.

    To a shop owner: two stores of the same sizes as these, whose customers are random.

    Shapes: (groups, ...) and (draws, groups) to two of (draws, ...). Units: those of `pooled`.

    Args:
        pooled: Sums of both stores together, by group; not below zero.
        order: From `deal_order`.
        share: The part of all that the first store has, between 0 and 1.

    Returns:
        Sums of the first and of the second store, and by how much a variance over whole groups
        falls short of that of the true sizes (1 where they fit).

    Raises:
        ValueError: A share outside (0, 1), or groups that do not fit the order.

    Source: METHODS rule 5.

    >>> first, second, _ = dealt([1.0, 2.0, 4.0], np.array([[2, 0, 1]]), share=1 / 3)
    >>> first, second
    (array([2.]), array([5.]))
    """
    sums = np.asarray(pooled, dtype=np.float64)
    draws, groups = order.shape
    if not 0 < share < 1 or len(sums) != groups:
        raise ValueError(f"share: expected one inside (0, 1) and {groups} groups, got {share}")
    taken = int(np.clip(round(groups * share), 1, groups - 1))
    mask = (order < taken).astype(np.float64)
    flat = sums.reshape(groups, -1)
    shape = (draws, *sums.shape[1:])
    first, second = (mask @ flat).reshape(shape), ((1 - mask) @ flat).reshape(shape)
    wanted, used = 1 / share + 1 / (1 - share), groups / taken + groups / (groups - taken)
    return first, second, wanted / used


def mix_distance(first: npt.ArrayLike, second: npt.ArrayLike, order: Ints) -> Distance:
    """Return how unlike the mixes of two stores are, beyond what chance makes of their sizes.

    To a shop owner: do the two sell different goods (or discount in different ways), or do they
    only look different because few people bought?

    Shapes: two of (groups, items). Units: of the divergence in bits, 0 = alike, 1 = nothing shared.

    Args:
        first: Weights (sales) of the first store by group of buyers and item, zero or more.
        second: Those of the second store, the same groups.
        order: From `deal_order`.

    Returns:
        (divergence - null) / (1 - null), where null is the mean divergence of two stores of these
        sizes dealt at random: 0 on average for stores alike, 1 for stores with nothing in common,
        whatever their sizes. Interval by deleting the same group from both. nan where a store has
        nothing.

    Raises:
        ValueError: A weight below zero, or shapes that do not agree.

    Source: Lin (1991) for the divergence; the correction for chance as in Cohen (1960).

    >>> same = np.array([[3.0, 1.0], [2.0, 2.0], [4.0, 1.0], [2.0, 3.0]])
    >>> found = mix_distance(same, same, deal_order(4, draws=99, seed=1))
    >>> found.value < 0 < found.p_value
    True
    """
    a, b = non_negative(first, name="first"), non_negative(second, name="second")
    if a.shape != b.shape or a.ndim != 2:
        raise ValueError(f"second: expected the shape of the first, got {a.shape} and {b.shape}")
    if not (a.sum() > 0 and b.sum() > 0):
        return Distance(*[float("nan")] * 5)
    share = float(a.sum() / (a.sum() + b.sum()))
    drawn_a, drawn_b, scale = dealt(a + b, order, share=share)
    null = np.nan_to_num(scale * jensen_shannon(drawn_a, drawn_b), nan=0.0)
    observed = float(jensen_shannon(a.sum(axis=0), b.sum(axis=0)))
    expected = min(float(null.mean()), 1 - 1e-9)
    replicates = jensen_shannon(leave_one_out(a), leave_one_out(b))
    # A group without anything leaves both stores as they are: it is no block.
    used = replicates[(a.sum(axis=1) + b.sum(axis=1) > 0) & np.isfinite(replicates)]
    error = np.sqrt((len(used) - 1) / len(used) * ((used - used.mean()) ** 2).sum())
    value = (observed - expected) / (1 - expected)
    half = float(t_quantile(len(used) - 1)) * float(error) / (1 - expected)
    return Distance(value, value - half, value + half, expected, drawn_p(observed, null))
