"""What buyers cost in CPU beyond a plain scan, and in memory: overlap, new or repeat, switching.

python -m benchmarks.buyer_scale --lines 10000000 --buyers 1700000 --orders 4800000
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measuring import machine, run, spread

_CUBES = ("scan/buyer_patterns", "scan/buyer_quarters", "scan/order_switches")
CPU_GOAL, MEMORY_GOAL = 10.0, 1e9
_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Generate, join buyers and orders until so many are left, and print what each step costs."""
    parser = argparse.ArgumentParser(description="cost of the cubes of buyers")
    parser.add_argument("--lines", type=int, default=10_000_000, help="order lines to generate")
    parser.add_argument("--buyers", type=int, help="join buyers at random until so many are left")
    parser.add_argument("--orders", type=int, help="join orders of a store until so many are left")
    parser.add_argument("--workspace", type=Path, help="one generated before, to be used again")
    parser.add_argument("--memory-limit", default="650MB", help="of the engine")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--measure", choices=["join", "cubes"], help=argparse.SUPPRESS)
    flags = parser.parse_args()
    if flags.measure == "join":
        _join(flags.workspace, buyers=flags.buyers, orders=flags.orders)
    elif flags.measure:
        print(json.dumps(_measure(flags.workspace, flags.memory_limit)))
    else:
        _report(flags)


def _report(flags: argparse.Namespace) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        workspace = flags.workspace or Path(folder) / "workspace"
        if not workspace.exists():
            run("-m", "sample_data.generator", "--out", workspace, "--lines", str(flags.lines))
        if flags.buyers or flags.orders:
            joined = Path(folder) / "joined"
            run("-c", _COPY, workspace, joined)
            _again(joined, "join", flags)
            workspace = joined
        scans = [json.loads(run("-m", "benchmarks.plain_scan", workspace).output)
                 for _ in range(flags.repeats)]  # fmt: skip
        scan = statistics.median(each["cpu"] for each in scans)
        found = [json.loads(_again(workspace, "cubes", flags)) for _ in range(flags.repeats)]
    print(f"{found[0]['buyers']:,} buyers, {found[0]['orders']:,} orders")
    print(f"plain scan of all columns that any query reads: CPU {scan:.2f} s")
    for step in found[0]["cpu"]:
        print(f"{step}: CPU s {spread([each['cpu'][step] for each in found])}")
    total = statistics.median(sum(each["cpu"].values()) for each in found)
    memory = max(each["memory"] for each in found) / 1e9
    print(f"together, beyond the scan: CPU {total - scan:.1f} s, goal {CPU_GOAL:.0f}; "
          f"peak memory {memory:.2f} GB, goal {MEMORY_GOAL / 1e9:.0f}")  # fmt: skip
    print(machine())


_COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"


def _again(workspace: Path, what: str, flags: argparse.Namespace) -> str:
    """This module in a process of its own: what it holds is nobody else's memory."""
    more = [f"--{name}={value}" for name in ("buyers", "orders") if (value := vars(flags)[name])]
    return run("-m", "benchmarks.buyer_scale", "--measure", what, "--workspace", workspace,
               "--memory-limit", flags.memory_limit, *more).output  # fmt: skip


def _join(workspace: Path, *, buyers: int | None, orders: int | None) -> None:
    import polars as pl  # noqa: PLC0415 - the parent stays small

    (path,) = workspace.glob("order_lines*.parquet")
    lines = pl.read_parquet(path)
    if buyers:
        known = pl.when(pl.col("buyer_id").is_not_null())
        number = pl.col("buyer_id").rank("dense") % buyers
        lines = lines.with_columns(buyer_id=known.then(pl.format("buyer-{}", number)))
    if orders:
        number = pl.struct("store_id", "order_id").rank("dense").cast(pl.Float64)
        kept = (number * orders / number.max()).floor().cast(pl.Int64)
        lines = lines.with_columns(order_id=pl.format("order-{}", kept))
    lines.write_parquet(path)


_SIZES = "select count(distinct buyer), count(*) from buyer_orders"


def _measure(workspace: Path, memory_limit: str) -> dict[str, Any]:
    """Cubes of the year 2025-10 to 2026-09, with the session that `compare` has."""
    from datetime import date  # noqa: PLC0415 - the parent stays small

    from channelscope import circles, cubes, preparation, scoping, sqlfile  # noqa: PLC0415

    request = preparation.Request(workspace, memory_limit=memory_limit, no_cache=True)
    loaded, scans, cache = preparation.opened(request)
    stores = scans.small["stores"]
    compared = scoping.pick(scoping.read_stores(stores), ())
    scans.register("store_bits", circles.store_bits(stores, compared, {}))
    for query in map(sqlfile.find, cubes.NAMED):
        scans.derive(query)
    params = {
        "first": date(2025, 10, 1), "last": date(2026, 9, 30), "history_first": date(2024, 10, 1),
        "patterns_first": date(2025, 7, 1), "switching_first": date(2025, 4, 4),
        "switching_days": 180, "add_platform": False, "less_refunds": True,
    }  # fmt: skip
    cpu: dict[str, float] = {}
    for name in (*cubes.KEPT, *_CUBES):
        before = _cpu_seconds()
        query = sqlfile.find(name)
        (scans.keep if name in cubes.KEPT else scans.run)(query, params)
        cpu[name] = _cpu_seconds() - before
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    sizes = loaded.session.connection.sql(_SIZES).fetchall()[0]
    for each in (scans, loaded, cache):
        each.close()
    return {"cpu": cpu, "buyers": sizes[0], "orders": sizes[1], "memory": memory}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
