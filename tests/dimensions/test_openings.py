"""Openings on small cubes: what is described, what is estimated, and why neither is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions._openings_of_stores import rows
from channelscope.domain import Period, Scope, Store
from tests.dimensions.small_cubes import scope, session

FIRST, OPENED = date(2025, 1, 6), date(2026, 1, 5)
LAST = OPENED + timedelta(days=7 * 52 - 1)
CATEGORIES = ("pans", "knives", "plates", "cups")
GROWTH = {"F1": 1.2, "D1": 0.9}
Row = dict[str, Any]


def asked(*, last: date = LAST, first: date = FIRST, closed: date | None = None) -> Scope:
    opened = {"S1": OPENED}
    stores = tuple(
        Store(name, name, "flagship", "tmall", opened_on=opened.get(name),
              closed_on=closed if name == "D1" else None, members=(name,))
        for name in ("F1", "D1", "S1")
    )  # fmt: skip
    return replace(
        scope("F1"), stores=stores, data_first=first, data_end=last, period=Period(OPENED, last)
    )


def sold(store: str, category: str, week: int, amount: float) -> Row:
    return {"opened_id": "S1", "seller_id": store, "sku": category, "week": week, "lines": 4,
            "paid_amount": amount, "squares": amount**2 / 4000}  # fmt: skip


def sales(*, lost: float = 0.5, early: float = 0.0) -> list[Row]:
    """S1 sells pans for 100 a week; F1 loses a part of that, D1 nothing; `early`: lost before."""
    found = []
    for week in range(-52, 52):
        wave = 1 + 0.1 * (week % 52 // 13)
        for store, growth in GROWTH.items():
            for at, category in enumerate(CATEGORIES):
                usual = (400 + 100 * at) * wave * (growth if week >= 0 else 1)
                if (store, category) == ("F1", "pans"):
                    usual -= 100 * lost if week >= 0 else early * (week >= -26)
                found.append(sold(store, category, week, usual))
        if week >= 0:
            found.append(sold("S1", "pans", week, 100))
    return found


def products() -> dict[str, list[Row]]:
    return {
        "products": [
            {"sku": name, "category": name, "launched_on": date(2020, 1, 1)} for name in CATEGORIES
        ]
    }


BUYERS = [
    {"opened_id": "S1", "habit": "kept", "from_store": "F1", "orders_short": 6, "orders_long": 8,
     "buyers_short": 3, "buyers_long": 4, "paid_short": 30, "paid_long": 75},
    {"opened_id": "S1", "habit": "brand_new", "from_store": None, "orders_short": 1,
     "orders_long": 2, "buyers_short": 1, "buyers_long": 2, "paid_short": 10, "paid_long": 25},
]  # fmt: skip
GUESTS = {"opened_id": "S1", "habit": "unknown", "from_store": None, "orders_short": 0,
          "orders_long": 10, "buyers_short": 0, "buyers_long": 0, "paid_short": 0,
          "paid_long": 900}  # fmt: skip


def days(before: int = 90, since: int = 80) -> list[Row]:
    """Of 100 orders of F1 before the opening and 100 since, so many name their buyer."""
    return [
        {"store_id": "F1", "day": day, "orders": 100, "known_orders": known}
        for day, known in ((OPENED - timedelta(days=1), before), (OPENED, since))
    ]


def told(of: Scope | None = None, **tables: Iterable[Mapping[str, Any]]) -> dict[str, pl.DataFrame]:
    given = {
        "opening_sales": sales(), "opening_buyers": BUYERS, "member_store_days": days(),
        "stores": [{"store_id": name, "platform": "tmall"} for name in ("F1", "D1", "S1")],
        **products(), **tables,
    }  # fmt: skip
    of = of or asked()
    return rows(session(of, **given), of)


def whole(frame: pl.DataFrame, method: str, horizon: str = "long") -> dict[str | None, Row]:
    kept = frame.filter(method=method, horizon=horizon, category="all", price_tier="all")
    return {row["from_store"]: row for row in kept.to_dicts()}


def test_a_loss_is_found_where_it_is_and_nowhere_else() -> None:
    found = told()
    for horizon, weeks in (("short", 13), ("long", 26)):
        panel = whole(found["openings"], "panel", horizon)
        f1, d1 = panel["F1"], panel["D1"]
        assert f1["share"] == pytest.approx(0.5)
        assert d1["share"] == pytest.approx(0, abs=1e-9)
        assert (f1["outcome"], d1["outcome"]) == ("differs", "same")
        assert (f1["weeks"], f1["n"], f1["coverage"]) == (weeks, 4 * weeks, 1)
        assert f1["amount"] == pytest.approx(50 * weeks)
        assert f1["expected"] - f1["sold"] == pytest.approx(50 * weeks)
        assert f1["p_value"] <= f1["p_adjusted"] <= 0.05
        # Three controls bear no placebo of their own: that would leave two. One is the date.
        assert (f1["placebos"], f1["placebos_off"]) == (1, 0)


def test_the_path_is_zero_before_and_the_loss_since() -> None:
    path = told()["opening_weeks"].filter(from_store="F1")
    assert path["first_week"].to_list() == list(range(-24, 48, 4))
    early, since = path.filter(pl.col("first_week") < 0), path.filter(pl.col("first_week") >= 0)
    assert early["share"].to_list() == pytest.approx([0] * 6, abs=1e-9)
    assert since["share"].to_list() == pytest.approx([0.5] * 12)
    assert ((early["lo"] < 0) & (early["hi"] > 0)).all()


def test_sales_that_had_fallen_before_are_no_loss_to_the_opening() -> None:
    """F1 sells 60 less of pans from half a year before: the weeks before tell it."""
    fell = []
    for row in sales(lost=0.0):
        less = 60 if (row["seller_id"], row["sku"]) == ("F1", "pans") and row["week"] >= -26 else 0
        paid = row["paid_amount"] - less
        fell.append({**row, "paid_amount": paid, "squares": paid**2 / 4000})
    f1 = whole(told(opening_sales=fell)["openings"], "panel")["F1"]
    assert f1["share"] > 0.25
    assert (f1["outcome"], f1["outcome_reason"]) == ("unclear", "reason.placebo_not_zero")
    assert f1["placebos_off"] == 1


def test_too_few_other_categories_tell_nothing() -> None:
    few = [row for row in sales() if row["sku"] != "cups"]
    rows_ = told(opening_sales=few)["openings"].filter(method="panel")
    assert set(rows_["outcome_reason"]) == {"reason.no_category_variation"}
    assert rows_["share"].null_count() == rows_.height
    # A store of its own that lacks them is not told, the other is.
    less = [row for row in sales() if (row["seller_id"], row["sku"]) != ("D1", "cups")]
    panel = whole(told(opening_sales=less)["openings"], "panel")
    assert panel["D1"]["outcome_reason"] == "reason.no_category_variation"
    assert panel["F1"]["outcome"] == "differs"
    none = [row for row in sales() if (row["seller_id"], row["sku"]) != ("D1", "pans")]
    panel = whole(told(opening_sales=none)["openings"], "panel")
    assert panel["D1"]["outcome_reason"] == "reason.sells_nothing_there"


def test_dates_that_do_not_suffice_are_said() -> None:
    early = asked(first=OPENED - timedelta(days=150))
    late = asked(last=OPENED + timedelta(days=50))
    for of, reason in (
        (early, "reason.no_year_before_opening"), (late, "reason.few_weeks_after_opening"),
        (asked(closed=OPENED + timedelta(days=60)), "reason.other_opening"),
    ):  # fmt: skip
        (row,) = told(of)["openings"].filter(method="panel").to_dicts()
        assert (row["outcome"], row["outcome_reason"]) == ("not_identifiable", reason)
        assert row["share"] is None
    assert told(asked(last=OPENED + timedelta(days=7 * 12 - 1)))["openings"].filter(
        method="panel", horizon="long"
    )["outcome_reason"].to_list() == ["reason.few_weeks_after_opening"]


@pytest.mark.parametrize(("weeks", "reason"), [(13, None), (12, "reason.opened_lately")])
def test_who_goes_on_buying_elsewhere_is_not_known_of_a_store_just_opened(
    weeks: int, reason: str | None
) -> None:
    lately = asked(last=OPENED + timedelta(days=7 * weeks - 1))
    found = told(lately)["openings"].filter(method="history").to_dicts()
    assert {row["outcome_reason"] for row in found} == {reason}
    assert all((row["share"] is None) is (reason is not None) for row in found)


def test_history_is_shares_of_what_known_buyers_paid() -> None:
    history = whole(told()["openings"], "history")
    assert {name: row["share"] for name, row in history.items()} == {
        "brand_new": 0.25, "kept:F1": 0.75,
    }  # fmt: skip
    assert (history["kept:F1"]["n"], history["kept:F1"]["weeks"]) == (4, 26)
    assert history["kept:F1"]["coverage"] == 0.8  # the smallest of 10 of 10, 90 and 80 of 100
    assert history["kept:F1"]["outcome"] is None
    assert whole(told()["openings"], "history", "short")["kept:F1"]["share"] == 0.75


@pytest.mark.parametrize(
    ("tables", "of", "reason", "coverage"),
    [
        ({"opening_buyers": [*BUYERS, {**GUESTS, "orders_long": 11}]}, None,
         "reason.few_buyer_ids", 10 / 21),
        ({"opening_buyers": [*BUYERS, GUESTS]}, None, None, 0.5),
        ({"member_store_days": days(since=49)}, None, "reason.few_buyer_ids", 0.49),
        ({"member_store_days": days(before=90, since=79)}, None,
         "reason.coverage_moved_since_opening", 0.79),
        ({"member_store_days": []}, None, "reason.alone_in_scope", 1.0),
        ({"opening_buyers": []}, None, "reason.no_sales", None),
        ({}, asked(first=OPENED - timedelta(days=181)), "reason.no_history_of_opening", 0.8),
        ({}, asked(first=OPENED - timedelta(days=182)), None, 0.8),
    ],
)  # fmt: skip
def test_history_needs_buyers_that_are_known_alike(
    tables: dict[str, list[Row]], of: Scope | None, reason: str | None, coverage: float | None
) -> None:
    rows_ = told(of, **tables)["openings"].filter(method="history", horizon="long")
    assert set(rows_["outcome_reason"]) == {reason}
    assert rows_["coverage"][0] == (None if coverage is None else pytest.approx(coverage))
    assert rows_["share"].null_count() == (0 if reason is None else rows_.height)


def test_without_an_opening_there_is_nothing() -> None:
    of = replace(asked(), stores=asked().stores[:2])
    found = told(of)
    assert found["openings"].is_empty()
    assert found["opening_weeks"].is_empty()
