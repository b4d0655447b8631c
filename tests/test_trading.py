"""When a store opened and closed, and which days are compared with which."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope import comparison, scoping, trading
from channelscope.domain import Period, Store
from channelscope.errors import UsageError
from tests.dimensions.small_cubes import MONDAY, scope

DATA = Period(date(2026, 1, 1), date(2026, 12, 31))


def opening(
    opened: str, *, first: str = "2025-01-01", last: str = "2026-12-31", **others: str
) -> tuple[str | None, pl.DataFrame]:
    """Why S1, that opened then, cannot be measured, and the days around its opening."""
    day = date.fromisoformat
    stores = [Store("S1", "S1", "live", "tmall", opened_on=day(opened), members=("S1",))]
    stores += [
        Store(name, name, "live", "tmall", opened_on=day(when), members=(name,))
        for name, when in others.items()
    ]
    asked = replace(
        scope("F1"), stores=tuple(stores), data_first=day(first), data_end=day(last),
        period=Period(day(first), day(last)),
    )  # fmt: skip
    return trading.why_not_measured(stores[0], asked), trading.opening_days(asked)


def test_an_opening_needs_eight_weeks_that_are_known_a_year_before() -> None:
    reason, days = opening("2026-01-05", first="2025-01-06")
    assert reason is None
    assert days["week"].min() == -52
    assert days.filter(pl.col("day") == date(2026, 1, 5))["week"].item() == 0
    assert days.filter(pl.col("day") == date(2026, 1, 4))["week"].item() == -1
    assert days.filter(pl.col("day") == date(2026, 1, 12))["week"].item() == 1
    assert days["week"].value_counts().filter(week=0)["count"].item() == 7
    # Week 18 is the first of the last eight whose days a year before are known.
    assert opening("2025-09-01", first="2025-01-06")[0] is None
    assert opening("2025-09-01", first="2025-01-07")[0] == "reason.no_year_before_opening"
    assert opening("2026-11-06")[0] is None
    assert opening("2026-11-07")[0] == "reason.few_weeks_after_opening"
    assert opening("2026-11-07")[1].is_empty()


def test_two_openings_at_once_are_not_told_apart() -> None:
    assert opening("2026-03-02", S2="2026-07-01")[0] == "reason.other_opening"
    assert opening("2026-03-02", S2="2025-07-01")[0] == "reason.other_opening"
    assert opening("2026-03-02", S2="2026-09-01")[0] is None
    assert opening("2026-03-02", S2="2025-03-03")[0] is None  # open in all compared weeks
    assert opening("2026-03-02", S2="2025-03-04")[0] == "reason.other_opening"


def test_what_a_store_does_that_is_not_compared_counts_as_well() -> None:
    compared = (Store("S1", "S1", "flagship", "p", opened_on=date(2026, 3, 2)),)
    beside = Store("S2", "S2", "flagship", "p", opened_on=date(2026, 7, 1))
    asked = replace(
        scope("F1"), stores=compared, data_first=date(2025, 1, 6), data_end=date(2026, 12, 31)
    )
    assert trading.why_not_measured(compared[0], asked) is None
    aware = replace(asked, workspace_stores=(*compared, beside))
    assert trading.why_not_measured(compared[0], aware) == "reason.other_opening"


def dated(first: str, last: str, days: int, **declared: date) -> tuple[date | None, date | None]:
    """What is known of a store with orders on so many days from the first to the last."""
    sold = [date.fromisoformat(day) for day in (first, last)]
    counts = pl.DataFrame(
        {"store_id": ["S1"], "first_sale": sold[:1], "last_sale": sold[1:], "days_sold": [days]}
    )
    plain = Store("S1", "S1", "live", "tmall", members=("S1",))
    (found,) = trading.dated([replace(plain, **declared)], counts, DATA)
    return found.opened_on, found.closed_on


def test_a_store_opened_and_closed_with_its_orders_unless_somebody_says() -> None:
    assert dated("2026-03-01", "2026-09-30", 200) == (date(2026, 3, 1), date(2026, 9, 30))
    assert dated("2026-01-02", "2026-12-30", 300) == (None, None)
    # A declared day wins over the orders, but not over an order on the other side of it.
    opened, closed = date(2026, 2, 1), date(2026, 10, 31)
    assert dated("2026-03-01", "2026-09-30", 200, opened_on=opened) == (opened, date(2026, 9, 30))
    assert dated("2026-03-01", "2026-09-30", 200, closed_on=closed) == (date(2026, 3, 1), closed)
    assert dated("2026-01-20", "2026-11-30", 300, opened_on=opened, closed_on=closed) == (
        date(2026, 1, 20), date(2026, 11, 30),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "days", "came", "went"),
    [
        ("2026-01-08", "2026-12-24", 300, False, False),  # a week without an order at either end
        ("2026-01-09", "2026-12-23", 300, True, True),
        ("2026-02-01", "2026-11-30", 10, False, False),  # one order a month
        ("2026-08-01", "2026-08-31", 4, True, True),
        ("2026-08-01", "2026-08-01", 1, False, False),  # a single day tells nothing
    ],
)
def test_quiet_days_count_by_how_often_a_store_sells(
    first: str, last: str, days: int, came: bool, went: bool
) -> None:
    opened, closed = dated(first, last, days)
    assert (opened is not None, closed is not None) == (came, went)


def test_a_store_without_an_order_is_as_declared() -> None:
    none = pl.DataFrame(
        {"store_id": ["S1"], "first_sale": [None], "last_sale": [None], "days_sold": [0]}
    )
    plain = Store("S1", "S1", "live", "tmall", opened_on=date(2026, 5, 1))
    assert trading.dated([plain], none, DATA) == (plain,)
    assert trading.dated([plain], none.clear(), DATA) == (plain,)


def test_cells_are_weeks_cut_where_a_period_begins_and_stores_come_or_go() -> None:
    plain = scope("F1", "D1", days=14)
    thursday, saturday = MONDAY + timedelta(days=3), MONDAY + timedelta(days=5)
    stores = (replace(plain.stores[0], opened_on=thursday),
              replace(plain.stores[1], closed_on=saturday))  # fmt: skip
    tuesday = Period(MONDAY - timedelta(days=6), MONDAY - timedelta(days=1))
    of = replace(plain, stores=stores, against=tuesday)
    found = trading.calendar(of)
    cells = found.select("span", "week_start", "first_day").unique(maintain_order=True).rows()
    sunday, week = saturday + timedelta(days=1), timedelta(weeks=1)
    assert cells == [
        ("period", MONDAY, MONDAY), ("period", MONDAY, thursday), ("period", MONDAY, sunday),
        ("period", MONDAY + week, MONDAY + week), ("before", MONDAY - week, tuesday.first),
    ]  # fmt: skip
    assert found["day"].is_unique().all() and found.height == 20


@given(st.dates(date(2024, 1, 1), date(2026, 1, 1)), st.integers(1, 370))
def test_no_day_is_in_a_period_and_in_its_year_before(first: date, days: int) -> None:
    period = Period(first, first + timedelta(days=days - 1))
    earlier = period.year_before
    assert earlier.days == days
    assert earlier.last < first
    assert (first - earlier.first).days % 7 == 0 or days > 364


def test_the_year_before_a_period_of_years_is_none() -> None:
    early = date(2020, 1, 1)
    two_years = replace(
        scope("F1"), period=Period(date(2024, 1, 1), date(2025, 12, 31)), data_first=early
    )
    assert two_years.before is None
    assert comparison.why_no_year(two_years) == "off.over_a_year"
    young = replace(scope("F1"), data_first=MONDAY - timedelta(days=300))
    assert young.before is None
    assert comparison.why_no_year(young) == "off.no_year_before"
    known = replace(young, data_first=early)
    assert known.before == known.period.year_before
    assert comparison.why_no_year(known) == "off.no_orders_in_both"


ASKED = Period(date(2026, 6, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("first", "last"), [("2026-05-01", "2026-05-31"), ("2026-07-01", "2026-12-31")]
)
def test_any_other_days_may_be_asked_for(first: str, last: str) -> None:
    against = Period(date.fromisoformat(first), date.fromisoformat(last))
    assert scoping.check_against(against, period=ASKED, data=DATA) == against
    assert replace(scope("F1"), against=against).before == against


@pytest.mark.parametrize(
    ("first", "last", "told"),
    [
        ("2026-05-01", "2026-06-01", "days in common"),
        ("2026-06-30", "2026-07-31", "days in common"),
        ("2026-06-10", "2026-06-11", "days in common"),
        ("2025-12-31", "2026-01-31", "do not hold all days"),
        ("2026-12-01", "2027-01-01", "do not hold all days"),
    ],
)
def test_days_in_both_or_without_data_are_refused(first: str, last: str, told: str) -> None:
    against = Period(date.fromisoformat(first), date.fromisoformat(last))
    with pytest.raises(UsageError, match=told) as caught:
        scoping.check_against(against, period=ASKED, data=DATA)
    assert caught.value.where == "--against"
    assert caught.value.expected and caught.value.advice
    assert scoping.check_against(None, period=ASKED, data=DATA) is None
