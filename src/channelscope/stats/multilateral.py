"""Multilateral price levels: one number per store, consistent over all pairs of stores."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats, non_negative
from channelscope.stats.baskets import fisher

Bilateral = Callable[[npt.ArrayLike, npt.ArrayLike, npt.ArrayLike, npt.ArrayLike], float]


def connected_component(linked: npt.ArrayLike, *, reference: int) -> Bools:
    """Return which stores can be compared with the reference, directly or through others.

    To a shop owner: a store outside shares too few goods with anybody who shares goods with the
    reference; no price level can be given for it.

    Shapes: (stores, stores) to (stores,). Units: true or false.

    Args:
        linked: True where two stores share enough goods; symmetric, the diagonal is ignored.
        reference: Position of the reference store.

    Returns:
        True for the reference and every store a path of links leads to.

    Raises:
        ValueError: `linked` is not a square symmetric matrix of booleans, or no such store.

    Source: breadth-first search of the graph of links.

    >>> connected_component([[True, True, False], [True, True, False], [False] * 3], reference=0)
    array([ True,  True, False])
    """
    links = _checked_links(linked, reference=reference)
    reached = np.zeros(len(links), dtype=bool)
    reached[reference] = True
    while True:
        wider: Bools = reached | links[reached].any(axis=0)
        if np.array_equal(wider, reached):
            return reached
        reached = wider


def linked_levels(log_relatives: npt.ArrayLike, linked: npt.ArrayLike, *, reference: int) -> Floats:
    """Return log price levels whose differences fit the linked pairs best (least squares).

    To a shop owner: one consistent league table out of all pairwise price comparisons that can
    be made; exp(level) is the price level against the reference, which is 1.

    Shapes: (..., stores, stores) and one (stores, stores) to (..., stores); leading axes are
    replicates. Units: natural logarithms of price ratios.

    Args:
        log_relatives: ln P_ab = ln(level of a / level of b), antisymmetric; what stands at pairs
            that are not linked is ignored.
        linked: True where a pair is compared; symmetric, the same for all replicates.
        reference: Position of the reference store.

    Returns:
        Log levels, 0 at the reference, nan outside its connected component. A linked pair that is
        nan in a replicate leaves that replicate unknown (nan) but for the reference.

    Raises:
        ValueError: Shapes do not agree, `linked` is not symmetric, or a linked pair is not
            antisymmetric.

    Source: least squares on the graph Laplacian; equals GEKS when all pairs are linked
        (PPI Manual chapter 16; Rao and Banerjee 1986 for the incomplete case).

    >>> gaps = np.array([[0.0, 0.2, 0.5], [-0.2, 0.0, 0.0], [-0.5, 0.0, 0.0]])
    >>> linked_levels(gaps, gaps != 0, reference=0)
    array([ 0. , -0.2, -0.5])
    """
    links = _checked_links(linked, reference=reference)
    gaps = _checked_gaps(log_relatives, links)
    unknowns = connected_component(links, reference=reference)
    inside = unknowns.copy()
    unknowns[reference] = False
    laplacian = np.diag(links.sum(axis=1)) - links.astype(np.float64)
    # Solved once: the links, and so the matrix, are the same for every replicate.
    solution = np.linalg.inv(laplacian[np.ix_(unknowns, unknowns)])
    levels = np.full(gaps.shape[:-1], np.nan)
    levels[..., inside] = 0.0
    levels[..., unknowns] = gaps.sum(axis=-1)[..., unknowns] @ solution.T
    return levels


def geks(
    prices: npt.ArrayLike, quantities: npt.ArrayLike, *, bilateral: Bilateral = fisher
) -> Floats:
    """Return GEKS price levels: the transitive levels nearest to all pairwise indices.

    To a shop owner: every store is compared with every other, directly and by way of each third
    store, so the answer does not depend on which store is the base.

    Shapes: two (items, stores) to (stores,). Units: ratios, store 0 = 1.

    Args:
        prices: Price per item and store; nan = not sold.
        quantities: Units sold.
        bilateral: The pairwise index; one that fails time reversal is averaged with its reverse.

    Returns:
        Levels; all nan when some pair cannot be compared (use `linked_levels` then).

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Gini (1931), Elteto and Koves (1964), Szulc (1964); Diewert and Fox (2017).

    >>> geks([[1.0, 2.0], [2.0, 3.0]], [[3, 2], [1, 2]]).round(6)
    array([1.      , 1.732051])
    """
    cost, units = _checked_tableau(prices, quantities, second="quantities")
    stores = range(cost.shape[1])
    pairs = [
        [bilateral(cost[:, a], cost[:, b], units[:, a], units[:, b]) for b in stores]
        for a in stores
    ]
    logs = np.log(np.array(pairs))
    levels = ((logs - logs.T) / 2).mean(axis=0)
    if np.isnan(levels).any():
        return np.full(len(levels), np.nan)
    normalised: Floats = np.exp(levels - levels[0])
    return normalised


def cpd(prices: npt.ArrayLike, weights: npt.ArrayLike) -> Floats:
    """Return country-product-dummy price levels: a regression of log prices on item and store.

    To a shop owner: the level of each store when every item is allowed its own price and every
    store one common mark-up; goods missing somewhere still help.

    Shapes: two (items, stores) to (stores,). Units: ratios, store 0 = 1.

    Args:
        prices: Price per item and store; nan = not sold.
        weights: Regression weights: each store's sales shares (the expenditure-share CPD), or
            ones (the unweighted CPD); nan or 0 = does not count.

    Returns:
        Levels; nan for a store that no chain of shared goods connects with store 0.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a weight is below zero.

    Source: Summers (1973); Rao (2005) for the weights; Diewert and Fox (2017).

    >>> cpd([[1.0, 2.0], [2.0, 4.0], [5.0, np.nan]], np.ones((3, 2)))
    array([1., 2.])
    """
    cost, given = _checked_tableau(prices, weights, second="weights")
    known = ~np.isnan(cost) & (given > 0)
    weight = np.where(known, given, 0.0)[known.any(axis=1)]
    logs = np.log(np.where(known, cost, 1.0))[known.any(axis=1)]
    of_item = weight / weight.sum(axis=1, keepdims=True)
    centred = logs - (of_item * logs).sum(axis=1, keepdims=True)
    # The item effects are swept out; what is left is one equation per store.
    matrix = np.diag(weight.sum(axis=0)) - weight.T @ of_item
    return np.exp(_anchored(matrix, (weight * centred).sum(axis=0), anchor=0.0))


def geary_khamis(prices: npt.ArrayLike, quantities: npt.ArrayLike) -> Floats:
    """Return Geary-Khamis price levels: purchasing power against average prices of all stores.

    To a shop owner: what each store's sales took over what the same goods cost at the average
    price of all stores; large stores shape that average.

    Shapes: two (items, stores) to (stores,). Units: ratios, store 0 = 1.

    Args:
        prices: Price per item and store; nan = not sold.
        quantities: Units sold; nan = not known, the cell does not count.

    Returns:
        Levels; nan for a store that no chain of shared goods connects with store 0.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Geary (1958), Khamis (1972); solved as a linear system after Diewert (1999).

    >>> geary_khamis([[1.0, 2.0], [2.0, 4.0]], [[3, 2], [1, 2]])
    array([1., 2.])
    """
    cost, units = _checked_tableau(prices, quantities, second="quantities")
    known = ~np.isnan(cost) & (units > 0)
    sold = np.where(known, units, 0.0)[known.any(axis=1)]
    values = sold * np.where(known, cost, 0.0)[known.any(axis=1)]
    totals = values.sum(axis=0)
    # y = value at average prices solves y = C y, where C has columns that sum to one.
    flow = (sold / sold.sum(axis=1, keepdims=True)).T @ values
    flow = np.divide(flow, totals, out=np.zeros_like(flow), where=totals > 0)
    real = _anchored(np.eye(len(totals)) - flow, np.zeros(len(totals)), anchor=float(totals[0]))
    levels: Floats = np.divide(totals, real, out=np.full_like(real, np.nan), where=real != 0)
    levels[0] = 1.0
    return levels


def _anchored(matrix: Floats, right: Floats, *, anchor: float) -> Floats:
    """Solve matrix x = right with x at store 0 given; nan where nothing connects with store 0."""
    inside = connected_component((matrix != 0) | (matrix != 0).T, reference=0)
    unknowns = inside.copy()
    unknowns[0] = False
    solution = np.where(inside, anchor, np.nan)
    known_part = right[unknowns] - matrix[unknowns, 0] * anchor
    solution[unknowns] = np.linalg.solve(matrix[np.ix_(unknowns, unknowns)], known_part)
    return solution


def _checked_links(linked: npt.ArrayLike, *, reference: int) -> Bools:
    given = np.asarray(linked)
    if given.dtype != np.bool_ or given.ndim != 2 or not np.array_equal(given, given.T):
        raise ValueError("linked: expected a square symmetric matrix of booleans")
    if not 0 <= reference < len(given):
        raise ValueError(f"reference: expected a store from 0 to {len(given) - 1}, got {reference}")
    return given & ~np.eye(len(given), dtype=bool)


def _checked_gaps(log_relatives: npt.ArrayLike, links: Bools) -> Floats:
    given = np.asarray(log_relatives, dtype=np.float64)
    if given.shape[-2:] != links.shape:
        raise ValueError(
            f"log_relatives: expected (..., {len(links)}, {len(links)}), got {given.shape}"
        )
    gaps: Floats = np.where(links, given, 0.0)
    asymmetry = np.abs(gaps + np.swapaxes(gaps, -1, -2))
    if np.any(asymmetry > 1e-9 * (1 + np.abs(gaps))):
        raise ValueError("log_relatives: expected ln P_ab = -ln P_ba for every linked pair")
    return gaps


def _checked_tableau(
    prices: npt.ArrayLike, others: npt.ArrayLike, *, second: str
) -> tuple[Floats, Floats]:
    cost, given = non_negative(prices, name="prices"), non_negative(others, name=second)
    if cost.ndim != 2 or cost.shape != given.shape or cost.shape[1] == 0:
        raise ValueError(
            f"prices and {second}: expected two matrices (items, stores) of one shape, "
            f"got {cost.shape} and {given.shape}"
        )
    if np.any(cost == 0):
        raise ValueError("prices: expected numbers above zero (nan = not sold), got 0")
    return cost, given
