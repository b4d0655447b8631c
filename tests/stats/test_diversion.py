"""The diversion index against dealing every buyer anew, and where it must not move."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency

from channelscope.stats.diversion import by_chance, diversion_index, mutual_information

GROUPS = 64
SIZES = np.array([10.0, 3.0, 1.0]) / 14
KEEPS = 0.75
"""Of the orders, those that serve the main need of their buyer."""
MIX = np.array([5.0, 3.0, 2.0, 1.0]) / 11


def bought(random, buyers, conditional):
    """Store of every buyer, and orders of every buyer by segment; most of them serve one need."""
    store = random.choice(3, buyers, p=SIZES)
    orders = 1 + random.poisson(1.5, buyers)
    buyer = np.repeat(np.arange(buyers), orders)
    ladder = np.cumsum(conditional, axis=1)[:, :-1]
    main = (random.random(buyers)[:, None] > ladder[store]).sum(axis=1)
    other = (random.random(len(buyer))[:, None] > ladder[store[buyer]]).sum(axis=1)
    segment = np.where(random.random(len(buyer)) < KEEPS, main[buyer], other)
    baskets = np.zeros((buyers, conditional.shape[1]))
    np.add.at(baskets, (buyer, segment), 1)
    return store, baskets


def grouped(random, store, baskets, stores=3):
    """Orders by group of buyers, store and segment, as the cubes hold them."""
    found = np.zeros((GROUPS, stores, baskets.shape[1]))
    np.add.at(found, (random.integers(0, GROUPS, len(store)), store), baskets)
    return found


def dealt_anew(random, store, baskets, stores=3):
    """Information when every buyer, with all of his orders, goes to a store by chance.

    Buyers stand in a row by chance; every store takes from it until it has its orders.
    """
    size = np.bincount(store, weights=baskets.sum(axis=1), minlength=stores)
    row = random.permutation(len(store))
    so_far = np.cumsum(baskets[row].sum(axis=1)) - baskets[row].sum(axis=1) / 2
    to = np.searchsorted(np.cumsum(size)[:-1], so_far)
    table = np.zeros((stores, baskets.shape[1]))
    np.add.at(table, to, baskets[row])
    return float(mutual_information(table))


def test_information_is_that_of_the_likelihood_ratio():
    table = np.array([[13.0, 7, 2], [5, 11, 8]])
    ratio = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic
    expected = ratio / (2 * table.sum() * np.log(2))
    assert mutual_information(table) == pytest.approx(expected, rel=1e-12)
    assert np.isnan(mutual_information(np.zeros((2, 2))))


@pytest.mark.parametrize(("buyers", "mix"), [
    (4000, MIX), (600, MIX), (400, np.array([1.0, *[0.02] * 30]) / 1.6),
])  # fmt: skip
def test_the_null_is_the_mean_of_dealing_every_buyer_anew(buyers, mix):
    """Exactly so: stores of 10 to 1, buyers who come back for the same need, rare segments."""
    random = np.random.default_rng(5)
    store, baskets = bought(random, buyers, np.tile(mix, (3, 1)))
    exact = np.mean([dealt_anew(random, store, baskets) for _ in range(3000)])
    told = [by_chance(grouped(random, store, baskets)).mean for _ in range(200)]
    assert np.mean(told) == pytest.approx(exact, rel=0.04)
    # What single orders would show is far less: a buyer's orders are alike.
    occupied = (baskets.sum(axis=0) > 0).sum()
    single = 2 * (occupied - 1) / (2 * baskets.sum() * np.log(2))
    assert exact > (1.4 if len(mix) < 10 else 1.15) * single


def test_the_p_value_is_that_of_dealing_every_buyer_anew():
    random = np.random.default_rng(6)
    small = []
    for _ in range(200):
        store, baskets = bought(random, 500, np.tile(MIX, (3, 1)))
        small.append(diversion_index(grouped(random, store, baskets)).p_value)
    # 5% of 200, give or take three standard errors.
    assert 1 <= np.sum(np.array(small) <= 0.05) <= 19
    assert 0.35 < np.mean(np.array(small) <= 0.5) < 0.65


def test_full_diversion_is_one():
    random = np.random.default_rng(7)
    apart = np.eye(3)
    found = diversion_index(grouped(random, *bought(random, 2000, apart)))
    assert found.index == pytest.approx(1, abs=1e-12)
    assert 0.9 < found.lo <= found.index <= found.hi <= 1
    assert found.p_value < 1e-12


APART = np.array([[0.45, 0.27, 0.18, 0.10], [0.25, 0.35, 0.20, 0.20], [0.10, 0.20, 0.30, 0.40]])


def truth(conditional, sizes=SIZES):
    joint = sizes[:, None] * conditional
    ends = [-(part * np.log2(part)).sum() for part in (joint.sum(axis=1), joint.sum(axis=0))]
    return float(mutual_information(joint)) / min(ends)


def test_the_index_does_not_depend_on_how_many_orders_there_are():
    random = np.random.default_rng(8)
    thin = [diversion_index(grouped(random, *bought(random, 400, APART))).index for _ in range(80)]
    full = diversion_index(grouped(random, *bought(random, 40_000, APART))).index
    assert full == pytest.approx(truth(APART), abs=0.005)
    assert np.mean(thin) == pytest.approx(full, abs=0.01)


@pytest.mark.parametrize("buyers", [500, 4000])
def test_intervals_hold_the_truth(buyers):
    """In small; `benchmarks/diversion_coverage.py` has the full size."""
    random, inside = np.random.default_rng(9), 0
    for _ in range(120):
        found = diversion_index(grouped(random, *bought(random, buyers, APART)))
        inside += found.lo <= truth(APART) <= found.hi
    assert inside >= 107  # of 120 with 95%, fewer are seen once in four hundred times


@given(st.permutations(range(3)), st.permutations(range(4)), st.integers(2, 9))
@settings(max_examples=20)
def test_names_and_scale_do_not_matter(stores, segments, times):
    random = np.random.default_rng(10)
    counts = grouped(random, *bought(random, 300, APART))
    plain = diversion_index(counts)
    other = diversion_index(times * counts[:, stores][:, :, segments])
    parts = ("index", "lo", "hi", "null_mean", "p_value")
    for name in parts:
        assert getattr(other, name) == pytest.approx(getattr(plain, name), rel=1e-6), name


def test_what_has_nothing_takes_no_part():
    random = np.random.default_rng(11)
    counts = grouped(random, *bought(random, 300, APART))
    wider = np.zeros((GROUPS + 3, 5, 6))
    wider[:GROUPS, :3, :4] = counts
    assert diversion_index(wider) == diversion_index(counts)


@pytest.mark.parametrize("counts", [
    np.ones((40, 1, 3)), np.ones((40, 3, 1)), np.ones((1, 3, 3)), np.zeros((40, 2, 2)),
])  # fmt: skip
def test_of_one_store_or_segment_nothing_is_told(counts):
    found = diversion_index(counts)
    assert np.isnan([found.index, found.lo, found.hi, found.null_mean, found.p_value]).all()


def test_a_count_below_zero_is_refused():
    with pytest.raises(ValueError, match="groups"):
        diversion_index(-np.ones((40, 2, 2)))
