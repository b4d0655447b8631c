"""Orders that follow one another within one buyer-id scope, and their two nulls, as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope.domain import Scope
from channelscope.estimates import NO_WIDTH, Floats, quotient
from channelscope.stats.adjustment import LEVEL
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.resampling import Scale, jackknife, with_deletions
from channelscope.stats.switching import FREE_FROM, dealt, drawn_freely, exchanged
from channelscope.stats.tails import t_p

FEWEST_EXPECTED = 10
"""Fewer orders by chance do not bear an interval on the scale of a ratio."""


@dataclass(frozen=True, slots=True)
class Flows:
    """Known orders of one scope. Shapes: G buyer groups, C cells, S stores; compared ones first."""

    scope: str
    stores: tuple[str, ...]
    compared: int
    orders: Floats
    """By their own store (G, C, S)."""
    before: Floats
    """Those that follow another one, by its store (G, C, S)."""
    leaving: Floats
    """Those of them that were made at another store (G, C, S)."""
    arriving: Floats
    """Those that follow none that is recent enough, by their own store (G, S)."""
    between: Floats
    """From store to store (G, S, S)."""
    sales: Floats
    """The same in money (S, S)."""

    @property
    def places(self) -> int:
        """How many stores had known orders in the period."""
        return int((self.orders.sum(axis=(0, 1)) > 0).sum())

    @property
    def tells_rates(self) -> bool:
        """Whether the switches of other stores tell at what rate a store draws buyers."""
        return self.places >= FREE_FROM

    def nulls(self) -> Nulls:
        """What is expected, of all groups of buyers and without each."""
        orders, between = with_deletions(self.orders), with_deletions(self.between)
        elsewhere = exchanged(with_deletions(self.leaving), orders)
        if self.tells_rates:
            free = drawn_freely(between, elsewhere)
        else:
            # Three stores do not tell their rates; those who come fresh are nobody's regulars.
            rate = quotient(with_deletions(self.arriving), orders.sum(axis=1))
            free = exchanged(with_deletions(self.leaving), orders * rate[:, None])
        return Nulls(between, dealt(with_deletions(self.before), orders), elsewhere, free)


@dataclass(frozen=True, slots=True)
class Nulls:
    """Orders between stores, and as many as chance would give. Shapes: (1 + G, S, S)."""

    between: Floats
    by_size: Floats
    """All orders dealt."""
    elsewhere: Floats
    """Those of who leaves, by the stores' shares."""
    free: Floats
    """The same, when every store draws buyers at a rate of its own; nan = cannot be told."""

    def one_way(self) -> Lifts:
        """Of every store over itself and over each other one."""
        stays = np.eye(self.between.shape[-1], dtype=np.bool_)
        return _lifts(self.between, np.where(stays, self.by_size, self.elsewhere), self.free)

    def both_ways(self) -> Lifts:
        """Of every two stores, both directions added up."""
        ways = self.between, self.elsewhere, self.free
        return _lifts(*(way + np.swapaxes(way, -1, -2) for way in ways))


@dataclass(frozen=True, slots=True)
class Lifts:
    """Observed over expected orders. Shapes: (S, S)."""

    observed: Floats
    expected: Floats
    value: Floats
    lo: Floats
    hi: Floats
    p_value: Floats
    free: Floats
    """Over what is expected when every store draws buyers at a rate of its own."""
    gone: Bools
    """What stands out by the stores' shares alone."""


def read(frame: pl.DataFrame, *, scope: Scope, name: str, ids: Mapping[str, str | None]) -> Flows:
    """The rows of `switched_orders` of one scope as arrays."""
    compared = tuple(store for store in scope.store_ids if ids[store] == name)
    others = set(frame["from_id"]) | set(frame["to_id"])
    stores = (*compared, *sorted(others - {*compared, ""}))
    place = {store: at for at, store in enumerate(stores)} | {"": -1}
    origin, target = (
        frame[end].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        for end in ("from_id", "to_id")
    )
    groups, group = np.unique(frame["buyer_group"].to_numpy(), return_inverse=True)
    cells, cell = np.unique(frame["cell"].to_numpy(), return_inverse=True)
    orders = frame["orders"].to_numpy().astype(np.float64)
    sales = frame["sales"].cast(pl.Float64).to_numpy()
    shape = len(groups), len(cells), len(stores)
    square = len(groups), len(stores), len(stores)
    back, left = origin >= 0, (origin >= 0) & (origin != target)
    return Flows(
        name, stores, len(compared),
        orders=_summed(orders, (group, cell, target), shape),
        before=_summed(orders * back, (group, cell, np.maximum(origin, 0)), shape),
        leaving=_summed(orders * left, (group, cell, np.maximum(origin, 0)), shape),
        arriving=_summed(orders * ~back, (group, target), (len(groups), len(stores))),
        between=_summed(orders * back, (group, np.maximum(origin, 0), target), square),
        sales=_summed(sales * back, (np.maximum(origin, 0), target), square[1:]),
    )  # fmt: skip


def _summed(values: Floats, places: tuple[Ints, ...], shape: tuple[int, ...]) -> Floats:
    at = np.ravel_multi_index(places, shape) if len(values) else np.zeros(0, dtype=np.int64)
    sums = np.bincount(at, weights=values, minlength=int(np.prod(shape)))
    return np.asarray(sums, dtype=np.float64).reshape(shape)


def _lifts(observed: Floats, expected: Floats, free: Floats) -> Lifts:
    """Where `free` can be told at all, a lift has to stand against both nulls, on one side."""
    lift, other = quotient(observed, expected), quotient(observed, free)
    lo, hi, p_value = _interval(lift)
    told: Bools = np.isfinite(lo) & (expected[0] >= FEWEST_EXPECTED)
    # The stores' shares say which side it is on: the other test has one side only.
    also = np.nan_to_num(_interval(other)[2] / 2, nan=1.0)
    agree = (lift[0] > 1) == (other[0] > 1)
    tested: Bools = ~np.eye(len(lo), dtype=np.bool_) & np.isfinite(free).any()
    both = np.where(tested, np.where(agree, np.fmax(p_value, also), 1.0), p_value)
    lo, hi, both, p_value = (np.where(told, each, np.nan) for each in (lo, hi, both, p_value))
    gone = (p_value <= LEVEL) & (both > LEVEL)
    return Lifts(observed[0], expected[0], lift[0], lo, hi, both, other[0], gone)


def _interval(lift: Floats) -> tuple[Floats, Floats, Floats]:
    """Bounds and p-value of the first row by the others."""
    found = jackknife(lift[0], lift[1:], scale=Scale.LOG)
    # Groups that never differ show no spread, which is not certainty.
    told = found.hi - found.lo > NO_WIDTH * lift[0]
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(told, np.log(lift[0]), np.nan)
    p_value = t_p(logs, found.standard_error, np.isfinite(lift[1:]).sum(axis=0) - 1)
    lo, hi = np.where(told, found.lo, np.nan), np.where(told, found.hi, np.nan)
    return lo, hi, np.where(told, p_value, np.nan)
