"""Rounded parts sum to the rounded total, to the cent."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.rounding import round_to_total

effects_strategy = st.integers(1, 12).flatmap(
    lambda k: arrays(np.float64, k, elements=st.floats(-1e10, 1e10))
)


@settings(deadline=None)
@given(effects=effects_strategy, decimals=st.integers(0, 4))
def test_cents_sum_exactly_and_stay_near(effects, decimals):
    total = math.fsum(effects)
    rounded = round_to_total(effects, total, decimals=decimals)
    assert rounded.cents.dtype == np.int64
    assert sum(rounded.cents.tolist()) == round(total * 10**decimals)
    # One step, plus what floats of this size cannot tell.
    slack = 1 + 1e-15 * np.abs(effects).sum() * 10**decimals * 4
    assert (np.abs(rounded.cents - effects * 10.0**decimals) <= slack).all()


@settings(deadline=None)
@given(cents=st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=8))
def test_whole_cents_stay_as_they_are(cents):
    effects = [value / 100 for value in cents]
    rounded = round_to_total(effects, sum(cents) / 100)
    assert rounded.cents.tolist() == cents
    assert rounded.values.tolist() == effects


def test_largest_remainders_go_up():
    rounded = round_to_total([0.014, 0.018, -0.012], 0.02)
    assert rounded.cents.tolist() == [1, 2, -1]
    assert round_to_total([1 / 3, 1 / 3, 1 / 3], 1.0, decimals=1).cents.tolist() == [4, 3, 3]


def test_many_rows_at_once():
    effects = np.array([[1 / 3, 1 / 3, 1 / 3], [0.5, 0.25, 0.25]])
    rounded = round_to_total(effects, [1.0, 1.0], decimals=0)
    assert rounded.cents.tolist() == [[1, 0, 0], [1, 0, 0]]


@pytest.mark.parametrize(
    ("effects", "total", "message"),
    [
        ([1.0, 2.0], 4.0, "sum to the total"),
        ([1.0, math.nan], 1.0, "known numbers"),
        ([1e15], 1e15, "a float can hold"),
        ([], 0.0, "effects"),
        ([1.0, 2.0], [3.0, 3.0], "shape"),
    ],
)
def test_bad_input_is_named(effects, total, message):
    with pytest.raises(ValueError, match=message):
        round_to_total(effects, total)
