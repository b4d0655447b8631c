"""How often diversion, overlap or exchange is claimed where every buyer picks stores at random.

    python -m benchmarks.false_diversion --draws 100

Every order goes to a store by the stores' shares, whatever it is for and wherever its buyer was
last: nobody is diverted and nobody moved around. Each draw is a workspace, loaded, scanned, judged.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import polars as pl

from benchmarks.measuring import machine
from benchmarks.simulated_switches import ALIKE, Market, write
from channelscope.differentiation import outcomes
from channelscope.dimensions import consumers
from channelscope.preparation import Request, prepare

CLAIMS = ("exchange", "overlap", "diversion")


def quiet(market: Market, seeds: Iterable[int]) -> Counter[str]:
    """In how many draws nothing is judged to differ: exchange, overlap of pairs, diversion."""
    found: Counter[str] = Counter()
    for seed in seeds:
        for name, frame in judged(market, seed).items():
            found[name] += "differs" not in set(frame["outcome"])
    return found


def judged(market: Market, seed: int) -> dict[str, pl.DataFrame]:
    """`exchange`, the pairs of `overlap` and the needs of `diversion` of one draw."""
    with tempfile.TemporaryDirectory() as folder:
        prepared = prepare(Request(write(market, Path(folder), seed=seed), threads=1))
        try:
            tables = consumers.compare(prepared.answers, prepared.scope)
        finally:
            prepared.close()
    return {
        "exchange": outcomes.of_exchange(tables["exchange"], prepared.scope),
        "overlap": outcomes.of_overlap(tables["overlap"]).filter(size=2),
        "diversion": tables["diversion"].filter("is_need"),
    }


def main() -> None:
    """Print how many draws stay quiet, of stores of one size each and of equal ones."""
    parser = argparse.ArgumentParser(description="false claims of diversion")
    parser.add_argument("--draws", type=int, default=100)
    draws = parser.parse_args().draws
    print(machine())
    found = quiet(ALIKE, range(draws))
    print(", ".join(f"{name}: quiet in {found[name]} of {draws}" for name in CLAIMS))
    print(machine())


if __name__ == "__main__":
    main()
