"""A DuckDB session: runs query files and holds each result to its header."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import duckdb
import polars as pl

from channelscope import shortages
from channelscope.errors import ChannelscopeError, QueryError
from channelscope.limits import DEFAULT, NO_LIMITS, Limits
from channelscope.scratch import Scratch

if TYPE_CHECKING:
    from channelscope.sqlfile import SqlFile


class Session:
    """One DuckDB connection. Tables are registered by name; answers are Polars frames."""

    def __init__(
        self,
        connection: duckdb.DuckDBPyConnection,
        *,
        scratch: Scratch | None = None,
        limits: Limits = NO_LIMITS,
    ) -> None:
        self.connection = connection
        self.limits = limits
        self._scratch = scratch

    @classmethod
    def over_files(
        cls,
        allowed: tuple[Path, ...],
        *,
        limits: Limits = NO_LIMITS,
        databases: Mapping[str, Path] | None = None,
    ) -> Session:
        """A session that reads the `allowed` folders and, read-only, `databases` by alias."""
        scratch = Scratch.make(limits.temp_dir)
        try:
            connection = opened(scratch, limits, allowed=allowed, databases=databases or {})
        except BaseException:
            scratch.close()
            raise
        return cls(connection, scratch=scratch, limits=limits)

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make `frame` readable as table `name`."""
        self.connection.register(name, frame)

    def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of `query`, in the order, names, types and grain its header promises."""
        bound = {name: (params or {})[name] for name in query.params}
        try:
            relation = self.connection.sql(query.sql, params=bound)
            _check_columns(query, relation)
            frame: pl.DataFrame = relation.pl()
        except duckdb.Error as error:
            raise _told(error, query) from error
        if query.grain and frame.select(query.grain).is_duplicated().any():
            raise QueryError(f"rows are not unique by {', '.join(query.grain)}", where=query.name)
        return frame

    def write(
        self,
        query: SqlFile,
        path: Path,
        params: Mapping[str, Any] | None = None,
        *,
        is_kept: bool = True,
    ) -> None:
        """Stream the rows of `query` into a Parquet file; they have the order of their making.

        `is_kept`: it stays, so that its size matters more than the time of writing it.
        """
        bound = {name: (params or {})[name] for name in query.params}
        try:
            relation = self.connection.sql(query.sql_unordered, params=bound)
            _check_columns(query, relation)
            relation.write_parquet(str(path), compression="zstd" if is_kept else "snappy")
        except duckdb.Error as error:
            raise _told(error, query) from error

    def show_files(self, name: str, paths: Sequence[Path], *, like: Path) -> None:
        """Make the rows of Parquet files with the columns of the file `like` readable as table
        `name`; of no files, no rows."""
        rows = self.connection.read_parquet([str(path) for path in paths or [like]])
        (rows if paths else rows.limit(0)).create_view(name, replace=True)

    def show_views(self, name: str, views: Sequence[str]) -> None:
        """Make the rows of several views of the same columns readable as table `name`."""
        first, *others = (self.connection.table(view) for view in views)
        reduce(lambda one, other: one.union(other), others, first).create_view(name, replace=True)

    def close(self) -> None:
        """Give the connection back, and what it spilled."""
        self.connection.close()
        if self._scratch is not None:
            self._scratch.close()
            self._scratch = None


def opened(
    scratch: Scratch, limits: Limits, *, allowed: tuple[Path, ...], databases: Mapping[str, Path]
) -> duckdb.DuckDBPyConnection:
    """A connection within `limits` that spills into `scratch` and is shut to everything else."""
    settings: dict[str, Any] = {
        "memory_limit": limits.memory or DEFAULT,
        "temp_directory": str(scratch.path),
    }
    if limits.threads:
        settings["threads"] = limits.threads
    connection = duckdb.connect(":memory:", config=settings)
    try:
        for alias, path in databases.items():
            connection.execute(f"attach $path as {alias} (read_only)", {"path": str(path)})
        connection.execute("set parquet_metadata_cache = true")  # dozens of queries, one footer
        lock(connection, allowed=allowed)
    except BaseException:
        connection.close()
        raise
    return connection


def to_frame(relation: duckdb.DuckDBPyRelation) -> pl.DataFrame:
    """The rows of `relation`.

    By way of an Arrow table: handing the relation itself to Polars works too, but makes the
    bindings complain about leaked references when the process ends.
    """
    return cast(pl.DataFrame, pl.from_arrow(relation.to_arrow_table()))


def lock(connection: duckdb.DuckDBPyConnection, *, allowed: tuple[Path, ...]) -> None:
    """Shut the connection to everything but the `allowed` folders, for good.

    Its own progress bar is off too: it would draw on standard output, among what is written there.
    """
    folders = [str(path) for path in allowed]
    for name, value in (
        ("enable_progress_bar", False),
        ("allowed_directories", folders),
        ("autoinstall_known_extensions", False),
        ("autoload_known_extensions", False),
        ("python_enable_replacements", False),
        ("enable_external_access", False),
        ("lock_configuration", True),
    ):
        connection.execute(f"set {name} = $value", {"value": value})


def _told(error: duckdb.Error, query: SqlFile) -> ChannelscopeError:
    return shortages.of(error, where=query.name) or QueryError(str(error), where=query.name)


def _check_columns(query: SqlFile, relation: duckdb.DuckDBPyRelation) -> None:
    promised = [(output.name, output.type) for output in query.outputs]
    real = list(zip(relation.columns, (str(t) for t in relation.types), strict=True))
    if promised != real:
        wrong = next((pair for pair in zip(promised, real, strict=False) if pair[0] != pair[1]), "")
        raise QueryError(
            f"returns other columns than its header promises: {wrong or (promised, real)}",
            where=query.name,
        )
