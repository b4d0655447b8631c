"""The two years: days, weeks, festivals on their shifted dates, and how busy a day is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

FIRST, LAST = date(2024, 10, 1), date(2026, 9, 30)
DAYS = (LAST - FIRST).days + 1
DATES = np.datetime64(FIRST) + np.arange(DAYS)
WEEK = (np.arange(DAYS) + FIRST.weekday()) // 7  # Monday to Sunday; the first one is cut
WEEKS = int(WEEK[-1]) + 1
MONTH = DATES.astype("datetime64[M]")
MONTHS = np.unique(MONTH)
LAST_YEAR = int(np.flatnonzero(np.datetime64("2025-10-01") == DATES)[0])


@dataclass(frozen=True, slots=True)
class Festival:
    """One campaign: its key in channelscope.toml, its days, and the days it peaks on."""

    name: str
    start: date
    end: date
    peaks: tuple[date, ...]
    lift: float

    @property
    def days(self) -> slice:
        """Positions of its days."""
        return slice(day_of(self.start), day_of(self.end) + 1)


FESTIVALS = (
    Festival("double_11", date(2024, 10, 21), date(2024, 11, 11),
             (date(2024, 10, 21), date(2024, 10, 31), date(2024, 11, 11)), 1.45),
    Festival("new_year_goods", date(2025, 1, 6), date(2025, 1, 24), (date(2025, 1, 8),), 1.25),
    Festival("618", date(2025, 5, 27), date(2025, 6, 18),
             (date(2025, 5, 31), date(2025, 6, 18)), 1.40),
    Festival("double_11", date(2025, 10, 15), date(2025, 11, 11),
             (date(2025, 10, 15), date(2025, 10, 31), date(2025, 11, 11)), 1.45),
    Festival("new_year_goods", date(2026, 1, 19), date(2026, 2, 10), (date(2026, 1, 21),), 1.25),
    Festival("618", date(2026, 5, 16), date(2026, 6, 20),
             (date(2026, 5, 20), date(2026, 6, 17)), 1.30),
)  # fmt: skip

YEAR = 364  # days; weekdays meet weekdays
GROWTH = (0.92, 1.14)  # demand on the first and the last day

# Couriers stop and kitchens are full: the quiet days of the Spring Festival.
SPRING_FESTIVAL = ((date(2025, 1, 27), date(2025, 2, 5)), (date(2026, 2, 14), date(2026, 2, 23)))
WEEKDAY = np.array([0.96, 0.95, 0.96, 0.98, 1.00, 1.08, 1.07])
PAYDAYS = {10: 1.10, 11: 1.05, 15: 1.10, 16: 1.05, 25: 1.06}

# Share of a day's orders per hour: lunch break, and the evening on the sofa.
HOURS = np.array([
    18, 9, 5, 3, 3, 5, 11, 22, 36, 52, 62, 58, 60, 56, 52, 52, 52, 50, 52, 62, 78, 86, 74, 42,
])  # fmt: skip

# Demand per month, January first: soup pots in winter, bottles in summer, gifts before festivals.
SEASON = np.array([
    [1.10, 0.95, 0.95, 0.92, 0.94, 0.95, 0.90, 0.92, 1.02, 1.10, 1.18, 1.15],  # cookware
    [1.05, 0.95, 1.00, 1.00, 1.00, 1.02, 0.96, 0.96, 1.00, 1.02, 1.04, 1.04],  # knives & boards
    [1.02, 1.05, 1.00, 0.95, 1.00, 0.92, 0.86, 0.90, 1.06, 1.06, 1.08, 1.20],  # baking & tools
    [1.30, 1.05, 0.94, 0.95, 1.00, 0.98, 0.90, 0.94, 1.05, 1.00, 1.00, 1.05],  # tableware
    [0.95, 0.88, 0.98, 1.06, 1.14, 1.22, 1.22, 1.12, 0.95, 0.88, 0.95, 0.92],  # drinkware
    [1.05, 1.05, 1.16, 1.06, 1.00, 1.00, 0.98, 0.96, 0.98, 0.95, 0.95, 0.98],  # food storage
])  # fmt: skip


def day_of(day: date) -> int:
    """Position of a date in the span."""
    return (day - FIRST).days


def date_of(day: int) -> date:
    """Date of a position."""
    return FIRST + timedelta(days=int(day))


def month_of_year(day: NDArray[np.int64]) -> NDArray[np.int64]:
    """0 for January … 11 for December."""
    return DATES[day].astype("datetime64[M]").astype(np.int64) % 12


def in_festival() -> NDArray[np.bool_]:
    """Which days belong to a campaign."""
    inside = np.zeros(DAYS, dtype=bool)
    for festival in FESTIVALS:
        inside[festival.days] = True
    return inside


def day_weights() -> NDArray[np.float64]:
    """How many purchase occasions fall on each day, relative to the mean day."""
    weight = _ordinary_weights(np.arange(DAYS))
    for festival in FESTIVALS:
        _celebrate(weight, festival, lift=festival.lift)
    _rest(weight)
    relative: NDArray[np.float64] = weight / weight.mean()
    return relative


def calendar_effect(first: date, last: date) -> float:
    """What the moved festivals alone do to a year-on-year comparison of these days.

    The days as the year before would have sold them, on this year's calendar with the festivals'
    lifts of the year before, over the same dates of the year before as they were.
    """
    as_if = _ordinary_weights(np.arange(DAYS) - YEAR)
    lifts = {(festival.name, festival.start.year): festival.lift for festival in FESTIVALS}
    for festival in FESTIVALS:
        before = lifts.get((festival.name, festival.start.year - 1))
        if before is not None:
            _celebrate(as_if, festival, lift=before)
    _rest(as_if)
    then = _ordinary_weights(np.arange(DAYS))
    for festival in FESTIVALS:
        _celebrate(then, festival, lift=festival.lift)
    _rest(then)
    here = slice(day_of(first), day_of(last) + 1)
    there = slice(day_of(_year_before(first)), day_of(_year_before(last)) + 1)
    return float(as_if[here].sum() / then[there].sum())


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1)


def _ordinary_weights(trend: NDArray[np.int64]) -> NDArray[np.float64]:
    """Every day without festivals, `trend` days into the growth of demand."""
    weekday = (np.arange(DAYS) + FIRST.weekday()) % 7
    day_of_month = (DATES - MONTH).astype(np.int64) + 1
    growth = np.interp(trend, (0, DAYS - 1), GROWTH)
    weight: NDArray[np.float64] = WEEKDAY[weekday] * growth
    for number, factor in PAYDAYS.items():
        weight[day_of_month == number] *= factor
    return weight


def _celebrate(weight: NDArray[np.float64], festival: Festival, *, lift: float) -> None:
    weight[festival.days] *= lift
    for peak in festival.peaks:
        weight[day_of(peak)] *= 2.1


def _rest(weight: NDArray[np.float64]) -> None:
    for start, end in SPRING_FESTIVAL:
        weight[day_of(start) : day_of(end) + 1] *= 0.55
