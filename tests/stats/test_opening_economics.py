"""What an opening adds: the closed forms, and payback that stays paid back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.opening_economics import (
    NEVER,
    break_even_diversion,
    break_even_sales,
    payback_month,
    ramp,
)

SHARES, MONEY = st.floats(0.01, 0.99), st.floats(1.0, 1e6)


@given(MONEY, SHARES, SHARES, SHARES)
def test_at_break_even_sales_nothing_is_left(
    fixed: float, margin: float, diverted: float, lost: float
) -> None:
    sales = float(break_even_sales(fixed, margin, diverted, lost))
    left = margin - diverted * lost
    if left <= 0:
        assert np.isnan(sales)
    else:
        assert sales * left - fixed == pytest.approx(0, abs=1e-6 * fixed)


@given(MONEY, MONEY, SHARES, SHARES)
def test_at_break_even_diversion_nothing_is_left(
    sales: float, fixed: float, margin: float, lost: float
) -> None:
    share = float(break_even_diversion(sales, fixed, margin, lost))
    assert sales * (margin - share * lost) == pytest.approx(fixed, rel=1e-6, abs=1e-3)


def test_nothing_sold_or_lost_has_no_break_even_diversion() -> None:
    assert np.isnan(break_even_diversion([0.0, 100.0], 5.0, 0.4, [0.3, 0.0])).all()


def test_a_store_grows_in_equal_steps_to_its_full_size() -> None:
    found = ramp([0.2, 1.0], [4.0, 0.0], 6)
    assert found[0].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.0])
    assert found[1].tolist() == [1.0] * 6
    with pytest.raises(ValueError, match="horizon"):
        ramp([0.5], [1.0], 0)


@given(st.lists(st.lists(st.floats(-10, 10), min_size=6, max_size=6), min_size=1, max_size=5))
def test_payback_is_the_first_month_after_the_last_shortfall(paths: list[list[float]]) -> None:
    for path, month in zip(paths, payback_month(paths).tolist(), strict=True):
        short = [at for at, value in enumerate(path, start=1) if value < 0]
        expected = 1 if not short else short[-1] + 1 if short[-1] < len(path) else NEVER
        assert month == expected


def test_paths_have_two_dimensions() -> None:
    with pytest.raises(ValueError, match="draws by months"):
        payback_month([1.0, 2.0])
