"""Periods as a review names them: quarters of the fiscal year, or any days."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from channelscope.domain import Period
from channelscope.errors import UsageError

_QUARTER = re.compile(r"(?P<year>\d{4})-?[Qq](?P<quarter>[1-4])")
MONTHS = 3
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A period by its name, and what it follows. `quarter`: None where days were asked for."""

    name: str
    period: Period
    fiscal_year_starts: str = "01-01"
    quarter: tuple[int, int] | None = None

    @property
    def previous(self) -> Reviewed:
        """The quarter before, or as many days right before."""
        return self._moved(-1)

    @property
    def following(self) -> Reviewed:
        """The quarter after, or as many days right after."""
        return self._moved(1)

    @property
    def year_before(self) -> Period:
        """The same quarter of the year before; of any days the same weekdays."""
        if self.quarter is None:
            return self.period.year_before
        year, quarter = self.quarter
        return _quarter(year - 1, quarter, self.fiscal_year_starts).period

    def _moved(self, by: int) -> Reviewed:
        if self.quarter is None:
            shift = timedelta(days=by * self.period.days)
            return days(Period(self.period.first + shift, self.period.last + shift))
        year, quarter = self.quarter
        at = 4 * year + quarter - 1 + by
        return _quarter(at // 4, at % 4 + 1, self.fiscal_year_starts)


def named(text: str, *, fiscal_year_starts: str) -> Reviewed:
    """The period that `text` names: `2026Q3`, or `2026-11-01..2026-11-11`.

    A fiscal year is named by the calendar year in which it begins. UsageError for anything else.
    """
    if found := _QUARTER.fullmatch(text.strip()):
        return _quarter(int(found["year"]), int(found["quarter"]), fiscal_year_starts)
    return days(span(text, where="--period", also="a quarter such as 2026Q3, or "))


def days(period: Period) -> Reviewed:
    """Any days as a period to review."""
    return Reviewed(f"{period.first}..{period.last}", period)


def span(text: str, *, where: str, also: str = "") -> Period:
    """The days of `2026-11-01..2026-11-11`, both included; UsageError for anything else."""
    try:
        first, last = (date.fromisoformat(day.strip()) for day in text.split(".."))
    except ValueError:
        first, last = date.max, date.min
    if first > last:
        raise UsageError(
            f"'{text}' does not name the first and the last day of a period",
            where=where,
            expected=f"{also}FROM..TO, both days included, such as 2025-11-01..2025-11-11",
            advice="write each day YYYY-MM-DD, the earlier one first, with two dots between",
        )
    return Period(first, last)


def _quarter(year: int, quarter: int, starts: str) -> Reviewed:
    month, day = (int(part) for part in starts.split("-"))
    begins = [_day(year, month + MONTHS * (quarter - 1 + more), day) for more in (0, 1)]
    return Reviewed(
        f"{year}Q{quarter}", Period(begins[0], begins[1] - DAY), starts, (year, quarter)
    )


def _day(year: int, month: int, day: int) -> date:
    """The day of a month counted from January of the year; the last one of shorter months."""
    first = date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    return min(first + timedelta(days=day - 1), following - DAY)
