"""Opens each declared source as a DuckDB relation: the source's own columns, and `_row`."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from channelscope import shortages
from channelscope.contract import ROW
from channelscope.engine.duckdb import Session
from channelscope.errors import DataError, SqlMappingError
from channelscope.sql_mapping import Mapped
from channelscope.text_files import TextFile, TextFolder
from channelscope.workspace import (
    DatabaseSource,
    FileKind,
    FileSource,
    MixedSource,
    Source,
    SqlSource,
    Written,
    written_part,
)


@dataclass(frozen=True, slots=True)
class Raw:
    """A source as it stands. `is_text`: every cell is text, with the blanks people leave in it.

    `starts`: per file, what is added to its own row numbers. `files`: the files whose rows it has,
    where each can be read by itself; `parquet`: what they were converted to, which numbers rows.
    """

    relation: duckdb.DuckDBPyRelation
    label: str
    starts: tuple[tuple[str, int], ...] = ()
    is_text: bool = False
    files: tuple[Path, ...] = ()
    parquet: tuple[Path, ...] = ()

    def locate(self, row: int) -> str:
        """How a person finds a row: its number, and the file when there are several."""
        if len(self.starts) < 2:
            return f"row {row}"
        name, start = self.starts[bisect_right([s for _, s in self.starts], row - 1) - 1]
        return f"{name} row {row - start}"


def open_source(
    session: Session, source: Written, mapped: Mapped | None, *, texts: TextFolder
) -> Raw:
    """The relation of a source; DataError or SqlMappingError when it cannot be read."""
    match source:
        case FileSource(kind=FileKind.PARQUET):
            return _parquet(session, source)
        case FileSource():
            return _text(session, source, texts)
        case DatabaseSource():
            return _database(session, source)
        case SqlSource():
            assert mapped is not None
            return _select(session, source, mapped)


def alias(source: DatabaseSource) -> str:
    """The name under which a source's database is attached."""
    return f"database_of_{source.table}"


def _text(session: Session, source: FileSource, texts: TextFolder) -> Raw:
    """The rows lie in `texts` only as long as it does, so they must be kept elsewhere."""
    found = [texts.read(path, source.kind) for path in source.paths]
    starts, pieces, start = [], [], 0
    for path, text in zip(source.paths, found, strict=True):
        starts.append((path.name, start))
        pieces += [(path.name, start)] * len(text.parquet)
        start += text.last
    relation = _all_text(session, found)
    columns = [ColumnExpression(name) for name in relation.columns if name != ROW]
    relation = relation.select(*columns, numbered(ColumnExpression(ROW), pieces))
    return Raw(relation, label_of(source.paths), tuple(starts), is_text=True)


def text_file(session: Session, text: TextFile, path: Path) -> Raw:
    """The rows of one text file as a source."""
    return Raw(_all_text(session, [text]), path.name, is_text=True)


def _all_text(session: Session, texts: Sequence[TextFile]) -> duckdb.DuckDBPyRelation:
    paths = [str(parquet) for text in texts for parquet in text.parquet]
    return session.connection.read_parquet(paths, union_by_name=len(texts) > 1)


def _parquet(session: Session, source: FileSource) -> Raw:
    starts, start = [], 0
    for path in source.paths:
        try:
            height = pl.scan_parquet(path).select(pl.len()).collect().item()
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(path, "it is not a Parquet file") from error
        starts.append((path.name, start))
        start += height
    paths = [str(path) for path in source.paths]
    relation = session.connection.read_parquet(paths, file_row_number=True, union_by_name=True)
    row = numbered(ColumnExpression("file_row_number") + 1, starts)
    columns = [ColumnExpression(c) for c in relation.columns if c != "file_row_number"]
    label = label_of(source.paths)
    return Raw(relation.select(*columns, row), label, tuple(starts), files=source.paths)


def numbered(own: Expression, starts: Sequence[tuple[str, int]]) -> Expression:
    """`_row`: the number `own` of a row in its file, counted on from the files before it."""
    before = FunctionExpression(
        "list_extract",
        ConstantExpression([start for _, start in starts]),
        (ColumnExpression("file_index") + 1).cast(duckdb.sqltype("BIGINT")),
    )
    first = before if len(starts) > 1 else ConstantExpression(0)
    return (own + first).cast(duckdb.sqltype("BIGINT")).alias(ROW)


