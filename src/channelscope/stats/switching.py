"""Orders that follow one another: how many would stay or change to a store by chance."""

from __future__ import annotations

from itertools import combinations

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


def drawn_freely(observed: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Return the switches between each two stores that all other switches would lead to expect.

    To a shop owner: a store whose buyers are loyal neither loses nor draws many; here every store
    loses and draws at its own rate, as it does with all others, so that loyalty which differs from
    store to store is not taken for a tie between two of them.

    Shapes: (..., stores, stores) twice, to the same. Units: orders.

    Args:
        observed: Orders from store to store; the diagonal is not looked at.
        expected: What the shares of the stores would give, as of `exchanged`.

    Returns:
        Rate lost × rate drawn × expected, fitted without the two stores' own switches; nan on the
        diagonal, with fewer than four stores, and where the others say nothing.

    Raises:
        ValueError: A negative number.

    Source: quasi-independence, Goodman (1968), by iterative proportional fitting.

    >>> flows = np.ones((4, 4)); flows[0, 1] = flows[1, 0] = 3
    >>> drawn_freely(flows, np.ones((4, 4)))[0, 1].round(6)
    np.float64(1.0)
    """
    seen, weight = _read(observed, np.nan_to_num(np.asarray(expected, np.float64)))
    found: Floats = np.full(np.broadcast_shapes(seen.shape, weight.shape), np.nan)
    size = int(found.shape[-1])
    pairs = combinations(range(size), 2) if size >= FREE_FROM else ()
    for i, j in pairs:
        kept = ~np.eye(size, dtype=np.bool_)
        kept[[i, j], [j, i]] = False
        lost, drawn = _rates(np.where(kept, seen, 0.0), np.where(kept, weight, 0.0))
        for a, b in ((i, j), (j, i)):
            found[..., a, b] = lost[..., a] * weight[..., a, b] * drawn[..., b]
    return np.where(np.isfinite(found) & (found > 0), found, np.nan)


FREE_FROM = 4
"""With three stores a pair's switches are not told by those of the others."""
_ROUNDS = 100


def _rates(seen: Floats, weight: Floats) -> tuple[Floats, Floats]:
    """Rates by row and column at which `weight` has the sums of `seen`."""
    rows, columns = seen.sum(axis=-1), seen.sum(axis=-2)
    lost, drawn = np.ones_like(rows), np.ones_like(columns)
    for _ in range(_ROUNDS):
        lost = _over(rows, (weight @ drawn[..., None])[..., 0])
        drawn = _over(columns, (lost[..., None, :] @ weight)[..., 0, :])
    return lost, drawn


def _over(top: Floats, bottom: Floats) -> Floats:
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)
