"""What buyers cost: overlap and new or repeat, in CPU beyond a plain scan, and in memory.

python -m benchmarks.buyer_scale --lines 10000000 --buyers 1700000
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import sys
import tempfile
from pathlib import Path

from benchmarks.measuring import machine, run, spread

CUBES = ("scan/buyer_patterns", "scan/buyer_quarters")
CPU_GOAL, MEMORY_GOAL = 10.0, 1e9
"""Goals of overlap, new or repeat and switching together."""
_OF_STORES = ("bit", "known_orders", "sales")
"""Columns of `buyer_quarters` in which the rows of one pattern differ, beside its orders."""
_UNIT = 1 if sys.platform == "darwin" else 1024


def main() -> None:
    """Generate, join buyers until so many are left, and print what each cube costs."""
    parser = argparse.ArgumentParser(description="cost of the cubes of buyers")
    parser.add_argument("--lines", type=int, default=10_000_000, help="order lines to generate")
    parser.add_argument("--buyers", type=int, help="join buyers at random until so many are left")
    parser.add_argument("--workspace", type=Path, help="one generated before, to be used again")
    parser.add_argument("--memory-limit", default="1GB", help="of the engine")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--measure", choices=[*CUBES, "fold"], help=argparse.SUPPRESS)
    flags = parser.parse_args()
    if flags.measure == "fold":
        _fold(flags.workspace, flags.buyers)
    elif flags.measure:
        print(json.dumps(_measure(flags.workspace, flags.measure, flags.memory_limit)))
    else:
        _report(flags)


def _report(flags: argparse.Namespace) -> None:
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        workspace = flags.workspace or Path(folder) / "workspace"
        if not workspace.exists():
            run("-m", "sample_data.generator", "--out", workspace, "--lines", str(flags.lines))
        if flags.buyers:
            folded = Path(folder) / "folded"
            run("-c", _COPY, workspace, folded)
            _again(folded, "fold", flags)
            workspace = folded
        scans = [json.loads(run("-m", "benchmarks.plain_scan", workspace).output)
                 for _ in range(flags.repeats)]  # fmt: skip
        scan = statistics.median(each["cpu"] for each in scans)
        print(f"plain scan of all columns that any query reads: CPU {scan:.2f} s")
        total = 0.0
        for cube in CUBES:
            found = [json.loads(_again(workspace, cube, flags)) for _ in range(flags.repeats)]
            cpu = [each["cpu"] for each in found]
            total += statistics.median(cpu)
            print(f"{cube}: CPU s {spread(cpu)}; {found[0]['rows']:,} rows; "
                  f"{found[0]['buyers']:,} buyers; peak memory "
                  f"{max(each['memory'] for each in found) / 1e9:.2f} GB")  # fmt: skip
    print(f"both, beyond the scan: CPU {total - len(CUBES) * scan:.1f} s; goal with switching "
          f"{CPU_GOAL:.0f} s, {MEMORY_GOAL / 1e9:.0f} GB")  # fmt: skip
    print(machine())


_COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"


def _again(workspace: Path, what: str, flags: argparse.Namespace) -> str:
    """This module in a process of its own: what it holds is nobody else's memory."""
    more = ("--buyers", str(flags.buyers)) if flags.buyers else ()
    return run("-m", "benchmarks.buyer_scale", "--measure", what, "--workspace", workspace,
               "--memory-limit", flags.memory_limit, *more).output  # fmt: skip


def _fold(workspace: Path, buyers: int) -> None:
    import polars as pl  # noqa: PLC0415 - the parent stays small

    for path in workspace.glob("order_lines*.parquet"):
        beside = path.with_suffix(".folded")
        number = pl.col("buyer_id").hash(seed=1) % buyers
        known = pl.when(pl.col("buyer_id").is_not_null())
        pl.scan_parquet(path).with_columns(
            buyer_id=known.then(pl.format("buyer-{}", number))
        ).sink_parquet(beside)
        beside.replace(path)


def _measure(workspace: Path, cube: str, memory_limit: str) -> dict[str, float]:
    """One cube of the year 2025-10 to 2026-09, with the session that `compare` has."""
    from datetime import date  # noqa: PLC0415 - the parent stays small

    from channelscope import circles, loading, scoping, sqlfile  # noqa: PLC0415
    from channelscope.engine.duckdb import to_frame  # noqa: PLC0415
    from channelscope.workspace import open_workspace  # noqa: PLC0415

    loaded = loading.read(open_workspace(workspace), memory_limit=memory_limit)
    stores = to_frame(loaded.session.connection.table("stores"))
    compared = scoping.pick(scoping.read_stores(stores), ())
    loaded.session.register("store_bits", circles.store_bits(stores, compared, {}))
    params = {
        "first": date(2025, 10, 1), "last": date(2026, 9, 30), "history_first": date(2024, 10, 1),
        "add_platform": False, "less_refunds": True,
    }  # fmt: skip
    before = _cpu_seconds()
    frame = loaded.session.run(sqlfile.find(cube), params)
    cpu = _cpu_seconds() - before
    of_stores = (*_OF_STORES, "orders") if "bit" in frame.columns else ()
    pattern = [name for name in frame.columns if name not in of_stores]
    buyers = frame.unique(pattern)["buyers"].sum()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _UNIT
    loaded.close()
    return {"cpu": cpu, "rows": frame.height, "buyers": buyers, "memory": memory}


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
