"""The commands as a user meets them: exit codes, what goes to stdout, what is left behind."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from channelscope import sqlfile
from channelscope.cubes import IN_ENGINE
from channelscope.errors import ExitCode
from channelscope.preparation import Request, prepare
from channelscope.results import TABLES
from tests.cli.conftest import ROOT, Run

COMMANDS = ("demo", "init", "check", "compare", "basket", "query", "explain", "cache")


@pytest.fixture
def workspace(small_workspace: Path, tmp_path: Path) -> Path:
    """A copy that a test may break."""
    return Path(shutil.copytree(small_workspace, tmp_path / "workspace"))


def test_help_names_every_command(run: Run) -> None:
    found = run("--help")
    assert found.returncode == ExitCode.OK
    assert all(f"  {command} " in found.stdout for command in COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(run: Run, command: str) -> None:
    found = run(command, "--help")
    assert found.returncode == ExitCode.OK
    assert found.stdout.startswith("Usage: ")


def test_compare_writes_report_results_and_tables(run: Run, workspace: Path) -> None:
    found = run("compare", workspace, "--lang", "en")
    assert found.returncode == ExitCode.OK, found.stderr
    assert found.stdout == ""
    out = workspace / "out"
    body = json.loads((out / "results.json").read_text(encoding="utf-8"))
    assert set(TABLES) <= set(body)
    for name, schema in TABLES.items():
        frame = pl.read_parquet(out / "tables" / f"{name}.parquet")
        assert frame.columns == schema.names(), name
        assert frame.height == len(body[name]), name
    meta = body["meta"]
    assert meta["rows_in"] == meta["rows_analysed"] + sum(meta["rows_excluded"].values())
    assert (out / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_same_inputs_give_the_same_bytes(run: Run, workspace: Path, tmp_path: Path) -> None:
    formats = "html,json,parquet,csv,xlsx"
    for name in ("one", "two"):
        found = run("compare", workspace, "--out", tmp_path / name, "--formats", formats)
        assert found.returncode == ExitCode.OK, found.stderr
    one = {p.relative_to(tmp_path / "one"): p.read_bytes() for p in _files(tmp_path / "one")}
    two = {p.relative_to(tmp_path / "two"): p.read_bytes() for p in _files(tmp_path / "two")}
    assert one.keys() == two.keys()
    assert [name for name in one if one[name] != two[name]] == []
    assert {path.suffix for path in one} == {".html", ".json", ".parquet", ".csv", ".xlsx"}


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


@pytest.mark.parametrize("by", ["kind", "platform", "operator"])
def test_groups_are_compared_as_stores(run: Run, workspace: Path, by: str) -> None:
    found = run("compare", workspace, "--by", by, "--formats", "json")
    assert found.returncode == ExitCode.OK, found.stderr
    body = json.loads((workspace / "out" / "results.json").read_text(encoding="utf-8"))
    ids = {row["store_id"] for row in body["metrics"]}
    assert ids and all(store.startswith(f"{by}:") for store in ids)
    assert body["meta"]["group_by"] == by


@pytest.mark.parametrize("asked", ["distributor", "kind:distributor", "D2"])
def test_the_reference_of_groups_is_a_group_or_a_member(
    run: Run, workspace: Path, asked: str
) -> None:
    args = ("compare", workspace, "--by", "kind", "--reference", asked, "--formats", "json")
    found = run(*args)
    assert found.returncode == ExitCode.OK, found.stderr
    body = json.loads((workspace / "out" / "results.json").read_text(encoding="utf-8"))
    assert body["meta"]["reference_id"] == "kind:distributor"


def test_outputs_of_an_earlier_run_do_not_stay_beside_new_ones(run: Run, workspace: Path) -> None:
    run("compare", workspace, "--by", "kind", "--formats", "csv,json")
    (workspace / "out" / "notes.txt").write_text("mine", encoding="utf-8")
    said = run("compare", workspace, "--formats", "html").stderr
    assert "removed, of the run before: " in said and "results.json" in said
    assert sorted(p.name for p in _files(workspace / "out")) == ["notes.txt", "report.html"]


def test_a_product_nobody_described_is_compared_all_the_same(run: Run, workspace: Path) -> None:
    path = workspace / "products.csv"
    rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(rows[:-5]) + "\n", encoding="utf-8")
    found = run("compare", workspace)
    assert found.returncode == ExitCode.OK, found.stderr


def test_query_prints_rows_on_stdout_alone(run: Run, workspace: Path) -> None:
    found = run("query", "sales/sales_by_store", workspace)
    assert found.returncode == ExitCode.OK, found.stderr
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert {row["store_id"] for row in rows} == {"F1", "F2", "S1", "M1", "M2", "D1", "D2", "D3"}
    assert "sales/sales_by_store is of " in found.stderr
    assert "is of" not in run("query", "scan/line_counts", workspace).stderr
    as_json = run("query", "sales_by_store", workspace, "--format", "json")
    assert [row["store_id"] for row in json.loads(as_json.stdout)] == [r["store_id"] for r in rows]


def test_what_stays_in_the_engine_is_refused_and_every_other_scan_is_shown(
    run: Run, workspace: Path
) -> None:
    with closing(prepare(Request(workspace))) as prepared:
        shown = set(prepared.frames)
    scans = {query.name: query for query in sqlfile.catalogue().values() if query.folder == "scan"}
    assert {name for name, query in scans.items() if query.stem not in shown} <= set(IN_ENGINE)
    for name in IN_ENGINE:
        found = run("query", name, workspace)
        assert found.returncode == ExitCode.USAGE and "stay in the engine" in found.stderr


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("load/order_lines_converted", "stay in the engine"),
        ("load/failing_summary", "stay in the engine"),
        ("import/kept_lines", "stay in the engine"),
        ("load/first_shared_day", "needs the parameter since"),
    ],
)
def test_a_query_of_the_loading_that_cannot_be_answered_alone_says_so(
    run: Run, workspace: Path, name: str, told: str
) -> None:
    found = run("query", name, workspace)
    assert found.returncode == ExitCode.USAGE
    assert told in found.stderr and "Traceback" not in found.stderr


@pytest.mark.parametrize("name", ["load/paid_total", "checks/order_lines_qty_not_positive"])
def test_of_a_table_that_cannot_be_read_nothing_is_answered(
    run: Run, workspace: Path, name: str
) -> None:
    path = workspace / "order_lines.parquet"
    pl.read_parquet(path).drop("paid_amount").write_parquet(path)
    found = run("query", name, workspace)
    assert found.returncode == ExitCode.DATA
    assert "column paid_amount is missing" in found.stderr and found.stdout == ""
    assert run("query", "checks/stores_code_unknown", workspace).returncode == ExitCode.OK


def test_a_parameter_has_a_name_and_a_value(run: Run, workspace: Path) -> None:
    found = run("query", "load/first_shared_day", workspace, "--param", "since")
    assert found.returncode == ExitCode.USAGE
    assert "'since' has no value" in found.stderr and "NAME=VALUE" in found.stderr


def test_a_query_of_the_loading_takes_its_parameters(run: Run, workspace: Path) -> None:
    found = run("query", "load/first_shared_day", workspace, "--param", "since=2026-01-01")
    assert found.returncode == ExitCode.OK, found.stderr
    assert found.stdout.splitlines()[0] == "first_day"


def test_a_checks_query_gives_the_rows_that_break_it(run: Run, workspace: Path) -> None:
    path = workspace / "order_lines.parquet"
    frame = pl.read_parquet(path)
    frame.with_columns(
        qty=pl.when(pl.int_range(pl.len()) == 2).then(-1).otherwise("qty").cast(frame["qty"].dtype)
    ).write_parquet(path)
    found = run("query", "checks/order_lines_qty_not_positive", workspace)
    assert found.returncode == ExitCode.OK, found.stderr
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert [(row["row_no"], row["column_name"]) for row in rows] == [("3", "qty")]


def test_query_lists_and_shows_sql(run: Run) -> None:
    listed = run("query", "--list").stdout
    assert "price/price_forest\t" in listed
    assert "select * from final" in run("query", "price/matched_prices", "--sql").stdout


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_explain_says_formula_unit_and_sql(run: Run, lang: str) -> None:
    found = run("explain", "price_level", "--lang", lang)
    assert found.returncode == ExitCode.OK, found.stderr
    assert "formula: " in found.stdout
    assert "unit: index" in found.stdout
    assert "select * from final" in found.stdout


def test_quiet_says_nothing(run: Run, workspace: Path) -> None:
    found = run("compare", workspace, "--quiet", "--lang", "en")
    assert (found.returncode, found.stdout, found.stderr) == (ExitCode.OK, "", "")


def test_snapshots_alone_are_a_valid_workspace(run: Run, workspace: Path, tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    for name in ("stores.csv", "products.csv", "price_snapshots.parquet"):
        shutil.copy(workspace / name, shelf)
    found = run("compare", shelf)
    assert found.returncode == ExitCode.OK, found.stderr
    body = json.loads((shelf / "out" / "results.json").read_text(encoding="utf-8"))
    assert body["switched_off"]["sales"] == "off.no_order_lines"
    rows = [r for r in body["price_index"] if r["rung"] == "one_piece"]
    levels = [r for r in rows if r["category"] == "all" and r["unit"] == "piece"]
    assert all(row["value"] is not None for row in levels)
    assert not any(row["metric"] == "sales" for row in body["metrics"])


def test_a_store_of_snapshots_alone_has_no_zeros(run: Run, workspace: Path) -> None:
    run("compare", workspace, "--formats", "json")
    body = json.loads((workspace / "out" / "results.json").read_text(encoding="utf-8"))
    x1 = {row["metric"]: row for row in body["metrics"] if row["store_id"] == "X1"}
    assert x1["sales"]["value"] is None
    assert x1["sales"]["outcome_reason"] == "reason.snapshots_only"
    assert x1["one_piece_level"]["value"] is not None


@pytest.mark.parametrize("after", [0.3, 1.5])
def test_an_interrupt_ends_with_130_and_writes_nothing(workspace: Path, after: float) -> None:
    """Whether python or the database is at work when Ctrl-C comes."""
    status, said = _interrupted(workspace, after)
    if "in <module>" in said:
        # A busy machine: python itself had not come as far as the command.
        status, said = _interrupted(workspace, 5 * after)
    assert status == ExitCode.INTERRUPTED, said
    assert "Traceback" not in said
    assert not (workspace / "out").exists()


def _interrupted(workspace: Path, after: float) -> tuple[int, str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "channelscope", "compare", str(workspace)],
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        # A test run in the background has SIGINT ignored, and a child inherits that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509
    )
    time.sleep(after)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=60)
    return process.returncode, said
