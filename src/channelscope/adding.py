"""Rows of one grain put together: sums added up, first and last days kept, means weighted."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

_FIRST = ("first_day", "first_sale", "seen_before", "week_start")
_LAST = ("last_day", "last_sale")
_MEANS = {
    "list_price": "listed_observations",
    "activity_price": "listed_observations",
    "one_piece_price": "listed_observations",
    "in_stock_share": "observations",
}


def added(frames: Sequence[pl.DataFrame], grain: Sequence[str]) -> pl.DataFrame:
    """Rows of all `frames` as one frame with one row per `grain`, in the order of the grain.

    Sums are added up, first and last days are the extremes, mean prices are weighted by their
    observations. A sum of nothing known stays unknown.
    """
    rows = pl.concat(frames)
    if not rows.select(grain).is_duplicated().any():
        return rows.sort(grain, nulls_last=True)
    values = [name for name in rows.columns if name not in grain]
    joined = rows.group_by(grain).agg(_joined(name) for name in values)
    return joined.select(rows.columns).cast(rows.schema).sort(grain, nulls_last=True)


def _joined(name: str) -> pl.Expr:
    column = pl.col(name)
    if name in _FIRST:
        return column.min()
    if name in _LAST:
        return column.max()
    if name in _MEANS:
        weight = pl.when(column.is_not_null()).then(pl.col(_MEANS[name])).cast(pl.Float64)
        total = weight.sum()
        return pl.when(total > 0).then((column * weight).sum() / total).alias(name)
    return pl.when(column.count() > 0).then(column.sum()).alias(name)
