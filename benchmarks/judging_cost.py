"""What intervals, nulls and judgements cost, apart from reading: they run on cubes.

python -m benchmarks.judging_cost [WORKSPACE …]
"""

from __future__ import annotations

import argparse
import statistics
import time
from contextlib import closing
from pathlib import Path

import polars as pl

from benchmarks.measuring import machine, spread
from channelscope import assets, differentiation, dimensions
from channelscope.preparation import Prepared, Request, prepare

GOAL = 4.0
LARGE_GOAL = 2.0
"""So many times the cost on the first workspace is allowed on a larger one."""


def main() -> None:
    """Prepare each workspace once, compare its stores several times, and print CPU seconds."""
    parser = argparse.ArgumentParser(description="cost of comparing and judging on cubes")
    parser.add_argument("workspaces", nargs="*", type=Path, help="default: the shipped sample")
    parser.add_argument("--repeats", type=int, default=5)
    flags = parser.parse_args()
    print(machine())
    first = None
    for path in [assets.sample_workspace(), *flags.workspaces]:
        with closing(prepare(Request(path))) as prepared:
            lines = prepared.meta.rows_in
            costs = [_cost(prepared) for _ in range(flags.repeats)]
        middle = statistics.median(costs)
        first = first or middle
        print(f"{lines:,} lines: CPU s {spread(costs)}; {middle / first:.2f} x the first; "
              f"goal {GOAL:.0f} s, {LARGE_GOAL:.0f} x")  # fmt: skip
    print(machine())


def _cost(prepared: Prepared) -> float:
    start = time.process_time()
    parts: dict[str, list[pl.DataFrame]] = {}
    for module in dimensions.modules():
        if module.off(prepared.scope) is None:
            for table, frame in module.compare(prepared.answers, prepared.scope).items():
                parts.setdefault(table, []).append(frame)
    tables = {name: pl.concat(frames) for name, frames in parts.items()}
    differentiation.judge(tables, prepared.scope)
    return time.process_time() - start


if __name__ == "__main__":
    main()
