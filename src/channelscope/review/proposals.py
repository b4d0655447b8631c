"""What to do next: each exception as a decision with owner, day, metric and threshold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from channelscope.domain import Scope
from channelscope.review.outlook import Outlook
from channelscope.review_file import Decision

MOST, MOST_PRODUCTS = 8, 3
Row = dict[str, Any]
_SEASONAL = {"sales_drop": "sales", "visitors_drop": "visitors", "sku_drop": "sales"}
_NEW = ("broken", "worse")


def proposals(
    name: str, found: pl.DataFrame, prices: pl.DataFrame,
    levels: Mapping[str, tuple[float, float]],
    *, scope: Scope, coming: Outlook, alike: tuple[str, ...],
) -> Iterator[Decision]:  # fmt: skip
    """The exceptions with most money, then the stores whose price order broke.

    A drop is mended when it would be no exception any more; a broken price order when it is as
    before. `levels`: share of days below the suggested price of each store, before and now.
    `alike`: the stores whose season stands in where a store has none of its own.
    """
    owners = {store.store_id: store.operator for store in scope.every_store}
    rows: list[Row] = []
    for rule in found["rule"].unique(maintain_order=True):
        told = found.filter(rule=rule).head(MOST_PRODUCTS if rule == "sku_drop" else MOST)
        rows += told.to_dicts()
    rows.sort(key=lambda row: row["rank"])
    wanted = [_of_exception(row, coming, alike) for row in rows]
    broken = prices.filter(pl.col("change").is_in(_NEW))["store_id"].unique(maintain_order=True)
    wanted += [
        {"store": store, "metric": "below_suggested_share", "rule": "price_order",
         "at_most": _plain(levels[store][0])}
        for store in broken if store in levels and levels[store][1] > levels[store][0]
    ]  # fmt: skip
    for number, decision in enumerate(wanted[:MOST], start=1):
        yield Decision(
            id=f"{name}-{number}", look_on=coming.following.last,
            owner=owners.get(decision["store"]), **decision,
        )  # fmt: skip


def _of_exception(row: Row, coming: Outlook, alike: tuple[str, ...]) -> Row:
    decision = {"store": row["store_id"], "metric": row["metric"], "rule": row["rule"]}
    if row["sku"] is not None:
        decision["sku"] = row["sku"]
    if row["rule"] == "refunds_high":
        before = row["floor_relative"] if row["baseline"] is None else row["baseline"]
        return {**decision, "at_most": _plain(before)}
    column = _SEASONAL.get(row["rule"])
    season = None
    if column:
        season = coming.season((row["store_id"],), column) or coming.season(alike, column)
    level = row["baseline"] * (1 - row["floor_relative"]) * (season or 1.0)
    return {**decision, "at_least": _plain(level)}


def _plain(value: float) -> float:
    """Three significant digits: nobody decides on more."""
    return float(f"{value:.3g}") if np.isfinite(value) else value
