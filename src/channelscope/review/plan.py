"""Actual sales against the plan: a fact of the books, so without an interval."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Period
from channelscope.review.standing import Standing
from channelscope.review.sums import PARTS, Sums
from channelscope.review.variance import ALL, value_of
from channelscope.review_tables import REVIEW_TABLES

PLAN = "plan"
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Planned:
    value: float | None
    reason: str | None


def against_plan(
    sums: Sums, targets: pl.DataFrame, standings: Mapping[str, Standing]
) -> pl.DataFrame:
    """Rows of `variance` with base plan: of every store, and of those that have one together.

    Sums (sales, orders, visitor-days) are planned by month; the period must be whole months.
    """
    rows = [
        row
        for metric, (_, bottom) in PARTS.items()
        if bottom is None
        for row in _rows(sums, targets.filter(metric=metric), metric, standings)
    ]
    return pl.DataFrame(rows, schema=REVIEW_TABLES["variance"])


def _rows(
    sums: Sums, targets: pl.DataFrame, metric: str, standings: Mapping[str, Standing]
) -> Iterator[Row]:
    if targets.is_empty():
        return
    period = sums.scope.period
    stores = [store.store_id for store in sums.scope.every_store]
    plans = {name: _planned(targets.filter(store_id=name), period) for name in stores}
    have = [name for name in stores if plans[name].value is not None]
    if have:
        total = _Planned(sum(plans[name].value or 0.0 for name in have), None)
        yield {"store_id": ALL, **_row(metric, have, value_of(sums, have, metric), total)}
    for name in stores:
        standing = standings[name]
        yield {
            "store_id": name, **_row(metric, [name], value_of(sums, [name], metric), plans[name]),
            "status": str(standing.status), "days": standing.days, "last_day": standing.last_day,
        }  # fmt: skip


def _planned(targets: pl.DataFrame, period: Period) -> _Planned:
    if targets.is_empty():
        return _Planned(None, "reason.no_plan")
    months = _months(period)
    known = dict(targets.select("month", "value").iter_rows())
    if months is None or any(known.get(month) is None for month in months):
        return _Planned(None, "reason.plan_incomplete")
    return _Planned(float(sum(known[month] for month in months)), None)


def _months(period: Period) -> list[date] | None:
    """The first days of its months, None where it is not made of whole ones."""
    if period.first.day != 1 or (period.last + timedelta(days=1)).day != 1:
        return None
    return [day for day in period.every_day if day.day == 1]


def _row(metric: str, stores: list[str], actual: float | None, plan: _Planned) -> Row:
    entry = registry.find(metric)
    gap = None if actual is None or plan.value is None else actual - plan.value
    missing = "reason.no_data_in_period" if actual is None else None
    return {
        "stores": "+".join(stores), "metric": metric, "base": PLAN, "unit": str(entry.unit),
        "better": str(entry.better), "actual": actual, "baseline": plan.value, "change": gap,
        "relative": gap / plan.value if gap is not None and plan.value else None,
        "outcome_reason": plan.reason or missing,
    }  # fmt: skip
