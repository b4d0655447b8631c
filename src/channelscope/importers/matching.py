"""Exported rows → tables of the contract, once it is known which product of the brand each is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import contract, sqlfile
from channelscope.engine.duckdb import Session
from channelscope.errors import OutputError
from channelscope.importers import facts, product_map, product_matches, undecided
from channelscope.importers.brand import Brand
from channelscope.importers.parts import Changes, digest, part_name, store_of

UNMATCHED = "unmatched 未匹配"
"""Category of products that only one store has, as long as nobody says what they are."""

UNSORTED = "unsorted 未分类"
"""Category of products that the exports know by code and title alone."""

_ITEM = (
    "store_id", "item_key", "item_id", "variant_id", "sku_code", "item_code", "gtin", "title",
    "variant", "category",
)  # fmt: skip
_REFUNDS: dict[str, Any] = {
    "order_id": pl.String, "line_id": pl.String, "refunded_amount": pl.Decimal(18, 4),
    "refunded_at": pl.Datetime("us"),
}  # fmt: skip


def match(session: Session, changes: Changes, brand: Brand) -> pl.DataFrame:
    """Make `order_lines`, `price_snapshots`, `promotions` and `products` of what was exported;
    returns product_map.csv as it is to be.

    Parts are named by what they are made of, so that only those are made anew whose product
    matches have changed.
    """
    items = _items(changes)
    written = product_map.read(brand.root, products=brand.products)
    matches = product_matches.item_matches(items, products=brand.products, product_map=written)
    matches = matches.with_columns(_share_until, _share_until.shift(1).over(*_KEY).fill_null(0.0)
                                   .alias("share_before"))  # fmt: skip
    matched = []
    for store in sorted({store_of(name) for name in changes.parts.get("items", [])}):
        of_store = matches.filter(pl.col("store_id") == store)
        matched += list(_order_lines(session, changes, store, of_store))
        _shelf(changes, store, of_store)
        changes.put("products", store, _own_products(items, of_store, store))
    changes.told["matched"] = matched
    return undecided.updated(written, items, products=brand.products)


_KEY = ("store_id", "item_key")
_share_until = (
    pl.when(pl.col("component") == pl.col("component").max().over(*_KEY))
    .then(1.0)
    .otherwise(pl.col("share").cum_sum().over(*_KEY))
    .alias("share_until")
)


def _items(changes: Changes) -> pl.DataFrame:
    frames = [pl.read_parquet(path) for path in changes.every("items")]
    empty = pl.DataFrame(schema=dict.fromkeys(_ITEM, pl.String))
    return pl.concat([empty, *frames], how="diagonal_relaxed")


def _order_lines(
    session: Session, changes: Changes, store: str, matches: pl.DataFrame
) -> Iterator[dict[str, Any]]:
    exported = changes.of("exported_lines", store)
    refunds = changes.rows("refunds", store)
    if refunds is None:
        refunds = pl.DataFrame(schema=_REFUNDS)
    if not exported:
        changes.set("order_lines", store, [])
        return
    state = digest(_text(matches), _text(refunds), sqlfile.find("import/matched_lines").sql)
    session.register("item_matches", matches)
    session.register("refunds", refunds.select(*_REFUNDS))
    names = []
    for path in exported:
        session.connection.read_parquet(str(path)).create_view("exported_lines", replace=True)
        name = part_name("order_lines", store, digest(path.name, state))
        if not changes.has(name):
            query = sqlfile.find("import/matched_lines")
            session.write(query, changes.scratch / name, {"store": store})
        names.append(name)
    changes.set("order_lines", store, names)
    every = session.connection.read_parquet([str(path) for path in exported])
    every.create_view("exported_lines", replace=True)
    now = facts.of_lines(session.run(sqlfile.find("import/line_summary")))
    changes.told.setdefault("lines", []).append({"store": store, **now})
    for row in session.run(sqlfile.find("import/matched_sales")).iter_rows(named=True):
        yield {"store": store, **row, "sales": str(row["sales"])}


def _text(frame: pl.DataFrame) -> str:
    return frame.write_csv()


def _shelf(changes: Changes, store: str, matches: pl.DataFrame) -> None:
    """Shelf prices of one piece and promotions, by the products of the brand."""
    whole = matches.filter(pl.len().over("item_key") == 1)
    prices = changes.rows("exported_price_snapshots", store)
    if prices is not None:
        changes.put("price_snapshots", store, _snapshots(prices, whole))
    promotions = changes.rows("exported_promotions", store)
    if promotions is not None:
        changes.put("promotions", store, _promotions(promotions, whole))


def _snapshots(prices: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    money = [c for c in ("list_price", "activity_price", "net_price") if c in prices.columns]
    per_piece = [
        (pl.col(c) / pl.col("pieces")).round(4).cast(pl.Decimal(18, 4)).alias(c) for c in money
    ]
    # Of a pack and a single piece of one product seen at once, the single piece is the price.
    return (
        prices.join(matches.select("item_key", "sku", "pieces"), on="item_key")
        .sort("sku", "observed_at", "pieces", "item_key")
        .with_columns(per_piece)
        .unique(["store_id", "sku", "observed_at"], keep="first", maintain_order=True)
        .drop("item_key", "pieces")
    )


def _promotions(promotions: pl.DataFrame, matches: pl.DataFrame) -> pl.DataFrame:
    scope = pl.lit("sku:") + pl.col("sku").unique().sort().str.join("|")
    scopes = (
        promotions.join(matches.select("item_key", "sku"), on="item_key")
        .group_by("promo_id", maintain_order=True)
        .agg(scope.alias("scope"))
    )
    one_each = promotions.drop("item_key", "scope", strict=False).unique(
        "promo_id", keep="first", maintain_order=True
    )
    return one_each.join(scopes, on="promo_id").sort("promo_id")


def _own_products(items: pl.DataFrame, matches: pl.DataFrame, store: str) -> pl.DataFrame:
    """Products that only this store has: new ones, and those nobody has matched yet."""
    own = matches.filter(pl.col("route").is_in(["new", "unmatched"]))
    return (
        own.select("item_key", "sku")
        .join(items.filter(pl.col("store_id") == store), on="item_key")
        .select(
            "sku",
            pl.coalesce("title", "item_key").alias("title"),
            pl.col("category").fill_null(UNMATCHED).alias("category"),
            pl.col("gtin").cast(pl.String),
        )
        .unique("sku", keep="first", maintain_order=True)
        .sort("sku")
    )


def undecided_in(wanted_map: pl.DataFrame) -> int:
    """How many items of product_map.csv a person has to decide on."""
    return wanted_map.filter(pl.col("decision").is_null()).select(_KEY).n_unique()


def proposed_in(wanted_map: pl.DataFrame) -> int:
    """For how many of them a product is proposed."""
    open_ = wanted_map.filter(pl.col("decision").is_null() & pl.col("sku").is_not_null())
    return open_.select(_KEY).n_unique()


def seeds(changes: Changes) -> pl.DataFrame:
    """The first products of a brand that has listed none: the merchant codes of its exports."""
    coded = _items(changes).filter(pl.col("sku_code").is_not_null())
    return coded.group_by(pl.col("sku_code").alias("sku")).agg(
        pl.coalesce("title", "sku_code").drop_nulls().min().alias("title"),
        pl.col("category").drop_nulls().min().fill_null(UNSORTED).alias("category"),
        pl.col("gtin").drop_nulls().min().alias("gtin"),
    ).sort("sku")  # fmt: skip


def with_products(brand: Brand, seeded: pl.DataFrame) -> Brand:
    """The brand with its first products."""
    schema = brand.products.schema
    columns = [pl.col(c).cast(t) if c in seeded.columns else pl.lit(None, t).alias(c)
               for c, t in schema.items()]  # fmt: skip
    return replace(brand, products=seeded.select(columns))


def write_products(root: Path, seeded: pl.DataFrame) -> None:
    """products.csv for people to go on with, as a spreadsheet opens it."""
    names = [column.name for column in contract.PRODUCTS.columns]
    empty = pl.DataFrame(schema=dict.fromkeys(names, pl.String))
    path, beside = root / "products.csv", root / ".products.csv"
    try:
        pl.concat([empty, seeded], how="diagonal").write_csv(beside, include_bom=True)
        beside.replace(path)
    except OSError as error:
        raise OutputError(
            f"cannot be written: {error.strerror or error}", where=str(path),
            advice="choose a workspace you may write to; what it held is untouched",
        ) from error  # fmt: skip
