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


OWN = ("order_id", "buyer_id")
MOST = 10_000_000
"""The simulation is held in memory: of more lines, so many are made, and copied."""


def write(out: Path, *, lines: int) -> int:
    """A workspace in `out`; returns the number of its order lines."""
    copies = max(1, -(-lines // MOST))
    written = copies * write_workspace(out, lines=lines // copies)
    whole = out / "order_lines.parquet"
    split(whole, out / FOLDER, copies=copies)
    whole.unlink()
    with (out / "channelscope.toml").open("a", encoding="utf-8") as toml:
        toml.write(DECLARED)
    return written


def split(whole: Path, folder: Path, *, copies: int = 1) -> list[Path]:
    """The rows of `whole` by the quarter they were ordered in, in their order; the files made.

    `copies`: so often, each with orders and buyers of its own.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = pl.scan_parquet(whole)
    starts = pl.col("ordered_at").dt.truncate("1q")
    found: list[datetime] = (
        lines.select(starts.unique().sort()).collect(engine="streaming")["ordered_at"].to_list()
    )
    made = []
    for start in found:
        path = folder / f"{start.year}Q{(start.month + 2) // 3}.parquet"
        mine = lines.filter(starts == start)
        own = [mine.with_columns(pl.col(OWN) + f"-{copy}") for copy in range(copies)]
        pl.concat(own if copies > 1 else [mine]).sink_parquet(path, maintain_order=True)
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
