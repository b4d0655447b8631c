"""Rate against mix: worked example, exact sums, groups only one store has."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.decomposition import rate_mix

nan = math.nan


def test_rate_mix_by_hand():
    mix, rate = rate_mix([50, 50], [0.02, 0.06], [75, 25], [0.02, 0.04])
    # Mean overall rate (0.040 + 0.025) / 2; source 1 gains 25 points at 0.0125 below it.
    np.testing.assert_allclose(mix, [0.25 * -0.0125, -0.25 * 0.0175], atol=1e-15)
    np.testing.assert_allclose(rate, [0, 0.375 * -0.02], atol=1e-15)


groups = st.integers(1, 6).flatmap(
    lambda k: st.tuples(
        arrays(np.float64, (2, k), elements=st.floats(0.01, 100)),
        arrays(np.float64, (2, k), elements=st.floats(0, 1)),
    )
)


@settings(deadline=None)
@given(case=groups)
def test_rate_mix_sums_to_the_difference_and_swaps_sign(case):
    weights, rates = case
    overall = (weights * rates).sum(axis=1) / weights.sum(axis=1)
    mix, rate = rate_mix(weights[0], rates[0], weights[1], rates[1])
    assert mix.sum() + rate.sum() == pytest.approx(overall[1] - overall[0], abs=1e-12)
    back_mix, back_rate = rate_mix(weights[1], rates[1], weights[0], rates[0])
    np.testing.assert_allclose(back_mix, -mix, atol=1e-12)
    np.testing.assert_allclose(back_rate, -rate, atol=1e-12)


@settings(deadline=None)
@given(case=groups)
def test_rate_mix_tells_the_two_causes_apart(case):
    weights, rates = case
    mix, _ = rate_mix(weights[0], rates[0], 3 * weights[0], rates[1])
    np.testing.assert_allclose(mix, 0, atol=1e-12)
    _, rate = rate_mix(weights[0], rates[0], weights[1], rates[0])
    np.testing.assert_allclose(rate, 0, atol=1e-12)


def test_a_group_only_one_store_has_is_all_mix():
    mix, rate = rate_mix([100, 0, 0], [0.1, nan, nan], [50, 50, 0], [0.1, 0.3, nan])
    assert rate.tolist() == [0, 0, 0]
    assert mix.sum() == pytest.approx(0.2 - 0.1)
    assert mix[2] == 0


def test_an_unknown_rate_with_weight_is_not_known():
    mix, _ = rate_mix([1, 1], [0.1, nan], [1, 1], [0.1, 0.3])
    assert np.isnan(mix).all()
    mix, rate = rate_mix([0, 0], [0.1, 0.2], [1, 1], [0.1, 0.3])
    assert np.isnan(mix).all()
    assert np.isnan(rate).all()


def test_a_negative_weight_is_named():
    with pytest.raises(ValueError, match="base_weights"):
        rate_mix([-1, 2], [1, 1], [1, 1], [1, 1])
