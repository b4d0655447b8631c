"""Whether the stores serve different needs, and who takes which; or that they serve the same."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import polars as pl

from channelscope.domain import Outcome
from channelscope.findings.evidence import (
    Book,
    Finding,
    Row,
    grade,
    has_enough_cases,
)

EVERYWHERE = "all"
SHARE, INDEX = "segment_share", "diversion"
_MOST_NAMED = 4


def needs(book: Book) -> Iterator[Finding]:
    """The set of needs that is divided most, with its takers; that all are the same, if they are.

    Behaviour, which the store itself produces, says nothing of needs; nor do stores that differ by
    their platforms alone: a set has to be divided among stores of one scope of buyers.
    """
    indices = book.tables["diversion"].filter("is_need")
    sure = (pl.col("outcome") == Outcome.DIFFERS) & (pl.col("index") >= book.delta[INDEX])
    within = indices.filter(sure, pl.col("scope") != EVERYWHERE)["segment_set"]
    widest = _widest(indices).filter(pl.col("outcome") != Outcome.NOT_IDENTIFIABLE)
    divided = widest.filter(sure, pl.col("segment_set").is_in(within.implode()))
    by_index = divided.sort("index", descending=True, maintain_order=True)
    for row in by_index.iter_rows(named=True):
        takers = _takers(book, row)
        if takers:
            yield _divided(book, row, takers)
            return
    # A scope that is divided says that the stores are not all the same.
    anywhere = set(indices["outcome"])
    if widest.height and anywhere <= {str(Outcome.SAME), str(Outcome.NOT_IDENTIFIABLE)}:
        yield _same(book, widest.to_dicts())


def _widest(rows: pl.DataFrame) -> pl.DataFrame:
    """Of each set the row over all stores; where there is none, those of its scopes."""
    is_all = pl.col("scope") == EVERYWHERE
    return rows.filter(is_all | ~is_all.any().over("segment_set"))


def _takers(book: Book, row: Row) -> list[Row]:
    """Stores and segments surely, and by what matters, above the share of all stores."""
    found = book.tables["segments"].filter(
        pl.col("segment_set") == row["segment_set"],
        pl.col("outcome") == Outcome.DIFFERS,
        pl.col("gap") >= book.delta[SHARE],
    )
    sure = [each for each in found.iter_rows(named=True) if has_enough_cases(each)]
    return sorted(sure, key=lambda each: (-each["gap"], each["store_id"], each["segment"]))


def _divided(book: Book, row: Row, takers: Sequence[Row]) -> Finding:
    top, named = takers[0], takers[:_MOST_NAMED]
    money = sum(book.touched(each["store_id"], each["gap"]) for each in takers)
    stores = list(dict.fromkeys(each["store_id"] for each in takers))
    return Finding(
        "consumers", tuple(stores), "needs_divided",
        {
            "set": row["segment_set"], "index": row["index"], "lo": row["lo"], "hi": row["hi"],
            "scope": row["scope"], "store": top["store_id"], "segment": top["segment"],
            "share_own": top["share"], "share_overall": top["overall_share"],
            "takers": [[each["store_id"], each["segment"], float(f"{each['share']:.12g}")]
                for each in named],
            "money": money or None,
        },
        ("diversion", "segments"), money, grade({"n": row["n"], "coverage": row["coverage"]}),
    )  # fmt: skip


def _same(book: Book, told: Sequence[Row]) -> Finding:
    """As far apart as the interval that reaches furthest allows."""
    far = max(told, key=lambda row: float(row["hi"]))
    weakest = {"n": min(row["n"] for row in told), "coverage": min(r["coverage"] for r in told)}
    sets = dict.fromkeys(row["segment_set"] for row in told)
    return Finding(
        "consumers", book.stores, "needs_same",
        {
            "sets": "+".join(sets), "index": far["hi"], "stores": "+".join(book.stores),
            "money": book.all_sales or None,
        },
        ("diversion",), book.all_sales, grade(weakest),
    )  # fmt: skip
