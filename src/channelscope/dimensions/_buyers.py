"""Known buyers by the stores they bought in: what overlap and return are counted from.

Buyers of two member stores of a group are not the sum of both, so cubes hold buyers by the whole
set of their stores. The stores of a set become the compared stores or groups here, and each buyer
counts once in each of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote

import numpy as np
import polars as pl

from channelscope.domain import Scope
from channelscope.estimates import Floats
from channelscope.stats.arrays import Bools, Ints

SEPARATOR = "+"


@dataclass(frozen=True, slots=True)
class Circle:
    """The known buyers of one scope and the compared stores that have their ids in it.

    Shapes: G buyer groups, S stores, N different numbers of orders.
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


def scopes(scope: Scope, of_members: Mapping[str, str]) -> dict[str, str | None]:
    """The scope of each compared store or group; None where its members have several."""
    found: dict[str, str | None] = {}
    for store in scope.stores:
        known = {of_members[member] for member in store.members}
        found[store.store_id] = known.pop() if len(known) == 1 else None
    return found


def membership(patterns: pl.Series, scope: Scope) -> Bools:
    """Which of the compared stores a set of stores reaches. Shape: (rows, S)."""
    owner = {m: at for at, store in enumerate(scope.stores) for m in store.members}
    known = patterns.unique()
    reached = np.zeros((len(known), len(scope.stores)), dtype=np.bool_)
    for row, pattern in enumerate(known):
        for name in pattern.split(SEPARATOR):
            if (at := owner.get(unquote(name))) is not None:
                reached[row, at] = True
    place = {pattern: row for row, pattern in enumerate(known)}
    rows = np.array([place[pattern] for pattern in patterns], dtype=np.intp)
    return reached[rows]


def circle(
    buyers: pl.DataFrame,
    orders: pl.DataFrame,
    *,
    scope: Scope,
    name: str,
    ids: Mapping[str, str | None],
) -> Circle:
    """The rows of `buyers_by_stores` and `identified_orders` of one scope as arrays."""
    mine = buyers.filter(scope=name)
    stores = tuple(store for store in scope.store_ids if ids[store] == name)
    reached = membership(mine["stores"], scope)[:, [scope.store_ids.index(s) for s in stores]]
    groups, group = np.unique(mine["buyer_group"].to_numpy(), return_inverse=True)
    counts, count = np.unique(mine["orders"].to_numpy(), return_inverse=True)
    size = mine["buyers"].to_numpy().astype(np.float64)
    by_orders = np.zeros((len(groups), len(counts)))
    np.add.at(by_orders, (group, count), size)
    shared = np.zeros((len(groups), len(stores), len(stores)))
    for at in range(len(groups)):
        own = reached[group == at].astype(np.float64)
        shared[at] = (own * size[group == at, None]).T @ own
    known = np.zeros((len(groups), len(stores)))
    # Guests make groups in which no buyer is known: they take no part.
    here = orders.filter(
        pl.col("store_id").is_in(stores), pl.col("buyer_group").is_in(groups.tolist())
    )
    rows = np.searchsorted(groups, here["buyer_group"].to_numpy())
    columns = np.array([stores.index(store) for store in here["store_id"]], dtype=np.intp)
    np.add.at(known, (rows, columns), here["known_orders"].to_numpy())
    return Circle(name, stores, shared, by_orders, counts, known)
