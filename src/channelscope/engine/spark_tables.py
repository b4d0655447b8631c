"""The tables of the contract on a cluster: in a schema of its catalog, or a folder of Parquet.

Each becomes a view in the types of the contract, so that both engines read one schema.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from channelscope import contract
from channelscope.contract import ROW, Table, Type
from channelscope.engine.spark_session import clear_errors, is_not_there
from channelscope.errors import DataError, UsageError, did_you_mean
from channelscope.mechanisms import CODES, PREFIX

_TYPES = {
    Type.TEXT: "string", Type.DATE: "date", Type.TIMESTAMP: "timestamp_ntz", Type.INT: "bigint",
    Type.BOOL: "boolean", Type.MONEY: "decimal(18,4)", Type.QUANTITY: "decimal(18,3)",
    Type.DOUBLE: "double",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A table on the cluster. `label`: what it is called there; `given`: its contract columns."""

    label: str
    frame: Any
    given: tuple[str, ...]
    extra: tuple[str, ...]


def find(spark: Any, tables: str) -> dict[str, Found]:
    """The tables of the contract that `tables` holds, a schema or a folder the cluster sees.

    UsageError when it holds none; DataError when one lacks a column it must have.
    """
    with clear_errors(where=f"--tables {tables}"):
        read = {table: _frame(spark, tables, table.name) for table in contract.TABLES}
        found = {t.name: _shaped(t, *there) for t, there in read.items() if there}
    if not found:
        raise UsageError(
            f"the cluster has no table of the contract in '{tables}'",
            where="--tables",
            expected="catalog.schema, or a folder of Parquet that the cluster sees, with"
            " order_lines in it",
        )
    return found


def _frame(spark: Any, tables: str, name: str) -> tuple[str, Any] | None:
    from pyspark.errors import PySparkException  # noqa: PLC0415  heavy, and of an extra

    if "/" not in tables:
        label = f"{tables}.{name}"
        return (label, spark.table(label)) if spark.catalog.tableExists(label) else None
    for label in (f"{tables.rstrip('/')}/{name}.parquet", f"{tables.rstrip('/')}/{name}"):
        try:
            frame = spark.read.parquet(label)
            _ = frame.columns
        except PySparkException as error:
            if not is_not_there(error):
                raise
        else:
            return label, frame
    return None


def _shaped(table: Table, label: str, frame: Any) -> Found:
    names = {name.lower(): name for name in frame.columns}
    known = {column.name for column in table.columns}
    extra = tuple(name for name in names if name not in known and name != ROW)
    faults = list(_faults(table, label, tuple(names), extra))
    if faults:
        raise DataError.gathered(f"{len(faults)} columns of {label} break the contract", faults)
    return Found(label, frame, tuple(n for n in names if n in known), extra)


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
        wanted = _TYPES[column.type]
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
