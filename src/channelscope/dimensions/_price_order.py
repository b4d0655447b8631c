"""Price order: where prices lie below the reference's and the suggested ones, why, by whose money.

Facts about prices, never a call to enforce them. Of a group every store is looked at by itself and
its days are added up: a mean of two prices is below, or not, where neither of the two is.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _price_causes
from channelscope.domain import Rung, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, quotient, ratio_rows
from channelscope.mechanisms import Funder
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools

GAP = 0.03
"""From this share below the reference's a price is another price: the trade's price change."""
BELOW = 0.01
"""A price this share below the suggested one is rounded (99 for 100), not set below it."""
ENOUGH_FUNDED = 0.8
"""Least part of the days below of which it is known whose money they are."""
ROUNDING = 1e-9
"""66 × 0.99 is a little more than 65.34 for a computer."""
_PRICES, _RATIOS = 4, 6
_MONTH = ("sku", "month_start", "store_id")


def price_order(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `price_gaps` and `metrics`."""
    rung = Rung(session.run(sqlfile.find("price/order_rung"))["rung"][0])
    query = sqlfile.find("price/order_cells")
    cells = _flagged(session.run(query, {"rung": str(rung), "first": scope.period.first,
                                         "last": scope.period.last}))  # fmt: skip
    low = cells.filter(pl.col("is_below") | pl.col("is_gap")).with_columns(
        base=pl.when("is_below").then("suggested_price").otherwise("reference_price"),
        limit=pl.when("is_below").then(_limit_below()).otherwise(_limit_gap()),
    )
    found = _price_causes.explain(session, scope, low, rung=rung)
    cells = cells.join(found.cells.select("at", "funder"), on="at", how="left")
    cells, low = (_as_compared(frame) for frame in (cells, found.cells))
    return {
        "price_gaps": _gap_rows(cells, replace(found, cells=low), rung=rung),
        "metrics": _metric_rows(scope, cells),
    }


def _as_compared(cells: pl.DataFrame) -> pl.DataFrame:
    """The cells of stores as those of the groups they are compared as."""
    return cells.drop("store_id").rename({"compared_id": "store_id"})


def _flagged(cells: pl.DataFrame) -> pl.DataFrame:
    return cells.with_row_index("at").with_columns(
        is_gap=pl.col("price") < _limit_gap(), is_below=pl.col("price") < _limit_below()
    )


def _limit_gap() -> pl.Expr:
    return pl.col("reference_price") * (1 - GAP) * (1 - ROUNDING)


def _limit_below() -> pl.Expr:
    return pl.col("suggested_price") * (1 - BELOW) * (1 - ROUNDING)


def _gap_rows(cells: pl.DataFrame, found: _price_causes.Explained, *, rung: Rung) -> pl.DataFrame:
    """A row of each product, month and store with a day of gap or a day below."""
    days = pl.col("days")
    matched = pl.col("reference_price").is_not_null()
    reference = _mean("reference_price", matched)
    units, missing = pl.col("units").filter(pl.col("is_below")), pl.lit(None, pl.Float64)
    short = (pl.col("suggested_price") - pl.col("price")) * pl.col("units")
    known = units.count() > 0
    months = cells.group_by(_MONTH).agg(
        price=_mean("price", pl.lit(True)).round(_PRICES),
        reference_price=reference.round(_PRICES),
        ratio=(_mean("price", matched) / reference).round(_RATIOS),
        suggested_price=pl.col("suggested_price").first(),
        days=days.sum(),
        days_gap=pl.when(matched.any()).then(days.filter(pl.col("is_gap")).sum()),
        days_below=_days_below(pl.col("is_below")),
        days_own=_days_below(pl.col("is_below") & _is_own()),
        depth=(1 - _mean("price", pl.col("is_below")) / pl.col("suggested_price").first()).round(
            _RATIOS
        ),
        units=pl.when(known).then(units.sum()).otherwise(missing),
        shortfall_amount=pl.when(known)
        .then(short.filter(pl.col("is_below") & _is_own()).sum().round(_PRICES))
        .otherwise(missing),
    )
    told = months.filter((pl.col("days_gap") > 0) | (pl.col("days_below") > 0))
    schema = TABLES["price_gaps"]
    return (
        told.join(_causes(found), on=_MONTH, how="left")
        .with_columns(rung=pl.lit(str(rung)))
        .rename({"month_start": "period_start"})
        .select(schema.names())
        .cast(schema)
        .sort("sku", "period_start", "store_id")
    )


def _mean(name: str, where: pl.Expr) -> pl.Expr:
    """The mean over days; null where there are none."""
    days = pl.col("days").filter(where)
    total = (pl.col(name) * pl.col("days")).filter(where).sum()
    return pl.when(days.sum() > 0).then(total / days.sum())


