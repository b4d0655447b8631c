"""`decide` as a user runs it: from an empty file to a report, and every fault before it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope import candidate_file, outputs, pipeline, sqlfile
from channelscope.decision_tables import DECISION_TABLES
from channelscope.errors import ExitCode
from channelscope.preparation import Request
from channelscope.results import Results
from tests.cli.conftest import Run


def _plan(folder: Path, *changes: tuple[str, str], name: str = "p1.toml") -> Path:
    text = candidate_file.template()
    goods = 'category_shares = { "Cookware" = 0.8, "Knives" = 0.2 }'
    known = 'category_shares = { "Cookware 锅具" = 1.0 }'
    growth = ('start_share = "as_openings"', "start_share = { low = 0.3, likely = 0.5, high = 1 }")
    months = ('ramp_up_months = "as_openings"', "ramp_up_months = 3")
    for before, after in ((goods, known), growth, months, *changes):
        assert before in text, before
        text = text.replace(before, after, 1)
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A candidate with one choice that is still free."""
    free = ("# [free]\n# price_levels = [92, 96, 100]", "[free]\nprice_levels = [92, 100]")
    return _plan(tmp_path_factory.mktemp("plan"), free)


@pytest.fixture(scope="module")
def results(small_workspace: Path, plan: Path) -> Results:
    return pipeline.decide(Request(small_workspace), [candidate_file.read(plan)])


def test_a_report_and_its_tables_come_of_a_candidate(
    run: Run, tmp_path: Path, small_workspace: Path, plan: Path
) -> None:
    outs = [tmp_path / "a", tmp_path / "b"]
    forms = "html,json,parquet,csv"
    found = [run("decide", small_workspace, plan, "--out", out, "--formats", forms) for out in outs]
    assert [one.returncode for one in found] == [ExitCode.OK] * 2, found[0].stderr
    assert found[0].stdout == "" and "to pay back in 24 months" in found[0].stderr
    body = json.loads((outs[0] / "results.json").read_text("utf-8"))
    for name, schema in DECISION_TABLES.items():
        frame = pl.read_parquet(outs[0] / "tables" / f"{name}.parquet")
        assert frame.schema == schema and len(body[name]) == frame.height
    html = (outs[0] / "report.html").read_text("utf-8")
    assert 'lang="zh-CN"' in html and len(html.encode()) < 800_000
    files = sorted(p.relative_to(outs[0]) for p in outs[0].rglob("*") if p.is_file())
    for name in files:
        assert (outs[0] / name).read_bytes() == (outs[1] / name).read_bytes(), name


def test_every_figure_names_a_query_that_gives_its_rows(
    results: Results, small_workspace: Path, plan: Path
) -> None:
    assert {"F2.1", "F2.2", "F3.1", "F4.1", "F5.1", "F5.2", "F6.1"} <= {
        data.figure.figure_id for data in results.figures
    }
    named = set(results.tables["provenance"]["query_id"])
    assert named == {data.figure.query for data in results.figures}
    data = next(data for data in results.figures if data.figure.name == "tornado")
    again = pipeline.answer(
        sqlfile.find(data.figure.query), Request(small_workspace), params={},
        candidates=[candidate_file.read(plan)],
    )  # fmt: skip
    assert_frame_equal(outputs.rounded(again), outputs.rounded(data.frame))


def test_the_command_prints_a_figures_rows(run: Run, small_workspace: Path, plan: Path) -> None:
    found = run("query", "decision/nearest_stores", small_workspace, "--candidate", plan)
    rows = list(csv.DictReader(io.StringIO(found.stdout)))
    assert found.returncode == ExitCode.OK
    assert sum(float(row["weight"]) for row in rows) == pytest.approx(1.0)


def test_a_query_of_a_decision_asks_for_a_candidate(run: Run, small_workspace: Path) -> None:
    found = run("query", "decision/nearest_stores", small_workspace)
    assert found.returncode == ExitCode.USAGE and "init --candidate" in found.stderr


def test_init_writes_a_candidate_once(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "new" / "p.toml"
    assert run("init", "--candidate", path).returncode == ExitCode.OK
    assert candidate_file.read(path).store_id == "P1"
    again = run("init", "--candidate", path)
    assert again.returncode == ExitCode.USAGE and "is there already" in again.stderr
    for wrong in (run("init"), run("init", tmp_path / "x", "--candidate", path)):
        assert wrong.returncode == ExitCode.USAGE


def test_all_faults_of_all_candidates_are_told_and_nothing_is_written(
    run: Run, tmp_path: Path, small_workspace: Path
) -> None:
    one = _plan(tmp_path, ('store_id = "P1"', 'store_id = "S1"'), ("2027-01-01", "2026-01-01"))
    two = _plan(
        tmp_path, ('"Cookware 锅具" = 1.0', '"Cookwear 锅具" = 1.0'), name="p2.toml"
    )  # fmt: skip
    skus = ('category_shares = { "Cookware 锅具" = 1.0 }', 'skus = ["LX-CK-0001", "a", "b", "c"]')
    excl = ("exclusive_share = { low = 0.0", "# exclusive_share = { low = 0.0")
    three = _plan(tmp_path, skus, excl, ('"P1"', '"P3"'), name="p3.toml")
    out = tmp_path / "out"
    found = run("decide", small_workspace, one, two, three, "--out", out)
    assert found.returncode == ExitCode.USAGE
    for part in (
        "the store 'S1' exists already", "lies in the data that decide",
        "holds no product", "did you mean 'Cookware 锅具'",
        "4 products are not in the table products: LX-CK-0001, a, b, ...",
    ):  # fmt: skip
        assert part in found.stderr, found.stderr
    assert not out.exists()


def test_what_the_data_cannot_tell_has_to_be_declared(
    run: Run, tmp_path: Path, small_workspace: Path
) -> None:
    text = ("ramp_up_months = 3", 'ramp_up_months = "as_openings"')
    path = _plan(tmp_path, text)
    found = run("decide", small_workspace, path, "--to", "2025-08-31", "--out", tmp_path / "o")
    assert found.returncode == ExitCode.USAGE
    assert "no store was seen from its opening on" in found.stderr
    assert "P1: demand.ramp_up_months" in found.stderr


def test_only_json_and_one_language(
    run: Run, tmp_path: Path, small_workspace: Path, plan: Path
) -> None:
    out = tmp_path / "o"
    done = run("decide", small_workspace, plan, "--out", out, "--lang", "zh", "--formats", "html")
    assert done.returncode == ExitCode.OK
    html = (out / "report.html").read_text("utf-8")
    assert 'data-lang="en"' not in html and "回本" in html
    assert [p.name for p in out.iterdir()] == ["report.html"]
