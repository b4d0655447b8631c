"""Price indices that price a basket: what the same goods cost at two stores."""

from __future__ import annotations

import math

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import ratio
from channelscope.stats.matching import matched_items


def laspeyres(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Laspeyres price index.

    To a shop owner: what the base store's basket costs at the other store over what it took at
    home.

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

    >>> laspeyres([1, 2], [2, 3], [3, 1], [2, 2])
    1.8
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    cost = np.dot(items.prices, items.base_quantities)
    return ratio(cost, items.base_values.sum())


def paasche(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Paasche price index.

    To a shop owner: what the compared store's basket took over what it would have cost at the
    base store.

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

    >>> round(paasche([1, 2], [2, 3], [3, 1], [2, 2]), 6)
    1.666667
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    return ratio(items.values.sum(), np.dot(items.base_prices, items.quantities))


def fisher(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Fisher price index: the geometric mean of Laspeyres and Paasche.

    To a shop owner: the price gap with both stores' baskets treated alike, so that it is the same
    gap whichever store is asked.

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

    Source: Fisher (1922); PPI Manual (ILO/IMF 2004) chapter 15.

    >>> round(fisher([1, 2], [2, 3], [3, 1], [2, 2]), 6)
    1.732051
    """
    arguments = (base_prices, prices, base_quantities, quantities)
    return math.sqrt(laspeyres(*arguments) * paasche(*arguments))


def walsh(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Walsh price index: a basket of the geometric means of both quantities.

    To a shop owner: the price gap over the goods both stores really sell; what one of them hardly
    sells hardly counts.

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

    Source: Walsh (1901); PPI Manual (ILO/IMF 2004) chapter 15 ("Walsh 1").

    >>> round(walsh([1, 2], [2, 3], [3, 1], [2, 2]), 6)
    1.732051
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    basket = np.sqrt(items.base_quantities) * np.sqrt(items.quantities)
    return ratio(np.dot(items.prices, basket), np.dot(items.base_prices, basket))


def marshall_edgeworth(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Marshall-Edgeworth price index: a basket of both quantities added up.

    To a shop owner: what all goods sold by the two stores together cost at one against the other;
    the larger store decides.

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

    Source: Marshall (1887), Edgeworth (1925); Balk (2008) section 3.

    >>> marshall_edgeworth([1, 2], [2, 3], [3, 1], [2, 2])
    1.7272727272727273
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    basket = items.base_quantities + items.quantities
    return ratio(np.dot(items.prices, basket), np.dot(items.base_prices, basket))


def stuvel(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> float:
    """Return the Stuvel price index: price times quantity index is exactly the value ratio.

    To a shop owner: a price gap that, with its quantity gap, explains the sales gap by differences
    rather than by ratios.

    Shapes: four vectors (items,) to one number. Units: a ratio, 1 = same price level.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The index, or nan when no item is matched or the base store sold none of them.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: Stuvel (1957); Balk (2008) section 3.

    >>> round(stuvel([1, 2], [2, 3], [3, 1], [2, 2]), 6)
    1.745683
    """
    items = matched_items(base_prices, prices, base_quantities, quantities)
    base_value = items.base_values.sum()
    price_index = ratio(np.dot(items.prices, items.base_quantities), base_value)
    quantity_index = ratio(np.dot(items.base_prices, items.quantities), base_value)
    half_gap = (price_index - quantity_index) / 2
    return half_gap + math.sqrt(half_gap**2 + ratio(items.values.sum(), base_value))
