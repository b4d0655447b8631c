"""Distances of mixes: documented cases, symmetry, bounds, and stores that sell nothing."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.distances import hill, jaccard, jensen_shannon, shared_share, top_share

nan = math.nan
weight = st.one_of(st.just(0.0), st.floats(1e-6, 1e6))


def has_sales(mixes):
    return (mixes.sum(axis=-1) > 0).all()


two_mixes = (
    st.integers(1, 8)
    .flatmap(lambda k: arrays(np.float64, (2, k), elements=weight))
    .filter(has_sales)
)


def test_documented_jensen_shannon_cases(oracles):
    block = oracles["jensen_shannon"]
    for (p, q), base, distance in zip(
        block["cases"], block["base"], block["distance"], strict=True
    ):
        in_bits = distance**2 / (1 if base == 2 else math.log(2))
        assert jensen_shannon(p, q) == pytest.approx(in_bits, abs=block["tolerance"])


def test_documented_jaccard_and_bray_curtis_cases(oracles):
    for (a, b), distance in zip(
        oracles["jaccard"]["cases"], oracles["jaccard"]["distance"], strict=True
    ):
        assert jaccard(np.array(a) == 1, np.array(b) == 1) == pytest.approx(1 - distance)
    block = oracles["bray_curtis"]
    for (p, q), distance in zip(block["cases"], block["distance"], strict=True):
        assert shared_share(p, q) == pytest.approx(1 - distance)


def test_worked_example_of_two_mixes():
    # Shares (0.5, 0.5, 0) and (0.25, 0, 0.75); middle (0.375, 0.25, 0.375).
    p, q = [2, 2, 0], [1, 0, 3]
    first = 0.5 * math.log2(0.5 / 0.375) + 0.5 * math.log2(0.5 / 0.25)
    second = 0.25 * math.log2(0.25 / 0.375) + 0.75 * math.log2(0.75 / 0.375)
    assert jensen_shannon(p, q) == pytest.approx((first + second) / 2)
    assert shared_share(p, q) == pytest.approx(0.25)


@settings(deadline=None)
@given(mixes=two_mixes, scale=st.floats(1e-3, 1e3))
def test_mix_distances_are_symmetric_bounded_and_free_of_size(mixes, scale):
    p, q = mixes
    for measure, same in ((jensen_shannon, 0), (shared_share, 1)):
        value = measure(p, q)
        assert 0 <= value <= 1
        assert value == pytest.approx(float(measure(q, p)), abs=1e-12)
        assert value == pytest.approx(float(measure(scale * p, q)), abs=1e-9)
        assert measure(p, scale * p) == pytest.approx(same, abs=1e-12)


@settings(deadline=None)
@given(mixes=two_mixes)
def test_divergence_lies_between_the_bounds_of_total_variation(mixes):
    p, q = mixes
    variation = 1 - float(shared_share(p, q))
    assert variation**2 / (2 * math.log(2)) - 1e-9 <= jensen_shannon(p, q) <= variation + 1e-9


def test_batches_and_broadcasting():
    draws = np.random.default_rng(2).gamma(1, size=(50, 3, 8))
    against = draws[0, 0]
    for measure in (jensen_shannon, shared_share):
        got = measure(draws, against)
        assert got.shape == (50, 3)
        assert got[7, 2] == pytest.approx(float(measure(draws[7, 2], against)))


def test_huge_and_tiny_weights_keep_their_shares():
    assert jensen_shannon([1e308, 1e308], [1e-308, 1e-308]) == pytest.approx(0)
    assert shared_share([5e-324, 0], [0, 1e308]) == 0


def test_a_store_without_sales_is_not_known():
    for measure in (jensen_shannon, shared_share):
        got = measure([[0, 0], [1, nan], [1, 1]], [1, 1])
        assert np.isnan(got).tolist() == [True, True, False]
    for order in (0, 1, 2):
        assert np.isnan(hill([[0, 0], [1, nan], [1, 1]], order=order)).tolist() == [
            True,
            True,
            False,
        ]
    assert np.isnan(top_share([[0, 0], [1, nan], [1, 1]], k=1)).tolist() == [True, True, False]
    assert np.isnan(jaccard([False, False], [False, False]))


@settings(deadline=None)
@given(sets=arrays(np.bool_, (2, 7)))
def test_jaccard_is_symmetric_and_counts(sets):
    a, b = sets
    union = int((a | b).sum())
    if union:
        assert jaccard(a, b) == jaccard(b, a) == int((a & b).sum()) / union
        assert jaccard(a | b, a | b) == 1


@settings(deadline=None)
@given(mixes=two_mixes)
def test_hill_numbers_fall_with_the_order_and_count_at_most_the_items(mixes):
    zero, one, two = (float(hill(mixes[0], order=order)) for order in (0, 1, 2))
    assert zero == (mixes[0] > 0).sum()
    assert 1 - 1e-9 <= two <= one * (1 + 1e-9)
    assert one <= zero * (1 + 1e-9)


def test_hill_numbers_of_equal_items_and_by_hand():
    for order in (0, 1, 2):
        assert hill([3, 3, 3, 3, 0], order=order) == pytest.approx(4)
    assert hill([2, 1, 1], order=1) == pytest.approx(2**1.5)
    assert hill([2, 1, 1], order=2) == pytest.approx(1 / (1 / 4 + 1 / 8))


def test_top_share_takes_the_largest():
    got = top_share([[1, 5, 1, 3], [1, 1, 1, 1]], k=2)
    np.testing.assert_allclose(got, [0.8, 0.5])
    assert top_share([1, 2], k=10) == 1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: jensen_shannon([-1, 2], [1, 1]), "p: expected"),
        (lambda: jensen_shannon([1, 2], [1, math.inf]), "q: expected"),
        (lambda: shared_share([], []), "at least one item"),
        (lambda: jensen_shannon([1, 2, 3], [1, 2]), "broadcast"),
        (lambda: jaccard([1, 0], [0, 1]), "booleans"),
        (lambda: hill([1, 2], order=3), "order"),
        (lambda: top_share([1, 2], k=0), "k: expected"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
