"""Periods by name."""

from __future__ import annotations

from datetime import date

import pytest

from channelscope import quarters
from channelscope.domain import Period
from channelscope.errors import UsageError


def _days(first: str, last: str) -> Period:
    return Period(date.fromisoformat(first), date.fromisoformat(last))


@pytest.mark.parametrize(
    ("text", "starts", "first", "last"),
    [
        ("2026Q1", "01-01", "2026-01-01", "2026-03-31"),
        ("2026q4", "01-01", "2026-10-01", "2026-12-31"),
        ("2024-Q1", "01-01", "2024-01-01", "2024-03-31"),
        ("2026Q1", "04-01", "2026-04-01", "2026-06-30"),
        ("2026Q4", "04-01", "2027-01-01", "2027-03-31"),
        ("2026Q2", "11-15", "2027-02-15", "2027-05-14"),
        ("2026Q1", "08-31", "2026-08-31", "2026-11-29"),  # there is no 31 November
        (" 2026-11-01..2026-11-11 ", "04-01", "2026-11-01", "2026-11-11"),
    ],
)
def test_a_name_is_its_days(text: str, starts: str, first: str, last: str) -> None:
    assert quarters.named(text, fiscal_year_starts=starts).period == _days(first, last)


@pytest.mark.parametrize("starts", ["01-01", "04-01", "08-31", "11-15"])
def test_quarters_follow_one_another_without_a_gap(starts: str) -> None:
    this = quarters.named("2023Q2", fiscal_year_starts=starts)
    for _ in range(9):
        following = this.following
        assert (following.period.first - this.period.last).days == 1
        assert following.previous == this
        this = following
    assert this.name == "2025Q3"


def test_the_year_before_a_quarter_is_that_quarter_and_of_days_the_same_weekdays() -> None:
    leap = quarters.named("2025Q1", fiscal_year_starts="01-01")
    assert leap.year_before == _days("2024-01-01", "2024-03-31")
    days = quarters.named("2026-11-01..2026-11-11", fiscal_year_starts="01-01")
    assert days.year_before == _days("2025-11-02", "2025-11-12")
    assert days.previous.period == _days("2026-10-21", "2026-10-31")
    assert days.previous.name == "2026-10-21..2026-10-31"


@pytest.mark.parametrize("text", ["2026Q5", "Q3", "2026-11-11..2026-11-01", "2026", "", "a..b..c"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(UsageError) as refused:
        quarters.named(text, fiscal_year_starts="01-01")
    assert refused.value.where == "--period"
    assert "2026Q3" in str(refused.value.expected)
