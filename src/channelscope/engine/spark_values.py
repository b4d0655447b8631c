"""Columns on a cluster whose values the type of the contract would lose, as DuckDB tells them too.

Spark's casts cut 1.5 to 1, a time to its day, and make null of what is not a number. Columns that
may hold such values are tried in one pass before anything reads them; others cost nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from channelscope.contract import Column, Table, Type
from channelscope.errors import DataError

if TYPE_CHECKING:
    from channelscope.engine.spark_tables import Found

TYPES = {
    Type.TEXT: "string", Type.DATE: "date", Type.TIMESTAMP: "timestamp_ntz", Type.INT: "bigint",
    Type.BOOL: "boolean", Type.MONEY: "decimal(18,4)", Type.QUANTITY: "decimal(18,3)",
    Type.DOUBLE: "double",
}  # fmt: skip
_WORDS = {
    Type.TEXT: "text",
    Type.DATE: "a date (2026-01-31)",
    Type.TIMESTAMP: "a time (2026-01-31 10:30:00), local and without a zone",
    Type.INT: "a whole number",
    Type.BOOL: "true or false",
    Type.MONEY: "an amount (1234.50)",
    Type.QUANTITY: "a quantity (1 or 0.250)",
    Type.DOUBLE: "a number (0.25)",
}
_INTEGERS = {"tinyint", "smallint", "int", "bigint"}
_FLOATS = {"float", "double"}
_LOCAL, _ZONED = "timestamp_ntz", "timestamp"
_CLOCKS = {_LOCAL, _ZONED}
_AMOUNTS = _INTEGERS | {"decimal"}
_SAFE = {
    Type.TEXT: {"string", "char", "varchar"} | _INTEGERS,
    Type.DATE: {"date"},
    Type.TIMESTAMP: {"date", _LOCAL},
    Type.INT: _INTEGERS,
    Type.BOOL: {"boolean"},
    Type.MONEY: _AMOUNTS,
    Type.QUANTITY: _AMOUNTS,
    Type.DOUBLE: _AMOUNTS,
}
"""Nothing is lost, or Spark itself fails: on a number with too many digits."""
_TRIED = {
    Type.DATE: _CLOCKS,
    Type.INT: _FLOATS | {"decimal"},
    Type.BOOL: _INTEGERS,
    Type.MONEY: _FLOATS,
    Type.QUANTITY: _FLOATS,
    Type.DOUBLE: _FLOATS,
}
_DAY = r"\d{4}-\d{1,2}-\d{1,2}"
_SHAPES = {
    Type.DATE: rf"^{_DAY}$",
    Type.TIMESTAMP: rf"^{_DAY}([T ]\d{{1,2}}:\d{{2}}(:\d{{2}}(\.\d{{1,6}})?)?)?$",
}
"""What text must look like where Spark reads more than a day or a time without a zone."""


def faults(table: Table, found: Found) -> Iterator[DataError]:
    """Columns of another type, and those with a value that would be lost; Spark's own failures."""
    types = {field.name.lower(): field.dataType.simpleString() for field in found.frame.schema}
    tried: list[Column] = []
    for column in (c for c in table.columns if c.name in found.given):
        kind = types[column.name].partition("(")[0]
        if kind in _SAFE[column.type] or kind == "void":
            continue
        if kind == "string" or kind in _TRIED.get(column.type, ()):
            tried.append(column)
            continue
        yield DataError(
            f"is {types[column.name]} in {found.label}",
            where=f"{table.name}.{column.name}",
            expected=_WORDS[column.type],
            advice="cast it to timestamp_ntz in the store's local time, in a view if need be"
            if kind == _ZONED
            else "convert the column on the cluster",
        )
    if tried:
        yield from _lost_values(table, found, tried, types)


def _lost_values(
    table: Table, found: Found, tried: Sequence[Column], types: dict[str, str]
) -> Iterator[DataError]:
    from pyspark.sql import functions as f  # noqa: PLC0415  heavy, and of an extra

    asked = []
    for column in tried:
        source = f.col(column.name)
        is_lost = source.isNotNull() & ~f.coalesce(
            _is_kept(column.type, source, types[column.name]), f.lit(False)
        )
        asked.append(f.count_if(is_lost).alias(f"n_{column.name}"))
        asked.append(f.min(f.when(is_lost, source.cast("string"))).alias(f"least_{column.name}"))
    told = found.frame.agg(*asked).collect()[0].asDict()
    for column in tried:
        if total := told[f"n_{column.name}"]:
            is_not = "value is not" if total == 1 else "values are not"
            yield DataError(
                f"{total:,} {is_not} {_WORDS[column.type]}, such as"
                f" {told[f'least_{column.name}']!r}",
                where=f"{table.name}.{column.name}",
                advice=f"correct {'it' if total == 1 else 'them'} in {found.label} on the cluster;"
                " null is what is not known",
            )


def _is_kept(type_: Type, source: Any, kind: str) -> Any:
    """Whether the cast leaves a value what it was; null where it cannot be cast."""
    from pyspark.sql import functions as f  # noqa: PLC0415  heavy, and of an extra

    cast = source.try_cast(TYPES[type_])
    if kind == "string" and type_ in _SHAPES:
        return f.trim(source).rlike(_SHAPES[type_]) & cast.isNotNull()
    if type_ is Type.DOUBLE:
        return ~f.isnan(cast) & (f.abs(cast) != float("inf"))
    if type_ is Type.BOOL and kind != "string":
        return source.isin(0, 1)
    if type_ in (Type.INT, Type.DATE) and kind != "string":
        return cast.cast(kind) == source
    return cast.isNotNull()
