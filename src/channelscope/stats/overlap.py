"""Buyers of two stores: how many would be shared if every order went to a store by chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative

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
