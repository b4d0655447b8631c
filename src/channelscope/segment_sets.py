"""The ways to divide demand: those that are built in and those of the toml, as one small table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from channelscope.config import RESERVED_SET, SegmentSet

CATEGORY, PRICE_TIER, BASKET_USE = "category", "price_tier", "basket_use"
BRAND_HISTORY, PROMOTION = RESERVED_SET, "promotion"
BUILT_IN: Mapping[str, bool] = {
    CATEGORY: True, PRICE_TIER: True, BASKET_USE: True, BRAND_HISTORY: True, PROMOTION: False,
}  # fmt: skip
"""The built-in sets, and whether a set is need. What the store itself produces is behaviour."""
OF_PRODUCTS = (CATEGORY, PRICE_TIER, BASKET_USE)
"""Sets that rest on what is bought: a set of the toml of the same name is bought by product too."""
SCHEMA: Mapping[str, Any] = {
    "segment_set": pl.String, "is_need": pl.Boolean, "position": pl.Int64,
    "by_column": pl.String, "segment": pl.String, "value": pl.String,
}  # fmt: skip


def table(configured: Mapping[str, SegmentSet]) -> pl.DataFrame:
    """`segment_sets`: a row for each value of a declared set, one for a set without groups.

    A declared set stands in the place of a built-in one of the same name. Built-in sets have no
    `by_column`.
    """
    names = dict.fromkeys([*BUILT_IN, *configured])
    rows = [
        {"segment_set": name, "position": position, **row}
        for position, name in enumerate(names, start=1)
        for row in _rows(name, configured.get(name))
    ]
    return pl.DataFrame(rows, schema=dict(SCHEMA))


def _rows(name: str, declared: SegmentSet | None) -> Iterator[dict[str, Any]]:
    if declared is None:
        yield {"is_need": BUILT_IN[name]}
        return
    common = {"is_need": declared.is_need, "by_column": declared.by}
    if not declared.groups:
        yield common
    for segment, values in declared.groups.items():
        for value in values:
            yield {**common, "segment": segment, "value": value}
