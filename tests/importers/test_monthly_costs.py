"""Costs by month: rates of what they were taken from, money of whole months."""

from __future__ import annotations

import datetime as dt
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Period
from channelscope.errors import UsageError
from channelscope.importers import figures
from channelscope.importers.layout import Layout, catalogue
from tests.importers import typed_rows

SHOP = catalogue()["sycm_shop_daily"]
LEDGER = catalogue()["alipay_bill"]
JAN, FEB, MAR = (dt.date(2026, month, 1) for month in (1, 2, 3))
FEBRUARY = Period(FEB, dt.date(2026, 2, 28))


def _costs(layout: Layout, *rows: dict[str, Any], span: Period | None = None) -> list[Any]:
    frame = typed_rows.figures(*rows)
    found = figures.tables(frame, store="F1", layout=layout, span=span)
    assert all(store == "F1" for store in found["costs"]["store_id"]) if found else True
    return found["costs"].drop("store_id").rows() if found else []


def _left_out(layout: Layout, *rows: dict[str, Any], span: Period | None = None) -> list[Any]:
    return figures.costs_left_out(typed_rows.figures(*rows), layout=layout, span=span).rows()


def _days(first: dt.date, count: int, **words: Any) -> list[dict[str, Any]]:
    return [{"date": first + dt.timedelta(days=n), **words} for n in range(count)]


def test_a_rate_is_the_cost_of_the_month_over_its_base() -> None:
    rows = [
        {"date": JAN, "cost_base": "100", "cost_affiliate": "9"},
        {"date": dt.date(2026, 1, 2), "cost_base": "300", "cost_affiliate": "1"},
        {"date": FEB, "cost_base": "50", "cost_affiliate": "0"},
    ]
    # Not the mean of the days' rates, 0.0467.
    assert _costs(SHOP, *rows) == [(JAN, "affiliate_rate", 0.025), (FEB, "affiliate_rate", 0.0)]


def test_money_needs_every_day_of_the_month() -> None:
    rows = [*_days(FEB, 28, cost_ad_spend="2.50"), *_days(MAR, 30, cost_ad_spend="1")]
    assert _costs(SHOP, *rows) == [(FEB, "ad_spend", 70.0)]
    assert _left_out(SHOP, *rows) == [(MAR, "ad_spend", "part_of_month")]


def test_a_day_whose_cost_is_not_known_leaves_the_month_unknown() -> None:
    spent = _days(FEB, 28, cost_ad_spend="2", cost_base="10", cost_affiliate="1")
    spent[3]["cost_ad_spend"] = spent[4]["cost_affiliate"] = None
    assert _costs(SHOP, *spent) == []
    assert _left_out(SHOP, *spent) == [
        (FEB, "ad_spend", "not_all_known"),
        (FEB, "affiliate_rate", "not_all_known"),
    ]


@pytest.mark.parametrize("base", [None, "0", "-5"])
def test_a_rate_without_a_base_is_not_known(base: str | None) -> None:
    row = {"date": JAN, "cost_base": base, "cost_affiliate": "2"}
    assert _costs(SHOP, row) == []
    assert _left_out(SHOP, row) == [(JAN, "affiliate_rate", "no_base")]


def test_a_day_without_a_base_leaves_the_rate_unknown() -> None:
    rows = [{"date": JAN, "cost_base": "5", "cost_affiliate": "2"},
            {"date": dt.date(2026, 1, 2), "cost_affiliate": "2"}]  # fmt: skip
    assert _left_out(SHOP, *rows) == [(JAN, "affiliate_rate", "no_base")]


def test_a_movement_of_a_ledger_has_only_its_own_parts() -> None:
    rows = [
        {"date": JAN, "cost_base": "1000"},
        {"date": JAN, "cost_commission": "-50"},
        {"date": JAN, "cost_payment_fee": "-6"},
        {"date": dt.date(2026, 1, 31), "cost_base": "-200"},
        {"date": dt.date(2026, 1, 31), "cost_commission": "10"},
        {"date": FEB, "cost_base": "100"},
    ]
    assert _costs(LEDGER, *rows) == [
        (JAN, "commission_rate", 0.05),
        (JAN, "payment_fee_rate", 0.0075),
    ]
    assert _left_out(LEDGER, *rows) == [
        (FEB, "commission_rate", "not_all_known"),
        (FEB, "payment_fee_rate", "not_all_known"),
    ]


def test_movements_of_one_day_add_up() -> None:
    rows = [{"date": JAN, "cost_base": "100", "cost_commission": "5"}] * 2
    assert _costs(LEDGER, *rows) == [(JAN, "commission_rate", 0.05)]


def test_money_of_a_ledger_needs_the_month_from_end_to_end() -> None:
    rows = [{"date": dt.date(2026, 2, day), "cost_other": "-4"} for day in (1, 27)]
    assert _costs(LEDGER, *rows) == []
    assert _left_out(LEDGER, *rows) == [(FEB, "other", "part_of_month")]
    assert _costs(LEDGER, *rows, span=FEBRUARY) == [(FEB, "other", 8.0)]
    assert _costs(LEDGER, *rows, {"date": MAR, "cost_base": "1"}) == [(FEB, "other", 8.0)]
    after = Period(dt.date(2026, 2, 2), dt.date(2026, 2, 28))
    assert _costs(LEDGER, rows[1], span=after) == []


def test_a_later_ledger_stands_for_the_days_it_covers() -> None:
    def ledger(sheet: int, *days: int) -> pl.DataFrame:
        rows = [{"date": dt.date(2026, 1, day), "cost_base": "100", "cost_commission": 10 ** sheet}
                for day in days]  # fmt: skip
        return typed_rows.figures(*rows, sheet=sheet)

    frame = pl.concat([ledger(0, 1, 5, 7, 20), ledger(1, 4, 8)])
    found = figures.tables(frame, store="F1", layout=LEDGER)["costs"]
    assert found["amount"].to_list() == [(1 + 1 + 10 + 10) / 400]


def test_costs_of_a_month_need_no_days() -> None:
    row = {"cost_platform_annual_fee": "30000"}
    assert _costs(SHOP, {"month": dt.date(2026, 2, 9), **row}) == [
        (FEB, "platform_annual_fee", 30000.0)
    ]
    assert _costs(LEDGER, row, span=FEBRUARY) == [(FEB, "platform_annual_fee", 30000.0)]
    half = Period(FEB, dt.date(2026, 2, 14))
    assert _left_out(LEDGER, row, span=half) == [(FEB, "platform_annual_fee", "part_of_month")]
    assert _left_out(SHOP, row, span=half) == [(FEB, "platform_annual_fee", "part_of_month")]
    rate = {"cost_commission": "5", "cost_base": "100"}
    assert _costs(SHOP, rate, span=half) == [(FEB, "commission_rate", 0.05)]


def test_a_ledger_of_days_takes_none_of_a_month_without_days() -> None:
    fee = typed_rows.figures({"month": FEB, "cost_platform_annual_fee": "30000"})
    days = [{"date": FEB, "cost_other": "1"}, {"date": FEBRUARY.last, "cost_other": "1"}]
    frame = pl.concat([fee, typed_rows.figures(*days, sheet=1)])
    found = figures.tables(frame, store="F1", layout=LEDGER)["costs"]
    assert found.select("kind", "amount").rows() == [
        ("other", 2.0),
        ("platform_annual_fee", 30000.0),
    ]


def test_costs_of_several_months_together_are_of_none() -> None:
    with pytest.raises(UsageError, match="of no single month"):
        _costs(LEDGER, {"cost_other": "1"}, span=Period(JAN, FEB))
