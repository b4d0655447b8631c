"""The yardstick: read the columns that `compare` reads, once, and take the largest value of each.

Run as a program it prints one line of JSON: seconds of CPU and of wall for the scan alone, without
the start of Python and the imports.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

from channelscope import assets


def columns_read(available: list[str]) -> list[str]:
    """The columns of a file that some query over raw rows names, in the file's order."""
    named: set[str] = set()
    for path in sorted((assets.queries() / "scan").glob("*.sql")):
        tree = sqlglot.parse_one(path.read_text(encoding="utf-8"), read="duckdb")
        if any(table.name == "order_lines" for table in tree.find_all(exp.Table)):
            named |= {column.name for column in tree.find_all(exp.Column)}
    return [name for name in available if name in named]


def scan(pattern: str) -> dict[str, float]:
    """One pass over the files of `pattern`."""
    with duckdb.connect(":memory:") as connection:
        lines = connection.read_parquet(pattern)
        columns = columns_read(lines.columns)
        before, start = _cpu_seconds(), time.perf_counter()
        lines.aggregate(", ".join(f"max({name})" for name in columns)).fetchall()
        return {
            "cpu": _cpu_seconds() - before,
            "wall": time.perf_counter() - start,
            "columns": len(columns),
        }


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Scan the order lines of a workspace."""
    parser = argparse.ArgumentParser(description="plain scan of a workspace's order lines")
    parser.add_argument("workspace", type=Path)
    flags = parser.parse_args()
    files = "order_lines/*" if (flags.workspace / "order_lines").is_dir() else "order_lines*"
    print(json.dumps(scan(str(flags.workspace / f"{files}.parquet"))))


if __name__ == "__main__":
    main()
