"""What `compare` costs, as a ratio to a plain scan of the same columns in the same run.

python benchmarks/compare_scale.py --lines 10000000
"""

from __future__ import annotations

import argparse
import contextlib
import json
import statistics
import tempfile
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import ROOT, Cost, machine, run, spread

RATIO_GOAL = 25.0
MEMORY_GOAL = 4e9
SAMPLE_CPU_GOAL = {"en": 8.0, "both": 11.0}
"""Of this, intervals and nulls may take 4 s: see `judging_cost.py`."""


def main() -> None:
    """Generate, scan, compare, and print the figures with the noise beside them."""
    parser = argparse.ArgumentParser(description="cost of `compare` against a plain scan")
    parser.add_argument("--lines", type=int, default=10_000_000, help="order lines to generate")
    parser.add_argument("--workspace", type=Path, help="one generated before, to be used again")
    parser.add_argument("--repeats", type=int, default=5, help="runs of the scan and the sample")
    parser.add_argument("--sample-only", action="store_true", help="the shipped sample alone")
    flags = parser.parse_args()
    print(f"{machine()}; duckdb {version('duckdb')}, polars {version('polars')}")
    with tempfile.TemporaryDirectory() as folder:
        _sample(Path(folder), repeats=flags.repeats)
        if not flags.sample_only:
            with _workspace(flags.workspace, lines=flags.lines) as workspace:
                _scale(workspace, Path(folder), repeats=flags.repeats)
    print(machine())


@contextlib.contextmanager
def _workspace(given: Path | None, *, lines: int) -> Iterator[Path]:
    if given is not None and given.exists():
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        target = given or Path(folder) / "workspace"
        made = run("-m", "sample_data.generator", "--out", target, "--lines", str(lines))
        print(f"\ngenerator: {made.output.strip()}\n  {_line(made)}")
        yield target


def _sample(folder: Path, *, repeats: int) -> None:
    sample = ROOT / "sample_data" / "workspace"
    for language, goal in SAMPLE_CPU_GOAL.items():
        costs = [_compare(sample, folder, language=language) for _ in range(repeats)]
        print(f"\ncompare, sample, --lang {language}")
        print(f"  CPU s: {spread([cost.cpu for cost in costs])}; goal {goal:.0f}")
        print(f"  wall s: {spread([cost.wall for cost in costs])}")
        print(f"  peak memory: {max(cost.memory for cost in costs) / 1e9:.2f} GB")


def _scale(workspace: Path, folder: Path, *, repeats: int) -> None:
    scans = [run("-m", "benchmarks.plain_scan", workspace) for _ in range(repeats)]
    facts = [json.loads(scan.output) for scan in scans]
    size = sum(path.stat().st_size for path in workspace.glob("order_lines*.parquet"))
    print(f"\nplain scan, {facts[0]['columns']} columns, {size / 1e6:.0f} MB")
    print(f"  CPU s: {spread([fact['cpu'] for fact in facts])}")
    print(f"  wall s: {spread([fact['wall'] for fact in facts])}")
    print(f"  peak memory: {max(scan.memory for scan in scans) / 1e9:.2f} GB")
    cost = _compare(workspace, folder, language="en")
    print("\ncompare, whole process, --lang en")
    print(f"  {_line(cost)}; goal {MEMORY_GOAL / 1e9:.0f} GB")
    cpu = cost.cpu / statistics.median(fact["cpu"] for fact in facts)
    wall = cost.wall / statistics.median(fact["wall"] for fact in facts)
    print(f"  against the scan: CPU {cpu:.1f} x, wall {wall:.1f} x; goal {RATIO_GOAL:.0f} x")


def _compare(workspace: Path, folder: Path, *, language: str) -> Cost:
    return run(
        *("-m", "channelscope", "compare", workspace, "--quiet"),
        *("--lang", language, "--out", folder / "out"),
    )


def _line(cost: Cost) -> str:
    return f"CPU {cost.cpu:.1f} s, wall {cost.wall:.1f} s, peak memory {cost.memory / 1e9:.2f} GB"


if __name__ == "__main__":
    main()
