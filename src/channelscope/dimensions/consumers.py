"""Consumers: whether stores share their buyers beyond chance, and how many come back."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import Estimate, all_differences, ratio_spread
from channelscope.dimensions import (
    _buyers,
    _diversion,
    _need_mixes,
    _openings_of_stores,
    _segments,
    _switching,
)
from channelscope.dimensions._buyer_flows import buyer_flows
from channelscope.dimensions._overlap import overlap_tables
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, quotient, ratio_rows

POSITION = 6
FIGURES = (
    Figure("F6.1", "buyer_overlap", "consumers/buyer_overlap", "overlap_forest"),
    Figure("F6.2", "buyer_intersections", "consumers/buyer_intersections", "buyer_sets"),
    Figure("F6.3", "quarterly_buyers", "consumers/quarterly_buyers", "quarterly_buyers"),
    Figure("F6.4", "buyer_switches", "consumers/buyer_switches", "grid"),
    Figure("F6.5", "segment_shares", "consumers/segment_shares", "grid"),
    Figure("F6.6", "diversion", "consumers/diversion_index", "grid"),
    *_openings_of_stores.FIGURES,
)

_RETURNING = {"buyer_group": pl.String, "store_id": pl.String, "buyers": pl.Int64,
              "returning": pl.Int64}  # fmt: skip


def off(scope: Scope) -> str | None:
    """Buyers are known from order lines alone."""
    return None if "order_lines" in scope.present else "off.no_order_lines"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of the tables on buyers and openings, `metrics` and `differences`."""
    found = session.run(sqlfile.find("consumers/identified_orders"))
    orders = pivot(found, stores=scope.store_ids, block="buyer_group")
    coverage = dict(zip(orders.stores, _coverage(orders), strict=True))
    unknown = _unidentified(session, coverage)
    returning = returning_rows(session, scope, coverage=coverage, unknown=unknown)
    switched = _switching.compare(session, scope, coverage=coverage, unknown=unknown)
    return {
        **switched,
        **overlap_tables(session, scope, found, coverage=coverage, unknown=unknown),
        "buyer_flows": buyer_flows(session, scope),
        **_openings_of_stores.rows(session, scope),
        "metrics": pl.concat([returning.rows, switched["metrics"]]),
        "differences": all_differences(scope, [returning]),
        **needs(session, scope, coverage=coverage, unknown=unknown),
    }


def needs(
    session: Session, scope: Scope, *, coverage: Mapping[str, float], unknown: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """Rows of `segments`, `diversion` and `pairs`: orders are dealt, so guests take part."""
    without = {store: why for store, why in unknown.items() if np.isnan(coverage[store])}
    history = _without_history(session, scope, coverage=coverage, unknown=unknown)
    sets = _segments.read(session, scope, unknown=without, history=history)
    members = session.run(sqlfile.find("consumers/buyer_scopes"))
    ids = _buyers.scopes(scope, dict(members.iter_rows()))
    return {
        "segments": _segments.share_rows(scope, sets),
        "diversion": _diversion.index_rows(scope, sets, ids=ids),
        "pairs": _need_mixes.need_pairs(session, scope, sets, unknown=without, ids=ids),
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
        elif share < _buyers.LEAST_COVERAGE:
            found[store] = "reason.few_buyer_ids"
    return found


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
    blocks = pivot(_returning(session, scope), stores=scope.store_ids, block="buyer_group")
    reasons = _without_history(session, scope, coverage=coverage, unknown=unknown)
    frame = ratio_rows(
        "returning_buyer_share", blocks, numerator="returning", denominator="buyers", n="buyers",
        coverage=np.array([coverage[store] for store in scope.store_ids]),
    )  # fmt: skip
    told = _without(frame, reasons)
    return Estimate(told, ratio_spread(blocks, "returning", "buyers"))


def _returning(session: Session, scope: Scope) -> pl.DataFrame:
    """Buyers of each compared store, and those who had bought in it before, by group of buyers."""
    buyers = session.run(sqlfile.find("consumers/buyers_by_history"))
    bits = session.run(sqlfile.find("consumers/compared_bits"))
    found = [pl.DataFrame(schema=_RETURNING)]
    for circle in bits["circle"].unique().sort():
        mine = buyers.filter(circle=circle)
        for store, mask in _buyers.masks(bits, circle).items():
            now, back = (
                _buyers.reached(mine[name], {store: mask}, (store,))[:, 0]
                for name in ("bought", "bought_before")
            )
            found.append(mine.select(
                "buyer_group", store_id=pl.lit(store),
                buyers=pl.col("buyers") * pl.Series(now),
                returning=pl.col("buyers") * pl.Series(now & back),
            ))  # fmt: skip
    return pl.concat(found)


def _without_history(
    session: Session, scope: Scope, *, coverage: Mapping[str, float], unknown: Mapping[str, str]
) -> dict[str, str]:
    """Stores of which it cannot be told who had bought before, with the reason."""
    late = _no_history(scope)
    return {
        **_moved(session, scope, coverage),
        **({} if late is None else dict.fromkeys(scope.store_ids, late)),
        **unknown,
    }


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
        if abs(shares.get(store, np.nan) - coverage[store]) > _buyers.COVERAGE_MOVES
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
