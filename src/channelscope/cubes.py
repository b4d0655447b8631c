"""Runs the scan queries: the only code that reads raw order lines and shelf snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.answers import Answers
from channelscope.domain import Basis, Period, Store
from channelscope.engine.duckdb import Session

MATURE_DAYS = 60
"""Refunds of orders older than this are taken as complete when the lag curve is measured."""

IMMATURE_DAYS = 15
"""Refunds of the data's last days are still coming in."""

SPANS = ("scan/line_counts", "scan/excluded_days", "scan/shelf_span")
KEPT = ("scan/buyer_orders", "scan/order_products")
"""Orders and buyers, grouped once for all cubes of buyers; they never leave the engine."""
IN_ENGINE = (*KEPT, "scan/store_numbers")
"""What other scans read and nobody is shown."""
CUBES = (
    "scan/sku_weeks", "scan/sku_groups", "scan/mechanism_groups", "scan/store_days",
    "scan/refund_lags", "scan/shelf_weeks", "scan/order_groups", "scan/buyer_patterns",
    "scan/buyer_quarters",
    "scan/sku_discounts", "scan/shelf_days", "scan/shelf_changes", "scan/region_groups",
    "scan/ship_regions", "scan/threshold_groups", "scan/unfunded_discounts",
    "scan/running_promotions",
    "scan/opening_buyers", "scan/opening_sales",
    "scan/order_switches",
)  # fmt: skip
SEGMENTED = ("scan/need_groups", "scan/segment_groups")
"""Scanned after the others: price tiers are known from them."""
TERMS = ("promotion/threshold_terms", "promotion/running_terms")
"""What a promotion asks for, and on which price, is said once: a scan reads it."""
SAMPLED = "scan/sampled_lines"
NAMED = ("product/sku_categories", "scan/store_numbers")
"""What a category is, and which number a store has, is said once: scans read it."""
MOST_ORDERS = 100_000
"""About so many orders at most are held against the promotion rules one by one."""
BUCKETS = 4096
"""Orders fall into so many buckets, by three hexadecimal digits; `g` is above all of them."""

_FIRST = ("first_day", "first_sale", "seen_before", "week_start")
_LAST = ("last_day", "last_sale")
_MEANS = {
    "list_price": "listed_observations",
    "activity_price": "listed_observations",
    "one_piece_price": "listed_observations",
    "in_stock_share": "observations",
}


def spans(session: Session) -> dict[str, pl.DataFrame]:
    """How much data each store has and when: `line_counts` and `shelf_span`."""
    return {sqlfile.find(name).stem: session.run(sqlfile.find(name)) for name in SPANS}


def sold_days(session: Session, basis: Basis) -> pl.DataFrame:
    """What all stores together sold on each day of the data."""
    params = {"add_platform": basis.with_platform_money, "less_refunds": basis.net_of_refunds}
    return session.run(sqlfile.find("scan/sold_days"), params)


def build(
    session: Session,
    *,
    period: Period,
    basis: Basis,
    data_end: date,
    drawn: Mapping[str, pl.DataFrame],
    switching_days: int,
) -> dict[str, pl.DataFrame]:
    """Every cube of the period by name; `store_days` holds all days of the data.

    `drawn`: the frames that scan queries read beside the data, the calendars and `store_bits`.
    """
    for name, frame in drawn.items():
        session.register(name, frame)
    for query in map(sqlfile.find, NAMED):
        session.register(query.stem, session.run(query))
    params: Mapping[str, Any] = {
        "first": period.first,
        "last": period.last,
        "history_first": period.history.first,
        "switching_first": period.first - timedelta(days=switching_days),
        "switching_days": switching_days,
        "add_platform": basis.with_platform_money,
        "less_refunds": basis.net_of_refunds,
        "mature_before": data_end - timedelta(days=MATURE_DAYS),
        "mature_last": data_end - timedelta(days=IMMATURE_DAYS),
    }
    for query in map(sqlfile.find, TERMS):
        session.register(query.stem, session.run(query, params))
    kept = [sqlfile.find(name) for name in KEPT]
    for query in kept:
        session.keep(query, params)
    queries = [sqlfile.find(name) for name in CUBES]
    built = {query.stem: session.run(query, params) for query in queries}
    for query in kept:
        session.drop(query)
    inside = pl.col("day").is_between(period.first, period.last)
    orders = int(built["store_days"].filter(inside)["orders"].sum())
    sampled = sqlfile.find(SAMPLED)
    below = {"order_below": first_bucket_left_out(orders)}
    return built | {sampled.stem: session.run(sampled, {**params, **below})}


def segmented(session: Session, known: Answers, *, period: Period) -> dict[str, pl.DataFrame]:
    """Orders by need: by what is known of each product, and what the toml declares of it."""
    for name in ("sku_needs", "own_segments"):
        session.register(name, known.run(sqlfile.find(f"consumers/{name}")))
    params: Mapping[str, Any] = {
        "first": period.first, "last": period.last, "history_first": period.history.first,
    }  # fmt: skip
    queries = [sqlfile.find(name) for name in SEGMENTED]
    return {query.stem: session.run(query, params) for query in queries}


def first_bucket_left_out(orders: int) -> str:
    """Orders of lower buckets are looked at one by one: of few orders, those of every bucket."""
    kept = BUCKETS * MOST_ORDERS // max(orders, 1)
    return "g" if kept >= BUCKETS else f"{kept:03x}"


def regroup(
    frame: pl.DataFrame, *, grain: tuple[str, ...], stores: tuple[Store, ...]
) -> pl.DataFrame:
    """`frame` with stores joined into the groups they are members of, at the same grain.

    Sums are added up, first and last days are the extremes, mean prices are weighted by their
    observations. A sum of nothing known stays unknown.
    """
    owner = {member: store.store_id for store in stores for member in store.members}
    mapped = frame.filter(pl.col("store_id").is_in(list(owner))).with_columns(
        pl.col("store_id").replace_strict(owner, return_dtype=pl.String)
    )
    values = [name for name in frame.columns if name not in grain]
    joined = mapped.group_by(grain).agg(_joined(name) for name in values)
    return joined.select(frame.columns).cast(frame.schema).sort(grain)


def _joined(name: str) -> pl.Expr:
    column = pl.col(name)
    if name in _FIRST:
        return column.min()
    if name in _LAST:
        return column.max()
    if name in _MEANS:
        weight = pl.when(column.is_not_null()).then(pl.col(_MEANS[name])).cast(pl.Float64)
        total = weight.sum()
        return pl.when(total > 0).then((column * weight).sum() / total).alias(name)
    return pl.when(column.count() > 0).then(column.sum()).alias(name)