def _days_below(where: pl.Expr) -> pl.Expr:
    suggested = pl.col("suggested_price").is_not_null().any()
    return pl.when(suggested).then(pl.col("days").filter(where).sum())


def _is_own() -> pl.Expr:
    return pl.col("funder").is_in([str(Funder.MERCHANT), str(Funder.SHARED)])


def _causes(found: _price_causes.Explained) -> pl.DataFrame:
    """Of each product, month and store: who funds most days below, and by what.

    Days of gap alone count where no day lies below the suggested price.
    """
    below = pl.col("is_below").fill_null(False)
    cells = found.cells.filter(below | ~below.any().over(_MONTH))
    by_funder = cells.group_by(*_MONTH, "funder").agg(pl.col("days").sum())
    main = by_funder.sort("days", "funder", descending=[True, False], nulls_last=True).unique(
        _MONTH, keep="first", maintain_order=True
    )
    same = cells.join(
        main.select(*_MONTH, "funder"), on=[*_MONTH, "funder"], how="semi", nulls_equal=True
    )
    money = (
        found.parts.join(same.select("at", "days", *_MONTH), on="at")
        .group_by(*_MONTH, "mechanism")
        .agg((pl.col("money") * pl.col("days")).sum())
        .sort("money", "mechanism", descending=[True, False], nulls_last=True)
        .unique(_MONTH, keep="first", maintain_order=True)
    )
    return main.select(*_MONTH, "funder").join(
        money.select(*_MONTH, cause_mechanism="mechanism"), on=_MONTH, how="left"
    )


def _metric_rows(scope: Scope, cells: pl.DataFrame) -> pl.DataFrame:
    """Shares of product-days, deleted product by product, and how far below they lie."""
    skus = _blocks(scope, cells)
    covered = quotient(skus.total("days"), skus.total("days_priced"))
    below = skus.total("below")
    known = quotient(skus.total("known"), below, empty=1.0)
    told = [
        _share(skus, "below_suggested_share", "below", covered),
        _share(skus, "own_breach_share", "own", covered * known),
        _share(skus, "platform_gap_share", "platform", covered * known),
    ]
    depth = ratio_rows(
        "below_suggested_depth", skus, numerator="short", denominator="below", n="skus_below",
        coverage=np.where(below > 0, covered, np.nan), reason="reason.never_below",
    )  # fmt: skip
    untold = known < ENOUGH_FUNDED
    return pl.concat([
        _without(scope, told[0], skus),
        *(_without(scope, frame, skus, untold=untold) for frame in told[1:]),
        _without(scope, depth, skus),
    ])  # fmt: skip


def _share(skus: Blocks, metric: str, top: str, coverage: Floats) -> pl.DataFrame:
    coverage = np.where(skus.total("days") > 0, coverage, np.nan)
    return ratio_rows(metric, skus, numerator=top, denominator="days", n="skus", coverage=coverage)


def _blocks(scope: Scope, cells: pl.DataFrame) -> Blocks:
    """Days of each store and product: priced, with a suggested price, below it, by whose money."""
    days, below = pl.col("days"), pl.col("is_below").fill_null(False)
    suggested = pl.col("suggested_price").is_not_null()
    short = (1 - pl.col("price") / pl.col("suggested_price")) * days
    frame = cells.group_by("store_id", "sku").agg(
        days_priced=days.sum(),
        days=days.filter(suggested).sum(),
        skus=suggested.any(),
        below=days.filter(below).sum(),
        skus_below=below.any(),
        own=days.filter(below & _is_own()).sum(),
        platform=days.filter(below & (pl.col("funder") == str(Funder.PLATFORM))).sum(),
        known=days.filter(below & pl.col("funder").is_not_null()).sum(),
        short=short.filter(below).sum(),
    )
    return pivot(frame.sort("store_id", "sku"), stores=scope.store_ids, block="sku")


def _without(
    scope: Scope, frame: pl.DataFrame, skus: Blocks, *, untold: Bools | None = None
) -> pl.DataFrame:
    """`frame` with the reasons of what is not known, and without what too little is known of."""
    priced, suggested = skus.total("days_priced") > 0, skus.total("days") > 0
    hidden = pl.Series(np.zeros(len(scope.store_ids), dtype=bool) if untold is None else untold)
    why = (
        pl.when(pl.Series(~priced))
        .then(pl.lit("reason.no_prices_on_rung"))
        .when(pl.Series(~suggested))
        .then(pl.lit("reason.no_suggested_price"))
        .when(hidden)
        .then(pl.lit("reason.funder_unknown"))
        .otherwise("outcome_reason")
    )
    return frame.with_columns(
        pl.when(~hidden).then(pl.col(name)).alias(name) for name in ("value", "lo", "hi")
    ).with_columns(outcome_reason=why)
