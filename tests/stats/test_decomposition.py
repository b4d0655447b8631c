"""Splits of a change: published LMDI cases, Shapley by its definition, exact sums."""

from __future__ import annotations

import itertools
import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from channelscope.stats.decomposition import (
    lmdi_additive,
    lmdi_multiplicative,
    logarithmic_mean,
    shapley_product,
)

nan = math.nan


def pairs_of(elements, *, most=6):
    return st.integers(1, most).flatmap(lambda k: arrays(np.float64, (2, k), elements=elements))


any_factors = pairs_of(st.floats(-10, 10))
positive_factors = pairs_of(st.floats(0.01, 100))
# A factor that is 0 now and then, as for goods and sources only one store has.
with_zeros = pairs_of(st.sampled_from([0.0, 0.0, 0.5, 1.0, 2.5, 4.0]))


def shapley_by_orders(base, other):
    """The definition: the mean contribution over all orders in which factors change."""
    effects = np.zeros(len(base))
    orders = list(itertools.permutations(range(len(base))))
    for order in orders:
        now = np.array(base, dtype=float)
        for factor in order:
            before = now.prod()
            now[factor] = other[factor]
            effects[factor] += now.prod() - before
    return effects / len(orders)


def steps(oracles):
    factors = {int(y): np.array(x, dtype=float) for y, x in oracles["lmdi"]["factors"].items()}
    return [(step, factors[step["from"]], factors[step["to"]]) for step in oracles["lmdi"]["steps"]]


def test_published_lmdi_cases(oracles):
    assert len(steps(oracles)) == 3
    for step, base, other in steps(oracles):
        within = {"rtol": 0, "atol": step["tolerance"]}
        effects = lmdi_additive(base, other)
        np.testing.assert_allclose(effects, step["z_i"], **within)
        np.testing.assert_allclose(effects.sum(axis=0), step["add_i"], **within)
        np.testing.assert_allclose(effects.sum(), step["change"], **within)
        np.testing.assert_allclose(lmdi_multiplicative(base, other), step["mult_i"], **within)


def test_published_lmdi_second_variant_from_the_logarithmic_mean(oracles):
    # LMDI-II weighs rows by the logarithmic mean of their shares: it pins that mean down.
    for step, base, other in steps(oracles):
        value, end = base.prod(axis=1), other.prod(axis=1)
        weights = logarithmic_mean(end / end.sum(), value / value.sum())
        whole = logarithmic_mean(end.sum(), value.sum())
        logs = weights[:, None] / weights.sum() * np.log(other / base)
        np.testing.assert_allclose(whole * logs, step["z_ii"], rtol=0, atol=step["tolerance"])
        np.testing.assert_allclose(np.exp(logs.sum(axis=0)), step["mult_ii"], rtol=1e-8)


def test_shapley_of_the_lmdi_cases(oracles):
    for step, base, other in steps(oracles):
        effects = shapley_product(base, other)
        np.testing.assert_allclose(effects, step["shapley"], rtol=0, atol=1e-10)
        np.testing.assert_allclose(effects.sum(axis=0), step["shapley_total"], rtol=0, atol=1e-10)


def test_published_zero_handling(oracles):
    for case in oracles["lmdi"]["zeros"]:
        assert lmdi_additive(case["base"], case["other"]).tolist() == case["effects"]


def test_visitors_conversion_order_value(oracles):
    for case in oracles["sales_factors"]:
        within = {"rtol": 0, "atol": case["tolerance"]}
        np.testing.assert_allclose(shapley_product(case["a"], case["b"]), case["shapley"], **within)
        np.testing.assert_allclose(lmdi_additive(case["a"], case["b"]), case["lmdi"], **within)
        assert sum(case["shapley"]) == pytest.approx(case["change"])


