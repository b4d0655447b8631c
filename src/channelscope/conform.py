"""A source's columns → the contract's, in its types; what does not fit is told, all of it.

Casts that cannot lose anything are made as they are. The others (text, floats to whole numbers …)
are tried on every row first; a value that would be lost is a failure, never a null.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import duckdb
from duckdb import (
    CaseExpression,
    CoalesceOperator,
    ColumnExpression,
    ConstantExpression,
    Expression,
    FunctionExpression,
)
from duckdb.sqltypes import DuckDBPyType

from channelscope.contract import ROW, Column, Table, Type
from channelscope.errors import DataError, did_you_mean
from channelscope.mechanisms import CODES, PREFIX
from channelscope.sources import Raw

_BLANKS = " \t\r\n\u00a0\u3000\ufeff"
_DAY = r"\d{4}[-/]\d{1,2}[-/]\d{1,2}"
_SHAPES = {
    Type.DATE: _DAY + r"([T ]00?:00(:00(\.0+)?)?)?",
    Type.TIMESTAMP: _DAY + r"([T ]\d{1,2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?",
    Type.INT: r"[+-]?\d+(\.0*)?",
    Type.MONEY: r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    Type.QUANTITY: r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
    Type.DOUBLE: r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?",
}
_WORDS = {
    Type.DATE: "a date (2026-01-31)",
    Type.TIMESTAMP: "a time (2026-01-31 10:30:00), local and without a zone",
    Type.INT: "a whole number",
    Type.MONEY: "an amount (1234.50)",
    Type.QUANTITY: "a quantity (1 or 0.250)",
    Type.DOUBLE: "a number (0.25)",
    Type.BOOL: "true or false (true/false, 1/0, yes/no, 是/否)",
    Type.TEXT: "text",
}
_YES, _NO = ("true", "1", "yes", "是"), ("false", "0", "no", "否")
_INTEGERS = {"tinyint", "smallint", "integer", "bigint", "utinyint", "usmallint", "uinteger"}
_BIG = {"ubigint", "hugeint", "uhugeint"}
_FLOATS = {"float", "double"}
_CLOCKS = {"timestamp", "timestamp_s", "timestamp_ms", "timestamp_ns"}
_NUMBERS = _INTEGERS | _BIG | _FLOATS | {"decimal"}
_SAFE = {
    Type.TEXT: _INTEGERS | _BIG | {"uuid"},
    Type.DATE: {"date"},
    Type.TIMESTAMP: _CLOCKS | {"date"},
    Type.INT: _INTEGERS,
    Type.MONEY: {"tinyint", "smallint", "integer", "utinyint", "usmallint", "uinteger"},
    Type.QUANTITY: {"tinyint", "smallint", "integer", "utinyint", "usmallint", "uinteger"},
    Type.DOUBLE: _INTEGERS | _BIG | {"decimal"},
    Type.BOOL: {"boolean"},
}
_TRIED = {
    Type.DATE: _CLOCKS,
    Type.INT: _BIG | _FLOATS | {"decimal"},
    Type.MONEY: _NUMBERS,
    Type.QUANTITY: _NUMBERS,
    Type.DOUBLE: _FLOATS,
    Type.BOOL: _INTEGERS,
}


@dataclass(frozen=True, slots=True)
class SameAs:
    """A default that is the value of another, required column."""

    column: str


Default = str | bool | SameAs


@dataclass(frozen=True, slots=True)
class Shaped:
    """A table as the contract has it, or why it cannot be.

    `columns`: how the source became so, for others of the same columns.
    """

    relation: duckdb.DuckDBPyRelation | None
    extra: tuple[str, ...]
    missing: tuple[str, ...]
    failures: tuple[DataError, ...]
    columns: tuple[Expression, ...] = ()


@dataclass(frozen=True, slots=True)
class _Cast:
    """How a column gets its type. `given`: there was a value, so a null afterwards is a loss."""

    column: Column
    value: Expression
    given: Expression | None = None


def conform(raw: Raw, table: Table, *, defaults: Mapping[str, Default]) -> Shaped:
    """The relation with every column of `table` in order, then `_row`."""
    types = dict(zip(raw.relation.columns, raw.relation.types, strict=True))
    types.pop(ROW)
    names = {column.name for column in table.columns}
    extra = tuple(name for name in types if name not in names)
    missing = tuple(c.name for c in table.columns if c.name not in types)
    failures = [*_missing_columns(raw, table, types), *_unknown_mechanisms(raw, table, extra)]
    casts: dict[str, _Cast] = {}
    for column in (c for c in table.columns if c.name in types):
        cast = _cast(column, types[column.name], is_text=raw.is_text)
        if cast is None:
            failures.append(_refused(raw, table, column, types[column.name]))
        else:
            casts[column.name] = cast
    failures += _lost_values(raw, table, list(casts.values()))
    if failures:
        return Shaped(None, extra, missing, tuple(failures))
    columns = tuple(_columns(table, casts, defaults))
    return Shaped(raw.relation.select(*columns), extra, missing, (), columns)


def _missing_columns(raw: Raw, table: Table, there: Mapping[str, object]) -> Iterator[DataError]:
    for column in table.columns:
        if column.required and column.name not in there:
            unused = [name for name in there if name not in {c.name for c in table.columns}]
            near = did_you_mean(column.name, unused)
            yield DataError(
                f"column {column.name} is missing ({raw.label} has {', '.join(there)})",
                where=table.name,
                expected=f"{column.name}: {column.meaning}",
                advice=f"{near} rename it to {column.name}" if near else "add the column",
            )


def _unknown_mechanisms(raw: Raw, table: Table, extra: tuple[str, ...]) -> Iterator[DataError]:
    if table.name != "order_lines":
        return
    for name in (n for n in extra if n.startswith(PREFIX)):
        known = [f"{PREFIX}{code}" for code in CODES]
        yield DataError(
            f"column {name} names no promotion mechanism ({raw.label})",
            where=table.name,
            expected=f"{PREFIX} and one of {', '.join(CODES)}",
            advice=did_you_mean(name, known) or "rename it to the mechanism it is",
        )


def _cast(column: Column, physical: DuckDBPyType, *, is_text: bool) -> _Cast | None:
    """How `physical` becomes the column's type; None when it cannot."""
    source, wanted = ColumnExpression(column.name), duckdb.sqltype(column.type)
    if physical.id in ("varchar", "enum"):
        if column.type is Type.TEXT and not is_text:
            return _Cast(column, _typed_text(column, source.cast(wanted)))
        return _from_text(column, source)
    if str(physical) == str(wanted) and column.type is not Type.DOUBLE:
        return _Cast(column, source)
    if physical.id == "null" or physical.id in _SAFE[column.type] or _fits(physical, wanted):
        return _Cast(column, source.cast(wanted))
    if physical.id in _TRIED.get(column.type, ()):
        return _Cast(column, _tried(source, physical, column.type), source.isnotnull())
    return None


