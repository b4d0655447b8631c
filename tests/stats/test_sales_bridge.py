"""The bridge of sales: against every coalition tried one by one, and what holds of any bridge."""

from __future__ import annotations

from itertools import combinations
from math import factorial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.sales_bridge import Bars, Side, lmdi_bridge, sales_bridge

FRONTS, MECHANISMS, PRODUCTS, DRAWS = 3, 3, 5, 2
SHARED = np.array([True, True, True, False, False])


def side(seed: int, *, draws: int = DRAWS, unsold: tuple[int, ...] = ()) -> Side:
    """A store drawn at random; its front factors multiply to the pieces it sold."""
    rng = np.random.default_rng(seed)
    units = rng.integers(1, 60, (draws, PRODUCTS)).astype(float)
    units[:, list(unsold)] = 0
    listed = units * rng.uniform(5, 20, PRODUCTS)
    cuts = listed[:, None] * rng.uniform(0, 0.25, (draws, MECHANISMS, PRODUCTS))
    visits, rate = rng.uniform(1000, 2000, draws), rng.uniform(0.02, 0.05, draws)
    pieces = units.sum(axis=-1)
    front = np.stack([visits, rate, pieces / visits / rate], axis=-1)
    paid = (listed - cuts.sum(axis=1)).sum(axis=-1)
    return Side(front, units, listed, cuts, paid * rng.uniform(0, 0.3, draws))


def sales(of: Side) -> Floats:
    return np.asarray(of.paid.sum(axis=-1) - of.refunded)


def worth(a: Side, b: Side, shared: Bools, chosen: frozenset[str]) -> float:
    """Sales when the chosen factors are b's and all others a's; every mechanism its own player."""

    def pick(name: str) -> Side:
        return b if name in chosen else a

    front = np.prod([pick(f"front{at}").front[0, at] for at in range(FRONTS)])
    goods, mix, price = pick("exclusives"), pick("mix"), pick("list")
    share = goods.units[0, shared].sum() / goods.units[0].sum()
    rest = goods.paid[0, ~shared].sum() / goods.units[0].sum()
    piece = 0.0
    for at in np.flatnonzero(shared):
        weight = mix.units[0, at] / mix.units[0, shared].sum()
        listed = price.list_amount[0, at] / price.units[0, at]
        cut = sum(
            pick(f"m{m}").cuts[0, m, at] / pick(f"m{m}").list_amount[0, at]
            for m in range(MECHANISMS)
        )
        piece += weight * listed * (1 - cut)
    back = pick("refunds")
    return float(front * (share * piece + rest) * (1 - back.refunded[0] / back.paid[0].sum()))


def tried_one_by_one(a: Side, b: Side, shared: Bools) -> dict[str, float]:
    players = [f"front{at}" for at in range(FRONTS)] + ["exclusives", "mix", "list", "refunds"]
    players += [f"m{at}" for at in range(MECHANISMS)]
    count = len(players)
    worths = {
        frozenset(c): worth(a, b, shared, frozenset(c))
        for size in range(count + 1)
        for c in combinations(players, size)
    }
    return {
        player: sum(
            factorial(len(c)) * factorial(count - len(c) - 1) / factorial(count)
            * (worths[c | {player}] - value)
            for c, value in worths.items() if player not in c
        )
        for player in players
    }  # fmt: skip


def test_every_bar_is_its_shapley_value_among_all_mechanisms() -> None:
    a, b = side(1), side(2)
    found, expected = sales_bridge(a, b, shared=SHARED), tried_one_by_one(a, b, SHARED)
    assert found.front[0] == pytest.approx([expected[f"front{at}"] for at in range(FRONTS)])
    assert found.mechanisms[0] == pytest.approx([expected[f"m{m}"] for m in range(MECHANISMS)])
    assert found.exclusives[0] == pytest.approx(expected["exclusives"])
    assert found.mix[0] == pytest.approx(expected["mix"])
    assert found.list_price[0] == pytest.approx(expected["list"])
    assert found.refunds[0] == pytest.approx(expected["refunds"])


UNSOLD = st.sampled_from([(), (3,), (3, 4), (0, 1, 2)])


@settings(max_examples=60, deadline=None)
@given(first=st.integers(0, 10**6), second=st.integers(0, 10**6), unsold=UNSOLD, theirs=UNSOLD)
def test_bars_sum_to_the_difference_and_flip_with_the_sides(
    first: int, second: int, unsold: tuple[int, ...], theirs: tuple[int, ...]
) -> None:
    a, b = side(first, unsold=unsold), side(second, unsold=theirs)
    shared = (a.units[0] > 0) & (b.units[0] > 0)
    there = sales_bridge(a, b, shared=shared).stacked()
    back = sales_bridge(b, a, shared=shared).stacked()
    size = (abs(sales(a)) + abs(sales(b))).sum()
    assert there.sum(axis=-1) == pytest.approx(sales(b) - sales(a), abs=1e-9 * size)
    assert there == pytest.approx(-back, abs=1e-9 * size)
    beside = lmdi_bridge(a, b, shared=shared).stacked()[0]
    assert beside.sum() == pytest.approx((sales(b) - sales(a))[0], abs=1e-9 * size)
    alone = sales_bridge(a, a, shared=shared).stacked()
    assert alone == pytest.approx(np.zeros_like(alone), abs=1e-9 * size)


