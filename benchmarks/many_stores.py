"""Forty stores that are all alike: whether any two of them are said to differ.

python -m benchmarks.many_stores --seeds 20
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.measuring import machine
from benchmarks.simulated_stores import Shop, period, write
from channelscope import pipeline
from channelscope.preparation import Request

WEEKS, PRODUCTS = 13, 40
ALIKE = ("price_same", "twins", "needs_same")
"""Findings that claim no difference."""
CLAIMS = ("price_clash", "complements", "mechanism_split")


def main() -> None:
    """Draw, compare, count, and print the seeds in which something is claimed."""
    parser = argparse.ArgumentParser(description="claims among identical stores")
    parser.add_argument("--seeds", type=int, default=20)
    parser.add_argument("--stores", type=int, default=40)
    flags = parser.parse_args()
    print(machine())
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        found = pool.map(partial(claims, flags.stores), range(flags.seeds), chunksize=1)
    quiet = sum(not pairs and not told for pairs, told, _, _ in found)
    print(f"{flags.stores} identical stores: no pair claims a difference in {quiet} of "
          f"{flags.seeds} seeds; goal 19 of 20")  # fmt: skip
    for seed, (pairs, told, metrics, verdicts) in enumerate(found):
        print(f"  seed {seed}: pairs {pairs}, findings {told}, {verdicts}")
        print(f"    metrics that differ: {metrics['reference']} against the reference, "
              f"{metrics['others']} between others")  # fmt: skip
    print(machine())


def claims(stores: int, seed: int) -> tuple[int, list[str], dict[str, int], dict[str, int]]:
    """Pairs said to differ or given a verdict that says so; findings; metrics that differ."""
    mix = 1 / (np.arange(1, PRODUCTS + 1) + 3.0)
    shops = [Shop(f"S{at:02}", mix / mix.sum(), orders_a_week=60) for at in range(stores)]
    with tempfile.TemporaryDirectory() as folder:
        path = write(shops, Path(folder), weeks=WEEKS, seed=seed)
        first, last = period(WEEKS)
        tables = pipeline.compare(Request(path, first=first, last=last, threads=1)).tables
    pairs = tables["pairs"].filter(outcome="differs").select("store_a", "store_b")
    verdicts = tables["verdicts"]
    claimed = verdicts.filter(pl.col("verdict").is_in(CLAIMS)).select("store_a", "store_b")
    differing = tables["differences"].filter(outcome="differs")
    against = differing.filter(reference_id="S00").height
    metrics = {"reference": against, "others": differing.height - against}
    told = [name for name in tables["findings"]["template"] if name not in ALIKE]
    counts = dict(verdicts["verdict"].value_counts().iter_rows())
    return pl.concat([pairs, claimed]).unique().height, told, metrics, counts


if __name__ == "__main__":
    main()
