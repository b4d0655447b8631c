"""Price levels of many stores: published vectors, transitivity, and stores nobody links."""

from __future__ import annotations

import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats import index_numbers
from channelscope.stats.index_numbers import (
    connected_component,
    cpd,
    fisher,
    geary_khamis,
    geks,
    jevons,
    laspeyres,
    linked_levels,
    tornqvist,
)

nan = math.nan
tableaux = st.tuples(st.integers(1, 5), st.integers(2, 5)).flatmap(
    lambda shape: arrays(np.float64, (2, *shape), elements=st.floats(0.1, 10))
)
antisymmetric = st.integers(2, 6).flatmap(
    lambda n: arrays(np.float64, (n, n), elements=st.floats(-1, 1)).map(lambda m: m - m.T)
)


def balk(oracles):
    return np.array(oracles["balk"]["prices"]), np.array(oracles["balk"]["quantities"])


def ces(oracles):
    block = oracles["ces"]
    prices, alpha = np.array(block["prices"]), np.array(block["alpha"])[:, None]
    weights = alpha * prices ** (1 - block["sigma"])
    shares = weights / weights.sum(axis=0)
    return prices, np.array(block["expenditure"]) * shares / prices, shares


def log_tornqvist(prices, quantities):
    """ln P_ab = ln(level a / level b): the compared store first, as `linked_levels` wants it."""
    stores = range(prices.shape[1])
    return np.log(
        [
            [
                tornqvist(prices[:, b], prices[:, a], quantities[:, b], quantities[:, a])
                for b in stores
            ]
            for a in stores
        ]
    )


@pytest.mark.parametrize("name", ["fisher", "tornqvist", "jevons"])
def test_geks_on_the_manuals_data_as_five_stores(oracles, name):
    expected = oracles["balk"]["multilateral"]
    got = geks(*balk(oracles), bilateral=getattr(index_numbers, name))
    np.testing.assert_allclose(got, expected[f"geks_{name}"], rtol=0, atol=expected["tolerance"])


def test_cpd_and_geary_khamis_on_the_manuals_data(oracles):
    expected = oracles["balk"]["multilateral"]
    prices, quantities = balk(oracles)
    values = prices * quantities
    within = {"rtol": 0, "atol": expected["tolerance"]}
    np.testing.assert_allclose(cpd(prices, values / values.sum(0)), expected["wcpd"], **within)
    np.testing.assert_allclose(geary_khamis(prices, quantities), expected["geary_khamis"], **within)
    ones = np.ones_like(prices)
    np.testing.assert_allclose(cpd(prices, ones), expected["geks_jevons"], **within)


@pytest.mark.parametrize("name", ["fisher", "tornqvist", "walsh", "jevons"])
def test_published_geks_vectors(oracles, name):
    prices, quantities, _ = ces(oracles)
    block = oracles["ces"]["geks"]
    got = geks(prices, quantities, bilateral=getattr(index_numbers, name))
    np.testing.assert_allclose(got, block[name], rtol=0, atol=block["tolerance"])


def test_published_cpd_and_geary_khamis_vectors(oracles):
    prices, quantities, shares = ces(oracles)
    regression, average = oracles["ces"]["regression"], oracles["ces"]["average_price"]
    np.testing.assert_allclose(
        cpd(prices, shares), regression["cpd"], rtol=0, atol=regression["tolerance"]
    )
    np.testing.assert_allclose(
        geary_khamis(prices, quantities),
        average["geary_khamis"],
        rtol=0,
        atol=average["tolerance"],
    )


def test_linked_levels_equal_geks_when_every_pair_is_linked(oracles):
    for prices, quantities in (balk(oracles), ces(oracles)[:2]):
        stores = prices.shape[1]
        linked = np.ones((stores, stores), dtype=bool)
        got = linked_levels(log_tornqvist(prices, quantities), linked, reference=0)
        expected = np.log(geks(prices, quantities, bilateral=tornqvist))
        np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


