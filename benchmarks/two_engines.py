"""`compare` on DuckDB and on Spark Connect over the same Parquet folder: what each takes, and
whether both find the same.

python -m benchmarks.two_engines --lines 1800000
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks import same_results, spark_server
from benchmarks.measuring import Cost, machine, run

LINES = 1_800_000
"""Ten times the sample."""
MANY_ROWS = {"spark.sql.shuffle.partitions": "8"}
FLAGS = ("--quiet", "--no-cache", "--formats", "parquet")


def main() -> None:
    """Make the workspace, compare twice, print the costs and every table that differs."""
    parser = argparse.ArgumentParser(description="compare on two engines")
    parser.add_argument("--lines", type=int, default=LINES, help="order lines to generate")
    parser.add_argument("--memory", default="4g", help="of the Spark server")
    flags = parser.parse_args()
    if reason := spark_server.why_not():
        sys.exit(reason)
    print(f"{flags.lines:,} order lines asked for. {machine()}\n")
    with tempfile.TemporaryDirectory() as folder:
        costs, differences, tables = measured(
            Path(folder), lines=flags.lines, memory=flags.memory, settings=MANY_ROWS
        )
    print("\n".join([*table(costs), "", *told(differences, tables)]))
    sys.exit(bool(differences))


def measured(
    folder: Path, *, lines: int, memory: str, settings: Mapping[str, str]
) -> tuple[dict[str, Cost], list[str], int]:
    """What each engine took, by its name; which tables differ; and how many there are.

    The cost of Spark is that of the command and of the server from its question to its answer.
    """
    workspace, here, there = folder / "workspace", folder / "duckdb", folder / "spark"
    run("-m", "sample_data.generator", "--out", workspace, "--lines", str(lines))
    compare = ("-m", "channelscope", "compare", workspace, *FLAGS, "--out")
    costs = {"duckdb": run(*compare, here)}
    (folder / "server").mkdir()
    with spark_server.running(folder / "server", memory=memory, settings=settings) as server:
        before = server.cpu
        where = ("--engine", "spark", "--remote", server.remote, "--tables", workspace)
        client = run(*compare, there, *where)
        costs["spark, the command"] = client
        both = client.cpu + server.cpu - before
    costs["spark, with the server"] = Cost(both, client.wall, client.memory, client.output)
    tables = same_results.written(here)
    return costs, list(same_results.differences(same_results.written(there), tables)), len(tables)


def table(costs: Mapping[str, Cost]) -> list[str]:
    """The costs, each against DuckDB's."""
    least = costs["duckdb"]
    return [
        "| engine | CPU s | wall s | CPU against DuckDB | wall against DuckDB |",
        "|-|-|-|-|-|",
        *(
            f"| {name} | {cost.cpu:.1f} | {cost.wall:.1f} "
            f"| {cost.cpu / least.cpu:.1f} | {cost.wall / least.wall:.1f} |"
            for name, cost in costs.items()
        ),
    ]


def told(differences: list[str], tables: int) -> list[str]:
    """How many tables differ and in what, and which may."""
    return [
        f"{tables} result tables, of which {len(differences)} differ by more than a billionth; "
        f"{', '.join(same_results.OF_FILES)} may, since it tells the content of files.",
        *differences,
    ]


if __name__ == "__main__":
    main()
