"""The cubes against the same tables made with pandas: wall seconds, memory, and whether equal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.goals import Row, Unit
from benchmarks.measuring import Cost, run

FIRST, LAST = "2025-10-01", "2026-09-30"
"""The days that `compare` takes of the sample: its last year."""


@dataclass(frozen=True, slots=True)
class Pandas:
    """Runs of `pandas_tables.py`; `unlike`: what is not the same in a table, empty where equal."""

    costs: list[Cost]
    version: str
    unlike: Mapping[str, str]

    @property
    def middle(self) -> Cost:
        """The run of median wall seconds, with the most memory that any of them took."""
        runs = sorted(self.costs, key=lambda cost: cost.wall)
        return replace(runs[len(runs) // 2], memory=max(cost.memory for cost in runs))


def measured(workspace: Path, folder: Path, *, python: Path, repeats: int) -> Pandas:
    """Run the script, and hold its last tables against the cubes."""
    days = ("--first", FIRST, "--last", LAST)
    costs = [
        run("-m", "benchmarks.pandas_tables", workspace, folder, *days, python=python)
        for _ in range(repeats)
    ]
    checked = run("-m", "benchmarks.same_tables", folder, workspace)
    return Pandas(costs, costs[0].output.strip(), json.loads(checked.output))


def rows(cubes: Cost, pandas: Pandas | None, *, why: str = "") -> list[Row]:
    """The goals; `why` pandas was not run."""
    names = ("time against pandas, up to the cubes", "memory against pandas, up to the cubes")
    wall = memory = None
    note = why
    if pandas:
        wall, memory = cubes.wall / pandas.middle.wall, cubes.memory / pandas.middle.memory
        note = f"asked at 10 million lines; {agreement(pandas.unlike)}"
    return [
        Row(names[0], 1 / 12, wall, Unit.PART, note),
        Row(names[1], 1 / 10, memory, Unit.PART, note),
    ]


def agreement(unlike: Mapping[str, str]) -> str:
    """How many of the tables are equal, and what is not."""
    wrong = [f"{name}: {what}" for name, what in unlike.items() if what]
    equal = f"{len(unlike) - len(wrong)} of {len(unlike)} tables equal"
    return "; ".join([equal, *wrong])
