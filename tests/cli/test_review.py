"""`review` as a user runs it: what it writes, remembers, refuses, and leaves alone."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest

from channelscope.errors import ExitCode
from channelscope.review_tables import REVIEW_TABLES
from tests.cli.conftest import ROOT, Run

PERIOD = "2026Q3"


def _bytes(folder: Path) -> Mapping[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture(scope="module")
def brand(small_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A workspace to write into; the tests of this file run in their order."""
    workspace = tmp_path_factory.mktemp("brand") / "workspace"
    shutil.copytree(small_workspace, workspace)
    return workspace


def test_a_review_is_written_and_remembered(run: Run, brand: Path) -> None:
    found = run("review", brand, "--period", PERIOD, "--formats", "html,json,parquet,csv,xlsx")
    assert found.returncode == ExitCode.OK, found.stderr
    assert found.stdout == ""
    assert "the matching days of the year before" in found.stderr
    assert f"remembered: {brand / 'reviews' / '2026Q3.toml'}" in found.stderr
    out = brand / "reviews" / PERIOD
    body = json.loads((out / "results.json").read_text("utf-8"))
    for name, schema in REVIEW_TABLES.items():
        frame = pl.read_parquet(out / "tables" / f"{name}.parquet")
        assert frame.schema == schema and len(body[name]) == frame.height, name
    html = (out / "report.html").read_text("utf-8")
    assert html.count("<h1") == 2 and len(html.encode()) < 800_000


def test_the_same_run_gives_the_same_bytes_and_tells_exceptions_by_its_exit_code(
    run: Run, brand: Path
) -> None:
    before = _bytes(brand / "reviews")
    forms = ("--formats", "html,json,parquet,csv,xlsx")
    found = run("review", brand, "--period", PERIOD, *forms, "--fail-on-exception")
    assert _bytes(brand / "reviews") == before
    body = json.loads((brand / "reviews" / PERIOD / "results.json").read_text("utf-8"))
    assert body["exceptions"]
    assert found.returncode == ExitCode.EXCEPTIONS_FOUND, found.stderr


def test_a_query_gives_the_rows_of_the_figure(run: Run, brand: Path) -> None:
    found = run("query", "review/sales_slope", brand, "--period", PERIOD, "--format", "json")
    assert found.returncode == ExitCode.OK, found.stderr
    rows = json.loads(found.stdout)
    body = json.loads((brand / "reviews" / PERIOD / "results.json").read_text("utf-8"))
    figure = next(row for row in body["provenance"] if row["query_id"] == "review/sales_slope")
    assert len(rows) == figure["rows"] > 1
    refused = run("query", "review/sales_slope", brand)
    assert refused.returncode == ExitCode.USAGE and "--period" in refused.stderr


def test_a_killed_run_leaves_the_review_as_it_was(brand: Path) -> None:
    before = _bytes(brand / "reviews")
    running = subprocess.Popen(
        [sys.executable, "-m", "channelscope", "review", str(brand), "--period", "2026Q2"],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        stderr=subprocess.DEVNULL,
    )
    time.sleep(3)
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert _bytes(brand / "reviews") == before


def test_other_data_are_told_and_amended_beside(run: Run, brand: Path) -> None:
    """M2 has no line in the period any more."""
    before = (brand / "reviews" / "2026Q3.toml").read_bytes()
    path = brand / "order_lines.parquet"
    lines = pl.read_parquet(path)
    gone = (pl.col("store_id") == "M2") & (pl.col("ordered_at") >= pl.datetime(2026, 7, 1))
    lines.filter(~gone).write_parquet(path)
    found = run("review", brand, "--period", PERIOD)
    assert found.returncode == ExitCode.OK, found.stderr
    assert "figures that differ from revision 1" in found.stderr
    amended = run("review", brand, "--period", PERIOD, "--amend")
    assert amended.returncode == ExitCode.OK, amended.stderr
    assert "2026Q3.r2.toml" in amended.stderr and "figures moved:" in amended.stderr
    assert "M2: sales" in amended.stderr and "-> not known" in amended.stderr
    assert (brand / "reviews" / "2026Q3.toml").read_bytes() == before
    again = run("review", brand, "--period", PERIOD, "--amend")
    assert "nothing moved since revision 2" in again.stderr
    assert not (brand / "reviews" / "2026Q3.r3.toml").exists()


def test_a_store_without_data_is_said_beside_the_store(brand: Path) -> None:
    told = pl.read_parquet(brand / "reviews" / PERIOD / "tables" / "variance.parquet")
    rows = told.filter(store_id="M2", metric="sales")
    assert set(rows["status"]) == {"no_data"} and rows["actual"].null_count() == rows.height
    assert "reason.no_data_in_period" in set(rows["outcome_reason"])
    alike = told.filter(store_id="like_for_like", metric="sales", base="previous")["stores"].item()
    assert "M2" not in alike.split("+")
    html = (brand / "reviews" / PERIOD / "report.html").read_text("utf-8")
    assert "no data in the period" in html and "本期无数据" in html


