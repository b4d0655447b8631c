"""Sharing a deduction among lines: worked figures, and what must hold for any amounts."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.promotion_rules import apportion, divide_half_up


def share(deduction: int, *amounts: int, skus: str = "") -> list[int]:
    """Parts of one order's deduction, lines numbered as they come."""
    count = len(amounts)
    parts = apportion(
        np.array([deduction]),
        order=np.zeros(count, dtype=np.int64),
        amount=np.array(amounts),
        sku=np.array(list(skus or "a" * count)),
        line_no=np.arange(1, count + 1),
    )
    return [int(part) for part in parts]


@pytest.mark.parametrize(
    ("numerator", "denominator", "quotient"),
    [(1, 2, 1), (1, 3, 0), (2, 3, 1), (5, 2, 3), (4, 2, 2), (0, 7, 0), (9, 0, 0)],
)
def test_half_goes_up(numerator: int, denominator: int, quotient: int) -> None:
    assert divide_half_up(np.array([numerator]), np.array([denominator])).tolist() == [quotient]


def test_the_largest_line_takes_the_tail() -> None:
    # 100 over 30000:20000:10001 is 49.999…, 33.33…, 16.668…; the first gets 100 − 33 − 17.
    assert share(100, 30000, 20000, 10001) == [50, 33, 17]
    assert share(100, 10001, 20000, 30000) == [17, 33, 50]


def test_of_equal_amounts_the_first_sku_takes_the_tail() -> None:
    assert share(100, 500, 500, 500, skus="cab") == [33, 34, 33]


def test_of_equal_skus_the_first_line_takes_the_tail() -> None:
    assert share(100, 500, 500, 500) == [34, 33, 33]


def test_shares_rounded_up_do_not_push_the_tail_below_zero() -> None:
    # Each line's share of 2 cents is 0.5, up to 1: three of them are one cent too many.
    assert share(2, 1, 1, 1, 1) == [0, 0, 1, 1]


def test_a_tail_above_the_largest_line_goes_on_to_the_next() -> None:
    # Each share of 2 cents over five lines is 0.4, down to 0; the first can take one cent only.
    assert share(2, 1, 1, 1, 1, 1) == [1, 1, 0, 0, 0]


def test_orders_do_not_mix() -> None:
    parts = apportion(
        np.array([10, 0, 99]),
        order=np.array([2, 0, 2, 1, 0]),
        amount=np.array([50, 20, 49, 30, 20]),
        sku=np.array(["a", "b", "c", "d", "a"]),
        line_no=np.array([1, 1, 2, 1, 2]),
    )
    assert parts.tolist() == [50, 5, 49, 0, 5]


@pytest.mark.parametrize("deduction", [-1, 101])
def test_a_deduction_beyond_the_order_is_refused(deduction: int) -> None:
    with pytest.raises(ValueError, match="between 0 and what the order still costs"):
        share(deduction, 60, 40)


@given(st.lists(st.integers(0, 50_000), min_size=1, max_size=8), st.data())
def test_parts_add_up_and_stay_inside_their_lines(amounts: list[int], data: st.DataObject) -> None:
    deduction = data.draw(st.integers(0, sum(amounts)))
    parts = share(deduction, *amounts)
    assert sum(parts) == deduction
    assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))


@given(st.lists(st.integers(0, 3), min_size=2, max_size=8), st.data())
def test_parts_of_a_few_cents_add_up_too(amounts: list[int], data: st.DataObject) -> None:
    deduction = data.draw(st.integers(0, sum(amounts)))
    parts = share(deduction, *amounts)
    assert sum(parts) == deduction
    assert all(0 <= part <= amount for part, amount in zip(parts, amounts, strict=True))


@given(st.lists(st.integers(1_000, 50_000), min_size=1, max_size=6), st.data())
def test_a_part_is_its_share_to_the_cent(amounts: list[int], data: st.DataObject) -> None:
    deduction = data.draw(st.integers(0, sum(amounts)))
    largest = amounts.index(max(amounts))
    for place, part in enumerate(share(deduction, *amounts)):
        exact = deduction * amounts[place] / sum(amounts)
        assert abs(part - exact) <= (len(amounts) / 2 if place == largest else 0.5)
