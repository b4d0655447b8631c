"""How much of a store's sales comes from its best days."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from channelscope import sqlfile
from channelscope.contrasts import Estimate, alone
from channelscope.domain import Period, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, pivot, rows
from channelscope.stats.clusters import spread
from channelscope.stats.resampling import Scale, jackknife

Spans = Mapping[str, Period]
"""The days from the first to the last sale of each store."""
BEST_DAYS = 0.10
NOT_POSITIVE = "reason.net_sales_not_positive"


def concentration(
    session: Session, spans: Spans, scope: Scope, days_of: Mapping[str, object]
) -> Estimate:
    """The part of a store's sales that its best tenth of days makes."""
    frame = session.run(sqlfile.find("sales/daily_sales"), days_of)
    seen = pivot(frame, stores=scope.store_ids, block="day").sums["sales"]
    # A day without any sale is a day of the period too.
    days = np.zeros((scope.period.days, len(scope.stores)))
    days[(frame["day"].unique().sort() - scope.period.first).dt.total_days().to_numpy()] = seen
    nothing = np.full(5, np.nan)
    found = np.array([
        _concentrated(days[_inside(spans[store], scope.period), at]) if store in spans else nothing
        for at, store in enumerate(scope.store_ids)
    ])  # fmt: skip
    value, lo, hi, variance, freedom = found.T
    told = rows(
        "concentration", scope.store_ids, value=value, lo=lo, hi=hi,
        n=(days > 0).sum(axis=0).astype(float), reason=NOT_POSITIVE,
    )  # fmt: skip
    return Estimate(told, alone(value, variance, freedom))


def _inside(span: Period, period: Period) -> slice:
    """The days of the period, counted from 0, on which a store traded."""
    first = (span.first - period.first).days
    return slice(max(first, 0), max((span.last - period.first).days + 1, 0))


def _concentrated(days: Floats) -> Floats:
    """Share of the best tenth of a store's days, its interval over weeks, variance and freedom."""
    if days.sum() <= 0:
        return np.full(5, np.nan)
    weeks = np.minimum(np.arange(len(days)) // 7, max(len(days) // 7 - 1, 0))
    draws = np.array([_best_share(days[weeks != week]) for week in range(weeks[-1] + 1)])
    interval = jackknife(_best_share(days), draws, scale=Scale.LOGIT)
    value = _best_share(days)
    moves = spread([value], draws[:, None]).moves
    return np.array([value, interval.lo, interval.hi, (moves**2).sum(), len(draws) - 1.0])


def _best_share(days: Floats) -> float:
    best = max(round(BEST_DAYS * len(days)), 1)
    total = days.sum()
    return float(np.sort(days)[-best:].sum() / total) if total > 0 else float("nan")
