"""What is run unit by unit gives what it would of the whole: no order lies in two units, and days
are clipped to those of the unit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
import sqlglot
from sqlglot import exp

from channelscope import quality, sqlfile
from channelscope.scans import LINES
from channelscope.sqlfile import SqlFile

ORDER = {"store_id", "order_id"}
PAID_AT = {"ordered_at", "first_day", "last_at"}
"""When an order was paid, or the first and last of a buyer's in a quarter of `buyer_visits`."""
CHECKS = [query for query in quality.checks() if query.extra["table"] == LINES]
ADDED = [query for query in sqlfile.catalogue().values() if query.extra.get("parts") == "add"]


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


def _columns(node: exp.Expression, tree: exp.Expression) -> set[str]:
    """The columns of tables that `node` is made of, by way of the names that the query gives."""
    found: set[str] = set()
    for name in _named(node):
        given = [alias.this for alias in tree.find_all(exp.Alias) if alias.alias == name]
        others = [each for each in given if name not in _named(each)]  # not min(x) as x
        found |= set().union(*(_columns(each, tree) for each in others)) if others else {name}
    return found


def _named(node: exp.Expression) -> set[str]:
    value = node.this if isinstance(node, exp.Window) else node
    return {column.name for column in value.find_all(exp.Column)}


@pytest.mark.parametrize("query", ADDED, ids=lambda query: query.stem)
def test_days_of_a_query_that_adds_up_cut_order_lines_alone(query: SqlFile) -> None:
    assert list(_otherwise_cut(query.params, _tree(query))) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("cast(ordered_at as date) <= $last", "cast(refunded_at as date) <= $last"),
        ("cast(ordered_at as date) <= $last", "cast(ordered_at as date) <> $last"),
        ("        paid_amount,\n", "        paid_amount,\n        $last as day,\n"),
        (" order_lines\n", " (select * from promotions where cast(starts_at as date) <= $last)\n"),
    ],
)
def test_other_cuts_are_seen(old: str, new: str) -> None:
    (query,) = (query for query in ADDED if query.stem == "sku_weeks")
    assert old in query.sql
    assert len(list(_otherwise_cut(query.params, _parsed(query.sql.replace(old, new, 1))))) == 1


def _otherwise_cut(params: Mapping[str, str], tree: exp.Expression) -> Iterator[str]:
    """Where a day is held against anything but the time that an order was paid."""
    days = {name for name, type_ in params.items() if type_ == "date"}
    for node in tree.find_all(exp.Placeholder, exp.Parameter):
        if node.name not in days:
            continue
        compared = node.find_ancestor(exp.Predicate, exp.Select) or node
        is_cut = isinstance(compared, exp.GTE | exp.GT | exp.LTE | exp.LT)
        columns = _columns(compared, tree)
        if not is_cut or not columns or columns - PAID_AT:
            yield compared.sql("duckdb")


def _tree(query: SqlFile) -> exp.Expression:
    return _parsed(query.sql)


def _parsed(sql: str) -> exp.Expression:
    return sqlglot.parse_one(sql, read="duckdb")