def _fits(physical: DuckDBPyType, wanted: DuckDBPyType) -> bool:
    """A decimal without more whole digits than the wanted one, nor lost decimals that matter."""
    if physical.id != "decimal" or wanted.id != "decimal":
        return False
    (width, scale), (most, decimals) = _digits(physical), _digits(wanted)
    return width - scale <= most - decimals


def _digits(decimal: DuckDBPyType) -> tuple[int, int]:
    (_, width), (_, scale) = decimal.children
    return int(str(width)), int(str(scale))


def _tried(source: Expression, physical: DuckDBPyType, type_: Type) -> Expression:
    cast = source.try_cast(duckdb.sqltype(type_))
    if type_ is Type.DOUBLE:
        return CaseExpression(FunctionExpression("isfinite", source), cast)
    if type_ is Type.INT and physical.id not in _BIG:
        return CaseExpression(source == FunctionExpression("round", source), cast)
    if type_ is Type.DATE:
        return CaseExpression(source == cast.cast(duckdb.sqltype("TIMESTAMP")), cast)
    if type_ is Type.BOOL:
        return CaseExpression(source.isin(ConstantExpression(0), ConstantExpression(1)), cast)
    return cast


def _typed_text(column: Column, source: Expression) -> Expression:
    """Text of a typed source is left alone, so that filters reach the file; blanks mean null."""
    return source if column.required else _blank_to_null(source)


