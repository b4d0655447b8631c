"""Who traded when: the one rule for stores that opened or closed, and the days of a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta

import polars as pl

from channelscope.domain import WEEKS_A_YEAR, Base, Period, Scope, Store

QUIET_DAYS = 7
"""Less than this without an order says nothing about opening or closing."""
QUIET_GAPS = 5
"""Nor do fewer than so many of the store's usual gaps between two days with orders."""
YEAR_WEEKS = WEEKS_A_YEAR // 7
SHORT, LONG = 13, 26
"""The first weeks of a store whose opening is judged: the short and the long horizon."""
LEAST_WEEKS = 8
"""Fewer weeks that are known a year before as well do not tell what an opening did."""
PERIOD, BEFORE = "period", "before"
"""The days that are compared, and those of the period they are compared with."""


def dated(stores: Iterable[Store], counts: pl.DataFrame, data: Period) -> tuple[Store, ...]:
    """The stores with the days on which they opened and closed, also where nobody declared them.

    Without a declared day it is the first or the last one with an order, when the store was quiet
    for long between it and the end of the data. Orders outside declared days move these.
    """
    sold = {row["store_id"]: row for row in counts.iter_rows(named=True) if row["days_sold"]}
    return tuple(_dated(store, sold.get(store.store_id), data) for store in stores)


def _dated(store: Store, sold: Mapping[str, object] | None, data: Period) -> Store:
    if sold is None:
        return store
    first, last, days = sold["first_sale"], sold["last_sale"], sold["days_sold"]
    assert isinstance(first, date) and isinstance(last, date) and isinstance(days, int)
    opened, closed = store.opened_on, store.closed_on
    gap = (last - first).days / (days - 1) if days > 1 else float("inf")
    quiet = max(QUIET_DAYS, QUIET_GAPS * gap)
    if opened is not None or (first - data.first).days > quiet:
        opened = min(opened or first, first)
    if closed is not None or (data.last - last).days > quiet:
        closed = max(closed or last, last)
    return replace(store, opened_on=opened, closed_on=closed)


def opened_inside(store: Store, period: Period) -> bool:
    """Whether the store opened after the first day of the period."""
    return store.opened_on is not None and period.first < store.opened_on <= period.last


def closed_inside(store: Store, period: Period) -> bool:
    """Whether the store closed before the last day of the period."""
    return store.closed_on is not None and period.first <= store.closed_on < period.last


def open_days(store: Store, period: Period) -> Period | None:
    """The days of the period on which the store was open, None where there is none."""
    first = max(period.first, store.opened_on or period.first)
    last = min(period.last, store.closed_on or period.last)
    return Period(first, last) if first <= last else None


def common_days(first: Period | None, second: Period | None) -> Period | None:
    """The days in both."""
    if first is None or second is None:
        return None
    begin, end = max(first.first, second.first), min(first.last, second.last)
    return Period(begin, end) if begin <= end else None


def calendars(scope: Scope) -> dict[str, pl.DataFrame]:
    """The tables of days that raw rows are joined with, by name."""
    return {
        "span_days": calendar(scope),
        "opened_stores": opened_stores(scope),
        "opening_days": opening_days(scope),
    }


def calendar(scope: Scope) -> pl.DataFrame:
    """`span_days`: every compared day, its span, its week and the first day of its cell.

    A cell is a week, cut where a period begins and where a store opened or closed, so that sums of
    cells are exact for the days on which any two stores were open.
    """
    spans = {PERIOD: scope.period, **({BEFORE: scope.before} if scope.before else {})}
    cuts = {store.opened_on for store in scope.every_store} | {
        store.closed_on + timedelta(days=1) for store in scope.every_store if store.closed_on
    }
    known = sorted(cut for cut in cuts if cut)
    told = [_span_days(name, span, known) for name, span in spans.items()]
    return pl.concat([*told, *(_base_days(base, scope.period) for base in scope.bases)])


def _base_days(base: Base, period: Period) -> pl.DataFrame:
    """Days of a base in the cells of the days they stand for: weeks of the period."""
    pairs = pl.DataFrame(base.pairs, schema={"day": pl.Date, "as_day": pl.Date}, orient="row")
    week = pl.col("as_day").dt.truncate("1w")
    return pairs.select(
        "day",
        span=pl.lit(base.name),
        week_start=week,
        first_day=pl.max_horizontal(week, pl.lit(period.first)),
    )


