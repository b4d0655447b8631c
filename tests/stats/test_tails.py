"""p-values against tables, exact tests and what draws say themselves."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from channelscope.stats.tails import SMALLEST, drawn_p, rates_p, t_p


def test_the_share_of_draws_counts_where_ten_reach_the_observed_value():
    draws = np.arange(100.0)
    assert drawn_p(90.0, draws) == pytest.approx(11 / 101)
    assert drawn_p(0.0, draws) == 1.0


def test_the_tail_goes_on_as_a_gamma_distribution_beyond_the_draws():
    draws = scipy.stats.gamma(8, scale=0.01).rvs(4000, random_state=3)
    for wanted in (1e-3, 1e-5, 1e-8):
        at = scipy.stats.gamma(8, scale=0.01).isf(wanted)
        assert np.log10(drawn_p(at, draws)) == pytest.approx(np.log10(wanted), abs=0.6)


def test_a_p_value_is_never_zero_and_falls_as_the_difference_grows():
    draws = np.random.default_rng(1).normal(size=499)
    found = [drawn_p(at, draws) for at in np.linspace(-3, 40, 90)]
    assert min(found) >= SMALLEST and max(found) <= 1
    tail = [drawn_p(at, draws) for at in np.linspace(3, 40, 60)]
    assert all(a >= b for a, b in pairwise(tail))


def test_draws_that_never_differ_are_no_proof():
    assert drawn_p(1.0, np.ones(9)) == 1.0
    assert drawn_p(2.0, np.ones(9)) == 0.1


def test_what_is_drawn_from_chance_is_small_as_often_as_it_says():
    random = np.random.default_rng(5)
    found = [drawn_p(x, random.chisquare(9, 299)) for x in random.chisquare(9, 2000)]
    assert np.mean(np.array(found) <= 0.05) == pytest.approx(0.05, abs=0.015)
    assert np.mean(np.array(found) <= 0.01) == pytest.approx(0.01, abs=0.008)


@pytest.mark.parametrize("draws", [[1.0, 2.0], [1.0, np.nan, 2.0, 3.0]])
def test_too_few_draws_are_an_error(draws):
    with pytest.raises(ValueError, match="draws"):
        drawn_p(1.0, draws)


@given(st.floats(-30, 30), st.floats(0.1, 10), st.integers(1, 200))
def test_t_is_students(value, error, freedom):
    wanted = 2 * scipy.stats.t.sf(abs(value / error), freedom)
    assert float(t_p(value, error, freedom)) == pytest.approx(max(wanted, SMALLEST), rel=1e-6)


def test_an_unknown_error_leaves_the_p_value_unknown():
    assert np.isnan(t_p([1.0, 1.0, np.nan], [0.0, 1.0, 1.0], [9, 0, 9])).all()


@pytest.mark.parametrize(
    "counts", [(1, 400, 12, 380), (10, 1800, 33, 18000), (0, 200, 9, 200), (60, 100, 45, 100)]
)
def test_rates_come_close_to_the_exact_test_also_in_the_tail(counts):
    a, n, b, m = counts
    # Fisher's test is cautious by half the probability of what was seen.
    table = [[a, n - a], [b, m - b]]
    exact = scipy.stats.fisher_exact(table).pvalue
    middle = exact - scipy.stats.hypergeom(n + m, a + b, n).pmf(a) / 2
    found = float(rates_p(*counts))
    # Two-sided exact tests leave out what is likelier than what was seen: no more than half.
    assert 0.5 < found / middle < 2.5


def test_equal_rates_and_unknown_ones():
    assert rates_p(5, 50, 10, 100) == pytest.approx(1.0)
    assert np.isnan(rates_p(0, 0, 10, 100))
    with pytest.raises(ValueError, match="no more than n"):
        rates_p(5, 4, 1, 9)
