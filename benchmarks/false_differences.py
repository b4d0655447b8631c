"""How often two halves of one store are called different: A/A splits, full and thinned.

python -m benchmarks.false_differences --splits 300
"""

from __future__ import annotations

import argparse
import multiprocessing
import tempfile
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import polars as pl

from benchmarks.measuring import ROOT, machine
from benchmarks.split_stores import Source, compare_split, journey_store, sample_store

ANY_GOAL, VERDICT_GOAL = 0.08, 0.025
CLAIMS = ("price_clash", "complements")
JOURNEY = ROOT.parent / "shared" / "data"
"""Where the third-party data lie, where there are any."""


def main() -> None:
    """Split, compare, count, and print a row per store and size."""
    parser = argparse.ArgumentParser(description="false differences on A/A splits")
    parser.add_argument("--splits", type=int, default=300, help="splits of each store and size")
    parser.add_argument("--stores", default="F1,journey0,journey1", help="F1 or journey<rank>")
    parser.add_argument("--keep", default="1.0,0.1", help="part of the second half that is kept")
    flags = parser.parse_args()
    print(machine())
    print(f"goals: any dimension <= {ANY_GOAL:.1%}, clash or complements <= {VERDICT_GOAL:.1%}")
    for name in flags.stores.split(","):
        if name.startswith("journey") and not JOURNEY.is_dir():
            print(f"{name}: left out, there is no third-party data beside the checkout")
            continue
        for keep in map(float, flags.keep.split(",")):
            print(_row(name, keep, splits=flags.splits), flush=True)
    print(machine())


def _row(name: str, keep: float, *, splits: int) -> str:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        found = pool.map(partial(outcome, name, keep), range(splits), chunksize=10)
    differing = Counter(dimension for dimensions, _, _ in found for dimension in dimensions)
    wrong = sum(bool(dimensions) for dimensions, _, _ in found)
    claimed = sum(verdict in CLAIMS for _, verdict, _ in found)
    verdicts = Counter(verdict for _, verdict, _ in found)
    told = Counter(dimension for _, _, known in found for dimension in known)
    return (
        f"{name} keep {keep:.0%}: any {wrong}/{splits} = {wrong / splits:.1%}, "
        f"clash or complements {claimed}/{splits} = {claimed / splits:.1%}; "
        f"by dimension {dict(differing)}; told {dict(told)}; verdicts {dict(verdicts)}"
    )


def outcome(name: str, keep: float, seed: int) -> tuple[list[str], str, list[str]]:
    """The dimensions that differ between two halves, the verdict, and what could be told."""
    with tempfile.TemporaryDirectory() as folder:
        tables = compare_split(source(name), Path(folder), keep=keep, seed=seed).tables
    pairs = tables["pairs"]
    return (
        list(_with_outcome(pairs, "differs")),
        str(tables["verdicts"]["verdict"][0]),
        pairs.filter(pl.col("outcome") != "not_identifiable")["dimension"].to_list(),
    )


def _with_outcome(pairs: pl.DataFrame, outcome: str) -> Iterator[str]:
    yield from pairs.filter(outcome=outcome)["dimension"]


_SOURCES: dict[str, Source] = {}


def source(name: str) -> Source:
    """A store by its name, read once in each process."""
    if name not in _SOURCES:
        rank = name.removeprefix("journey")
        _SOURCES[name] = sample_store(name) if rank == name else journey_store(JOURNEY, int(rank))
    return _SOURCES[name]


if __name__ == "__main__":
    main()
