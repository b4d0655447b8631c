"""Sums over subsets and supersets: the place of a value is a set, each bit of it a member."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, Ints


def members(count: int) -> Ints:
    """Return how many members each subset of `count` things has.

    To a shop owner: place 5 = 1 + 4 is the first and the third store, so it has two.

    Shapes: to (2**count,). Units: members.

    Args:
        count: Of how many things.

    Returns:
        The number of members by place.

    Raises:
        ValueError: A count below 0.

    Source: the binary digits of the place.

    >>> members(2)
    array([0, 1, 1, 2])
    """
    if count < 0:
        raise ValueError(f"count: expected 0 or more, got {count}")
    places = np.arange(1 << count)
    found: Ints = ((places[:, None] >> np.arange(count)) & 1).sum(axis=1).astype(np.int64)
    return found


def over_subsets(values: npt.ArrayLike) -> Floats:
    """Return, for each set, the sum of the values of all its subsets.

    To a shop owner: from the sales of every exact choice of goods, the sales of all choices that
    fit into a shelf.

    Shapes: (..., 2**things), kept. Units: those of the values.

    Args:
        values: One value a set along the last axis.

    Returns:
        The sums; the set itself and the empty set count as subsets.

    Raises:
        ValueError: The last axis is no power of two.

    Source: Yates (1937); the zeta transform of the subset lattice.

    >>> over_subsets([1, 2, 4, 8])
    array([ 1.,  3.,  5., 15.])
    """
    return _summed(values, into=1)


def over_supersets(values: npt.ArrayLike) -> Floats:
    """Return, for each set, the sum of the values of all sets that hold it.

    To a shop owner: from buyers by the exact stores they bought in, the buyers who bought in all
    of these stores and perhaps in others.

    Shapes: (..., 2**things), kept. Units: those of the values.

    Args:
        values: One value a set along the last axis.

    Returns:
        The sums; the set itself counts as one that holds it.

    Raises:
        ValueError: The last axis is no power of two.

    Source: Yates (1937); the zeta transform of the subset lattice.

    >>> over_supersets([1, 2, 4, 8])
    array([15., 10., 12.,  8.])
    """
    return _summed(values, into=0)


def _summed(values: npt.ArrayLike, *, into: int) -> Floats:
    """Thing by thing, the half without it is added to the half with it (1), or back (0)."""
    found = np.array(values, dtype=np.float64)
    size = found.shape[-1] if found.ndim else 0
    if size < 1 or size & (size - 1):
        raise ValueError(f"values: expected a power of two along the last axis, got {size}")
    for thing in range(size.bit_length() - 1):
        halves = found.reshape(*found.shape[:-1], size >> thing + 1, 2, 1 << thing)
        halves[..., into, :] += halves[..., 1 - into, :]
    return found
