"""What is left of list price: discounts, platform money, refunds and costs, exact to the cent."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.results import TABLES
from channelscope.stats.rounding import round_to_total

CENT = Decimal("0.01")
Row = dict[str, Any]


def pocket_waterfall(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `pocket_waterfall`: the steps of every store; one row for a store without orders."""
    schema = TABLES["pocket_waterfall"]
    if "order_lines" not in scope.present:
        return pl.DataFrame(schema=schema)
    found = session.run(
        sqlfile.find("price/pocket_amounts"),
        {
            "first": scope.period.first,
            "last": scope.period.last,
            "merchant_basis": scope.basis.with_platform_money,
            "less_refunds": scope.basis.net_of_refunds,
        },
    )
    stores = {
        str(store): to_the_cent(rows.to_dicts())
        for (store,), rows in found.group_by("store_id", maintain_order=True)
    }
    shelf = set(session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"])
    told: list[Row] = []
    for store in scope.store_ids:
        told += stores.get(store) or [_silent(store, seen=store in shelf)]
    return pl.DataFrame(told, schema=schema, infer_schema_length=None)


def to_the_cent(rows: list[Row]) -> list[Row]:
    """The steps of one store in whole cents: between two known totals they sum to the difference.

    A total that is not known does not part the steps around it; after the last known total every
    step is rounded on its own.
    """
    money: dict[int, Decimal] = {
        at: _cents(row["amount"])
        for at, row in enumerate(rows)
        if row["is_total"] and row["amount"] is not None
    }
    totals = sorted(money)
    for first, last in zip(totals, [*totals[1:], len(rows)], strict=True):
        steps = {
            at: rows[at]["amount"]
            for at in range(first + 1, last)
            if rows[at]["amount"] is not None and not rows[at]["is_total"]
        }
        end = money.get(last)
        money |= _apart(steps) if end is None else _together(steps, end - money[first])
    share_of = money[0] if rows and money.get(0) else None
    return [_told(row, money.get(at), share_of) for at, row in enumerate(rows)]


def _apart(steps: Mapping[int, float]) -> dict[int, Decimal]:
    return {at: _cents(amount) for at, amount in steps.items()}


def _together(steps: Mapping[int, float], total: Decimal) -> dict[int, Decimal]:
    if not steps:
        return {}
    found = round_to_total(np.array(list(steps.values())), float(total))
    return {at: int(cents) * CENT for at, cents in zip(steps, found.cents, strict=True)}


def _cents(amount: float) -> Decimal:
    """Whole cents, a half away from zero; what a double holds beyond its 12 digits is noise."""
    return Decimal(f"{amount:.6f}").quantize(CENT, rounding=ROUND_HALF_UP)


def _told(row: Row, amount: Decimal | None, of: Decimal | None) -> Row:
    share = None if amount is None or not of else float(amount) / float(of)
    return {**row, "amount": amount, "share_of_list": share}


def _silent(store: str, *, seen: bool) -> Row:
    """A store without orders: nothing is known, not even what it sells at list price."""
    reason = "reason.snapshots_only" if seen else "reason.no_sales"
    return {
        "store_id": store, "position": 1, "step": "list", "is_total": True, "amount": None,
        "share_of_list": None, "outcome_reason": reason,
    }  # fmt: skip
