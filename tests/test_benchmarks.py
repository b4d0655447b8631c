"""The benchmarks measure what they say, so that their figures can be believed."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from benchmarks import lift_coverage, measuring, plain_scan

BUSY = "import time; end = time.process_time() + 0.5\nwhile time.process_time() < end: pass"


def test_cost_counts_cpu_and_what_was_said() -> None:
    busy = measuring.run("-c", f"{BUSY}\nprint('done')")
    assert busy.output == "done\n"
    assert busy.cpu >= 0.5
    assert busy.wall >= busy.cpu * 0.5


def test_cost_counts_memory() -> None:
    """From a small process, as the benchmark is; this one may be larger than what it measures."""
    outer = "from benchmarks import measuring; print(measuring.run('-c', {!r}).memory)"
    little, much = (
        int(measuring.run("-c", outer.format(code)).output)
        for code in ("pass", "block = bytearray(b'x') * 300_000_000")
    )
    assert little < 100_000_000
    assert 300_000_000 <= much < 400_000_000


def test_cost_includes_children_of_the_child() -> None:
    nested = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}])"
    assert measuring.run("-c", nested).cpu >= 0.5


def test_failed_run_is_no_measurement() -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        measuring.run("-c", "raise ValueError('no such thing')")


def test_spread_is_least_median_most() -> None:
    assert measuring.spread([3.0, 1.0, 2.0]) == "min 1.00, median 2.00, max 3.00 of 3"


def test_scan_reads_the_columns_that_the_queries_read(sample_workspace: Path) -> None:
    pattern = str(sample_workspace / "order_lines*.parquet")
    with duckdb.connect(":memory:") as connection:
        present = connection.read_parquet(pattern).columns
    read = plain_scan.columns_read([*present, "title"])
    assert {"store_id", "sku", "ordered_at", "qty", "paid_amount", "buyer_id"} <= set(read)
    assert "title" not in read
    assert plain_scan.scan(pattern)["columns"] == len(read)


def test_lines_of_lift_coverage_count_what_was_seen() -> None:
    stores = lift_coverage.truths()
    first = dict.fromkeys(stores, lift_coverage.Seen(side=0, told=True, claimed=1, dealt=4))
    second = dict.fromkeys(stores, lift_coverage.Seen(side=-1, told=False, claimed=0, dealt=4))
    third = {**second, "F2": lift_coverage.Seen(side=1, told=True, claimed=2, dealt=2)}
    lines = list(lift_coverage.report([first, second, third]))
    assert [line.split()[0].rstrip(":") for line in lines] == [*stores, "all"]
    (told,) = [line for line in lines if line.startswith("F2")]
    assert "1/3 = 33.3% hold the truth, too low 1, too high 1; told 2/3" in told
    assert "drawn by lot told 3/10 = 30.0%" in told
    assert "6/18 = 33.3% hold the truth, too low 11, too high 1; told 7/18" in lines[-1]