def test_two_factor_indicators_of_price_and_quantity(oracles):
    data = oracles["balk"]
    factors = np.stack([data["prices"], data["quantities"]], axis=-1)
    price, quantity = shapley_product(factors[:, 0], factors[:, 1]).sum(axis=0)
    expected = data["value_change"]
    assert price == pytest.approx(expected["bennet_price"], abs=expected["tolerance"])
    assert quantity == pytest.approx(expected["bennet_quantity"], abs=expected["tolerance"])


def test_published_bennet_and_montgomery_indicators(oracles):
    block = oracles["ces"]
    prices, alpha = np.array(block["prices"]), np.array(block["alpha"])[:, None]
    weights = alpha * prices ** (1 - block["sigma"])
    quantities = np.array(block["expenditure"]) * weights / weights.sum(axis=0) / prices
    factors = np.stack([prices, quantities], axis=-1)
    expected = block["indicators"]
    for name, method in (("bennet", shapley_product), ("montgomery", lmdi_additive)):
        got = method(factors[:, :-1], factors[:, 1:])[..., 0].sum(axis=0)
        np.testing.assert_allclose(got, expected[name], rtol=0, atol=expected["tolerance"])


@settings(deadline=None, max_examples=60)
@given(factors=pairs_of(st.floats(-10, 10), most=5))
def test_shapley_is_the_mean_over_all_orders(factors):
    base, other = factors
    size = 1 + np.abs(factors).max() ** len(base)
    np.testing.assert_allclose(
        shapley_product(base, other), shapley_by_orders(base, other), rtol=0, atol=1e-12 * size
    )


@settings(deadline=None)
@given(factors=any_factors)
def test_shapley_sums_to_the_difference_and_swaps_sign(factors):
    base, other = factors
    effects = shapley_product(base, other)
    size = 1 + np.abs(factors).max() ** len(base)
    assert effects.sum() == pytest.approx(other.prod() - base.prod(), abs=1e-12 * size)
    np.testing.assert_allclose(shapley_product(other, base), -effects, rtol=0, atol=1e-12 * size)
    assert (effects[base == other] == 0).all()


@settings(deadline=None)
@given(factors=positive_factors, data=st.data())
@pytest.mark.parametrize("method", [shapley_product, lmdi_additive])
def test_order_and_unit_of_factors_do_not_matter(method, factors, data):
    base, other = factors
    order = data.draw(st.permutations(range(len(base))))
    unit = np.array(data.draw(st.lists(st.floats(0.1, 10), min_size=len(base), max_size=len(base))))
    effects = method(base, other)
    moved = method((base * unit)[order], (other * unit)[order])
    size = max(base.prod(), other.prod())
    np.testing.assert_allclose(moved / unit.prod(), effects[order], rtol=1e-9, atol=1e-9 * size)


def test_shapley_with_many_factors_stays_exact():
    base, other = np.linspace(0.5, 1.5, 12), np.linspace(1.4, 0.7, 12)
    effects = shapley_product(base, other)
    by_subsets = np.zeros(12)
    for mask in range(2**12):
        chosen = np.array([mask >> bit & 1 for bit in range(12)], dtype=bool)
        value = np.where(chosen, other, base).prod()
        size = int(chosen.sum())
        joins = 1 / (12 * math.comb(11, size - 1)) if size else 0.0
        leaves = 1 / (12 * math.comb(11, size)) if size < 12 else 0.0
        by_subsets += np.where(chosen, joins, -leaves) * value
    np.testing.assert_allclose(effects, by_subsets, rtol=1e-11)


def test_many_rows_at_once():
    rng = np.random.default_rng(3)
    base, other = rng.uniform(0.5, 2, size=(2, 10_000, 7))
    started = time.perf_counter()
    effects = shapley_product(base, other)
    assert time.perf_counter() - started < 1
    np.testing.assert_allclose(effects.sum(-1), other.prod(-1) - base.prod(-1), atol=1e-11)
    np.testing.assert_allclose(effects[17], shapley_product(base[17], other[17]))


def test_one_reference_against_many_stores():
    effects = shapley_product([100, 0.5], [[120, 0.5], [100, 0.6]])
    np.testing.assert_allclose(effects, [[10, 0], [0, 10]], atol=1e-12)


