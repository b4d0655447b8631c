"""A copy for a partner: what is left out is in no output, and the report says so."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope import outputs, pipeline, redaction
from channelscope.cli import cli
from channelscope.domain import GroupBy, Redacted
from channelscope.preparation import Request, prepare
from channelscope.report.language import Language
from channelscope.report.texts import catalogue
from channelscope.results import Results
from tests.cli.conftest import Run
from tests.cli.redacted_copies import (
    BUYER_METRICS,
    identities,
    otherwise,
    tells_nothing_of_buyers,
    tells_nothing_of_costs,
    texts,
)

ADJUSTED = ["p_adjusted", "outcome", "outcome_reason"]
"""Adjusted for what is told: what is left out must not show through."""


@pytest.fixture(scope="module")
def whole(small_workspace: Path) -> Results:
    return pipeline.compare(Request(small_workspace))


@pytest.fixture(scope="module")
def without_costs(small_workspace: Path) -> Results:
    return pipeline.compare(Request(small_workspace, redact=(Redacted.COSTS,)))


@pytest.fixture(scope="module")
def without_buyers(small_workspace: Path) -> Results:
    return pipeline.compare(Request(small_workspace, redact=(Redacted.BUYERS,)))


@pytest.fixture(scope="module")
def without_names(small_workspace: Path) -> Results:
    return pipeline.compare(Request(small_workspace, redact=(Redacted.STORES,)))


@pytest.fixture(scope="module")
def copy(sample_workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All outputs of the whole sample without any of the three."""
    out = tmp_path_factory.mktemp("copy") / "out"
    asked = ["--quiet", "compare", str(sample_workspace), "--redact", "stores,buyers,costs",
             "--formats", "html,json,parquet,csv,xlsx", "--out", str(out)]  # fmt: skip
    cli.main(args=asked, standalone_mode=False)
    return out


def test_no_output_holds_who_a_store_is(copy: Path, sample_workspace: Path) -> None:
    banned = identities(sample_workspace)
    told = dict(texts(copy))
    assert len(told) > 60
    assert [(file, banned.findall(text)[:3]) for file, text in told.items()
            if banned.search(text)] == []  # fmt: skip


def test_what_is_looked_for_is_found_where_it_is_not_left_out(
    whole: Results, sample_workspace: Path
) -> None:
    banned = identities(sample_workspace)
    found = {name for name, frame in whole.tables.items() if banned.search(frame.write_csv())}
    assert {"metrics", "pairs", "bridge", "thresholds", "verdicts", "findings"} <= found


def test_stores_are_numbered_by_kind(copy: Path) -> None:
    known = pl.read_parquet(copy / "tables" / "metrics.parquet")["store_id"].unique().sort()
    assert known.to_list() == [
        "distributor 1", "distributor 2", "distributor 3", "distributor 4", "flagship 1",
        "flagship 2", "multibrand 1", "multibrand 2", "specialty 1",
    ]  # fmt: skip


def test_no_output_tells_of_buyers(copy: Path) -> None:
    files = {path.stem for path in (copy / "tables").iterdir()}
    told = json.loads((copy / "results.json").read_text("utf-8"))
    sheets = zipfile.ZipFile(copy / "results.xlsx").read("xl/workbook.xml").decode()
    for table in redaction.BUYER_TABLES:
        assert table not in files and table not in told and f'"{table}"' not in sheets
    tells_nothing_of_buyers({n: pl.read_parquet(copy / "tables" / f"{n}.parquet") for n in files})
    html = (copy / "report.html").read_text("utf-8")
    names = [
        catalogue(language).forms[f"metric.{metric}"][0]
        for language in Language
        for metric in BUYER_METRICS
    ]
    assert [name for name in [*names, "F6."] if name in html] == []


def test_no_output_tells_of_costs(copy: Path) -> None:
    files = {path.stem for path in (copy / "tables").iterdir()}
    told = {name: pl.read_parquet(copy / "tables" / f"{name}.parquet") for name in files}
    tells_nothing_of_costs(told)
    meta = json.loads((copy / "results.json").read_text("utf-8"))["meta"]
    assert "costs" not in meta["inputs"]


def test_the_copy_says_what_is_left_out(copy: Path) -> None:
    told = json.loads((copy / "results.json").read_text("utf-8"))
    assert told["meta"]["redacted"] == ["costs", "buyers", "stores"]
    assert told["switched_off"] == {"consumers": "off.left_out", "out_of_region": "off.left_out"}
    html = (copy / "report.html").read_text("utf-8")
    for language in Language:
        forms = catalogue(language).forms
        notice = forms["redacted.notice"][0].partition("{")[0]
        assert html.count(f'<p class="caution">{notice}') == 1
        for part in Redacted:
            assert forms[f"redacted.{part}"][0] in html
        assert forms["off.left_out"][0].replace("'", "&#39;") in html


