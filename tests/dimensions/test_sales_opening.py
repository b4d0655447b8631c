"""Stores that opened or closed inside the period: told, never decomposed into factors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import sqlfile
from channelscope.dimensions import sales
from channelscope.domain import Scope
from tests.dimensions.small_cubes import MONDAY, scope, session, traded

LAST = MONDAY + timedelta(days=27)


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
    opened.register("bridge", found["bridge"])
    found["figure"] = opened.run(sqlfile.find("sales/sales_decomposition"))
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


@pytest.mark.parametrize(
    ("dates", "factor"), [((DAY, None), "opened:S1"), ((None, DAY), "closed:S1")]
)
def test_a_store_open_for_a_part_is_one_bar(
    dates: tuple[date | None, date | None], factor: str
) -> None:
    found = compared(asked("F1", "D1", "S1", S1=dates), DAYS)
    row = found["bridge"].filter(to_id="S1").to_dicts()
    assert len(row) == 1
    assert (row[0]["factor"], row[0]["effect"]) == (factor, Decimal("-3000.30"))
    assert (row[0]["lo"], row[0]["hi"], row[0]["lmdi_effect"]) == (None, None, None)
    others = found["bridge"].filter(to_id="D1")
    assert others["factor"].to_list() == ["visitor_days", "conversion", "order_value"]
    assert found["figure"].filter(store_id="S1")["factor"].to_list() == [factor]


def test_a_reference_open_for_a_part_is_decomposed_with_nobody() -> None:
    found = compared(asked("S1", "F1", "D1", S1=(DAY, None)), DAYS)
    assert found["bridge"]["factor"].to_list() == ["opened:S1", "opened:S1"]
    assert found["bridge"]["effect"].to_list() == [Decimal("3000.30"), Decimal("199.90")]


@pytest.mark.parametrize("dates", [(MONDAY, None), (None, LAST), (LAST + timedelta(1), None)])
def test_a_store_open_for_the_whole_period_is_decomposed(
    dates: tuple[date | None, date | None],
) -> None:
    found = compared(asked("F1", "D1", D1=dates), DAYS)
    assert found["bridge"].height == 3


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
