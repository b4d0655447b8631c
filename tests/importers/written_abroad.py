"""Exports of Shopify and Amazon, written for the round trip."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from tests.importers import written_headers
from tests.importers.prepared_lines import clock, money, province, put, table, with_unpaid

AMAZON_ZONE = "America/Los_Angeles"
LOCAL = "%Y-%m-%d %H:%M:%S +0800"
_number, _text, _when = pl.col("order_id"), pl.lit, pl.when
_order, _refunded = pl.col("order_paid_c"), pl.col("order_refunded_c")


def shopify(lines: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    """A line that pays more than its price had another price; a cut of an order of one line stands
    at the order, of others at their lines."""
    lines = with_unpaid(lines)
    dearer = (pl.col("paid_c") + pl.col("qty") - 1) // pl.col("qty")
    lines = lines.with_columns(price_c=pl.max_horizontal("price_c", dearer))
    cut = pl.col("price_c") * pl.col("qty") - pl.col("paid_c")
    alone = pl.len().over("order_id") == 1
    first = pl.col("is_first")
    state = (
        _when(pl.col("extra") > 0).then(_text("pending"))
        .when(_refunded == 0).then(_text("paid"))
        .when(_refunded == _order).then(_text("refunded"))
        .otherwise(_text("partially_refunded"))
    )  # fmt: skip
    once = {
        "Financial Status": state,
        "Paid at": clock("paid_at", LOCAL),
        "Currency": _text("CNY"),
        "Subtotal": money("order_paid_c"),
        "Shipping": money("postage_c"),
        "Taxes": _text("0.00"),
        "Total": money(_order + pl.col("postage_c")),
        "Discount Amount": money(_when(alone).then(cut).otherwise(0)),
        "Billing Name": pl.col("name"),
        "Billing Address1": pl.col("street"),
        "Billing Phone": pl.format("'{}", "phone"),
        "Billing Zip": pl.format("'{}", "zip"),
        "Shipping Name": pl.col("name"),
        "Shipping Street": pl.col("street"),
        "Shipping Zip": pl.format("'{}", "zip"),
        "Shipping Province": province(),
        "Shipping Country": _text("CN"),
        "Shipping Phone": pl.col("phone"),
        "Notes": pl.col("message"),
        "Tags": pl.col("memo"),
        "Phone": pl.col("phone"),
        "Refunded Amount": money("order_refunded_c"),
        "Shipping Province Name": province(),
    }
    rows = table(
        lines,
        written_headers.SHOPIFY,
        {
            **{name: _when(first).then(cell) for name, cell in once.items()},
            "Name": _number,
            "Email": pl.col("mail"),
            "Created at": clock("created_at", LOCAL),
            "Lineitem quantity": pl.col("qty"),
            "Lineitem name": pl.col("title"),
            "Lineitem price": money("price_c"),
            "Lineitem compare at price": _when(pl.col("list_c") > pl.col("price_c")).then(
                money("list_c")
            ),
            "Lineitem sku": pl.col("sku"),
            "Lineitem discount": money(_when(alone).then(0).otherwise(cut)),
        },
    )
    return (put(folder / "orders_export_1.csv", rows, encoding="utf-8"),)


def amazon(lines: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    lines = with_unpaid(lines).with_columns(goods_c=pl.max_horizontal("goods_c", "paid_c"))
    sold = pl.col("extra") == 0
    state = (
        _when(sold).then(_text("Shipped")).when(pl.col("extra") == 1).then(_text("Pending"))
        .otherwise(_text("Cancelled"))
    )  # fmt: skip
    utc = pl.col("ordered_at").dt.replace_time_zone(AMAZON_ZONE).dt.convert_time_zone("UTC")
    rows = table(
        lines,
        written_headers.AMAZON,
        {
            "amazon-order-id": _number,
            "purchase-date": clock(utc, "%Y-%m-%dT%H:%M:%S+00:00"),
            "last-updated-date": clock(utc, "%Y-%m-%dT%H:%M:%S+00:00"),
            "order-status": state,
            "fulfillment-channel": _text("Amazon"),
            "sales-channel": _text("Amazon.com"),
            "product-name": pl.col("title"),
            "sku": pl.col("sku"),
            "asin": pl.format("B0{}", pl.col("sku").str.replace_all(r"\W", "")),
            "item-status": state,
            "quantity": _when(sold).then("qty").otherwise(0),
            "currency": _text("CNY"),
            "item-price": _when(sold).then(money("goods_c")),
            "shipping-price": money("postage_c"),
            "item-promotion-discount": money(pl.col("goods_c") - pl.col("paid_c")),
            "ship-city": pl.col("street"),
            "ship-state": province(),
            "ship-postal-code": pl.col("zip"),
            "ship-country": _text("CN"),
            "purchase-order-number": pl.col("tax_number"),
        },
    )
    return (put(folder / "orders.txt", rows, encoding="utf-8", separator="\t"),)
