"""CSV and XLSX are read once: afterwards their Parquet is, and nothing else changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from channelscope import loading, text_files
from channelscope.cache import Cache
from channelscope.errors import DataError
from channelscope.text_files import TextFile, TextFolder
from channelscope.workspace import FileKind, open_workspace
from tests.workspace import tables

FURTHER = "store_id,order_id,line_no,sku,ordered_at,qty,list_price,paid_amount,note\n"
JANUARY = (
    f"{FURTHER}D1,2001,1,a,2026-01-08 10:00:00,1,90,85,gift\n\nD1,2002,1,b,2026-01-09,2,20,40,\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The tiny workspace with order lines in two files of other columns, and traffic in XLSX."""
    tables.write(tmp_path, order_lines=None)
    (tmp_path / "lines1.csv").write_text(tables.ORDER_LINES, encoding="utf-8")
    (tmp_path / "lines2.csv").write_text(JANUARY, encoding="utf-8")
    tables.configure(tmp_path, '[tables.order_lines]\npath = "lines*.csv"\n')
    book = xlsxwriter.Workbook(str(tmp_path / "traffic.xlsx"))
    sheet = book.add_worksheet()
    for row, cells in enumerate([("store_id", "date", "visitors"), ("F1", "2026-01-05", 7)]):
        sheet.write_row(row, 0, cells)
    book.close()
    return tmp_path


def read(folder: Path, cache: Cache | None) -> Mapping[str, Any]:
    """All that loading tells of a workspace."""
    with closing(loading.read(open_workspace(folder), cache=cache)) as data:
        names = ("stores", "products", "order_lines", "traffic")
        found = {name: data.session.connection.table(name).pl().sort("_row") for name in names}
        parts = [part.label for part in data.parts]
        told = {
            "rows": data.rows, "extra": data.extra_columns, "missing": data.missing_columns,
            "present": data.present, "hashes": data.hashes,
            "failures": list(map(str, data.failures)),
            "where": [data.locate("order_lines", row) for row in (2, 4, 6, 8)],
        }  # fmt: skip
        each = [data.session.connection.table(part.view).pl() for part in data.parts]
        return {"tables": found, "told": told, "parts": parts, "each": each}


def equal(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return one["told"] == other["told"] and all(
        one["tables"][name].equals(other["tables"][name])
        and one["tables"][name].schema == other["tables"][name].schema
        for name in one["tables"]
    )


def test_the_same_is_read_by_way_of_parquet_and_text_only_once(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_it_stands = read(folder, None)
    with closing(Cache.at(folder)) as cache:
        assert equal(read(folder, cache), as_it_stands)
    monkeypatch.delattr(text_files, "_frames")
    with closing(Cache.at(folder)) as cache:
        again = read(folder, cache)
    assert equal(again, as_it_stands)
    assert again["told"]["extra"]["order_lines"] == ("note",)
    assert again["told"]["where"][-1] == "lines2.csv row 4"


def test_each_text_file_is_a_part_with_the_rows_that_it_has_in_the_whole(folder: Path) -> None:
    with closing(Cache.at(folder)) as cache:
        found = read(folder, cache)
    assert found["parts"] == ["lines1.csv", "lines2.csv"]
    whole = found["tables"]["order_lines"]
    assert whole["_row"].to_list() == [row for part in found["each"] for row in part["_row"]]
    assert [part.height for part in found["each"]] == [3, 2]


def test_without_a_cache_the_same_is_read_and_nothing_stays(folder: Path) -> None:
    with closing(Cache.off()) as cache:
        assert equal(read(folder, cache), read(folder, None))
    assert not (folder / ".channelscope").exists()


def test_a_changed_file_is_converted_anew_and_the_others_are_not(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(Cache.at(folder)) as cache:
        read(folder, cache)
    more = "D1,2003,1,a,2026-01-10,1,90,80,\n"
    (folder / "lines2.csv").write_text(JANUARY + more, encoding="utf-8")
    opened: list[str] = []
    real = text_files.TextFolder.read

    def seen(texts: TextFolder, path: Path, kind: FileKind) -> TextFile:
        opened.append(path.name)
        return real(texts, path, kind)

    monkeypatch.setattr(TextFolder, "read", seen)
    with closing(Cache.at(folder)) as cache:
        assert read(folder, cache)["told"]["rows"]["order_lines"] == 6
    assert set(opened) == {"lines2.csv"}


@pytest.mark.parametrize("opened", [Cache.at, lambda _folder: Cache.off()])
def test_the_bytes_of_text_files_are_counted_as_they_are_read_or_found(
    folder: Path, opened: Callable[[Path], Cache]
) -> None:
    files = [path for path in folder.iterdir() if path.suffix in (".csv", ".xlsx")]
    told: list[tuple[int, int]] = []

    def hear(stage: str, /, *, done: int = 0, of: int = 0) -> None:
        assert stage == "load"
        told.append((done, of))

    for _ in range(2):
        with closing(opened(folder)) as cache:
            loading.read(open_workspace(folder), cache=cache, progress=hear).close()
    total = sum(path.stat().st_size for path in files)
    assert {of for _, of in told} == {total}
    ends = [at for at, (done, _) in enumerate(told) if done == total]
    first, again = told[: ends[0] + 1], told[ends[0] + 1 :]
    assert len(ends) == 2 and ends[1] == len(told) - 1
    assert first == sorted(first) and len(first) > len(files) + 1
    if opened is Cache.at:
        assert len(again) == len(files) + 1


def test_what_does_not_fit_is_told_as_without_a_cache_and_is_not_kept(folder: Path) -> None:
    bad = JANUARY.replace(",85,", ",85 yuan,").replace(",2,20,40", ",two,20,40")
    (folder / "lines2.csv").write_text(bad, encoding="utf-8")
    without = read(folder, None)["told"]["failures"]
    assert len(without) == 2
    for _ in range(2):
        with closing(Cache.at(folder)) as cache:
            assert read(folder, cache)["told"]["failures"] == without
            assert cache.notes == []


@pytest.mark.parametrize("content", [b"", b"\xff\xfea\x00", b"store_id,sku\nF1,a,b\n"])
def test_a_file_that_is_none_is_told_as_without_a_cache(folder: Path, content: bytes) -> None:
    (folder / "lines2.csv").write_bytes(content)
    without = read_failures(folder, None)
    with closing(Cache.at(folder)) as cache:
        assert read_failures(folder, cache) == without
        assert cache.notes == []


def read_failures(folder: Path, cache: Cache | None) -> list[str]:
    """What is told of a workspace whose order lines cannot be read at all."""
    with closing(loading.read(open_workspace(folder), cache=cache)) as data:
        assert data.failures
        assert all(isinstance(failure, DataError) for failure in data.failures)
        return [str(failure) for failure in data.failures]
