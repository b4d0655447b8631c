"""Loyalty and exchange: whether the next order of a buyer stays, and where those go who leave.

Two numbers with two nulls. Loyalty is held against dealing all orders of a week and category to
their buyers. Exchange looks at those who leave alone, and is held against the shares of the stores
they could go to: loyal buyers make no exchange.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import NO_WIDTH, Floats, quotient, rows
from channelscope.results import TABLES
from channelscope.stats.arrays import Ints
from channelscope.stats.resampling import Scale, jackknife, leave_one_out
from channelscope.stats.switching import dealt, exchanged
from channelscope.stats.tails import t_p

FEWEST_STORES = 3
"""Between two stores, whoever leaves one can only go to the other."""
FEWEST_EXPECTED = 10
"""Fewer orders by chance do not bear an interval on the scale of a ratio."""
COVERAGE_MOVES = 0.10
"""Ids kept for so much more or less of the orders than before the period make chains of orders
longer or shorter."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Flows:
    """Known orders of one scope. Shapes: G buyer groups, C cells, S stores; compared ones first."""

    scope: str
    stores: tuple[str, ...]
    compared: int
    orders: Floats
    """By their own store (G, C, S)."""
    before: Floats
    """Those that follow another one, by its store (G, C, S)."""
    leaving: Floats
    """Those of them that were made at another store (G, C, S)."""
    between: Floats
    """From store to store (G, S, S)."""
    sales: Floats
    """The same in money (S, S)."""

    @property
    def places(self) -> int:
        """How many stores had known orders in the period."""
        return int((self.orders.sum(axis=(0, 1)) > 0).sum())


@dataclass(frozen=True, slots=True)
class Lifts:
    """Observed over expected orders. Shapes: (S, S)."""

    observed: Floats
    expected: Floats
    value: Floats
    lo: Floats
    hi: Floats
    p_value: Floats


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
        flows = _flows(found.filter(scope=name), scope=scope, name=name, ids=ids)
        if flows.places > 1:
            one_way.extend(_one_way(flows, coverage, reasons))
            both_ways.extend(_both_ways(flows, coverage, reasons))
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
        and abs(known / orders - coverage.get(store, np.nan)) > COVERAGE_MOVES
    }


def _flows(
    frame: pl.DataFrame, *, scope: Scope, name: str, ids: Mapping[str, str | None]
) -> Flows:
    compared = tuple(store for store in scope.store_ids if ids[store] == name)
    others = set(frame["from_id"]) | set(frame["to_id"])
    stores = (*compared, *sorted(others - {*compared, ""}))
    place = {store: at for at, store in enumerate(stores)} | {"": -1}
    origin, target = (
        frame[end].replace_strict(place, return_dtype=pl.Int64).to_numpy()
        for end in ("from_id", "to_id")
    )
    groups, group = np.unique(frame["buyer_group"].to_numpy(), return_inverse=True)
    cells, cell = np.unique(frame["cell"].to_numpy(), return_inverse=True)
    orders = frame["orders"].to_numpy().astype(np.float64)
    sales = frame["sales"].cast(pl.Float64).to_numpy()
    shape = len(groups), len(cells), len(stores)
    square = len(groups), len(stores), len(stores)
    back, left = origin >= 0, (origin >= 0) & (origin != target)
    return Flows(
        name, stores, len(compared),
        orders=_summed(orders, (group, cell, target), shape),
        before=_summed(orders * back, (group, cell, np.maximum(origin, 0)), shape),
        leaving=_summed(orders * left, (group, cell, np.maximum(origin, 0)), shape),
        between=_summed(orders * back, (group, np.maximum(origin, 0), target), square),
        sales=_summed(sales * back, (np.maximum(origin, 0), target), square[1:]),
    )  # fmt: skip


def _summed(values: Floats, places: tuple[Ints, ...], shape: tuple[int, ...]) -> Floats:
    at = np.ravel_multi_index(places, shape) if len(values) else np.zeros(0, dtype=np.int64)
    sums: Floats = np.bincount(at, weights=values, minlength=int(np.prod(shape))).reshape(shape)
    return sums


