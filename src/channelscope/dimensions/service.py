"""Service: ratings, answering, shipping and the walk through the shop, with the cases behind them.

A rate with counted cases gets a Wilson interval on its summed cases. A mean gets the
delete-one-week jackknife of its case-weighted mean, because what varies between cases of one day is
not in a daily mean and weeks carry the campaigns; with fewer than three weeks Student's t over the
cases, if they are known one by one. A published score has no cases: shown, never tested.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl

from channelscope import registry, sqlfile
from channelscope.domain import Figure, Period, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, ratio, rows
from channelscope.registry import Unit
from channelscope.results import TABLES
from channelscope.stats.arrays import Ints
from channelscope.stats.intervals import IntervalArrays, mean_t, wilson
from channelscope.stats.resampling import Scale

POSITION = 5
FIGURES = (Figure("F5.1", "service_levels", "service/service_levels", "service_levels"),)

_POSITIVE = (Unit.SECONDS, Unit.HOURS)


def off(scope: Scope) -> str | None:
    """Everything here is in one table."""
    return None if "service" in scope.present else "off.no_service"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`: one per store and metric that any store reports."""
    params = {"first": scope.period.first, "last": scope.period.last}
    weeks = session.run(sqlfile.find("service/service_by_week"), params)
    published = session.run(sqlfile.find("service/published_scores"), params)
    names = _in_registry_order({*weeks["metric"], *published["metric"]})
    found = [
        _levels(
            name, scope,
            weeks=weeks.filter(metric=name).drop("metric"),
            published=published.filter(metric=name),
        )
        for name in names
    ]  # fmt: skip
    return {"metrics": pl.concat([pl.DataFrame(schema=dict(TABLES["metrics"])), *found])}


def _in_registry_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (registry.METRICS.index(registry.find(name)), name))


def _levels(
    metric: str, scope: Scope, *, weeks: pl.DataFrame, published: pl.DataFrame
) -> pl.DataFrame:
    marked = weeks.with_columns(several=pl.col("squares").is_null().cast(pl.Float64))
    blocks = pivot(marked, stores=scope.store_ids, block="week_start")
    is_rate = registry.find(metric).unit is Unit.RATE
    value, lo, hi = _rate(blocks) if is_rate else _mean(metric, blocks)
    cases = blocks.total("cases")
    score, score_weeks = _published(published, scope)
    shown = np.where(cases > 0, value, score)
    weeks_known = np.where(cases > 0, _weeks(blocks), score_weeks)
    frame = rows(
        metric, scope.store_ids, value=shown, lo=lo, hi=hi,
        n=np.where(cases > 0, cases, np.nan),
        coverage=np.where(np.isnan(shown), np.nan, weeks_known / _weeks_of(scope.period)),
    )  # fmt: skip
    reasons = zip(shown, lo, cases, strict=True)
    why = [_reason(v, low, int(n), is_rate=is_rate) for v, low, n in reasons]
    return frame.with_columns(
        outcome_reason=pl.Series("outcome_reason", why, dtype=pl.String),
    )


def _weeks(blocks: Blocks) -> Ints:
    counted: Ints = (blocks.sums["cases"] > 0).sum(axis=0)
    return counted


def _weeks_of(period: Period) -> int:
    """Calendar weeks, Monday to Sunday, that the period touches."""
    return (period.days + period.first.weekday() + 6) // 7


def _rate(blocks: Blocks) -> Floats:
    cases, total = blocks.total("cases"), blocks.total("total")
    possible = (cases > 0) & (total >= 0) & (total <= cases)
    size = np.where(possible, cases, np.nan)
    interval = wilson(np.where(possible, np.rint(total), np.nan), size)
    return np.stack([np.where(possible, total, np.nan) / size, interval.lo, interval.hi])


def _mean(metric: str, blocks: Blocks) -> Floats:
    scale = Scale.LOG if registry.find(metric).unit in _POSITIVE else Scale.IDENTITY
    value, lo, hi = ratio(blocks, "total", "cases", scale=scale)
    single = _single_cases(blocks, value)
    few = _weeks(blocks) < 3
    return np.stack([value, np.where(few, single.lo, lo), np.where(few, single.hi, hi)])


def _single_cases(blocks: Blocks, mean: Floats) -> IntervalArrays:
    n = blocks.total("cases")
    known = (blocks.total("several") == 0) & (n >= 2)
    size = np.where(known, n, np.nan)
    variance = (blocks.total("squares") - size * mean**2) / (size - 1)
    return mean_t(mean, np.sqrt(np.maximum(variance, 0)), size)


def _published(published: pl.DataFrame, scope: Scope) -> tuple[Floats, Floats]:
    last = {store: (value, weeks) for store, _, value, _, weeks in published.iter_rows()}
    unknown = (np.nan, np.nan)
    found = np.array([last.get(store, unknown) for store in scope.store_ids], dtype=np.float64)
    return found[:, 0], found[:, 1]


def _reason(value: float, lo: float, cases: int, *, is_rate: bool) -> str | None:
    if np.isnan(value):
        impossible = is_rate and cases > 0
        return "reason.rate_out_of_range" if impossible else "reason.not_in_data"
    if cases == 0:
        return "reason.published_score"
    return "reason.too_few_weeks" if np.isnan(lo) else None
