"""Goods shipped to regions in which a store is not meant to sell."""

from __future__ import annotations

import polars as pl

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, pivot, quotient, ratio_rows
from channelscope.results import TABLES

METRIC = "out_of_region_share"


def shipped(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics` and `out_of_region`."""
    frame = session.run(sqlfile.find("price/shipped_by_group"))
    blocks = pivot(frame, stores=scope.store_ids, block="buyer_group")
    # Counted in orders: one large basket sent far away says little of where a store sells.
    found = ratio_rows(
        METRIC, blocks, numerator="outside_orders", denominator="known_orders", n="known_orders",
        coverage=quotient(blocks.total("known_orders"), blocks.total("orders")),
    )  # fmt: skip
    outside = session.run(sqlfile.find("price/outside_regions"))
    return {
        "metrics": _with_reasons(session, scope, blocks, found),
        "out_of_region": outside.cast(TABLES["out_of_region"]),
    }


def _with_reasons(
    session: Session, scope: Scope, blocks: Blocks, found: pl.DataFrame
) -> pl.DataFrame:
    """Why nothing is known: it may sell anywhere, sold nothing, or names its regions otherwise."""
    limited = set(session.run(sqlfile.find("price/regional_stores"))["store_id"])
    unseen = set(session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"])
    facts = pl.DataFrame(
        {
            "is_limited": [bool(limited & set(store.members)) for store in scope.stores],
            "is_unseen": [store.store_id in unseen for store in scope.stores],
            "has_orders": blocks.total("orders") > 0,
            "has_places": blocks.total("placed_orders") > 0,
        }
    )
    why = (
        pl.when(~facts["is_limited"])
        .then(pl.lit("reason.no_regions"))
        .when(facts["is_unseen"])
        .then(pl.lit("reason.snapshots_only"))
        .when(~facts["has_orders"])
        .then(pl.lit("reason.no_sales"))
        .when(~facts["has_places"])
        .then(pl.lit("reason.no_ship_regions"))
        .otherwise(pl.lit("reason.regions_not_matched"))
    )
    unknown = pl.col("value").is_null()
    return found.with_columns(
        coverage=pl.when(~unknown).then("coverage"),
        n=pl.when(~unknown).then("n"),
        outcome_reason=pl.when(unknown).then(why).otherwise("outcome_reason"),
    )
