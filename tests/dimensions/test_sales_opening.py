"""Stores that traded for a part of the time: what is known of their growth and their best days."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import sales
from channelscope.domain import Scope
from tests.dimensions.small_cubes import MONDAY, scope, session, traded


def asked(*stores: str, **dates: tuple[date | None, date | None]) -> Scope:
    """The scope of some stores, with the days on which they opened and closed."""
    plain = scope(*stores)
    dated = [
        replace(s, opened_on=dates[s.store_id][0], closed_on=dates[s.store_id][1])
        if s.store_id in dates else s
        for s in plain.stores
    ]  # fmt: skip
    return replace(plain, stores=tuple(dated))


def compared(of: Scope, days: Sequence[Any]) -> dict[str, pl.DataFrame]:
    opened = session(of, store_days=days)
    found = sales.compare(opened, of)
    opened.close()
    return found


def metric(found: dict[str, pl.DataFrame], store: str, name: str) -> dict[str, Any]:
    return found["metrics"].filter(store_id=store, metric=name).row(0, named=True)


DAYS = [
    *(traded("F1", day, sales="1000.10", visitors=100, orders=10) for day in (0, 7, 14, 21)),
    *(traded("D1", day, sales="300.00", visitors=50, orders=5) for day in (0, 7, 14, 21)),
    *(traded("S1", day, sales="500.05", visitors=40, orders=4) for day in (14, 21)),
]
DAY = MONDAY + timedelta(days=14)


def test_a_closed_store_has_no_growth() -> None:
    before = [traded("D1", d - 364, sales="100") for d in (0, 20)]
    open_ = metric(compared(asked("F1", "D1"), DAYS + before), "D1", "growth")
    assert open_["value"] == pytest.approx(5)
    closed = compared(asked("F1", "D1", D1=(None, DAY)), DAYS + before)
    row = metric(closed, "D1", "growth")
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.closed_inside"
    assert metric(closed, "F1", "growth")["outcome_reason"] == "reason.no_full_year_before"


def test_concentration_counts_the_days_a_store_traded() -> None:
    # Ten days from the first sale to the last: the best tenth is one day, not three of 28.
    days = [traded("F1", 14 + day, sales="10") for day in range(9)] + [traded("F1", 23, sales="30")]
    row = metric(compared(asked("F1"), days), "F1", "concentration")
    assert row["value"] == pytest.approx(30 / 120)


def test_concentration_of_sales_that_came_back_is_not_known() -> None:
    days = [
        traded("F1", 0, sales="-20", paid="10"), traded("F1", 9, sales="15"),
        traded("D1", 0, sales="-15", paid="10"), traded("D1", 9, sales="15"),
    ]  # fmt: skip
    found = compared(asked("F1", "D1"), days)
    for store in ("F1", "D1"):
        row = metric(found, store, "concentration")
        assert row["value"] is None
        assert row["outcome_reason"] == "reason.net_sales_not_positive"
