"""Rules as rows that the rule engine prices."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import polars as pl

from channelscope.contract import PROMOTIONS, Type
from channelscope.importers.promotion_text import parse
from channelscope.promotion_rules import Promotion, read_promotions

_TYPES = {Type.TEXT: pl.String, Type.TIMESTAMP: pl.Datetime("us"), Type.DOUBLE: pl.Float64,
          Type.BOOL: pl.Boolean, Type.MONEY: pl.Decimal(18, 4), Type.INT: pl.Int64}  # fmt: skip


def promotions(text: str) -> tuple[Promotion, ...]:
    """The promotions of store F1 in June 2026 that a text prints."""
    found = parse(text)
    assert found is not None, text
    rows = [
        asdict(rule) | {
            "promo_id": f"{text} {number}", "store_id": "F1", "label": text, "scope": "store",
            "starts_at": datetime(2026, 6, 1), "ends_at": datetime(2026, 6, 30, 23, 59, 59),
        }
        for number, rule in enumerate(found.rules)
    ]  # fmt: skip
    schema = {column.name: _TYPES[column.type] for column in PROMOTIONS.columns}
    return read_promotions(pl.DataFrame(rows, schema=schema))
