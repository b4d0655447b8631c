"""What the reader must know before using the numbers: warnings of the data, as messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping

import polars as pl

from channelscope import imported, trading
from channelscope.domain import SEPARATOR, Scope
from channelscope.loading import Loaded
from channelscope.results import Message

IMMATURE_DAYS = 15
TOTALS_APART = 0.01
"""A platform counts by days and states of its own: less than this is no missing export."""
MOST_COMBINED = 12
"""Of so many stores of a scope, at most, every combination of shared buyers is told."""


def collect(
    loaded: Loaded, scope: Scope, frames: Mapping[str, pl.DataFrame]
) -> tuple[Message, ...]:
    """Every warning, in the order in which it matters."""
    return (
        *_groups(scope),
        *_products_not_matched(scope, frames),
        *_product_map_edited(frames),
        *_bases_not_allowed(scope, frames),
        *_totals_apart(scope, frames),
        *_texts_not_understood(scope, frames),
        *_traffic_definitions(loaded, scope, frames),
        *_refunds_unknown(scope, frames),
        *_refunds_partly_known(scope, frames),
        *_refunds_immature(scope),
        *_platform_money_unknown(scope, frames),
        *_platform_money_partly_known(scope, frames),
        *_costs_missing(scope, frames),
        *_snapshots_only(scope, frames),
        *_many_stores_of_a_scope(frames),
        *_segment_values(frames),
        *_opened_inside(scope),
        *_closed_inside(scope),
        *_extra_columns(loaded),
    )


def _groups(scope: Scope) -> Iterator[Message]:
    first = scope.stores[0]
    if first.members != (first.store_id,):
        yield Message("warning.groups", {"by": first.store_id.partition(":")[0]})


def _products_not_matched(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Imported sales of products that nobody said what they are: each counts as its store's own."""
    routes = imported.tables(frames, scope.store_ids)["product_routes"]
    for row in routes.filter(pl.col("route") == "unmatched", pl.col("share") > 0).to_dicts():
        said = {"store": row["store_id"], "share": row["share"]}
        yield Message("warning.products_not_matched", said)


