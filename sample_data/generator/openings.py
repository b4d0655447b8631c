"""What S1's opening did: the run without it, and what its buyers' history shows."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.shelf import opening_day
from sample_data.generator.stores import IDS, S1, STORES

FIRST_DAYS = 26 * 7


def diversion(
    opened: NDArray[np.float64], *, closed: NDArray[np.float64]
) -> tuple[dict[str, float], float]:
    """Share of S1's first 26 weeks' sales that each store has when S1 stays closed; nobody's share.

    *Shapes*: daily sales (stores, days) of the two runs.
    """
    days = slice(opening_day(S1), opening_day(S1) + FIRST_DAYS)
    with_s1, without = opened[:, days].sum(axis=1), closed[:, days].sum(axis=1)
    share = (without - with_s1) / with_s1[S1]
    found = {store: float(share[place]) for place, store in enumerate(IDS) if place != S1}
    return found, 1 - sum(found.values())


def history(workspace: Path) -> dict[str, float]:
    """S1's sales over its first 26 weeks by where its buyers bought before, as counted.

    Within tmall buyer ids. A buyer with no earlier order at F1 or D1 is `brand_new`; the others
    belong to the store of their last order before the first at S1, and `kept` it when they
    bought there again by the end of the data, else `stopped`.
    """
    orders = _orders(workspace)
    end = STORES[S1].opened_on + timedelta(days=FIRST_DAYS)
    at_s1 = orders.filter(pl.col("store_id") == "S1")
    first = at_s1.group_by("buyer_id").agg(first=pl.col("ordered_at").min())
    window = at_s1.filter(pl.col("ordered_at") < pl.lit(end))
    spent = window.group_by("buyer_id").agg(pl.col("paid").sum())
    others = orders.filter(pl.col("store_id") != "S1").join(first, on="buyer_id")
    before = others.filter(pl.col("ordered_at") < pl.col("first"))
    last = before.sort("ordered_at").group_by("buyer_id", maintain_order=True).last()
    last = last.select("buyer_id", source="store_id")
    after = others.filter(pl.col("ordered_at") > pl.col("first"))
    after = after.select("buyer_id", source="store_id", kept=True).unique()
    table = spent.join(last, on="buyer_id", how="left")
    table = table.join(after, on=["buyer_id", "source"], how="left")
    verb = pl.when(pl.col("kept").is_null()).then(pl.lit("stopped_")).otherwise(pl.lit("kept_"))
    known = verb + pl.col("source")
    label = pl.when(known.is_null()).then(pl.lit("brand_new")).otherwise(known)
    shares = table.group_by(label=label).agg(pl.col("paid").sum())
    total = float(shares["paid"].sum())
    return {name: float(paid) / total for name, paid in sorted(shares.iter_rows())}


def _orders(workspace: Path) -> pl.DataFrame:
    columns = ["store_id", "order_id", "ordered_at", "buyer_id", "paid_amount", "is_excluded"]
    lines = pl.read_parquet(workspace / "order_lines.parquet", columns=columns)
    tmall = [store.store_id for store in STORES if store.platform == "tmall"]
    kept = lines.filter(pl.col("store_id").is_in(tmall) & ~pl.col("is_excluded"))
    grain = ["store_id", "order_id", "ordered_at", "buyer_id"]
    return kept.group_by(grain).agg(paid=pl.col("paid_amount").cast(pl.Float64).sum())
