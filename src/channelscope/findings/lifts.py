"""Whether weeks with a promotion sell enough more to earn as much: an association, no cause."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.domain import Outcome
from channelscope.findings.evidence import Book, Finding, Row, grade


def lifts(book: Book) -> Iterator[Finding]:
    """The mechanism with the largest margin beyond the usual, and that with the largest short."""
    sure = book.tables["lift"].filter(
        pl.col("outcome") == Outcome.DIFFERS, pl.col("lift") > 1,
        pl.col("earned_outcome") == Outcome.DIFFERS,
    )  # fmt: skip
    for template, side in (
        ("lift_earns", pl.col("earned") > 1),
        ("lift_short", pl.col("earned") < 1),
    ):
        rows = list(sure.filter(side).iter_rows(named=True))
        if rows:
            yield _told(template, max(rows, key=lambda row: abs(_beyond(row))))


def _beyond(row: Row) -> float:
    """The margin of promoted weeks less what usual ones would have earned."""
    return float(row["margin_amount"]) * (1 - 1 / float(row["earned"]))


def _told(template: str, row: Row) -> Finding:
    money = abs(_beyond(row))
    return Finding(
        "promotion", (row["store_id"],), template,
        {
            "store": row["store_id"], "mechanism": row["mechanism"], "ratio": row["lift"],
            "lo": row["lo"], "hi": row["hi"], "unit": "ratio", "ratio_needed": row["break_even"],
            "ratio_earned": row["earned"], "ratio_earned_lo": row["earned_lo"],
            "ratio_earned_hi": row["earned_hi"], "count_products": row["skus"], "money": money,
        },
        ("lift",), money, grade(row),
    )  # fmt: skip