@settings(deadline=None)
@given(tableau=tableaux, factors=st.lists(st.floats(0.1, 10), min_size=5, max_size=5))
def test_stores_that_differ_by_a_factor_get_that_factor(tableau, factors):
    prices, quantities = tableau[0][:, :1], tableau[1]
    level = np.array(factors[: quantities.shape[1]])
    expected = level / level[0]
    np.testing.assert_allclose(geks(prices * level, quantities), expected, rtol=1e-9)
    np.testing.assert_allclose(cpd(prices * level, quantities), expected, rtol=1e-7)
    np.testing.assert_allclose(geary_khamis(prices * level, quantities), expected, rtol=1e-7)


@settings(deadline=None)
@given(tableau=tableaux, data=st.data())
def test_another_base_store_changes_no_ratio(tableau, data):
    prices, quantities = tableau
    order = data.draw(st.permutations(range(prices.shape[1])))
    for index in (geks, cpd, geary_khamis):
        level, moved = index(prices, quantities), index(prices[:, order], quantities[:, order])
        np.testing.assert_allclose(moved, level[order] / level[order[0]], rtol=1e-6)


def test_geks_averages_an_index_that_fails_time_reversal_with_its_reverse(oracles):
    prices, quantities = balk(oracles)
    np.testing.assert_allclose(
        geks(prices, quantities, bilateral=laspeyres), geks(prices, quantities, bilateral=fisher)
    )


def test_geks_with_a_pair_that_cannot_be_compared_is_not_known():
    prices = [[1.0, 2.0, nan], [nan, 1.0, 2.0]]
    assert np.isnan(geks(prices, np.ones((2, 3)))).all()


@settings(deadline=None)
@given(gaps=antisymmetric, data=st.data())
def test_linked_levels_are_the_least_squares_solution(gaps, data):
    stores = len(gaps)
    upper = np.triu(data.draw(arrays(np.bool_, (stores, stores))), 1)
    linked, reference = upper | upper.T, data.draw(st.integers(0, stores - 1))
    levels = linked_levels(gaps, linked, reference=reference)
    inside = connected_component(linked, reference=reference)
    assert levels[reference] == 0
    np.testing.assert_array_equal(np.isnan(levels), ~inside)
    rows = [(a, b) for a in range(stores) for b in range(a) if linked[a, b] and inside[a]]
    design = np.zeros((len(rows) + 1, stores))
    for row, (a, b) in enumerate(rows):
        design[row, a], design[row, b] = 1, -1
    design[-1, reference] = 1
    right = [*(gaps[a, b] for a, b in rows), 0.0]
    expected = np.linalg.lstsq(design, np.array(right), rcond=None)[0]
    np.testing.assert_allclose(levels[inside], expected[inside], rtol=0, atol=1e-10)


@settings(deadline=None)
@given(gaps=antisymmetric, data=st.data())
def test_linked_levels_do_not_depend_on_the_reference(gaps, data):
    stores = len(gaps)
    linked = np.ones((stores, stores), dtype=bool)
    first, second = (data.draw(st.integers(0, stores - 1)) for _ in range(2))
    one = linked_levels(gaps, linked, reference=first)
    other = linked_levels(gaps, linked, reference=second)
    np.testing.assert_allclose(one - one[second], other, rtol=0, atol=1e-12)


def test_a_chain_adds_its_links_and_ignores_what_is_not_linked():
    gaps = np.full((4, 4), 99.0)
    linked = np.zeros((4, 4), dtype=bool)
    for a, b, gap in ((0, 1, 0.25), (1, 2, -0.5)):
        linked[a, b] = linked[b, a] = True
        gaps[a, b], gaps[b, a] = gap, -gap
    np.testing.assert_allclose(
        linked_levels(gaps, linked, reference=1), [0.25, 0.0, 0.5, nan], equal_nan=True
    )


def test_a_triangle_shares_its_contradiction_equally():
    gaps = np.array([[0, 0.3, 0.3], [-0.3, 0, 0.3], [-0.3, -0.3, 0]])
    got = linked_levels(gaps, ~np.eye(3, dtype=bool), reference=0)
    np.testing.assert_allclose(got, [0, -0.2, -0.4])


