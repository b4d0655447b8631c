"""How often exchange is claimed where there is none, and found where it was planted.

    python -m benchmarks.false_exchange --draws 100

Buyers go from store to store by a rule that is known: at random by share, loyal to a home, loyal
unequally, back to where they last were; and the same with a threefold exchange of two stores.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, replace

import polars as pl

from benchmarks.measuring import machine
from benchmarks.simulated_switches import (
    EXCHANGING,
    LOYAL,
    RANDOM,
    STICKY,
    UNEQUAL,
    Market,
    judged,
)

LARGE = 15_000
"""Buyers of a large market: with so many a wrong null is found out."""
THREE = {"stores": ("F1", "D1", "S1"), "pull": (0.5, 0.3, 0.2)}


@dataclass(frozen=True, slots=True)
class Count:
    """Of so many draws. `loyal` counts stores, the others draws."""

    draws: int
    quiet: int
    """No pair of stores is judged to differ from chance."""
    above: int
    """Some pair is judged to exchange more than chance."""
    found: int
    """The first two stores are."""
    loyal: int
    """Stores judged to keep more or fewer buyers than chance."""

    def __str__(self) -> str:
        return (
            f"quiet {self.quiet}/{self.draws}, some pair above chance {self.above}, "
            f"the first two {self.found}"
        )


def count(market: Market, seeds: Iterable[int]) -> Count:
    """What is judged over all draws of a market."""
    first = "+".join(sorted(market.stores[:2]))
    draws = quiet = above = found = loyal = 0
    for one_way, pairs in judged(market, seeds):
        apart = pairs.filter(pl.col("outcome") == "differs")
        more = apart.filter(pl.col("lift") > 1)
        names = set(more["store_a"] + "+" + more["store_b"])
        draws += 1
        quiet += apart.is_empty()
        above += bool(names)
        found += first in names
        stays = one_way.filter(pl.col("from_store") == pl.col("to_store"))
        loyal += stays.filter(pl.col("outcome") == "differs").height
    return Count(draws, quiet, above, found, loyal)


def main() -> None:
    """Print a row per kind of buyers and size."""
    parser = argparse.ArgumentParser(description="false and planted exchange")
    parser.add_argument("--draws", type=int, default=100, help="draws of each kind")
    draws = parser.parse_args().draws
    print(machine())
    three = {**THREE, "loyalty": (0.7,) * 3}
    kinds = {
        "random by share": RANDOM, "loyal 70%": LOYAL, "loyal 60% or 80%": UNEQUAL,
        "back to the last store 70%": STICKY, "threefold under 70%": EXCHANGING,
        "threefold under 70%, 2,500 buyers": replace(EXCHANGING, buyers=2500),
        "three stores, loyal 70%": replace(LOYAL, **three),
        "three stores, back to the last 70%": replace(STICKY, **three),
        "three stores, loyal 80%, 50%, 80%": replace(LOYAL, **THREE, loyalty=(0.8, 0.5, 0.8)),
        "three stores, threefold": replace(EXCHANGING, **three),
    }  # fmt: skip
    for name, market in kinds.items():
        print(f"{name}: {count(market, range(draws))}", flush=True)
    for name in ("random by share", "loyal 70%", "loyal 60% or 80%", "back to the last store 70%"):
        large = replace(kinds[name], buyers=LARGE)
        print(f"{name}, {LARGE:,} buyers: {count(large, range(draws // 5))}", flush=True)
    print(machine())


if __name__ == "__main__":
    main()
