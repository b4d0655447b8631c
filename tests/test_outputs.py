"""Outputs: whole or not at all, the same bytes for the same results, text that stays text."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import interrupts, outputs
from channelscope.errors import OutputError
from channelscope.outputs import Format
from channelscope.results import TABLES, Message, Meta, Results
from tests.dimensions.small_cubes import scope

NASTY = (
    '=HYPERLINK("https://evil.example","x")',
    "<script>alert(1)</script>",
    "+1",
    "@sum",
    "锅🍳\"'",
)


def made(**changes: Any) -> Results:
    """Small results with a nasty store name, an unknown value and money."""
    of = scope("F1", "D1")
    metrics = pl.DataFrame(
        [
            {"store_id": name, "dimension": "sales", "metric": "sales", "value": 1 / (3 + at),
             "lo": None, "n": at, "unit": "money", "better": "higher", "outcome_reason": None}
            for at, name in enumerate(NASTY)
        ],
        schema=TABLES["metrics"],
    )  # fmt: skip
    bridge = pl.DataFrame([{"from_id": "F1", "effect": Decimal("-12.30")}], schema=TABLES["bridge"])
    tables = {name: pl.DataFrame(schema=schema) for name, schema in TABLES.items()}
    meta = Meta(
        version="0", generated_at="2026-01-02T03:04:05+00:00", workspace=NASTY[1], period=of.period,
        basis="paid", reference_id="F1", currency="CNY", engine="duckdb", inputs={"a": "0"},
        rows_in=3, rows_analysed=2, rows_excluded={"is_excluded": 1}, seed=1, group_by=None,
    )  # fmt: skip
    results = Results(
        meta, of, {**tables, "metrics": metrics, "bridge": bridge}, (), {"consumers": "off.x"},
        (Message("warning.opened_inside", {"store": "D1", "day": date(2026, 1, 2)}),),
    )  # fmt: skip
    return dataclasses.replace(results, **changes)


def page(_results: Results) -> str:
    return "<!doctype html>\n锅"


def files(folder: Path) -> dict[str, bytes]:
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


def test_same_results_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("one", "two"):
        outputs.write(made(), tmp_path / name, formats=Format, render=page)
    first, second = files(tmp_path / "one"), files(tmp_path / "two")
    assert first == second
    assert {"report.html", "results.json", "results.xlsx", "tables/metrics.parquet"} <= set(first)
    assert {f"tables/{name}.csv" for name in TABLES} <= set(first)


def test_sums_in_another_order_leave_no_trace(tmp_path: Path) -> None:
    for name, value in (("one", 0.1 + 0.2), ("two", 0.3)):
        metrics = made().tables["metrics"].with_columns(value=pl.lit(value))
        changed = made(tables={**made().tables, "metrics": metrics})
        outputs.write(changed, tmp_path / name, formats=Format, render=page)
    assert files(tmp_path / "one") == files(tmp_path / "two")


@pytest.mark.parametrize(
    ("formats", "expected"),
    [
        ([Format.HTML], {"report.html"}),
        ([Format.JSON], {"results.json"}),
        ([Format.XLSX], {"results.xlsx"}),
        ([Format.CSV], {f"tables/{name}.csv" for name in TABLES}),
        ([Format.PARQUET], {f"tables/{name}.parquet" for name in TABLES}),
        ([Format.JSON, Format.HTML], {"report.html", "results.json"}),
    ],
)
def test_only_what_is_asked_for_is_written(
    tmp_path: Path, formats: list[Format], expected: set[str]
) -> None:
    written = outputs.write(made(), tmp_path / "out", formats=formats, render=page)
    assert set(files(tmp_path / "out")) == expected
    assert {str(path.relative_to(tmp_path / "out")) for path in written} == expected


class RenderError(Exception):
    """What a renderer might raise."""


def test_a_failing_renderer_leaves_the_last_output_alone(tmp_path: Path) -> None:
    out = tmp_path / "out"
    outputs.write(made(), out, formats=Format, render=page)
    before = files(tmp_path)

    def fail(_results: Results) -> str:
        raise RenderError

    with pytest.raises(RenderError):
        outputs.write(made(switched_off={}), out, formats=Format, render=fail)
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_disk_that_is_full_halfway_leaves_the_last_output_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    outputs.write(made(), out, formats=Format, render=page)
    before = files(tmp_path)

    def full(*_args: object, **_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(outputs, "write_workbook", full)
    with pytest.raises(OutputError, match="the disk written to is full") as caught:
        outputs.write(made(switched_off={}), out, formats=Format, render=page)
    assert caught.value.where == str(out)
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_a_place_that_is_no_folder_is_an_output_error(tmp_path: Path, place: str) -> None:
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(OutputError, match="cannot be written"):
        outputs.write(made(), tmp_path / place, formats=[Format.JSON], render=page)
    assert files(tmp_path) == {"taken": b"a file"}
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


KILLED = """
import os, signal, sys
from pathlib import Path
from channelscope import outputs
from tests.test_outputs import made

