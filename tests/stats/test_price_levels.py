"""Levels from pair sums: by hand, through chains, and against a brute-force jackknife."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from channelscope.stats.price_levels import Levels, PairSums, levels, log_tornqvist

ALL3 = ~np.eye(3, dtype=bool)
CHAIN = np.array([[False, True, False], [True, False, True], [False, True, False]])
FIRST, SECOND = np.array([0, 0, 1]), np.array([1, 2, 2])


def sums_of(prices: np.ndarray, units: np.ndarray) -> PairSums:
    """Pair sums of one cell per product. Shapes: (items, 3), nan = not sold."""
    a, b = prices[:, FIRST], prices[:, SECOND]
    both = np.isfinite(a) & np.isfinite(b)
    value_a = np.where(both, a * units[:, FIRST], 0)
    value_b = np.where(both, b * units[:, SECOND], 0)
    log = np.where(both, np.log(np.where(both, a, 1) / np.where(both, b, 1)), 0)
    return PairSums(FIRST, SECOND, value_a, value_b, value_a * log, value_b * log)


def without(sums: PairSums, item: int) -> PairSums:
    parts = (sums.value_a, sums.value_b, sums.log_a, sums.log_b)
    return PairSums(FIRST, SECOND, *(np.delete(part, item, axis=0) for part in parts))


def market(seed: int, items: int = 9) -> tuple[np.ndarray, np.ndarray]:
    random = np.random.default_rng(seed)
    base = random.lognormal(2, 1, items)[:, None]
    prices = base * np.array([1, 0.9, 0.8]) * random.lognormal(0, 0.05, (items, 3))
    return prices, random.integers(1, 50, (items, 3)).astype(float)


def test_tornqvist_by_hand() -> None:
    # Shares 20/30 and 6/10 of the first product: a mean of 19/30 on ln 2, of 11/30 on ln 1/2.
    logs = np.log([2.0, 0.5])
    value_a, value_b = np.array([20.0, 10.0]), np.array([6.0, 4.0])
    relative = log_tornqvist(
        value_a.sum(), value_b.sum(), (value_a * logs).sum(), (value_b * logs).sum()
    )
    assert relative == pytest.approx((19 - 11) / 30 * np.log(2))
    assert np.isnan(log_tornqvist(np.zeros(1), np.ones(1), np.zeros(1), np.ones(1))).all()


def test_two_stores_are_one_relative() -> None:
    prices, units = market(1)
    sums = sums_of(prices, units)
    linked = np.zeros((3, 3), dtype=bool)
    linked[0, 1] = linked[1, 0] = True
    found = levels(sums, linked, reference=0)
    direct = log_tornqvist(
        *(p.sum(axis=0) for p in (sums.value_a, sums.value_b, sums.log_a, sums.log_b))
    )
    np.testing.assert_allclose(found.log_level[:2], [0, -direct[0]], atol=1e-12)
    assert np.isnan(found.log_level[2]) and np.isnan(found.lo[2])


def test_a_chain_adds_up_without_the_missing_link() -> None:
    prices, units = market(2)
    sums = sums_of(prices, units)
    parts = (sums.value_a, sums.value_b, sums.log_a, sums.log_b)
    direct = log_tornqvist(*(p.sum(axis=0) for p in parts))
    found = levels(sums, CHAIN, reference=0).log_level
    np.testing.assert_allclose(found, [0, -direct[0], -direct[0] - direct[2]], atol=1e-12)
    # With all three pairs linked the levels are those of GEKS, and differ from the chain's.
    closed = levels(sums, ALL3, reference=0).log_level
    np.testing.assert_allclose(closed[2], -(2 * direct[1] + direct[0] + direct[2]) / 3, atol=1e-12)
    assert abs(closed[2] - found[2]) > 1e-6


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0, 1, 2]))
def test_the_reference_moves_levels_but_not_their_differences(seed: int, reference: int) -> None:
    sums = sums_of(*market(seed))
    base = levels(sums, ALL3, reference=0).log_level
    other = levels(sums, ALL3, reference=reference).log_level
    assert other[reference] == 0
    np.testing.assert_allclose(other - other[0], base, atol=1e-10)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.01, 100))
def test_equal_ratios_are_the_level_whatever_the_weights(seed: int, ratio: float) -> None:
    prices, units = market(seed)
    prices = prices[:, :1] * np.array([1, ratio, ratio**2])
    found = levels(sums_of(prices, units), ALL3, reference=0)
    np.testing.assert_allclose(found.log_level, np.log([1, ratio, ratio**2]), atol=1e-9)
    np.testing.assert_allclose(found.hi - found.lo, 0, atol=1e-6)


def by_brute_force(sums: PairSums, linked: np.ndarray, store: int) -> tuple[float, float]:
    """Every product left out in turn, as a comparison of its own."""
    shares = (sums.value_a + sums.value_b > 0) & linked[FIRST, SECOND]
    own = [i for i in range(len(shares))
           if any(shares[i, p] and store in (FIRST[p], SECOND[p]) for p in range(3))]  # fmt: skip
    draws = np.array([levels(without(sums, i), linked, reference=0).log_level[store] for i in own])
    error = np.sqrt((len(own) - 1) / len(own) * ((draws - draws.mean()) ** 2).sum())
    half = stats.t.ppf(0.975, len(own) - 1) * error
    centre = levels(sums, linked, reference=0).log_level[store]
    return centre - half, centre + half


@pytest.mark.parametrize("linked", [ALL3, CHAIN], ids=["all", "chain"])
def test_interval_is_that_of_leaving_out_each_product(linked: np.ndarray) -> None:
    prices, units = market(3, items=14)
    prices[:4, 2] = np.nan  # goods the third store does not have
    prices[10:, 1] = np.nan
    sums = sums_of(prices, units)
    found = levels(sums, linked, reference=0)
    for store in (1, 2):
        lo, hi = by_brute_force(sums, linked, store)
        np.testing.assert_allclose([found.lo[store], found.hi[store]], [lo, hi], atol=1e-10)
        assert lo < found.log_level[store] < hi


def test_goods_of_other_stores_do_not_make_a_level_surer() -> None:
    prices, units = market(4, items=60)
    prices[6:, 2] = np.nan
    star = np.array([[False, True, True], [True, False, False], [True, False, False]])
    many = levels(sums_of(prices, units), star, reference=0)
    few = levels(sums_of(prices[:6], units[:6]), star, reference=0)
    assert (many.lo[2], many.hi[2]) == pytest.approx((few.lo[2], few.hi[2]), abs=1e-12)
    assert many.lo[1] != pytest.approx(few.lo[1], abs=1e-3)


def test_two_products_are_too_few_for_an_interval() -> None:
    prices, units = market(5, items=2)
    found = levels(sums_of(prices, units), ALL3, reference=0)
    assert np.isfinite(found.log_level).all()
    assert np.isnan(found.lo[1:]).all() and np.isnan(found.hi[1:]).all()


def test_no_matched_goods_at_all() -> None:
    empty = np.zeros((0, 0))
    none = np.zeros(0, dtype=np.intp)
    found = levels(
        PairSums(none, none, empty, empty, empty, empty), np.zeros((2, 2), dtype=bool), reference=1
    )
    assert isinstance(found, Levels)
    assert found.log_level[1] == 0 and np.isnan(found.log_level[0])
