"""Workspace → Loaded: a locked session in which every table of the contract can be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from channelscope import contract, currencies, parts, sql_mapping
from channelscope.cache import Cache
from channelscope.config import Config
from channelscope.conform import Default, SameAs, Shaped
from channelscope.converting import Converter
from channelscope.engine.duckdb import Session
from channelscope.errors import ChannelscopeError, DataError, SqlMappingError
from channelscope.files_read import FilesRead
from channelscope.limits import NO_LIMITS, Limits
from channelscope.opened_tables import Opened, add_absent, open_table
from channelscope.parts import MadeOf, Part
from channelscope.progress import Count, Progress, silence
from channelscope.scratch import Scratch
from channelscope.sources import alias, files_of, fingerprint, size_of_texts
from channelscope.sql_mapping import Mapped
from channelscope.text_files import TextFolder
from channelscope.workspace import (
    DatabaseSource,
    Source,
    SqlSource,
    Workspace,
    written_part,
)

GOODS = ("order_lines", "price_snapshots")
"""One of these must exist."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The data of a workspace, typed. Missing optional tables are empty and not in `present`.

    `replaced`: per table, how many imported rows gave way to one that a person handed in.
    """

    session: Session
    path: Path
    config: Config
    workspace: Workspace
    present: frozenset[str]
    rows: Mapping[str, int]
    extra_columns: Mapping[str, tuple[str, ...]]
    missing_columns: Mapping[str, tuple[str, ...]]
    hashes: Mapping[str, str]
    files: FilesRead = field(default_factory=FilesRead, repr=False)
    made_of: Mapping[str, MadeOf] = field(default_factory=dict, repr=False)
    failures: tuple[ChannelscopeError, ...] = ()
    replaced: Mapping[str, int] = field(default_factory=dict)

    @property
    def parts(self) -> tuple[Part, ...]:
        """The order lines file by file, as far as files can be read by themselves."""
        return parts.parts(self.session, "order_lines", self.made_of.get("order_lines"))

    @property
    def absent(self) -> tuple[str, ...]:
        """The tables that are not there, or have no rows, in the order of the contract."""
        return tuple(name for name in contract.BY_NAME if name not in self.present)

    def locate(self, table: str, row: int) -> str:
        """How a person finds row `row` of `table` in its file."""
        found = self.made_of.get(table)
        return found.opened.raw.locate(row) if found else f"row {row}"

    def close(self) -> None:
        """Give the session back, and what it spilled."""
        self.session.close()


def load(workspace: Workspace) -> Loaded:
    """Every table of `workspace` as the contract has it; all failures in one DataError."""
    loaded = read(workspace)
    try:
        raise_failures(loaded.failures)
    except ChannelscopeError:
        loaded.close()
        raise
    return loaded


def read(
    workspace: Workspace,
    *,
    limits: Limits = NO_LIMITS,
    cache: Cache | None = None,
    elsewhere: Mapping[str, int] | None = None,
    progress: Progress = silence,
) -> Loaded:
    """The tables that can be read, and in `failures` why others cannot.

    `elsewhere`: how many rows tables have that only another engine reads; here they are empty.
    A table with a failure is not `present`; the rules of the others can be checked all the same,
    so that a user hears of everything at once. `limits`: before those of the toml.
    `cache`: keeps what text files are converted to. `progress`: hears how much of them is read.
    """
    limits = limits.over(workspace.limits)
    with closing(Scratch.make(limits.temp_dir)) as scratch:
        folders = (*(cache.folders if cache else ()), scratch.path)
        session = _session(workspace, limits, folders)
        try:
            count = Count(progress, "load", of=size_of_texts(workspace.sources.values()))
            texts = TextFolder(scratch.path, count.add)
            files = FilesRead()
            if cache is not None:
                cache.watch(files.require_unchanged)
            converter = Converter(session, cache, files.digest, texts)
            return _loaded(session, workspace, files, converter, elsewhere or {})
        except BaseException:
            session.close()
            raise


def raise_failures(failures: Sequence[ChannelscopeError]) -> None:
    """All failures as one error; nothing when there is none."""
    if any(isinstance(failure, SqlMappingError) for failure in failures):
        raise SqlMappingError.gathered(f"{len(failures)} tables cannot be read", failures)
    if failures:
        ways = f"the data break the contract in {len(failures)} ways"
        raise DataError.gathered(ways, failures)


def _session(workspace: Workspace, limits: Limits, folders: tuple[Path, ...]) -> Session:
    databases = {
        alias(source): source.path
        for source in map(written_part, workspace.sources.values())
        if isinstance(source, DatabaseSource)
    }
    try:
        return Session.over_files(
            (*workspace.allowed, *folders), limits=limits, databases=databases
        )
    except duckdb.OutOfMemoryException:
        raise
    except duckdb.Error as error:
        names = " or ".join(path.name for path in databases.values())
        raise DataError(
            f"{names} cannot be opened: {str(error).splitlines()[0]}",
            expected="a DuckDB database that no other program is writing to",
        ) from error


@dataclass(frozen=True, slots=True)
class _Reading:
    """The tables read so far, and all that went wrong."""

    session: Session
    workspace: Workspace
    elsewhere: Mapping[str, int]
    files: FilesRead
    converter: Converter
    mapped: dict[str, Mapped] = field(default_factory=dict)
    opened: dict[str, Opened] = field(default_factory=dict)
    shaped: dict[str, Shaped] = field(default_factory=dict)
    failures: list[ChannelscopeError] = field(default_factory=list)
    failed: set[str] = field(default_factory=set)
    replaced: dict[str, int] = field(default_factory=dict)

    def map(self, source: SqlSource) -> None:
        """Holds a table's sql to one select within the open folders."""
        try:
            self.mapped[source.table] = sql_mapping.check(
                self.session.connection,
                source.sql,
                where=f"tables.{source.table}.sql",
                declared=frozenset(self.workspace.sources),
                allowed=self.workspace.allowed,
            )
        except SqlMappingError as error:
            self.failures.append(error)

    def read(self, source: Source) -> None:
        """Makes a table of its source, unless its sql, or a table that reads, has failed."""
        mapped, written = self.mapped.get(source.table), written_part(source)
        if isinstance(written, SqlSource) and (not mapped or mapped.tables - set(self.shaped)):
            return
        defaults = _defaults(source.table, self.workspace.config)
        self.files.note(files_of(source, mapped))
        try:
            opened = open_table(
                self.session, source, mapped, defaults=defaults, converter=self.converter
            )
        except (DataError, SqlMappingError) as error:
            self.failures.append(_named(error, source.table))
            self.failed.add(source.table)
            return
        self.opened[source.table] = opened
        self.failures.extend(opened.shaped.failures)
        if opened.shaped.failures:
            self.failed.add(source.table)
        if opened.shaped.relation is not None:
            self.shaped[source.table] = opened.shaped
        if opened.replaced:
            self.replaced[source.table] = opened.replaced

    def finish(self) -> Loaded:
        """What could be read."""
        rows = {name: _count(self.session, name) for name in self.shaped} | {**self.elsewhere}
        self.failures.extend(_no_rows(self.workspace, rows))
        add_absent(self.session, self.shaped)
        currency = self.workspace.config.workspace.currency
        is_turned = currencies.convert(
            self.session, currency=currency, tables=self.shaped.keys() - self.failed
        )
        digest = self.files.digest
        files = {n: files_of(s, self.mapped.get(n)) for n, s in self.workspace.sources.items()}
        hashes = {n: fingerprint(s, files[n], digest) for n, s in self.workspace.sources.items()}
        return Loaded(
            session=self.session,
            path=self.workspace.path,
            config=self.workspace.config,
            workspace=self.workspace,
            present=frozenset(n for n, count in rows.items() if count and n not in self.failed),
            rows=rows,
            extra_columns={name: t.extra for name, t in self.shaped.items() if t.extra},
            missing_columns={name: t.missing for name, t in self.shaped.items() if t.missing},
            hashes=hashes,
            files=self.files,
            made_of={n: MadeOf(o, hashes[n], digest, is_turned) for n, o in self.opened.items()},
            failures=tuple(self.failures),
            replaced=self.replaced,
        )


