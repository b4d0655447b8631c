"""CSV and XLSX become Parquet once: typed, file by file, and kept between runs.

A file whose values do not all fit is not converted: whoever reads it as it stands tells why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb
import polars as pl
from duckdb import ColumnExpression

from channelscope import __version__, contract
from channelscope.cache import Cache, key
from channelscope.conform import Default, Shaped, conform
from channelscope.contract import ROW
from channelscope.engine.duckdb import Session
from channelscope.sources import Raw, label_of, numbered, text_file
from channelscope.text_files import TextFile, TextFolder
from channelscope.workspace import FileKind, FileSource, Source

_MADE_BY = (__version__, duckdb.__version__, pl.__version__, version("fastexcel"))


class _UnfitError(Exception):
    """A file has values or columns that are not the contract's."""


@dataclass(frozen=True, slots=True)
class Converter:
    """Makes tables of text files by way of the Parquet that `cache` keeps; none without one.

    `digest`: SHA-256 of a file; `texts`: reads text files.
    """

    session: Session
    cache: Cache | None
    digest: Callable[[Path], bytes]
    texts: TextFolder

    def table(self, source: Source, defaults: Mapping[str, Default]) -> tuple[Raw, Shaped] | None:
        """The table of `source`; None where it must be read as it stands.

        Raises DataError when a file is not what its name says.
        """
        if not isinstance(source, FileSource) or source.kind is FileKind.PARQUET:
            return None
        if self.cache is None:
            return None
        try:
            found = [_File(source, path, defaults).kept(self, self.cache) for path in source.paths]
        except (_UnfitError, OSError):
            return None
        return self._whole(source, [path for path, _ in found], [names for _, names in found])

    def _whole(
        self, source: FileSource, parquet: list[Path], named: list[list[str]]
    ) -> tuple[Raw, Shaped]:
        starts, start = [], 0
        for path, made in zip(source.paths, parquet, strict=True):
            starts.append((path.name, start))
            start += int(pl.scan_parquet(made).select(pl.col(ROW).max()).collect().item() or 1)
        columns = tuple(column.name for column in contract.BY_NAME[source.table].columns)
        relation = self.session.connection.read_parquet([str(path) for path in parquet])
        relation = relation.select(
            *map(ColumnExpression, columns), numbered(ColumnExpression(ROW), starts)
        )
        raw = Raw(
            relation, label_of(source.paths), tuple(starts),
            files=source.paths, parquet=tuple(parquet),
        )  # fmt: skip
        there = tuple(dict.fromkeys(name for names in named for name in names))
        extra = tuple(name for name in there if name not in columns)
        missing = tuple(name for name in columns if name not in there)
        kept = tuple(ColumnExpression(name) for name in (*columns, ROW))
        return raw, Shaped(relation, extra, missing, (), kept)


@dataclass(frozen=True)
class _File:
    """One text file of a table."""

    source: FileSource
    path: Path
    defaults: Mapping[str, Default]

    def kept(self, converter: Converter, cache: Cache) -> tuple[Path, list[str]]:
        """The file as Parquet, rows numbered as in the file, and the columns it has itself."""
        table, known = self.source.table, self._key(converter.digest(self.path))

        def text() -> TextFile:
            return converter.texts.read(self.path, self.source.kind)

        def write(to: Path) -> None:
            raw = text_file(converter.session, text(), self.path)
            shaped = conform(raw, contract.BY_NAME[table], defaults=self.defaults)
            if shaped.relation is None:
                raise _UnfitError(self.path.name)
            shaped.relation.write_parquet(str(to), compression="zstd")

        def columns() -> pl.DataFrame:
            return pl.DataFrame({"name": text().columns}, schema={"name": pl.String})

        made = cache.file(f"{table}_converted", known, write)
        names = cache.frame(f"{table}_columns", known, columns)["name"].to_list()
        converter.texts.drop(self.path)
        return made, names

    def _key(self, content: bytes) -> str:
        defaults = repr(sorted(self.defaults.items()))
        table = contract.BY_NAME[self.source.table]
        columns = repr(table.columns)
        return key(*_MADE_BY, table.name, columns, str(self.source.kind), defaults, content)
