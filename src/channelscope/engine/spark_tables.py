"""The tables of the contract on a cluster: in a schema of its catalog, or a folder of Parquet.

Each becomes a view in the types of the contract, so that both engines read one schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channelscope import contract
from channelscope.contract import ROW, Table, Type
from channelscope.engine import spark_values
from channelscope.engine.spark_session import clear_errors, condition, is_not_there
from channelscope.engine.spark_values import TYPES
from channelscope.errors import DataError, UsageError, did_you_mean
from channelscope.mechanisms import CODES, PREFIX

_NO_NAME = ("REQUIRES_SINGLE_PART_NAMESPACE", "INVALID_IDENTIFIER", "PARSE_SYNTAX_ERROR")
_NO_PARQUET = ("FAILED_READ_FILE", "UNABLE_TO_INFER_SCHEMA", "CANNOT_READ_FILE_FOOTER")
_WHERE = (
    "catalog.schema, or the full path of a folder of Parquet that the cluster sees, with"
    " order_lines in it"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A table on the cluster. `label`: what it is called there; `given`: its contract columns."""

    label: str
    frame: Any
    given: tuple[str, ...]
    extra: tuple[str, ...]


def find(spark: Any, tables: str) -> dict[str, Found]:
    """The tables of the contract that `tables` holds, a schema or a folder the cluster sees.

    UsageError when it holds none; DataError when one lacks a column it must have, or holds values
    that the contract's types would lose.
    """
    with clear_errors(where=f"--tables {tables}"):
        read = {table: _frame(spark, tables, table.name) for table in contract.TABLES}
        found = {t.name: _shaped(t, *there) for t, there in read.items() if there}
    if not found:
        raise _nothing(tables, "has no table of the contract")
    return found


def _nothing(tables: str, what: str) -> UsageError:
    """A folder written like a name, or from where one stands, is what people try first."""
    if "/" not in tables:
        advice = (
            f"'{tables}' was looked up as a schema; of a folder, write the full path, such as"
            " /data/shop"
        )
    elif tables.startswith("/") or ":/" in tables:
        advice = "look whether the cluster sees that folder, and order_lines.parquet in it"
    else:
        advice = f"write the full path: '{tables}' would begin where the server was started"
    return UsageError(
        f"the cluster {what} in '{tables}'", where="--tables", expected=_WHERE, advice=advice
    )


def _frame(spark: Any, tables: str, name: str) -> tuple[str, Any] | None:
    return _of_schema(spark, tables, name) if "/" not in tables else _of_folder(spark, tables, name)


def _of_schema(spark: Any, schema: str, name: str) -> tuple[str, Any] | None:
    from pyspark.errors import PySparkException  # noqa: PLC0415  heavy, and of an extra

    label = f"{schema}.{name}"
    try:
        return (label, spark.table(label)) if spark.catalog.tableExists(label) else None
    except PySparkException as error:
        if is_not_there(error) or condition(error) in _NO_NAME:
            raise _nothing(schema, "finds no schema") from error
        raise


def _of_folder(spark: Any, folder: str, name: str) -> tuple[str, Any] | None:
    from pyspark.errors import PySparkException  # noqa: PLC0415  heavy, and of an extra

    for label in (f"{folder.rstrip('/')}/{name}.parquet", f"{folder.rstrip('/')}/{name}"):
        try:
            frame = spark.read.parquet(label)
            _ = frame.columns
        except PySparkException as error:
            if condition(error).startswith(_NO_PARQUET):
                raise _no_parquet(label, name) from error
            if not is_not_there(error):
                raise
        else:
            return label, frame
    return None


def _no_parquet(label: str, name: str) -> DataError:
    return DataError(
        f"{label} cannot be read as Parquet",
        where=name,
        expected="a file of Parquet, or a folder of such files",
        advice=f"write {name} as Parquet, or take it out of the folder",
    )


def _shaped(table: Table, label: str, frame: Any) -> Found:
    names = {name.lower(): name for name in frame.columns}
    known = {column.name for column in table.columns}
    extra = tuple(name for name in names if name not in known and name != ROW)
    found = Found(label, frame, tuple(n for n in names if n in known), extra)
    faults = [*_faults(table, label, tuple(names), extra), *spark_values.faults(table, found)]
    if faults:
        raise DataError.gathered(f"{len(faults)} columns of {label} break the contract", faults)
    return found


def _faults(
    table: Table, label: str, names: tuple[str, ...], extra: tuple[str, ...]
) -> Iterator[DataError]:
    for column in table.columns:
        if column.required and column.name not in names:
            near = did_you_mean(column.name, extra)
            yield DataError(
                f"column {column.name} is missing ({label} has {', '.join(names)})",
                where=table.name,
                expected=f"{column.name}: {column.meaning}",
                advice=f"{near} rename it to {column.name}" if near else "add the column",
            )
    if table.name == "order_lines":
        for name in (name for name in extra if name.startswith(PREFIX)):
            yield DataError(
                f"column {name} names no promotion mechanism ({label})",
                where=table.name,
                expected=f"{PREFIX} and one of {', '.join(CODES)}",
            )


def conformed(table: Table, found: Found, *, only_given: bool = False) -> Any:
    """The rows in the types of the contract; `only_given`: without columns that are not there."""
    from pyspark.sql import functions as f  # noqa: PLC0415  heavy, and of an extra

    columns = []
    for column in table.columns:
        wanted = TYPES[column.type]
        if column.name in found.given:
            value = f.col(column.name).cast(wanted)
            if column.type is Type.TEXT and not column.required:
                value = f.nullif(value, f.lit(""))
            columns.append(value.alias(column.name))
        elif not only_given:
            columns.append(f.lit(None).cast(wanted).alias(column.name))
    if not only_given:
        columns.append((f.monotonically_increasing_id() + 1).alias(ROW))
    return found.frame.select(*columns)


def labels(found: Mapping[str, Found]) -> dict[str, str]:
    """What `meta.inputs` tells of each table: where on the cluster it lies."""
    return {name: f"spark {table.label}" for name, table in found.items()}
