"""Price indices that average price relatives: item by item first, then a mean."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, ratio
from channelscope.stats.decomposition import logarithmic_mean
from channelscope.stats.matching import matched_items


def _geometric_mean(log_relatives: Floats, weights: Floats) -> float:
    return math.exp(ratio(np.dot(weights, log_relatives), weights.sum()))


def _shares(values: Floats) -> Floats:
    total = values.sum()
    return values / total if total else np.full_like(values, np.nan)


def jevons(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Jevons price index: the unweighted geometric mean of the price relatives.

    To a shop owner: the typical gap per item on the shelf, best seller and slow seller alike; for
    shelf prices where nothing is known of sales.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Jevons (1865); PPI Manual (ILO/IMF 2004) chapter 20.

    >>> round(jevons([1, 2], [2, 2], [1, 1], [1, 1]), 6)
    1.414214
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return _geometric_mean(items.log_relatives, np.ones_like(items.prices))


def geometric_laspeyres(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the geometric mean of the relatives, weighted by the base store's sales.

    To a shop owner: the gap per yuan of the base store's takings.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or none of them sold.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: PPI Manual (ILO/IMF 2004) chapter 1 (also "geometric Young" at the base period).

    >>> round(geometric_laspeyres([1, 2], [2, 2], [1, 1], [1, 1]), 6)
    1.259921
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return _geometric_mean(items.log_relatives, items.base_values)


def geometric_paasche(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the geometric mean of the relatives, weighted by the compared store's sales.

    To a shop owner: the gap per yuan of the compared store's takings.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or none of them sold.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: PPI Manual (ILO/IMF 2004) chapter 1; Balk (2008) section 3.

    >>> round(geometric_paasche([1, 2], [2, 2], [1, 1], [1, 1]), 6)
    1.414214
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return _geometric_mean(items.log_relatives, items.values)


def tornqvist(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Tornqvist price index: relatives weighted by the mean of both sales shares.

    To a shop owner: the gap over what matters to both stores, each store's mix counting half
    however large it is. The price level of this package is built on it.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or one of the stores sold none of them.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Tornqvist (1936); PPI Manual (ILO/IMF 2004) chapter 16.

    >>> round(tornqvist([1, 2], [2, 2], [1, 1], [1, 1]), 6)
    1.33484
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    weights = _shares(items.base_values) + _shares(items.values)
    return _geometric_mean(items.log_relatives, weights)


def harmonic_laspeyres(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the harmonic mean of the relatives, weighted by the base store's sales.

    To a shop owner: the lowest of the usual answers; large price rises hardly count.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or none of them sold.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Balk (2008) section 3; PPI Manual (ILO/IMF 2004) table 19.3.

    >>> harmonic_laspeyres([1, 2], [2, 2], [1, 1], [1, 1])
    1.2
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return ratio(items.base_values.sum(), (items.base_values / items.relatives).sum())


def palgrave(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the arithmetic mean of the relatives, weighted by the compared store's sales.

    To a shop owner: the highest of the usual answers; large price rises count most.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or none of them sold.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Palgrave (1886); Balk (2008) section 3.

    >>> palgrave([1, 2], [2, 2], [1, 1], [1, 1])
    1.5
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return ratio(np.dot(items.values, items.relatives), items.values.sum())


def sato_vartia(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Sato-Vartia (Vartia II) price index: weights from logarithmic means of shares.

    To a shop owner: the exact cost-of-living gap when buyers trade goods off with one constant
    elasticity.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or none sold at both stores.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Sato (1976), Vartia (1976); Balk (2008) section 3.

    >>> round(sato_vartia([1, 2], [2, 2], [3, 1], [1, 1]), 6)
    1.46443
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    weights = logarithmic_mean(_shares(items.values), _shares(items.base_values))
    return _geometric_mean(items.log_relatives, weights)


def montgomery_vartia(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Montgomery-Vartia (Vartia I) price index: log change of value split by item.

    To a shop owner: the price part of the sales ratio when each item's sales gap is split into
    price and quantity on its own.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or one of the stores sold none of them.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Montgomery (1929), Vartia (1976); Balk (2008) section 3.

    >>> round(montgomery_vartia([1, 2], [2, 2], [1, 1], [1, 1]), 6)
    1.333333
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    weights = logarithmic_mean(items.values, items.base_values)
    whole = logarithmic_mean(items.values.sum(), items.base_values.sum())
    return math.exp(ratio(np.dot(weights, items.log_relatives), float(whole)))
