"""A file that cannot be read is told as one clear error, and leaves nothing behind it."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import duckdb
import pytest

from channelscope.errors import ChannelscopeError, DataError, OutputError, UsageError
from channelscope.importers import decoding
from channelscope.importers.layout import catalogue, of_source
from channelscope.importers.sheets import reading
from tests.importers.small_exports import (
    FIRST,
    LINES,
    only,
    opened,
    rows,
    text,
    workbook,
    write,
    zipped,
)

ORDERS = tuple(catalogue()["taobao_orders"].header)
GBK = text([LINES, FIRST]).encode("gb18030")


def failure(path: Path) -> ChannelscopeError:
    """The error of a file, which names it and says what to do."""
    with pytest.raises(ChannelscopeError) as caught:
        rows(only(path))
    error = caught.value
    assert not error.parts
    assert str(error).startswith(path.name)
    assert error.advice
    return error


def data_failure(path: Path) -> DataError:
    error = failure(path)
    assert isinstance(error, DataError)
    return error


def test_a_zip_cut_short(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": GBK * 50})
    write(path, path.read_bytes()[:-30])
    assert data_failure(path).what == "is a damaged ZIP"


def test_a_zip_with_a_wrong_byte(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": GBK * 50})
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    assert data_failure(write(path, bytes(content))).what == "is a damaged ZIP"


@pytest.mark.parametrize("more", [-40, 40])
def test_a_zip_whose_member_is_not_as_long_as_it_says(tmp_path: Path, more: int) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": GBK})
    size = len(GBK).to_bytes(4, "little")
    content = path.read_bytes()
    assert content.count(size) == 2
    write(path, content.replace(size, (len(GBK) + more).to_bytes(4, "little")))
    assert data_failure(path).what == "is a damaged ZIP"


def test_a_zip_larger_than_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": GBK})
    disk = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk._replace(free=len(GBK) - 1))
    error = failure(path)
    assert isinstance(error, OutputError)
    assert "more than the disk has left" in error.what


def test_a_zip_with_a_password(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.csv": GBK})
    content = bytearray(path.read_bytes())
    content[6] |= 1  # of the member
    content[content.rindex(b"PK\x01\x02") + 8] |= 1  # of the list of members
    error = data_failure(write(path, bytes(content)))
    assert error.what == "is protected by a password"
    assert error.where == "a.zip: a.csv"


def test_a_zip_of_nothing(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w"):
        pass
    assert data_failure(tmp_path / "a.zip").what == "is an empty ZIP"


def test_a_zip_without_exports(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "b.zip", {"a.csv": GBK})
    path = zipped(tmp_path / "a.zip", {"b.zip": inner, "photo.jpg": b"\xff\xd8"})
    assert data_failure(path).what == "has no export in it, only b.zip, photo.jpg"


@pytest.mark.parametrize("kept", [0.3, 0.9, 0.99])
@pytest.mark.parametrize("suffix", [".xlsx", ".xls"])
def test_a_workbook_cut_short(tmp_path: Path, kept: float, suffix: str) -> None:
    whole = workbook(tmp_path / "whole.xlsx", {"Sheet1": [LINES, *[FIRST] * 200]}).read_bytes()
    path = write(tmp_path / f"a{suffix}", whole[: int(len(whole) * kept)])
    assert data_failure(path).what == "is not a whole Excel workbook"


def test_a_workbook_with_a_wrong_part(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": [LINES, FIRST]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-200]
    assert data_failure(zipped(path, parts)).what == "is not a whole Excel workbook"


def test_a_workbook_with_a_password(tmp_path: Path) -> None:
    # Excel wraps the encrypted workbook in a compound file with this stream.
    content = (
        bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600) + "EncryptedPackage".encode("utf-16-le")
    )
    path = write(tmp_path / "a.xlsx", content + bytes(600))
    assert data_failure(path).what == "is protected by a password"


def test_a_workbook_without_cells(tmp_path: Path) -> None:
    assert data_failure(workbook(tmp_path / "a.xlsx", {"Sheet1": []})).what == (
        "is a workbook without a cell"
    )


def test_ids_of_which_excel_lost_digits(tmp_path: Path) -> None:
    line = [1930679858170647123, *FIRST[1:]]
    error = data_failure(workbook(tmp_path / "a.xlsx", {"Sheet1": [LINES, line]}))
    assert "the column 订单编号" in error.what
    assert "digits are lost" in error.what


@pytest.mark.parametrize(
    "start", ["<html><table>", "\ufeff\n<!DOCTYPE html>", "<?xml version='1.0'?>"]
)
@pytest.mark.parametrize("name", ["a.xls", "a.xlsx", "a.csv"])
def test_html_saved_as_xls(tmp_path: Path, start: str, name: str) -> None:
    table = "".join(f"<td>{header}</td>" for header in LINES)
    error = data_failure(write(tmp_path / name, start + table))
    assert error.what.startswith("is a web page (HTML)")


def test_a_row_with_too_few_cells(tmp_path: Path) -> None:
    header = ORDERS[:61]
    assert len(header) == 61
    content = text([header, *[["1"] * 61] * 7, ["1"] * 60, *[["1"] * 61] * 3])
    error = data_failure(write(tmp_path / "orders.csv", content, encoding="gb18030"))
    assert error.what == "row 9 has 60 cells, the header has 61"
    assert error.where == "orders.csv"


def test_a_row_with_too_many_cells_under_a_banner(tmp_path: Path) -> None:
    content = text([["店铺"], [], LINES, FIRST, (*FIRST, "王小明"), FIRST])
    error = data_failure(write(tmp_path / "a.csv", content))
    assert error.what == "row 5 has 11 cells, the header has 10"
    assert "王小明" not in str(error)
    assert error.__suppress_context__  # DuckDB's own message repeats the row


@pytest.mark.parametrize("cell", ['"锅" 32cm', '"锅'])
def test_a_quote_out_of_place(tmp_path: Path, cell: str) -> None:
    line = ",".join(FIRST)
    broken = line.replace("炒锅", cell)
    path = write(tmp_path / "a.csv", "\n".join([",".join(LINES), line, broken, line]) + "\n")
    assert data_failure(path).what.startswith("row 3 has a double quote")


def test_the_fault_is_found_in_the_sheet_that_has_it(tmp_path: Path) -> None:
    sound = only(write(tmp_path / "a.csv", text([LINES, FIRST])))
    broken = only(write(tmp_path / "b.csv", text([LINES, FIRST[:9]])))
    with (
        duckdb.connect() as connection,
        pytest.raises(DataError, match=r"b\.csv: row 2 has 9 cells"),
        reading([sound, broken]),
    ):
        sound.relation(connection).union(broken.relation(connection)).fetchall()


def test_utf16(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text([LINES, FIRST]), encoding="utf-16")
    assert data_failure(path).what == "is utf-16"


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
def test_no_text_at_all(tmp_path: Path, name: str) -> None:
    whats = {"a.csv": "is neither text nor a workbook", "a.xlsx": "is not a whole Excel workbook"}
    assert data_failure(write(tmp_path / name, bytes(300))).what == whats[name]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf\r\n\r\n"])
def test_nothing_in_it(tmp_path: Path, content: bytes) -> None:
    assert data_failure(write(tmp_path / "a.csv", content)).what == "is empty"


@pytest.mark.parametrize("chunk", [5, 64, 1 << 22])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_bytes_of_no_encoding(
    tmp_path: Path, chunk: int, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(decoding, "CHUNK", chunk)
    before = text([LINES, *[FIRST] * 7]).encode(encoding)
    path = write(tmp_path / "a.csv", before + b"1930\xff\xff," + before)
    assert data_failure(path).what == f"is not {encoding} (byte {len(before) + 5}, line 9)"
    assert list((tmp_path / "scratch").iterdir()) == []


def test_a_header_in_no_encoding(tmp_path: Path) -> None:
    content = text([LINES]).encode("utf-8").replace(b",", b"\xff\xff")
    error = data_failure(write(tmp_path / "a.csv", content))
    assert error.what.startswith("is neither utf-8 (byte 13, line 1) nor gb18030 (byte ")


def test_too_few_known_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text([["订单编号", "标题", "备注"], ["1", "2", "3"]]))
    with pytest.raises(UsageError) as caught:
        opened(path, layouts=of_source("taobao"))
    assert caught.value.what == (
        "is nearest to ExportOrderDetailList 宝贝报表 (taobao order_lines), "
        "but has not the columns 价格, 购买数量"
    )


def test_a_table_of_something_else(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text([["日期", "天气"], ["2026-01-01", "晴"]]))
    assert failure(path).what.startswith("is no export that is known")


def test_an_export_of_another_platform(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text([LINES, FIRST]))
    with pytest.raises(UsageError) as caught:
        opened(path, layouts=of_source("jd"))
    assert "ExportOrderDetailList" in caught.value.what
    assert caught.value.advice == "import it with 'channelscope import taobao'"


def test_one_column_twice(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", text([(*LINES, "价格"), (*FIRST, "1")]))
    assert data_failure(path).what == "has the column 价格 twice"


@pytest.mark.parametrize("name", ["none.csv", "folder"])
def test_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    assert isinstance(failure(tmp_path / name), UsageError)


def test_failures_of_several_files_are_told_at_once(tmp_path: Path) -> None:
    good = write(tmp_path / "good.csv", text([LINES, FIRST]))
    bad = write(tmp_path / "bad.csv", b"")
    strange = write(tmp_path / "strange.csv", text([["日期", "天气"]]))
    with pytest.raises(DataError) as caught:
        opened(good, bad, strange)
    assert [part.where for part in caught.value.parts] == ["bad.csv", "strange.csv"]
    with pytest.raises(UsageError) as told:
        opened(zipped(tmp_path / "a.zip", {"1.csv": strange, "2.csv": strange}))
    assert [part.where for part in told.value.parts] == ["a.zip: 1.csv", "a.zip: 2.csv"]
