"""Differences against a brute-force paired jackknife, and what repeat buyers add."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats

from channelscope.stats.clusters import differences, repeat_variance, spread
from channelscope.stats.resampling import leave_one_out

ONE, TWO = np.array([0]), np.array([1])


def ratios(top, bottom):
    return spread(top.sum(axis=0) / bottom.sum(axis=0), leave_one_out(top) / leave_one_out(bottom))


def test_a_difference_is_the_paired_jackknife_of_the_difference():
    random = np.random.default_rng(2)
    bottom = random.poisson(400, (13, 2)).astype(float)
    shock = random.normal(1, 0.3, (13, 1))
    top = random.poisson(bottom * 0.03 * shock).astype(float)
    found = differences(ratios(top, bottom), ONE, TWO)
    draws = []
    for week in range(13):
        kept = np.arange(13) != week
        rate = top[kept].sum(axis=0) / bottom[kept].sum(axis=0)
        draws.append(rate[0] - rate[1])
    error = np.sqrt(12 / 13 * ((np.array(draws) - np.mean(draws)) ** 2).sum())
    value = top[:, 0].sum() / bottom[:, 0].sum() - top[:, 1].sum() / bottom[:, 1].sum()
    assert found.value == pytest.approx(value)
    assert found.hi - found.value == pytest.approx(scipy.stats.t.ppf(0.975, 12) * error)
    assert found.p_value == pytest.approx(2 * scipy.stats.t.sf(abs(value) / error, 12))
    reach = scipy.stats.t.ppf(0.975, 12) + scipy.stats.t.ppf(0.80, 12)
    assert found.detectable == pytest.approx(reach * error)


def test_shocks_that_hit_both_stores_cancel():
    shock = np.linspace(-1, 1, 11)[:, None]
    own = np.tile(np.array([[0.01, -0.01], [-0.01, 0.01]]), (6, 1))[:11]
    blocks = 10 + shock + own
    means = spread(blocks.mean(axis=0), (blocks.sum(axis=0) - blocks) / 10)
    together = differences(means, ONE, TWO)
    assert together.error < 0.02
    assert np.sqrt((means.moves**2).sum(axis=0)).min() > 0.15


def test_variances_of_their_own_add_up_with_satterthwaites_freedom():
    none = spread(np.array([5.0, 3.0]), np.zeros((0, 2)), own=[0.04, 0.05], own_freedom=[9, 14])
    found = differences(none, ONE, TWO)
    freedom = 0.09**2 / (0.04**2 / 9 + 0.05**2 / 14)
    assert found.freedom == pytest.approx(freedom)
    assert found.hi == pytest.approx(2 + scipy.stats.t.ppf(0.975, freedom) * 0.3)


@pytest.mark.parametrize("blocks", [1, 2])
def test_of_one_or_two_blocks_nothing_is_known(blocks):
    sums = np.arange(2.0 * blocks).reshape(blocks, 2) + 1
    replicates = leave_one_out(sums) if blocks > 1 else np.full((1, 2), np.nan)
    found = differences(spread(sums.sum(axis=0), replicates, own=[1.0, 1.0], own_freedom=[9, 9]),
                        ONE, TWO)  # fmt: skip
    assert np.isnan([found.lo, found.hi, found.p_value, found.detectable]).all()


def test_what_never_moves_is_no_certainty():
    still = spread(np.array([0.5, 0.25]), np.tile([0.5, 0.25], (9, 1)))
    found = differences(still, ONE, TWO)
    assert found.value == 0.25
    assert np.isnan([found.lo, found.p_value]).all()


def test_an_unknown_estimate_leaves_the_difference_unknown():
    known = np.array([[1.0, np.nan], [2.0, np.nan], [3.0, np.nan]])
    found = differences(spread(np.array([2.0, np.nan]), known), ONE, TWO)
    assert np.isnan([found.value, found.lo, found.p_value]).all()


def bought(random, buyers, orders, *, habits):
    """Units and orders by group and slot: a regular buys alike every time, others do not."""
    person = np.repeat(np.arange(buyers), orders)
    level = random.random(buyers)[person] if habits else random.random(len(person))
    units = 1 + (level > 0.6) + 2 * (level > 0.9)
    cell = (random.integers(0, 64, buyers)[person], random.integers(0, 4, len(person)))
    top, bottom = np.zeros((64, 4, 1)), np.zeros((64, 4, 1))
    np.add.at(top, (*cell, 0), units)
    np.add.at(bottom, (*cell, 0), 1)
    return top, bottom


def test_single_orders_add_nothing_and_regulars_the_variance_between_them():
    random = np.random.default_rng(4)
    singles, regulars = [], []
    for _ in range(60):
        singles.append(repeat_variance(*bought(random, 2000, 1, habits=True))[0][0])
        regulars.append(repeat_variance(*bought(random, 200, 10, habits=True))[0][0])
    # Units are 1, 2 or 4 with probabilities 0.6, 0.3, 0.1: a variance of 0.84.
    assert np.mean(singles) < 0.15 * 0.84 / 2000
    assert np.mean(regulars) == pytest.approx(0.84 / 200 - 0.84 / 2000, rel=0.15)


def test_groups_without_orders_are_no_blocks():
    top, bottom = np.zeros((64, 4, 2)), np.zeros((64, 4, 2))
    top[:5, :, 0], bottom[:5, :, 0] = 3.0, 1.0
    extra, freedom = repeat_variance(top, bottom)
    assert (extra[0], freedom[0]) == (0.0, 4.0)
    assert np.isnan([extra[1], freedom[1]]).all()


def test_shapes_that_do_not_fit_are_an_error():
    with pytest.raises(ValueError, match="replicates"):
        spread([1.0], [[1.0, 2.0]])
    with pytest.raises(ValueError, match="numerator"):
        repeat_variance(np.ones((3, 1, 1)), np.ones((3, 1, 1)))
