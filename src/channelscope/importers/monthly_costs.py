"""What platforms took, by month: rates of the sales they were taken from, or money.

A cost that is not known in full stays unknown: half a month of advertising is not the month's.
"""

from __future__ import annotations

import polars as pl

from channelscope.domain import Period
from channelscope.importers import canonical
from channelscope.importers.layout import ExportKind, Layout

BASE = "cost_base"
COSTS = tuple(w for w in canonical.FIGURES if w.startswith("cost_") and w != BASE)
_RATES = ("cost_commission", "cost_payment_fee", "cost_affiliate")


def table(rows: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    """Month, kind and amount of every cost that is known in full."""
    known = _judged(rows, layout, span).filter(pl.col("reason").is_null())
    return known.select("month", "kind", "amount")


def left_out(rows: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    """Month, kind and reason of the others: not_all_known, no_base or part_of_month."""
    unknown = _judged(rows, layout, span).filter(pl.col("reason").is_not_null())
    return unknown.select("month", "kind", "reason")


def _judged(rows: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    spoken_of = [word for word in COSTS if rows[word].is_not_null().any()]
    cells = rows.select("month", "date", BASE, *spoken_of).unpivot(
        spoken_of, index=["month", "date", BASE], variable_name="word", value_name="cost"
    )
    sums = cells.group_by("month", "word").agg(
        pl.col("cost").sum().cast(pl.Float64).abs().alias("total"),
        pl.col(BASE).sum().cast(pl.Float64).alias("base"),
        pl.col("cost").is_not_null().sum().alias("known"),
        pl.col(BASE).is_not_null().sum().alias("bases"),
        pl.len().alias("rows"),
        pl.col("date").drop_nulls().n_unique().alias("days"),
    )
    is_rate = pl.col("word").is_in(_RATES)
    judged = sums.with_columns(
        _reason(rows, is_rate, layout, span).alias("reason"),
        pl.when(is_rate)
        .then(pl.col("total") / pl.col("base"))
        .otherwise(pl.col("total"))
        .alias("amount"),
        pl.col("word")
        .str.strip_prefix("cost_")
        .add(pl.when(is_rate).then(pl.lit("_rate")).otherwise(pl.lit("")))
        .alias("kind"),
    )
    return judged.sort("month", "kind")


def _reason(rows: pl.DataFrame, is_rate: pl.Expr, layout: Layout, span: Period | None) -> pl.Expr:
    """Why a cost of a month is not known.

    A ledger has a row per movement of money, most of which have only some of the parts: there an
    empty cell is a part that the movement does not have. In figures of a day it is one not known.
    """
    is_ledger = layout.kind is ExportKind.SETTLEMENT
    some = pl.col("known") == 0 if is_ledger else pl.col("known") < pl.col("rows")
    bases = pl.lit(value=False) if is_ledger else pl.col("bases") < pl.col("rows")
    lasts = _is_covered(rows, span) if is_ledger else _has_every_day(span)
    return (
        pl.when(some)
        .then(pl.lit("not_all_known"))
        .when(is_rate & (bases | (pl.col("base") <= 0)))
        .then(pl.lit("no_base"))
        .when(~is_rate & ~lasts)
        .then(pl.lit("part_of_month"))
    )


def _has_every_day(span: Period | None) -> pl.Expr:
    days = pl.col("month").dt.month_end().dt.day()
    return pl.when(pl.col("days") > 0).then(pl.col("days") == days).otherwise(_is_in(span))


def _is_covered(rows: pl.DataFrame, span: Period | None) -> pl.Expr:
    """Whether a ledger reaches from the first to the last day of a month."""
    days = rows["date"].drop_nulls()
    if days.is_empty():
        return _is_in(span)
    ends = [day for day in (days.min(), days.max()) if day is not None]
    if span is not None:
        ends += [span.first, span.last]
    return _is_between(min(ends), max(ends))


def _is_in(span: Period | None) -> pl.Expr:
    """Whether figures of a month without days are of the whole month."""
    return pl.lit(value=True) if span is None else _is_between(span.first, span.last)


def _is_between(first: object, last: object) -> pl.Expr:
    return (pl.col("month") >= pl.lit(first)) & (pl.col("month").dt.month_end() <= pl.lit(last))
