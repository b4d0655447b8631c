"""Frames of the compared stores: member by member, and joined into groups."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing

import polars as pl

from channelscope import contract, cubes, scope_tables, sqlfile
from channelscope.answers import Answers
from channelscope.domain import Scope, Store
from channelscope.engine.protocol import Engine
from channelscope.neutral_names import NeutralNames

PER_MEMBER = {
    f"member_{name}": name
    for name in (
        "sku_weeks", "shelf_weeks", "sku_discounts", "promotions", "region_groups", "store_days",
    )
}  # fmt: skip
"""Frames kept store by store beside those joined into groups: of prices, regions, openings."""
PER_STORE = ("cost_amounts",)
"""Queries over single stores, joined into groups afterwards."""
SINGLE = ("goods_by_cell", "visits_by_cell")
"""Queries over single stores also where groups are compared: stores that came or went stay told."""


def per_scope(
    frames: Mapping[str, pl.DataFrame], scans: Engine, scope: Scope, names: NeutralNames
) -> dict[str, pl.DataFrame]:
    """The frames of the compared stores; of groups, joined. Costs become money before that."""
    kept = {name: _kept(frame, scope.members) for name, frame in frames.items()}
    with closing(Answers(scope_tables.params(scope), limits=scans.limits)) as per_store:
        for name, frame in kept.items():
            per_store.register(name, frame)
        for name in (*PER_STORE, *SINGLE):
            kept[name] = per_store.run(sqlfile.find(f"sales/{name}"))
        segmented = cubes.segmented(scans, per_store, period=scope.period)
    segmented = names.frames(segmented)
    kept |= {name: _kept(frame, scope.members) for name, frame in segmented.items()}
    apart = {name: kept[source] for name, source in PER_MEMBER.items()}
    if scope.stores[0].members == (scope.stores[0].store_id,):
        return {**kept, **apart}
    return {**{name: _regrouped(name, frame, scope) for name, frame in kept.items()}, **apart}


def _kept(frame: pl.DataFrame, members: tuple[Store, ...]) -> pl.DataFrame:
    if "store_id" not in frame.columns:
        return frame
    return frame.filter(pl.col("store_id").is_in([store.store_id for store in members]))


def _regrouped(name: str, frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if "store_id" not in frame.columns or name in ("stores", *SINGLE):
        return frame
    known = {query.stem: query.grain for query in sqlfile.catalogue().values()}
    grain = known.get(name) or (contract.BY_NAME[name].grain if name == "traffic" else ())
    # Where the store itself stands beside, its group has the rows as they are.
    if grain and "member_id" not in frame.columns:
        return cubes.regroup(frame, grain=grain, stores=scope.stores)
    owner = {member: store.store_id for store in scope.stores for member in store.members}
    return frame.with_columns(pl.col("store_id").replace_strict(owner, return_dtype=pl.String))
