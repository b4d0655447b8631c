"""Two stores that promote the same products at the same time by different mechanisms."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.domain import OWN, Grade
from channelscope.findings.evidence import ENOUGH_CASES, Book, Finding
from channelscope.registry import OFTEN, PIECE_GAP


def clashes(book: Book) -> Iterator[Finding]:
    """The pair that clashes most: product-days times the gap of one piece."""
    rows = book.tables["clash_pairs"].filter(
        (pl.col("gap").abs() >= PIECE_GAP)
        & (pl.col("share") >= OFTEN)
        & (pl.col("days_clash") >= ENOUGH_CASES)
    )
    if rows.is_empty():
        return
    size = pl.col("days_clash") * pl.col("gap").abs()
    worst = rows.sort(size, "store_a", "store_b", descending=[True, False, False]).row(
        0, named=True
    )
    gap = worst["gap"]
    cheap, dear = ("b", "a") if gap < 0 else ("a", "b")
    stores = (worst[f"store_{cheap}"], worst[f"store_{dear}"])
    rate = -gap if gap < 0 else gap / (1 + gap)
    yield Finding(
        "promotion", stores, _template(book, stores),
        {
            "store_a": stores[0], "store_b": stores[1], "share": worst["share"], "rate": rate,
            "n": worst["products"], "count_pairs": rows.height,
            "mechanism_a": worst[f"mechanism_{cheap}"], "mechanism_b": worst[f"mechanism_{dear}"],
        },
        ("clash_pairs", "clashes"), _touched(book, stores, worst["share"]), Grade.A,
    )  # fmt: skip


def _template(book: Book, stores: tuple[str, str]) -> str:
    """The brand sets what its own stores run; of others' stores it can say only what it funds."""
    is_own = all(book.operator(store) == OWN for store in stores)
    return "mechanism_clash" if is_own else "mechanism_clash_partner"


def _touched(book: Book, stores: tuple[str, str], share: float) -> float:
    """Sales of both with the goods that they share, on such days."""
    shared = book.shared_sales(*sorted(stores))
    return sum(book.touched(store, share * (shared or 0.0)) for store in stores)
