"""Sales: visitor-days × conversion × order value, what they explain, and what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import (
    Estimate,
    all_differences,
    all_metrics,
    ratio_spread,
    total_spread,
)
from channelscope.dimensions._best_days import NOT_POSITIVE, Spans, concentration
from channelscope.dimensions._bridge import bridges
from channelscope.dimensions._regulars import Regulars
from channelscope.domain import Figure, Period, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, quotient, ratio, ratio_rows, rows
from channelscope.pair_distances import FEW_BUYERS, scaled_pairs
from channelscope.stats.arrays import Bools
from channelscope.stats.resampling import Scale
from channelscope.trading import closed_inside

POSITION = 4
FIGURES = (
    Figure("F4.1", "sales_decomposition", "sales/sales_decomposition", "sales_waterfall"),
    Figure("F4.2", "weekly_sales", "sales/weekly_sales", "weekly_multiples"),
    Figure("F4.3", "cart_rate_by_source", "sales/cart_rate_by_source", "cart_rate_by_source"),
    Figure("F4.4", "refund_cohorts", "sales/refund_cohorts", "refund_cohorts"),
    Figure("F4.5", "year_bridge", "sales/year_bridge", "year_waterfall"),
    Figure("F4.6", "piece_price_gaps", "sales/piece_price_gaps", "grid"),
)
NO_COSTS = "reason.no_costs"
NO_TRAFFIC = "reason.no_traffic"
SNAPSHOTS_ONLY, NO_SALES = "reason.snapshots_only", "reason.no_sales"
IN_DISTANCE = ("conversion", "units_per_order", "piece_price", "refund_share")
"""How a store sells; how much it sells is no difference in kind."""
ENOUGH_KNOWN = 0.8
"""Least share of money whose refunds must be known; the queries ask the same of costs."""


def off(scope: Scope) -> str | None:
    """Sales need order lines."""
    return None if "order_lines" in scope.present else "off.no_order_lines"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`, `differences`, `pairs`, `bridge` and `piece_price_bridge`."""
    blocks = _blocks(session, scope)
    sales = _sales(session, scope)
    spans = _spans(session)
    regulars = Regulars.read(session, scope.store_ids)
    silent = _silent(session, blocks)
    found = [
        *_totals(blocks, sales, scope=scope),
        *_ratios(blocks, regulars),
        _growth(blocks, spans, scope),
        concentration(session, spans, scope, _days(scope)),
        *_contribution(session, scope),
    ]
    return {
        "metrics": _without_silent_stores(all_metrics(found), silent),
        "differences": all_differences(scope, found),
        "pairs": _pairs(scope, found, regulars, blocks.total("orders"), silent),
        **bridges(session, scope),
    }


def _pairs(
    scope: Scope, found: Sequence[Estimate], regulars: Regulars, orders: Floats,
    silent: Mapping[str, str],
) -> pl.DataFrame:  # fmt: skip
    spreads = {e.metric: e.spread for e in found if e.metric in IN_DISTANCE and e.spread}

    def reason(a: int, b: int) -> str:
        ends = (silent.get(scope.store_ids[at]) for at in (a, b))
        return next((reason for reason in ends if reason), FEW_BUYERS)

    return scaled_pairs(scope, "sales", spreads, n=orders, enough=regulars.many, reason=reason)


def _blocks(session: Session, scope: Scope) -> Blocks:
    query = sqlfile.find("sales/sales_by_block")
    frame = session.run(query, _days(scope))
    return pivot(frame, stores=scope.store_ids, block="block")


def _days(scope: Scope) -> dict[str, object]:
    period = scope.period
    return {"first": period.first, "last": period.last, "data_end": scope.data_end}


def _sales(session: Session, scope: Scope) -> dict[str, Decimal]:
    """Sales of each store in whole cents, rounded once, on the exact sum."""
    frame = session.run(sqlfile.find("sales/sales_by_store"), _days(scope))
    return dict(frame.iter_rows())