@pytest.mark.parametrize("of", [sales_bridge, lmdi_bridge])
def test_other_money_changes_the_size_alone(of: type[Bars]) -> None:
    a, b = side(3), side(4)
    times = [
        Side(each.front, each.units, 7 * each.list_amount, 7 * each.cuts, 7 * each.refunded)
        for each in (a, b)
    ]
    told = of(a, b, shared=SHARED).stacked()  # type: ignore[call-arg, attr-defined]
    assert of(*times, shared=SHARED).stacked() == pytest.approx(7 * told)  # type: ignore


def test_names_of_mechanisms_change_nothing_else() -> None:
    a, b = side(5), side(6)
    order = [2, 0, 1]
    renamed = [
        Side(each.front, each.units, each.list_amount, each.cuts[:, order], each.refunded)
        for each in (a, b)
    ]
    for of in (sales_bridge, lmdi_bridge):
        found, other = of(a, b, shared=SHARED), of(*renamed, shared=SHARED)
        assert other.mechanisms == pytest.approx(found.mechanisms[:, order])
        assert abs(found.mechanisms[0, 0] - found.mechanisms[0, 2]) > 1
        for name in ("front", "mix", "list_price", "exclusives", "refunds"):
            assert getattr(other, name) == pytest.approx(getattr(found, name)), name


def test_exclusives_at_the_price_of_the_others_have_no_effect_by_either_method() -> None:
    """Ten of 100 pieces are exclusives against none of ten: at one price that changes nothing,
    though the money of exclusives is gone. Visitors take all."""
    a = Side(
        np.array([[100.0]]), np.array([[90.0, 10.0]]), np.array([[900.0, 100.0]]),
        np.zeros((1, 1, 2)), np.zeros(1),
    )  # fmt: skip
    b = Side(
        np.array([[10.0]]), np.array([[10.0, 0.0]]), np.array([[100.0, 0.0]]),
        np.zeros((1, 1, 2)), np.zeros(1),
    )  # fmt: skip
    for of in (sales_bridge, lmdi_bridge):
        found = of(a, b, shared=np.array([True, False]))
        assert found.exclusives == pytest.approx(0, abs=1e-9)
        assert found.front[0] == pytest.approx([-900])


def test_both_methods_tell_the_same_of_one_factor_and_the_same_sign_of_all() -> None:
    a, b = side(1), side(2)
    prices = Side(a.front, a.units, 1.2 * a.list_amount, 1.2 * a.cuts, 1.2 * a.refunded)
    there = [of(a, prices, shared=np.ones(PRODUCTS, bool)) for of in (sales_bridge, lmdi_bridge)]
    assert there[0].list_price[0] == pytest.approx(0.2 * sales(a)[0])
    assert there[1].list_price[0] == pytest.approx(0.2 * sales(a)[0])
    bars = [of(a, b, shared=SHARED).stacked()[0] for of in (sales_bridge, lmdi_bridge)]
    assert np.abs(bars[0] - bars[1]).max() < 0.05 * np.abs(bars[0]).max()
    assert np.sign(bars[0]).tolist() == np.sign(bars[1]).tolist()


def test_what_lmdi_cannot_take_the_logarithm_of_is_not_known() -> None:
    """More given back than was paid: the bars of Shapley still add up, those of LMDI are nan."""
    a, b = side(3), side(4)
    worse = Side(b.front, b.units, b.list_amount, b.cuts, 1.5 * b.paid.sum(axis=-1))
    found = sales_bridge(a, worse, shared=SHARED).stacked()
    assert found.sum(axis=-1) == pytest.approx(sales(worse) - sales(a))
    assert np.isnan(lmdi_bridge(a, worse, shared=SHARED).stacked()).all()


def test_a_draw_without_a_product_takes_its_price_from_what_was_seen() -> None:
    a, b = side(7), side(8)
    gone = b.units.copy()
    gone[1, 0] = 0
    cuts, listed = b.cuts.copy(), b.list_amount.copy()
    cuts[1, :, 0], listed[1, 0] = 0, 0
    front = b.front.copy()
    front[1, 2] *= gone[1].sum() / b.units[1].sum()
    left = Side(front, gone, listed, cuts, b.refunded)
    found = sales_bridge(a, left, shared=SHARED).stacked()
    assert np.isfinite(found).all()
    assert found[1].sum() == pytest.approx((sales(left) - sales(a))[1])


def test_everything_given_back_is_all_refunds() -> None:
    a = side(9)
    nothing = Side(a.front, a.units, a.list_amount, a.cuts, a.paid.sum(axis=-1))
    found = sales_bridge(a, nothing, shared=SHARED)
    assert found.refunds == pytest.approx(-sales(a))
    assert found.stacked()[:, :-1] == pytest.approx(np.zeros((DRAWS, 9)), abs=1e-6)


def test_sides_of_other_shapes_are_refused() -> None:
    a = side(1)
    fewer = Side(a.front[:, :2], a.units, a.list_amount, a.cuts, a.refunded)
    with pytest.raises(ValueError, match="expected equal factors, mechanisms and products"):
        sales_bridge(a, fewer, shared=SHARED)
