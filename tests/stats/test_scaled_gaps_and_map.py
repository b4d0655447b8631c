"""Distances over several metrics, and the map that is drawn of distances."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.clusters import Spread, spread
from channelscope.stats.scaled_gaps import scaled_distances
from channelscope.stats.scaling import classical_map

ONE, TWO = np.array([0]), np.array([1])


def alone(values, variance):
    none = np.zeros((0, 2))
    freedom = np.full(2, 99.0)
    return Spread(np.array(values), none, none.astype(bool), np.array(variance), freedom)


def test_each_metric_counts_in_ten_of_its_smallest_steps_less_its_noise():
    spreads = [alone([3.0, 1.0], [0.5, 0.5]), alone([10.0, 10.2], [0.0004, 0.0005])]
    found = scaled_distances(spreads, [[0.5], [0.05]], ONE, TWO)
    # 2 of 5 with a noise of 1 / 25, and 0.2 of 0.5 with 0.0009 / 0.25: a room of 0.1382.
    shrunk = (0.4 * 0.1382 / 0.1782, 0.4 * 0.1382 / 0.1418)
    folded = [scipy.stats.foldnorm(m / s, scale=s).mean() - m
              for m, s in zip(shrunk, (0.2, 0.06), strict=True)]  # fmt: skip
    # Noise alone would make a sum of 2, of the 4 + 44.4 that are seen.
    trust = 1 - (2 / (0.16 / 0.04 + 0.16 / 0.0036)) ** 2
    assert found.value == pytest.approx((0.4 - np.mean(folded)) * trust)
    assert found.null_mean == pytest.approx(np.sqrt(2 / np.pi) * (0.2 + 0.06) / 2)
    assert found.metrics == 2


def test_a_metric_is_cut_at_one_and_then_adds_no_uncertainty():
    far = alone([90.0, 1.0], [4.0, 4.0])
    near = alone([1.0, 1.1], [0.0001, 0.0001])
    both = scaled_distances([far, near], [[0.5], [0.1]], ONE, TWO)
    assert both.value == pytest.approx((1 + 0.1) / 2, abs=6e-4)
    assert both.hi - both.value < 0.02


def test_what_is_not_known_of_either_store_is_left_out():
    known, unknown = alone([3.0, 1.0], [0.1, 0.1]), alone([np.nan, 1.0], [0.1, 0.1])
    found = scaled_distances([known, unknown], [[0.5], [0.5]], ONE, TWO)
    alone_found = scaled_distances([known], [[0.5]], ONE, TWO)
    assert found.value == pytest.approx(alone_found.value)
    assert found.metrics == 1
    nothing = scaled_distances([unknown], [[0.5]], ONE, TWO)
    assert np.isnan([nothing.value, nothing.p_value]).all()


def test_one_metric_among_many_must_be_surer():
    differs, same = alone([2.0, 0.0], [0.5, 0.5]), alone([0.0, 0.0], [0.5, 0.5])
    single = scaled_distances([differs], [[1.0]], ONE, TWO).p_value
    among = scaled_distances([differs, same, same, same], [[1.0]] * 4, ONE, TWO).p_value
    assert among == pytest.approx(4 * single)


def test_stores_alike_are_near_and_size_changes_little():
    random = np.random.default_rng(3)
    for cases in (400, 40):
        weeks = 5 + random.normal(0, 1, (300, 52, 2)) / np.sqrt([400, cases])
        values = []
        for each in weeks:
            moves = (each.sum(axis=0) - each) / 51
            found = scaled_distances([spread(each.mean(axis=0), moves)], [[0.05]], ONE, TWO)
            values.append(found.value[0])
        assert np.mean(values) < 0.025


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), min_size=3, max_size=8))
def test_points_in_the_plane_are_placed_as_they_stand(points):
    at = np.array(points)
    distances = np.linalg.norm(at[:, None] - at[None], axis=-1)
    found = classical_map(distances)
    drawn = np.linalg.norm(
        found.coordinates[:, None] - found.coordinates[None], axis=-1
    )  # fmt: skip
    assert drawn == pytest.approx(distances, abs=1e-4)
    assert found.stress < 1e-3 or distances.max() < 1e-3


def test_what_no_plane_can_hold_has_stress():
    four = 1.0 - np.eye(4)
    found = classical_map(four)
    drawn = np.linalg.norm(found.coordinates[:, None] - found.coordinates[None], axis=-1)
    assert found.stress == pytest.approx(np.sqrt(((four - drawn) ** 2).sum() / 12))
    assert found.stress > 0.15


@pytest.mark.parametrize(
    "wrong", [[[0.0, 1.0], [2.0, 0.0]], [[0.0, np.nan], [np.nan, 0.0]], [[1.0]], [[0.0, 1.0]]]
)
def test_no_distances_are_an_error(wrong):
    with pytest.raises(ValueError, match="distances"):
        classical_map(wrong)


def test_steps_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="steps"):
        scaled_distances([], np.zeros((0, 1)), ONE, TWO)
