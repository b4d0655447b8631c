"""Exports about items → what is on the shelf, at which price, and what it is said to sell."""

from __future__ import annotations

import polars as pl

from channelscope.contract import Type
from channelscope.domain import Period
from channelscope.errors import DataError, UsageError
from channelscope.importers import canonical, shelf_promotions
from channelscope.importers.layout import ExportKind, Layout

_TYPES = {
    Type.TEXT: pl.String(),
    Type.DATE: pl.Date(),
    Type.TIMESTAMP: pl.Datetime("us"),
    Type.INT: pl.Int64(),
    Type.MONEY: pl.Decimal(18, 4),
    Type.DOUBLE: pl.Float64(),
}
_ITEM = ("item_id", "title", "item_code", "category")
_VARIANT = ("variant_id", "variant", "sku_code", "gtin")
_PRICES = ("list_price", "activity_price", "net_price")
_CONTROL = {
    "control_paid": "paid_amount",
    "control_orders": "orders",
    "control_units": "units",
    "control_refunded": "refunded_amount",
}
_WHOLE = ("汇总", "合计", "小计", "总计", "全部", "Total")
_ROWS_OF_A_SHEET = 10**10  # rows of later sheets are counted from multiples of it


def tables(
    frame: pl.DataFrame, *, store: str, layout: Layout, span: Period | None = None
) -> dict[str, pl.DataFrame]:
    """The tables that have rows: exported_price_snapshots, exported_promotions,
    promotions_not_understood, items, control_totals.

    `frame`: words of `canonical.ITEM`, and `row` as in the file. `span`: the days of a file that
    does not say them; a snapshot is of the first.
    """
    rows = _complete(frame)
    found: dict[str, pl.DataFrame] = {}
    if layout.kind is ExportKind.PRICES:
        rows = _observed(_keyed(_filled(rows), layout), layout, span)
        found["exported_price_snapshots"] = _snapshots(rows)
        found |= shelf_promotions.tables(rows, store=store, span=span)
    else:
        rows = _keyed(rows, None)
        found["control_totals"] = _control(rows, span)
    found["items"] = _items(rows)
    return {
        name: table.select(pl.lit(store).alias("store_id"), pl.all())
        for name, table in found.items()
        if not table.is_empty()
    }


def item_key() -> pl.Expr:
    """What identifies a product in its store: the most exact that is known, null for nothing."""
    return pl.coalesce(
        "sku_code",
        "variant_id",
        pl.concat_str("item_id", "variant", separator="/"),
        "item_code",
        "item_id",
        pl.concat_str("title", "variant", separator="/"),
        "title",
    )


def _complete(frame: pl.DataFrame) -> pl.DataFrame:
    """Every word in its type; a blank text is not known."""
    known = [
        pl.col(word).cast(_TYPES[type_])
        if word in frame.columns
        else pl.lit(None, dtype=_TYPES[type_]).alias(word)
        for word, type_ in canonical.ITEM.items()
    ]
    rows = frame.select(*known, "row").sort("row")
    texts = pl.col(pl.String).str.strip_chars()
    return rows.with_columns(pl.when(texts != "").then(texts).name.keep())


def _filled(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows whose cells of identity are merged with those above get what stands there.

    An item begins where it is named, a variant where anything is: a variant without a name of its
    own never takes that of another item.
    """
    names_item = pl.any_horizontal(pl.col("item_id", "title").is_not_null())
    names_any = pl.any_horizontal(pl.col(*_ITEM, *_VARIANT).is_not_null())
    blocks = rows.with_columns(
        names_item.cum_sum().alias("item_block"), names_any.cum_sum().alias("variant_block")
    )
    of_variant = pl.col(*_VARIANT, *_PRICES).first().over("variant_block")
    of_item = pl.col(*_ITEM).first().over("item_block")
    return blocks.with_columns(of_variant, of_item).drop("item_block", "variant_block")


def _keyed(rows: pl.DataFrame, layout: Layout | None) -> pl.DataFrame:
    """The rows with their item's key; DataError for one without, where a layout is given."""
    keyed = rows.with_columns(item_key().alias("item_key"))
    nameless = keyed.filter(pl.col("item_key").is_null())
    if layout is None or nameless.is_empty():
        return keyed
    shown = ", ".join(f"row {row % _ROWS_OF_A_SHEET}" for row in nameless["row"].head(3))
    raise DataError(
        f"{nameless.height:,} rows name no item; first: {shown}",
        where=layout.title,
        expected="an item's id or name, on the first row of each item at least",
        advice="export the file again, and leave its rows in their order",
    )


def _observed(rows: pl.DataFrame, layout: Layout, span: Period | None) -> pl.DataFrame:
    """The rows with the moment at which they were seen."""
    day = pl.col("date") if span is None else pl.coalesce("date", pl.lit(span.first))
    seen = rows.with_columns(pl.coalesce("observed_at", day.cast(pl.Datetime("us"))))
    if seen["observed_at"].null_count():
        raise UsageError(
            "the file does not say of which days it is",
            where=layout.title,
            expected="--from DAY --to DAY: the day of the export, or the days of the campaign",
        )
    return seen


def _snapshots(rows: pl.DataFrame) -> pl.DataFrame:
    """What an item costs at a moment, where the export knows its list price."""
    key = ("item_key", "observed_at")
    known = rows.filter(pl.col("list_price").is_not_null())
    seen = known.group_by(key).agg(pl.col(*_PRICES).drop_nulls().last()).sort(key)
    return seen.with_columns(pl.lit(None, dtype=pl.Boolean).alias("listed"))


def _items(rows: pl.DataFrame) -> pl.DataFrame:
    """Each item as its last rows name it."""
    told = rows.filter(pl.col("item_key").is_not_null()).sort("date", "row", nulls_last=False)
    words = ("item_id", "variant_id", "sku_code", "item_code", "gtin", "title", "variant")
    last = pl.col(*words, "category", "list_price").drop_nulls().last()
    return told.group_by("item_key").agg(last).sort("item_key")


def _control(rows: pl.DataFrame, span: Period | None) -> pl.DataFrame:
    """What the platform says it sold per day: no figure for days of which one part is not known,
    and none of files that are of several days together."""
    if span is not None and span.days == 1:
        rows = rows.with_columns(pl.coalesce("date", pl.lit(span.first)))
    is_total = pl.any_horizontal(pl.col("title", "category", "item_id").is_in(_WHOLE))
    told = rows.filter(
        pl.col("date").is_not_null()
        & pl.any_horizontal(pl.col(*_CONTROL).is_not_null())
        & ~is_total.fill_null(value=False)
    ).unique(list(canonical.ITEM))
    sums = [
        pl.when(pl.col(word).is_not_null().all()).then(pl.col(word).sum()).alias(name)
        for word, name in _CONTROL.items()
    ]
    return told.group_by("date").agg(sums).sort("date")
