"""The benchmarks measure what they say, so that their figures can be believed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks import (
    against_pandas,
    against_peers,
    goals,
    lift_coverage,
    measuring,
    plain_scan,
    quarterly_files,
    same_results,
    same_tables,
    scale,
    scale_runs,
    two_engines,
)

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


def test_goal_is_hit_up_to_its_value_and_missed_beyond() -> None:
    rows = [goals.Row("a", 6, 6.0), goals.Row("b", 6, 6.01), goals.Row("c", 6, None)]
    assert [row.verdict for row in rows] == ["hit", "miss", "not measured"]
    assert goals.told(rows) == "Of 3 goals: 1 hit, 1 miss, 1 not measured."


def test_table_of_goals_has_a_line_for_each() -> None:
    rows = [
        goals.Row("scan", 6, 10.4, note="CPU"),
        goals.Row("memory", 1 / 10, 1 / 8.8, goals.Unit.PART),
        goals.Row("peak", 2.3, None, goals.Unit.GIGABYTES),
    ]
    assert goals.table(rows)[2:] == [
        "| scan | 6.00 × | 10.40 × | miss | CPU |",
        "| memory | 1/10.0 | 1/8.8 | miss |  |",
        "| peak | 2.30 GB | – | not measured |  |",
    ]
    assert goals.shown(2.0, goals.Unit.PART) == "2.00 ×"


def _cost(cpu: float, memory: float = 0) -> measuring.Cost:
    return measuring.Cost(cpu=cpu, wall=cpu, memory=int(memory), output="")


def test_scan_and_quarter_are_ratios_of_cpu() -> None:
    scan = scale_runs.Scan(cpu=[1.0, 9.0, 2.0], wall=[1.0, 1.0, 1.0], columns=19)
    cubes = scale_runs.Three(cold=_cost(10), cached=_cost(1), quarter=_cost(1))
    compare = scale_runs.Three(cold=_cost(20, 2.2e9), cached=_cost(2), quarter=_cost(10))
    reached = [row.reached for row in scale.against_scan(scan, cubes, compare)]
    assert reached == [10.0, 5.0, 0.5, 0.1]
    (memory,) = scale.of_memory(cubes, compare, limit=2.0)
    assert (memory.reached, memory.goal, memory.verdict) == (2.2, 2.3, "hit")
    rows = scale.of_growth(cubes.cold, compare.cold, _cost(2), _cost(2), rows=1000)
    assert [row.reached for row in rows] == [10.0, 5.0]
    sample = scale_runs.Sample({"en": [_cost(8)], "both": [_cost(12)]},
                               {"en": [_cost(4)], "both": [_cost(9)]})  # fmt: skip
    assert [row.verdict for row in scale.of_sample(sample)] == ["hit", "hit", "miss", "miss"]


def test_quarters_hold_every_line_once(sample_workspace: Path, tmp_path: Path) -> None:
    whole = sample_workspace / "order_lines.parquet"
    made = quarterly_files.split(whole, tmp_path / "parts")
    assert [path.stem for path in made] == [
        "2024Q4", "2025Q1", "2025Q2", "2025Q3", "2025Q4", "2026Q1", "2026Q2", "2026Q3"
    ]  # fmt: skip
    order = ["store_id", "order_id", "line_no"]
    parts = pl.concat([pl.read_parquet(path) for path in made])
    assert parts.sort(order).equals(pl.read_parquet(whole).sort(order))


def test_copies_are_orders_and_buyers_of_their_own(sample_workspace: Path, tmp_path: Path) -> None:
    whole = sample_workspace / "order_lines.parquet"
    made = pl.concat(
        pl.read_parquet(path) for path in quarterly_files.split(whole, tmp_path / "parts", copies=2)
    )
    told = [pl.len(), pl.col("order_id").n_unique(), pl.col("buyer_id").drop_nulls().n_unique()]
    assert made.select(told).row(0) == tuple(
        2 * count for count in pl.read_parquet(whole).select(told).row(0)
    )


def test_tables_are_equal_or_told_apart() -> None:
    one = pl.DataFrame({"store_id": ["a", "b"], "orders": [1, 2], "sales": [1.5, None]})
    other = one.with_columns(pl.col("sales").fill_null(0.0))
    assert same_tables.difference(one, one.reverse(), ("store_id",)) == ""
    assert same_tables.difference(one, other, ("store_id",)) == "sales differs"
    assert same_tables.difference(one, one.head(1), ("store_id",)) == "2 rows, not 1"
    renamed = one.with_columns(pl.Series("store_id", ["a", "c"]))
    assert same_tables.difference(one, renamed, ("store_id",)) == "1 of 2 rows found"
    assert same_tables.difference(one, one.select("store_id"), ("store_id",)) != ""


def test_pandas_is_a_part_and_says_what_is_not_equal() -> None:
    ran = against_pandas.Pandas([_cost(12.0, 10e9)], "3", {"a": "", "b": "sales differs"})
    time, memory = against_pandas.rows(_cost(1.0, 2e9), ran)
    assert (time.verdict, memory.verdict) == ("hit", "miss")
    assert "1 of 2 tables equal; b: sales differs" in time.note
    assert [row.verdict for row in against_pandas.rows(_cost(1.0), None, why="no network")] == [
        "not measured", "not measured"
    ]  # fmt: skip


def test_peers_are_told_with_what_is_not_equal_or_left_out() -> None:
    wrong = against_peers.unlike({"a": 2.0, "b": 1.0, "c": 3.0}, {"a": 2.0, "b": 1.1})
    assert wrong == ["b: 1, here 1.1", "c: 3, here nan"]
    peers = [
        against_peers.Peer("CrossShop", _cost(2.0, 5e8), "a-tool 1.0", 1, tuple(wrong)),
        against_peers.Peer("compare", failure="does not start"),
    ]
    assert against_peers.lines(peers)[2:] == [
        "| a-tool 1.0 `CrossShop` | 2.00 | 2.00 | 0.50 | 1 of 3; b: 1, here 1.1; c: 3, here nan |",
        "",
        "`compare` left out: does not start",
    ]


def test_page_says_when_and_how_much() -> None:
    page = scale.page(["a line"], "", on=date(2026, 11, 28), rows=1000)
    assert "`make bench ROWS=1000 ARGS=--write` on 2026-11-28" in page
    assert page.endswith("\na line\n")


def test_page_holds_the_last_run_of_each_size() -> None:
    page = scale.page(["large"], "", on=date(2026, 11, 27), rows=10_000)
    page = scale.page(["oldest"], page, on=date(2026, 11, 27), rows=1000)
    page = scale.page(["newest"], page, on=date(2026, 11, 28), rows=1000)
    assert "oldest" not in page
    assert page.index("## 1,000 order lines") < page.index("newest") < page.index("## 10,000")
    assert page.endswith("\nlarge\n") and page.count("# Benchmarks") == 1


def test_results_are_the_same_to_a_billionth() -> None:
    one = {"metrics": pl.DataFrame({"metric": ["sales"], "value": [1000.0]})}
    provenance = {"provenance": pl.DataFrame({"rows": [1]})}
    near, far, whole = (
        {"metrics": one["metrics"].with_columns(value=pl.lit(value))}
        for value in (1000.0000001, 1000.00001, 1000)
    )
    assert list(same_results.differences(one, near | provenance)) == []
    for other in (far, whole, {"metrics": pl.concat([one["metrics"]] * 2)}):
        (line,) = same_results.differences(one, other)
        assert line.startswith("metrics: ") and "\n" not in line
    assert list(same_results.differences(one, {})) == ["metrics: of one run alone"]


def test_costs_of_engines_are_told_against_duckdb() -> None:
    costs = {
        "duckdb": measuring.Cost(cpu=2.0, wall=4.0, memory=1, output=""),
        "spark": measuring.Cost(cpu=30.0, wall=10.0, memory=1, output=""),
    }
    assert two_engines.table(costs)[2:] == [
        "| duckdb | 2.0 | 4.0 | 1.0 | 1.0 |",
        "| spark | 30.0 | 10.0 | 15.0 | 2.5 |",
    ]
    assert two_engines.told(["quality: other rows"], 42) == [
        "42 result tables, of which 1 differ by more than a billionth; provenance may, since it "
        "tells the content of files.",
        "quality: other rows",
    ]
