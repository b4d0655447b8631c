"""Exports as platforms write them: one file per layout, its rows and what they mean worked by hand.

`exports/<layout>.toml` has the cells of some columns as they are printed, and the typed words that
each row becomes; a word of the layout that is not given is not known. Cells of other columns are
filled: personal columns with `PERSONAL`, which must never come through.
"""

from __future__ import annotations

import csv
import datetime
import random
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import xlsxwriter

from channelscope.contract import Type
from channelscope.importers.layout import VOCABULARY, Layout, catalogue

EXPORTS = Path(__file__).parent / "exports"
PERSONAL = "Jörg Zhang 13912345678"
UNKNOWN = ("Unknown column", "New (2)", "备用字段3")

Cell = str | int | float | datetime.datetime
_FILL: Mapping[str, str] = {
    "personal": PERSONAL, "id": "2088123456789012345", "money": "¥8,888.88", "int": "7,777",
    "number": "66.60", "percent": "5.55%", "datetime": "2025-04-04 04:04:04", "date": "2025-04-04",
    "text": 'Anderes, "é"', "buyer": PERSONAL, "region": "西藏", "state": "?", "memo": "",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """A file of one layout. `shown`: headers that the platform prints otherwise."""

    stem: str
    file: str
    encoding: str
    quoted: bool
    banner: tuple[str, ...]
    footer: tuple[str, ...]
    without: frozenset[str]
    shown: Mapping[str, str]
    cells: tuple[Mapping[str, Cell], ...]
    worked: tuple[Mapping[str, Any], ...]

    @property
    def layout(self) -> Layout:
        """Its mapping."""
        return catalogue()[self.stem]

    @property
    def columns(self) -> list[str]:
        """Its columns, as the mapping calls them."""
        return [name for name in self.layout.header if name not in self.without]

    @property
    def header(self) -> list[str]:
        """Its columns, as the platform prints them."""
        return [self.shown.get(name, name) for name in self.columns]

    @property
    def rows(self) -> list[list[Cell]]:
        """Its cells, those of columns without a meaning filled."""
        return [[self._cell(row, name) for name in self.columns] for row in self.cells]

    def expected(self, *, secret: str) -> list[dict[str, Any]]:
        """The words of every row, typed as the contract has them; buyers hashed with `secret`."""
        words = self.layout_words()
        types = VOCABULARY[self.layout.kind]
        for row in self.worked:
            assert set(row) <= words, f"{self.stem}: no words {set(row) - words}"
        return [{w: _typed(row.get(w), w, types[w], secret) for w in words} for row in self.worked]

    def layout_words(self) -> set[str]:
        """The words that columns of the layout become."""
        columns = self.layout.header.values()
        return {column.to for column in columns if column.to} | set(self.layout.sums)

    def _cell(self, row: Mapping[str, Cell], name: str) -> Cell:
        if name in row:
            return row[name]
        terms = {t.removeprefix("-") for sum_ in self.layout.sums.values() for t in sum_}
        column = self.layout.header[name]
        if column.to or name in terms:
            return ""
        return _FILL[column.type] if self.quoted else _FILL[column.type].replace(",", "")


@cache
def exports() -> Mapping[str, Export]:
    """Every file by the stem of its layout."""
    return {path.stem: _read(path) for path in sorted(EXPORTS.glob("*.toml"))}


def _read(path: Path) -> Export:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Export(
        stem=path.stem,
        file=data.pop("file", "export.csv"),
        encoding=data.pop("encoding", "utf-8-sig"),
        quoted=data.pop("quoted", True),
        banner=tuple(data.pop("banner", ())),
        footer=tuple(data.pop("footer", ())),
        without=frozenset(data.pop("without", ())),
        shown=data.pop("shown", {}),
        cells=tuple(data.pop("rows")),
        worked=tuple(data.pop("expected")),
    )


def _typed(value: Any, word: str, type_: Type, secret: str) -> Any:
    if value is None:
        return None
    if word == "buyer_id":
        return sha256((secret + str(value).lower()).encode()).hexdigest()[:32]
    return float(value) if type_ in (Type.MONEY, Type.QUANTITY) else value


def new_columns(export: Export) -> tuple[str, ...]:
    """The names of three columns that no layout has, in the letters of the export."""
    return ("x-1", *UNKNOWN[:2]) if export.encoding == "cp1252" else UNKNOWN


def write(export: Export, folder: Path, *, shuffled: int | None = None) -> Path:
    """The file. With a seed for `shuffled`, its columns in another order and three that are new."""
    header, rows = export.header, export.rows
    if shuffled is not None:
        header = [*header, *new_columns(export)]
        rows = [[*row, *("1.5", "x", "2026-01-01")] for row in rows]
        order = list(range(len(header)))
        random.Random(shuffled).shuffle(order)
        header = [header[i] for i in order]
        rows = [[row[i] for i in order] for row in rows]
    path = folder / export.file
    if path.suffix == ".xlsx":
        _write_workbook(path, [*([line] for line in export.banner), header, *rows])
    else:
        _write_text(path, export, [header, *rows])
    return path


def _write_text(path: Path, export: Export, table: Sequence[Sequence[Cell]]) -> None:
    separator = "\t" if path.suffix == ".txt" else ","
    with path.open("w", encoding=export.encoding, newline="") as file:
        file.writelines(f"{line}\r\n" for line in export.banner)
        if export.quoted:
            csv.writer(file, delimiter=separator).writerows(table)
        else:
            file.writelines(f"{separator.join(map(str, row))}\r\n" for row in table)
        file.writelines(f"{line}\r\n" for line in export.footer)


def _write_workbook(path: Path, table: Sequence[Sequence[Cell]]) -> None:
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("数据")
        time = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        for y, row in enumerate(table):
            for x, cell in enumerate(row):
                if isinstance(cell, datetime.datetime):
                    sheet.write_datetime(y, x, cell, time)
                elif isinstance(cell, str):
                    sheet.write_string(y, x, cell)
                else:
                    sheet.write_number(y, x, cell)
