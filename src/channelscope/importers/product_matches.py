"""Which products an exported item is, by its code or as people decided it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from channelscope.importers.product_map import ACCEPT, NEW, REJECT

CODE, MAP, OWN, UNMATCHED = "code", "map", "new", "unmatched"

MATCHES = {
    "store_id": pl.String,
    "item_key": pl.String,
    "component": pl.Int64,
    "sku": pl.String,
    "pieces": pl.Int64,
    "share": pl.Float64,
    "route": pl.String,
}
"""Of `item_matches`: a row per part of an item; the shares of an item sum to 1."""

Key = tuple[str, str]
Row = Mapping[str, Any]


def item_matches(
    items: pl.DataFrame, *, products: pl.DataFrame, product_map: pl.DataFrame
) -> pl.DataFrame:
    """Which products each item is, by route: `map` (a person accepted), `new`, `code`, `unmatched`.

    `items` needs store_id and item_key; sku_code is the code that equals a sku. What a person
    decided goes before the code. An item that is nobody's is a product of its own.
    """
    prices = _prices(products)
    decided = _by_item(product_map)
    found: list[dict[str, Any]] = []
    code = pl.col("sku_code") if "sku_code" in items.columns else pl.lit(None, pl.String)
    keyed = items.select("store_id", "item_key", code.alias("sku_code"))
    unique = keyed.unique(["store_id", "item_key"], keep="first", maintain_order=True)
    for row in unique.sort("store_id", "item_key").to_dicts():
        key = (row["store_id"], row["item_key"])
        route, parts = _parts(row, decided.get(key, []), prices)
        shares = _shares(parts, prices)
        for component, ((sku, pieces), share) in enumerate(zip(parts, shares, strict=True), 1):
            found.append(
                dict(zip(MATCHES, (*key, component, sku, pieces, share, route), strict=True))
            )
    return pl.DataFrame(found, schema=MATCHES)


def _prices(products: pl.DataFrame) -> dict[str, float | None]:
    if "suggested_price" not in products.columns:
        return dict.fromkeys(products["sku"].to_list())
    prices = products["suggested_price"].cast(pl.Float64).to_list()
    return dict(zip(products["sku"].to_list(), prices, strict=True))


def _by_item(product_map: pl.DataFrame) -> dict[Key, list[Row]]:
    found: dict[Key, list[Row]] = {}
    for row in product_map.to_dicts():
        found.setdefault((row["store_id"], row["item_key"]), []).append(row)
    return found


def _parts(
    item: Row, rows: Sequence[Row], prices: Mapping[str, float | None]
) -> tuple[str, list[tuple[str, int]]]:
    accepted = [(r["sku"], int(float(r["pieces"]))) for r in rows if r["decision"] == ACCEPT]
    if accepted:
        return MAP, sorted(accepted)
    code = item["sku_code"]
    own = f"{item['store_id']}/{item['item_key']}"
    if any(row["decision"] == NEW for row in rows):
        return OWN, [(code or own, 1)]
    rejected = {row["sku"] for row in rows if row["decision"] == REJECT}
    if code in prices and code not in rejected:
        return CODE, [(code, 1)]
    return UNMATCHED, [(own, 1)]


def _shares(parts: Sequence[tuple[str, int]], prices: Mapping[str, float | None]) -> list[float]:
    """By suggested price × pieces; by pieces alone when a price is not known."""
    known = [prices.get(sku) for sku, _ in parts]
    worth = [(price or 0.0) * pieces for price, (_, pieces) in zip(known, parts, strict=True)]
    if not all(known):
        worth = [float(pieces) for _, pieces in parts]
    return [each / sum(worth) for each in worth]
