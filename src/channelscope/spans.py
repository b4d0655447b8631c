"""Periods as result tables write them: `2025-10-01..2026-09-30`."""

from __future__ import annotations

from datetime import date

from channelscope.domain import Period


def period_of(text: str) -> Period:
    """The period a table's text stands for."""
    first, _, last = text.partition("..")
    return Period(date.fromisoformat(first), date.fromisoformat(last))


def is_year_before(before: str, period: str) -> bool:
    """Whether `before` is the same weekdays a year before `period`, and no other span."""
    return period_of(period).year_before == period_of(before)


def against(before: str, period: str) -> str:
    """What a bridge begins at, for `Wording`: empty for the year before, else the span."""
    return "" if is_year_before(before, period) else before
