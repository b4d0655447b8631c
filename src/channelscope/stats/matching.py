"""The matched items of two stores: what every bilateral price index is computed from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Floats, non_negative


@dataclass(frozen=True, slots=True)
class MatchedItems:
    """Prices and quantities of the items both stores sell, in the same order."""

    base_prices: Floats
    prices: Floats
    base_quantities: Floats
    quantities: Floats

    @property
    def base_values(self) -> Floats:
        """What the base store took per item."""
        return self.base_prices * self.base_quantities

    @property
    def values(self) -> Floats:
        """What the compared store took per item."""
        return self.prices * self.quantities

    @property
    def relatives(self) -> Floats:
        """Price of the compared store over price of the base store, per item."""
        return self.prices / self.base_prices

    @property
    def log_relatives(self) -> Floats:
        """Natural logarithm of the relatives."""
        return np.log(self.relatives)


def matched_items(
    base_prices: npt.ArrayLike,
    prices: npt.ArrayLike,
    base_quantities: npt.ArrayLike,
    quantities: npt.ArrayLike,
) -> MatchedItems:
    """Return the items for which both prices and both quantities are known.

    To a shop owner: like with like; an item only one of the two stores sells says nothing about
    which of them is dearer.

    Shapes: four vectors (items,). Units: prices in one currency per unit, quantities in units.

    Args:
        base_prices: Price per item at the base store; nan = not sold.
        prices: Price per item at the compared store; nan = not sold.
        base_quantities: Units sold at the base store.
        quantities: Units sold at the compared store.

    Returns:
        The four vectors without the unmatched items; empty when nothing matches.

    Raises:
        ValueError: Shapes differ, a price is not above zero, or a quantity is below zero.

    Source: the matched-model principle, PPI Manual (ILO/IMF 2004) chapter 8.

    >>> matched_items([1, 2], [3, float("nan")], [5, 6], [7, 8]).prices
    array([3.])
    """
    vectors = (
        non_negative(base_prices, name="base_prices"),
        non_negative(prices, name="prices"),
        non_negative(base_quantities, name="base_quantities"),
        non_negative(quantities, name="quantities"),
    )
    if any(vector.ndim != 1 or vector.shape != vectors[0].shape for vector in vectors):
        shapes = ", ".join(str(vector.shape) for vector in vectors)
        raise ValueError(
            f"prices and quantities: expected four vectors of one length, got {shapes}"
        )
    if np.any(vectors[0] == 0) or np.any(vectors[1] == 0):
        raise ValueError("prices: expected numbers above zero (nan = not sold), got 0")
    known = ~np.isnan(np.stack(vectors)).any(axis=0)
    return MatchedItems(*(vector[known] for vector in vectors))