def killed(results):
    os.kill(os.getpid(), signal.SIGKILL)

outputs.write(made(), Path(sys.argv[1]), formats=list(outputs.Format), render=killed)
"""


def test_what_a_killed_run_left_is_removed_and_what_a_running_one_makes_is_not(
    tmp_path: Path,
) -> None:
    out = tmp_path / "out"
    for _ in ("beside the folder", "in it"):
        done = subprocess.run(
            [sys.executable, "-c", KILLED, str(out)], check=False,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL
        out.mkdir(exist_ok=True)
    left = [path for folder in (tmp_path, out) for path in folder.glob(".out.*")]
    assert len(left) == 1

    def meanwhile(results: Results) -> str:
        (mine,) = out.glob(".out.*")
        assert [folder.exists() for folder in left] == [False]
        outputs.write(results, out, formats=[Format.JSON], render=page)
        assert mine.is_dir()
        return page(results)

    outputs.write(made(), out, formats=[Format.HTML], render=meanwhile)
    assert [path.name for path in out.iterdir()] == ["report.html"]
    assert list(tmp_path.iterdir()) == [out]


@pytest.mark.parametrize("name", [".out.20260101", ".out.original", ".out.channelscope-mine"])
def test_folders_of_people_beside_an_output_and_in_it_stay(tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    theirs = [folder / name for folder in (tmp_path, out)]
    for folder in theirs:
        folder.mkdir(parents=True)
        (folder / "lock").write_text("kept", encoding="utf-8")
    outputs.write(made(), out, formats=[Format.JSON], render=page)
    assert [(folder / "lock").is_file() for folder in theirs] == [True, True]


def test_a_new_folder_is_made(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path / "a" / "b", formats=[Format.HTML], render=page)
    assert (tmp_path / "a/b/report.html").read_text(encoding="utf-8") == page(made())


def test_json_holds_every_table_and_text_as_it_is(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path, formats=[Format.JSON], render=page)
    text = (tmp_path / "results.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert set(TABLES) < set(found)
    assert [row["store_id"] for row in found["metrics"]] == list(NASTY)
    assert found["meta"]["workspace"] == "<script>alert(1)</script>"
    assert found["metrics"][0]["lo"] is None
    assert found["metrics"][0]["value"] == 0.333333333333
    assert found["bridge"][0]["effect"] == -12.3
    assert found["warnings"][0]["params"]["day"] == "2026-01-02"
    assert "锅🍳" in text and text.endswith("}\n")


def test_numbers_that_are_none_never_reach_json(tmp_path: Path) -> None:
    """JSON has no nan: a table that holds one is a fault, and nothing is written."""
    metrics = made().tables["metrics"].with_columns(lo=pl.lit(float("nan")))
    with pytest.raises(ValueError, match="JSON"):
        outputs.write(
            made(tables={"metrics": metrics}), tmp_path / "out", formats=[Format.JSON], render=page
        )
    assert not list(tmp_path.iterdir())


def test_text_of_a_workbook_is_never_a_formula(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path, formats=[Format.XLSX], render=page)
    with zipfile.ZipFile(tmp_path / "results.xlsx") as book:
        sheets = [book.read(n).decode() for n in book.namelist() if "worksheets/sheet" in n]
    assert len(sheets) == len(TABLES)
    assert not any("<f>" in sheet or "<hyperlink" in sheet for sheet in sheets)
    back = pl.read_excel(tmp_path / "results.xlsx", sheet_name="metrics")
    assert back["store_id"].to_list() == list(NASTY)


def test_parquet_keeps_types_and_csv_keeps_text(tmp_path: Path) -> None:
    outputs.write(made(), tmp_path, formats=[Format.PARQUET, Format.CSV], render=page)
    for name, schema in TABLES.items():
        assert pl.read_parquet(tmp_path / f"tables/{name}.parquet").schema == schema, name
    back = pl.read_csv(tmp_path / "tables/metrics.csv")
    assert back["store_id"].to_list() == list(NASTY)
    assert back["lo"].null_count() == len(NASTY)


def test_rows_as_json_read_back() -> None:
    frame = pl.DataFrame({"a": [Decimal("1.50"), None], "b": [date(2026, 1, 2), None]})
    assert json.loads(outputs.rows_as_json(frame)) == [
        {"a": 1.5, "b": "2026-01-02"},
        {"a": None, "b": None},
    ]


def test_an_interrupt_while_files_are_put_in_place_tells_that_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def put_in_place(staging: Path, out: Path) -> tuple[Path, ...]:
        signal.raise_signal(signal.SIGINT)
        return placed(staging, out)

    placed = outputs._put_in_place
    monkeypatch.setattr(outputs, "_put_in_place", put_in_place)
    with pytest.raises(KeyboardInterrupt) as caught:
        outputs.write(made(), tmp_path / "out", formats=[Format.JSON], render=page)
    assert caught.value.__notes__ == [interrupts.DONE]
    assert (tmp_path / "out" / "results.json").exists()
