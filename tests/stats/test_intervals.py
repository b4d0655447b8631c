"""Intervals with a formula: published cases, order and domain, and what is not known."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.stats.intervals import mean_t, newcombe, t_quantile, wilson

nan = math.nan
counts = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


def test_published_wilson_intervals(oracles):
    cases = oracles["wilson"]
    got = wilson([case["successes"] for case in cases], [case["n"] for case in cases])
    np.testing.assert_allclose(got.lo, [case["lo"] for case in cases], rtol=0, atol=5e-5)
    np.testing.assert_allclose(got.hi, [case["hi"] for case in cases], rtol=0, atol=5e-5)


def test_published_newcombe_interval(oracles):
    case = oracles["newcombe"]
    got = newcombe(*case["a"], *case["b"])
    assert got.lo == pytest.approx(case["lo"], abs=case["tolerance"])
    assert got.hi == pytest.approx(case["hi"], abs=case["tolerance"])


@settings(deadline=None)
@given(case=counts, level=st.floats(0.5, 0.999))
def test_wilson_solves_its_own_equation(case, level):
    """Both bounds p satisfy (share - p)^2 = z^2 p (1 - p) / n; the share lies between."""
    successes, n = case
    got, share = wilson(successes, n, level=level), successes / n
    z = (got.hi - got.lo) / 2 / got.standard_error
    for bound in (got.lo, got.hi):
        assert (share - bound) ** 2 == pytest.approx(z**2 * bound * (1 - bound) / n, abs=1e-10)
    assert 0 <= got.lo <= share <= got.hi <= 1


def test_wilson_uses_the_two_sided_normal_quantile():
    got = wilson(30, 100)
    assert (got.hi - got.lo) / 2 / got.standard_error == pytest.approx(1.959963984540054)
    assert (wilson(0, 20).lo, wilson(20, 20).hi) == (0, 1)


@settings(deadline=None)
@given(a=counts, b=counts)
def test_newcombe_is_ordered_inside_its_domain_and_flips(a, b):
    got, back = newcombe(*a, *b), newcombe(*b, *a)
    difference = a[0] / a[1] - b[0] / b[1]
    assert -1 - 1e-12 <= got.lo <= difference <= got.hi <= 1 + 1e-12
    assert got.lo == pytest.approx(-back.hi, abs=1e-12)


def test_nothing_counted_is_not_known():
    for got in (wilson([0, nan, 1], [0, 10, nan]), newcombe([0, nan, 1], [0, 10, nan], 1, 2)):
        assert np.isnan([got.lo, got.hi, got.standard_error]).all()


def test_mean_by_hand():
    # t(15) at 97.5% is 2.131450 (printed in any table).
    got = mean_t(10.0, 2.0, 16)
    assert got.hi == pytest.approx(10 + 2.131450 * 0.5, abs=1e-6)
    assert got.lo == pytest.approx(10 - 2.131450 * 0.5, abs=1e-6)
    assert got.standard_error == 0.5


def test_mean_of_too_few_is_not_known_and_arrays_broadcast():
    got = mean_t([1.0, 2.0, nan, 4.0], [1.0, nan, 1.0, 1.0], [1, 9, 9, 9])
    for bounds in (got.lo, got.hi, got.standard_error):
        assert np.isnan(bounds).tolist() == [True, True, True, False]
    assert mean_t(np.zeros((2, 1)), np.ones(3), 4).lo.shape == (2, 3)


def test_t_quantiles_of_the_tables():
    np.testing.assert_allclose(
        t_quantile([1, 2, 12, 1e9]), [12.7062, 4.3027, 2.1788, 1.9600], atol=5e-5
    )
    assert t_quantile(5, level=0.9) == pytest.approx(2.0150, abs=5e-5)
    assert np.isnan(t_quantile([0, nan, -1])).all()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: wilson(3, 2), "no more than n"),
        (lambda: wilson(-1, 2), "successes"),
        (lambda: wilson(1, -2), "n: expected"),
        (lambda: wilson(1, 2, level=1.0), "level"),
        (lambda: newcombe(3, 2, 1, 2), "no more than n"),
        (lambda: mean_t(1.0, -1.0, 3), "standard_deviation"),
        (lambda: mean_t(1.0, 1.0, 3, level=0), "level"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(("t", "freedom"), [(0.0, 3), (-1.2, 1), (2.5, 63), (9.0, 12), (40.0, 63)])
def test_p_values_are_the_two_tails_of_students_t(t, freedom):
    want = 2 * scipy_stats.t.sf(abs(t), freedom)
    assert float(intervals.t_p_value(t, freedom)) == pytest.approx(want, rel=1e-9)


def test_a_p_value_is_never_zero_and_not_known_without_freedom():
    assert float(intervals.t_p_value(1e12, 63)) > 0
    assert np.isnan(intervals.t_p_value([1.0, np.nan], [0, 9])).all()
