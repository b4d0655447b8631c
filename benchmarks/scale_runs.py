"""The runs of `scale.py`: a plain scan, and `compare` without a cache, with one, and with one new
quarter, each in a process of its own."""

from __future__ import annotations

import json
import shutil
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT, Cost, run

CACHE = ".channelscope"
PARTS = "order_lines"
LANGUAGES = ("en", "both")


@dataclass(frozen=True, slots=True)
class Scan:
    """The plain scan, several times: CPU and wall seconds of the scan alone, and its columns."""

    cpu: list[float]
    wall: list[float]
    columns: int

    @property
    def middle(self) -> float:
        """Median CPU seconds: what the rest is held against."""
        return statistics.median(self.cpu)


@dataclass(frozen=True, slots=True)
class Three:
    """One command with an empty cache, with a full one, and with that of all quarters but one."""

    cold: Cost
    cached: Cost
    quarter: Cost


@dataclass(frozen=True, slots=True)
class Sample:
    """The report of the shipped sample by language: new, and run again."""

    first: dict[str, list[Cost]]
    again: dict[str, list[Cost]]


class Workspace:
    """A workspace whose order lines are a file a quarter, and how it is compared.

    `out`: where results go; `memory`: what `--memory-limit` is given.
    """

    def __init__(self, path: Path, out: Path, *, memory: str) -> None:
        self.path, self._out, self._memory = path, out, memory

    @classmethod
    def made(cls, path: Path, out: Path, *, lines: int, memory: str) -> Workspace:
        """The one in `path`, made first where there is none."""
        if not (path / PARTS).exists():
            run("-m", "benchmarks.quarterly_files", "--out", path, "--lines", str(lines))
        return cls(path, out, memory=memory)

    @property
    def size(self) -> int:
        """Bytes of order lines."""
        return sum(path.stat().st_size for path in (self.path / PARTS).iterdir())

    def scan(self, repeats: int) -> Scan:
        """The columns of order lines that the queries read, the largest value of each."""
        facts = [
            json.loads(run("-m", "benchmarks.plain_scan", self.path).output) for _ in range(repeats)
        ]
        walls = [fact["wall"] for fact in facts]
        return Scan([fact["cpu"] for fact in facts], walls, int(facts[0]["columns"]))

    def compare(self) -> Cost:
        """The whole comparison, its results as JSON."""
        return self._run("compare", "--quiet", "--formats", "json", "--out", self._out)

    def cubes(self) -> Cost:
        """Everything up to the cubes: load, check, scan; the smallest is printed."""
        return self._run("query", "scan/shelf_span")

    def _run(self, command: str, *more: str | Path) -> Cost:
        """Told at once, so that a run that is stopped leaves what it has measured."""
        limit = ("--memory-limit", self._memory)
        cost = run("-m", "channelscope", command, *more, *limit, self.path)
        said = f"{cost.cpu:.1f} CPU s, {cost.wall:.1f} s wall, {cost.memory / 1e9:.2f} GB"
        print(f"    {self.path.name} lines, {command}: {said}", file=sys.stderr, flush=True)
        return cost

    def forget(self) -> None:
        """Empty the cache."""
        shutil.rmtree(self.path / CACHE, ignore_errors=True)

    def measured(self) -> tuple[Three, Three]:
        """`cubes` and `compare`; the run that fills the cache of all quarters but one is not."""
        self.forget()
        cubes = self.cubes()
        self.forget()
        compare = self.compare()
        cached_cubes, cached = self.cubes(), self.compare()
        quarter_cubes, quarter = self._with_new_quarter()
        return Three(cubes, cached_cubes, quarter_cubes), Three(compare, cached, quarter)

    def _with_new_quarter(self) -> tuple[Cost, Cost]:
        newest = max((self.path / PARTS).glob("*.parquet"))
        hidden, before = newest.with_suffix(".later"), self.path / "cache-before"
        self.forget()
        newest.rename(hidden)
        try:
            self.compare()
        finally:
            hidden.rename(newest)
        shutil.copytree(self.path / CACHE, before)
        try:
            cubes = self.cubes()
            self.forget()
            before.rename(self.path / CACHE)
        finally:
            shutil.rmtree(before, ignore_errors=True)
        return cubes, self.compare()


def started(repeats: int) -> tuple[list[float], list[float]]:
    """CPU seconds of `--help`, and of Python that does nothing."""
    told = [run("-m", "channelscope", "--help").cpu for _ in range(repeats)]
    return told, [run("-c", "pass").cpu for _ in range(repeats)]


def sampled(folder: Path, *, repeats: int) -> Sample:
    """The report of the shipped sample, in a copy of it."""
    copy = folder / "sample"
    shutil.copytree(ROOT / "sample_data" / "workspace", copy)
    first: dict[str, list[Cost]] = {name: [] for name in LANGUAGES}
    again: dict[str, list[Cost]] = {name: [] for name in LANGUAGES}
    for name in LANGUAGES:
        for _ in range(repeats):
            shutil.rmtree(copy / CACHE, ignore_errors=True)
            for costs in (first[name], again[name]):
                flags = ("--quiet", "--lang", name, "--out", folder / "report")
                costs.append(run("-m", "channelscope", "compare", copy, *flags))
    return Sample(first, again)
