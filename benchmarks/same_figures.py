"""The figures that `peers.py` has from other tools, from the cubes.

python -m benchmarks.same_figures WORKSPACE
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

import polars as pl

from channelscope.preparation import Request, prepare

STORES, FOCUS = ("D1", "F1", "S1"), "F1"
PERIODS = {"2026Q2": 4 * 2026 + 2, "2026Q3": 4 * 2026 + 3}
LAST_QUARTER = (date(2026, 7, 1), date(2026, 9, 30))


def figures(frames: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    """By the names of `peers.py`."""
    return {**_sets(frames), **_quarters(frames), **_lines(frames)}


def _bits(frames: Mapping[str, pl.DataFrame]) -> pl.DataFrame:
    return frames["store_bits"].filter(pl.col("store_id").is_in(STORES))


def _sets(frames: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    bits = _bits(frames)
    of_store = dict(bits.select("store_id", "bit").iter_rows())
    inside = frames["buyer_patterns"].filter(pl.col("circle") == bits["circle"][0])
    counts = dict(inside.group_by("bought").agg(pl.col("buyers").sum()).iter_rows())
    return {
        "buyers " + "+".join(s for s in STORES if of_store[s] & bought): float(buyers)
        for bought, buyers in counts.items()
    }


def _quarters(frames: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    told = frames["buyer_quarters"].filter(pl.col("buyer_group").is_not_null())
    per_store = (
        told.join(_bits(frames).select("circle", "bit", "store_id"), on=["circle", "bit"])
        .group_by("store_id", "quarter")
        .agg(pl.col("buyers").sum(), pl.col("orders").sum(), pl.col("sales").sum())
    )
    found: dict[str, float] = {}
    for name, quarter in PERIODS.items():
        others = 0.0
        for row in per_store.filter(pl.col("quarter") == quarter).iter_rows(named=True):
            for what in ("buyers", "orders", "sales"):
                found[f"{what} {row['store_id']} {name}"] = float(row[what])
            others += float(row["sales"]) * (row["store_id"] != FOCUS)
        found[f"sales others {name}"] = others
    return found


def _lines(frames: Mapping[str, pl.DataFrame]) -> dict[str, float]:
    inside = frames["store_days"].filter(pl.col("day").is_between(*LAST_QUARTER))
    sums = inside.group_by("store_id").agg(pl.col("lines").sum(), pl.col("paid_amount").sum())
    found: dict[str, float] = {}
    for store, lines, paid in sums.iter_rows():
        found[f"lines {store}"], found[f"paid {store}"] = float(lines), float(paid)
    return found


def main() -> None:
    """Print them as JSON."""
    parser = argparse.ArgumentParser(description="figures that other tools have too")
    parser.add_argument("workspace", type=Path)
    flags = parser.parse_args()
    with closing(prepare(Request(flags.workspace))) as prepared:
        print(json.dumps(figures(prepared.frames)))


if __name__ == "__main__":
    main()