def _lifts(observed: Floats, expected: Floats) -> Lifts:
    """Shapes: (1 + G, S, S): of all groups of buyers, and without each."""
    lift = quotient(observed, expected)
    interval = jackknife(lift[0], lift[1:], scale=Scale.LOG)
    # Groups that never differ show no spread, which is not certainty.
    told = (interval.hi - interval.lo > NO_WIDTH * lift[0]) & (expected[0] >= FEWEST_EXPECTED)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(told, np.log(lift[0]), np.nan)
    p_value = t_p(logs, interval.standard_error, np.isfinite(lift[1:]).sum(axis=0) - 1)
    lo, hi = (np.where(told, end, np.nan) for end in (interval.lo, interval.hi))
    return Lifts(observed[0], expected[0], lift[0], lo, hi, np.where(told, p_value, np.nan))


def _with_deletions(blocks: Floats) -> Floats:
    return np.concatenate([blocks.sum(axis=0, keepdims=True), leave_one_out(blocks)])


def _one_way(
    flows: Flows, coverage: Mapping[str, float], reasons: Mapping[str, str]
) -> Iterator[Row]:
    """Every store to itself and to each other one."""
    orders, between = _with_deletions(flows.orders), _with_deletions(flows.between)
    by_size = dealt(_with_deletions(flows.before), orders)
    elsewhere = exchanged(_with_deletions(flows.leaving), orders)
    stays = np.eye(len(flows.stores), dtype=np.bool_)
    lifts = _lifts(between, np.where(stays, by_size, elsewhere))
    base = np.where(
        stays, flows.before.sum(axis=(0, 1))[:, None], flows.leaving.sum(axis=(0, 1))[:, None]
    )
    for i, j in np.ndindex(flows.compared, flows.compared):
        ends = flows.stores[i], flows.stores[j]
        row = {"scope": flows.scope, "from_store": ends[0], "to_store": ends[1],
               "coverage": min(coverage[store] for store in ends)}  # fmt: skip
        reason = next((reasons[store] for store in ends if store in reasons), None)
        if reason is None:
            row |= {"orders": int(between[0, i, j]), "switches": int(base[i, j]),
                    "expected_loyalty": by_size[0, i, j],
                    "share": float(quotient(between[0, i, j], base[i, j]))}  # fmt: skip
            reason = "reason.two_stores" if i != j and flows.places < FEWEST_STORES else None
        if reason is None:
            row |= {"expected_exchange": elsewhere[0, i, j],
                    "chance": float(quotient(lifts.expected[i, j], base[i, j]))}  # fmt: skip
            row |= _told(lifts, i, j)
            reason = _why_not(row, base[i, j])
        yield {**row, "outcome_reason": reason}


def _both_ways(
    flows: Flows, coverage: Mapping[str, float], reasons: Mapping[str, str]
) -> Iterator[Row]:
    """Every two compared stores once, both directions added up."""
    elsewhere = exchanged(_with_deletions(flows.leaving), _with_deletions(flows.orders))
    between = _with_deletions(flows.between)
    lifts = _lifts(*(way + np.swapaxes(way, 1, 2) for way in (between, elsewhere)))
    leaving = flows.leaving.sum(axis=(0, 1))
    for i, j in np.ndindex(flows.compared, flows.compared):
        ends = flows.stores[i], flows.stores[j]
        if ends[0] >= ends[1]:
            continue
        row = {"scope": flows.scope, "store_a": ends[0], "store_b": ends[1],
               "coverage": min(coverage[store] for store in ends)}  # fmt: skip
        reason = next((reasons[store] for store in ends if store in reasons), None)
        if reason is None:
            row |= {"orders": int(lifts.observed[i, j]), "switches": int(leaving[[i, j]].sum()),
                    "sales": flows.sales[i, j] + flows.sales[j, i]}  # fmt: skip
            reason = "reason.two_stores" if flows.places < FEWEST_STORES else None
        if reason is None:
            row |= {"expected": lifts.expected[i, j], **_told(lifts, i, j)}
            reason = _why_not(row, leaving[[i, j]].sum())
        yield {**row, "outcome_reason": reason}


def _told(lifts: Lifts, i: int, j: int) -> Row:
    return {"lift": lifts.value[i, j], "lo": lifts.lo[i, j], "hi": lifts.hi[i, j],
            "p_value": lifts.p_value[i, j]}  # fmt: skip


def _why_not(row: Row, base: float) -> str | None:
    """Why stores whose buyers are known have no lift, or none with an interval."""
    if not base:
        return "reason.no_next_orders"
    return "reason.few_switches" if np.isnan(row["lo"]) else None


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
