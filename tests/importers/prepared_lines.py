"""Order lines of the sample made ready to be printed as an export: cents, persons, order sums."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tests.importers import planted

MECHANISMS = ("markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross")
AMOUNTS = {
    "list": "list_price", "paid": "paid_amount", "given": "platform_amount",
    "refunded": "refunded_amount", **{name: f"discount_{name}" for name in MECHANISMS},
}  # fmt: skip
POSTAGE = 1000
"""Cents that every fifth order pays for delivery: they belong to no line."""
CITY = ("秦淮市", "白鹭区")
NOT_PROVINCES = {
    **dict.fromkeys(("北京", "上海", "天津", "重庆"), "市"),
    "内蒙古": "自治区", "广西": "壮族自治区", "西藏": "自治区", "宁夏": "回族自治区",
    "新疆": "维吾尔自治区", "香港": "特别行政区", "澳门": "特别行政区",
}  # fmt: skip
"""What an address adds to the short name of a region; 省 to all others."""


def digits(column: str) -> pl.Expr:
    """The digits of a number as a whole number small enough to count with."""
    return pl.col(column).str.replace_all(r"\D", "").str.tail(4).cast(pl.Int64)


def prepared(lines: pl.DataFrame, products: pl.DataFrame) -> pl.DataFrame:
    """Lines with product, person and money in cents (`…_c`), the price of a piece after its
    markdown (`price_c`), and the sums of the order repeated on each of its lines (`order_…_c`)."""
    guest = pl.format("guest{}", pl.col("order_id").str.replace_all(r"\D", ""))
    known = (
        lines.with_columns(
            *((pl.col(column) * 100).cast(pl.Int64).alias(f"{name}_c")
              for name, column in AMOUNTS.items()),
            qty=pl.col("qty").cast(pl.Int64),
            person=pl.col("buyer_id").fill_null(guest),
        )
        .join(products.select("sku", "title"), on="sku", how="left", maintain_order="left")
    )  # fmt: skip
    known = known.join(
        planted.people(known["person"]), on="person", how="left", maintain_order="left"
    )
    whole = (pl.col("markdown_c") % pl.col("qty") == 0).all()
    assert known.select(whole).item(), "a piece has no price in whole cents"
    priced = known.with_columns(
        price_c=pl.col("list_c") - pl.col("markdown_c") // pl.col("qty"),
        postage_c=pl.when(digits("order_id") % 5 == 0).then(POSTAGE).otherwise(0),
        is_first=pl.col("line_no") == pl.col("line_no").min().over("order_id"),
        nick=pl.when(pl.col("buyer_id").is_not_null()).then("nick"),
        mail=pl.when(pl.col("buyer_id").is_not_null()).then("mail"),
        memo=pl.when("is_excluded").then(pl.format("刷单，{}", "message")).otherwise("message"),
    ).with_columns(goods_c=pl.col("price_c") * pl.col("qty"))
    names = ("goods", "paid", "given", "refunded", "subsidy")
    return priced.with_columns(
        pl.col(f"{name}_c").sum().over("order_id").alias(f"order_{name}_c") for name in names
    )


def with_unpaid(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines and, at the end, the first of three orders again, never paid: `extra` is 1 to 3
    there and 0 elsewhere. Adds `created_at` and `paid_at`."""
    again = lines.filter("is_first").head(3)
    extra = again.with_columns(
        order_id=pl.col("order_id") + "9", extra=pl.int_range(1, again.height + 1)
    )
    both = pl.concat([lines.with_columns(extra=pl.lit(0, dtype=pl.Int64)), extra])
    return both.with_columns(
        created_at=pl.col("ordered_at").dt.offset_by("-3m"),
        paid_at=pl.when(pl.col("extra") == 0).then("ordered_at"),
    )


def province() -> pl.Expr:
    """The official name of the region that the sample calls by its short name."""
    region = pl.col("ship_region")
    return region + region.replace_strict(NOT_PROVINCES, default="省")


def address(region: pl.Expr, *, blank: str) -> pl.Expr:
    """A delivery address that begins with the region."""
    return pl.concat_str(region, *map(pl.lit, CITY), "street", separator=blank)


def money(column: str | pl.Expr) -> pl.Expr:
    """Cents as text."""
    cents = pl.col(column) if isinstance(column, str) else column
    return pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))


def clock(moment: str | pl.Expr, form: str = "%Y-%m-%d %H:%M:%S") -> pl.Expr:
    """A moment as text."""
    return (pl.col(moment) if isinstance(moment, str) else moment).dt.strftime(form)


def table(
    frame: pl.DataFrame, header: tuple[str, ...], cells: Mapping[str, pl.Expr]
) -> pl.DataFrame:
    """A frame of text under exactly `header`; cells that nobody gives are empty."""
    lost = set(cells) - {name.strip() for name in header}
    assert not lost, lost
    empty = pl.lit(None, dtype=pl.String)
    return frame.select(
        cells.get(name.strip(), empty).cast(pl.String).alias(name) for name in header
    )


def put(path: Path, frame: pl.DataFrame, *, encoding: str, separator: str = ",") -> Path:
    """Write a frame in the encoding of a platform; a character that it lacks is an error."""
    text = (
        frame.write_csv(separator=separator, quote_style="never")
        if separator == "\t"
        else frame.write_csv(separator=separator)
    )
    path.write_bytes(text.encode(encoding))
    return path