def _loaded(
    session: Session,
    workspace: Workspace,
    files: FilesRead,
    converter: Converter,
    elsewhere: Mapping[str, int],
) -> Loaded:
    reading = _Reading(session, workspace, elsewhere, files, converter)
    with files.unchanged():
        for source in map(written_part, workspace.sources.values()):
            if isinstance(source, SqlSource):
                reading.map(source)
        for name in sql_mapping.in_order(workspace.sources, reading.mapped):
            reading.read(workspace.sources[name])
        return reading.finish()


def _defaults(table: str, config: Config) -> dict[str, Default]:
    if table == "stores":
        return {
            "currency": config.workspace.currency,
            "prices_include_tax": True,
            "buyer_id_scope": SameAs("platform"),
        }
    return {"source": "all"} if table == "traffic" else {}


def _count(session: Session, name: str) -> int:
    return int(session.connection.table(name).shape[0])


def _no_rows(workspace: Workspace, rows: Mapping[str, int]) -> Iterator[DataError]:
    """Optional tables may be empty, as `init` writes them; the ones that must exist may not."""
    needed = [
        table.name for table in contract.TABLES if table.required and not rows.get(table.name, 1)
    ]
    goods = [name for name in GOODS if name in workspace.sources or name in rows]
    if not any(rows.get(name, 1) for name in goods):
        needed.append("order_lines" if goods == ["order_lines"] else " or ".join(GOODS))
    for name in needed:
        yield DataError(
            "has column names but no rows",
            where=name,
            expected="at least one row",
            advice=f"fill {name} in {workspace.path.name}",
        )


def _named(error: ChannelscopeError, table: str) -> ChannelscopeError:
    """A failure to read a file, told with the table it was for."""
    if isinstance(error, DataError) and error.where and not error.where.startswith(table):
        error.where = f"{table} ({error.where})"
    return error
