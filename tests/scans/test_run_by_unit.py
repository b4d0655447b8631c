"""What is run unit by unit gives what it would of the whole: no order lies in two units."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import sqlglot
from sqlglot import exp

from channelscope import quality
from channelscope.scans import LINES
from channelscope.sqlfile import SqlFile

ORDER = {"store_id", "order_id"}
CHECKS = [query for query in quality.checks() if query.extra["table"] == LINES]


@pytest.mark.parametrize("query", CHECKS, ids=lambda query: query.stem)
def test_a_check_of_order_lines_looks_at_one_order_at_most(query: SqlFile) -> None:
    assert list(_wider_than_an_order(_tree(query))) == []


def test_looks_beyond_an_order_are_seen() -> None:
    (query,) = (query for query in CHECKS if query.stem == "order_lines_duplicate_key")
    for old, new in (
        ("store_id, order_id, line_no) as key_hash", "sku) as key_hash"),
        ("keyed.store_id, keyed.order_id, keyed.line_no\n", "keyed.order_id, keyed.line_no\n"),
    ):
        assert old in query.sql
        assert len(list(_wider_than_an_order(_parsed(query.sql.replace(old, new))))) == 1


def _wider_than_an_order(tree: exp.Expression) -> Iterator[str]:
    """Groups of order lines, and windows over them, that are not parts of an order."""
    for group in tree.find_all(exp.Group):
        if _reads_lines(group.parent_select, tree) and ORDER - _columns(group, tree):
            yield group.sql("duckdb")
    for window in tree.find_all(exp.Window):
        by = exp.Tuple(expressions=window.args.get("partition_by") or [])
        if ORDER - _columns(by, tree):
            yield window.sql("duckdb")


def _reads_lines(select: exp.Select | None, tree: exp.Expression) -> bool:
    """Whether the first thing that a select reads is, in the end, the order lines."""
    assert select is not None
    name = select.args["from_"].this.name
    below = next((cte.this for cte in tree.find_all(exp.CTE) if cte.alias == name), None)
    return name == LINES if below is None else _reads_lines(below, tree)


def _columns(
    node: exp.Expression, tree: exp.Expression, seen: frozenset[str] = frozenset()
) -> set[str]:
    """The columns of tables that `node` is made of, by way of the names that the query gives."""
    found: set[str] = set()
    value = node.this if isinstance(node, exp.Window) else node
    for name in {column.name for column in value.find_all(exp.Column)}:
        given = [alias.this for alias in tree.find_all(exp.Alias) if alias.alias == name]
        if not given or name in seen:
            found.add(name)
            continue
        for each in given:
            found |= _columns(each, tree, seen | {name})
    return found


def _tree(query: SqlFile) -> exp.Expression:
    return _parsed(query.sql)


def _parsed(sql: str) -> exp.Expression:
    return sqlglot.parse_one(sql, read="duckdb")
