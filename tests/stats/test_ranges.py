"""Draws from declared ranges: half on either side, nothing beyond, wider never nearer."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from channelscope.stats.ranges import around, drawn, levels, student

ENDS = st.floats(-1e6, 1e6)
LEVELS = st.lists(st.floats(0.0, 1.0), min_size=1, max_size=20)


@given(st.tuples(ENDS, ENDS, ENDS).map(sorted), LEVELS)
def test_draws_lie_inside_and_grow_with_their_level(ends: list[float], at: list[float]) -> None:
    low, likely, high = ends
    found = drawn(low, likely, high, sorted(at))
    room = 1e-9 * max(abs(low), abs(high), 1.0)
    assert np.all((found >= low - room) & (found <= high + room))
    assert np.all(np.diff(found) >= -room)


@given(st.tuples(ENDS, ENDS, ENDS).map(sorted), st.floats(0, 1e6), st.floats(0, 1e6), LEVELS)
def test_a_wider_end_moves_its_own_side_outwards_and_no_other(
    ends: list[float], down: float, up: float, at: list[float]
) -> None:
    low, likely, high = ends
    level = np.asarray(at)
    before, after = drawn(low, likely, high, level), drawn(low - down, likely, high + up, level)
    room = 1e-9 * max(abs(low), abs(high), down, up, 1.0)
    assert np.all(after[level < 0.5] <= before[level < 0.5] + room)
    assert np.all(after[level >= 0.5] >= before[level >= 0.5] - room)
    one = drawn(low - down, likely, high, level)
    assert np.array_equal(one[level >= 0.5], before[level >= 0.5])


def test_each_half_is_a_triangle() -> None:
    level = (np.arange(200_000) + 0.5) / 200_000
    left = drawn(0.0, 3.0, 3.0, level[level < 0.5])
    triangle = stats.triang(1.0, loc=0.0, scale=3.0)
    assert stats.kstest(left, triangle.cdf).statistic < 1e-3
    whole = drawn(0.0, 3.0, 9.0, level)
    assert np.median(whole) == pytest.approx(3.0, abs=1e-2)
    assert whole.mean() == pytest.approx(3 + (6 - 3) / 6, rel=1e-3)


def test_the_order_of_the_ends_matters() -> None:
    with pytest.raises(ValueError, match="likely"):
        drawn(2.0, 1.0, 3.0, [0.5])


def test_levels_hold_one_of_every_part_and_depend_on_name_and_seed() -> None:
    found = levels("staff", draws=1000, seed=1)
    assert np.array_equal(np.sort(np.floor(found * 1000)), np.arange(1000))
    assert np.array_equal(found, levels("staff", draws=1000, seed=1))
    assert not np.array_equal(found, levels("content", draws=1000, seed=1))
    assert not np.array_equal(found, levels("staff", draws=1000, seed=2))
    assert abs(np.corrcoef(found, levels("content", draws=1000, seed=1))[0, 1]) < 0.12
    with pytest.raises(ValueError, match="draws"):
        levels("staff", draws=0, seed=1)


def test_students_quantiles_are_scipys_within_95_percent() -> None:
    level = np.array([0.0, 0.01, 0.025, 0.1, 0.5, 0.9, 0.975, 1.0])
    inner = np.clip(level, 0.025, 0.975)
    assert student(level, 4) == pytest.approx(stats.t(4).ppf(inner))
    with pytest.raises(ValueError, match="freedom"):
        student(level, 0)


def test_a_range_holds_80_percent() -> None:
    mean, low, high = around(np.stack([np.arange(101.0), np.arange(101.0) * 2], axis=1))
    assert mean.tolist() == [50.0, 100.0]
    assert low.tolist() == [10.0, 20.0] and high.tolist() == [90.0, 180.0]
    with pytest.raises(ValueError, match="values"):
        around([])
