"""Two stores between which buyers go more than chance would have it; not whose sales they were."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.domain import Grade, Outcome
from channelscope.findings.evidence import ENOUGH_CASES, ROUNDING, Book, Finding, Row, grade, weaker

METRIC = "exchange"


def exchanges(book: Book) -> Iterator[Finding]:
    """The pair with most such orders beyond chance, where that matters and enough are counted."""
    least = 1 + book.delta[METRIC] * (1 - ROUNDING)
    sure = book.tables["exchange"].filter(
        pl.col("outcome") == Outcome.DIFFERS,
        pl.min_horizontal("lift", "lift_free") >= least,
        pl.col("orders") >= ENOUGH_CASES,
    )  # fmt: skip
    rows = list(sure.iter_rows(named=True))
    if rows:
        yield _told(max(rows, key=lambda row: row["orders"] - row["expected"]))


def _told(row: Row) -> Finding:
    money = float(row["sales"])
    known = grade({"n": row["orders"], "coverage": row["coverage"]})
    # Of three stores, buyers more loyal to one than to another cannot be told from exchange.
    sure = known if row["lift_free"] is not None else weaker(known, Grade.C)
    return Finding(
        "consumers", (row["store_a"], row["store_b"]), "buyer_exchange",
        {
            "store_a": row["store_a"], "store_b": row["store_b"], "ratio": row["lift"],
            "lo": row["lo"], "hi": row["hi"], "unit": "ratio", "count_orders": row["orders"],
            "money": money,
        },
        ("exchange",), money, sure,
    )  # fmt: skip
