"""Openings, described: where the buyers of a new store had bought before. No effect of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers
from channelscope.domain import Outcome, Scope, Store
from channelscope.engine.duckdb import Session
from channelscope.results import TABLES
from channelscope.trading import LONG, SHORT, opened_stores

Row = dict[str, Any]
WEEKS_BEFORE = 26
"""Fewer weeks of data before an opening make old buyers look new."""
HORIZONS = {"short": SHORT, "long": LONG}
EVERYTHING = "all"


def history_rows(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `openings` with the method `history`; what the data cannot tell, with the reason."""
    opened = opened_stores(scope)
    buyers = session.run(sqlfile.find("consumers/opening_sources"))
    ids = session.run(sqlfile.find("consumers/opening_coverage"))
    stores = {store.store_id: store for store in scope.every_store}
    rows = [
        {"store_id": name, "method": "history", "category": EVERYTHING, "price_tier": EVERYTHING,
         **row}
        for name in opened["opened_id"]
        for row in _of_store(
            stores[name], scope, buyers.filter(opened_id=name), ids.filter(opened_id=name)
        )
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["openings"])


def _of_store(store: Store, scope: Scope, buyers: pl.DataFrame, ids: pl.DataFrame) -> Iterator[Row]:
    for horizon, weeks in HORIZONS.items():
        known = min(weeks, _weeks_since(store, scope.data_end))
        if horizon == "long" and known <= SHORT:
            continue
        part = buyers.filter(horizon=horizon)
        coverage, reason = _coverage(part, ids)
        reason = _by_dates(store, scope) or reason
        told = {"horizon": horizon, "weeks": known, "coverage": coverage}
        if reason:
            yield {**told, "outcome": str(Outcome.NOT_IDENTIFIABLE), "outcome_reason": reason}
            continue
        for row in part.filter(pl.col("share").is_not_null()).iter_rows(named=True):
            yield {
                **told, "from_store": row["source"], "share": row["share"], "n": row["buyers"],
                "amount": row["amount"],
            }  # fmt: skip


def _weeks_since(store: Store, last: date) -> int:
    assert store.opened_on is not None
    return ((last - store.opened_on).days + 1) // 7


def _by_dates(store: Store, scope: Scope) -> str | None:
    """Why the days before or after the opening are too few."""
    assert store.opened_on is not None and scope.data_first is not None
    if _weeks_since(store, scope.data_end) < SHORT:
        return "reason.opened_lately"
    early = (store.opened_on - scope.data_first).days < 7 * WEEKS_BEFORE
    return "reason.no_history_of_opening" if early else None


def _coverage(part: pl.DataFrame, ids: pl.DataFrame) -> tuple[float | None, str | None]:
    """The smallest share of orders whose buyer is known, and why that is too few."""
    orders = int(part["orders"].sum())
    if not orders:
        return None, "reason.no_sales"
    here = int(part.filter(pl.col("source") != "unknown")["orders"].sum()) / orders
    row = ids.row(0, named=True)
    if not row["orders_before"]:
        return here, "reason.alone_in_scope"
    shares = [row[f"known_{when}"] / row[f"orders_{when}"]
              for when in ("before", "since") if row[f"orders_{when}"]]  # fmt: skip
    least = min(here, *shares)
    if least < _buyers.LEAST_COVERAGE:
        return least, "reason.few_buyer_ids"
    moved = max(shares) - min(shares) > _buyers.COVERAGE_MOVES
    return least, "reason.coverage_moved_since_opening" if moved else None
