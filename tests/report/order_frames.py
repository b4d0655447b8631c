"""The price order of the sample results: two products, every kind of cell."""

from __future__ import annotations

import polars as pl

from tests.report import frames


def price_order() -> pl.DataFrame:
    """F2.5: own gaps, the platform's, gaps that nobody explains, and no gap at all."""
    rows = []
    for rank, (sku, title) in enumerate(
        [("all", None), ("LX-001", "铸铁炒锅 Wok 30cm"), ("LX-002", "<b>Pan</b>")]
    ):
        for at, store in enumerate(frames.IDS if rank != 2 else frames.IDS[:6]):
            below = (0, 10, 0, 20, 30, 200, 250, 240, 180)[at]
            platform = store == "D1"
            rows.append({
                "sku": sku, "title": title, "store_id": store, "days": 300, "days_gap": 10 * at,
                "days_below": below, "days_own": 0 if platform else below, "share": below / 300,
                "depth": 0.05 if below else None,
                "cause_mechanism": ("subsidy" if platform else "list_price" if at == 4 else
                                    None if at == 3 else "markdown") if below else None,
                "funder": ("platform" if platform else None if at == 3 else "merchant")
                if below else None,
                "rank": rank,
            })  # fmt: skip
    return pl.DataFrame(rows)
