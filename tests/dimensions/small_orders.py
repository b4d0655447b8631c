"""Orders and promotions of a few rows, for what holds one against the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from channelscope.answers import Answers
from channelscope.dimensions import _reconcile
from channelscope.domain import Scope
from tests.dimensions.small_cubes import MONDAY, scope, session

Row = dict[str, Any]
NOON = datetime.combine(MONDAY, datetime.min.time()) + timedelta(hours=12)
EVER = {"starts_at": NOON - timedelta(days=9), "ends_at": NOON + timedelta(days=90)}


def rule(promo_id: str, mechanism: str, benefit: float, store: str = "F", **fields: Any) -> Row:
    """A promotion that runs all the time and takes an amount off."""
    return {
        "store_id": store, "member_id": store, "promo_id": promo_id, "mechanism": mechanism,
        "benefit": benefit, "benefit_kind": "amount", **EVER, **fields,
    }  # fmt: skip


def rate(promo_id: str, mechanism: str, benefit: float, **fields: Any) -> Row:
    """A promotion that takes a part of the price off."""
    return rule(promo_id, mechanism, benefit, benefit_kind="rate", **fields)


def line(
    order: str,
    paid: float,
    *,
    number: int = 1,
    store: str = "F",
    sku: str = "pan",
    price: float = 100,
    qty: float = 1,
    **fields: Any,
) -> Row:
    """A line of an order; its buyer's group is made of the order's name."""
    booked = {name: _cents(at) for name, at in fields.items() if name.startswith("discount_")}
    return {
        "store_id": store, "member_id": store, "order_id": order, "line_no": number,
        "buyer_group": f"{sum(map(ord, order)) % 16:x}a", "ordered_at": NOON, "sku": sku,
        "category": "Pans", "pieces": round(qty * 1000), "list_price": _cents(price),
        "paid_amount": _cents(paid), "is_whole": True, **fields, **booked,
    }  # fmt: skip


def _cents(amount: float) -> int:
    return int(Decimal(str(amount)) * 100)


def opened(
    asked: Scope,
    *,
    lines: Iterable[Row],
    rules: Iterable[Row],
    currencies: Mapping[str, str] | None = None,
) -> Answers:
    """A session over these orders and rules."""
    ordered = sorted(lines, key=lambda r: (r["member_id"], r["order_id"], r["line_no"]))
    members = [member for store in asked.stores for member in store.members]
    stores = [{"store_id": s, "currency": (currencies or {}).get(s, "CNY")} for s in members]
    return session(asked, sampled_lines=ordered, running_promotions=list(rules), stores=stores)


def reconciled(
    *,
    lines: Iterable[Row],
    rules: Iterable[Row],
    of: Scope | None = None,
    sold: float = 100,
    currencies: Mapping[str, str] | None = None,
) -> dict[str, pl.DataFrame]:
    """What holding the orders against the rules gives."""
    asked = of or scope("F")
    held = opened(asked, lines=lines, rules=rules, currencies=currencies)
    found = _reconcile.reconcile(held, asked, sold=np.full(len(asked.stores), sold))
    held.close()
    return found


def of(found: Mapping[str, pl.DataFrame], mechanism: str = "all", store: str = "F") -> Row:
    """The row of a mechanism in `reconcile`."""
    rows = found["reconcile"].filter(store_id=store, mechanism=mechanism).to_dicts()
    assert len(rows) == 1, found["reconcile"]
    return rows[0]


def off(found: Mapping[str, pl.DataFrame]) -> list[tuple[str, int, Decimal]]:
    """The unreconciled lines, and by how much."""
    return list(found["unreconciled"].select("order_id", "line_no", "difference").iter_rows())
