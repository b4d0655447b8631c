"""Worked cases of queries: the text format, its parser, and the run against the query itself.

A case lies in `queries/<folder>/cases/<stem>.case`, further ones in `<stem>.<label>.case`:

    # what the case is about
    params
    first = 2026-01-01

    given order_lines
    store_id | sku | qty | list_price      # which wrong query the row below kills
    F1       | a   | 1   | 10.00           # a query that counts lines instead of pieces

    expect
    store_id | units
    F1       | 1.000

`null` is null, a column not written is null, an input not given is an empty table. A cell in single
quotes is taken as it stands (`''` is empty text, `'null'` the word); a bar inside text is `\\|`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from channelscope import contract
from channelscope.engine.duckdb import Session, to_frame
from channelscope.sqlfile import SqlFile
from tests import sql_inputs
from tests.sql_inputs import CaseError

_CELL_BREAK = re.compile(r"(?<!\\)\|")
_COMMENT = re.compile(r"\s#.*$")


@dataclass(frozen=True, slots=True)
class Rows:
    """A little table in text: column names and cells, None where the case says null."""

    columns: tuple[str, ...]
    cells: tuple[tuple[str | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Case:
    """What goes in and what must come out."""

    path: Path
    about: str
    expect: Rows
    params: Mapping[str, str | None] = field(default_factory=dict)
    given: Mapping[str, Rows] = field(default_factory=dict)


def cases_of(query: SqlFile) -> tuple[Path, ...]:
    """The case files of a query, the plain one first."""
    folder = query.path.parent / "cases"
    plain = folder / f"{query.stem}.case"
    more = sorted(folder.glob(f"{query.stem}.*.case"))
    return (plain, *more) if plain.exists() else tuple(more)


def read(path: Path) -> Case:
    """The case in `path`; CaseError names the line that is wrong."""
    about: list[str] = []
    sections: dict[str, list[tuple[int, str]]] = {}
    current: list[tuple[int, str]] | None = None
    for number, raw in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if raw.lstrip().startswith("#"):
            if current is None:
                about.append(raw.lstrip("# ").strip())
            continue
        line = _COMMENT.sub("", raw).strip()
        if not line:
            continue
        if line in ("params", "expect") or line.startswith("given "):
            if line in sections:
                raise CaseError(f"{path}:{number}: '{line}' stands twice")
            current = sections.setdefault(line, [])
        elif current is None:
            raise CaseError(f"{path}:{number}: {line!r} belongs to no section")
        else:
            current.append((number, line))
    return _case(path, " ".join(about), sections)


def _case(path: Path, about: str, sections: Mapping[str, Sequence[tuple[int, str]]]) -> Case:
    if not about:
        raise CaseError(f"{path}: the first line must say what the case is about (# ...)")
    if "expect" not in sections:
        raise CaseError(f"{path}: nothing is expected")
    given = {
        name.removeprefix("given ").strip(): _rows(path, lines)
        for name, lines in sections.items()
        if name.startswith("given ")
    }
    params = dict(_params(path, sections.get("params", ())))
    return Case(path, about, _rows(path, sections["expect"]), params, given)


def _params(path: Path, lines: Sequence[tuple[int, str]]) -> Iterator[tuple[str, str | None]]:
    for number, line in lines:
        name, equals, value = line.partition("=")
        if not equals:
            raise CaseError(f"{path}:{number}: a parameter is written 'name = value'")
        yield name.strip(), _cell(value, f"{path}:{number}")


def _rows(path: Path, lines: Sequence[tuple[int, str]]) -> Rows:
    if not lines:
        raise CaseError(f"{path}: a table without a line of column names")
    columns = tuple(cell.strip() for cell in _CELL_BREAK.split(lines[0][1]))
    cells = []
    for number, line in lines[1:]:
        row = tuple(_cell(cell, f"{path}:{number}") for cell in _CELL_BREAK.split(line))
        if len(row) != len(columns):
            raise CaseError(f"{path}:{number}: {len(row)} cells under {len(columns)} columns")
        cells.append(row)
    return Rows(columns, tuple(cells))


def _cell(text: str, where: str) -> str | None:
    value = text.strip().replace("\\|", "|")
    if value == "null":
        return None
    if value == "":
        raise CaseError(f"{where}: an empty cell; write null, or '' for empty text")
    if len(value) > 1 and value[0] == value[-1] == "'":
        return value[1:-1]
    return value


def run(query: SqlFile, case: Case, catalogue: Mapping[str, SqlFile]) -> pl.DataFrame:
    """The rows the query returns for the case, held to header, types and grain on the way."""
    with opened(query, case, catalogue) as (session, params):
        return session.run(query, params)


@contextmanager
def opened(
    query: SqlFile, case: Case, catalogue: Mapping[str, SqlFile]
) -> Iterator[tuple[Session, dict[str, Any]]]:
    """A session with the inputs of the case in it, and its parameters in their types.

    An input that is a query itself and is not given is run on what the case gives it to read.
    """
    run_before = _below(query, case, catalogue)
    steps = [*run_before, query]
    declared = {name: type_ for each in steps for name, type_ in each.params.items()}
    _same_names(case, "parameters", set(case.params), set(declared))
    read = {name for each in steps for name in each.inputs}
    unknown = set(case.given) - read
    if unknown:
        raise CaseError(f"{case.path}: gives {sorted(unknown)}, which are no inputs of the query")
    with duckdb.connect(":memory:") as con:
        for name in sorted(read - {each.stem for each in run_before}):
            types = sql_inputs.columns_of(name, catalogue)
            _create(con, name, types, case.given.get(name), case.path)
        params = {name: _cast(con, case.params[name], type_) for name, type_ in declared.items()}
        for each in run_before:
            con.register(each.stem, Session(con).run(each, params))
        yield Session(con), params


def _below(query: SqlFile, case: Case, catalogue: Mapping[str, SqlFile]) -> list[SqlFile]:
    """Queries among the inputs that read what the case gives, through others or not, those first
    needed first.

    One that needs a parameter the case does not name has no rows.
    """
    found: dict[str, SqlFile] = {}
    for each in catalogue.values():
        wanted = each.stem in query.inputs and each.stem not in case.given
        told = set(each.params) <= set(case.params)
        below = _below(each, case, catalogue) if wanted and told else []
        if wanted and told and (below or set(each.inputs) & set(case.given)):
            found |= {step.stem: step for step in (*below, each)}
    return list(found.values())


def expected(query: SqlFile, case: Case) -> pl.DataFrame:
    """The rows the case expects, in the types the header promises."""
    columns = {output.name: output.type for output in query.outputs}
    _same_names(case, "columns under expect", set(case.expect.columns), set(columns))
    with duckdb.connect(":memory:") as con:
        _create(con, "expect", columns, case.expect, case.path)
        return to_frame(con.table("expect"))


def compare(query: SqlFile, case: Case, real: pl.DataFrame) -> None:
    """CaseError naming row and column of the first difference, if there is one."""
    want = expected(query, case)
    if real.height != want.height:
        raise CaseError(f"{case.path}: {want.height} rows expected, {real.height} came:\n{real}")
    for number, (a, b) in enumerate(zip(want.rows(), real.rows(), strict=True), start=1):
        for name, left, right in zip(want.columns, a, b, strict=True):
            if not _equal(left, right):
                raise CaseError(
                    f"{case.path}: row {number}, {name}: {left!r} expected, {right!r} came\n{real}"
                )


def check(query: SqlFile, path: Path, catalogue: Mapping[str, SqlFile]) -> pl.DataFrame:
    """The rows of one case of a query; raises CaseError or QueryError when they are not right."""
    case = read(path)
    rows = run(query, case, catalogue)
    compare(query, case, rows)
    return rows


def _same_names(case: Case, what: str, written: set[str], declared: set[str]) -> None:
    if written != declared:
        raise CaseError(
            f"{case.path}: {what} missing {sorted(declared - written)}, "
            f"unknown {sorted(written - declared)}"
        )


def _create(
    con: duckdb.DuckDBPyConnection,
    name: str,
    types: Mapping[str, str],
    rows: Rows | None,
    path: Path,
) -> None:
    # Result tables have columns that SQL has words for: on, from, to.
    columns_of = ", ".join(f'"{column}" {type_}' for column, type_ in types.items())
    con.execute(f"create table {name} ({columns_of})")
    if rows is None:
        return
    unknown = [column for column in rows.columns if column not in types]
    if unknown:
        raise CaseError(f"{path}: {name} has no column {unknown}")
    columns, cells = list(rows.columns), [list(row) for row in rows.cells]
    if contract.ROW in types and contract.ROW not in columns:
        columns.append(contract.ROW)
        cells = [[*row, str(number)] for number, row in enumerate(cells, start=1)]
    if not cells:
        return
    marks = ", ".join("?" for _ in columns)
    try:
        con.executemany(f"insert into {name} ({', '.join(columns)}) values ({marks})", cells)
    except duckdb.Error as error:
        raise CaseError(f"{path}: {name}: {error}") from error


def _cast(con: duckdb.DuckDBPyConnection, value: str | None, type_: str) -> Any:
    ((cast,),) = con.execute(f"select cast(? as {type_})", [value]).fetchall()
    return cast


def _equal(left: Any, right: Any) -> bool:
    if isinstance(left, float) and isinstance(right, float):
        return (math.isnan(left) and math.isnan(right)) or math.isclose(
            left, right, rel_tol=1e-9, abs_tol=1e-9
        )
    return bool(left == right and (left is None) == (right is None))