def _spans(session: Session) -> Spans:
    """The days from the first to the last sale of each store."""
    found = session.run(sqlfile.find("sales/trading_span"))
    return {store: Period(first, last) for store, first, last in found.iter_rows()}


def _totals(blocks: Blocks, sales: dict[str, Decimal], *, scope: Scope) -> list[Estimate]:
    cents = np.array([float(sales.get(store, 0)) for store in blocks.stores])
    tracked = _share(blocks, "tracked_orders", of="orders")
    visitors = np.where(blocks.total("visitors") > 0, blocks.total("visitors"), np.nan)
    orders, every = blocks.total("orders"), _all_lines(blocks)
    net = scope.basis.net_of_refunds
    known = _share(blocks, "refund_known_paid", of="paid") if net else every
    told = [
        rows("sales", blocks.stores, value=cents, n=orders, coverage=known),
        rows("orders", blocks.stores, value=orders, n=orders, coverage=every),
        rows("visitor_days", blocks.stores, value=visitors, n=visitors, coverage=tracked,
             reason=NO_TRAFFIC),
    ]  # fmt: skip
    names, sold = ("sales", "orders", "visitors"), orders > 0
    known_of = (sold, sold, ~np.isnan(visitors))
    return [
        Estimate(rows_, total_spread(blocks, name, known=is_known))
        for rows_, name, is_known in zip(told, names, known_of, strict=True)
    ]


def _all_lines(blocks: Blocks) -> Floats:
    return np.ones(len(blocks.stores))


def _ratios(blocks: Blocks, regulars: Regulars) -> list[Estimate]:
    tracked, every = _share(blocks, "tracked_orders", of="orders"), _all_lines(blocks)
    visitors = blocks.total("visitors")
    seen = quotient(tracked, visitors, empty=0.0)
    return [
        _ratio("conversion", blocks, "tracked_orders", "visitors", n="visitors", coverage=tracked,
               reason=NO_TRAFFIC, own=regulars.of_total("orders", times=seen)),
        _ratio("order_value", blocks, "sales", "orders", n="orders", coverage=every,
               own=regulars.of_ratio("sales", "orders")),
        _ratio("units_per_order", blocks, "units", "orders", n="orders", coverage=every,
               own=regulars.of_ratio("units", "orders")),
        _ratio("piece_price", blocks, "sales", "units", n="units", coverage=every,
               own=regulars.of_ratio("sales", "units")),
        _ratio("visitor_value", blocks, "tracked_sales", "visitors", n="visitors",
               coverage=tracked, reason=NO_TRAFFIC, own=regulars.of_total("sales", times=seen)),
        _refund_share(blocks, regulars),
    ]  # fmt: skip


def _ratio(
    metric: str,
    blocks: Blocks,
    numerator: str,
    denominator: str,
    *,
    n: str,
    coverage: Floats,
    own: tuple[Floats, Floats],
    reason: str | None = None,
) -> Estimate:
    told = ratio_rows(
        metric, blocks, numerator=numerator, denominator=denominator, n=n, coverage=coverage,
        reason=reason, own=own,
    )  # fmt: skip
    return Estimate(told, ratio_spread(blocks, numerator, denominator, own=own))


def _refund_share(blocks: Blocks, regulars: Regulars) -> Estimate:
    """Lines whose refunds are not known are in neither sum; a share of 0 is known to be 0."""
    own = regulars.of_ratio("mature_refunded", "mature_paid")
    value, lo, hi = ratio(blocks, "mature_refunded", "mature_paid", scale=Scale.LOGIT, own=own)
    known = _share(blocks, "mature_paid", of="mature_all_paid")
    # A refund is told more often than none: few known lines are mostly lines with a refund.
    partly = (known > 0) & (known < ENOUGH_KNOWN)
    value, lo, hi = (np.where(partly, np.nan, bound) for bound in (value, lo, hi))
    found = rows(
        "refund_share", blocks.stores, value=value, lo=lo, hi=hi, n=blocks.total("orders"),
        coverage=_share(blocks, "mature_paid", of="paid"), reason="reason.no_refunds_known",
    )  # fmt: skip
    moves = ratio_spread(blocks, "mature_refunded", "mature_paid", own=own)
    return Estimate(
        _because(found, partly, "reason.refunds_partly_known"),
        replace(moves, estimate=np.where(partly, np.nan, moves.estimate)),
    )


