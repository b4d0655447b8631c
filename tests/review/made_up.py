"""Sums of made-up stores, day by day."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal

import polars as pl

from channelscope import registry
from channelscope.domain import Base, Basis, Period, Scope, Store
from channelscope.review.sums import Sums
from channelscope.trading import PERIOD

NOW = Period(date(2026, 7, 1), date(2026, 8, 25))  # eight weeks
BEFORE = Period(date(2026, 5, 6), date(2026, 6, 30))
MONEY = pl.Decimal(18, 4)
SCHEMA = {
    "store_id": pl.String, "span": pl.String, "as_day": pl.Date, "orders": pl.Int64,
    "units": pl.Decimal(18, 3), "sales": MONEY, "paid_amount": MONEY, "refunded_amount": MONEY,
    "refund_known_paid": MONEY, "visitors": pl.Int64, "tracked_orders": pl.Int64,
}  # fmt: skip
Daily = Callable[[int], Mapping[str, float]]
"""What a store did on the n-th day of a span; nothing: no row."""


def store(name: str, **more: object) -> Store:
    """A store of the brand."""
    body = {"store_id": name, "name": name, "kind": "flagship", "platform": "tmall",
            "members": (name,), **more}  # fmt: skip
    return Store(**body)


def scope(*stores: Store, data_end: date = NOW.last, period: Period = NOW) -> Scope:
    """The stores in the period, beside the eight weeks before."""
    base = Base.side_by_side("previous", BEFORE, period)
    delta = {metric.id: metric.delta for metric in registry.METRICS}
    return Scope(
        stores=stores, reference_id=stores[0].store_id, period=period, data_end=data_end,
        basis=Basis.PAID_NET, currency="CNY", present=frozenset(), delta=delta, seed=1,
        bases=(base,), data_first=date(2024, 1, 1),
    )  # fmt: skip


def sums(these: Scope, daily: Mapping[tuple[str, str], Daily]) -> Sums:
    """Their sums; `daily` by store and span."""
    rows = []
    for (name, span), told in daily.items():
        for at in range(these.period.days):
            day = told(at)
            if day:
                rows.append({
                    "store_id": name, "span": span, "as_day": these.period.first + timedelta(at),
                    "orders": int(day.get("orders", 0)), "units": Decimal(day.get("orders", 0)),
                    "sales": Decimal(str(day.get("sales", 0))),
                    "paid_amount": Decimal(str(day.get("sales", 0) + day.get("back", 0))),
                    "refunded_amount": Decimal(str(day.get("back", 0))),
                    "refund_known_paid": Decimal(str(day.get("sales", 0) + day.get("back", 0))),
                    "visitors": int(day["visitors"]) if "visitors" in day else None,
                    "tracked_orders": int(day.get("orders", 0)) if "visitors" in day else 0,
                })  # fmt: skip
    return Sums(these, (PERIOD, "previous"), pl.DataFrame(rows, schema=SCHEMA))


def steady(sales: float, orders: float = 10, **more: float) -> Daily:
    """About the same every day, in some weeks a little more or less."""
    return lambda at: {
        "sales": round(sales * (1 + 0.01 * ((at // 7 + sales // 50) % 3 - 1)), 2),
        "orders": orders, **more,
    }  # fmt: skip
