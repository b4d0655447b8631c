"""Cubes of a few rows: what the tests of the dimensions are worked out on by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope import circles, contract, scoping, segment_sets, sqlfile, trading
from channelscope.answers import Answers
from channelscope.domain import Basis, Period, Scope, Store
from channelscope.member_frames import PER_MEMBER

MONDAY = date(2026, 1, 5)
"""First day of the periods the tests are worked out on: a Monday."""
CUBES = (
    "sku_weeks", "store_days", "shelf_weeks", "refund_lags", "cost_amounts", "sku_groups",
    "order_groups", "buyer_patterns", "buyer_quarters", "mechanism_groups", "sku_discounts",
    "shelf_days", "shelf_changes", "region_groups", "ship_regions", "threshold_groups",
    "unfunded_discounts", "sampled_lines", "running_promotions",
    "opening_buyers", "opening_sales", "need_groups", "segment_groups",
    "order_switches",
)  # fmt: skip
_TYPES: Mapping[str, Any] = {
    "VARCHAR": pl.String, "BIGINT": pl.Int64, "DOUBLE": pl.Float64, "DATE": pl.Date,
    "BOOLEAN": pl.Boolean, "DECIMAL(18,4)": pl.Decimal(18, 4), "DECIMAL(18,3)": pl.Decimal(18, 3),
    "DECIMAL(38,8)": pl.Decimal(38, 8),
    "TIMESTAMP": pl.Datetime("us"),
}  # fmt: skip


def scope(
    *stores: str,
    days: int = 28,
    data_end: date | None = None,
    present: Iterable[str] = ("order_lines",),
    **delta: float,
) -> Scope:
    """The stores as named, the first of them the reference, over `days` days."""
    last = MONDAY + timedelta(days=days - 1)
    return Scope(
        stores=tuple(
            Store(name, name, "flagship", "tmall", members=(name,)) for name in stores
        ),
        reference_id=stores[0],
        period=Period(MONDAY, last),
        data_end=data_end or last + timedelta(days=60),
        basis=Basis.PAID_NET,
        currency="CNY",
        present=frozenset(present),
        delta=scoping.smallest_differences(delta),
        seed=1,
    )  # fmt: skip


def frame(name: str, rows: Iterable[Mapping[str, Any]] = ()) -> pl.DataFrame:
    """Rows of a cube or a contract table; columns that are not given are null."""
    if name in contract.BY_NAME:
        types = {column.name: str(column.type) for column in contract.BY_NAME[name].columns}
    else:
        types = {output.name: output.type for output in sqlfile.find(name).outputs}
    schema = {column: _TYPES[type_] for column, type_ in types.items()}
    listed = [{column: row.get(column) for column in schema} for row in rows]
    unknown = {column for row in rows for column in row} - set(schema)
    assert not unknown, f"{name} has no {unknown}"
    return pl.DataFrame(listed, schema=schema, strict=False)


def session(scope: Scope, **tables: Iterable[Mapping[str, Any]]) -> Answers:
    """A session that holds the given rows, and every other table empty."""
    period = scope.period
    found = Answers(
        {
            "first": period.first, "last": period.last, "data_end": scope.data_end,
            "reference": scope.reference_id, "merchant_basis": False, "unit": "piece",
            "currency": scope.currency, "before_first": period.year_before.first,
            "switching_days": scope.switching_days,
        }
    )  # fmt: skip
    for name in (*CUBES, *(table.name for table in contract.TABLES)):
        found.register(name, frame(name, list(tables.get(name, ()))))
    for name, source in PER_MEMBER.items():
        given = tables.get(name, tables.get(source, ()))
        found.register(name, frame(source, list(given)))
    members = [(member, store.store_id) for store in scope.stores for member in store.members]
    found.register(
        "scope_members", pl.DataFrame(members, schema=["store_id", "compared_id"], orient="row")
    )
    positions = [
        {"store_id": store, "position": position}
        for position, store in enumerate(scope.store_ids, start=1)
    ]
    found.register("scope_stores", pl.DataFrame(positions))
    found.register("segment_sets", segment_sets.table({}))
    for name, days in trading.calendars(scope).items():
        found.register(name, days)
    stores = frame("stores", list(tables.get("stores", ())))
    found.register("store_bits", circles.store_bits(stores, scope.stores, {}))
    return found


def sold(
    store: str, sku: str, *, units: float, price: float, week: int = 0, list_price: float = 10
) -> dict[str, Any]:
    """A cell of `sku_weeks`: pieces sold at a price in week 0, 1, … of the period."""
    monday = MONDAY + timedelta(weeks=week)
    paid = Decimal(str(round(units * price, 4)))
    return {
        "store_id": store, "sku": sku, "week_start": monday, "month_start": monday.replace(day=1),
        "first_day": monday, "lines": 1, "units": Decimal(str(units)), "sales": paid,
        "paid_amount": paid, "list_amount": Decimal(str(round(units * list_price, 4))),
    }  # fmt: skip


def seen(
    store: str, sku: str, *, list_price: float, activity: float, one_piece: float
) -> dict[str, Any]:
    """A cell of `shelf_weeks` in the first week."""
    return {
        "store_id": store, "sku": sku, "week_start": MONDAY, "month_start": MONDAY.replace(day=1),
        "observations": 1, "listed_observations": 1, "list_price": list_price,
        "activity_price": activity, "one_piece_price": one_piece,
    }  # fmt: skip


def traded(
    store: str,
    day: int,
    *,
    sales: str | Decimal,
    orders: int = 1,
    units: float = 1,
    visitors: int | None = None,
    paid: str | None = None,
    refunded: str | None = "0",
) -> dict[str, Any]:
    """A row of `store_days`: day 0 is the first of the period, negative days are before it."""
    amount = Decimal(sales)
    known = 0 if refunded is None else paid or amount
    return {
        "store_id": store, "day": MONDAY + timedelta(days=day), "orders": orders, "lines": orders,
        "units": Decimal(str(units)), "list_amount": amount, "sales": amount,
        "paid_amount": amount if paid is None else Decimal(paid),
        "refunded_amount": None if refunded is None else Decimal(refunded),
        "refund_known_paid": Decimal(known),
        "visitors": visitors, "tracked_orders": orders if visitors is not None else 0,
        "tracked_sales": amount if visitors is not None else Decimal(0),
    }  # fmt: skip
