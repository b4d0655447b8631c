"""What buyers cost as text: grouping order lines by store and buyer, as text and as numbers.

python -m benchmarks.buyer_ids WORKSPACE
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

import duckdb

NUMBER = "cast('0x' || substr(md5(buyer_id), 1, 15) as bigint)"
"""As `buyer_orders` makes it."""
REPEATS = 5


def main() -> None:
    """One line each: median CPU seconds."""
    parser = argparse.ArgumentParser(description="buyers as text and as numbers")
    parser.add_argument("workspace", type=Path, help="with Parquet order lines")
    lines = parser.parse_args().workspace
    folder = lines / "order_lines"
    pattern = folder / "*.parquet" if folder.is_dir() else lines / "order_lines.parquet"
    with tempfile.TemporaryDirectory() as name, duckdb.connect() as connection:
        made = Path(name, "buyers.parquet")
        columns = f"store_id, buyer_id, {NUMBER} as number, paid_amount"
        connection.execute(f"copy (select {columns} from '{pattern}') to '{made}'")
        for what, buyer in (("text", "buyer_id"), ("number", "number"), ("made of text", NUMBER)):
            print(f"{what}: {_grouped(connection, made, buyer):.2f} CPU s")


def _grouped(connection: duckdb.DuckDBPyConnection, lines: Path, buyer: str) -> float:
    grouped = f"select store_id, {buyer}, count(*), sum(paid_amount) from '{lines}' group by all"
    spent = []
    for _ in range(REPEATS):
        start = time.process_time()
        connection.execute(f"select count(*) from ({grouped})").fetchall()
        spent.append(time.process_time() - start)
    return statistics.median(spent)


if __name__ == "__main__":
    main()
