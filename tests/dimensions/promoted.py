"""Stores that list one product at one price, and promotions by the day: for baskets and clashes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from channelscope.answers import Answers
from channelscope.domain import Scope
from tests.dimensions.small_cubes import MONDAY, scope, session, sold

Row = dict[str, Any]


def moment(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    """A moment of the period, whose first day is 0."""
    return datetime.combine(MONDAY + timedelta(days=day), time(hour, minute, second))


def offer(
    store: str, mechanism: str, benefit: float, *, days: tuple[int, int] = (0, 27), **fields: Any
) -> Row:
    """A promotion of a store from the first to the last of `days`; a rate unless told otherwise."""
    return {
        "promo_id": f"{store}-{mechanism}-{days[0]}-{benefit}", "store_id": store,
        "mechanism": mechanism, "benefit": benefit, "benefit_kind": "rate",
        "starts_at": moment(days[0]), "ends_at": moment(days[1], 23, 59, 59), **fields,
    }  # fmt: skip


def coupon(store: str, off: float, least: float, **fields: Any) -> Row:
    """A shop coupon from a threshold on."""
    return offer(store, "coupon_shop", off, benefit_kind="amount", threshold_kind="amount",
                 threshold=least, **fields)  # fmt: skip


def opened(
    promotions: Iterable[Row],
    *stores: str,
    weeks: Sequence[Row] | None = None,
    days: int = 28,
    **tables: Iterable[Row],
) -> tuple[Answers, Scope]:
    """A session over four weeks in which every store sells `a` at 100, unless `weeks` says."""
    asked = scope(*stores, days=days)
    lines = weeks if weeks is not None else [
        sold(store, "a", units=1, price=90, week=week, list_price=100)
        for store in stores for week in range(4)
    ]  # fmt: skip
    given = {"stores": [{"store_id": store} for store in stores], "sku_weeks": lines,
             "promotions": promotions, **tables}  # fmt: skip
    return session(asked, **given), asked