def base_days(scope: Scope) -> pl.DataFrame:
    """`base_days`: the days of the period and of each base, with the day they stand for."""
    schema = {"day": pl.Date, "as_day": pl.Date}
    own = tuple((day, day) for day in scope.period.every_day)
    spans = {PERIOD: own, **{base.name: base.pairs for base in scope.bases}}
    frames = [
        pl.DataFrame(pairs, schema=schema, orient="row").with_columns(span=pl.lit(name))
        for name, pairs in spans.items()
    ]
    return pl.concat(frames).select("span", "day", "as_day")


def _span_days(name: str, span: Period, cuts: Iterable[date]) -> pl.DataFrame:
    begins = [span.first, *(cut for cut in cuts if span.first < cut <= span.last)]
    days = pl.DataFrame({"day": pl.date_range(span.first, span.last, eager=True)})
    cells = pl.DataFrame({"begin": begins}).set_sorted("begin")
    week = pl.col("day").dt.truncate("1w")
    return (
        days.set_sorted("day")
        .join_asof(cells, left_on="day", right_on="begin")
        .select(
            "day",
            span=pl.lit(name),
            week_start=week,
            first_day=pl.max_horizontal(week, "begin"),
        )
    )


def opened_stores(scope: Scope) -> pl.DataFrame:
    """`opened_stores`: the single stores that opened inside the data, their first day, and the last
    days of both horizons."""
    rows = [
        (
            store.store_id,
            store.opened_on,
            *(store.opened_on + timedelta(days=7 * weeks - 1) for weeks in (SHORT, LONG)),
        )
        for store in _opened(scope)
        if store.opened_on is not None
    ]
    days = dict.fromkeys(("opened_on", "short_last", "long_last"), pl.Date)
    schema = {"opened_id": pl.String, **days}
    return pl.DataFrame(rows, schema=schema, orient="row")


def opening_days(scope: Scope) -> pl.DataFrame:
    """`opening_days`: the days of the year before and after each opening that can be measured, by
    whole weeks since; the day itself begins week 0."""
    found = [
        _weeks_around(store, Period(scope.data_first, scope.data_end))
        for store in _opened(scope)
        if scope.data_first and why_not_measured(store, scope) is None
    ]
    schema = {"opened_id": pl.String, "day": pl.Date, "week": pl.Int64}
    return pl.concat([pl.DataFrame(schema=schema), *found])


def compared_weeks(opened: date, data: Period) -> tuple[int, ...]:
    """The weeks of the long horizon that the data hold whole, and whole a year before."""
    year = timedelta(days=WEEKS_A_YEAR)
    begins = [(week, opened + timedelta(weeks=week)) for week in range(LONG)]
    return tuple(
        week
        for week, first in begins
        if first - year >= data.first and first + timedelta(days=6) <= data.last
    )


def why_not_measured(store: Store, scope: Scope) -> str | None:
    """Why the data cannot tell whose sales a store that opened inside them took, by dates alone."""
    assert store.opened_on is not None and scope.data_first is not None
    data = Period(scope.data_first, scope.data_end)
    weeks = compared_weeks(store.opened_on, data)
    if len(weeks) < LEAST_WEEKS:
        late = (data.last - store.opened_on).days + 1 < LEAST_WEEKS * 7
        return "reason.few_weeks_after_opening" if late else "reason.no_year_before_opening"
    first = store.opened_on + timedelta(weeks=weeks[0] - YEAR_WEEKS)
    last = store.opened_on + timedelta(weeks=weeks[-1], days=6)
    if store.closed_on is not None and store.closed_on < last:
        return "reason.closed_soon"
    span = Period(first, last)
    known = scope.workspace_stores or scope.every_store
    others = (other for other in known if other.store_id != store.store_id)
    if any(opened_inside(other, span) or closed_inside(other, span) for other in others):
        return "reason.other_opening"
    return None


def _opened(scope: Scope) -> Iterable[Store]:
    data = Period(scope.data_first or scope.data_end, scope.data_end)
    return (store for store in scope.every_store if opened_inside(store, data))


def _weeks_around(store: Store, data: Period) -> pl.DataFrame:
    assert store.opened_on is not None
    year = timedelta(days=WEEKS_A_YEAR)
    first = max(data.first, store.opened_on - year)
    last = min(data.last, store.opened_on + year - timedelta(days=1))
    since = (pl.col("day") - pl.lit(store.opened_on)).dt.total_days()
    days = pl.DataFrame({"day": pl.date_range(first, last, eager=True)})
    return days.select(opened_id=pl.lit(store.store_id), day="day", week=since.floordiv(7))
