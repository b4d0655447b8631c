"""Orders that follow one another: how many would stay or change to a store by chance."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative


def dealt(before: npt.ArrayLike, orders: npt.ArrayLike) -> Floats:
    """Return how many orders would fall to each store if all were dealt within their cell.

    To a shop owner: a large store gets many second orders by size alone; only what it keeps beyond
    that is loyalty.

    Shapes: (..., cells, stores) twice, to (..., stores before, stores). Units: orders.

    Args:
        before: Orders of each cell (a week and category) by the store of the buyer's order before.
        orders: All known orders of each cell by their own store.

    Returns:
        Expected orders from each store to each store; on the diagonal, those that stay.

    Raises:
        ValueError: A negative number.

    Source: expectation over dealing the orders of a cell to its buyers; METHODS 6.

    >>> dealt([[4, 2]], [[6, 2]]).tolist()
    [[3.0, 1.0], [1.5, 0.5]]
    """
    counted, own = _read(before, orders)
    total = own.sum(axis=-1, keepdims=True)
    weight = np.divide(counted, total, out=np.zeros_like(counted), where=total > 0)
    expected: Floats = np.swapaxes(weight, -1, -2) @ own
    return expected


def exchanged(leaving: npt.ArrayLike, orders: npt.ArrayLike) -> Floats:
    """Return how many of those who leave a store would go to each other store by chance.

    To a shop owner: a buyer who does not come back has to go somewhere, most often to the largest
    other store; only what goes beyond that ties two stores together. How loyal buyers are does not
    matter: those who stay are not counted.

    Shapes: (..., cells, stores) twice, to (..., stores before, stores). Units: orders.

    Args:
        leaving: Orders of each cell (a week and category) that were not made at the store of the
            buyer's order before, by that store.
        orders: All known orders of each cell by their own store.

    Returns:
        Expected orders from each store to each other one; nan on the diagonal.

    Raises:
        ValueError: A negative number.

    Source: share_j / (1 - share_i), quasi-independence with the orders' shares as what draws
    buyers: Goodman (1968); METHODS 6.

    >>> exchanged([[6, 0, 0]], [[10, 2, 1]]).tolist()[0][1:]
    [4.0, 2.0]
    """
    counted, own = _read(leaving, orders)
    elsewhere = own.sum(axis=-1, keepdims=True) - own
    weight = np.divide(counted, elsewhere, out=np.zeros_like(counted), where=elsewhere > 0)
    expected: Floats = np.swapaxes(weight, -1, -2) @ own
    at = np.arange(expected.shape[-1])
    expected[..., at, at] = np.nan
    return expected


def _read(one: npt.ArrayLike, other: npt.ArrayLike) -> tuple[Floats, Floats]:
    return non_negative(one, name="before"), non_negative(other, name="orders")
