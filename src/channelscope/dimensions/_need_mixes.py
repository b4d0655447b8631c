"""The distance of two stores in their consumers: their mixes of all needs at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers
from channelscope.dimensions._segments import SegmentOrders
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.pair_distances import mix_pairs
from channelscope.segment_sets import BRAND_HISTORY, BUILT_IN

DIMENSION = "consumers"
NO_NEEDS = "reason.no_needs"


def need_pairs(
    session: Session,
    scope: Scope,
    sets: Sequence[SegmentOrders],
    *,
    unknown: Mapping[str, str],
    ids: Mapping[str, str | None],
) -> pl.DataFrame:
    """Rows of `pairs`: every two stores by the needs that all stores with orders can tell.

    `unknown`: stores without orders, with the reason. Who had bought before takes part within one
    scope of buyer ids alone: a larger one would know more of its buyers.
    """
    reasons = {at: unknown[s] for at, s in enumerate(scope.store_ids) if s in unknown}
    known = [at for at in range(len(scope.store_ids)) if at not in reasons]
    needs = _common(sets, known, one_scope=_buyers.is_one_scope(ids))
    if not needs:
        reasons |= dict.fromkeys(known, NO_NEEDS)
    rows = session.run(sqlfile.find("consumers/need_mixes"))
    weights = _mixes(rows, scope, needs)
    return mix_pairs(scope, DIMENSION, weights, n=weights.sum(axis=(0, 2)), reasons=reasons)


def _common(sets: Sequence[SegmentOrders], known: list[int], *, one_scope: bool) -> list[str]:
    """The built-in needs that every store with orders can tell."""
    return [
        each.segment_set
        for each in sets
        if each.is_need
        and BUILT_IN.get(each.segment_set)
        and (one_scope or each.segment_set != BRAND_HISTORY)
        and set(known) <= set(each.told)
    ]


def _mixes(rows: pl.DataFrame, scope: Scope, needs: list[str]) -> Floats:
    """Orders by group of buyers, store and joint segment. Shape: (G, S, K)."""
    # A category without tiers is a tier of its own; orders without a need have no place here.
    told = rows.filter(pl.col("store_id").is_in(list(scope.store_ids))).drop_nulls(needs)
    groups = told["buyer_group"].rank("dense").to_numpy().astype(np.intp) - 1
    cells = told.select(cell=pl.struct(needs or ["store_id"]).rank("dense"))["cell"]
    places = told["store_id"].replace_strict(
        list(scope.store_ids), list(range(len(scope.store_ids))), return_dtype=pl.Int64
    )
    size = [int(each.max(initial=-1)) + 1 for each in (groups, cells.to_numpy().astype(int) - 1)]
    found = np.zeros((size[0], len(scope.store_ids), max(size[1], 1)))
    at = (groups, places.to_numpy(), cells.to_numpy().astype(np.intp) - 1)
    np.add.at(found, at, told["orders"].to_numpy())
    return found
