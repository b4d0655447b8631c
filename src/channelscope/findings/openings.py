"""What a store that opened took from another: by the estimate alone, never by where buyers were."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.domain import Outcome
from channelscope.findings.evidence import Book, Finding, Row, grade


def openings(book: Book) -> Iterator[Finding]:
    """Of each opening the store that surely lost most to it, by the longest horizon told."""
    told = book.tables["openings"].filter(
        pl.col("method") == "panel", pl.col("category") == "all", pl.col("price_tier") == "all",
        pl.col("store_id").is_in(book.stores), pl.col("from_store").is_in(book.stores),
    )  # fmt: skip
    for part in told.partition_by("store_id", maintain_order=True):
        horizon = "long" if "long" in part["horizon"] else "short"
        sure = part.filter(
            pl.col("horizon") == horizon, pl.col("outcome") == Outcome.DIFFERS, pl.col("lo") > 0
        )
        if sure.height:
            yield _took(max(sure.iter_rows(named=True), key=lambda row: float(row["share"])))


def _took(row: Row) -> Finding:
    money = float(row["amount"])
    return Finding(
        "consumers", (row["store_id"], row["from_store"]), "opening_took",
        {
            "store": row["store_id"], "store_from": row["from_store"], "share": row["share"],
            "lo": row["lo"], "hi": row["hi"], "count_weeks": row["weeks"], "money": money,
        },
        ("openings",), money, grade(row),
    )  # fmt: skip
