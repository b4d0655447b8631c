"""The yardstick of imports: DuckDB reads the same CSV files into Parquet, and nothing else.

Every cell stays text, which is the least that can be done with it. Run as a program, so that the
process is measured whole, like an import.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import duckdb


def convert(paths: list[Path], out: Path) -> int:
    """One Parquet file beside each other in `out`; the number of rows read."""
    rows = 0
    with duckdb.connect(":memory:") as connection:
        for path in paths:
            target = str(out / f"{path.stem}.parquet")
            connection.read_csv(str(path), header=True, all_varchar=True).write_parquet(target)
            rows += connection.read_parquet(target).shape[0]
    return rows


def main() -> None:
    """Convert the files that are named."""
    parser = argparse.ArgumentParser(description="CSV files into Parquet, as text")
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    print(f"{convert(flags.files, flags.out):,} rows")


if __name__ == "__main__":
    main()
