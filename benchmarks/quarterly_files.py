"""The sample at any size, its order lines in one Parquet file for each calendar quarter.

python -m benchmarks.quarterly_files --out FOLDER --lines 10000000
"""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path

import polars as pl

from sample_data.generator.simulation import LINES
from sample_data.generator.workspace import write_workspace

FOLDER = "order_lines"
DECLARED = f'\n[tables.{FOLDER}]\npath = "{FOLDER}/*.parquet"\n'


def write(out: Path, *, lines: int) -> int:
    """A workspace in `out`; returns the number of its order lines."""
    written = write_workspace(out, lines=lines)
    whole = out / "order_lines.parquet"
    split(whole, out / FOLDER)
    whole.unlink()
    with (out / "channelscope.toml").open("a", encoding="utf-8") as toml:
        toml.write(DECLARED)
    return written


def split(whole: Path, folder: Path) -> list[Path]:
    """The rows of `whole` by the quarter they were ordered in, in their order; the files made."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = pl.scan_parquet(whole)
    starts = pl.col("ordered_at").dt.truncate("1q")
    found: list[datetime] = (
        lines.select(starts.unique().sort()).collect(engine="streaming")["ordered_at"].to_list()
    )
    made = []
    for start in found:
        path = folder / f"{start.year}Q{(start.month + 2) // 3}.parquet"
        lines.filter(starts == start).sink_parquet(path, maintain_order=True)
        made.append(path)
    return made


def main() -> None:
    """Write one workspace and say how large it became."""
    parser = argparse.ArgumentParser(description="sample workspace with a file for each quarter")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--lines", type=int, default=LINES, help="order lines, about")
    flags = parser.parse_args()
    print(write(flags.out, lines=flags.lines))


if __name__ == "__main__":
    main()
