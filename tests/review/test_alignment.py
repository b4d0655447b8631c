"""Days meet days of their own kind."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channelscope.alignment import Aligned, Unaligned, align, running
from channelscope.domain import Period

DAY = timedelta(days=1)
NOW, THEN = (date(2026, 5, 16), date(2026, 6, 20)), (date(2025, 5, 27), date(2025, 6, 18))
EVENTS = {"618": {"2025": THEN, "2026": NOW}}


def _aligned(period: Period, events=EVENTS, sales=None) -> tuple[Aligned, ...]:
    found = align(period, events, sales=sales or {})
    assert not isinstance(found, Unaligned)
    return found


def test_an_event_is_matched_from_both_ends_and_its_extra_days_with_usual_ones() -> None:
    # 27 May 2025 is a Tuesday: three of each weekday but four from Tuesday to Wednesday.
    sales = {THEN[0] + i * DAY: 100.0 + i for i in range(23)} | {date(2025, 5, 31): 999.0}
    found = {each.day: each.partner for each in _aligned(Period(*NOW), sales=sales)}
    assert [found[NOW[0] + i * DAY] for i in range(3)] == [THEN[0] + i * DAY for i in range(3)]
    assert [found[NOW[1] - i * DAY] for i in range(20)] == [THEN[1] - i * DAY for i in range(20)]
    # Saturdays of the year before: 31 May (the peak), 7 and 14 June; the middle one by sales.
    assert found[date(2026, 5, 23)] == date(2025, 6, 14)
    assert date(2025, 5, 31) not in {found[date(2026, 5, 19) + i * DAY] for i in range(13)}


def test_a_shorter_event_leaves_days_of_the_longer_one_before_it_out() -> None:
    events = {"618": {"2025": NOW_IN_2025, "2026": (date(2026, 6, 1), date(2026, 6, 10))}}
    found = {each.day: each.partner for each in _aligned(Period(*events["618"]["2026"]), events)}
    partners = [*(NOW_IN_2025[0] + i * DAY for i in range(3)),
                *(NOW_IN_2025[1] - i * DAY for i in reversed(range(7)))]  # fmt: skip
    assert [*found.values()] == partners


NOW_IN_2025 = (date(2025, 5, 16), date(2025, 6, 20))


def test_an_ordinary_day_meets_the_nearest_ordinary_one_of_its_weekday() -> None:
    found = {each.day: each for each in _aligned(Period(date(2026, 4, 1), date(2026, 6, 30)))}
    # 364 days before 24 June 2026 is 25 June 2025, which is ordinary; before 22 June an event day
    # lies a week earlier only.
    assert found[date(2026, 6, 24)].partner == date(2025, 6, 25)
    # 364 days before 10 May: no event. Before 14 May: 15 May.
    assert found[date(2026, 5, 14)].partner == date(2025, 5, 15)
    early = {each.day: each for each in _aligned(Period(date(2026, 7, 1), date(2026, 7, 5)))}
    assert [each.event for each in early.values()] == [None] * 5
    events = {"sale": {"2025": (date(2025, 7, 2), date(2025, 7, 8))}}
    moved = {each.day: each.partner for each in _aligned(Period(date(2026, 7, 1), date(2026, 7, 1)),
                                                          events)}  # fmt: skip
    # 2 July 2025 belongs to an event that there is none of now: of two weeks as near the earlier.
    assert moved == {date(2026, 7, 1): date(2025, 6, 25)}


def test_why_days_have_no_partners() -> None:
    lone = {"sale": {"2026": (date(2026, 7, 2), date(2026, 7, 8))}}
    told = align(Period(date(2026, 7, 1), date(2026, 7, 31)), lone, sales={})
    assert told == Unaligned("reason.event_without_last_year", "sale")
    long = align(Period(date(2025, 1, 1), date(2026, 1, 31)), {}, sales={})
    assert long == Unaligned("reason.over_a_year")
    always = {"sale": {"2025": (date(2025, 1, 1), date(2025, 12, 31))}}
    told = align(Period(date(2026, 7, 1), date(2026, 7, 1)), always, sales={})
    assert told == Unaligned("reason.no_ordinary_day")


days = st.dates(date(2026, 1, 1), date(2026, 10, 1))


lengths = st.integers(0, 40)


@given(first=days, length=st.integers(1, 120), start=days, event=st.tuples(lengths, lengths),
       shift=st.integers(-20, 20))  # fmt: skip
def test_every_day_has_one_partner_of_its_own_kind(
    first: date, length: int, start: date, event: tuple[int, int], shift: int
) -> None:
    now, then = event
    earlier = start.replace(year=2025) + shift * DAY
    years = {"2026": (start, start + now * DAY), "2025": (earlier, earlier + then * DAY)}
    if earlier.year != 2025 or earlier + then * DAY >= start:
        return
    period = Period(first, first + (length - 1) * DAY)
    found = align(period, {"e": years}, sales={})
    assert not isinstance(found, Unaligned)
    assert [each.day for each in found] == list(period.every_day)
    inside = Period(*years["2025"])
    for each in found:
        is_event = years["2026"][0] <= each.day <= years["2026"][1]
        assert (each.event == "e") == is_event
        if is_event:
            assert inside.first <= each.partner <= inside.last
        else:
            assert each.partner.weekday() == each.day.weekday()
    if now == then:  # as long as before: each day once
        partners = Counter(each.partner for each in found if each.event)
        assert set(partners.values()) <= {1}


@pytest.mark.parametrize(("day", "name"), [("2026-05-16", "618"), ("2026-06-20", "618"),
                                           ("2026-06-21", None)])  # fmt: skip
def test_the_event_of_a_day(day: str, name: str | None) -> None:
    found = running(date.fromisoformat(day), EVENTS)
    assert (found[0] if found else None) == name
    if found:
        assert found[1] == Period(*NOW)