def _blank_to_null(text: Expression) -> Expression:
    return FunctionExpression("nullif", text, ConstantExpression(""))


def _from_text(column: Column, source: Expression) -> _Cast:
    words = source.cast(duckdb.sqltype("VARCHAR"))
    text = _blank_to_null(FunctionExpression("trim", words, ConstantExpression(_BLANKS)))
    if column.type is Type.TEXT:
        return _Cast(column, text)
    if column.type is Type.BOOL:
        return _Cast(column, _truth(FunctionExpression("lower", text)), text.isnotnull())
    shape = ConstantExpression(_SHAPES[column.type])
    value = CaseExpression(
        FunctionExpression("regexp_full_match", text, shape),
        text.try_cast(duckdb.sqltype(column.type)),
    )
    return _Cast(column, value, text.isnotnull())


def _truth(text: Expression) -> Expression:
    yes = text.isin(*(ConstantExpression(word) for word in _YES))
    no = text.isin(*(ConstantExpression(word) for word in _NO))
    return CaseExpression(yes, ConstantExpression(True)).when(no, ConstantExpression(False))


def _refused(raw: Raw, table: Table, column: Column, physical: DuckDBPyType) -> DataError:
    zoned = physical.id == "timestamp with time zone"
    return DataError(
        f"is {str(physical).lower()} in {raw.label}",
        where=f"{table.name}.{column.name}",
        expected=_WORDS[column.type],
        advice="convert it to the store's local time" if zoned else "convert the column",
    )


def _lost_values(raw: Raw, table: Table, casts: list[_Cast]) -> Iterator[DataError]:
    """One scan counts what every tried cast would lose; only a loss costs a second look."""
    tried = [cast for cast in casts if cast.given is not None]
    if not tried:
        return
    counts = [FunctionExpression("count", CaseExpression(_lost(c), ConstantExpression(1)))
              for c in tried]  # fmt: skip
    names = [count.alias(f"n{i}") for i, count in enumerate(counts)]
    totals = raw.relation.aggregate(names).fetchall()[0]
    for cast, total in zip(tried, totals, strict=True):
        if total:
            yield _lost_value(raw, table, cast, total)


def _lost(cast: _Cast) -> Expression:
    assert cast.given is not None
    return cast.given & cast.value.isnull()


def _lost_value(raw: Raw, table: Table, cast: _Cast, total: int) -> DataError:
    name = cast.column.name
    bad = raw.relation.filter(_lost(cast)).select(ColumnExpression(ROW), ColumnExpression(name))
    first = bad.sort(ColumnExpression(ROW)).limit(3).fetchall()
    shown = ", ".join(f"{raw.locate(row)} {str(value)!r}" for row, value in first)
    is_not, them, place = "values are not", "them", raw.label
    if total == 1:
        file = raw.locate(first[0][0]).rpartition(" row ")[0]
        is_not, them, place = "value is not", "it", file or raw.label
    return DataError(
        f"{total:,} {is_not} {_WORDS[cast.column.type]}; first: {shown}",
        where=f"{table.name}.{name}",
        advice=f"correct {them} in {place}; leave blank what is not known",
    )


def _columns(
    table: Table, casts: Mapping[str, _Cast], defaults: Mapping[str, Default]
) -> Iterator[Expression]:
    for column in table.columns:
        wanted = duckdb.sqltype(column.type)
        cast = casts.get(column.name)
        value = cast.value if cast else ConstantExpression(None).cast(wanted)
        default = defaults.get(column.name)
        if default is not None:
            known = casts[default.column].value if isinstance(default, SameAs) else default
            value = CoalesceOperator(value, _expression(known)).cast(wanted)
        yield value.alias(column.name)
    yield ColumnExpression(ROW)


def _expression(value: Expression | str | bool) -> Expression:
    return value if isinstance(value, Expression) else ConstantExpression(value)
