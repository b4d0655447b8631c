"""Consumers: whether stores share their buyers beyond chance, and how many come back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import Estimate, all_differences, ratio_spread
from channelscope.dimensions import _buyers, _switching
from channelscope.dimensions._buyers import SEPARATOR, Circle
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import NO_WIDTH, Blocks, Floats, pivot, quotient, ratio_rows
from channelscope.results import TABLES
from channelscope.stats.intervals import wilson
from channelscope.stats.overlap import chance_overlap
from channelscope.stats.resampling import Scale, jackknife, leave_one_out
from channelscope.stats.tails import t_p

POSITION = 6
FIGURES = (
    Figure("F6.1", "buyer_overlap", "consumers/buyer_overlap", "overlap_forest"),
    Figure("F6.4", "buyer_switches", "consumers/buyer_switches", "grid"),
)

LEAST_COVERAGE = 0.5
"""Below it the buyers whose id is known need not be like the others."""
COVERAGE_MOVES = 0.10
"""Ids kept for so much more or less of the orders make buyers look new, or lost."""


def off(scope: Scope) -> str | None:
    """Buyers are known from order lines alone."""
    return None if "order_lines" in scope.present else "off.no_order_lines"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `overlap`, `switching`, `exchange`, `metrics` and `differences`."""
    found = session.run(sqlfile.find("consumers/identified_orders"))
    orders = pivot(found, stores=scope.store_ids, block="buyer_group")
    coverage = dict(zip(orders.stores, _coverage(orders), strict=True))
    unknown = _unidentified(session, coverage)
    returning = returning_rows(session, scope, coverage=coverage, unknown=unknown)
    switched = _switching.compare(session, scope, coverage=coverage, unknown=unknown)
    return {
        **switched,
        "overlap": overlap_rows(session, scope, found, coverage=coverage, unknown=unknown),
        "metrics": pl.concat([returning.rows, switched["metrics"]]),
        "differences": all_differences(scope, [returning]),
    }


def _coverage(orders: Blocks) -> Floats:
    """Share of orders whose buyer is known, per store."""
    known, total = orders.total("known_orders"), orders.total("orders")
    return quotient(known, total)


