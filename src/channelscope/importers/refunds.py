"""After-sales exports → refunds of order lines."""

from __future__ import annotations

import polars as pl

from channelscope.errors import DataError

REFUNDED = "refunded"


def table(frame: pl.DataFrame, store: str) -> pl.DataFrame:
    """What came back of each order line: store_id, order_id, line_id, refunded_amount, refunded_at.

    `frame`: words of `canonical.REFUND`, one row per case, and `row`. Only cases that ended with
    the money back count; cases that are open, closed or of a status nobody knows do not. Of a line
    with several the amounts add up, and are not known when one of them is not.
    """
    done = frame.filter(pl.col("line_state") == REFUNDED)
    nameless = done.filter(pl.col("order_id").is_null())
    if not nameless.is_empty():
        raise DataError(
            f"{nameless.height:,} refunds have no order number",
            where=f"row {nameless['row'].sort().item(0)}",
            expected="the order that the money was given back for",
            advice="export the file again",
        )
    # Exports whose days overlap hold a case twice; one export does not.
    same = ("order_id", "line_id", "line_refunded", "refunded_at")
    sheet = "sheet" if "sheet" in done.columns else pl.lit(0).alias("sheet")
    number = pl.int_range(pl.len()).over(*same, sheet).alias("number")
    cases = done.with_columns(number).unique([*same, "number"])
    amount, time = pl.col("line_refunded"), pl.col("refunded_at")
    lines = cases.group_by("order_id", "line_id").agg(
        pl.when(amount.is_not_null().all()).then(amount.sum()).alias("refunded_amount"),
        pl.when(time.is_not_null().all()).then(time.max()).alias("refunded_at"),
    )
    money = pl.col("refunded_amount").cast(pl.Decimal(18, 4))
    columns = ("order_id", "line_id", money, "refunded_at")
    return lines.select(pl.lit(store).alias("store_id"), *columns).sort("order_id", "line_id")
