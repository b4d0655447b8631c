"""F3.5 and F3.7 of the sample results: lines that cross and that end together, pairs that clash."""

from __future__ import annotations

import polars as pl

LEVELS = {
    ("a", "F1"): (100.0, 86.0, 70.0, 77.0), ("a", "M1"): (89.5, 86.2, 87.3, 88.2),
    ("a", "D1"): (79.0, 79.0, 79.0, 79.0), ("a", "D2"): (79.5, 77.3, 78.0, 78.6),
    ("a", "D3"): (79.5, 77.3, 78.0, 78.6), ("a", "X1"): (79.5, 79.5, 79.5, 79.4),
    ("b", "F1"): (100.0, 84.0, 66.0, 74.0), ("b", "S1"): (90.0, 81.0, 77.0, 78.0),
}  # fmt: skip
_TITLES = {"a": "青岚骨瓷餐具礼盒 16件套", "b": "Enamel stockpot 20 cm"}


def curves() -> pl.DataFrame:
    """Two products: six stores of which four end together, and two that cross."""
    rows = [
        {
            "sku": sku, "title": _TITLES[sku], "store_id": store, "pieces": pieces,
            "price": level * 1.79, "level": level, "days": 365, "rank": "ab".index(sku) + 1,
        }
        for (sku, store), levels in LEVELS.items()
        for pieces, level in zip((1, 2, 3, 5), levels, strict=True)
    ]  # fmt: skip
    return pl.DataFrame(rows)


def pair(
    a: str, b: str, share: float, gap: float | None, *, shown: bool = True
) -> dict[str, object]:
    """Two stores that list 40 products together."""
    known = gap is not None
    return {
        "store_a": a, "store_b": b, "products": 40, "days": 9000, "share": share, "gap": gap,
        "mechanism_a": "markdown+subsidy" if known else None,
        "mechanism_b": "markdown" if known else None, "is_shown": shown,
    }  # fmt: skip


def clashes() -> pl.DataFrame:
    """Three stores: a clash far apart, one that costs the same, and none."""
    return pl.DataFrame([
        pair("F1", "F2", 0.0, None), pair("D1", "F1", 0.6, 0.25), pair("D1", "F2", 0.2, -0.02),
    ])  # fmt: skip
