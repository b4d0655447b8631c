"""The yardstick of imports: DuckDB reads the same CSV files into Parquet, and nothing else.

Every cell stays text, which is the least that can be done with it. DuckDB reads UTF-8 alone: of
other files a copy is made first, which counts. Run as a program, so that the process is measured
whole, like an import.
"""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path

import duckdb


def convert(paths: list[Path], out: Path, *, encoding: str = "utf-8-sig") -> int:
    """A Parquet file each in `out`; the number of rows read."""
    rows = 0
    with duckdb.connect(":memory:") as connection:
        for path in paths:
            source = path if encoding == "utf-8-sig" else _copied(path, out, encoding)
            target = str(out / f"{path.stem}.parquet")
            connection.read_csv(str(source), header=True, all_varchar=True).write_parquet(target)
            rows += connection.read_parquet(target).shape[0]
    return rows


def _copied(path: Path, out: Path, encoding: str) -> Path:
    target = out / path.name
    with path.open(encoding=encoding) as read, target.open("w", encoding="utf-8") as write:
        shutil.copyfileobj(read, write, 1 << 20)
    return target


def main() -> None:
    """Convert the files that are named."""
    parser = argparse.ArgumentParser(description="CSV files into Parquet, as text")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--encoding", default="utf-8-sig")
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    print(f"{convert(flags.files, flags.out, encoding=flags.encoding):,} rows")


if __name__ == "__main__":
    main()
