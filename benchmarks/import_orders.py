"""What importing large order exports costs, against DuckDB reading the same files into Parquet.

python -m benchmarks.import_orders                       # 5 million lines, about 1 GB
python -m benchmarks.import_orders --encoding gb18030    # as Taobao writes them
"""

from __future__ import annotations

import argparse
import contextlib
import shutil
import statistics
import tempfile
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path

from benchmarks.measuring import Cost, machine, run, spread

CPU_GOAL, MEMORY_GOAL = 3.0, 1.5e9
FILES = ("ExportOrderList.csv", "ExportOrderDetailList.csv")


def main() -> None:
    """Generate, convert, import, and print the figures of one run as a table."""
    parser = argparse.ArgumentParser(description="cost of `import` against a plain conversion")
    parser.add_argument("--lines", type=int, default=5_000_000, help="order lines to generate")
    parser.add_argument("--encoding", choices=("utf-8-sig", "gb18030"), default="utf-8-sig")
    parser.add_argument("--exports", type=Path, help="a folder made before, to be used again")
    parser.add_argument("--repeats", type=int, default=3)
    flags = parser.parse_args()
    print(f"{machine()}; duckdb {version('duckdb')}, polars {version('polars')}")
    with _exports(flags.exports, lines=flags.lines, encoding=flags.encoding) as folder:
        files = [folder / name for name in FILES]
        size = sum(path.stat().st_size for path in files)
        print(f"{size / 1e9:.2f} GB in {len(files)} files, {flags.encoding}")
        plain = [converted(files, encoding=flags.encoding) for _ in range(flags.repeats)]
        imports = [imported(files, folder / "workspace") for _ in range(flags.repeats)]
    for line in report(plain, imports):
        print(line)
    print(machine())


@contextlib.contextmanager
def _exports(given: Path | None, *, lines: int, encoding: str) -> Iterator[Path]:
    if given is not None and (given / FILES[0]).exists():
        yield given
        return
    with tempfile.TemporaryDirectory() as folder:
        out = given or Path(folder)
        asked = ("--lines", str(lines), "--encoding", encoding, "--out", out)
        print(run("-m", "benchmarks.simulated_exports", *asked).output.strip())
        yield out


def converted(files: Sequence[Path], *, encoding: str) -> Cost:
    """The yardstick over the same files."""
    with tempfile.TemporaryDirectory() as out:
        asked = ("--out", out, "--encoding", encoding)
        return run("-m", "benchmarks.plain_convert", *files, *asked)


def imported(files: Sequence[Path], workspace: Path) -> Cost:
    """One import into a copy of a workspace that has nothing of it yet."""
    with tempfile.TemporaryDirectory() as folder:
        into = Path(folder) / "workspace"
        shutil.copytree(workspace, into)
        shutil.copy(workspace.parent / "salt", folder)
        return run("-m", "channelscope", "import", "taobao", *files, "--into", into,
                   "--store", "F1")  # fmt: skip


def report(plain: Sequence[Cost], imports: Sequence[Cost]) -> Iterator[str]:
    """The table: CPU, time and peak memory of both, and what the import takes more."""
    yield "| | CPU s | wall s | peak memory |"
    yield "|-|-|-|-|"
    for name, costs in (("CSV into Parquet", plain), ("`import`", imports)):
        cpu, wall = spread([c.cpu for c in costs]), spread([c.wall for c in costs])
        yield f"| {name} | {cpu} | {wall} | {max(c.memory for c in costs) / 1e9:.2f} GB |"
    ratio = _median(imports) / _median(plain)
    memory = max(cost.memory for cost in imports)
    yield (f"CPU {ratio:.2f} x (goal {CPU_GOAL:.0f}), memory {memory / 1e9:.2f} GB "
           f"(goal {MEMORY_GOAL / 1e9:.1f})")  # fmt: skip


def _median(costs: Sequence[Cost]) -> float:
    return statistics.median(cost.cpu for cost in costs)


if __name__ == "__main__":
    main()
