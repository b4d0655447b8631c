"""Whether distances depend on size: pairs of the sample, the second store thinned to a tenth.

python -m benchmarks.size_free --draws 200
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
from benchmarks.split_stores import STORES, sample_store, thinned
from channelscope import pipeline
from channelscope.preparation import Request

GOAL = 0.02
PAIRS = ("F1+D1", "F1+F2", "D2+D3", "M1+S1")
DIMENSIONS = ("product", "promotion", "sales", "service")


def main() -> None:
    """Compare full and thinned, and print how far the mean distance moves."""
    parser = argparse.ArgumentParser(description="distances of thinned stores")
    parser.add_argument("--draws", type=int, default=200)
    parser.add_argument("--pairs", default=",".join(PAIRS))
    flags = parser.parse_args()
    print(machine())
    print(f"goal: each mean moves by less than {GOAL}")
    context = multiprocessing.get_context("spawn")
    for pair in flags.pairs.split(","):
        full = distances(pair, 1.0, 0)
        with context.Pool(2) as pool:
            thin = pool.map(partial(distances, pair, 0.1), range(flags.draws), chunksize=10)
        for name in DIMENSIONS:
            known = [each[name] for each in thin if each.get(name) is not None]
            mean = float(np.mean(known))
            print(f"{pair} {name}: full {full[name]:.4f}, mean of {len(known)} thinned "
                  f"{mean:.4f}, moved {mean - full[name]:+.4f}", flush=True)  # fmt: skip
    print(machine())


def distances(pair: str, keep: float, seed: int) -> dict[str, float]:
    """Distances of the pair by dimension, of the second store only a part kept."""
    first, second = pair.split("+")
    random = np.random.default_rng(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        parts = [sample_store(first), thinned(sample_store(second), random, keep)]
        STORES.write_csv(path / "stores.csv")
        parts[0].tables["products"].write_csv(path / "products.csv")
        for name in ("order_lines", "traffic", "service"):
            pl.concat(
                [
                    part.tables[name].with_columns(store_id=pl.lit(store))
                    for part, store in zip(parts, "AB", strict=True)
                    if part.tables[name].height
                ],
                how="diagonal_relaxed",
            ).write_parquet(path / f"{name}.parquet")
        (path / "channelscope.toml").write_text('[workspace]\nreference = "A"\n', encoding="utf-8")
        span = {"first": parts[0].first, "last": parts[0].last}
        tables = pipeline.compare(Request(path, threads=1, **span)).tables
    return dict(tables["pairs"].select("dimension", "distance").iter_rows())


if __name__ == "__main__":
    main()
