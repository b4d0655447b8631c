"""Weeks of a few products: what the tests of the bridges are worked out on by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.dimensions import _bridge
from channelscope.domain import Basis, Scope
from tests.dimensions.small_cubes import MONDAY, scope, session

Row = dict[str, Any]
WEEKS = 4


def goods(
    store: str,
    sku: str = "a",
    *,
    units: float = 10,
    price: float = 10,
    weeks: Sequence[int] = range(WEEKS),
    refunded: float = 0,
    platform: float | None = None,
    year: int = 0,
    **rates: float,
) -> list[Row]:
    """The same cell of `sku_discounts` in each week; rates are parts of list by mechanism."""
    listed = units * price
    cuts = {f"discount_{code}": _money(rate * listed) for code, rate in rates.items()}
    paid = _money(listed) - sum(cuts.values(), Decimal(0))
    return [
        {
            "store_id": store, "sku": sku, "span": "before" if year else "period",
            "week_start": _monday(week, year), "first_day": _monday(week, year),
            "units": _money(units),
            "list_amount": _money(listed), "paid_amount": paid,
            "platform_amount": None if platform is None else _money(platform),
            "refunded_amount": _money(refunded * float(paid)), **cuts,
        }
        for week in weeks
    ]  # fmt: skip


def visits(
    store: str,
    *,
    orders: int = 10,
    visitors: int | None = 100,
    weeks: Sequence[int] = range(WEEKS),
    year: int = 0,
) -> list[Row]:
    """One day of `store_days` in each week."""
    return [
        {
            "store_id": store, "day": _monday(week, year), "orders": orders, "visitors": visitors,
            "tracked_orders": orders if visitors is not None else 0, "lines": orders,
        }
        for week in weeks
    ]  # fmt: skip


def _monday(week: int, year: int) -> date:
    return MONDAY + timedelta(days=7 * week) - timedelta(days=364 * year)


def _money(amount: float) -> Decimal:
    return Decimal(str(round(amount, 4)))


def asked(*stores: str, basis: Basis = Basis.PAID_NET, history: bool = False) -> Scope:
    plain = replace(scope(*stores, days=7 * WEEKS), basis=basis)
    return replace(plain, data_first=plain.period.year_before.first) if history else plain


def bridged(
    of: Scope, cells: Iterable[Sequence[Row]], days: Iterable[Sequence[Row]]
) -> dict[str, pl.DataFrame]:
    """The bridges of some stores, from their cells and days."""
    opened = session(
        of,
        sku_discounts=[row for each in cells for row in each],
        store_days=[row for each in days for row in each],
    )
    found = _bridge.bridges(opened, of)
    opened.close()
    return found


def effects(
    found: Mapping[str, pl.DataFrame], end: str, start: str = "F1", table: str = "bridge"
) -> dict[str, float]:
    rows = found[table].filter(from_id=start, to_id=end).sort("position")
    return {factor: float(effect) for factor, effect in rows.select("factor", "effect").iter_rows()}


def sales(cells: Sequence[Row], *, net: bool = True) -> Decimal:
    return sum((r["paid_amount"] - r["refunded_amount"] * net for r in cells), Decimal(0))
