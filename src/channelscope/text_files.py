"""CSV and XLSX as frames of text: encodings, separators, blank rows. Types come later."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import fastexcel
import polars as pl

from channelscope.contract import ROW
from channelscope.errors import DataError

_SEPARATORS = (",", ";", "\t")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def read_csv(path: Path) -> pl.DataFrame:
    """The records as text, with the line of each (record + 1 for the header) as `_row`."""
    # Every kind of line end is one: a lone carriage return would be a riddle to both readers.
    text = _decoded(path).replace("\r\n", "\n").replace("\r", "\n")
    header = text.split("\n", 1)[0]
    if not header.strip():
        raise _empty(path, "line")
    separator = max(_SEPARATORS, key=header.count)
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    _unique(names, path)
    try:
        frame = pl.read_csv(io.BytesIO(text.encode()), infer_schema=False, separator=separator)
    except pl.exceptions.PolarsError as error:
        raise _ragged(text, separator, len(names), path) from error
    return _numbered(frame.rename(dict(zip(frame.columns, names, strict=True))))


def _decoded(path: Path) -> str:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise _unreadable(path, error) from error
    if raw.startswith(_UTF16):
        raise _encoding("is utf-16", path)
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as utf8:
        try:
            return raw.decode("gb18030").removeprefix("\ufeff")
        except UnicodeDecodeError as gb18030:
            raise _encoding(
                f"is neither utf-8 (byte {utf8.start}, line {_line(raw, utf8.start)}) "
                f"nor gb18030 (byte {gb18030.start}, line {_line(raw, gb18030.start)})",
                path,
            ) from gb18030


def _unreadable(path: Path, error: OSError) -> DataError:
    return DataError(
        f"cannot be read: {error.strerror or error}",
        where=path.name,
        expected="a file that may be read",
        advice="look at who owns it and whether it is still there",
    )


def _encoding(what: str, path: Path) -> DataError:
    return DataError(
        what,
        where=path.name,
        expected="utf-8, with or without a byte order mark, or gb18030",
        advice="save it again as 'CSV UTF-8'",
    )


def _line(raw: bytes, offset: int) -> int:
    return raw.count(b"\n", 0, offset) + 1


def _empty(path: Path, head: str) -> DataError:
    return DataError(
        "is empty",
        where=path.name,
        expected=f"a {head} of column names, then rows",
        advice="export the table again, or remove the file if there is no such table",
    )


def _ragged(text: str, separator: str, width: int, path: Path) -> DataError:
    """The first record with more fields than the header; only looked for after a failure."""
    for number, record in enumerate(csv.reader(io.StringIO(text), delimiter=separator), start=1):
        if len(record) > width:
            return DataError(
                f"row {number} has {len(record)} fields, the header has {width}",
                where=path.name,
                expected="one field per column",
                advice=f"put text that contains '{separator}' in double quotes",
            )
    return DataError("cannot be read as CSV", where=path.name, expected="balanced double quotes")


def read_xlsx(path: Path) -> pl.DataFrame:
    """The first sheet as text, with the row of the sheet as `_row`."""
    try:
        sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    except fastexcel.FastExcelError as error:
        raise DataError(
            f"cannot be read: {str(error).splitlines()[0]}",
            where=path.name,
            expected="an Excel workbook (.xlsx) with the table on its first sheet",
        ) from error
    cells = sheet.to_polars()
    if cells.is_empty():
        raise _empty(path, "row")
    header = [str(name).strip() if name is not None else "" for name in cells.row(0)]
    keep = [name for name, title in zip(cells.columns, header, strict=True) if title]
    names = [title for title in header if title]
    _unique(names, path)
    return _numbered(cells[1:].select(keep).rename(dict(zip(keep, names, strict=True))))


def _unique(names: list[str], path: Path) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"has the column {', '.join(twice)} twice", where=path.name)


def _numbered(frame: pl.DataFrame) -> pl.DataFrame:
    """Rows with their numbers; rows without any cell are no rows."""
    columns = [pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias(ROW), pl.all()]
    has_cell = pl.any_horizontal(pl.exclude(ROW).str.strip_chars().str.len_chars() > 0)
    return frame.select(columns).filter(has_cell)
