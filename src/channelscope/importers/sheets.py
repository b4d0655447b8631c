"""A table of an export as it stands in a file, every cell text."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression

from channelscope.contract import ROW
from channelscope.errors import DataError
from channelscope.importers.recognition import Match, normalise

_NUMBER = "row_number() OVER ()"
_BIGINT = duckdb.sqltype("BIGINT")
_LINE = re.compile(r"CSV Error on Line: (\d+)")


@dataclass(frozen=True, slots=True)
class TextRows:
    """Rows of a UTF-8 file: what separates and quotes their cells, and how many rows are above."""

    path: Path
    separator: str
    quote: str
    skip: int
    width: int

    def records(self) -> Iterator[list[str]]:
        """Every row of the file, strictly: csv.Error where a quote is out of place."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            yield from reader(file, separator=self.separator, quote=self.quote, strict=True)


def reader(
    lines: Iterable[str], *, separator: str, quote: str, strict: bool = False
) -> Iterator[list[str]]:
    """Python's reader for the rows that DuckDB reads with the same separator and quote."""
    if not quote:
        return csv.reader(lines, delimiter=separator, quoting=csv.QUOTE_NONE)
    return csv.reader(lines, delimiter=separator, quotechar=quote, strict=strict)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of one file. `name` says both, such as "orders.zip: ExportOrderList.csv"."""

    name: str
    path: Path
    """The file that was handed in."""
    sha256: str
    """Of the export itself: of the member when `path` is a ZIP."""
    header: tuple[str, ...]
    """The names of the columns, normalised, each once."""
    banner: tuple[str, ...]
    """What stands above the header."""
    used: tuple[str, ...]
    """Columns that become something. A row without any of them is no row."""
    rows: TextRows | pl.DataFrame
    places: tuple[int, ...] = ()
    """Where the columns stand in a row of text."""
    passed_over: tuple[str, ...] = ()
    """Other sheets and members of the file: nothing that is known."""

    def relation(self, connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        """Every column as text under its name, and `_row`: the row as a person counts it.

        Nothing is read before the relation is used: use it within `reading`.
        """
        if isinstance(self.rows, pl.DataFrame):
            every = connection.from_arrow(self.rows.to_arrow())
        else:
            every = self._numbered(connection, self.rows)
        used = [ColumnExpression(name) for name in self.used]
        return every.filter(CoalesceOperator(*used).isnotnull()) if used else every

    def _numbered(
        self, connection: duckdb.DuckDBPyConnection, rows: TextRows
    ) -> duckdb.DuckDBPyRelation:
        cells = connection.read_csv(
            escaped(rows.path),
            header=False,
            skiprows=rows.skip,
            delimiter=rows.separator,
            quotechar=rows.quote,
            escapechar=rows.quote,
            columns={f"c{i}": "VARCHAR" for i in range(rows.width)},
            auto_detect=False,
            strict_mode=True,
            null_padding=False,
        )
        numbered = cells.row_number("over ()", "*")
        names = zip(self.places, self.header, strict=True)
        row = ColumnExpression(_NUMBER) + ConstantExpression(rows.skip)
        return numbered.select(
            *(ColumnExpression(f"c{place}").alias(name) for place, name in names),
            row.cast(_BIGINT).alias(ROW),
        )


def named(row: Sequence[str], match: Match, *, where: str) -> dict[int, str]:
    """The place of each column → its name, once. Unknown names may repeat, used ones may not."""
    names: dict[int, str] = {}
    seen: Counter[str] = Counter()
    used = {name.casefold() for name in match.used}
    for place, name in enumerate(map(normalise, row)):
        if not name:
            continue
        key = name.casefold()  # as DuckDB compares names
        seen[key] += 1
        if seen[key] > 1 and key in used:
            raise DataError(f"has the column {name} twice", where=where, advice="export it again")
        names[place] = name if seen[key] == 1 else f"{name} ({seen[key]})"
    return names


def banner(rows: Sequence[Sequence[str | None]]) -> tuple[str, ...]:
    """What the cells above a header say."""
    return tuple(cell.strip() for row in rows for cell in row if cell and cell.strip())


def escaped(path: Path) -> str:
    """A path as DuckDB reads it and no other file: `*`, `?` and `[` stand for themselves."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


@contextmanager
def reading(sheets: Sequence[Sheet]) -> Iterator[None]:
    """Tells a failure to read one of `sheets` as the row it is in."""
    try:
        yield
    except duckdb.InvalidInputException as error:
        message = str(error)
        if "CSV" not in message:
            raise
        # DuckDB's message repeats the row, and with it names and addresses: it is not passed on.
        raise _fault(sheets, message) from None


def _fault(sheets: Sequence[Sheet], message: str) -> DataError:
    for sheet in sheets:
        if isinstance(sheet.rows, TextRows) and (fault := _first_fault(sheet, sheet.rows)):
            return fault
    line = _LINE.search(message)
    where = sheets[0].name if len(sheets) == 1 else " or ".join(sheet.name for sheet in sheets)
    return DataError(
        f"cannot be read as CSV{f' from line {line[1]} on' if line else ''}",
        where=where,
        expected="the export as the platform wrote it",
        advice="download it again",
    )


def _first_fault(sheet: Sheet, rows: TextRows) -> DataError | None:
    number = 0
    try:
        for number, record in enumerate(rows.records(), start=1):
            if number > rows.skip and record and not _fits(record, rows.width):
                return _ragged(sheet, number, len(record), rows.width)
    except csv.Error:
        return DataError(
            f"row {number + 1} has a double quote that is not closed, or stands within a cell",
            where=sheet.name,
            expected="quotes around whole cells, and doubled within them",
            advice="download the export again instead of editing it as text",
        )
    return None


def _fits(record: Sequence[str], width: int) -> bool:
    """As DuckDB has it: empty cells at the end of a row are no fault."""
    return len(record) >= width and not any(record[width:])


def _ragged(sheet: Sheet, number: int, cells: int, width: int) -> DataError:
    return DataError(
        f"row {number} has {cells} cells, the header has {width}",
        where=sheet.name,
        expected="one cell per column in every row",
        advice="download the export again; a cell was cut or its separator is not quoted",
    )
