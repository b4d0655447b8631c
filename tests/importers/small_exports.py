"""Small exports for tests of reading, and ways to open them."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import duckdb
import xlsxwriter

from channelscope.importers.layout import Layout, catalogue
from channelscope.importers.opening import open_sheets
from channelscope.importers.sheets import Sheet, reading

LINES = tuple(catalogue()["taobao_order_lines"].header)[:10]
"""The header of the older 宝贝报表."""
FIRST = ("1930679858170647123", "炒锅", "598.00", "1", "", "32cm", "", "", "交易成功", "LX-01")
SECOND = ("1930679858170647124", "汤锅", "298.00", "2", "", "24cm", "", "", "交易成功", "LX-02")


def text(rows: Sequence[Sequence[str]], *, separator: str = ",", end: str = "\r\n") -> str:
    """Rows as a program writes them."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator=end).writerows(rows)
    return out.getvalue()


def write(path: Path, content: str | bytes, *, encoding: str = "utf-8") -> Path:
    """A file of these characters, or of these bytes."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """An .xlsx; numbers are written as numbers."""
    with xlsxwriter.Workbook(path, {"strings_to_numbers": False}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path


def zipped(path: Path, members: Mapping[str, bytes | Path]) -> Path:
    """A ZIP of these members."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content.read_bytes() if isinstance(content, Path) else content)
    return path


def opened(*paths: Path, layouts: Mapping[str, Layout] | None = None) -> list[tuple[Sheet, str]]:
    """The sheets of `paths`; copies are made beside the first."""
    scratch = paths[0].parent / "scratch"
    scratch.mkdir(exist_ok=True)
    return open_sheets(
        paths, layouts=layouts or catalogue(), scratch=scratch, progress=lambda *_: None
    )


def only(path: Path) -> Sheet:
    """The one sheet of a file."""
    ((sheet, _),) = opened(path)
    return sheet


def rows(sheet: Sheet) -> list[dict[str, object]]:
    """What DuckDB reads of a sheet, in the order of the file."""
    with duckdb.connect() as connection, reading([sheet]):
        relation = sheet.relation(connection)
        assert set(map(str, relation.types)) == {"VARCHAR", "BIGINT"}
        found = relation.order("_row").fetchall()
        return [dict(zip(relation.columns, row, strict=True)) for row in found]
