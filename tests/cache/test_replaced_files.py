"""A file that is replaced while a run reads it ends the run, and nothing of it is kept."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import assets, checking, member_frames, preparation, quality, sqlfile
from channelscope.cache import Cache
from channelscope.cache_folder import FOLDER, entries
from channelscope.errors import DataError, ExitCode
from channelscope.preparation import Request, opened, prepare
from channelscope.progress import silence
from channelscope.text_files import TextFile, TextFolder
from channelscope.workspace import FileKind
from tests.workspace import tables

COUNTS = sqlfile.find("scan/line_counts")
TOLD = "changed while it was read"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The tiny workspace, its order lines in Parquet, with a real cache."""
    monkeypatch.setattr(preparation, "Cache", Cache)
    tables.write(tmp_path, order_lines=None)
    _write(tmp_path, paid=90)
    return tmp_path


def _write(folder: Path, *, paid: int, qty: int = 1) -> None:
    lines = {
        "store_id": ["F1", "D1"], "order_id": ["1", "1"], "line_no": 1, "sku": "a",
        "ordered_at": datetime(2026, 1, 5, 10), "qty": qty, "list_price": 100, "paid_amount": paid,
    }  # fmt: skip
    beside = folder / "beside"
    pl.DataFrame(lines).write_parquet(beside)
    beside.replace(folder / "order_lines.parquet")


def _paid(folder: Path, *, replaced_by: int | None = None) -> float:
    """What a scan says was paid; the file may be replaced between its opening and the scan."""
    loaded, scans, cache = opened(Request(folder))
    with closing(cache), closing(loaded), closing(scans):
        if replaced_by is not None:
            _write(folder, paid=replaced_by)
        return float(scans.run(COUNTS)["paid_amount"].sum())


def test_no_result_of_a_replaced_file_is_kept(folder: Path) -> None:
    content = (folder / "order_lines.parquet").read_bytes()
    with pytest.raises(DataError, match=TOLD) as told:
        _paid(folder, replaced_by=1)
    assert told.value.where == "order_lines.parquet"
    assert told.value.exit_code is ExitCode.DATA
    assert "line_counts" not in {entry.name for entry in entries(folder / FOLDER)}
    (folder / "order_lines.parquet").write_bytes(content)
    assert _paid(folder) == 180


def test_what_breaks_rules_in_a_replaced_file_is_told_as_that(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    check = quality.check

    def late(*given: Any, **named: Any) -> quality.Quality:
        _write(folder, paid=90, qty=0)
        return check(*given, **named)

    monkeypatch.setattr(quality, "check", late)
    with pytest.raises(DataError, match=TOLD):
        prepare(Request(folder, no_cache=True))
    with pytest.raises(DataError, match=TOLD):
        checking.checked(Request(folder), silence)


def test_a_text_file_that_is_replaced_before_it_is_converted_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, read = folder / "stores.csv", TextFolder.read

    def late(texts: TextFolder, wanted: Path, kind: FileKind) -> TextFile:
        if wanted == path:
            path.write_text(tables.STORES.replace("Dealer", "Another"), encoding="utf-8")
        return read(texts, wanted, kind)

    monkeypatch.setattr(TextFolder, "read", late)
    with pytest.raises(DataError, match=TOLD) as told:
        opened(Request(folder))
    assert told.value.where == "stores.csv"
    assert "stores_converted" not in {entry.name for entry in entries(folder / FOLDER)}


@pytest.mark.slow
def test_a_file_that_is_replaced_during_the_last_scan_ends_the_run_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = Path(shutil.copytree(assets.sample_workspace(), tmp_path / "w"))
    per_scope = member_frames.per_scope

    def late(*given: Any) -> Mapping[str, pl.DataFrame]:
        found = per_scope(*given)
        (folder / "traffic.parquet").touch()
        return found

    monkeypatch.setattr(member_frames, "per_scope", late)
    with pytest.raises(DataError, match=TOLD) as told:
        prepare(Request(folder, no_cache=True))
    assert told.value.where == "traffic.parquet"