def test_replicates_are_solved_at_once_and_alike():
    rng = np.random.default_rng(7)
    draws = rng.normal(size=(1000, 12, 12))
    draws -= np.swapaxes(draws, -1, -2)
    upper = np.triu(rng.random((12, 12)) < 0.4, 1)
    linked = upper | upper.T
    started = time.perf_counter()
    levels = linked_levels(draws, linked, reference=3)
    assert time.perf_counter() - started < 0.5
    assert levels.shape == (1000, 12)
    for replicate in (0, 499, 999):
        single = linked_levels(draws[replicate], linked, reference=3)
        np.testing.assert_allclose(levels[replicate], single, atol=1e-12)


def test_a_lost_link_leaves_only_its_replicate_unknown():
    gaps = np.zeros((2, 3, 3))
    gaps[1, 1, 2] = gaps[1, 2, 1] = nan
    levels = linked_levels(gaps, np.ones((3, 3), dtype=bool), reference=0)
    np.testing.assert_array_equal(levels, [[0, 0, 0], [0, nan, nan]])


def test_connected_component_follows_paths():
    linked = np.zeros((5, 5), dtype=bool)
    for a, b in ((0, 1), (1, 2), (3, 4)):
        linked[a, b] = linked[b, a] = True
    assert connected_component(linked, reference=2).tolist() == [True, True, True, False, False]
    assert connected_component(linked, reference=4).tolist() == [False, False, False, True, True]


def test_cpd_and_geary_khamis_leave_unconnected_stores_unknown():
    prices = [[1.0, 2.0, nan], [nan, nan, 5.0], [3.0, nan, nan]]
    quantities = [[1, 1, nan], [0, 0, 2], [4, 0, 0]]
    for index in (cpd, geary_khamis):
        np.testing.assert_allclose(index(prices, quantities), [1, 2, nan], equal_nan=True)


def test_a_reference_that_sold_nothing_connects_with_nobody():
    for index in (cpd, geary_khamis):
        np.testing.assert_array_equal(index([[nan, 2.0, 3.0]], [[nan, 1, 1]]), [1, nan, nan])


def test_cells_without_weight_do_not_count():
    prices = [[1.0, 2.0], [1.0, 9.0], [1.0, 7.0], [5.0, 5.0]]
    weights = [[1, 1], [nan, 1], [1, 0], [0, 0]]
    for index in (cpd, geary_khamis):
        np.testing.assert_allclose(index(prices, weights), [1, 2])


def test_cpd_bridges_stores_over_a_third():
    prices = [[1.0, 2.0, nan], [nan, 4.0, 6.0]]
    np.testing.assert_allclose(cpd(prices, np.ones((2, 3))), [1, 2, 3])


def test_jevons_tableau_with_holes_differs_from_cpd():
    # A hole must drop the item from a pair, not count as a price of zero or one.
    prices = [[1.0, 2.0], [1.0, nan], [4.0, 4.0]]
    assert jevons([1, 1, 4], [2, nan, 4], [1] * 3, [1] * 3) == pytest.approx(math.sqrt(2))
    np.testing.assert_allclose(cpd(prices, np.ones((3, 2))), [1, math.sqrt(2)])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: linked_levels(np.zeros((2, 2)), np.ones((2, 2)), reference=0), "booleans"),
        (lambda: connected_component([[True, True], [False, True]], reference=0), "symmetric"),
        (lambda: connected_component([[True]], reference=1), "reference"),
        (lambda: connected_component([[True]], reference=-1), "reference"),
        (
            lambda: linked_levels(np.zeros((3, 3)), np.ones((2, 2), dtype=bool), reference=0),
            r"\(\.\.\., 2, 2\)",
        ),
        (
            lambda: linked_levels(np.ones((2, 2)), np.ones((2, 2), dtype=bool), reference=0),
            "-ln P_ba",
        ),
        (lambda: geks([[1.0, 0.0]], [[1, 1]]), "above zero"),
        (lambda: cpd([[1.0, 2.0]], [[1, -1]]), "weights"),
        (lambda: geary_khamis([[1.0, 2.0]], [[1, 1, 1]]), "one shape"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
