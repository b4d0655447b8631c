"""Buyers of several stores: how many would be shared if every order went to a store by chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative
from channelscope.stats.subsets import members, over_subsets

_ROUNDING = 1e-9


def chance_overlap(
    buyers: npt.ArrayLike,
    orders: npt.ArrayLike,
    *,
    share_a: npt.ArrayLike,
    share_b: npt.ArrayLike,
) -> Floats:
    """Return how many buyers two stores would share by chance.

    To a shop owner: large stores with loyal buyers meet the same people by size alone; only what
    goes beyond that says something about the stores.

    Every order of a buyer falls to a store with the store's share of all orders, whatever the
    buyer's other orders were. A buyer with n orders buys in both stores with probability
    1 - (1 - a)^n - (1 - b)^n + (1 - a - b)^n.

    Shapes: (..., counts) and (counts,) and (...) twice, to (...). Units: buyers.

    Args:
        buyers: Buyers by how many orders they made.
        orders: The numbers of orders, one per count of buyers.
        share_a: Share of all orders that store a has; nan = not known.
        share_b: The same of store b.

    Returns:
        The expected number; 0 where no buyer ordered twice.

    Raises:
        ValueError: A negative number, or shares that sum to more than 1.

    Source: inclusion and exclusion over the multinomial of orders; METHODS 6.

    >>> float(chance_overlap([10, 4], [1, 2], share_a=0.5, share_b=0.25))
    1.0
    """
    counted = non_negative(buyers, name="buyers")
    number = non_negative(orders, name="orders")
    a = non_negative(share_a, name="share_a")[..., None]
    b = non_negative(share_b, name="share_b")[..., None]
    if np.any(a + b > 1 + _ROUNDING):
        raise ValueError("share_a, share_b: expected shares that sum to 1 or less")
    neither = np.maximum(1 - a - b, 0.0)
    both = 1 - (1 - a) ** number - (1 - b) ** number + neither**number
    # One order cannot be in two stores: what is left there is rounding.
    both = np.where(number < 2, np.where(np.isnan(both), np.nan, 0.0), np.maximum(both, 0.0))
    expected: Floats = (counted * both).sum(axis=-1)
    return expected


def chance_overlaps(buyers: npt.ArrayLike, orders: npt.ArrayLike, shares: npt.ArrayLike) -> Floats:
    """Return how many buyers would buy in all stores of each combination by chance.

    To a shop owner: the same as `chance_overlap`, for any number of stores at once: how many
    people buy in all three shops because the shops are large and the people buy often.

    Every order of a buyer falls to a store with the store's share of all orders. A buyer with n
    orders misses all stores of a set T with probability (1 - share of T)^n, so the probability of
    buying in every store of a combination is the sum of these over its subsets, with a minus where
    T has an odd number of stores.

    Shapes: (..., counts), (counts,) and (..., stores), to (..., 2**stores): the place of a
    combination is the sum of 2**store over its stores. Units: buyers.

    Args:
        buyers: Buyers by how many orders they made.
        orders: The numbers of orders, one per count of buyers.
        shares: The share of all orders that each store has; nan = not known.

    Returns:
        The expected numbers, exact but for rounding: what is no more than that is 0, and so is a
        combination of more stores than anybody has orders. All buyers for the empty combination.

    Raises:
        ValueError: A negative number, or shares that sum to more than 1.

    Source: inclusion and exclusion over the multinomial of orders; METHODS 6.

    >>> float(chance_overlaps([10, 4], [1, 2], [0.5, 0.25])[3])
    1.0
    """
    counted = non_negative(buyers, name="buyers")
    number = non_negative(orders, name="orders")
    given = non_negative(shares, name="shares")
    if np.any(given.sum(axis=-1) > 1 + _ROUNDING):
        raise ValueError("shares: expected shares that sum to 1 or less")
    stores = given.shape[-1]
    sizes = members(stores)
    missed = np.maximum(1 - _share_of_sets(given), 0.0)
    counted = np.broadcast_to(counted, (*given.shape[:-1], len(number)))
    expected, total = np.zeros(missed.shape), np.zeros(missed.shape)
    several = np.zeros(missed.shape[:-1])
    # Who has fewer orders than the combination has stores is left out: there all is rounding.
    for size in range(stores, -1, -1):
        added = (number >= size) & ((number < size + 1) | (size == stores))
        for n, each in zip(number[added], np.moveaxis(counted[..., added], -1, 0), strict=True):
            total += each[..., None] * missed**n
            several += each
        signed = over_subsets(np.where(sizes % 2 == 0, total, -total))
        noise = 2.0**size * np.finfo(np.float64).eps * several
        kept = np.where(signed < noise[..., None], 0.0, signed)
        expected = np.where(sizes == size, kept, expected)
    return expected


def _share_of_sets(shares: Floats) -> Floats:
    """The sum of the shares of each set of stores. Shapes: (..., S) to (..., 2**S)."""
    found = np.zeros((*shares.shape[:-1], 1))
    for at in range(shares.shape[-1]):
        found = np.concatenate([found, found + shares[..., at, None]], axis=-1)
    return found
