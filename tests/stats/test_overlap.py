"""Shared buyers by chance: against every way of dealing a buyer's orders, one by one."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations, product
from math import comb, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.stats.overlap import chance_overlap, chance_overlaps


def _dealt(orders: int, a: Fraction, b: Fraction) -> Fraction:
    """The probability that both stores get an order, summed over all ways to deal them."""
    chance = {"a": a, "b": b, "elsewhere": 1 - a - b}
    ways = product(chance, repeat=orders)
    return sum((prod(chance[s] for s in way) for way in ways if {"a", "b"} <= set(way)), Fraction())


@settings(deadline=None)
@given(
    buyers=st.lists(st.integers(0, 50), min_size=6, max_size=6),
    parts=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)),
)
def test_every_way_of_dealing_orders_is_counted(buyers: list[int], parts: tuple[int, ...]) -> None:
    a, b = Fraction(parts[0], sum(parts)), Fraction(parts[1], sum(parts))
    want = sum(n * _dealt(orders, a, b) for orders, n in enumerate(buyers, start=1))
    got = chance_overlap(buyers, range(1, 7), share_a=float(a), share_b=float(b))
    assert float(got) == pytest.approx(float(want), abs=1e-10)


def test_shares_of_each_row_go_with_its_buyers() -> None:
    buyers = [[7, 4], [1, 8]]
    rows = chance_overlap(buyers, [1, 2], share_a=[0.5, 0.1], share_b=[0.25, 0.2])
    assert rows == pytest.approx([4 * 2 * 0.5 * 0.25, 8 * 2 * 0.1 * 0.2])


def test_one_order_is_in_no_two_stores() -> None:
    assert chance_overlap([10**9], [1], share_a=0.1, share_b=0.7) == 0


def test_two_stores_that_are_all_there_is_lose_nothing_to_rounding() -> None:
    assert chance_overlap([1], [3], share_a=0.9, share_b=0.1) == pytest.approx(1 - 0.729 - 0.001)


def test_an_unknown_share_makes_the_number_unknown() -> None:
    assert np.isnan(chance_overlap([5, 5], [1, 2], share_a=np.nan, share_b=0.1))


@pytest.mark.parametrize("shares", [(0.7, 0.4), (-0.1, 0.4)])
def test_shares_that_are_none_are_refused(shares: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="share_a"):
        chance_overlap([1], [2], share_a=shares[0], share_b=shares[1])


@settings(deadline=None, max_examples=30)
@given(
    buyers=st.lists(st.integers(0, 50), min_size=6, max_size=6),
    parts=st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(1, 9)),
)
def test_every_combination_of_three_counts_every_way_of_dealing(
    buyers: list[int], parts: tuple[int, ...]
) -> None:
    shares = [Fraction(part, sum(parts)) for part in parts[:3]]
    chance = dict(zip(("a", "b", "c", "elsewhere"), [*shares, 1 - sum(shares)], strict=True))
    got = chance_overlaps(buyers, range(1, 7), [float(share) for share in shares])
    for place in range(8):
        wanted = {name for at, name in enumerate("abc") if place >> at & 1}
        want = sum(
            n * sum(
                (prod(chance[s] for s in way) for way in product(chance, repeat=orders)
                 if wanted <= set(way)), Fraction()
            )
            for orders, n in enumerate(buyers, start=1)
        )  # fmt: skip
        assert got[place] == pytest.approx(float(want), abs=1e-10)


def test_pairs_of_many_stores_are_those_of_two() -> None:
    buyers = np.array([[700, 80, 9, 5], [0, 0, 3, 0]])
    shares = np.array([[0.3, 0.02, 0.1, 0.25, 0.001], [0.1, 0.2, 0.3, 0.1, 0.3]])
    every = chance_overlaps(buyers, [1, 2, 9, 40], shares)
    for a, b in combinations(range(5), 2):
        two = chance_overlap(buyers, [1, 2, 9, 40], share_a=shares[:, a], share_b=shares[:, b])
        assert every[:, 1 << a | 1 << b] == pytest.approx(two)


def test_nobody_buys_in_more_stores_than_orders() -> None:
    found = chance_overlaps([10**9, 10**9], [1, 2], [0.3, 0.2, 0.4])
    assert found[7] == 0 and found[0b011] == pytest.approx(10**9 * 2 * 0.3 * 0.2)
    assert found[0] == 2 * 10**9


def test_twelve_stores_keep_their_digits() -> None:
    # With n orders, twelve equal stores and nothing else: all hit, by the exact Stirling sum.
    n, stores = 20, 12
    exact = sum(
        Fraction((-1) ** k * comb(stores, k) * (stores - k) ** n, stores**n)
        for k in range(stores + 1)
    )
    found = chance_overlaps([10**6], [n], [1 / stores] * stores)
    assert found[-1] == pytest.approx(float(exact) * 10**6, rel=1e-6)


def test_an_unknown_share_leaves_its_combinations_unknown() -> None:
    found = chance_overlaps([5], [2], [np.nan, 0.5])
    assert np.isnan(found[[1, 3]]).all() and found[2] == pytest.approx(5 * 0.75)


def test_shares_that_sum_to_more_than_one_are_refused() -> None:
    with pytest.raises(ValueError, match="shares"):
        chance_overlaps([1], [2], [0.5, 0.4, 0.2])
