"""Bars of the bridges that matter: shown to be more than chance, and worth enough of the sales."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from channelscope.domain import Grade
from channelscope.findings.evidence import Book, Finding, Row, stands_out

MATTERS = 0.05
"""A bar is told from this part of the larger of both sales on."""
ALL = "all"
_TOLD_BY: Mapping[str, tuple[str, str]] = {
    "conversion": ("bar_conversion", "sales"),
    "units_per_order": ("bar_basket", "sales"),
    "mix": ("bar_goods", "product"),
    "exclusives": ("bar_goods", "product"),
    "goods": ("bar_goods", "product"),
    "list_price": ("bar_list_price", "price"),
    "mechanism": ("bar_mechanism", "promotion"),
    "refunds": ("bar_refunds", "sales"),
}
"""The template and the dimension of a bar between two stores. How many visitors or orders there are
is size, not a difference in kind: `sales_gap` speaks of it."""


def bars(book: Book) -> Iterator[Finding]:
    """Every bar that matters: between the reference and a store, and against the year before."""
    bridge = book.tables["bridge"]
    here = bridge.filter(
        pl.col("from_period") == pl.col("to_period"), pl.col("from_id") == book.reference
    )
    year = bridge.filter(pl.col("from_id") == ALL)
    gap = float(year["effect"].sum()) if year.height else 0.0
    told = [_between_stores(row, here.height, book) for row in here.iter_rows(named=True)]
    told += [_of_the_year(row, year.height, gap, book) for row in year.iter_rows(named=True)]
    yield from (finding for finding in told if finding is not None)


def _between_stores(row: Row, of: int, book: Book) -> Finding | None:
    told = _TOLD_BY.get(str(row["factor"]).partition(":")[0])
    larger = max(book.sales(row[end]) or 0.0 for end in ("from_id", "to_id"))
    if told is None or not _matters(row, of, larger):
        return None
    template, dimension = told
    store = row["to_id"]
    alike = template != "bar_conversion" or book.counts_alike(store)
    return Finding(
        dimension, (store,), template,
        {
            "store": store, "reference": row["from_id"], "factor": row["factor"],
            "money": float(row["effect"]), "change_lo": row["lo"], "change_hi": row["hi"],
        },
        ("bridge",), float(row["effect"]), book.grade(store, "orders") if alike else Grade.C,
    )  # fmt: skip


def _of_the_year(row: Row, of: int, gap: float, book: Book) -> Finding | None:
    now = sum(book.sales(store) or 0.0 for store in (book.reference, *book.others))
    if not _matters(row, of, max(now, now - gap)):
        return None
    return Finding(
        "sales", (), "year_bar",
        {
            "factor": row["factor"], "money": float(row["effect"]), "change_lo": row["lo"],
            "change_hi": row["hi"], "money_gap": gap,
        },
        ("bridge",), float(row["effect"]), book.grade(book.reference, "orders"),
    )  # fmt: skip


def _matters(row: Row, of: int, sales: float) -> bool:
    """Beyond its interval as one of so many bars, and worth enough."""
    return stands_out(row, of=of) and sales > 0 and abs(float(row["effect"])) >= MATTERS * sales
