"""Known buyers by the stores they bought in: what overlap, return and flows are counted from.

Buyers of two member stores of a group are not the sum of both, so cubes hold buyers by the whole
set of their stores, as a sum of bits. The stores of a set become the compared stores or groups
here, and each buyer counts once in each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope.circles import ELSEWHERE
from channelscope.domain import Scope
from channelscope.estimates import NO_WIDTH, Blocks, Floats, ratio
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.intervals import wilson
from channelscope.stats.resampling import Scale

LEAST_COVERAGE = 0.5
"""Below it the buyers whose id is known need not be like the others."""
COVERAGE_MOVES = 0.10
"""Ids kept for so much more or less of the orders make buyers look new, or lost, and chains of
their orders longer or shorter."""
SEPARATOR = "+"
MOST_STORES = 12
"""Of so many stores of a scope, those with most known buyers, every combination is told."""


@dataclass(frozen=True, slots=True)
class Circle:
    """The known buyers of one scope and the compared stores that have their ids in it.

    Shapes: G buyer groups, S stores, T of them whose combinations are told, N different numbers
    of orders.
    """

    scope: str
    stores: tuple[str, ...]
    shared: Floats
    """Buyers of both stores (G, S, S); on the diagonal, all buyers of a store."""
    by_orders: Floats
    """All buyers of the scope by how often they ordered (G, N)."""
    orders: Ints
    """How often (N,)."""
    known_orders: Floats
    """Orders of each store whose buyer is known (G, S)."""
    largest: tuple[int, ...]
    """The T stores with most known buyers, by their position."""
    exactly: Floats
    """Buyers of exactly those of the T stores whose bits are in the place (G, 2**T)."""


def scopes(scope: Scope, of_members: Mapping[str, str]) -> dict[str, str | None]:
    """The scope of each compared store or group; None where its members have several."""
    found: dict[str, str | None] = {}
    for store in scope.stores:
        known = {of_members[member] for member in store.members}
        found[store.store_id] = known.pop() if len(known) == 1 else None
    return found


def is_one_scope(ids: Mapping[str, str | None]) -> bool:
    """Whether all stores have one scope of buyer ids; a group over several has more than one."""
    return len(set(ids.values())) == 1 and None not in ids.values()


def masks(bits: pl.DataFrame, circle: int) -> dict[str, int]:
    """The bits of each compared store or group that has some of its own in the circle."""
    mine = bits.filter(circle=circle).select("store_id", "bits")
    return {store: mask for store, mask in mine.iter_rows() if mask != 1 << ELSEWHERE}


def reached(sets: pl.Series, found: Mapping[str, int], stores: tuple[str, ...]) -> Bools:
    """Which of the compared stores each set of stores reaches. Shape: (rows, S)."""
    wanted = np.array([found.get(store, 0) for store in stores], dtype=np.int64)
    meets: Bools = (sets.to_numpy()[:, None] & wanted[None, :]) != 0
    return meets


def circle(
    buyers: pl.DataFrame,
    orders: pl.DataFrame,
    *,
    name: str,
    stores: tuple[str, ...],
    found: Mapping[str, int],
    known: Bools,
) -> Circle:
    """The rows of `buyers_by_stores` of one circle and of `identified_orders` as arrays.

    `known`: the stores whose buyers can be told (S,): combinations are told of them alone.
    """
    meets = reached(buyers["bought"], found, stores)
    groups, group = np.unique(buyers["buyer_group"].to_numpy(), return_inverse=True)
    counts, count = np.unique(buyers["orders"].to_numpy(), return_inverse=True)
    size = buyers["buyers"].to_numpy().astype(np.float64)
    by_orders = np.zeros((len(groups), len(counts)))
    np.add.at(by_orders, (group, count), size)
    shared = np.zeros((len(groups), len(stores), len(stores)))
    for at in range(len(groups)):
        own = meets[group == at].astype(np.float64)
        shared[at] = (own * size[group == at, None]).T @ own
    sizes = np.where(known, np.einsum("gss->s", shared), -1.0)
    order = np.argsort(-sizes, kind="stable")[:MOST_STORES]
    largest = tuple(sorted(int(at) for at in order if sizes[at] >= 0))
    place = meets[:, list(largest)].astype(np.int64) @ (1 << np.arange(len(largest)))
    exactly = np.zeros((len(groups), 1 << len(largest)))
    np.add.at(exactly, (group, place), size)
    return Circle(
        name, stores, shared, by_orders, counts, _known_orders(orders, stores, groups), largest,
        exactly,
    )  # fmt: skip


def _known_orders(orders: pl.DataFrame, stores: tuple[str, ...], groups: Ints) -> Floats:
    """Orders of each store whose buyer is known, by group of buyers. Shape: (G, S)."""
    known = np.zeros((len(groups), len(stores)))
    # Guests make groups in which no buyer is known: they take no part.
    here = orders.filter(
        pl.col("store_id").is_in(stores), pl.col("buyer_group").is_in(groups.tolist())
    )
    rows = np.searchsorted(groups, here["buyer_group"].to_numpy())
    columns = np.array([stores.index(store) for store in here["store_id"]], dtype=np.intp)
    np.add.at(known, (rows, columns), here["known_orders"].to_numpy())
    return known


def shares(top: Floats, bottom: Floats) -> Floats:
    """Shares with intervals over groups of buyers; of none or all, by the number of buyers.

    Shapes: (G, K) twice to (3, K): value, lo, hi.
    """
    keys = tuple(str(at) for at in range(top.shape[1]))
    value, lo, hi = ratio(Blocks(keys, {"a": top, "b": bottom}), "a", "b", scale=Scale.LOGIT)
    wide = hi - lo > NO_WIDTH * np.abs(value)
    lo, hi = np.where(wide, lo, np.nan), np.where(wide, hi, np.nan)
    cases = bottom.sum(axis=0)
    at_end = ((value == 0) | (value == 1)) & (cases > 0)
    ends = wilson(np.where(at_end, top.sum(axis=0), np.nan), np.where(at_end, cases, np.nan))
    return np.stack([value, np.where(at_end, ends.lo, lo), np.where(at_end, ends.hi, hi)])
