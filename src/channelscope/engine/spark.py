"""The engine of `cubes` on Spark: scan queries run on the cluster, cubes come back as frames."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
from duckdb import ColumnExpression

from channelscope import sqlfile
from channelscope.engine import spark_sql
from channelscope.engine.duckdb import Session, to_frame
from channelscope.engine.protocol import EARLIER
from channelscope.engine.spark_session import clear_errors, unpersist
from channelscope.errors import QueryError, UsageError
from channelscope.progress import Progress, silence
from channelscope.sqlfile import SqlFile

MAX_ROWS = 5_000_000
"""A larger cube does not come over the wire: the cluster writes it as Parquet."""
FEW_FAILING = 10_000
"""So many rows that break a rule come over; more are counted on the cluster."""
RAW = ("order_lines", "price_snapshots")
"""What stays on the cluster, and is read there."""
_TOLD = ("load/paid_total", "load/shipped_places", "load/failing_summary")
"""What checks ask beside their own rows."""


def is_run(query: SqlFile) -> bool:
    """Whether `query` runs on the cluster: a scan, or a check of what stays there."""
    is_check = query.folder == "checks" and not set(RAW).isdisjoint(query.inputs)
    return query.folder == "scan" or is_check or query.name in _TOLD


class SparkEngine:
    """Runs scan queries in a Spark session; `local` answers queries over small tables.

    `own`: what is closed with the engine, such as the session. `shared`: a folder that the cluster
    and this process both see, for cubes above `max_rows`.
    """

    name = "spark"

    def __init__(
        self,
        spark: Any,
        local: Session,
        small: Mapping[str, pl.DataFrame],
        *,
        holds: frozenset[str],
        own: ExitStack | None = None,
        shared: Path | None = None,
        max_rows: int = MAX_ROWS,
        progress: Progress = silence,
    ) -> None:
        self._spark, self._local, self.small = spark, local, small
        self.holds, self._shared, self._max_rows = holds, shared, max_rows
        self._progress, self._own = progress, own or ExitStack()
        self.limits = local.limits
        self._caster = Session.over_files((shared,) if shared else (), limits=local.limits)
        self._own.callback(self._caster.close)
        self._kept: list[Any] = []
        for name, frame in small.items():
            self.register(name, frame)

    def begin(self, stage: str, *, scans: int) -> None:
        """A stage begins; the cluster shows by itself how far it is."""
        del scans
        self._progress(stage)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make `frame` readable as table `name`, here and on the cluster."""
        self._local.register(name, frame)
        self.show(name, self.frame(frame))

    def frame(self, frame: pl.DataFrame) -> Any:
        """The rows as a Spark frame."""
        with clear_errors(where="frame"):
            if frame.is_empty():  # Spark makes none of no rows
                return self._spark.createDataFrame(_plain(frame.clear(1))).limit(0)
            return self._spark.createDataFrame(_plain(frame))

    def show(self, name: str, rows: Any) -> None:
        """Make the rows of a Spark frame readable as table `name` on the cluster."""
        with clear_errors(where=name):
            rows.createOrReplaceTempView(name)

    def derive(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Make the rows of a query over small tables readable by its stem."""
        rows = self._local.run(query, params)
        self.register(query.stem, rows)
        return rows

    def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of `query`, in the order, names, types and grain its header promises."""
        bound = {name: (params or {})[name] for name in query.params}
        with clear_errors(where=query.name):
            rows = self._rows(query, bound)
            table = rows.limit(self._max_rows + 1).toArrow()
        if table.num_rows > self._max_rows:
            return self._by_disk(query, rows)
        return self._declared(query, self._caster.connection.from_arrow(table))

    def failing(self, query: SqlFile, params: Mapping[str, Any]) -> list[pl.DataFrame]:
        """What a data check found, as `load/failing_summary` tells it.

        Few rows fail as a rule. They come over, so that the cluster reads a table once for a check;
        it would three times for that summary.
        """
        told = replace(sqlfile.find("load/failing_summary"), name=query.name)
        with clear_errors(where=query.name):
            rows = self._rows(query, {name: params[name] for name in query.params})
            table = rows.limit(FEW_FAILING + 1).toArrow()
            if table.num_rows > FEW_FAILING:
                rows.createOrReplaceTempView(told.inputs[0])
                return [self.run(told)]
        found = self._declared(query, self._caster.connection.from_arrow(table))
        self._local.register(told.inputs[0], found)
        return [self._local.run(told)]

    def keep(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> None:
        """Make the rows of `query` readable by its stem; they stay on the cluster."""
        bound = {name: (params or {})[name] for name in query.params}
        with clear_errors(where=query.name):
            rows = self._rows(query, bound).persist()
            rows.createOrReplaceTempView(query.stem)
            rows.limit(0).createOrReplaceTempView(f"{EARLIER}{query.stem}")
        self._kept.append(rows)

    def close(self) -> None:
        """Give the session back, and what it keeps on the cluster, as far as that still answers."""
        with self._own:
            unpersist(self._spark, self._kept)

    def _rows(self, query: SqlFile, params: Mapping[str, Any]) -> Any:
        return self._spark.sql(spark_sql.render(query), args=dict(params) or None)

    def _by_disk(self, query: SqlFile, rows: Any) -> pl.DataFrame:
        if self._shared is None:
            raise UsageError(
                f"{query.name} has more than {self._max_rows:,} rows, too many to send",
                where="channelscope.toml: engine.shared",
                expected="a folder that the cluster and this machine both see",
                advice='add shared = "/folder" under [engine], or compare fewer days',
            )
        folder = self._shared / f"channelscope-{uuid.uuid4().hex}"
        try:
            with clear_errors(where=query.name):
                rows.write.parquet(str(folder))
            found = self._caster.connection.read_parquet(str(folder / "*.parquet"))
            return self._declared(query, found)
        except duckdb.IOException as error:
            raise UsageError(
                f"what the cluster wrote to {self._shared} cannot be read from here",
                where="channelscope.toml: engine.shared",
                expected="a folder that the cluster and this machine both see",
            ) from error
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def _declared(self, query: SqlFile, relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
        """The rows cast to the header's types, in the statement's order, unique by its grain."""
        promised = [output.name for output in query.outputs]
        if list(relation.columns) != promised:
            raise QueryError(
                f"returns other columns than its header promises: {relation.columns}",
                where=query.name,
            )
        typed = relation.select(
            *(
                ColumnExpression(output.name).cast(duckdb.sqltype(output.type)).alias(output.name)
                for output in query.outputs
            )
        )
        order = query.sql.rpartition("\norder by ")[2].strip()
        try:
            frame = to_frame(typed.order(order) if query.sql_unordered != query.sql else typed)
        except duckdb.Error as error:
            raise QueryError(str(error), where=query.name) from error
        if query.grain and frame.select(query.grain).is_duplicated().any():
            raise QueryError(f"rows are not unique by {', '.join(query.grain)}", where=query.name)
        return frame


def _plain(frame: pl.DataFrame) -> Any:
    """An Arrow table of types that Spark knows: no views of text, no null columns."""
    import pyarrow as pa  # noqa: PLC0415  heavy

    table = frame.to_arrow(compat_level=pl.CompatLevel.oldest())
    fields = [
        field.with_type(pa.string()) if pa.types.is_large_string(field.type) else field
        for field in table.schema
    ]
    return table.cast(pa.schema(fields))