def part(session: Session, raw: Raw, position: int) -> duckdb.DuckDBPyRelation:
    """The rows of one of the files of `raw`, as they stand in the whole: with all its columns, in
    the types to which those of all files were brought, and the same numbers."""
    path, (_, start) = str((raw.parquet or raw.files)[position]), raw.starts[position]
    relation = session.connection.read_parquet([path], file_row_number=True)
    there = {name.lower() for name in relation.columns}
    counted = ColumnExpression(ROW) - 1 if raw.parquet else ColumnExpression("file_row_number")
    row = counted + (start + 1)
    columns = [
        (row if name == ROW else ColumnExpression(name) if name.lower() in there else _NOTHING)
        .cast(type_)
        .alias(name)
        for name, type_ in zip(raw.relation.columns, raw.relation.types, strict=True)
    ]
    return relation.select(*columns)


_NOTHING = ConstantExpression(None)


def _database(session: Session, source: DatabaseSource) -> Raw:
    label = f"{source.path.name}: {source.name}"
    schema = source.name if "." in source.name else f"main.{source.name}"
    try:
        relation = session.connection.table(f"{alias(source)}.{schema}")
        return Raw(_with_rowid(relation), label)
    except duckdb.CatalogException as error:
        raise DataError(
            f"has no table '{source.name}'", where=source.path.name, advice=str(error)
        ) from error
    except duckdb.BinderException:  # a view has no row ids
        return _stored(session, relation, source.table, label)


def _select(session: Session, source: SqlSource, mapped: Mapped) -> Raw:
    where = f"tables.{source.table}.sql"
    try:
        return _stored(session, session.connection.sql(mapped.sql), source.table, where)
    except duckdb.PermissionException as error:
        raise SqlMappingError(
            f"reads outside the workspace: {_first_line(error)}",
            where=where,
            expected="files of the workspace folder only; it is closed to everything else",
            advice="open another folder by name with --allow-dir",
        ) from error
    except duckdb.Error as error:
        if short := shortages.of(error, where=where):
            raise short from error
        raise SqlMappingError(_first_line(error), where=where) from error


def _stored(session: Session, relation: duckdb.DuckDBPyRelation, table: str, label: str) -> Raw:
    name = f"{table}_selected"
    relation.create(name)
    return Raw(_with_rowid(session.connection.table(name)), label)


def _with_rowid(relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    columns = [ColumnExpression(name) for name in relation.columns if name != ROW]
    return relation.select(
        *columns, (ColumnExpression("rowid") + 1).cast(duckdb.sqltype("BIGINT")).alias(ROW)
    )


def label_of(paths: Sequence[Path]) -> str:
    """How a table's files are named in a message."""
    more = f" and {len(paths) - 1} more files" if len(paths) > 1 else ""
    return f"{paths[0].name}{more}"


def _unreadable(path: Path, why: str) -> DataError:
    return DataError(f"cannot be read: {why}", where=path.name, advice="export it again")


def _first_line(error: Exception) -> str:
    return str(error).split("\n", 1)[0]


def fingerprint(source: Source, files: Sequence[Path], digest: Callable[[Path], bytes]) -> str:
    """sha256 of everything a table is made of: its files, and its sql."""
    whole = hashlib.sha256()
    written = written_part(source)
    if isinstance(written, SqlSource):
        whole.update(written.sql.encode())
    for path in files:
        whole.update(digest(path))
    return whole.hexdigest()


def size_of_texts(sources: Iterable[Source]) -> int:
    """Bytes of the CSV and XLSX files among `sources`."""
    written = map(written_part, sources)
    texts = (s for s in written if isinstance(s, FileSource) and s.kind is not FileKind.PARQUET)
    return sum(path.stat().st_size for source in texts for path in source.paths if path.exists())


def files_of(source: Source, mapped: Mapped | None) -> tuple[Path, ...]:
    """The files a table is read from."""
    match source:
        case MixedSource():
            return (*files_of(source.written, mapped), *source.imported.paths)
        case FileSource():
            return source.paths
        case DatabaseSource():
            return (source.path,)
        case SqlSource():
            return mapped.files if mapped else ()