def test_a_slip_in_the_file_is_one_error_with_its_line(run: Run, brand: Path) -> None:
    path = brand / "reviews" / "2026Q3.r2.toml"
    before = _bytes(brand / "reviews")
    text = path.read_text("utf-8")
    path.write_text(text.replace("[[decisions]]\nid", "[[decisions]]\nidd", 1), encoding="utf-8")
    line = next(n for n, each in enumerate(path.read_text("utf-8").splitlines(), 1)
                if each.startswith("idd"))  # fmt: skip
    found = run("review", brand, "--period", PERIOD)
    assert found.returncode == ExitCode.USAGE
    assert f"reviews/2026Q3.r2.toml:{line}" in found.stderr and "'id'" in found.stderr
    path.write_text(text, encoding="utf-8")
    assert _bytes(brand / "reviews") == before


def test_people_decide_and_the_next_review_says_what_came_of_it(run: Run, brand: Path) -> None:
    """The review of the second quarter, made after that of the third, is read by the third."""
    found = run("review", brand, "--period", "2026Q2", "--formats", "json")
    assert found.returncode == ExitCode.OK, found.stderr
    path = brand / "reviews" / "2026Q2.toml"
    path.write_text(
        path.read_text("utf-8")
        + '\n[[decisions]]\nid = "mine"\nstore = "F1"\nmetric = "sales"\nat_least = 1.0\n'
        'look_on = 2026-08-15\nowner = "Ann"\nwhat = "<b>Move</b> the banner"\n',
        encoding="utf-8",
    )
    found = run("review", brand, "--period", PERIOD, "--formats", "html,json")
    assert found.returncode == ExitCode.OK, found.stderr
    assert "of" in found.stderr and "kept" in found.stderr
    body = json.loads((brand / "reviews" / PERIOD / "results.json").read_text("utf-8"))
    mine = next(row for row in body["decisions"] if row["decision_id"] == "mine")
    assert (mine["outcome"], mine["owner"]) == ("kept", "Ann")
    html = (brand / "reviews" / PERIOD / "report.html").read_text("utf-8")
    assert "<b>Move</b>" not in html and "&lt;b&gt;Move&lt;/b&gt;" in html


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ((), "--period"),
        (("--period", "2026Q9"), "2026Q3"),
        (("--period", "2031Q1"), "2026"),
        (("--period", "2026Q3", "--against", "2026-09-01..2026-10-01"), "days in common"),
        (("--watch", "--amend"), "nothing is remembered"),
        (("--period", "2026Q3", "--redact", "cost"), "costs"),
        (("--period", "2026-06-01..2026-06-20", "--against", "2025-06-01..2025-06-10"), "20"),
    ],
)
def test_what_cannot_be_reviewed_is_refused(
    run: Run, small_workspace: Path, flags: tuple[str, ...], said: str
) -> None:
    found = run("review", small_workspace, *flags)
    assert found.returncode == ExitCode.USAGE, found.stderr
    assert said in found.stderr
    assert not (small_workspace / "reviews").exists()


def test_a_day_without_an_event_is_no_fault(run: Run, small_workspace: Path) -> None:
    """A daily job goes on when the festival is over."""
    found = run("review", small_workspace, "--watch")
    assert found.returncode == ExitCode.OK and "no event is in progress" in found.stderr
    assert not (small_workspace / "reviews").exists()


@pytest.mark.parametrize("part", ["costs", "buyers", "stores"])
def test_a_redacted_copy_holds_nothing_of_earlier_reviews(run: Run, brand: Path, part: str) -> None:
    found = run("review", brand, "--period", PERIOD, "--redact", part, "--formats", "html,json")
    assert found.returncode == ExitCode.OK, found.stderr
    assert f"left out: {part}; nothing was remembered" in found.stderr
    out = brand / "reviews" / f"{PERIOD}-redacted"
    body = json.loads((out / "results.json").read_text("utf-8"))
    assert body["moved"] == [] and body["hit_rates"] == []
    assert body["decisions"] == [] and body["predictions"] == []
    html = (out / "report.html").read_text("utf-8")
    assert "Ann" not in html and "the banner" not in html
    assert "A copy in which the author left something out" in html
    metrics = {"costs": "contribution", "buyers": "returning_buyer_share", "stores": '"F1"'}
    assert metrics[part] not in (out / "results.json").read_text("utf-8")