def test_without_the_flag_nothing_is_said(whole: Results) -> None:
    assert whole.meta.redacted == () and "costs" in whole.meta.inputs
    assert redaction.written(whole.tables, ()).keys() == whole.tables.keys()
    assert not [r for r in whole.switched_off.values() if r == "off.left_out"]


def test_without_buyers_all_else_keeps_its_numbers(whole: Results, without_buyers: Results) -> None:
    told = redaction.written(without_buyers.tables, without_buyers.meta.redacted)
    tells_nothing_of_buyers(told)
    for name in set(told) - {"provenance", "findings", "verdicts", "store_map", "roles"}:
        frame = whole.tables[name]
        if "dimension" in frame.columns:
            frame = frame.filter(pl.col("dimension") != "consumers")
        loose = ADJUSTED if name == "pairs" else []
        assert_frame_equal(told[name].drop(loose), frame.drop(loose))


def test_without_costs_all_else_keeps_its_numbers(whole: Results, without_costs: Results) -> None:
    told = without_costs.tables
    tells_nothing_of_costs(told)
    reasons = told["metrics"].filter(metric="contribution")["outcome_reason"]
    assert "reason.left_out" in reasons
    for name in ("overlap", "pairs", "verdicts", "bridge", "thresholds"):
        assert_frame_equal(told[name], whole.tables[name])
    kept = pl.col("metric").is_in(["contribution", "contribution_margin", "pocket_level"]).not_()
    for name, loose in (("metrics", []), ("differences", ADJUSTED)):
        mine, theirs = (tables[name].filter(kept).drop(loose) for tables in (told, whole.tables))
        assert_frame_equal(mine, theirs)


def test_without_names_the_numbers_stay(whole: Results, without_names: Results) -> None:
    def told(results: Results) -> pl.DataFrame:
        rows = outputs.rounded(results.tables["metrics"]).filter(
            pl.col("metric") != "out_of_region_share"
        )
        return rows.drop("store_id", "outcome_reason", "dimension", "unit", "better").sort(
            pl.all(), nulls_last=True
        )

    assert_frame_equal(told(without_names), told(whole))
    assert without_names.scope.reference_id == "flagship 1"
    assert without_names.tables["quality"]["sample"].is_null().all()


def test_other_names_and_other_costs_make_the_same_copy(
    small_workspace: Path, tmp_path: Path
) -> None:
    """What is left out has no way into what is told: whatever it is, the copy is the same."""
    every = tuple(Redacted)
    other = otherwise(small_workspace, tmp_path / "other")
    made = pipeline.compare(Request(other, redact=every))
    again = pipeline.compare(Request(small_workspace, redact=every))
    assert made.warnings == again.warnings and made.switched_off == again.switched_off
    for name, frame in again.tables.items():
        mine = made.tables[name].drop("input_hash", strict=False)
        assert_frame_equal(
            outputs.rounded(mine), outputs.rounded(frame.drop("input_hash", strict=False))
        )


def test_asked_stores_and_reference_go_by_their_real_ids(
    run: Run, small_workspace: Path, tmp_path: Path
) -> None:
    found = run("compare", small_workspace, "--redact", "stores", "--stores", "F1,D1,D2",
                "--reference", "D2", "--formats", "json", "--out", tmp_path / "out")  # fmt: skip
    assert found.returncode == 0 and "left out: stores" in found.stderr
    meta = json.loads((tmp_path / "out" / "results.json").read_text("utf-8"))["meta"]
    assert meta["reference_id"].startswith("distributor ")


@pytest.mark.parametrize("by", [GroupBy.OPERATOR, GroupBy.KIND])
def test_groups_have_neutral_members(small_workspace: Path, by: GroupBy) -> None:
    asked = Request(small_workspace, by=by, redact=(Redacted.STORES,))
    prepared = prepare(asked)
    prepared.close()
    ids = list(prepared.scope.store_ids)
    if by is GroupBy.KIND:
        assert ids == [f"kind:{k}" for k in ("flagship", "specialty", "multibrand", "distributor")]
    else:
        partners = [f"operator:partner {at}" for at in range(1, 8)]
        assert ids == ["operator:own", *partners]
    assert prepared.scope.stores[0].members == ("flagship 1", "flagship 2")


def test_another_word_is_an_error(run: Run, small_workspace: Path) -> None:
    found = run("compare", small_workspace, "--redact", "cost,buyers")
    assert found.returncode == 2
    assert "'cost' is nothing that can be left out" in found.stderr
    assert "did you mean 'costs'?" in found.stderr


def test_no_word_is_an_error(run: Run, small_workspace: Path) -> None:
    found = run("compare", small_workspace, "--redact", ",")
    assert found.returncode == 2 and "costs, buyers, stores" in found.stderr
