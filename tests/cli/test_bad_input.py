"""Bad input gets one clear message and its exit code; nothing is written, nothing is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from channelscope.cli import demo
from channelscope.errors import DiskFullError, ExitCode, OutputError
from tests.cli.conftest import ROOT, Run


@pytest.fixture
def workspace(small_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_workspace, tmp_path / "workspace"))


def _lines(workspace: Path, change: Callable[[pl.DataFrame], pl.DataFrame]) -> None:
    path = workspace / "order_lines.parquet"
    change(pl.read_parquet(path)).write_parquet(path)


def _as_csv(workspace: Path, encoding: str = "utf-8") -> Path:
    """The order lines as text, so that a cell can hold anything."""
    frame = pl.read_parquet(workspace / "order_lines.parquet")
    (workspace / "order_lines.parquet").unlink()
    path = workspace / "order_lines.csv"
    path.write_bytes(frame.write_csv().encode(encoding))
    return path


def _lone_return(workspace: Path) -> None:
    path = _as_csv(workspace)
    first, second, rest = path.read_bytes().split(b"\n", 2)
    path.write_bytes(b"\n".join([first, second + b"\r" + second + b",more", rest]))


def _no_shelf(workspace: Path) -> None:
    (workspace / "price_snapshots.parquet").unlink()


def _wrong_type_on_row_17(workspace: Path) -> None:
    path = _as_csv(workspace)
    rows = path.read_text(encoding="utf-8").splitlines()
    at = rows[0].split(",").index("qty")
    cells = rows[16].split(",")
    rows[16] = ",".join([*cells[:at], "two", *cells[at + 1 :]])
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")


def _unreadable(workspace: Path) -> None:
    (workspace / "stores.csv").write_bytes(b"store_id,name,kind,platform\nF1,\xff\xfe\x81,x,y\n")


def _toml(workspace: Path, text: str) -> None:
    (workspace / "channelscope.toml").write_text(text, encoding="utf-8")


def _sql(workspace: Path, sql: str) -> None:
    _toml(workspace, f'[tables.targets]\nsql = """{sql}"""\n')


CASES: dict[str, tuple[Callable[[Path], object], int, tuple[str, ...]]] = {
    "missing column": (
        lambda w: _lines(w, lambda f: f.drop("list_price")),
        ExitCode.DATA, ("order_lines", "list_price"),
    ),
    "unknown discount code": (
        lambda w: _lines(w, lambda f: f.with_columns(discount_coupon_shp=pl.lit(0.0))),
        ExitCode.DATA, ("discount_coupon_shp", "discount_coupon_shop"),
    ),
    "wrong type on row 17": (_wrong_type_on_row_17, ExitCode.DATA, ("qty", "17", "two")),
    "duplicate key": (
        lambda w: _lines(w, lambda f: pl.concat([f, f.head(1)])),
        ExitCode.DATA, ("order_lines", "order_id"),
    ),
    "empty file": (
        lambda w: (w / "products.csv").write_text(""), ExitCode.DATA, ("products", "empty"),
    ),
    "wrong encoding": (_unreadable, ExitCode.DATA, ("stores.csv", "gb18030")),
    "toml typo": (
        lambda w: _toml(w, '[workspace]\nrefrence = "F1"\n'),
        ExitCode.USAGE, ("refrence", "reference"),
    ),
    "toml names a reference that is no store": (
        lambda w: _toml(w, '[workspace]\nreference = "F9"\n'),
        ExitCode.USAGE, ("F9", "workspace.reference", "F1"),
    ),
    "an engine without an address": (
        lambda w: _toml(w, '[engine]\nname = "spark"\n'), ExitCode.USAGE,
        ("spark", "--remote", "sc://host:15002"),
    ),
    "an engine that is not offered": (
        lambda w: _toml(w, '[engine]\nname = "sqlite"\n'), ExitCode.USAGE, ("sqlite", "duckdb"),
    ),
    "a lone carriage return in a line": (
        _lone_return, ExitCode.DATA, ("order_lines.csv", "row 3"),
    ),
    "one store alone": (
        lambda w: pl.read_csv(w / "stores.csv").head(1).write_csv(w / "stores.csv"),
        ExitCode.DATA, ("stores",),
    ),
    "an order dated far ahead": (
        lambda w: _lines(w, lambda f: f.with_columns(
            ordered_at=pl.when(pl.int_range(pl.len()) == 0).then(pl.datetime(2099, 3, 2))
            .otherwise("ordered_at").cast(f.schema["ordered_at"]))) or _no_shelf(w),
        ExitCode.USAGE, ("2099", "dated wrongly"),
    ),
    "a distance that nothing reaches": (
        lambda w: _toml(w, "[delta]\nproduct = 1.5\n"), ExitCode.USAGE, ("delta.product", "1.5"),
    ),
    "a smallest difference without an end": (
        lambda w: _toml(w, "[delta]\ndepth = inf\n"), ExitCode.USAGE, ("delta", "depth"),
    ),
    "a metric that is none": (
        lambda w: _toml(w, "[delta]\nprice_levle = 1\n"),
        ExitCode.USAGE, ("delta.price_levle", "price_level"),
    ),
    "weights of nothing": (
        lambda w: _toml(w, "[weights]\nproduct = 0\nprice = 0\npromotion = 0\nsales = 0\n"
                           "service = 0\nconsumers = 0\n"),
        ExitCode.USAGE, ("weights", "above 0"),
    ),
    "sql of two statements": (
        lambda w: _sql(w, "select 1; select 2"), ExitCode.USAGE, ("tables.targets.sql", "select"),
    ),
    "sql that is no select": (
        lambda w: _sql(w, "copy (select 1) to 'x.csv'"),
        ExitCode.USAGE, ("tables.targets.sql", "select"),
    ),
    "sql that reads outside": (
        lambda w: _sql(w, "select * from '../secret.csv'"),
        ExitCode.USAGE, ("secret.csv", "--allow-dir"),
    ),
}  # fmt: skip


def _files(workspace: Path) -> list[str]:
    """What lies in a workspace beside what is cached of it."""
    paths = (path.relative_to(workspace) for path in workspace.rglob("*"))
    return sorted(str(path) for path in paths if path.parts[0] != ".channelscope")


@pytest.mark.parametrize("name", CASES)
def test_bad_data_stops_before_anything_is_written(
    run: Run, workspace: Path, tmp_path: Path, name: str
) -> None:
    breaks, code, parts = CASES[name]
    (tmp_path / "secret.csv").write_text("store_id\nF1\n", encoding="utf-8")
    report = workspace / "out" / "report.html"
    report.parent.mkdir()
    report.write_text("the last good report", encoding="utf-8")
    breaks(workspace)
    before = _files(workspace)
    found = run("compare", workspace)
    assert found.returncode == code, found.stderr
    assert found.stdout == ""
    assert "Traceback" not in found.stderr
    assert found.stderr.startswith("error: ")
    for part in parts:
        assert part in found.stderr, found.stderr
    assert report.read_text(encoding="utf-8") == "the last good report"
    assert _files(workspace) == before


def test_all_failures_are_told_at_once(run: Run, workspace: Path) -> None:
    _lines(workspace, lambda f: f.with_columns(qty=-pl.col("qty"), store_id=pl.lit("NOPE")))
    found = run("compare", workspace)
    assert found.returncode == ExitCode.DATA
    assert "qty" in found.stderr
    assert "NOPE" in found.stderr


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (("--stores", "F1,D9"), ("D9", "known stores")),
        (("--reference", "f1"), ("f1", "F1")),
        (("--from", "2030-01-01"), ("2030-01-01", "2024-10-01")),
        (("--from", "2026-02-01", "--to", "2026-01-01"), ("2026-01-01",)),
        (("--against", "last year"), ("--against: 'last year'", "2025-11-01..2025-11-11")),
        (("--against", "2026-02-30..2026-03-31"), ("2026-02-30", "YYYY-MM-DD")),
        (("--against", "2025-03-31..2025-03-01"), ("2025-03-31..2025-03-01", "earlier one first")),
        (("--against", "2026-09-01..2026-09-30"), ("days in common", "2025-10-01")),
        (("--against", "2024-09-30..2024-12-31"), ("2024-10-01", "are not days without sales")),
        (("--formats", "htm"), ("htm", "html")),
        (("--stores", "F1"), ("only one", "at least two")),
        (("--stores", "F1,F2", "--by", "kind"), ("only one", "groups by kind")),
        (("--by", "colour"), ("colour", "kind")),
        (("--from", "yesterday"), ("yesterday",)),
        (("--seed", "-1"), ("--seed", "-1")),
        (("--memory-limit", "much"), ("--memory-limit", "4GB")),
    ],
)
def test_wrong_flags_are_usage_errors(
    run: Run, workspace: Path, args: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    found = run("compare", workspace, *args)
    assert found.returncode == ExitCode.USAGE, found.stderr
    assert all(part in found.stderr for part in parts), found.stderr
    assert not (workspace / "out").exists()


def test_too_little_memory_is_said(run: Run, workspace: Path) -> None:
    found = run("compare", workspace, "--memory-limit", "1KB")
    assert found.returncode == ExitCode.QUERY, found.stderr
    assert found.stderr.startswith("error: --memory-limit: the database has not enough memory")


def test_a_disk_that_is_full_is_an_output_error(run: Run, workspace: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no device that is always full")
    with Path("/dev/full").open("w") as full:
        found = subprocess.run(
            [sys.executable, "-m", "channelscope", "query", "daily_sales", str(workspace)],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        )  # fmt: skip
    assert found.returncode == ExitCode.OUTPUT, found.stderr
    assert "the rows cannot be written" in found.stderr


def test_errors_as_json_are_one_object(run: Run, workspace: Path) -> None:
    found = run("compare", workspace, "--stores", "D9", "--json-errors")
    body = json.loads(found.stderr)
    assert body["exit_code"] == found.returncode == ExitCode.USAGE
    assert body["where"] == "--stores"


def test_a_place_that_cannot_be_written_is_an_output_error(
    run: Run, workspace: Path, tmp_path: Path
) -> None:
    taken = tmp_path / "taken"
    taken.write_text("a file, not a folder", encoding="utf-8")
    found = run("compare", workspace, "--out", taken / "out")
    assert found.returncode == ExitCode.OUTPUT, found.stderr
    assert taken.read_text(encoding="utf-8") == "a file, not a folder"


def test_markup_in_names_comes_out_as_text(run: Run, workspace: Path) -> None:
    name = '<script>alert(1)</script> "quoted" & 🍳'
    for table in ("stores.csv", "products.csv"):
        frame = pl.read_csv(workspace / table, infer_schema=False)
        column = "name" if "name" in frame.columns else "title"
        frame.with_columns(pl.lit(name).alias(column)).write_csv(workspace / table)
    found = run("compare", workspace, "--formats", "html,json,csv,xlsx")
    assert found.returncode == ExitCode.OK, found.stderr
    report = (workspace / "out" / "report.html").read_text(encoding="utf-8")
    assert "<script>alert" not in report
    assert "&lt;script&gt;alert(1)" in report
    assert "🍳" in report


@pytest.mark.parametrize(
    ("said", "kind"),
    [("[Errno 28] No space left on device: 'x'", DiskFullError),
     ("[Errno 13] Permission denied: 'x'", OutputError)],
)  # fmt: skip
def test_a_sample_that_cannot_be_copied_is_told_once_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, kind: type[OutputError]
) -> None:
    def copied(_from: Path, to: Path, **_: bool) -> None:
        to.mkdir()
        (to / "half").touch()
        raise shutil.Error([("a", "b", said), ("c", "d", said)])

    monkeypatch.setattr(shutil, "copytree", copied)
    with pytest.raises(OutputError) as raised:
        demo._copy_sample(tmp_path / "demo")
    assert type(raised.value) is kind
    assert "[(" not in raised.value.what
    assert not (tmp_path / "demo").exists()
