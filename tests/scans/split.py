"""A small workspace whose order lines are one file, or a file for each quarter."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import polars as pl

PATTERN = '\n[tables.order_lines]\npath = "lines/*.parquet"\n'


def lines_of(workspace: Path) -> pl.DataFrame:
    """The order lines of a workspace that has them in one file."""
    return pl.read_parquet(workspace / "order_lines.parquet")


def quarters(lines: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """The lines of each calendar quarter, in the order of the quarters."""
    day = pl.col("ordered_at")
    name = pl.format("{}Q{}", day.dt.year(), day.dt.quarter())
    found = lines.with_columns(quarter=name).partition_by(
        "quarter", as_dict=True, maintain_order=True, include_key=False
    )
    return {str(key[0]): found[key] for key in sorted(found)}


def split(workspace: Path, out: Path, files: Mapping[str, pl.DataFrame]) -> Path:
    """`workspace` in the folder `out`, with `files` for its order lines."""
    left_out = shutil.ignore_patterns("order_lines.parquet", ".channelscope")
    shutil.copytree(workspace, out, ignore=left_out)
    with (out / "channelscope.toml").open("a", encoding="utf-8") as toml:
        toml.write(PATTERN)
    (out / "lines").mkdir()
    for name, frame in files.items():
        add(out, name, frame)
    return out


def add(workspace: Path, name: str, lines: pl.DataFrame) -> None:
    """One more file of order lines."""
    lines.write_parquet(workspace / "lines" / f"{name}.parquet")
