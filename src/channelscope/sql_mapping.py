"""A table's `sql`: held to one select by DuckDB's own parser, its files found in the workspace.

The parser's tree is walked as JSON: a file after `from` is a table name nobody declared, a file in
`read_csv(…)` the first argument of a table function. Both become absolute paths inside the open
folders, since the locked connection resolves no relative ones.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from typing import Any

import duckdb

from channelscope.errors import ConfigError, SqlMappingError, did_you_mean
from channelscope.workspace import inside

ONE_SELECT = "exactly one select statement"
_SQL_AS_TEXT = ("query", "query_table")
_FILE_ENDINGS = (".csv", ".tsv", ".txt", ".parquet", ".json", ".jsonl", ".ndjson", ".gz", ".zst")

Node = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Mapped:
    """A checked `sql`: the tables it reads and the text to run."""

    sql: str
    tables: frozenset[str]
    files: tuple[Path, ...]


def check(
    connection: duckdb.DuckDBPyConnection,
    sql: str,
    *,
    where: str,
    declared: frozenset[str],
    allowed: tuple[Path, ...],
) -> Mapped:
    """`sql` with absolute paths; SqlMappingError when it is not one select or leads outside."""
    tree = _tree(connection, sql, where)
    local = frozenset(_local_names(tree))
    reader = _Reader(where, declared, local, allowed)
    tables: set[str] = set()
    files: list[Path] = []
    for node in list(_nodes(tree)):
        kind = node.get("type")
        if kind == "SHOW_REF":
            raise SqlMappingError("describes a table", where=where, expected=ONE_SELECT)
        if kind == "BASE_TABLE":
            name = reader.table(node, files)
            tables |= {name} if name else set()
        if kind == "TABLE_FUNCTION":
            reader.function(node["function"], files)
    return Mapped(_text(connection, tree), frozenset(tables), tuple(files))


def in_order(tables: Iterable[str], mapped: Mapping[str, Mapped]) -> list[str]:
    """`tables` after those that their sql reads; otherwise in the order of the contract."""
    sorter = TopologicalSorter({n: mapped[n].tables if n in mapped else () for n in tables})
    try:
        return list(sorter.static_order())
    except CycleError as error:
        circle = " → ".join(reversed(error.args[1]))
        raise SqlMappingError(
            f"tables read each other in a circle: {circle}",
            where=f"tables.{error.args[1][0]}.sql",
            expected="a sql that reads files or tables that do not depend on it",
        ) from error


def with_tables(connection: duckdb.DuckDBPyConnection, sql: str, names: Mapping[str, str]) -> str:
    """`sql` reading other tables in place of those named, in no order: it is to be a table."""
    tree = _tree(connection, sql, "query")
    tree["statements"][0]["node"]["modifiers"] = []
    for node in _nodes(tree):
        if node.get("type") == "BASE_TABLE" and node["table_name"] in names:
            node["alias"] = node["alias"] or node["table_name"]
            _rename(node, names[node["table_name"]])
    return _text(connection, tree)


def _tree(connection: duckdb.DuckDBPyConnection, sql: str, where: str) -> Node:
    try:
        statements = connection.extract_statements(sql)
    except duckdb.Error as error:
        raise SqlMappingError(
            f"cannot be parsed: {_first_lines(error)}", where=where, expected=ONE_SELECT
        ) from error
    kinds = [statement.type.name.lower().replace("_", " ") for statement in statements]
    if kinds != ["select"]:
        what = f"has {len(kinds)} statements" if len(kinds) != 1 else f"is a {kinds[0]} statement"
        raise SqlMappingError(what, where=where, expected=ONE_SELECT)
    call = duckdb.FunctionExpression("json_serialize_sql", duckdb.ConstantExpression(sql))
    tree: Node = json.loads(_value(connection, call))
    if tree["error"]:
        raise SqlMappingError(tree["error_message"], where=where, expected=ONE_SELECT)
    return tree


def _text(connection: duckdb.DuckDBPyConnection, tree: Node) -> str:
    text = duckdb.ConstantExpression(json.dumps(tree)).cast(duckdb.sqltype("JSON"))
    return _value(connection, duckdb.FunctionExpression("json_deserialize_sql", text))


def _value(connection: duckdb.DuckDBPyConnection, expression: duckdb.Expression) -> str:
    rows = connection.values([1]).select(expression).fetchall()
    return str(rows[0][0])


def _nodes(value: Any) -> Iterator[Node]:
    if isinstance(value, dict):
        yield value
        for inner in value.values():
            yield from _nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _nodes(inner)


def _local_names(tree: Node) -> Iterator[str]:
    for node in _nodes(tree):
        for entry in node.get("cte_map", {}).get("map", ()):
            yield entry["key"].lower()


def _rename(node: Node, name: str) -> None:
    node["table_name"] = name
    node["qualified_name"] = {"path": [name]}


def _first_lines(error: Exception) -> str:
    return str(error).split("\n\n")[0]


@dataclass(frozen=True, slots=True)
class _Reader:
    """What a name after `from` may mean."""

    where: str
    declared: frozenset[str]
    local: frozenset[str]
    allowed: tuple[Path, ...]

    def table(self, node: Node, files: list[Path]) -> str | None:
        """The declared table a node reads, or None after its file has been made absolute."""
        name = node["table_name"]
        if node["schema_name"] or node["catalog_name"] or name.lower() in self.local:
            return None
        if name.lower() in self.declared:
            return str(name.lower())
        if not name.lower().endswith(_FILE_ENDINGS) and "/" not in name:
            raise SqlMappingError(
                f"reads '{name}', which is neither a file nor a declared table",
                where=self.where,
                expected="a path such as 'raw/orders.parquet', or one of: "
                + (", ".join(sorted(self.declared)) or "(no other table is declared)"),
                advice=did_you_mean(name, self.declared),
            )
        _rename(node, self._absolute(name, files))
        return None

    def function(self, call: Node, files: list[Path]) -> None:
        """Makes the paths among the arguments of a table function absolute."""
        name = call["function_name"].lower()
        if name in _SQL_AS_TEXT:
            raise SqlMappingError(
                f"hides sql in {name}(…)", where=self.where, expected="the select itself"
            )
        if not name.startswith(("read_", "parquet_", "sniff_")) and name != "glob":
            return
        first = call["arguments"][0]["expression"] if call["arguments"] else {}
        for node in _nodes(first):
            literal = node.get("literal")
            if isinstance(literal, dict) and literal.get("kind") == "STRING":
                literal["text"] = self._absolute(literal["text"], files)

    def _absolute(self, written: str, files: list[Path]) -> str:
        try:
            path = inside(Path(written), self.allowed, where=self.where)
        except ConfigError as error:
            raise SqlMappingError(
                f"reads '{written}', which lies outside the workspace",
                where=self.where,
                expected=error.expected,
                advice=error.advice,
            ) from error
        matches = [path]
        if any(sign in written for sign in "*?["):
            matches = sorted(Path(path.anchor).glob(str(path.relative_to(path.anchor))))
        if not matches or not matches[0].exists():
            raise SqlMappingError(f"reads '{written}', which is not there", where=self.where)
        files.extend(inside(match, self.allowed, where=self.where) for match in matches)
        return str(path)
