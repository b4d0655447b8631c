"""The cubes that the brands of `simulated_candidates` would have left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from channelscope.domain import Store
from channelscope.result_tables import TABLES
from channelscope.stats.arrays import Floats
from channelscope.stats.distances import jensen_shannon

COST, REFUND, FEES, PER_ORDER, ORDER_VALUE = 0.38, 0.06, 0.05, 9.0, 150.0


@dataclass(frozen=True, slots=True)
class Shop:
    """A store as nature knows it. `sells`: which products (48,); `size`: a month, all products."""

    store: Store
    size: float
    level: float
    sells: np.ndarray
    appeal: float


def margin(level: float) -> float:
    """What a unit paid leaves before fixed costs."""
    per_order = PER_ORDER / (ORDER_VALUE * level / 92)
    return 1 - REFUND - COST * 100 / level - FEES - per_order


def goods(shops: list[Shop], sold: dict[int, Floats], products: pl.DataFrame) -> pl.DataFrame:
    rows = [
        (shop.store.store_id, f"K{sku:02d}", paid / shop.level, paid,
         paid * COST * 100 / shop.level)
        for at, shop in enumerate(shops)
        for sku, paid in enumerate(sold[at].sum(axis=0).tolist())
        if paid > 0
    ]  # fmt: skip
    names = ("store_id", "sku", "units", "paid_amount", "product_cost")
    return pl.DataFrame(rows, schema=names, orient="row").join(products, on="sku")


def months(shops: list[Shop], sold: dict[int, Floats]) -> pl.DataFrame:
    rows = []
    for at, shop in enumerate(shops):
        for month, paid in enumerate(sold[at].sum(axis=1).tolist()):
            first = date(2025, month + 1, 1)
            last = date(2025 + month // 11, (month + 1) % 12 + 1, 1).toordinal() - 1
            if paid > 0:
                orders = round(paid / (ORDER_VALUE * shop.level / 92))
                rows.append((shop.store.store_id, first, first, date.fromordinal(last), paid,
                             max(orders, 1)))  # fmt: skip
    names = ("store_id", "month_start", "first_day", "last_day", "paid_amount", "orders")
    return pl.DataFrame(rows, schema=names, orient="row")


def margins(shops: list[Shop]) -> pl.DataFrame:
    return pl.DataFrame({
        "store_id": [shop.store.store_id for shop in shops],
        "refund_share": [REFUND] * len(shops),
        "margin": [margin(shop.level) for shop in shops],
    })  # fmt: skip


def levels(shops: list[Shop]) -> pl.DataFrame:
    rows = [
        {"store_id": shop.store.store_id, "category": "all", "unit": "piece", "rung": "realised",
         "value": shop.level}
        for shop in shops
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["price_index"])


def pairs(shops: list[Shop], sold: dict[int, Floats]) -> pl.DataFrame:
    rows = []
    for a, one in enumerate(shops):
        for b in range(a + 1, len(shops)):
            other = shops[b]
            apart = {
                "product": float(np.sqrt(jensen_shannon(sold[a].sum(axis=0), sold[b].sum(axis=0)))),
                "price": min(abs(np.log(one.level / other.level)) / 0.30, 1.0),
            }
            rows += [
                {"store_a": one.store.store_id, "store_b": other.store.store_id,
                 "dimension": name, "distance": float(value)}
                for name, value in apart.items()
            ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["pairs"])


def opening_rows(
    store: Store, others: list[Shop], shares: Floats, random: np.random.Generator
) -> pl.DataFrame:
    """An estimate of the past opening: the truth with noise, and an honest interval."""
    error = 0.05
    rows = []
    for shop, share in zip(others, shares.tolist(), strict=True):
        seen = share + float(random.normal(0, error))
        rows.append({
            "store_id": store.store_id, "method": "panel", "horizon": "long", "weeks": 26,
            "from_store": shop.store.store_id, "category": "all", "price_tier": "all",
            "share": seen, "lo": seen - 1.96 * error, "hi": seen + 1.96 * error,
            "outcome": "unclear",
        })  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["openings"])
