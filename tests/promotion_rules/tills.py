"""Short ways to write promotions and baskets in tests; money in yuan."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
import polars as pl

from channelscope.promotion_rules import Baskets, GiftWorth, Priced, Promotion, price
from channelscope.promotion_rules.promotions import read_promotions

DAY = datetime(2026, 6, 18, 12)
Line = tuple[str, float, float]
"""(sku, list price in yuan, pieces)"""


def promotion(mechanism: str, benefit: float, **fields: Any) -> Promotion:
    """One promotion of store F1 that runs all June; what is not named is as the table's default."""
    row = {
        "promo_id": mechanism, "store_id": "F1", "mechanism": mechanism, "benefit": benefit,
        "starts_at": datetime(2026, 6, 1), "ends_at": datetime(2026, 6, 30, 23, 59, 59),
    } | fields  # fmt: skip
    (found,) = read_promotions(pl.DataFrame([row]))
    return found


def rate(mechanism: str, benefit: float, **fields: Any) -> Promotion:
    """A promotion that takes a part of the price off."""
    return promotion(mechanism, benefit, benefit_kind="rate", **fields)


def baskets(*orders: Sequence[Line], at: datetime = DAY, store: str = "F1") -> Baskets:
    """Baskets of one store and moment; the category is the product's first letter."""
    lines = [(n, i, *line) for n, order in enumerate(orders) for i, line in enumerate(order, 1)]
    number, line_no, sku, listed, pieces = zip(*lines, strict=True)
    return Baskets(
        store=np.full(len(orders), store), at=np.full(len(orders), np.datetime64(at, "us")),
        order=np.array(number), line_no=np.array(line_no), sku=np.array(sku),
        category=np.array([name[0] for name in sku]),
        pieces=np.array([round(count * 1000) for count in pieces]),
        list_price=np.array([round(value * 100) for value in listed]),
    )  # fmt: skip


def priced(
    *rules: Promotion, lines: Sequence[Line], eligible: Sequence[str] = (), at: datetime = DAY,
    gifts: dict[str, GiftWorth] | None = None,
) -> Priced:  # fmt: skip
    """One basket under the rules."""
    return price(baskets(lines, at=at), promotions=rules, eligible=eligible, gifts=gifts)


def net(*rules: Promotion, lines: Sequence[Line], eligible: Sequence[str] = ()) -> float:
    """What one basket costs, in yuan."""
    return float(priced(*rules, lines=lines, eligible=eligible).paid.sum()) / 100
