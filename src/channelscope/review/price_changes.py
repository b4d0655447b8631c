"""Price order broken and mended: products with days below then and now."""

from __future__ import annotations

import polars as pl

from channelscope.config import Floors
from channelscope.review_tables import REVIEW_TABLES

_KEY = ["store_id", "sku"]


def price_order_changes(
    now: pl.DataFrame, before: pl.DataFrame, titles: pl.DataFrame, *, base: str, floors: Floors
) -> pl.DataFrame:
    """Rows of `price_order_changes`, broken first, most money first.

    `now`, `before`: rows of `price_gaps`. Broken: from fewer days below than the floor to more;
    mended: back; else worse or better by as much. The money is that of the worse period.
    """
    schema = REVIEW_TABLES["price_order_changes"]
    both = _shares(before).join(_shares(now), on=_KEY, how="full", coalesce=True, suffix="_now")
    then, since = pl.col("share").fill_null(0.0), pl.col("share_now").fill_null(0.0)
    least = floors.relative
    change = (
        pl.when((then < least) & (since >= least) & (since - then >= least))
        .then(pl.lit("broken"))
        .when((then >= least) & (since < least) & (then - since >= least))
        .then(pl.lit("mended"))
        .when(since - then >= least)
        .then(pl.lit("worse"))
        .when(then - since >= least)
        .then(pl.lit("better"))
    )
    order = {name: at for at, name in enumerate(("broken", "worse", "mended", "better"))}
    told = (
        both.with_columns(change=change, base=pl.lit(base))
        .filter(
            pl.col("change").is_not_null(),
            pl.max_horizontal("shortfall_amount", "shortfall_amount_now") >= floors.absolute,
        )
        .join(titles.select("sku", "title"), on="sku", how="left")
        .with_columns(
            share_before=then, share_now=since, depth_before="depth", depth_now="depth_now",
            cause_mechanism=pl.coalesce("cause_mechanism_now", "cause_mechanism"),
            funder=pl.coalesce("funder_now", "funder"),
            shortfall_amount=pl.max_horizontal("shortfall_amount_now", "shortfall_amount"),
            place=pl.col("change").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort(
            ["place", "shortfall_amount", "store_id", "sku"],
            descending=[False, True, False, False], nulls_last=True,
        )
        .with_row_index("rank", offset=1)
    )  # fmt: skip
    return told.select(schema.names()).cast(schema)


def _shares(gaps: pl.DataFrame) -> pl.DataFrame:
    """Of each store and product: share of days below (else of gap), how deep, why and for how much.

    Only days on which the month's rows are told count: a month without any such day has no row.
    """
    low = pl.coalesce("days_below", "days_gap")
    weight = low / low.sum()
    most = pl.col("cause_mechanism").sort_by(low, descending=True).first()
    return gaps.group_by(_KEY, maintain_order=True).agg(
        share=low.sum() / pl.col("days").sum(),
        depth=(pl.col("depth") * weight).sum(),
        cause_mechanism=most,
        funder=pl.col("funder").sort_by(low, descending=True).first(),
        shortfall_amount=pl.col("shortfall_amount").sum(),
    )
