"""What a difference is made of: exact splits of a product's change into its factors' shares."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from channelscope.stats.arrays import Bools, Floats, to_shares


def logarithmic_mean(a: npt.ArrayLike, b: npt.ArrayLike) -> Floats:
    """Return the logarithmic mean (a - b) / ln(a / b), which is a where the two are equal.

    To a shop owner: the "typical" size between two figures that makes percentage changes add up
    to the money between them.

    Shapes: any two that broadcast. Units: those of the inputs.

    Args:
        a: Numbers; nan = not known.
        b: Numbers; nan = not known.

    Returns:
        The mean; 0 where either is 0, minus the mean of the sizes where both are negative, nan
        where the signs differ.

    Raises:
        ValueError: The shapes do not broadcast.

    Source: Vartia (1976); Ang (2004).

    >>> logarithmic_mean([1.0, 2.0, 0.0], [1.0, 4.0, 3.0]).round(6)
    array([1.     , 2.88539, 0.     ])
    """
    first, second = np.broadcast_arrays(
        np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
    )
    low, high = np.minimum(abs(first), abs(second)), np.maximum(abs(first), abs(second))
    gap = high - low
    with np.errstate(all="ignore"):
        # log1p keeps every digit when the two are close; it would overflow when they are far apart.
        logs = np.where(gap < low, np.log1p(gap / low), np.log(high) - np.log(low))
        size = np.where(gap == 0, low, gap / logs)
    size = np.where(low == 0, 0.0, size)
    sign = np.sign(first) * np.sign(second)
    return np.where(sign < 0, np.nan, np.where(first < 0, -size, size))


def shapley_product(base: npt.ArrayLike, other: npt.ArrayLike) -> Floats:
    """Return the Shapley value of each factor in the change of their product.

    To a shop owner: how much of the sales gap is due to visitors, how much to conversion, how
    much to order value, whatever the order in which one changes them; the parts add up exactly.

    Shapes: two that broadcast to (..., factors), to (..., factors). Units: those of the product.

    Args:
        base: Factors of the store (or period) started from.
        other: The same factors where one ends.

    Returns:
        Effects that sum to prod(other) - prod(base); nan where a factor is not known.

    Raises:
        ValueError: The shapes do not broadcast, or there is no factor.

    Source: Shapley (1953). The mean over all 2^k subsets of the other factors is the integral of
        their multilinear extension over [0, 1] (Owen 1972); that is a polynomial of degree k - 1,
        which Gauss-Legendre quadrature with k/2 nodes integrates exactly.

    >>> shapley_product([100, 2.0], [120, 3.0])
    array([ 50., 110.])
    """
    start, end = _paired_factors(base, other)
    change = end - start
    weights_sum = np.zeros_like(start)
    # Nodes and weights on [-1, 1]; moved to [0, 1].
    nodes, weights = np.polynomial.legendre.leggauss((start.shape[-1] + 1) // 2)
    for node, weight in zip((nodes + 1) / 2, weights / 2, strict=True):
        weights_sum += weight * _product_of_the_others(start + node * change)
    effects: Floats = change * weights_sum
    return effects


def _product_of_the_others(factors: Floats) -> Floats:
    """Product of all factors but the one at hand; no division, so zeros are no exception."""
    before, after = np.ones_like(factors), np.ones_like(factors)
    np.cumprod(factors[..., :-1], axis=-1, out=before[..., 1:])
    after[..., :-1] = np.cumprod(factors[..., :0:-1], axis=-1)[..., ::-1]
    product: Floats = before * after
    return product


def lmdi_additive(base: npt.ArrayLike, other: npt.ArrayLike) -> Floats:
    """Return the additive LMDI-I effect of each factor in the change of their product.

    To a shop owner: the same question as `shapley_product`, by the method energy and sales
    analysts know; the two agree closely unless something changed several-fold.

    Shapes: two that broadcast to (..., factors), to (..., factors). Units: those of the product.

    Args:
        base: Factors of the row (store, item, period) started from.
        other: The same factors where one ends.

    Returns:
        Effects that sum to prod(other) - prod(base). A product that appears (or vanishes) is due
        to the factors that were (or became) zero, in equal parts if several did; a row that is
        zero on both sides has no effects. nan where a factor changes sign or is not known.

    Raises:
        ValueError: The shapes do not broadcast, or there is no factor.

    Source: Ang (2004); zeros after Ang, Zhang and Choi (1998) table 2, whose limits name one zero
        factor; the equal parts for several are this package's convention.

    >>> lmdi_additive([[1, 10, 2], [0, 5, 3]], [[4, 5, 3], [2, 6, 4]]).round(4)
    array([[ 50.4744, -25.2372,  14.7628],
           [ 48.    ,   0.    ,   0.    ]])
    """
    start, end = _paired_factors(base, other)
    from_zero, to_zero = (start == 0) & (end != 0), (start != 0) & (end == 0)
    value, end_value = start.prod(axis=-1, keepdims=True), end.prod(axis=-1, keepdims=True)
    absent = (start == 0).any(axis=-1, keepdims=True)
    absent_end = (end == 0).any(axis=-1, keepdims=True)
    with np.errstate(all="ignore"):
        effects = logarithmic_mean(end_value, value) * np.log(end / start)
    effects = np.where(absent & ~absent_end, end_value * _equal_parts(from_zero), effects)
    effects = np.where(~absent & absent_end, -value * _equal_parts(to_zero), effects)
    effects = np.where(absent & absent_end, 0.0, effects)
    undefined = (np.sign(start) * np.sign(end) < 0) | np.isnan(start + end)
    return np.where(undefined.any(axis=-1, keepdims=True), np.nan, effects)


def lmdi_multiplicative(base: npt.ArrayLike, other: npt.ArrayLike) -> Floats:
    """Return the multiplicative LMDI-I effect of each factor over all rows together.

    To a shop owner: "sales are 2.25 times the other store's: visitors 1.8 times, conversion 0.9
    times, order value 1.4 times".

    Shapes: two that broadcast to (..., rows, factors), to (..., factors). Units: ratios.

    Args:
        base: Factors of each row (item, source) at the start.
        other: The same at the end.

    Returns:
        Ratios whose product is the ratio of the two totals; nan where a total is zero, the totals
        differ in sign, or a row's additive effect is nan.

    Raises:
        ValueError: The shapes do not broadcast, or an axis is missing.

    Source: Ang and Liu (2001); Ang (2004).

    >>> lmdi_multiplicative([[1, 10, 2], [4, 5, 3]], [[4, 5, 3], [5, 6, 4]]).round(6)
    array([1.761118, 0.926191, 1.37941 ])
    """
    start, end = _paired_factors(base, other)
    if start.ndim < 2:
        raise ValueError(f"factors: expected (..., rows, factors), got shape {start.shape}")
    effects = lmdi_additive(start, end).sum(axis=-2)
    whole = logarithmic_mean(end.prod(axis=-1).sum(axis=-1), start.prod(axis=-1).sum(axis=-1))
    unknown = np.full_like(effects, np.nan)
    whole = np.broadcast_to(whole[..., None], effects.shape)
    ratios: Floats = np.exp(np.divide(effects, whole, out=unknown, where=whole != 0))
    return ratios


def rate_mix(
    base_weights: npt.ArrayLike,
    base_rates: npt.ArrayLike,
    other_weights: npt.ArrayLike,
    other_rates: npt.ArrayLike,
) -> tuple[Floats, Floats]:
    """Return what of a difference of overall rates is due to the mix of groups and to their rates.

    To a shop owner: is conversion lower because the same sources convert worse (rate), or because
    more visitors come from sources that never convert well (mix)?

    Shapes: four that broadcast to (..., groups), to two (..., groups). Units: those of the rates.

    Args:
        base_weights: Size of each group (visitors by source); divided by their sum inside.
        base_rates: Rate of each group; nan allowed where the weight is 0.
        other_weights: The same for the store compared.
        other_rates: The same for the store compared.

    Returns:
        (mix_effect, rate_effect): over the groups the two sum to the difference of the overall
        rates (other - base). A group's mix effect is its gain in share times how far its rate lies
        above the average of all, so more of a weak source counts as negative. A group present on
        one side only has the rate of that side on both: all its effect is mix. A group absent on
        both sides has none. nan where a rate with weight is not known or all weights are 0.

    Raises:
        ValueError: Shapes do not broadcast, or a weight is below zero.

    Source: Kitagawa (1955), with the mix terms taken from the mean rate (their sum is unchanged).

    >>> mix, rate = rate_mix([50, 50], [0.02, 0.06], [75, 25], [0.02, 0.04])
    >>> mix.round(6), rate.round(6)
    (array([-0.003125, -0.004375]), array([ 0.    , -0.0075]))
    """
    start = to_shares(base_weights, name="base_weights")
    end = to_shares(other_weights, name="other_weights")
    rate_start, rate_end = np.asarray(base_rates, np.float64), np.asarray(other_rates, np.float64)
    start, end, rate_start, rate_end = np.broadcast_arrays(start, end, rate_start, rate_end)
    absent = (start == 0) & (end == 0)
    filled_start = np.where((start == 0) & np.isnan(rate_start), rate_end, rate_start)
    filled_end = np.where((end == 0) & np.isnan(rate_end), rate_start, rate_end)
    filled_start, filled_end = np.where(absent, 0, filled_start), np.where(absent, 0, filled_end)
    overall = (start * filled_start + end * filled_end).sum(axis=-1, keepdims=True) / 2
    mix = (end - start) * ((filled_start + filled_end) / 2 - overall)
    rate: Floats = (start + end) / 2 * (filled_end - filled_start)
    return np.where(absent, 0.0 * overall, mix), rate


def _paired_factors(base: npt.ArrayLike, other: npt.ArrayLike) -> tuple[Floats, Floats]:
    start, end = np.broadcast_arrays(
        np.asarray(base, dtype=np.float64), np.asarray(other, dtype=np.float64)
    )
    if start.ndim == 0 or start.shape[-1] == 0:
        raise ValueError(f"factors: expected at least one on the last axis, got {start.shape}")
    return start, end


def _equal_parts(involved: Bools) -> Floats:
    parts: Floats = involved / np.maximum(involved.sum(axis=-1, keepdims=True), 1)
    return parts
