"""Reading back the bars of the bridges."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from statistics import NormalDist

import polars as pl

from tests.findings.ledger import Ledger, Row, as_written

LEAST = 0.05
"""Bars below this part of the larger sales are not told."""
SIZES = {"visitor_days", "orders", "days_without_traffic", "opened", "closed"}
MEASURES = {"conversion": "conversion", "units_per_order": "units_per_order",
            "list_price": "list_level", "refunds": "refund_share"}  # fmt: skip
TEMPLATES = {
    "conversion": "bar_conversion", "units_per_order": "bar_basket", "mix": "bar_goods",
    "exclusives": "bar_goods", "goods": "bar_goods", "list_price": "bar_list_price",
    "mechanism": "bar_mechanism", "refunds": "bar_refunds",
}  # fmt: skip


def mattering(book: Ledger) -> set[tuple[str, str, str]]:
    """Template, store and factor of every bar that may be told."""
    rows = book.between(book.scope.reference_id)
    found = set()
    for row in rows.filter(beyond(rows.height)).iter_rows(named=True):
        kind = row["factor"].split(":")[0]
        sold = [book.sales(row[end]) or 0.0 for end in ("from_id", "to_id")]
        worth = 0 < LEAST * max(sold) <= abs(float(row["effect"]))
        if kind not in SIZES and worth and judged(book, kind, row["to_id"]):
            found.add((TEMPLATES[kind], row["to_id"], row["factor"]))
    return found


def judged(book: Ledger, kind: str, store: str) -> bool:
    """Whether what a bar stands for is judged to differ, by its measure or by its dimension."""
    if kind in MEASURES:
        return book.claim(store, MEASURES[kind]) is not None
    dimension = "promotion" if kind == "mechanism" else "product"
    first, second = sorted((store, book.scope.reference_id))
    rows = book.tables["pairs"].filter(store_a=first, store_b=second, dimension=dimension)
    return rows["outcome"].to_list() == ["differs"]


def beyond(count: int) -> pl.Expr:
    """An interval that leaves no room for none, as one of so many."""
    wider = NormalDist().inv_cdf(1 - 0.025 / max(count, 1)) / NormalDist().inv_cdf(0.975)
    half = (pl.col("hi") - pl.col("lo")) / 2 * wider
    return (pl.col("effect").cast(pl.Float64).abs() > half).fill_null(False)


def bar_holds(book: Ledger, said: Row) -> None:
    row = book.tables["bridge"].filter(
        pl.col("from_period") == pl.col("to_period"),
        from_id=said["reference"], to_id=said["store"], factor=said["factor"],
    ).row(0, named=True)  # fmt: skip
    as_the_bar(row, said)
    assert any((s, f) == (said["store"], said["factor"]) for _, s, f in mattering(book))


def as_the_bar(row: Row, said: Row) -> None:
    assert said["money"] == as_written(float(row["effect"]))
    assert (said["change_lo"], said["change_hi"]) == as_written(row["lo"], row["hi"])
    assert row["lo"] > 0 or row["hi"] < 0


BAR_READERS: Mapping[str, Callable[[Ledger, Row], None]] = {
    **dict.fromkeys(TEMPLATES.values(), bar_holds),
}
