"""How files would be read: what each column becomes, five of its values, and what is missing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

import duckdb
from duckdb import ColumnExpression

from channelscope.engine.duckdb import Session
from channelscope.importers import staging
from channelscope.importers.cells import Reader
from channelscope.importers.layout import Layout
from channelscope.importers.sheets import Sheet, reading

_SAMPLES = 5
_HIDDEN = ("personal", "buyer", "region", "memo")


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `becomes`: words, or why none; `samples`: values as they are read."""

    name: str
    becomes: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """A sheet as it would be read. `missing`: columns the mapping knows a use for."""

    sheet: Sheet
    stem: str
    layout: Layout
    columns: tuple[Column, ...]
    missing: tuple[str, ...]


def of(session: Session, sheet: Sheet, stem: str, layout: Layout) -> Preview:
    """The preview of one sheet. Of personal columns no value is read."""
    with reading([sheet]):
        raw = staging.opened(session, sheet, layout)
        reader = Reader(layout, raw.columns, "")
        return Preview(
            sheet, stem, layout, tuple(_columns(reader, raw, sheet.header)), reader.missing()
        )


def _columns(
    reader: Reader, raw: duckdb.DuckDBPyRelation, header: Sequence[str]
) -> Iterator[Column]:
    words: dict[str, list[str]] = {}
    for word, names in reader.used().items():
        for name in names:
            less = " (taken off)" if name in reader.taken_off(word) else ""
            words.setdefault(name, []).append(f"{word}{less}")
    for name in header:
        how = reader.of(name)
        if how is None:
            yield Column(name, "not known, not read", ())
        elif how.type == "personal":
            yield Column(name, "personal: never read", ())
        elif name not in words:
            yield Column(name, "not used", ())
        elif how.type in _HIDDEN:
            yield Column(name, f"{', '.join(words[name])} ({_KEPT[how.type]})", ())
        else:
            yield Column(name, ", ".join(words[name]), _samples(reader, raw, name))


_KEPT = {
    "buyer": "only a salted hash is kept",
    "region": "only the province or country is kept",
    "memo": "only whether it marks a fake order is kept",
}


def _samples(reader: Reader, raw: duckdb.DuckDBPyRelation, name: str) -> tuple[str, ...]:
    how = reader.of(name)
    assert how is not None
    value = reader.value(name, how).alias("value")
    rows = reader.texts(raw).select(value).filter(ColumnExpression("value").isnotnull())
    return tuple(_shown(row[0]) for row in rows.limit(_SAMPLES).fetchall())


def _shown(value: object) -> str:
    """Numbers without the zeros of their type."""
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