def _share(blocks: Blocks, part: str, *, of: str) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = blocks.total(part) / blocks.total(of)
    return share


def _because(metrics: pl.DataFrame, where: Bools, reason: str) -> pl.DataFrame:
    """`metrics` with another reason for the unknown values of some stores."""
    told = pl.Series(where) & pl.col("value").is_null()
    why = pl.when(told).then(pl.lit(reason)).otherwise("outcome_reason")
    return metrics.with_columns(outcome_reason=why)


def _growth(blocks: Blocks, spans: Spans, scope: Scope) -> Estimate:
    # A slow seller need not sell on the very first day of the year before.
    year_before = scope.period.year_before.first + timedelta(days=6)
    whole = [s in spans and spans[s].first <= year_before for s in blocks.stores]
    closed = np.array([closed_inside(store, scope.period) for store in scope.stores])
    values = ratio(blocks, "sales", "sales_before", scale=Scale.LOG) - 1
    value, lo, hi = np.where(np.array(whole) & ~closed, values, np.nan)
    found = rows(
        "growth", blocks.stores, value=value, lo=lo, hi=hi, n=blocks.total("orders"),
        coverage=np.where(np.isnan(value), np.nan, 1), reason="reason.no_full_year_before",
    )  # fmt: skip
    moves = ratio_spread(blocks, "sales", "sales_before")
    return Estimate(_because(found, closed, "reason.closed_inside"), replace(moves, estimate=value))


def _contribution(session: Session, scope: Scope) -> list[Estimate]:
    params = {**_days(scope), "merchant_basis": scope.basis.with_platform_money}
    found = session.run(sqlfile.find("sales/contribution"), params)
    stores = pl.DataFrame({"store_id": scope.store_ids})
    frame = stores.join(found, on="store_id", how="left", maintain_order="left")
    value, sales, coverage, kinds = (
        frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("contribution", "sales", "coverage", "kinds")
    )
    margin = np.divide(value, sales, out=np.full(len(sales), np.nan), where=sales > 0)
    untold = np.where(np.isnan(sales), NO_COSTS, NOT_POSITIVE)
    why = pl.coalesce(frame["outcome_reason"], pl.Series(untold))
    return [
        Estimate(
            rows(name, scope.store_ids, value=amount, n=kinds, coverage=coverage).with_columns(
                outcome_reason=pl.when(pl.col("value").is_null()).then(why)
            )
        )
        for name, amount in (("contribution", value), ("contribution_margin", margin))
    ]


def _silent(session: Session, blocks: Blocks) -> dict[str, str]:
    """Why stores without a single order have no sales to speak of."""
    shelf = set(session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"])
    orders = zip(blocks.stores, blocks.total("orders"), strict=True)
    return {s: SNAPSHOTS_ONLY if s in shelf else NO_SALES for s, n in orders if n == 0}


def _without_silent_stores(metrics: pl.DataFrame, silent: Mapping[str, str]) -> pl.DataFrame:
    """Nothing is known of stores without a single order: that is not zero."""
    unknown = pl.col("store_id").is_in(list(silent)) & (pl.col("metric") != "visitor_days")
    blank = [
        pl.when(~unknown).then(pl.col(name)).alias(name)
        for name in ("value", "lo", "hi", "n", "coverage")
    ]
    why = pl.col("store_id").replace_strict(silent, default=None, return_dtype=pl.String)
    reason = pl.when(unknown).then(why).otherwise("outcome_reason")
    return metrics.with_columns(*blank, outcome_reason=reason)
