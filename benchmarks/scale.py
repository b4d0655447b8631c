"""Speed and memory against their goals, in one run on one machine.

python -m benchmarks.scale --rows 10000000
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

from benchmarks import against_pandas, against_peers, peer_environment
from benchmarks.goals import Row, Unit, table, told
from benchmarks.measuring import ROOT, Cost, machine, spread
from benchmarks.scale_runs import Sample, Scan, Three, Workspace, sampled, started

PAGE = ROOT / "docs" / "benchmarks.md"
MEMORY_GB = 2.0
OTHERS_MOST = 10_000_000
"""Lines at which the others are asked for; pandas needs some 500 bytes for each."""
BESIDES_GB = 0.3
"""What a run may take beyond the limit of the database."""
INTRODUCTION = """\
# Benchmarks

The last run of each size as it came out, misses too; `benchmarks/README.md` says what each line is.
Goals that name a size are asked for at that size. A smaller run says little of them, since what a
run costs anyway weighs most where lines are few: a hit in growth is none yet. Below about four
million lines a new quarter costs what all do, since quarters are read together.
"""
SECTION = "\n## "


def main() -> None:
    """Make the data, run everything, print what was measured and what was reached."""
    parser = argparse.ArgumentParser(description="speed and memory against their goals")
    parser.add_argument("--rows", type=int, default=10_000_000, help="order lines to generate")
    parser.add_argument("--folder", type=Path, help="where data are kept, to be used again")
    parser.add_argument("--repeats", type=int, default=5, help="runs of what is short")
    parser.add_argument("--memory-limit", type=float, default=MEMORY_GB, metavar="GB")
    parser.add_argument("--write", action="store_true", help=f"the results to {PAGE.name} too")
    flags = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = flags.folder or Path(temporary) / "data"
        lines = report(
            folder, Path(temporary), rows=flags.rows, repeats=flags.repeats,
            memory=flags.memory_limit,
        )  # fmt: skip
    print("\n".join(lines))
    if flags.write:
        before = PAGE.read_text(encoding="utf-8")
        text = page(lines, before, on=date.today(), rows=flags.rows)
        PAGE.write_text(text, encoding="utf-8")


def page(lines: Sequence[str], before: str, *, on: date, rows: int) -> str:
    """The page of the documentation, with this run in place of the last one of its size."""
    title = f"{rows:,} order lines"
    others = [part for part in before.split(SECTION)[1:] if not part.startswith(title)]
    command = f"`make bench ROWS={rows} ARGS=--write` on {on.isoformat()}."
    mine = "\n".join([title, "", command, *lines, ""])
    return SECTION.join([INTRODUCTION, *sorted([*others, mine], key=_size)])


def _size(section: str) -> int:
    return int(section.split(maxsplit=1)[0].replace(",", ""))


def report(folder: Path, temporary: Path, *, rows: int, repeats: int, memory: float) -> list[str]:
    """The lines of the report; `folder` keeps the data, `temporary` the results."""
    limit = f"{memory:g}GB"
    full, tenth = (
        Workspace.made(folder / f"{lines}", temporary / "out", lines=lines, memory=limit)
        for lines in (rows, rows // 10)
    )
    _say("scan")
    scan = full.scan(repeats)
    _say("compare")
    cubes, compare = full.measured()
    _say("a tenth of the rows")
    tenth.forget()
    small_cubes = tenth.cubes()
    tenth.forget()
    small = tenth.compare()
    _say("the start")
    starts = started(repeats)
    _say("the sample")
    sample = sampled(temporary, repeats=min(repeats, 3))
    _say("pandas and other tools")
    pandas, peers, why = (
        _others(full.path, folder, temporary, repeats=min(repeats, 3))
        if rows <= OTHERS_MOST
        else (None, [], f"asked at {OTHERS_MOST:,} lines")
    )
    goals = [
        *against_scan(scan, cubes, compare), *of_memory(cubes, compare, limit=memory),
        *of_growth(cubes.cold, compare.cold, small_cubes, small, rows=rows),
        *against_pandas.rows(cubes.cold, pandas, why=why),
        of_start(*starts), *of_sample(sample),
    ]  # fmt: skip
    return [
        f"{rows:,} order lines asked for, {full.size / 1e6:.0f} MB in a Parquet file a quarter, "
        f"`--memory-limit {limit}`.",
        f"{machine()}; duckdb {version('duckdb')}, polars {version('polars')}.",
        "",
        *noise(scan),
        "",
        *costs({"up to the cubes": cubes, "`compare`": compare}),
        *([cost_line(f"pandas {pandas.version}", pandas.middle)] if pandas else []),
        "",
        *table(goals),
        "",
        told(goals),
        "",
        *(
            [f"pandas and the other tools are left out: {why}"]
            if why
            else against_peers.lines(peers)
        ),
    ]


def _others(
    workspace: Path, folder: Path, temporary: Path, *, repeats: int
) -> tuple[against_pandas.Pandas | None, list[against_peers.Peer], str]:
    """Pandas and the other tools; where they do not install, one line that says why."""
    try:
        python = peer_environment.made(folder / "peers")
    except peer_environment.NotInstalledError as failure:
        return None, [], f"not installed: {failure}"
    pandas = against_pandas.measured(
        workspace, temporary / "pandas", python=python, repeats=repeats
    )
    return pandas, list(against_peers.measured(workspace, python=python)), ""


def noise(scan: Scan) -> list[str]:
    """How far repeated runs of the same scan lie apart: what the rest is to be read by."""
    return [
        f"A plain scan of {scan.columns} columns, CPU s: {spread(scan.cpu)}; "
        f"wall s: {spread(scan.wall)}."
    ]


def costs(runs: dict[str, Three]) -> list[str]:
    """A table of single runs: seconds and memory."""
    head = ["| run | CPU s | wall s | peak memory, GB |", "|-|-|-|-|"]
    ways = ("cold", "cached", "quarter")
    names = {"cold": "nothing kept", "cached": "everything kept", "quarter": "one new quarter"}
    return head + [
        cost_line(f"{what}, {names[way]}", getattr(three, way))
        for what, three in runs.items()
        for way in ways
    ]


def cost_line(what: str, cost: Cost) -> str:
    """One run in the table of costs."""
    return f"| {what} | {cost.cpu:.2f} | {cost.wall:.2f} | {cost.memory / 1e9:.2f} |"


def against_scan(scan: Scan, cubes: Three, compare: Three) -> list[Row]:
    """`compare` against the scan, and a new quarter against everything anew, in CPU seconds."""
    start = "CPU of the whole process, the scan's without its start; asked at 100 million lines"
    return [
        Row("`compare` against one scan", 6, compare.cold.cpu / scan.middle, note=start),
        Row("the same up to the cubes", 6, cubes.cold.cpu / scan.middle, note=start),
        Row(
            "one new quarter of eight against all", 0.15, compare.quarter.cpu / compare.cold.cpu,
            note="CPU of `compare`",
        ),
        Row(
            "the same up to the cubes", 0.15, cubes.quarter.cpu / cubes.cold.cpu,
            note="CPU of the whole process",
        ),
    ]  # fmt: skip


def of_memory(cubes: Three, compare: Three, *, limit: float) -> list[Row]:
    """Peak memory of all runs against the limit that the database was given."""
    runs = [getattr(three, way) for three in (cubes, compare) for way in Three.__slots__]
    peak = max(cost.memory for cost in runs) / 1e9
    note = f"largest of {len(runs)} runs with {limit:g} GB for the database"
    note += "; asked at 100 million lines"
    return [Row("peak memory", limit + BESIDES_GB, peak, Unit.GIGABYTES, note)]


def of_growth(
    cubes: Cost, compare: Cost, small_cubes: Cost, small: Cost, *, rows: int
) -> list[Row]:
    """CPU of ten times the rows against that of the rows."""
    note = f"CPU, {rows // 10:,} to {rows:,} lines; asked from 10 to 100 million"
    return [
        Row("ten times the lines, `compare`", 8, compare.cpu / small.cpu, note=note),
        Row("the same up to the cubes", 8, cubes.cpu / small_cubes.cpu, note=note),
    ]


def of_start(told: Sequence[float], nothing: Sequence[float]) -> Row:
    """`--help` against Python alone."""
    reached = statistics.median(told) / statistics.median(nothing)
    note = f"median CPU of {len(told)}: {statistics.median(told):.2f} s"
    return Row("`--help` against `python -c pass`", 5, reached, note=note)


def of_sample(sample: Sample) -> list[Row]:
    """The report of the shipped sample, new and again."""
    goals = {"en": (8.0, "one language"), "both": (11.0, "both languages")}
    rows = []
    for name, (goal, words) in goals.items():
        cpu = [cost.cpu for cost in sample.first[name]]
        middle = statistics.median(cpu)
        note = f"CPU: {spread(cpu)}"
        rows.append(Row(f"report of the sample, {words}", goal, middle, Unit.SECONDS, note))
        again = statistics.median(cost.cpu for cost in sample.again[name])
        note = f"median CPU {again:.2f} s"
        rows.append(Row("run again, against the first run", 0.5, again / middle, note=note))
    return rows


def _say(stage: str) -> None:
    print(f"... {stage}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