def _unidentified(session: Session, coverage: Mapping[str, float]) -> dict[str, str]:
    """The stores whose buyers cannot be told, with the reason."""
    shelf = set(session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"])
    found = {}
    for store, share in coverage.items():
        if np.isnan(share):
            found[store] = "reason.snapshots_only" if store in shelf else "reason.no_sales"
        elif share < LEAST_COVERAGE:
            found[store] = "reason.few_buyer_ids"
    return found


def overlap_rows(
    session: Session,
    scope: Scope,
    orders: pl.DataFrame,
    *,
    coverage: Mapping[str, float],
    unknown: Mapping[str, str],
) -> pl.DataFrame:
    """The `overlap` table: every pair of compared stores whose buyer ids mean the same people."""
    buyers = session.run(sqlfile.find("consumers/buyers_by_stores"))
    members = session.run(sqlfile.find("consumers/buyer_scopes"))
    ids = _buyers.scopes(scope, dict(members.iter_rows()))
    rows: list[dict[str, Any]] = []
    for name in sorted({known for known in ids.values() if known is not None}):
        circle = _buyers.circle(buyers, orders, scope=scope, name=name, ids=ids)
        rows.extend(_pairs(circle, coverage, unknown))
    frame = pl.DataFrame(rows, schema=TABLES["overlap"])
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _pairs(
    circle: Circle, coverage: Mapping[str, float], unknown: Mapping[str, str]
) -> Iterator[dict[str, Any]]:
    shares = _order_shares(circle)
    for a, b in combinations(range(len(circle.stores)), 2):
        pair = sorted((circle.stores[a], circle.stores[b]))
        row = {
            "scope": circle.scope,
            "stores": SEPARATOR.join(pair),
            "coverage": float(np.min([coverage[store] for store in pair])),
        }
        reason = next((unknown[store] for store in pair if store in unknown), None)
        if reason is None:
            row |= _lift(circle, a, b, shares) | _share(circle, a, b)
            reason = _why_not(row)
        yield {**row, "outcome_reason": reason}


def _order_shares(circle: Circle) -> Floats:
    """Each store's share of the scope's identified orders, of all groups and without each.

    Shape: (1 + G, S). The stores that are not compared are in the scope's orders as well.
    """
    in_scope = _with_deletions((circle.by_orders * circle.orders).sum(axis=1))
    known = _with_deletions(circle.known_orders)
    # An order over the midnight at which the period begins may be counted by one cube alone.
    total = np.maximum(in_scope, known.sum(axis=1))
    return quotient(known, np.broadcast_to(total[:, None], known.shape))


def _with_deletions(blocks: Floats) -> Floats:
    """The total, then the totals with one group deleted. Shapes: (G, …) to (1 + G, …)."""
    return np.concatenate([blocks.sum(axis=0, keepdims=True), leave_one_out(blocks)])


def _lift(circle: Circle, a: int, b: int, shares: Floats) -> dict[str, Any]:
    """Shared buyers against chance."""
    observed = _with_deletions(circle.shared[:, a, b])
    expected = chance_overlap(
        _with_deletions(circle.by_orders), circle.orders,
        share_a=shares[:, a], share_b=shares[:, b],
    )  # fmt: skip
    lift = quotient(observed, expected)
    interval = jackknife(lift[0], lift[1:], scale=Scale.LOG)
    lo, hi = _bounds(lift[0], interval.lo, interval.hi)
    freedom = np.isfinite(lift[1:]).sum() - 1
    p_value = np.nan
    if not np.isnan(lo):
        p_value = float(t_p(np.log(lift[0]), interval.standard_error, freedom))
    return {
        "buyers": int(observed[0]), "expected": expected[0], "lift": lift[0], "lo": lo, "hi": hi,
        "p_value": p_value,
    }  # fmt: skip


def _share(circle: Circle, a: int, b: int) -> dict[str, Any]:
    """Shared buyers of the buyers of the store that has fewer."""
    smaller = min((a, b), key=lambda at: circle.shared[:, at, at].sum())
    both = _with_deletions(circle.shared[:, a, b])
    size = _with_deletions(circle.shared[:, smaller, smaller])
    share = quotient(both, size)
    interval = jackknife(share[0], share[1:], scale=Scale.LOGIT)
    lo, hi = _bounds(share[0], interval.lo, interval.hi)
    if share[0] in (0, 1):
        ends = wilson(both[0], size[0])
        lo, hi = float(ends.lo), float(ends.hi)
    return {"share": share[0], "share_lo": lo, "share_hi": hi}


def _bounds(value: float, lo: Floats, hi: Floats) -> tuple[float, float]:
    """Bounds without those that are none: groups that never differ show no spread."""
    wide = hi - lo > NO_WIDTH * abs(value)
    return (float(lo), float(hi)) if wide else (np.nan, np.nan)


def _why_not(row: dict[str, Any]) -> str | None:
    """Why a pair whose buyers are known has no lift, or none with an interval."""
    if np.isnan(row["lift"]):
        return "reason.no_repeat_buyers"
    if row["buyers"] == 0:
        return "reason.no_shared_buyers"
    return "reason.too_few_blocks" if np.isnan(row["lo"]) else None


def returning_rows(
    session: Session,
    scope: Scope,
    *,
    coverage: Mapping[str, float],
    unknown: Mapping[str, str],
) -> Estimate:
    """`returning_buyer_share`: buyers who had bought in the same store in the year before.

    Of a group, a buyer of one member who had bought in another has come back.
    """
    buyers = session.run(sqlfile.find("consumers/buyers_by_history"))
    now = _buyers.membership(buyers["stores"], scope)
    back = now & _buyers.membership(buyers["stores_before"], scope)
    counted = pl.concat(
        buyers.select(
            "buyer_group",
            store_id=pl.lit(store),
            buyers=pl.col("buyers") * pl.Series(now[:, at]),
            returning=pl.col("buyers") * pl.Series(back[:, at]),
        )
        for at, store in enumerate(scope.store_ids)
    )
    blocks = pivot(counted, stores=scope.store_ids, block="buyer_group")
    reasons = {
        **_moved(session, scope, coverage),
        **({} if (late := _no_history(scope)) is None else dict.fromkeys(scope.store_ids, late)),
        **unknown,
    }
    frame = ratio_rows(
        "returning_buyer_share", blocks, numerator="returning", denominator="buyers", n="buyers",
        coverage=np.array([coverage[store] for store in scope.store_ids]),
    )  # fmt: skip
    told = _without(frame, reasons)
    return Estimate(told, ratio_spread(blocks, "returning", "buyers"))


def _moved(session: Session, scope: Scope, coverage: Mapping[str, float]) -> dict[str, str]:
    """Stores whose buyers are known for another part of orders than in the year before."""
    before = session.run(sqlfile.find("consumers/identified_before"))
    shares = {
        store: known / orders
        for store, orders, known in before.iter_rows()
        if orders and known is not None
    }
    return {
        store: "reason.coverage_moved"
        for store in scope.store_ids
        if abs(shares.get(store, np.nan) - coverage[store]) > COVERAGE_MOVES
    }


def _no_history(scope: Scope) -> str | None:
    """The reason where the data begin too late to know who had bought before."""
    first = scope.data_first
    return "reason.no_history" if first is None or first > scope.period.history.first else None


def _without(frame: pl.DataFrame, reasons: dict[str, str]) -> pl.DataFrame:
    """The rows without the numbers that cannot be told."""
    silent = pl.col("store_id").is_in(list(reasons))
    why = pl.col("store_id").replace_strict(reasons, default=None, return_dtype=pl.String)
    return frame.with_columns(
        pl.when(~silent).then(pl.col("value", "lo", "hi", "n")),
        outcome_reason=pl.when(silent).then(why).otherwise("outcome_reason"),
    )
