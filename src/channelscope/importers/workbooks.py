"""The table in an Excel workbook: the first sheet whose header is known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from channelscope.contract import ROW
from channelscope.errors import DataError
from channelscope.importers import recognition
from channelscope.importers.recognition import SCANNED_ROWS, Match, Names
from channelscope.importers.sheets import Sheet, banner, named

SUFFIXES = (".xlsx", ".xlsm", ".xls")
ZIPPED = b"PK\x03\x04"
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_EXACT = 15
"""Digits of a number that Excel keeps."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet and its header. `cells` are all its rows, from the first of the sheet."""

    name: str
    cells: pl.DataFrame
    place: int
    match: Match

    @property
    def header(self) -> list[str]:
        return [cell or "" for cell in self.cells.row(self.place)]


def sheet_of(file: Path, *, path: Path, where: str, names: Names) -> tuple[Sheet, Match]:
    """The table in `file`, which lies at `path` or in it."""
    try:
        book = fastexcel.read_excel(file)
        found = _found(book, names)
        if found is None:
            raise DataError("is a workbook without a cell", where=where, advice="export it again")
        if not found.match.is_recognised:
            raise recognition.not_recognised(found.match, found.header, where=where)
        columns = named(found.header, found.match, where=where)
        _refuse_lost_digits(book, found, columns, where)
    except fastexcel.FastExcelError as error:
        raise _unreadable(file, str(error), where) from error
    with file.open("rb") as opened:
        digest = hashlib.file_digest(opened, "sha256").hexdigest()
    others = tuple(name for name in book.sheet_names if name != found.name)
    sheet = Sheet(
        name=f"{where}: {found.name}" if others else where,
        path=path,
        sha256=digest,
        header=tuple(columns.values()),
        banner=banner(found.cells.head(found.place).rows()),
        used=found.match.used,
        rows=_rows(found, columns),
        passed_over=others,
    )
    return sheet, found.match


def damaged(where: str) -> DataError:
    """A workbook that is cut short, or is none."""
    return DataError(
        "is not a whole Excel workbook",
        where=where,
        expected="an .xlsx or .xls file as the platform wrote it",
        advice="download it again, and wait until the download has ended",
    )


def _found(book: fastexcel.ExcelReader, names: Names) -> _Found | None:
    """The first sheet whose header is known, else the nearest to one."""
    nearest: _Found | None = None
    for name in book.sheet_names:
        # Without skip_rows=0 blank rows at the top are left out, and rows lose their numbers.
        sheet = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
        cells = sheet.to_polars()
        rows = [[cell or "" for cell in row] for row in cells.head(SCANNED_ROWS).rows()]
        if not rows:
            continue
        found = _Found(name, cells, *names.best_row(rows))
        if found.match.is_recognised:
            return found
        if nearest is None or found.match.rank > nearest.match.rank:
            nearest = found
    return nearest


def _rows(found: _Found, columns: dict[int, str]) -> pl.DataFrame:
    numbered = found.cells.select(
        *(pl.nth(place).replace("", None).alias(title) for place, title in columns.items()),
        pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias(ROW),
    )
    return numbered[found.place + 1 :]


def _refuse_lost_digits(
    book: fastexcel.ExcelReader, found: _Found, columns: dict[int, str], where: str
) -> None:
    """Order numbers typed or opened as numbers end in zeros: no one can join by them any more."""
    layout = found.match.layout.header
    ids = {found.match.columns[n] for n in found.match.columns if layout[n].type == "id"}
    long = [
        place
        for place, name in columns.items()
        if name in ids and (found.cells.to_series(place).str.len_chars() > _EXACT).any()
    ]
    if not long:
        return
    sheet = book.load_sheet(
        found.name,
        header_row=None,
        skip_rows=found.place + 1,
        use_columns=long,
        schema_sample_rows=None,
    )
    for place, column in zip(long, sheet.to_polars().iter_columns(), strict=True):
        if column.dtype.is_numeric() and (column.abs() >= 10**_EXACT).any():
            raise DataError(
                f"has numbers of more than {_EXACT} digits in the column {columns[place]}: "
                "the last digits are lost",
                where=where,
                expected="the ids as text",
                advice="download the export again, and do not save it from Excel",
            )


def _unreadable(file: Path, message: str, where: str) -> DataError:
    start = file.read_bytes()
    if start.startswith(COMPOUND) and (_ENCRYPTED in start or "assword" in message):
        return DataError(
            "is protected by a password",
            where=where,
            expected="a workbook without one",
            advice="open it in Excel and save it without a password",
        )
    return damaged(where)
