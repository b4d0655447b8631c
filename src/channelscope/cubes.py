"""Runs the scan queries: the only code that reads raw order lines and shelf snapshots."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.adding import added
from channelscope.answers import Answers
from channelscope.domain import Basis, Period, Store, calendar_quarter, quarter_begins
from channelscope.engine.duckdb import Session
from channelscope.engine.protocol import Engine
from channelscope.scans import LINES

MATURE_DAYS = 60
"""Refunds of orders older than this are taken as complete when the lag curve is measured."""

IMMATURE_DAYS = 15
"""Refunds of the data's last days are still coming in."""

SPANS = ("scan/line_counts", "scan/excluded_days", "scan/shelf_span")
KEPT = ("scan/buyer_orders", "scan/buyer_visits", "scan/order_products")
"""Orders and buyers, grouped once for all cubes of buyers; they never leave the engine."""
IN_ENGINE = (*KEPT, "scan/store_numbers", "scan/sold_days", "scan/sold_skus")
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
PROMOTED = "promotion/promoted_stores"
"""Of the whole period, whichever part of the data is read."""
SAMPLED = "scan/sampled_lines"
NAMED = ("product/sku_categories", "scan/store_numbers")
"""What a category is, and which number a store has, is said once: scans read it."""
SCANS = (*SPANS, *KEPT, *CUBES, *SEGMENTED, SAMPLED)
MOST_ORDERS = 100_000
"""About so many orders at most are held against the promotion rules one by one."""
BUCKETS = 4096
"""Orders fall into so many buckets, by three hexadecimal digits; `g` is above all of them."""


def spans(scans: Engine | Session) -> dict[str, pl.DataFrame]:
    """How much data each store has and when: `line_counts` and `shelf_span`."""
    return {sqlfile.find(name).stem: scans.run(sqlfile.find(name)) for name in SPANS}


def scans_of_lines() -> int:
    """How many of the scans go through order lines, or through what is kept of each of them."""
    read = {LINES, *(sqlfile.find(name).stem for name in KEPT)}
    return sum(bool(read & set(sqlfile.find(name).inputs)) for name in SCANS)


def sold_days(scans: Engine | Session, basis: Basis) -> pl.DataFrame:
    """What all stores together sold on each day of the data."""
    params = {"add_platform": basis.with_platform_money, "less_refunds": basis.net_of_refunds}
    return scans.run(sqlfile.find("scan/sold_days"), params)


def build(
    scans: Engine,
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
        scans.register(name, frame)
    params: Mapping[str, Any] = {
        "first": period.first,
        "last": period.last,
        "patterns_first": quarter_begins(calendar_quarter(period.first) - 1),
        "history_first": period.history.first,
        "switching_first": period.first - timedelta(days=switching_days),
        "switching_days": switching_days,
        "add_platform": basis.with_platform_money,
        "less_refunds": basis.net_of_refunds,
        "mature_before": data_end - timedelta(days=MATURE_DAYS),
        "mature_last": data_end - timedelta(days=IMMATURE_DAYS),
    }
    small = {name: scans.derive(sqlfile.find(name), params) for name in (*NAMED, *TERMS)}
    promoted = sqlfile.find(PROMOTED)
    scans.register(promoted.stem, scans.run(promoted, params))
    for name in KEPT:
        scans.keep(sqlfile.find(name), params)
    queries = [sqlfile.find(name) for name in CUBES]
    built = {query.stem: scans.run(query, params) for query in queries}
    built["threshold_groups"] = _under_one_term(
        built["threshold_groups"], small["promotion/threshold_terms"]
    )
    inside = pl.col("day").is_between(period.first, period.last)
    orders = int(built["store_days"].filter(inside)["orders"].sum())
    sampled = sqlfile.find(SAMPLED)
    below = {"order_below": first_bucket_left_out(orders)}
    return built | {sampled.stem: scans.run(sampled, {**params, **below})}


def _under_one_term(groups: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """`threshold_groups` by the terms of the period: a part of the data may know the same terms by
    a later promotion."""
    named = dict(terms.select("promo_id", "term_id").iter_rows())
    return added(
        [groups.with_columns(pl.col("term_id").replace(named))],
        sqlfile.find("scan/threshold_groups").grain,
    )


def segmented(scans: Engine, known: Answers, *, period: Period) -> dict[str, pl.DataFrame]:
    """Orders by need: by what is known of each product, and what the toml declares of it."""
    for name in ("sku_needs", "own_segments"):
        scans.register(name, known.run(sqlfile.find(f"consumers/{name}")))
    params: Mapping[str, Any] = {
        "first": period.first, "last": period.last, "history_first": period.history.first,
    }  # fmt: skip
    queries = [sqlfile.find(name) for name in SEGMENTED]
    return {query.stem: scans.run(query, params) for query in queries}


def first_bucket_left_out(orders: int) -> str:
    """Orders of lower buckets are looked at one by one: of few orders, those of every bucket.

    A half, a quarter and so on, so that it seldom is another bucket when orders come in.
    """
    kept = BUCKETS
    while kept > 1 and kept * orders > BUCKETS * MOST_ORDERS:
        kept //= 2
    return "g" if kept == BUCKETS else f"{kept:03x}"


def regroup(
    frame: pl.DataFrame, *, grain: tuple[str, ...], stores: tuple[Store, ...]
) -> pl.DataFrame:
    """`frame` with stores joined into the groups they are members of, at the same grain."""
    owner = {member: store.store_id for store in stores for member in store.members}
    mapped = frame.filter(pl.col("store_id").is_in(list(owner))).with_columns(
        pl.col("store_id").replace_strict(owner, return_dtype=pl.String)
    )
    return added([mapped], grain)
