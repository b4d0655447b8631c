"""Loyalty and exchange: whether the next order of a buyer stays, and where those go who leave.

Two numbers with two nulls. Loyalty is held against dealing all orders of a week and category to
their buyers. Exchange looks at those who leave alone, and is held against the shares of the stores
they could go to: loyal buyers make no exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers, _switch_flows
from channelscope.dimensions._switch_flows import Flows, Lifts, Nulls
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import quotient, rows
from channelscope.results import TABLES

FEWEST_STORES = 3
"""Between two stores, whoever leaves one can only go to the other."""

Row = dict[str, Any]


def compare(
    session: Session, scope: Scope, *, coverage: Mapping[str, float], unknown: Mapping[str, str]
) -> dict[str, pl.DataFrame]:
    """The tables `switching` and `exchange`, and the rows of `metrics` of loyalty."""
    members = session.run(sqlfile.find("consumers/buyer_scopes"))
    ids = _buyers.scopes(scope, dict(members.iter_rows()))
    found = session.run(sqlfile.find("consumers/switched_orders"))
    reasons = {**_moved(session, coverage), **unknown}
    one_way: list[Row] = []
    both_ways: list[Row] = []
    for name in sorted({known for known in ids.values() if known is not None}):
        flows = _switch_flows.read(found.filter(scope=name), scope=scope, name=name, ids=ids)
        if flows.places > 1:
            nulls = flows.nulls()
            one_way.extend(_one_way(flows, nulls, coverage, reasons))
            both_ways.extend(_both_ways(flows, nulls, coverage, reasons))
    tables = {"switching": one_way, "exchange": both_ways}
    made = {
        table: pl.DataFrame(told, schema=TABLES[table], strict=False).with_columns(
            pl.col(pl.Float64).fill_nan(None)
        )
        for table, told in tables.items()
    }
    return {**made, "metrics": _loyalty(made["switching"], scope, unknown)}


def _moved(session: Session, coverage: Mapping[str, float]) -> dict[str, str]:
    """Stores whose buyers are known for another part of orders than in the days before."""
    before = session.run(sqlfile.find("consumers/identified_recently"))
    return {
        store: "reason.coverage_moved_recently"
        for store, orders, known in before.iter_rows()
        if orders
        and known is not None
        and abs(known / orders - coverage.get(store, np.nan)) > _buyers.COVERAGE_MOVES
    }


def _one_way(
    flows: Flows, nulls: Nulls, coverage: Mapping[str, float], reasons: Mapping[str, str]
) -> Iterator[Row]:
    """Every store to itself and to each other one."""
    lifts = nulls.one_way()
    kept, left = (sums.sum(axis=(0, 1)) for sums in (flows.before, flows.leaving))
    for i, j in np.ndindex(flows.compared, flows.compared):
        ends = flows.stores[i], flows.stores[j]
        row = {"scope": flows.scope, "from_store": ends[0], "to_store": ends[1],
               "coverage": float(np.min([coverage[store] for store in ends]))}  # fmt: skip
        reason = next((reasons[store] for store in ends if store in reasons), None)
        base = (kept if i == j else left)[i]
        if reason is None:
            row |= {"orders": int(lifts.observed[i, j]), "switches": int(base),
                    "expected_loyalty": nulls.by_size[0, i, j],
                    "share": float(quotient(lifts.observed[i, j], base))}  # fmt: skip
            reason = "reason.two_stores" if i != j and flows.places < FEWEST_STORES else None
        if reason is None:
            row |= {"expected_exchange": nulls.elsewhere[0, i, j],
                    "chance": float(quotient(lifts.expected[i, j], base))}  # fmt: skip
            row |= _told(lifts, i, j, flows)
            reason = _why_not(row, base, is_gone=bool(lifts.gone[i, j]))
        yield {**row, "outcome_reason": reason}


def _both_ways(
    flows: Flows, nulls: Nulls, coverage: Mapping[str, float], reasons: Mapping[str, str]
) -> Iterator[Row]:
    """Every two compared stores once, both directions added up."""
    lifts = nulls.both_ways()
    left = flows.leaving.sum(axis=(0, 1))
    for i, j in np.ndindex(flows.compared, flows.compared):
        ends = flows.stores[i], flows.stores[j]
        if ends[0] >= ends[1]:
            continue
        row = {"scope": flows.scope, "store_a": ends[0], "store_b": ends[1],
               "coverage": float(np.min([coverage[store] for store in ends]))}  # fmt: skip
        reason = next((reasons[store] for store in ends if store in reasons), None)
        if reason is None:
            row |= {"orders": int(lifts.observed[i, j]), "switches": int(left[[i, j]].sum()),
                    "sales": flows.sales[i, j] + flows.sales[j, i]}  # fmt: skip
            reason = "reason.two_stores" if flows.places < FEWEST_STORES else None
        if reason is None:
            row |= {"expected": lifts.expected[i, j], **_told(lifts, i, j, flows)}
            reason = _why_not(row, left[[i, j]].sum(), is_gone=bool(lifts.gone[i, j]))
        yield {**row, "outcome_reason": reason}


def _told(lifts: Lifts, i: int, j: int, flows: Flows) -> Row:
    free = lifts.free[i, j] if flows.tells_rates else np.nan
    return {"lift": lifts.value[i, j], "lo": lifts.lo[i, j], "hi": lifts.hi[i, j],
            "p_value": lifts.p_value[i, j], "lift_free": free}  # fmt: skip


def _why_not(row: Row, base: float, *, is_gone: bool) -> str | None:
    """Why stores whose buyers are known have no lift, none with an interval, or none to claim."""
    if not base:
        return "reason.no_next_orders"
    if np.isnan(row["lo"]):
        return "reason.few_switches"
    return "reason.unequal_loyalty" if is_gone else None


def _loyalty(switching: pl.DataFrame, scope: Scope, unknown: Mapping[str, str]) -> pl.DataFrame:
    """Rows of `metrics`: what stands on the diagonal, and why it does not where it does not."""
    stays = switching.filter(pl.col("from_store") == pl.col("to_store"))
    told = pl.DataFrame({"from_store": scope.store_ids}).join(
        stays, on="from_store", how="left", maintain_order="left"
    )
    value, lo, hi, n, coverage = (
        told[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("lift", "lo", "hi", "switches", "coverage")
    )
    n = np.where(np.isnan(value), np.nan, n)
    made = rows("loyalty", scope.store_ids, value=value, lo=lo, hi=hi, n=n, coverage=coverage)
    alone = [unknown.get(store, "reason.no_shared_ids") for store in scope.store_ids]
    why = pl.when(pl.col("value").is_null()).then(pl.lit(pl.Series(alone)))
    return made.with_columns(
        outcome_reason=pl.coalesce(told["outcome_reason"], why).cast(pl.String)
    )
