"""What goes into the rules: the lines of many baskets, each in one store at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from channelscope.promotion_rules.apportion import Cents, Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class Baskets:
    """Many baskets, in any order.

    *Shapes*: `store`, `at` (baskets,), the rest (lines,). *Units*: `list_price` in cents per piece,
    `pieces` in thousandths; `at` local time of the store.

    `order` is the position of the line's basket in `store` and `at`. `line_no` only breaks ties
    between lines of one product and one amount.
    """

    store: NDArray[Any]
    at: NDArray[np.datetime64]
    order: Counts
    line_no: Counts
    sku: NDArray[Any]
    category: NDArray[Any]
    pieces: Counts
    list_price: Cents

    def __post_init__(self) -> None:
        if np.any(self.pieces <= 0):
            raise ValueError("pieces must be above 0 on every line")
        if np.any(self.list_price < 0):
            raise ValueError("a list price must not be negative")

    @property
    def list_amount(self) -> Cents:
        """What each line costs at list price, half a cent rounded up."""
        return amount(self.list_price, self.pieces)


def amount(price: Cents, pieces: Counts) -> Cents:
    """Price of a piece times pieces in thousandths, half a cent rounded up."""
    cents: Cents = (2 * price * pieces + 1_000) // 2_000
    return cents
