"""Which day of the year before each day is held against, so that events meet events.

Festivals move from year to year and grow longer. A day of an event is held against a day of the
same event; an ordinary day against the nearest ordinary one of the same weekday. Every day has
exactly one partner, so that sums stay exact and anybody can look up which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from channelscope.domain import WEEKS_A_YEAR, Period

OPENING = 3
"""Days with which an event opens: matched from its start, all others from its end."""
FARTHEST = 8
"""Weeks within which the nearest ordinary day of the same weekday is looked for."""
WEEK, YEAR = timedelta(weeks=1), timedelta(days=WEEKS_A_YEAR)

Events = Mapping[str, Mapping[str, tuple[date, date]]]


@dataclass(frozen=True, slots=True)
class Aligned:
    """A day, the day it is held against, and the event that both belong to."""

    day: date
    partner: date
    event: str | None


@dataclass(frozen=True, slots=True)
class Unaligned:
    """Why the days of a period have no partners; `event`: the one that is to blame."""

    reason: str
    event: str | None = None


def align(
    period: Period, events: Events, *, sales: Mapping[date, float]
) -> tuple[Aligned, ...] | Unaligned:
    """The partner of each day of the period.

    The first days of an event are matched from its start, the others from its end, which it leads
    up to. Days that a longer event has beyond that are held against a usual day of the earlier one:
    of its days of the same weekday the one with median `sales` of all stores.
    """
    if period.days > WEEKS_A_YEAR:
        return Unaligned("reason.over_a_year")
    special = {
        day for years in events.values() for window in years.values() for day in _all(window)
    }
    found: dict[date, Aligned] = {}
    for name, years in events.items():
        for year, window in years.items():
            if window[0] > period.last or window[1] < period.first:
                continue
            earlier = years.get(str(int(year) - 1))
            if earlier is None:
                return Unaligned("reason.event_without_last_year", name)
            for day, partner in _matched(window, earlier, sales).items():
                if period.first <= day <= period.last:
                    found.setdefault(day, Aligned(day, partner, name))
    for day in period.every_day:
        if day not in found:
            ordinary = _ordinary(day - YEAR, special)
            if ordinary is None:
                return Unaligned("reason.no_ordinary_day")
            found[day] = Aligned(day, ordinary, None)
    return tuple(found[day] for day in sorted(found))


def running(day: date, events: Events) -> tuple[str, Period] | None:
    """The event that the day belongs to, with its days."""
    for name, years in events.items():
        for first, last in years.values():
            if first <= day <= last:
                return name, Period(first, last)
    return None


def _all(window: tuple[date, date]) -> tuple[date, ...]:
    return Period(*window).every_day


def _matched(
    window: tuple[date, date], earlier: tuple[date, date], sales: Mapping[date, float]
) -> dict[date, date]:
    now, then = _all(window), _all(earlier)
    opening = min(OPENING, len(now), len(then))
    closing = min(len(now), len(then)) - opening
    found = dict(zip(now[:opening], then[:opening], strict=True))
    if closing:
        found |= dict(zip(now[-closing:], then[-closing:], strict=True))
    for day in now:
        if day not in found:
            found[day] = _usual(day, then, sales)
    return found


def _usual(day: date, then: tuple[date, ...], sales: Mapping[date, float]) -> date:
    """A usual day of the earlier event: of its days of this weekday the median one by sales."""
    same = [each for each in then if each.weekday() == day.weekday()] or then
    ranked = sorted(same, key=lambda each: (sales.get(each, 0.0), each))
    return ranked[(len(ranked) - 1) // 2]


def _ordinary(day: date, special: set[date]) -> date | None:
    """The nearest day of the same weekday that belongs to no event; of two as near the earlier."""
    for weeks in range(FARTHEST + 1):
        for each in (day - weeks * WEEK, day + weeks * WEEK):
            if each not in special:
                return each
    return None
