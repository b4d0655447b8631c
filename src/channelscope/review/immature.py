"""Refunds that are still coming in: how much of sales they touch, and what sales will be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.engine.duckdb import Session
from channelscope.review.sums import Sums
from channelscope.review_tables import REVIEW_TABLES
from channelscope.trading import PERIOD

Row = dict[str, Any]


def developed(session: Session, sums: Sums, rows: pl.DataFrame) -> pl.DataFrame:
    """`variance` with the part of paid sales that is immature and sales with the refunds expected,
    of each store and of every total of stores."""
    found = session.run(sqlfile.find("review/immature_sales"))
    told = {row["store_id"]: row for row in found.iter_rows(named=True)}
    parts = []
    for row in rows.select("store_id", "stores", "metric").unique(maintain_order=True).to_dicts():
        if row["metric"] == "sales":
            parts.append({**row, **_together(row["stores"].split("+"), told, sums)})
    schema = {"store_id": pl.String, "stores": pl.String, "metric": pl.String,
              "young": pl.Float64, "grown": pl.Float64}  # fmt: skip
    added = pl.DataFrame(parts, schema=schema)
    joined = rows.join(
        added, on=["store_id", "stores", "metric"], how="left", maintain_order="left"
    )
    filled = joined.with_columns(immature="young", developed="grown")
    return filled.select(REVIEW_TABLES["variance"].names())


def _together(stores: list[str], told: Mapping[str, Row], sums: Sums) -> Row:
    """Some stores as one; what will come is not known where it is not of one of them."""
    known = [name for name in stores if sums.has(name, PERIOD)]
    young = [name for name in known if told[name]["immature"] is not None]
    if not young:
        return {"young": None, "grown": None}
    paid = {name: float(sums.side([name], PERIOD).amounts["paid_amount"].sum()) for name in known}
    share = sum(told[name]["immature"] * paid[name] for name in young) / sum(paid.values())
    if any(told[name]["developed"] is None for name in young):
        return {"young": share, "grown": None}
    grown = sum(
        told[name]["developed"] if name in young else sums.side([name], PERIOD).exact
        for name in known
    )
    return {"young": share, "grown": float(grown)}
