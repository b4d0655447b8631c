"""An event in progress: the days so far, and what all of it will come to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from channelscope.alignment import Aligned
from channelscope.domain import Scope, Store
from channelscope.estimates import Floats
from channelscope.review.asked import Asked
from channelscope.review.standing import Standing, Status
from channelscope.review.variance import ALL
from channelscope.review_tables import REVIEW_TABLES
from channelscope.stats.projection import project

LEVEL = 0.8
Row = dict[str, Any]


def projection(
    asked: Asked, scope: Scope, days: pl.DataFrame, standings: Mapping[str, Standing]
) -> pl.DataFrame:
    """Rows of `projection`, of all stores and each. `days`: the cube `store_days`.

    Sales before refunds: those of days just gone are still coming in, those of the year before have
    all come. Every store is projected by its own days, and all of them by the sums: the parts need
    not add up to the whole. Days of a store whose data are late are not known; it is in no total.
    """
    back = pl.col("refunded_amount").fill_null(0) if scope.basis.net_of_refunds else 0
    days = days.with_columns(pl.col("sales") + back)
    rows = list(_rows(asked, scope, days, standings))
    return pl.DataFrame(rows, schema=REVIEW_TABLES["projection"])


def _rows(
    asked: Asked, scope: Scope, days: pl.DataFrame, standings: Mapping[str, Standing]
) -> Iterator[Row]:
    sold = {
        store: dict(days.filter(store_id=store).select("day", "sales").iter_rows())
        for store in days["store_id"].unique()
    }
    so_far = asked.period.every_day
    stores = [s for s in scope.every_store if any(sold.get(s.store_id, {}).get(d) for d in so_far)]
    whole = {
        "event": asked.event, "first": asked.whole.first, "last": asked.whole.last,
        "to_day": asked.period.last, "days": asked.whole.days, "days_so_far": len(so_far),
        "level": LEVEL,
    }  # fmt: skip
    late = {name: each.last_day for name, each in standings.items() if each.status is Status.LATE}
    sides = [
        _series(store, asked.aligned, so_far, (sold[store.store_id], late.get(store.store_id)))
        for store in stores
    ]
    whole_ones = [
        (store.store_id, side)
        for store, side in zip(stores, sides, strict=True)
        if store.store_id not in late
    ]
    if whole_ones:
        yield {
            **whole, "store_id": ALL, "stores": "+".join(name for name, _ in whole_ones),
            **_projected(
                *(np.nansum([side[at] for _, side in whole_ones], axis=0) for at in (0, 1))
            ),
        }  # fmt: skip
    for store, (now, then) in zip(stores, sides, strict=True):
        row = {**whole, "store_id": store.store_id, "stores": store.store_id}
        yield {**row, **_projected(now, then)}


def _series(
    store: Store, aligned: tuple[Aligned, ...], so_far: tuple[date, ...],
    known: tuple[dict[date, Any], date | None],
) -> tuple[Floats, Floats]:  # fmt: skip
    """Sales of each day so far, and of the partners of all days; nan where it was not open, and
    after the last day of data that are late. `known`: sales by day, and that day."""
    sold, last_day = known
    to_day = last_day or so_far[-1]
    now = np.array([float(sold.get(day, 0)) if day <= to_day else np.nan for day in so_far])
    first, last = min(sold), max(sold)
    opened = max(first, store.opened_on or first)
    then = [
        float(sold.get(each.partner, 0)) if opened <= each.partner <= last else np.nan
        for each in aligned
    ]
    return now, np.array(then)


def _projected(now: Floats, then: Floats) -> Row:
    row: Row = {"so_far": float(np.nansum(now))}
    seen = np.isfinite(now)
    if np.isnan(then).any() or not then.any():
        return {**row, "outcome_reason": "reason.opened_since"}
    row |= {"aligned_so_far": float(then[: len(now)][seen].sum()), "aligned": float(then.sum())}
    if len(now) == len(then) and seen.all():
        growth = row["so_far"] / row["aligned"] - 1 if row["aligned"] else None
        total = row["so_far"]
        return {**row, "growth": growth, "projected": total, "low": total, "high": total}
    try:
        found = project(now, then, level=LEVEL)
    except ValueError:
        return {**row, "outcome_reason": "reason.too_few_days"}
    return {
        **row, "growth": found.growth, "growth_lo": found.growth_low,
        "growth_hi": found.growth_high, "projected": found.total, "low": found.low,
        "high": found.high,
    }  # fmt: skip
