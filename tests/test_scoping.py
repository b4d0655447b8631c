"""Which days, stores and reference are compared, and what a wrong name is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope import registry, scoping
from channelscope.domain import GroupBy, Period, Store
from channelscope.errors import UsageError

STORES = (
    Store("F1", "Flagship", "flagship", "tmall", operator="own", opened_on=date(2020, 1, 1)),
    Store("F2", "Flagship 2", "flagship", "jd", operator="own"),
    Store("D1", "Partner", "distributor", "tmall", operator="Chen", opened_on=date(2024, 5, 1)),
    Store("D2", "Partner 2", "distributor", "pdd", operator=None, opened_on=date(2023, 5, 1)),
)


def period(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("2024-10-01", "2026-09-30", period("2025-10-01", "2026-09-30")),
        ("2024-10-01", "2026-09-29", period("2025-09-01", "2026-08-31")),  # ends in mid-month
        ("2024-10-01", "2026-10-01", period("2025-10-01", "2026-09-30")),
        ("2023-01-01", "2024-02-29", period("2023-03-01", "2024-02-29")),  # a leap year's February
        ("2023-01-01", "2024-02-28", period("2023-02-01", "2024-01-31")),
        ("2025-01-01", "2025-12-31", period("2025-01-01", "2025-12-31")),  # over the year's end
        ("2026-03-10", "2026-06-30", period("2026-03-10", "2026-06-30")),  # less than a year
        ("2026-03-10", "2026-06-20", period("2026-03-10", "2026-05-31")),
        ("2026-06-03", "2026-06-20", period("2026-06-03", "2026-06-20")),  # no complete month
    ],
)
def test_default_period_is_the_last_twelve_complete_months(
    first: str, last: str, expected: Period
) -> None:
    assert scoping.choose_period(period(first, last), first=None, last=None) == expected


SPAN = period("2024-10-01", "2026-09-30")


def test_asked_days_win() -> None:
    asked = scoping.choose_period(SPAN, first=date(2025, 11, 1), last=date(2025, 11, 11))
    assert asked == period("2025-11-01", "2025-11-11")
    assert asked.days == 11


def test_one_asked_end_keeps_the_other_in_order() -> None:
    assert scoping.choose_period(SPAN, first=date(2026, 1, 1), last=None) == period(
        "2026-01-01", "2026-09-30"
    )
    # Asked to end before the default begins: that day alone, not a period that runs backwards.
    assert scoping.choose_period(SPAN, first=None, last=date(2025, 1, 31)).last == date(2025, 1, 31)


days = st.none() | st.dates(date(2024, 10, 1), date(2026, 9, 30))


@given(days, days)
def test_a_period_never_runs_backwards(first: date | None, last: date | None) -> None:
    if first and last and first > last:
        with pytest.raises(UsageError, match="before it begins"):
            scoping.choose_period(SPAN, first=first, last=last)
    else:
        chosen = scoping.choose_period(SPAN, first=first, last=last)
        assert chosen.first <= chosen.last
        assert first in (None, chosen.first) and last in (None, chosen.last)


def test_days_without_data_are_an_error_that_names_the_data() -> None:
    with pytest.raises(UsageError, match="no data between") as caught:
        scoping.choose_period(SPAN, first=date(2027, 1, 1), last=date(2027, 2, 1))
    assert "2024-10-01" in str(caught.value.expected)
    with pytest.raises(UsageError, match="no data"):
        scoping.choose_period(SPAN, first=date(2020, 1, 1), last=date(2024, 9, 30))


def test_snapshots_give_the_span_where_there_are_no_orders() -> None:
    schema = {"first_day": pl.Date, "last_day": pl.Date}
    spans = [(date(2026, 1, 3), date(2026, 1, 9)), (date(2026, 1, 1), date(2026, 1, 5))]
    seen = pl.DataFrame(spans, schema=schema, orient="row")
    none = pl.DataFrame(schema=schema)
    found = scoping.data_span({"line_counts": none, "shelf_span": seen})
    assert found == period("2026-01-01", "2026-01-09")
    with pytest.raises(UsageError, match="neither"):
        scoping.data_span({"line_counts": none, "shelf_span": none})


def test_stores_stand_by_kind_and_then_as_listed() -> None:
    rows = [("D2", "distributor"), ("D1", "distributor"), ("F9", "flagship"), ("S1", "specialty")]
    frame = pl.DataFrame(
        [{"store_id": s, "name": s, "kind": k, "platform": "tmall", "operator": None,
          "opened_on": None, "closed_on": None} for s, k in rows]
    )  # fmt: skip
    found = scoping.read_stores(frame)
    assert [store.store_id for store in found] == ["F9", "S1", "D2", "D1"]
    assert all(store.members == (store.store_id,) for store in found)


def test_picked_stores_keep_the_report_order() -> None:
    assert [s.store_id for s in scoping.pick(STORES, ("D1", "F1"))] == ["F1", "D1"]
    assert scoping.pick(STORES, ()) == STORES


def test_a_wrong_store_is_told_the_nearest() -> None:
    with pytest.raises(UsageError, match="no store 'F11'") as caught:
        scoping.pick(STORES, ("F1", "F11"))
    assert "F1" in str(caught.value.advice)
    with pytest.raises(UsageError) as caught:
        scoping.pick(STORES, ("zzz",))
    assert "F1, F2, D1, D2" in str(caught.value.advice)


PAID = {"F1": Decimal("10.00"), "F2": Decimal("20.50"), "D1": Decimal(900)}


@pytest.mark.parametrize(
    ("asked", "default", "expected"),
    [("D1", "F1", "D1"), (None, "F1", "F1"), (None, None, "F2"), (None, "X9", "F2")],
)
def test_reference_is_asked_set_or_the_flagship_with_most_sales(
    asked: str | None, default: str | None, expected: str
) -> None:
    assert scoping.choose_reference(STORES, PAID, asked=asked, default=default) == expected


def test_without_a_flagship_the_store_with_most_sales_is_the_reference() -> None:
    others = STORES[2:]
    assert scoping.choose_reference(others, PAID, asked=None, default="F1") == "D1"
    assert scoping.choose_reference(others, {}, asked=None, default=None) == "D1"


def test_a_wrong_reference_is_told_the_compared_stores() -> None:
    with pytest.raises(UsageError, match="not among the compared") as caught:
        scoping.choose_reference(STORES, PAID, asked="F3", default="F1")
    assert "F" in str(caught.value.advice)


def members(by: GroupBy) -> dict[str, Any]:
    stores = tuple(
        Store(
            s.store_id, s.name, s.kind, s.platform, s.operator, s.opened_on, members=(s.store_id,)
        )
        for s in STORES
    )
    return {group.store_id: group for group in scoping.group(stores, by)}


def test_groups_are_named_by_what_they_have_in_common() -> None:
    by_kind = members(GroupBy.KIND)
    assert list(by_kind) == ["kind:flagship", "kind:distributor"]
    assert by_kind["kind:flagship"].members == ("F1", "F2")
    assert by_kind["kind:flagship"].platform == "mixed"
    assert by_kind["kind:flagship"].operator == "own"
    assert set(members(GroupBy.OPERATOR)) == {"operator:own", "operator:Chen", "operator:unknown"}
    assert members(GroupBy.PLATFORM)["platform:tmall"].kind == "mixed"


def test_a_group_opens_with_its_first_store_when_all_are_known() -> None:
    by_kind = members(GroupBy.KIND)
    assert by_kind["kind:distributor"].opened_on == date(2023, 5, 1)
    assert by_kind["kind:flagship"].opened_on is None
    assert by_kind["kind:distributor"].closed_on is None
    assert scoping.owner_of(by_kind.values(), "D2") == "kind:distributor"


def test_a_group_closes_with_its_last_store_when_all_have() -> None:
    ends = (date(2026, 5, 1), date(2026, 3, 1))
    gone = [replace(store, closed_on=day) for store, day in zip(STORES[:2], ends, strict=True)]
    both = scoping.group(tuple(gone), GroupBy.KIND)
    assert [group.closed_on for group in both] == [date(2026, 5, 1)]
    one = scoping.group((gone[0], STORES[1]), GroupBy.KIND)
    assert [group.closed_on for group in one] == [None]


def test_smallest_differences_are_the_registrys_unless_set() -> None:
    found = scoping.smallest_differences({"depth": 0.04, "walkthrough_return": 9})
    assert found["depth"] == 0.04
    assert found["price_level"] == registry.find("price_level").delta
    assert found["walkthrough_return"] == 9
    with pytest.raises(UsageError, match="no metric or dimension 'dept'") as caught:
        scoping.smallest_differences({"dept": 1})
    assert "depth" in str(caught.value.advice)
