"""CSV and XLSX as Parquet of text: separators, blank rows, row numbers. Types come later.

A file is read a piece at a time and written away again, so that it may be larger than memory.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import fastexcel
import polars as pl

from channelscope import shortages
from channelscope.contract import ROW
from channelscope.csv_records import CsvText, EndlessRecordError
from channelscope.errors import DataError
from channelscope.workspace import FileKind

_SEPARATORS = (",", ";", "\t")
_QUOTED = re.compile('"[^"]*"')


@dataclass(frozen=True, slots=True)
class TextFile:
    """The rows of one file: all cells text, and `_row`, the record (+ 1 for the header).

    `parquet`: where they lie, in order; `last`: the greatest `_row`, 1 where there are none.
    """

    columns: tuple[str, ...]
    parquet: tuple[Path, ...]
    last: int


class TextFolder:
    """The text files of a run as Parquet in a folder, each read once, until they are dropped.

    `heard`: called with the number of bytes dealt with. Reading a file is half of it: what is done
    with its rows before they are dropped is the other.
    """

    def __init__(self, folder: Path, heard: Callable[[int], None]) -> None:
        self._folder, self._heard = folder, heard
        self._found: dict[Path, TextFile] = {}
        self._told: dict[Path, int] = {}
        self._written = 0

    def read(self, path: Path, kind: FileKind) -> TextFile:
        """The rows of a CSV or XLSX file; DataError if it is none."""
        if path not in self._found:
            self._found[path] = self._kept(path, kind)
        return self._found[path]

    def drop(self, path: Path) -> None:
        """All that was wanted of a file is done."""
        if path in self._found:
            for parquet in self._found.pop(path).parquet:
                parquet.unlink(missing_ok=True)
        with suppress(OSError):
            self._tell(path, path.stat().st_size - self._told.get(path, 0))

    def _kept(self, path: Path, kind: FileKind) -> TextFile:
        columns: list[str] = []
        parquet: list[Path] = []
        last = 1
        for rows in _rows(path, kind, lambda size: self._tell(path, size // 2)):
            columns = [name for name in rows.columns if name != ROW]
            parquet.append(self._write(rows))
            last = int(rows[ROW][-1]) if rows.height else last
        return TextFile(tuple(columns), tuple(parquet), last)

    def _write(self, rows: pl.DataFrame) -> Path:
        to = self._folder / f"{self._written}.parquet"
        self._written += 1
        try:
            rows.write_parquet(to, compression="lz4", statistics=False)
        except (OSError, pl.exceptions.PolarsError) as error:
            # Not as its cause: the cache would take it for a failure of its own disk.
            raise shortages.of(error, file=to) or error from None
        return to

    def _tell(self, path: Path, size: int) -> None:
        self._told[path] = self._told.get(path, 0) + size
        self._heard(size)


def read_csv(path: Path) -> pl.DataFrame:
    """All rows of a small CSV file as text, with `_row`; DataError if it is none."""
    return pl.concat(_rows(path, FileKind.CSV, lambda _size: None))


def _rows(path: Path, kind: FileKind, heard: Callable[[int], None]) -> Iterator[pl.DataFrame]:
    """Records with their numbers; those without any cell are no rows."""
    start = 2
    has_cell = pl.any_horizontal(pl.exclude(ROW).str.strip_chars().str.len_chars() > 0)
    for frame in _frames(path, kind, heard):
        numbers = pl.int_range(start, pl.len() + start, dtype=pl.Int64).alias(ROW)
        yield frame.select(numbers, pl.all()).filter(has_cell)
        start += frame.height


def _frames(path: Path, kind: FileKind, heard: Callable[[int], None]) -> Iterator[pl.DataFrame]:
    """All records of a file as text, under its own column names."""
    try:
        if kind is FileKind.CSV:
            yield from _csv(path, heard)
        else:
            yield _xlsx(path)
            heard(path.stat().st_size)
    except OSError as error:
        raise DataError(
            f"cannot be read: {error.strerror or error}",
            where=path.name,
            expected="a file that may be read",
            advice="look at who owns it and whether it is still there",
        ) from error


def _csv(path: Path, heard: Callable[[int], None]) -> Iterator[pl.DataFrame]:
    text = CsvText.of(path)
    names: list[str] = []
    separator = ""
    try:
        for piece in text.pieces(heard):
            records = piece
            if not names:
                header, _, records = piece.partition("\n")
                if not header.strip():
                    break
                separator = max(_SEPARATORS, key=header.count)
                names = _names(header, separator, path)
            frame = _records(records, names, separator)
            if _is_short(records, separator, len(names)):
                raise _ragged(text, separator, len(names))
            yield frame
    except (pl.exceptions.PolarsError, EndlessRecordError) as error:
        raise _ragged(text, separator, len(names)) from error
    if not names:
        raise _empty(path, "line")


def _names(header: str, separator: str, path: Path) -> list[str]:
    names = [name.strip() for name in next(csv.reader([header], delimiter=separator))]
    _unique(names, path)
    return names


def _records(text: str, names: list[str], separator: str) -> pl.DataFrame:
    """Below a header: without one, blank rows at the top would not be counted."""
    stand_ins = [f"c{i}" for i in range(len(names))]
    records = f"{separator.join(stand_ins)}\n{text}".encode()
    frame = pl.read_csv(io.BytesIO(records), infer_schema=False, separator=separator)
    return frame.rename(dict(zip(stand_ins, names, strict=True)))


def _is_short(records: str, separator: str, width: int) -> bool:
    """Whether a record with cells has fewer fields than the header, as where a file is cut off."""
    bare = _QUOTED.sub("", records) if '"' in records else records
    ends = bare.count("\n") + (not bare.endswith("\n"))
    if bare.count(separator) == ends * (width - 1):
        return False
    read = csv.reader(io.StringIO(records), delimiter=separator)
    return any(len(record) < width and any(map(str.strip, record)) for record in read)


def _empty(path: Path, head: str) -> DataError:
    return DataError(
        "is empty",
        where=path.name,
        expected=f"a {head} of column names, then rows",
        advice="export the table again, or remove the file if there is no such table",
    )


def _ragged(text: CsvText, separator: str, width: int) -> DataError:
    """The first record with more or fewer fields than the header, or with a quote that does not
    close; only looked for after a failure."""
    number, where = 0, text.path.name
    try:
        records = csv.reader(text.lines(), delimiter=separator, strict=True)
        for number, record in enumerate(records, start=1):
            if len(record) > width or (len(record) < width and any(map(str.strip, record))):
                return DataError(
                    f"row {number} has {_fields(len(record))}, the header has {width}",
                    where=where,
                    expected="one field per column",
                    advice=f"put text that contains '{separator}' in double quotes"
                    if len(record) > width
                    else "is the file cut off there? A cell that is empty ends in a separator too",
                )
    except csv.Error:
        return DataError(
            f"row {number + 1} has a double quote that is not closed, or stands within a cell",
            where=where,
            expected="quotes around whole cells, and doubled within them",
        )
    return DataError("cannot be read as CSV", where=where, expected="balanced double quotes")


def _fields(number: int) -> str:
    return "1 field" if number == 1 else f"{number} fields"


def _xlsx(path: Path) -> pl.DataFrame:
    """The first sheet."""
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
    return cells[1:].select(keep).rename(dict(zip(keep, names, strict=True)))


def _unique(names: list[str], path: Path) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise DataError(f"has the column {', '.join(twice)} twice", where=path.name)
