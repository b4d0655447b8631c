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
from channelscope.converting import Converter
from channelscope.currencies import AS_GIVEN
from channelscope.engine.duckdb import Session
from channelscope.sources import Raw, open_source
from channelscope.sql_mapping import Mapped
from channelscope.workspace import MixedSource, Source, Written

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
    session: Session,
    source: Source,
    mapped: Mapped | None,
    *,
    defaults: Mapping[str, Default],
    converter: Converter,
) -> Opened:
    """The table of `source`; DataError or SqlMappingError when it cannot be read at all."""

    def shaped(written: Written) -> tuple[Raw, Shaped]:
        found = converter.table(written, defaults)
        if found is not None:
            return found
        raw = open_source(session, written, mapped, texts=converter.texts)
        return raw, conform(raw, contract.BY_NAME[source.table], defaults=defaults)

    if not isinstance(source, MixedSource):
        return _single(session, source.table, *shaped(source))
    by_hand = shaped(source.written)
    if not by_hand[0].relation.limit(1).fetchall():  # as `init` writes it
        return _single(session, source.table, *shaped(source.imported))
    return _mixed(session, source, by_hand, shaped(source.imported))


def _single(session: Session, table: str, raw: Raw, shaped: Shaped) -> Opened:
    if shaped.relation is not None:
        _keep(shaped.relation, f"{table}{AS_GIVEN}", raw)
        _name(session, table)
    return Opened(raw, shaped)


def _mixed(
    session: Session,
    source: MixedSource,
    from_hand: tuple[Raw, Shaped],
    from_import: tuple[Raw, Shaped],
) -> Opened:
    table = contract.BY_NAME[source.table]
    (written, by_hand), (imported, by_import) = from_hand, from_import
    failures = (*by_hand.failures, *by_import.failures)
    extra = tuple(dict.fromkeys((*by_hand.extra, *by_import.extra)))
    missing = tuple(name for name in by_hand.missing if name in by_import.missing)
    start = _last_row(written)
    raw = replace(_beside(written, imported, start), files=(), parquet=())
    if by_hand.relation is None or by_import.relation is None:
        return Opened(raw, Shaped(None, extra, missing, failures))
    names = (f"{table.name}_written", f"{table.name}_imported")
    _keep(by_hand.relation, names[0], written)
    _keep(by_import.relation, names[1], imported)
    replaced = _replaced(session, table, *names)
    relation = _union(session, table, names, start, has_replaced=replaced > 0)
    relation.create_view(f"{table.name}{AS_GIVEN}")
    _name(session, table.name)
    return Opened(raw, Shaped(relation, extra, missing, failures), replaced)


def _keep(relation: duckdb.DuckDBPyRelation, name: str, raw: Raw) -> None:
    """As a view: over a text file's rows kept in DuckDB, else over where they lie."""
    if raw.is_text:
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


def add_absent(session: Session, shaped: Mapping[str, Shaped]) -> None:
    """Tables that are not there, with their columns and no rows."""
    for table in contract.TABLES:
        if table.name not in shaped:
            _empty(session, table).create(table.name)


def _empty(session: Session, table: Table) -> duckdb.DuckDBPyRelation:
    types = {**{c.name: str(c.type) for c in table.columns}, ROW: "BIGINT"}
    columns = [
        ConstantExpression(None).cast(duckdb.sqltype(type_)).alias(name)
        for name, type_ in types.items()
    ]
    return session.connection.values([1]).select(*columns).limit(0)
