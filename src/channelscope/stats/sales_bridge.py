"""The bridge of sales: a difference of two stores, or two periods, opened up to its last factor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import product
from math import factorial

import numpy as np

from channelscope.stats.arrays import Bools, Floats
from channelscope.stats.decomposition import lmdi_additive, logarithmic_mean

_INNER = 5
"""Players beside the front factors, in this order: exclusives, mix, list price, cuts, refunds."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one store sold in one period, in every draw; the first draw is what was observed.

    Shapes: front (draws, fronts), units and list_amount (draws, products), cuts (draws, mechanisms,
    products), refunded (draws,). Units: pieces and money; `front` multiplies to the pieces sold, as
    visitor-days, conversion and pieces an order do. `cuts` is money off list by mechanism; what is
    left is paid.
    """

    front: Floats
    units: Floats
    list_amount: Floats
    cuts: Floats
    refunded: Floats

    def parts(self) -> tuple[Floats, ...]:
        """The arrays in the order in which they are given."""
        return self.front, self.units, self.list_amount, self.cuts, self.refunded

    @property
    def paid(self) -> Floats:
        """Money paid, before refunds. Shapes: (draws, products)."""
        return np.asarray(self.list_amount - self.cuts.sum(axis=-2))


@dataclass(frozen=True, slots=True)
class Bars:
    """What each factor does to sales. Shapes: (draws,), but front (draws, fronts) and mechanisms
    (draws, mechanisms). Units: those of the paid money."""

    front: Floats
    exclusives: Floats
    mix: Floats
    list_price: Floats
    mechanisms: Floats
    refunds: Floats

    def stacked(self) -> Floats:
        """All bars side by side, mechanisms before refunds. Shapes: (draws, bars)."""
        singles = (self.exclusives, self.mix, self.list_price)
        return np.concatenate(
            [self.front, np.stack(singles, axis=-1), self.mechanisms, self.refunds[..., None]],
            axis=-1,
        )


@dataclass(frozen=True, slots=True)
class _Goods:
    """One side's goods per piece sold. Shapes: share and rest (draws,), mix, price and refund_rate
    likewise (draws, products), rates (draws, mechanisms, products)."""

    share: Floats
    rest: Floats
    mix: Floats
    price: Floats
    rates: Floats
    kept: Floats


def sales_bridge(base: Side, other: Side, *, shared: Bools) -> Bars:
    """Return what each factor contributes to the difference of sales, by Shapley values.

    To a shop owner: this store sells 14 million less than that one; so much for fewer visitors, so
    much for smaller baskets, other goods, lower list prices, each promotion, and refunds.

    Sales are front factors x [share x sum(mix x list price x (1 - sum of rates)) + exclusives] x
    (1 - refunded share), where share is of pieces, mix and prices are of the shared products, and
    a rate is a mechanism's part of list value. Mechanisms add up within the price, so each has its
    own Shapley value without trying their subsets.

    Shapes: see `Side`; shared (products,). Units: money.

    Args:
        base: The store or period started from.
        other: The one where the bars end.
        shared: The products compared like with like; all others are exclusives.

    Returns:
        Bars that sum to sales of `other` less sales of `base` in every draw. Where a draw has no
        pieces of a shared product, its price of the first draw stands in: it has no weight there.

    Raises:
        ValueError: Shapes do not agree.

    Source: Shapley (1953); METHODS 4.

    >>> a = Side(np.array([[100.0]]), np.array([[100.0]]), np.array([[1000.0]]),
    ...          np.array([[[100.0]]]), np.array([0.0]))
    >>> b = Side(np.array([[200.0]]), np.array([[200.0]]), np.array([[2000.0]]),
    ...          np.array([[[600.0]]]), np.array([0.0]))
    >>> bars = sales_bridge(a, b, shared=np.array([True]))
    >>> bars.front.round(6).tolist(), bars.mechanisms.round(6).tolist()
    ([[800.0]], [[-300.0]])
    """
    if base.front.shape != other.front.shape or base.cuts.shape[-2:] != other.cuts.shape[-2:]:
        raise ValueError(
            f"sides: expected equal factors, mechanisms and products, got {base.front.shape} and "
            f"{other.front.shape}, {base.cuts.shape} and {other.cuts.shape}"
        )
    goods = tuple(_per_piece(side, shared) for side in (base, other))
    fronts = base.front.shape[-1]
    members = _members(fronts)
    front = np.prod(
        np.where(members[:, :fronts], other.front[:, None, :], base.front[:, None, :]), axis=-1
    )
    inner = _chosen(goods, members[:, fronts:])
    effects = (front * inner) @ _coefficients(fronts + _INNER).T
    exclusives, mix, list_price, _cuts, refunds = np.moveaxis(effects[:, fronts:], -1, 0)
    return Bars(
        effects[:, :fronts], exclusives, mix, list_price,
        _by_mechanism(goods, front, members[:, fronts:], fronts), refunds,
    )  # fmt: skip


def lmdi_bridge(base: Side, other: Side, *, shared: Bools) -> Bars:
    """Return the bars of the observed draw by the logarithmic mean Divisia index.

    To a shop owner: the same question by the method that energy and sales analysts know.

    Shapes: as `sales_bridge`, with one draw. Units: money. The factors are those of `sales_bridge`:
    sales are front factors x list price after cuts per piece x (1 - refunded share); the change of
    the middle one is split over rows, a shared product each and all exclusives together, and what
    share and money of exclusives do in them is one bar. A row's discounts fall to mechanisms by
    their rates.

    Args:
        base: The store or period started from.
        other: The one where the bars end.
        shared: The products compared like with like; all others are exclusives.

    Returns:
        Bars that sum to the same difference; nan where a factor is below zero.

    Raises:
        ValueError: Shapes do not agree.

    Source: Ang (2004), the additive LMDI-I.

    >>> a = Side(np.array([[100.0]]), np.array([[100.0]]), np.array([[1000.0]]),
    ...          np.array([[[0.0]]]), np.array([0.0]))
    >>> b = Side(np.array([[200.0]]), np.array([[200.0]]), np.array([[2000.0]]),
    ...          np.array([[[1000.0]]]), np.array([0.0]))
    >>> bars = lmdi_bridge(a, b, shared=np.array([True]))
    >>> bars.front.round(3).tolist(), bars.mechanisms.round(3).tolist()
    ([[693.147]], [[-693.147]])
    """
    sides = (base, other)
    goods = tuple(_per_piece(side, shared) for side in sides)
    rows = [_rows(each) for each in goods]
    inside = lmdi_additive(rows[0], rows[1])
    piece = [side.prod(axis=-1).sum() for side in rows]
    chains = [
        np.array([*side.front[0], price, each.kept[0]])
        for side, price, each in zip(sides, piece, goods, strict=True)
    ]
    outside = lmdi_additive(chains[0], chains[1])
    # Of equal prices per piece L(x, x) = x: parts of the price may still have changed places.
    change = piece[1] - piece[0]
    sales = logarithmic_mean(*(chain.prod() for chain in chains))
    per_money = outside[-2] / change if change else np.divide(sales, piece[0] or np.inf)
    cut = _cut_by_mechanism(goods, rows, inside[:-1, 3]) * per_money
    each = inside.sum(axis=0)[:, None] * per_money
    return Bars(outside[None, :-2], each[0], each[1], each[2], cut[None, :], outside[-1:])


def _per_piece(side: Side, shared: Bools) -> _Goods:
    units, listed = side.units[:, shared], side.list_amount[:, shared]
    pieces, paid = side.units.sum(axis=-1), side.paid
    with np.errstate(divide="ignore", invalid="ignore"):
        share = units.sum(axis=-1) / pieces
        mix = units / units.sum(axis=-1, keepdims=True)
        price, rates = listed / units, side.cuts[:, :, shared] / listed[:, None, :]
        kept = 1 - side.refunded / paid.sum(axis=-1)
        rest = paid[:, ~shared].sum(axis=-1) / pieces
    return _Goods(
        _known(share), _known(rest), _known(mix), _known(price), _known(rates),
        np.where(np.isfinite(kept), kept, 1.0),
    )  # fmt: skip


def _known(values: Floats) -> Floats:
    """Where a draw has nothing to divide by, what was observed stands in."""
    first = np.where(np.isfinite(values[:1]), values[:1], 0.0)
    return np.where(np.isfinite(values), values, first)


@cache
def _members(fronts: int) -> Bools:
    """Who is in each coalition. Shapes: (2^players, players)."""
    players = fronts + _INNER
    return ((np.arange(2**players)[:, None] >> np.arange(players)) & 1).astype(bool)


@cache
def _coefficients(players: int) -> Floats:
    """Of each coalition's worth in each player's Shapley value. Shapes: (players, 2^players)."""
    inside = _members(players - _INNER)
    size = inside.sum(axis=1)
    return np.where(inside.T, _weight(size - 1, players), -_weight(size, players))


def _weight(size: np.typing.NDArray[np.int_], players: int) -> Floats:
    """The chance that just these come before a player: s! (n - s - 1)! / n!."""
    table = [factorial(s) * factorial(players - s - 1) / factorial(players) for s in range(players)]
    return np.array([*table, 0.0])[size]


def _chosen(goods: tuple[_Goods, ...], members: Bools) -> Floats:
    """Money kept per piece sold in every coalition. Shapes: (draws, coalitions)."""
    matched = np.stack(
        [
            np.einsum("di,di,di->d", goods[w].mix, goods[p].price, 1 - goods[c].rates.sum(axis=1))
            for w, p, c in product((0, 1), repeat=3)
        ],
        axis=-1,
    )
    e, w, p, c, r = members.T.astype(np.intp)
    share, rest, kept = (
        np.stack([getattr(each, name) for each in goods], axis=-1)
        for name in ("share", "rest", "kept")
    )
    per_piece = share[:, e] * matched[:, 4 * w + 2 * p + c] + rest[:, e]
    return np.asarray(per_piece * kept[:, r])


def _by_mechanism(goods: tuple[_Goods, ...], front: Floats, members: Bools, fronts: int) -> Floats:
    """Each mechanism's own Shapley value: its rates times what the coalitions make of them."""
    players = fronts + _INNER
    e, w, p, c, r = members.T.astype(np.intp)
    share, kept = (
        np.stack([getattr(each, name) for each in goods], axis=-1) for name in ("share", "kept")
    )
    weight = np.where(c == 0, _weight(_members(fronts).sum(axis=1), players), 0.0)
    worth = weight * front * share[:, e] * kept[:, r]
    change = goods[1].rates - goods[0].rates
    found = np.zeros(change.shape[:2])
    for mix, price in product((0, 1), repeat=2):
        here = worth[:, (w == mix) & (p == price)].sum(axis=-1)
        value = goods[mix].mix * goods[price].price
        found -= here[:, None] * np.einsum("di,dmi->dm", value, change)
    return found