def _product_map_edited(frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    if frames["product_map_state"]["is_edited"].any():
        yield Message("warning.product_map_edited")


def _bases_not_allowed(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    exports = frames["imported_exports"].filter(pl.col("bases") != "")
    cells = exports.group_by("store_id").agg("bases")
    allowed = {store: imported.common_bases(found) for store, found in cells.iter_rows()}
    stores = [s for s in scope.store_ids if s in allowed and scope.basis not in allowed[s]]
    if stores:
        said = {"stores": "+".join(stores), "basis": str(scope.basis)}
        yield Message("warning.basis_not_allowed", said)


def _totals_apart(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Stores of which the platform itself tells other sales for the same days."""
    for store in scope.store_ids:
        mine = frames["imported_controls"].filter(store_id=store)
        told, read = (float(mine[name].sum()) for name in ("platform_amount", "lines_amount"))
        share = read / told - 1 if told > 0 else 0.0
        if abs(share) > TOTALS_APART:
            key = "warning.lines_below_platform" if share < 0 else "warning.lines_above_platform"
            yield Message(key, {"store": store, "share": abs(share)})


def _texts_not_understood(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    texts = dict(frames["imported_texts"].group_by("store_id").agg(pl.col("texts").sum()).rows())
    for store in scope.store_ids:
        if texts.get(store):
            yield Message("warning.texts_not_understood", {"store": store, "n": texts[store]})


def _traffic_definitions(
    loaded: Loaded, scope: Scope, frames: Mapping[str, pl.DataFrame]
) -> Iterator[Message]:
    tracked = set(frames["traffic"]["store_id"].unique())
    stores = [store for store in scope.stores if store.store_id in tracked]
    # The platform of a group is that of its members, which may be several.
    platform_of = dict(frames["stores"].select("store_id", "platform").iter_rows())
    platforms = {platform_of[member] for store in stores for member in store.members}
    declared = loaded.config.traffic.definition
    definitions = {declared.get(platform, f"undeclared:{platform}") for platform in platforms}
    if len(definitions) > 1:
        ids = "+".join(store.store_id for store in stores)
        yield Message("warning.traffic_definitions", {"stores": ids})


def _refunds_unknown(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    if not scope.basis.net_of_refunds:
        return
    counts = frames["line_counts"].filter(pl.col("rows_refund_known") == 0)
    stores = [s for s in scope.store_ids if s in set(counts["store_id"])]
    if stores:
        yield Message("warning.refunds_unknown", {"stores": "+".join(stores)})


def _refunds_partly_known(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Net sales take the refunds that are not known as none."""
    if not scope.basis.net_of_refunds:
        return
    inside = pl.col("day").is_between(scope.period.first, scope.period.last)
    paid = (
        frames["store_days"]
        .filter(inside)
        .group_by("store_id")
        .agg(pl.col("refund_known_paid", "paid_amount").sum())
    )
    yield from _partly("warning.refunds_partly_known", scope, paid)


def _partly(key: str, scope: Scope, sums: pl.DataFrame) -> Iterator[Message]:
    """The stores of `sums` (store_id, known, all) known for a part, and the share that is."""
    _, known, total = sums.columns
    some = sums.filter(pl.col(known) > 0, pl.col(known) < pl.col(total))
    ids = set(some["store_id"])
    if ids:
        stores = "+".join(store for store in scope.store_ids if store in ids)
        share = float(some[known].sum()) / float(some[total].sum())
        yield Message(key, {"stores": stores, "share": share})


def _refunds_immature(scope: Scope) -> Iterator[Message]:
    days = (scope.period.last - scope.data_end).days + IMMATURE_DAYS
    if scope.basis.net_of_refunds and "order_lines" in scope.present and days > 0:
        yield Message("warning.refunds_immature", {"n": min(days, IMMATURE_DAYS)})


def _platform_money_unknown(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    if not scope.basis.with_platform_money:
        return
    counts = frames["line_counts"].filter(pl.col("rows_platform_known") == 0)
    stores = [s for s in scope.store_ids if s in set(counts["store_id"])]
    if stores:
        yield Message("warning.platform_money_unknown", {"stores": "+".join(stores)})


def _platform_money_partly_known(
    scope: Scope, frames: Mapping[str, pl.DataFrame]
) -> Iterator[Message]:
    if scope.basis.with_platform_money:
        counts = frames["line_counts"].select("store_id", "rows_platform_known", "rows_in")
        yield from _partly("warning.platform_money_partly_known", scope, counts)


def _costs_missing(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Kinds of cost known for some stores and not for others: contributions are not alike."""
    known = {
        str(store): set(rows["kind"])
        for (store,), rows in frames["cost_amounts"].group_by("store_id", maintain_order=True)
    }
    everywhere = set().union(*known.values())
    sold = set(
        frames["line_counts"].filter(pl.col("rows_in") > pl.col("rows_excluded"))["store_id"]
    )
    for store in scope.store_ids:
        missing = sorted(everywhere - known.get(store, set()))
        if missing and store in sold:
            yield Message("warning.costs_missing", {"store": store, "kinds": ", ".join(missing)})


def _snapshots_only(scope: Scope, frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    sold = set(frames["line_counts"]["store_id"])
    seen = set(frames["shelf_span"]["store_id"])
    stores = [s for s in scope.store_ids if s in seen and s not in sold]
    if stores:
        yield Message("warning.snapshots_only", {"stores": "+".join(stores)})


def _many_stores_of_a_scope(frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Combinations are told of a part of the stores alone."""
    sizes = frames["store_bits"].group_by("scope").agg(pl.col("store_id").n_unique()).sort("scope")
    for scope, stores in sizes.iter_rows():
        if stores > MOST_COMBINED:
            yield Message("warning.many_stores_of_a_scope", {
                "n": MOST_COMBINED, "m": stores, "ids": scope,
            })  # fmt: skip


def _segment_values(frames: Mapping[str, pl.DataFrame]) -> Iterator[Message]:
    """Values of declared segments that no product has: a misspelt one leaves its goods out."""
    declared = frames["segment_sets"].drop_nulls("value")
    for name, column, value in (
        declared.select("segment_set", "by_column", "value").unique(maintain_order=True).iter_rows()
    ):
        written = frames["products"][column].drop_nulls().unique()
        if not _holds(written, value, has_levels=column == "category").any():
            said = {"set": name, "value": value, "columns": f"products.{column}"}
            near = difflib.get_close_matches(
                value, written.append(_levels(written)).unique().sort(), n=1
            )
            key = "warning.segment_value_near" if near else "warning.segment_value"
            yield Message(key, said | ({"near": near[0]} if near else {}))


def _holds(names: pl.Series, value: str, *, has_levels: bool) -> pl.Series:
    """Which names are the value, or category paths in which it is one level or several."""
    if not has_levels:
        return names == value
    paths = SEPARATOR + names + SEPARATOR
    return paths.str.contains(f"{SEPARATOR}{value}{SEPARATOR}", literal=True)


def _levels(names: pl.Series) -> pl.Series:
    return names.str.split(SEPARATOR).explode()


def _opened_inside(scope: Scope) -> Iterator[Message]:
    for store in scope.stores:
        if trading.opened_inside(store, scope.period):
            yield Message(
                "warning.opened_inside", {"store": store.store_id, "day": store.opened_on}
            )


def _closed_inside(scope: Scope) -> Iterator[Message]:
    for store in scope.stores:
        if trading.closed_inside(store, scope.period):
            yield Message(
                "warning.closed_inside", {"store": store.store_id, "day": store.closed_on}
            )


def _extra_columns(loaded: Loaded) -> Iterator[Message]:
    for table, columns in sorted(loaded.extra_columns.items()):
        yield Message(
            "warning.extra_columns",
            {"table": table, "n": len(columns), "columns": ", ".join(columns)},
        )
