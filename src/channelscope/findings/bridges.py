"""Bars of the bridges that matter: what they stand for is judged to differ, and worth enough."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from channelscope.domain import Grade, Outcome
from channelscope.findings.evidence import Book, Finding, Row, stands_out

MATTERS = 0.05
"""A bar is told from this part of the larger of both sales on."""
_TOLD_BY: Mapping[str, tuple[str, str, str]] = {
    "conversion": ("bar_conversion", "sales", "conversion"),
    "units_per_order": ("bar_basket", "sales", "units_per_order"),
    "mix": ("bar_goods", "product", ""),
    "exclusives": ("bar_goods", "product", ""),
    "goods": ("bar_goods", "product", ""),
    "list_price": ("bar_list_price", "price", "list_level"),
    "mechanism": ("bar_mechanism", "promotion", ""),
    "refunds": ("bar_refunds", "sales", "refund_share"),
}
"""The template, the dimension and the measure of a bar between two stores; without a measure the
distance in the dimension is asked. How many visitors or orders there are is size, not a difference
in kind: `sales_gap` speaks of it."""


def bars(book: Book) -> Iterator[Finding]:
    """Every bar between the reference and a store that matters."""
    here = book.tables["bridge"].filter(
        pl.col("from_period") == pl.col("to_period"), pl.col("from_id") == book.reference
    )
    for row in here.iter_rows(named=True):
        told = _TOLD_BY.get(str(row["factor"]).partition(":")[0])
        larger = max(book.sales(row[end]) or 0.0 for end in ("from_id", "to_id"))
        if told is None or not _matters(row, here.height, larger):
            continue
        template, dimension, metric = told
        store = row["to_id"]
        # The bar's own interval knows weeks, not the buyers who come back: the judged one does.
        if not _is_judged(store, dimension, metric, book):
            continue
        alike = metric != "conversion" or book.counts_alike(store)
        yield Finding(
            dimension, (store,), template,
            {
                "store": store, "reference": book.reference, "factor": row["factor"],
                "money": float(row["effect"]), "change_lo": row["lo"], "change_hi": row["hi"],
            },
            ("bridge",), float(row["effect"]), book.grade(store, "orders") if alike else Grade.C,
        )  # fmt: skip


def _is_judged(store: str, dimension: str, metric: str, book: Book) -> bool:
    if metric:
        return book.told(store, metric) is not None
    first, second = sorted((store, book.reference))
    pair = book.pair(first, second, dimension)
    return pair is not None and pair["outcome"] == Outcome.DIFFERS


def _matters(row: Row, of: int, sales: float) -> bool:
    """Beyond its interval as one of so many bars, and worth enough."""
    return stands_out(row, of=of) and sales > 0 and abs(float(row["effect"])) >= MATTERS * sales
