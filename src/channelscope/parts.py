"""Order lines file by file: each part a view of its own, with a name for what its rows are.

What is computed from a part stays valid while its name is the same, whatever comes beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from channelscope import contract, currencies, sources
from channelscope.cache import key
from channelscope.currencies import AS_GIVEN
from channelscope.engine.duckdb import Session
from channelscope.opened_tables import Opened


@dataclass(frozen=True, slots=True)
class Part:
    """Order lines of one file, or all of them, readable as the view `view`.

    `fingerprint` stands for its rows, before money is turned into one currency. `start`: how many
    rows lie before it; checks number rows by that, and it moves when a file before gains a row.
    """

    label: str
    fingerprint: str
    view: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class MadeOf:
    """What a table was opened from: `files` is the name of all its files, `digest` of one of them.

    `is_turned`: its money is turned into another currency.
    """

    opened: Opened
    files: str
    digest: Callable[[Path], bytes]
    is_turned: bool


def parts(session: Session, table: str, made_of: MadeOf | None) -> tuple[Part, ...]:
    """The parts of a table: one a Parquet file, where it has several and nothing else.

    None of a table that is not there or breaks the contract.
    """
    if made_of is None or made_of.opened.shaped.relation is None:
        return ()
    count = len(made_of.opened.raw.files)
    if count < 2:
        return (Part(made_of.opened.raw.label, key(table, made_of.files), table),)
    return tuple(_part(session, table, made_of, position) for position in range(count))


def _part(session: Session, table: str, made_of: MadeOf, position: int) -> Part:
    opened, view = made_of.opened, f"{table}_part_{position + 1}"
    rows = sources.part(session, opened.raw, position).select(*opened.shaped.columns)
    rows.create_view(f"{view}{AS_GIVEN}", replace=True)
    if made_of.is_turned:
        currencies.convert_rows(session, table, view=view)
    else:
        session.connection.table(f"{view}{AS_GIVEN}").create_view(view, replace=True)
    name, start = opened.raw.starts[position]
    content = made_of.digest(opened.raw.files[position])
    return Part(name, key(table, content, *_types(opened, table)), view, start)


def _types(opened: Opened, table: str) -> Iterator[str]:
    """The columns that are read: of what type one is, all files decide together."""
    read = {column.name for column in contract.BY_NAME[table].columns}
    whole = opened.raw.relation
    for name, type_ in zip(whole.columns, whole.types, strict=True):
        if name in read:
            yield f"{name} {type_}"
