"""The promotions of a shelf export: parsed texts with their window, id and items."""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from typing import Any

import polars as pl

from channelscope.contract import PROMOTIONS, Type
from channelscope.domain import Period
from channelscope.importers.promotion_text import parse

_TYPES = {
    Type.TEXT: pl.String(),
    Type.TIMESTAMP: pl.Datetime("us"),
    Type.DOUBLE: pl.Float64(),
    Type.BOOL: pl.Boolean(),
    Type.MONEY: pl.Decimal(18, 4),
    Type.INT: pl.Int64(),
}
_SCHEMA = {column.name: _TYPES[column.type] for column in PROMOTIONS.columns}
_PRINTED = ("text", "promo_tool", "promo_level")
_TERMS = ("mechanism", "threshold_kind", "threshold", "threshold_base", "benefit_kind", "benefit",
          "repeat", "cap", "stack_group", "priority", "eligibility", "merchant_share")  # fmt: skip
_MOMENT = r"(\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2})日?(?:[ T]+(\d{1,2}:\d{2}(?::\d{2})?))?"
_ONE_PER_ORDER = ("coupon_shop", "coupon_platform")


def tables(rows: pl.DataFrame, *, store: str, span: Period | None) -> dict[str, pl.DataFrame]:
    """`exported_promotions`, one row per promotion and item, and `promotions_not_understood`.

    `rows`: words of `canonical.ITEM` with `item_key` and `observed_at` known.
    """
    printed = _windowed(_printed(rows), span)
    rules = _rules(printed)
    understood = printed.join(rules, on=list(_PRINTED), nulls_equal=True)
    left = printed.join(rules, on=list(_PRINTED), how="anti", nulls_equal=True)
    left = left.select("text", "item_key", "title").unique(["text", "item_key"])
    return {
        "exported_promotions": _promotions(understood, store),
        "promotions_not_understood": left.sort("text", "item_key"),
    }


def _printed(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows that have a promotion, each with its text; figures alone are put into words."""
    rate = pl.when(pl.col("promo_rate") > 0).then(pl.col("promo_rate"))
    shown = (rate * 100).round(4).cast(pl.String)
    amount = pl.when(pl.col("promo_amount") > 0).then(pl.col("promo_amount")).cast(pl.String)
    cut = pl.when(pl.col("promo_tool").is_null()).then(pl.lit("官方立减")).otherwise(pl.lit("减"))
    text = pl.coalesce(
        "promo_text", pl.format("官方立减{}%", shown), pl.format("{}{}元", cut, amount)
    )
    return rows.with_columns(text.alias("text")).filter(pl.col("text").is_not_null())


def _windowed(rows: pl.DataFrame, span: Period | None) -> pl.DataFrame:
    """The rows with first and last moment: as printed, else the days named, else the day seen."""
    moments = pl.col("promo_window").str.extract_all(_MOMENT)
    both = pl.when(moments.list.len() == 2).then(moments)
    first, last = both.list.get(0, null_on_oob=True), both.list.get(1, null_on_oob=True)
    seen = pl.col("observed_at").dt.date()
    first_day = seen if span is None else pl.lit(span.first)
    last_day = seen if span is None else pl.lit(span.last)
    starts, ends = _moment(first, "0:00:00"), _moment(last, "23:59:59")
    is_window = (starts <= ends).fill_null(value=False)
    end_of_day = last_day.cast(pl.Datetime("us")) + pl.duration(hours=23, minutes=59, seconds=59)
    return rows.with_columns(
        pl.when(is_window)
        .then(starts)
        .otherwise(first_day.cast(pl.Datetime("us")))
        .alias("starts_at"),
        pl.when(is_window).then(ends).otherwise(end_of_day).alias("ends_at"),
    )


def _moment(text: pl.Expr, unsaid: str) -> pl.Expr:
    day = text.str.extract(_MOMENT, 1).str.replace_all(r"[/.年月]", "-")
    time = text.str.extract(_MOMENT, 2).fill_null(unsaid)
    seconds = pl.when(time.str.count_matches(":") == 1).then(time + ":00").otherwise(time)
    return (day + " " + seconds).str.to_datetime("%Y-%m-%d %H:%M:%S", strict=False, time_unit="us")


def _rules(printed: pl.DataFrame) -> pl.DataFrame:
    """The rules of each different text, numbered; texts that are not understood have none."""
    made: list[dict[str, Any]] = []
    for text, tool, level in printed.select(_PRINTED).unique(maintain_order=True).iter_rows():
        found = parse(text, tool=tool, level=level)
        made += [
            {"text": text, "promo_tool": tool, "promo_level": level, "number": number}
            | asdict(rule)
            for number, rule in enumerate(found.rules if found else (), 1)
        ]
    words = {name: pl.String() for name in _PRINTED} | {"number": pl.Int64()}
    return pl.DataFrame(made, schema=words | {name: _SCHEMA[name] for name in _TERMS})


def _promotions(rows: pl.DataFrame, store: str) -> pl.DataFrame:
    """One row per promotion and item: the same terms at the same time are one promotion."""
    label = pl.concat_str("promo_label", "text", separator=" ", ignore_nulls=True)
    told = rows.with_columns(label.alias("label"), pl.lit(None, pl.String).alias("gift_sku"))
    told = told.with_columns(_id(told, store)).unique(
        ["promo_id", "item_key"], keep="first", maintain_order=True
    )
    columns = [name for name in _SCHEMA if name not in ("store_id", "scope")]
    ranked = told.with_columns(_rank().alias("priority"))
    return ranked.select(*columns, "item_key").sort("promo_id", "item_key")


def _id(rows: pl.DataFrame, store: str) -> pl.Series:
    """An id that the same promotion gets in every export of the shop.

    A campaign that is prolonged stays itself; one that ends at several times is several.
    """
    identity = ("promo_id", "promo_label", *_PRINTED, "number", "starts_at")
    ends = pl.col("ends_at")
    is_one = pl.col("promo_id").is_not_null() & (ends.n_unique().over(identity) == 1)
    keys = rows.select(*identity, pl.when(~is_one).then(ends))
    return pl.Series("promo_id", [_digested(store, key) for key in keys.iter_rows()], pl.String)


def _digested(store: str, key: tuple[Any, ...]) -> str:
    digest = hashlib.sha256("\n".join(map(str, key)).encode()).hexdigest()[:12]
    return "/".join(part for part in (store, key[0], digest) if part)


def _rank() -> pl.Expr:
    """Coupons of which an order takes one stand in the order of their thresholds, so that nobody
    takes them for a contradiction."""
    terms = pl.struct(pl.col("threshold").fill_null(0), "benefit")
    rank = terms.rank("dense").over("mechanism", "eligibility").cast(pl.Int64)
    return pl.when(pl.col("mechanism").is_in(_ONE_PER_ORDER)).then(rank).otherwise("priority")
