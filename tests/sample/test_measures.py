"""The measures behind TRUTH.toml, on cells small enough to work out."""

from __future__ import annotations

import numpy as np
import pytest

from sample_data.generator.measures import price_levels


def cells(prices: list[list[float]], units: list[list[float]]) -> tuple[np.ndarray, np.ndarray]:
    """Value and units of stores x SKUs in one week."""
    sold = np.array(units, dtype=float)
    return (np.array(prices) * sold)[:, :, None], sold[:, :, None]


def test_a_store_one_tenth_cheaper_throughout_stands_at_ninety() -> None:
    list_price = [10.0, 20.0, 30.0, 40.0, 50.0]
    cheaper = [0.9 * price for price in list_price]
    levels = price_levels(*cells([list_price, cheaper], [[1, 2, 3, 4, 5], [9, 1, 1, 1, 1]]))
    assert levels == pytest.approx([100, 90])


def test_relatives_are_weighted_by_the_mean_of_both_value_shares() -> None:
    # One SKU of five at half price: half of the cheap store's value, 4/8 of the dear one's.
    value, units = cells(
        [[8.0, 2.0, 2.0, 2.0, 2.0], [4.0, 2.0, 2.0, 2.0, 2.0]],
        [[1, 1, 1, 1, 1], [2, 1, 1, 1, 1]],
    )
    assert price_levels(value, units) == pytest.approx([100, 100 * 0.5**0.5])


def test_four_products_do_not_link_two_stores_but_a_third_does() -> None:
    ones = [1.0] * 9
    prices = [ones, [0.5] * 9, [0.8] * 9]
    units = [[1] * 5 + [0] * 4, [1] * 4 + [0] + [1] * 4, [1] * 9]
    assert price_levels(*cells(prices, units)) == pytest.approx([100, 50, 80])
    alone = price_levels(*cells(prices[:2], units[:2]))
    assert np.isnan(alone[1])


def test_cells_of_different_weeks_are_not_matched() -> None:
    value, units = np.zeros((2, 2, 5, 2))
    units[0, :, 0], units[1, :, 0], units[1, :, 1] = 1, 1, 100
    value[0, :, 0], value[1, :, 0], value[1, :, 1] = 10, 7, 200
    assert price_levels(value, units) == pytest.approx([100, 70])
