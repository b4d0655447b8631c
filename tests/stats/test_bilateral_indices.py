"""Bilateral price indices: published tables, the axioms that tell them apart, and bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats import index_numbers
from channelscope.stats.index_numbers import (
    fisher,
    geometric_laspeyres,
    geometric_paasche,
    harmonic_laspeyres,
    jevons,
    laspeyres,
    marshall_edgeworth,
    montgomery_vartia,
    paasche,
    palgrave,
    sato_vartia,
    stuvel,
    tornqvist,
    walsh,
)

ALL = (
    fisher,
    geometric_laspeyres,
    geometric_paasche,
    harmonic_laspeyres,
    jevons,
    laspeyres,
    marshall_edgeworth,
    montgomery_vartia,
    paasche,
    palgrave,
    sato_vartia,
    stuvel,
    tornqvist,
    walsh,
)
TIME_REVERSIBLE = (
    fisher,
    jevons,
    marshall_edgeworth,
    montgomery_vartia,
    sato_vartia,
    stuvel,
    tornqvist,
    walsh,
)
FACTOR_REVERSIBLE = (fisher, montgomery_vartia, sato_vartia, stuvel)
HOMOGENEOUS = tuple(f for f in ALL if f not in (montgomery_vartia, stuvel))

positive = st.floats(0.05, 50)
four_vectors = st.integers(1, 6).flatmap(
    lambda items: arrays(np.float64, (4, items), elements=positive)
)


def ces_quantities(block):
    prices, alpha = np.array(block["prices"]), np.array(block["alpha"])[:, None]
    weights = alpha * prices ** (1 - block["sigma"])
    return prices, np.array(block["expenditure"]) * weights / weights.sum(axis=0) / prices


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
def test_published_table_of_the_manual(oracles, index):
    data = oracles["balk"]
    prices, quantities = np.array(data["prices"]), np.array(data["quantities"])
    if index is jevons:
        expected = data["multilateral"]["geks_jevons"][1:]
    else:
        expected = data["bilateral"][index.__name__]
    got = [
        index(prices[:, 0], prices[:, t], quantities[:, 0], quantities[:, t]) for t in (1, 2, 3, 4)
    ]
    assert got == pytest.approx(expected, abs=data["bilateral"]["tolerance"])


def test_every_published_bilateral_row_is_tested(oracles):
    rows = set(oracles["balk"]["bilateral"]) - {"source", "status", "tolerance"}
    assert rows == {f.__name__ for f in ALL} - {"jevons"}


def test_published_values_between_later_periods(oracles):
    data, extra = oracles["balk"], oracles["balk"]["extra"]
    p, q = np.array(data["prices"]).T, np.array(data["quantities"]).T
    two_to_three = (p[1], p[2], q[1], q[2])
    close = {"abs": extra["tolerance"]}
    assert laspeyres(*two_to_three) == pytest.approx(extra["laspeyres_3_vs_2"], **close)
    assert geometric_laspeyres(*two_to_three) == pytest.approx(
        extra["geometric_laspeyres_3_vs_2"], **close
    )
    gap = paasche(*two_to_three) / laspeyres(*two_to_three) - 1
    assert gap == pytest.approx(extra["paasche_over_laspeyres_3_vs_2"], **close)
    spread = math.log(geometric_paasche(*two_to_three) / geometric_laspeyres(*two_to_three))
    assert spread == pytest.approx(extra["log_geometric_spread_3_vs_2"], **close)
    assert walsh(p[0], p[1], q[0], q[1]) == pytest.approx(extra["walsh_2"], abs=1e-6)


def test_pairwise_fisher_matrix_is_not_transitive(oracles):
    data = oracles["balk"]
    p, q = np.array(data["prices"]).T, np.array(data["quantities"]).T
    matrix = [[fisher(p[a], p[b], q[a], q[b]) for b in range(5)] for a in range(5)]
    np.testing.assert_allclose(matrix, data["multilateral"]["pairwise_fisher"], rtol=1e-9)
    assert matrix[0][1] * matrix[1][2] == pytest.approx(1.31850915, abs=1e-8)
    assert matrix[0][2] == pytest.approx(1.27209914, abs=1e-8)


@pytest.mark.parametrize("name", ["laspeyres", "paasche", "fisher", "tornqvist", "sato_vartia"])
def test_published_ces_vectors_fixed_base(oracles, name):
    block = oracles["ces"]
    p, q = ces_quantities(block)
    index = getattr(index_numbers, name)
    got = [index(p[:, 0], p[:, t], q[:, 0], q[:, t]) for t in range(12)]
    assert got == pytest.approx(
        block["fixed_base"][name], abs=block["fixed_base"]["tolerance"], rel=0
    )


@pytest.mark.parametrize("name", ["laspeyres", "fisher"])
def test_published_ces_vectors_chained(oracles, name):
    block = oracles["ces"]
    p, q = ces_quantities(block)
    index = getattr(index_numbers, name)
    links = [index(p[:, t - 1], p[:, t], q[:, t - 1], q[:, t]) for t in range(1, 12)]
    got = np.cumprod([1.0, *links])
    assert got == pytest.approx(block["chained"][name], abs=block["chained"]["tolerance"], rel=0)


def test_sato_vartia_is_the_exact_ces_cost_of_living(oracles):
    block = oracles["ces"]
    p, q = ces_quantities(block)
    alpha, power = np.array(block["alpha"])[:, None], 1 - block["sigma"]
    cost = (alpha * p**power).sum(axis=0) ** (1 / power)
    got = [sato_vartia(p[:, 0], p[:, t], q[:, 0], q[:, t]) for t in range(12)]
    np.testing.assert_allclose(got, cost / cost[0], rtol=1e-12)


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
@settings(deadline=None, max_examples=40)
@given(vectors=four_vectors)
def test_same_prices_give_one(index, vectors):
    prices, _, base_quantities, quantities = vectors
    # Stuvel alone lets quantities in: sqrt cancels only up to the digits of the quantity index.
    assert index(prices, prices, base_quantities, quantities) == pytest.approx(1, rel=1e-7)


@pytest.mark.parametrize("index", TIME_REVERSIBLE, ids=lambda f: f.__name__)
@settings(deadline=None, max_examples=40)
@given(vectors=four_vectors)
def test_time_reversal(index, vectors):
    a, b, qa, qb = vectors
    assert index(a, b, qa, qb) * index(b, a, qb, qa) == pytest.approx(1, rel=1e-6)


@pytest.mark.parametrize("index", FACTOR_REVERSIBLE, ids=lambda f: f.__name__)
@settings(deadline=None, max_examples=40)
@given(vectors=four_vectors)
def test_factor_reversal_explains_the_value_ratio(index, vectors):
    a, b, qa, qb = vectors
    explained = index(a, b, qa, qb) * index(qa, qb, a, b)
    assert explained == pytest.approx((b @ qb) / (a @ qa), rel=1e-6)


@pytest.mark.parametrize("index", HOMOGENEOUS, ids=lambda f: f.__name__)
@settings(deadline=None, max_examples=40)
@given(vectors=four_vectors, factor=st.floats(0.1, 10))
def test_dearer_by_a_factor_and_between_the_extremes(index, vectors, factor):
    a, b, qa, qb = vectors
    level = index(a, b, qa, qb)
    assert index(a, factor * b, qa, qb) == pytest.approx(factor * level, rel=1e-9)
    assert (b / a).min() * (1 - 1e-9) <= level <= (b / a).max() * (1 + 1e-9)


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
@settings(deadline=None, max_examples=40)
@given(vectors=four_vectors, data=st.data())
def test_order_and_unit_of_an_item_do_not_matter(index, vectors, data):
    items = vectors.shape[1]
    order = data.draw(st.permutations(range(items)))
    unit = data.draw(arrays(np.float64, items, elements=st.floats(0.1, 10)))
    a, b, qa, qb = vectors
    moved = (a * unit, b * unit, qa / unit, qb / unit)
    shuffled = [vector[order] for vector in moved]
    assert index(*shuffled) == pytest.approx(index(a, b, qa, qb), rel=1e-7)


@settings(deadline=None)
@given(vectors=four_vectors)
def test_the_pairs_that_are_each_other_reversed(vectors):
    a, b, qa, qb = vectors
    assert paasche(a, b, qa, qb) * laspeyres(b, a, qb, qa) == pytest.approx(1)
    assert geometric_paasche(a, b, qa, qb) * geometric_laspeyres(b, a, qb, qa) == pytest.approx(1)
    assert palgrave(a, b, qa, qb) * harmonic_laspeyres(b, a, qb, qa) == pytest.approx(1)


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
def test_an_item_sold_at_one_store_only_does_not_count(index):
    nan = math.nan
    with_strangers = ([1, nan, 2, 9], [2, 5, 3, nan], [3, nan, 1, 4], [2, 8, 2, nan])
    matched = ([1, 2], [2, 3], [3, 1], [2, 2])
    assert index(*with_strangers) == index(*matched)


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
def test_no_matched_item_is_not_known(index):
    assert math.isnan(index([1, math.nan], [math.nan, 2], [1, 1], [1, 1]))
    assert math.isnan(index([], [], [], []))


@pytest.mark.parametrize("index", sorted(set(ALL) - {jevons}, key=lambda f: f.__name__))
def test_nothing_sold_anywhere_is_not_known(index):
    assert math.isnan(index([1, 2], [2, 3], [0, 0], [0, 0]))


@pytest.mark.parametrize("index", ALL, ids=lambda f: f.__name__)
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([0, 1], [1, 1], [1, 1], [1, 1]), "above zero"),
        (([1, 1], [1, 0], [1, 1], [1, 1]), "above zero"),
        (([1, 1], [1, 1], [-1, 1], [1, 1]), "base_quantities"),
        (([1, 1], [1, math.inf], [1, 1], [1, 1]), "prices"),
        (([1, 1], [1, 1], [1, 1], [1]), "one length"),
        (([[1, 1]], [[1, 1]], [[1, 1]], [[1, 1]]), "four vectors"),
    ],
)
def test_bad_input_is_named(index, arguments, message):
    with pytest.raises(ValueError, match=message):
        index(*arguments)