def _rows(goods: _Goods) -> Floats:
    """Share, mix, list price and what cuts leave of every shared product; the last row is the money
    of all exclusives. Shapes: (products + 1, factors)."""
    products = goods.mix.shape[-1]
    rows = np.ones((products + 1, 4))
    rows[:products] = np.stack(
        [
            np.full(products, goods.share[0]), goods.mix[0], goods.price[0],
            1 - goods.rates[0].sum(axis=0),
        ], axis=-1,
    )  # fmt: skip
    rows[products, 0] = goods.rest[0]
    return rows


def _cut_by_mechanism(goods: tuple[_Goods, ...], rows: list[Floats], effects: Floats) -> Floats:
    """Each product's discount effect by the change of its mechanisms' rates."""
    net = [side[:-1, -1] for side in rows]
    change = goods[0].rates[0] - goods[1].rates[0]
    both = net[1] - net[0]
    sales = logarithmic_mean(*(side[:-1].prod(axis=-1) for side in rows))
    with np.errstate(divide="ignore", invalid="ignore"):
        # Without any change of the sum, mechanisms may still have changed places: L(x, x) = x.
        per_rate = np.where(both == 0, sales / logarithmic_mean(*net), effects / both)
    per_rate = np.where((both == 0) & (sales == 0), 0.0, per_rate)
    return np.asarray((change * per_rate).sum(axis=-1))
