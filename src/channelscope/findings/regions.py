"""Goods shipped to regions in which a store is not meant to sell."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.findings.evidence import Book, Finding, grade, has_enough_cases

METRIC = "out_of_region_share"


def regions(book: Book) -> Iterator[Finding]:
    """Every store of which more than does not matter is shown to go outside its regions."""
    outside = book.tables["out_of_region"]
    for store in [*book.others, book.reference]:
        row = book.row(store, METRIC)
        if row is None or row["lo"] is None or not has_enough_cases(row):
            continue
        if row["lo"] <= book.delta[METRIC]:
            continue
        mine = outside.filter(pl.col("store_id") == store)
        money = float(mine["paid_amount"].sum())
        yield Finding(
            "price", (store,), "out_of_region",
            {
                "store": store, "share": row["value"], "lo": row["lo"], "hi": row["hi"],
                "n": mine.height, "money": money,
            },
            (METRIC, "out_of_region"), money, grade(row),
        )  # fmt: skip