def test_an_unknown_factor_leaves_its_row_unknown():
    for method in (shapley_product, lmdi_additive):
        effects = method([[1, 2, 3], [1, 2, 3]], [[2, nan, 4], [2, 2, 4]])
        assert np.isnan(effects[0]).all()
        assert not np.isnan(effects[1]).any()
        assert np.isnan(method([0, 1, 2], [0, nan, 2])).all()


@settings(deadline=None)
@given(factors=st.one_of(positive_factors, with_zeros))
def test_lmdi_sums_to_the_difference_and_swaps_sign(factors):
    base, other = factors
    effects = lmdi_additive(base, other)
    size = max(base.prod(), other.prod(), 1e-9)
    assert effects.sum() == pytest.approx(other.prod() - base.prod(), abs=1e-12 * size * 10)
    np.testing.assert_allclose(lmdi_additive(other, base), -effects, rtol=1e-9, atol=1e-11 * size)


def test_several_zero_factors_share_equally():
    assert lmdi_additive([0, 0, 5], [2, 3, 4]).tolist() == [12, 12, 0]
    assert lmdi_additive([2, 3, 4], [0, 7, 0]).tolist() == [-12, 0, -12]


def test_a_change_of_sign_is_undefined_and_negative_factors_are_not():
    effects = lmdi_additive([[2, -3], [2, 3]], [[4, -6], [4, -3]])
    np.testing.assert_allclose(effects[0], [-9, -9])
    assert np.isnan(effects[1]).all()
    assert np.isnan(lmdi_additive([0, 1], [2, -1])).all()


@settings(deadline=None)
@given(rows=st.integers(1, 4), data=st.data())
def test_multiplicative_effects_multiply_to_the_ratio(rows, data):
    base, other = data.draw(arrays(np.float64, (2, rows, 3), elements=st.floats(0.1, 10)))
    ratio = other.prod(-1).sum() / base.prod(-1).sum()
    assert lmdi_multiplicative(base, other).prod() == pytest.approx(ratio, rel=1e-9)


def test_multiplicative_effects_of_nothing_are_not_known():
    assert np.isnan(lmdi_multiplicative([[0, 1]], [[2, 1]])).all()
    assert np.isnan(lmdi_multiplicative([[1, 1]], [[2, nan]])).all()


@settings(deadline=None)
@given(a=st.floats(1e-300, 1e300), b=st.floats(1e-300, 1e300))
def test_logarithmic_mean_lies_between_geometric_and_arithmetic(a, b):
    mean = float(logarithmic_mean(a, b))
    assert math.sqrt(a) * math.sqrt(b) * (1 - 1e-12) <= mean <= (a / 2 + b / 2) * (1 + 1e-12)
    assert mean == float(logarithmic_mean(b, a))


@settings(deadline=None)
@given(a=st.floats(1e-100, 1e100), exponent=st.integers(-16, -3))
def test_logarithmic_mean_near_equality_follows_its_series(a, exponent):
    step = 10.0**exponent
    b = a * (1 + step)
    r = (b - a) / a
    series = a * (1 + r / 2 - r**2 / 12 + r**3 / 24 - 19 * r**4 / 720)
    assert float(logarithmic_mean(a, b)) == pytest.approx(series, rel=1e-15 * 4)
    assert float(logarithmic_mean(a, a)) == a


def test_logarithmic_mean_at_zero_and_across_signs():
    got = logarithmic_mean([0, 0, -2, -2, 1, nan], [0, 5, -2, -4, -1, 1])
    np.testing.assert_allclose(got, [0, 0, -2, -2 / math.log(2), nan, nan], equal_nan=True)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: shapley_product(2.0, 3.0), "at least one"),
        (lambda: lmdi_additive([], []), "at least one"),
        (lambda: shapley_product([1, 2], [1, 2, 3]), "broadcast"),
        (lambda: lmdi_multiplicative([1, 2], [1, 3]), "rows, factors"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
