"""Jackknife: the classical interval of a mean, honest edges, coverage by simulation."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.intervals import mean_t
from channelscope.stats.resampling import Scale, jackknife, leave_one_out

nan = math.nan
samples = st.integers(3, 20).flatmap(
    lambda n: arrays(np.float64, n, elements=st.floats(-1000, 1000))
)


@settings(deadline=None)
@given(blocks=arrays(np.int64, (4, 3), elements=st.integers(-100, 100)), axis=st.integers(-2, 1))
def test_leave_one_out_is_the_total_without_the_block(blocks, axis):
    expected = blocks.sum(axis=axis, keepdims=True) - blocks
    got = leave_one_out(blocks, axis=axis)
    assert got.dtype == np.int64
    np.testing.assert_array_equal(got, expected)


def test_leave_one_out_keeps_small_and_unknown_blocks_apart():
    # Total minus block would give -1.4e-17 or so here, and nan everywhere there.
    assert leave_one_out([0.1, 0.2, 0.3, 1e17]).tolist()[3] == pytest.approx(0.6)
    np.testing.assert_array_equal(leave_one_out([1, nan, 2]), [nan, 3, nan])
    assert leave_one_out([5.0]).tolist() == [0.0]
    with pytest.raises(ValueError, match="axis"):
        leave_one_out([1.0, 2.0], axis=1)


@settings(deadline=None)
@given(sample=samples, level=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_of_a_mean_it_is_the_classical_t_interval(sample, level):
    n = len(sample)
    got = jackknife(sample.mean(), leave_one_out(sample) / (n - 1), level=level)
    expected = mean_t(sample.mean(), sample.std(ddof=1), n, level=level)
    for name in ("lo", "hi", "standard_error"):
        value = getattr(expected, name)
        assert getattr(got, name) == pytest.approx(value, rel=1e-9, abs=1e-9)


def test_worked_example():
    # Weeks 3, 5, 4, 8: mean 5, s = sqrt(14 / 3), standard error s / 2, t(3) = 3.182446.
    got = jackknife(5.0, leave_one_out([3.0, 5.0, 4.0, 8.0]) / 3)
    half = 3.182446305284263 * math.sqrt(14 / 3) / 2
    assert (got.lo, got.hi) == (pytest.approx(5 - half), pytest.approx(5 + half))


def test_log_scale_is_the_interval_of_the_logarithm():
    replicates = np.array([1.8, 2.1, 2.4, 1.9, 2.2])
    on_log = jackknife(math.log(2.0), np.log(replicates))
    got = jackknife(2.0, replicates, scale=Scale.LOG)
    assert got.lo == pytest.approx(math.exp(on_log.lo))
    assert got.hi == pytest.approx(math.exp(on_log.hi))
    assert got.standard_error == pytest.approx(float(on_log.standard_error))


def test_logit_scale_is_the_interval_of_the_log_odds():
    def logit(x):
        return np.log(x / (1 - x))

    replicates = np.array([0.18, 0.21, 0.24, 0.19, 0.22])
    on_logit = jackknife(logit(0.2), logit(replicates))
    got = jackknife(0.2, replicates, scale=Scale.LOGIT)
    assert logit(got.lo) == pytest.approx(float(on_logit.lo))
    assert logit(got.hi) == pytest.approx(float(on_logit.hi))


@settings(deadline=None)
@given(
    replicates=st.integers(1, 12).flatmap(
        lambda n: arrays(np.float64, n, elements=st.one_of(st.floats(-0.5, 1.5), st.just(nan)))
    ),
    estimate=st.one_of(st.floats(-0.5, 1.5), st.sampled_from([0.0, 1.0, nan, math.inf])),
    scale=st.sampled_from(Scale),
)
def test_never_raises_and_stays_in_order_and_domain(replicates, estimate, scale):
    got = jackknife(estimate, replicates, scale=scale)
    known = [np.isfinite(x) for x in (got.lo, got.hi, got.standard_error)]
    assert len({bool(x) for x in known}) == 1
    if known[0]:
        assert got.lo <= estimate <= got.hi
        lowest = {Scale.IDENTITY: -math.inf, Scale.LOG: 0.0, Scale.LOGIT: 0.0}[scale]
        highest = {Scale.IDENTITY: math.inf, Scale.LOG: math.inf, Scale.LOGIT: 1.0}[scale]
        assert lowest <= got.lo
        assert got.hi <= highest
        assert np.isfinite(replicates).sum() >= 3
    else:
        assert np.isnan([got.lo, got.hi, got.standard_error]).all()


@pytest.mark.parametrize(
    ("estimate", "replicates", "scale"),
    [
        (0.0, [0.1, 0.2, 0.3], Scale.LOG),
        (-1.0, [0.1, 0.2, 0.3], Scale.LOG),
        (0.0, [0.1, 0.2, 0.3], Scale.LOGIT),
        (1.0, [0.9, 0.8, 0.7], Scale.LOGIT),
        (0.2, [0.1, 0.2, 0.0], Scale.LOG),  # one block holds everything
        (0.2, [0.1, 0.2, 0.3, 1.0], Scale.LOGIT),
        (nan, [0.1, 0.2, 0.3], Scale.IDENTITY),
        (0.2, [0.1, 0.2], Scale.IDENTITY),
        (0.2, [0.1, nan, 0.2, nan], Scale.IDENTITY),
        (1.0, [1e-300, 1e300, 1.0], Scale.LOG),  # wider than a float
    ],
)
def test_what_cannot_be_known_is_not_known(estimate, replicates, scale):
    got = jackknife(estimate, replicates, scale=scale)
    assert np.isnan([got.lo, got.hi, got.standard_error]).all()


def test_an_unknown_replicate_is_no_block_of_that_statistic_alone():
    replicates = np.array([[1.0, 1.0], [2.0, 2.0], [4.0, nan], [5.0, 5.0], [7.0, 7.0]])
    got = jackknife([3.0, 3.0], replicates)
    alone = jackknife(3.0, [1.0, 2.0, 5.0, 7.0])
    whole = jackknife(3.0, replicates[:, 0])
    np.testing.assert_allclose(got.lo, [whole.lo, alone.lo])
    np.testing.assert_allclose(got.standard_error, [whole.standard_error, alone.standard_error])
    infinite = jackknife(3.0, np.where(np.isnan(replicates[:, 1]), math.inf, replicates[:, 1]))
    assert infinite.lo == alone.lo


@pytest.mark.parametrize("estimate", [0.1, 0.3, 0.7])
@pytest.mark.parametrize("scale", list(Scale))
def test_without_spread_the_interval_is_the_estimate_alone(estimate, scale):
    got = jackknife(estimate, [estimate] * 5, scale=scale)
    assert got.lo <= estimate <= got.hi
    assert got.hi - got.lo == pytest.approx(0, abs=1e-15)


def test_broadcasts_over_the_other_axes():
    rng = np.random.default_rng(5)
    replicates = rng.uniform(1, 2, size=(13, 4, 3))
    got = jackknife(np.full((4, 3), 1.5), replicates, scale=Scale.LOG)
    assert got.lo.shape == got.hi.shape == got.standard_error.shape == (4, 3)
    single = jackknife(1.5, replicates[:, 2, 1], scale=Scale.LOG)
    assert got.hi[2, 1] == pytest.approx(float(single.hi))
    with pytest.raises(ValueError, match="broadcast"):
        jackknife(np.zeros((2, 3)), replicates)
    with pytest.raises(ValueError, match="axis of blocks"):
        jackknife(1.0, 1.0)
    with pytest.raises(ValueError, match="level"):
        jackknife(1.0, [1.0, 2.0, 3.0], level=95)


def simulated_weeks(rng, *, simulations, rate, weeks=13):
    """Visitors and orders per week; both move from week to week, conversion with them."""
    visitors = rng.gamma(6.0, 400 / 6.0, size=(weeks, simulations)).round() + 50
    odds = np.exp(rng.normal(0, 0.25, size=(weeks, simulations)) - 0.25**2 / 2)
    return visitors, rng.poisson(visitors * rate * odds)


def test_coverage_of_a_ratio_over_thirteen_weeks_is_about_nominal():
    rng = np.random.default_rng(20260930)
    visitors, orders = simulated_weeks(rng, simulations=8000, rate=0.05)
    got = jackknife(
        orders.sum(axis=0) / visitors.sum(axis=0),
        leave_one_out(orders) / leave_one_out(visitors),
        scale=Scale.LOGIT,
    )
    covered = ((got.lo <= 0.05) & (got.hi >= 0.05)).mean()
    assert 0.93 <= covered <= 0.96


def test_coverage_of_a_log_ratio_of_two_conversions():
    rng = np.random.default_rng(20240618)
    a, b = (simulated_weeks(rng, simulations=8000, rate=rate) for rate in (0.06, 0.04))
    got = jackknife(
        (a[1].sum(0) / a[0].sum(0)) / (b[1].sum(0) / b[0].sum(0)),
        (leave_one_out(a[1]) / leave_one_out(a[0])) / (leave_one_out(b[1]) / leave_one_out(b[0])),
        scale=Scale.LOG,
    )
    covered = ((got.lo <= 1.5) & (got.hi >= 1.5)).mean()
    assert 0.93 <= covered <= 0.96
