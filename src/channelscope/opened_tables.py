"""Opens a table of the workspace: under its name, as the contract has it.

Rows that a person handed in stand before imported ones: an imported row is left out when its key
was handed in. Parquet is never copied; it is read through a view from where it lies.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import duckdb
from duckdb import CoalesceOperator, ColumnExpression, ConstantExpression, FunctionExpression

from channelscope import contract
from channelscope.conform import Default, Shaped, conform
from channelscope.contract import ROW, Table
from channelscope.currencies import AS_GIVEN
from channelscope.engine.duckdb import Session
from channelscope.sources import Raw, open_source
from channelscope.sql_mapping import Mapped
from channelscope.workspace import FileKind, FileSource, MixedSource, Source, Written

_FURTHER_KEYS = {"service": ("order_id",)}
"""What tells rows apart beside the grain, when it is known."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A table, readable by its name unless `failures` say why not.

    `replaced`: how many imported rows gave way to one that a person handed in.
    """

    raw: Raw
    shaped: Shaped
    replaced: int = 0


def open_table(
    session: Session, source: Source, mapped: Mapped | None, *, defaults: Mapping[str, Default]
) -> Opened:
    """The table of `source`; DataError or SqlMappingError when it cannot be read at all."""
    if not isinstance(source, MixedSource):
        return _single(session, source, open_source(session, source, mapped), defaults)
    written = open_source(session, source.written, mapped)
    imported = open_source(session, source.imported, None)
    if not written.relation.limit(1).fetchall():  # as `init` writes it
        return _single(session, source.imported, imported, defaults)
    return _mixed(session, source, written, imported, defaults)


def _single(session: Session, source: Written, raw: Raw, defaults: Mapping[str, Default]) -> Opened:
    shaped = conform(raw, contract.BY_NAME[source.table], defaults=defaults)
    if shaped.relation is not None:
        _keep(shaped.relation, f"{source.table}{AS_GIVEN}", source)
        _name(session, source.table)
    return Opened(raw, shaped)


def _mixed(
    session: Session,
    source: MixedSource,
    written: Raw,
    imported: Raw,
    defaults: Mapping[str, Default],
) -> Opened:
    table = contract.BY_NAME[source.table]
    by_hand = conform(written, table, defaults=defaults)
    by_import = conform(imported, table, defaults=defaults)
    failures = (*by_hand.failures, *by_import.failures)
    extra = tuple(dict.fromkeys((*by_hand.extra, *by_import.extra)))
    missing = tuple(name for name in by_hand.missing if name in by_import.missing)
    start = _last_row(written)
    raw = replace(_beside(written, imported, start), files=())
    if by_hand.relation is None or by_import.relation is None:
        return Opened(raw, Shaped(None, extra, missing, failures))
    names = (f"{table.name}_written", f"{table.name}_imported")
    _keep(by_hand.relation, names[0], source.written)
    _keep(by_import.relation, names[1], source.imported)
    replaced = _replaced(session, table, *names)
    relation = _union(session, table, names, start, has_replaced=replaced > 0)
    relation.create_view(f"{table.name}{AS_GIVEN}")
    _name(session, table.name)
    return Opened(raw, Shaped(relation, extra, missing, failures), replaced)


def _keep(relation: duckdb.DuckDBPyRelation, name: str, source: Written) -> None:
    """As a view: over a text file's rows kept in DuckDB, else over where they lie."""
    if isinstance(source, FileSource) and source.kind is not FileKind.PARQUET:
        relation.create(name)
    else:
        relation.create_view(name)


def _name(session: Session, table: str) -> None:
    session.connection.table(f"{table}{AS_GIVEN}").create_view(table)


def _last_row(raw: Raw) -> int:
    last = raw.relation.aggregate([FunctionExpression("max", ColumnExpression(ROW))])
    return int(last.fetchall()[0][0])


def _beside(written: Raw, imported: Raw, start: int) -> Raw:
    """Rows of the imported parts are counted on after those handed in."""
    before = written.starts or ((written.label, 0),)
    after = tuple((name, begin + start) for name, begin in imported.starts)
    return replace(written, starts=(*before, *after))


def _replaced(session: Session, table: Table, written: str, imported: str) -> int:
    """Notes which imported rows are handed in too, once: keys are text, row numbers are not."""
    keys = _keys(table, session.connection.table(written))
    rows = _keys(table, session.connection.table(imported))
    names = [f"key_{position}" for position, _ in enumerate(_key(table))]
    found = rows.join(keys.select(*names), ", ".join(names), how="semi").select(ROW)
    found.create(f"{table.name}_replaced")
    return int(session.connection.table(f"{table.name}_replaced").shape[0])


def _key(table: Table) -> tuple[str, ...]:
    return (*table.grain, *_FURTHER_KEYS.get(table.name, ()))


def _keys(table: Table, relation: duckdb.DuckDBPyRelation) -> duckdb.DuckDBPyRelation:
    """The key of each row; an optional part of it that is not known equals itself."""
    columns = [
        ColumnExpression(name)
        if table.column(name).required
        else CoalesceOperator(ColumnExpression(name), ConstantExpression(""))
        for name in _key(table)
    ]
    named = [column.alias(f"key_{position}") for position, column in enumerate(columns)]
    return relation.select(*named, ColumnExpression(ROW))


def _union(
    session: Session, table: Table, names: tuple[str, str], start: int, *, has_replaced: bool
) -> duckdb.DuckDBPyRelation:
    written, imported = (session.connection.table(name) for name in names)
    if has_replaced:
        replaced = session.connection.table(f"{table.name}_replaced")
        imported = imported.join(replaced, ROW, how="anti")
    columns = [ColumnExpression(column.name) for column in table.columns]
    row = (ColumnExpression(ROW) + start).cast(duckdb.sqltype("BIGINT")).alias(ROW)
    return written.union(imported.select(*columns, row))
