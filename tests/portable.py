"""The portable subset of SQL, as rules on the syntax tree: what gives one answer on every engine.

Queries in `queries/scan/` keep to it. Two engines differ silently in more places than they fail, so
each rule names the construct that was seen to give another answer. A query may waive a rule where
the difference cannot show, with the reason, on a line of its own:

    -- portable: ok(<rule>) <reason>
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.qualify import qualify

from channelscope.sqlfile import SqlFile
from tests.sql_rules import is_guarded, row_keys

Schema = Mapping[str, Mapping[str, str]]
Found = Iterator[exp.Expression]

_WAIVER = re.compile(r"--\s*portable:\s*ok\((?P<rule>[a-z-]+)\)(?P<reason>.*)$", re.MULTILINE)
_T = exp.DataType.Type
_DOUBLE = (_T.DOUBLE, _T.FLOAT)
_WHOLE = (_T.BIGINT, _T.INT, _T.SMALLINT, _T.TINYINT)
_TYPES = (*_DOUBLE, *_WHOLE, _T.DECIMAL, _T.DATE, _T.TIMESTAMP, _T.BOOLEAN, _T.VARCHAR,
          _T.TEXT, _T.TIMESTAMPNTZ)  # fmt: skip
_LISTS = (exp.Array, exp.Struct, exp.Map, exp.List, exp.ArrayAgg, exp.Explode, exp.Unnest,
          exp.Bracket, exp.Lambda, exp.Split, exp.ToMap)  # fmt: skip
_DAY_NAMES = (exp.Dayname, exp.Monthname, exp.DayOfWeek, exp.DayOfWeekIso, exp.WeekOfYear,
              exp.DateBin, exp.ToDays, exp.Week, exp.YearOfWeek, exp.YearOfWeekIso)  # fmt: skip
_PARTS = ("YEAR", "QUARTER", "MONTH", "DAY")
_OTHER_MEANING = (exp.Kurtosis, exp.First, exp.Last, exp.AnyValue, exp.ApproxDistinct,
                  exp.ApproxQuantile, exp.ApproxTopK, exp.GroupingId)  # fmt: skip
_ORDERED = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.Ntile, exp.Lag, exp.Lead, exp.FirstValue,
            exp.LastValue, exp.NthValue)  # fmt: skip
_ARITHMETIC = (exp.Add, exp.Sub, exp.Mul, exp.Div)


@dataclass(frozen=True, slots=True)
class Parsed:
    """A statement as written, and a copy with tables, stars and types resolved."""

    tree: exp.Select
    typed: exp.Expression


def faults(query: SqlFile, schema: Schema) -> list[str]:
    """What a query does outside the portable subset and does not waive, and idle waivers."""
    try:
        parsed = _parse(query.sql, schema)
    except SqlglotError as error:
        return [f"names: {error}"]
    if parsed is None:
        return ["one-select: the statement is not one select"]
    waived = {match["rule"]: match["reason"] for match in _WAIVER.finditer(query.sql)}
    found = {
        name: list(dict.fromkeys(node.sql("duckdb") for node in rule(parsed)))
        for name, rule in RULES.items()
    }
    return [
        *(f"{name}: {sql}" for name, sqls in found.items() if name not in waived for sql in sqls),
        *(f"waiver: {name} has no reason" for name, reason in waived.items() if not reason.strip()),
        *(f"waiver: {name} is not needed" for name in waived if not found.get(name)),
    ]


def _parse(sql: str, schema: Schema) -> Parsed | None:
    tree = sqlglot.parse_one(sql, read="duckdb")
    if not isinstance(tree, exp.Select):
        return None
    named = {name: dict(columns) for name, columns in schema.items()}
    typed = qualify(tree.copy(), schema=named, dialect="duckdb", quote_identifiers=False)
    return Parsed(tree, annotate_types(typed, schema=named, dialect="duckdb"))


def _is(node: exp.Expression, types: tuple[exp.DataType.Type, ...]) -> bool:
    return node.type is not None and node.type.this in types


def one_select(p: Parsed) -> Found:
    """One select with common table expressions; no pivot, no hint how to run it."""
    yield from p.tree.find_all(exp.Pivot)
    yield from (cte for cte in p.tree.find_all(exp.CTE) if cte.args.get("materialized") is not None)


def table_names(p: Parsed) -> Found:
    """Tables by plain name: no function, file or other schema; the calendar is a table."""
    for table in p.tree.find_all(exp.Table):
        quoted = isinstance(table.this, exp.Identifier) and table.this.args.get("quoted")
        if not table.name or table.db or quoted:
            yield table
    yield from p.tree.find_all(exp.GenerateSeries, exp.GenerateDateArray, exp.Values)


def division(p: Parsed) -> Found:
    """A zero on the right raises on one engine and is inf on the other."""
    for node in p.tree.find_all(exp.Div, exp.IntDiv, exp.Mod):
        if not is_guarded(node.expression):
            yield node


def division_type(p: Parsed) -> Found:
    """Decimals divide to a decimal on one engine and to a double on the other."""
    for node in p.typed.find_all(exp.Div):
        sides = (node.this, node.expression)
        if not any(_is(side, _DOUBLE) for side in sides) and not all(
            _is(side, _WHOLE) for side in sides
        ):
            yield node


def average(p: Parsed) -> Found:
    """The mean of a decimal is rounded on one engine: `avg(cast(x as double))`."""
    yield from (node for node in p.typed.find_all(exp.Avg) if not _is(node.this, _DOUBLE))


def sum_type(p: Parsed) -> Found:
    """A sum that is returned or calculated with is cast; a sum of yes and no is a `case`."""
    for node in p.typed.find_all(exp.Sum):
        cte = node.find_ancestor(exp.CTE)
        is_used = cte is None or cte.alias == "final" or isinstance(node.parent, _ARITHMETIC)
        is_cast = isinstance(_outside_filter(node), exp.Cast)
        if _is(node.this, (_T.BOOLEAN,)) or (
            is_used and not is_cast and not _is(node.this, _DOUBLE)
        ):
            yield node


def _outside_filter(node: exp.Expression) -> exp.Expression | None:
    parent = node.parent
    while isinstance(parent, exp.Filter | exp.Window | exp.Coalesce | exp.Paren):
        parent = parent.parent
    return parent


def whole_numbers(p: Parsed) -> Found:
    """A fraction cast to a whole number is cut by one engine and rounded by the other."""
    for node in p.typed.find_all(exp.Cast):
        inner = node.this.unnest()
        if node.to.this in _WHOLE and not (
            _is(inner, (*_WHOLE, _T.BOOLEAN)) or isinstance(inner, exp.Round)
        ):
            yield node


def types(p: Parsed) -> Found:
    """Only types that both engines have."""
    yield from (node for node in p.tree.find_all(exp.DataType) if node.this not in _TYPES)


def calendar(p: Parsed) -> Found:
    """`cast(date_trunc(…) as date)`, whole days between, year to day; names of days are text."""
    for node in p.tree.find_all(exp.TimestampTrunc, exp.DateTrunc):
        parent = node.parent
        if not (isinstance(parent, exp.Cast) and parent.to.this == _T.DATE):
            yield node
    for node in p.tree.find_all(exp.DateDiff):
        if (node.text("unit") or "DAY").upper() != "DAY":
            yield node
    yield from p.tree.find_all(*_DAY_NAMES)
    yield from (n for n in p.tree.find_all(exp.Extract) if n.name.upper() not in _PARTS)
    yield from (n for n in p.tree.find_all(exp.Interval) if not isinstance(n.this, exp.Literal))
    for node in p.typed.find_all(exp.Sub):
        if all(_is(s, (_T.DATE, _T.TIMESTAMP, _T.TIMESTAMPNTZ)) for s in node.flatten()):
            yield node


def joins(p: Parsed) -> Found:
    """No asof, positional or lateral join; a range beside an equality; columns with their table."""
    for join in p.tree.find_all(exp.Join):
        words = f"{join.text('method')} {join.side} {join.kind}".upper()
        on = join.args.get("on")
        if (
            any(word in words for word in ("ASOF", "POSITIONAL"))
            or isinstance(join.this, exp.Lateral)
            or (on is not None and not on.find(exp.EQ, exp.NullSafeEQ))
        ):
            yield join
    for select in p.tree.find_all(exp.Select):
        if select.args.get("joins"):
            yield from _bare_columns(select)


def _bare_columns(select: exp.Select) -> Found:
    shared = {
        name.name for join in select.args["joins"] for name in join.args.get("using") or ()
    } | {column.alias for column in select.expressions if column.alias}
    for column in select.find_all(exp.Column):
        if column.parent_select is select and not column.table and column.name not in shared:
            yield column


def lists(p: Parsed) -> Found:
    """No lists, structs, maps or what makes them: their order and functions differ."""
    yield from p.tree.find_all(*_LISTS)


def functions(p: Parsed) -> Found:
    """No function that is unknown, approximate, or means something else on the other engine."""
    yield from p.tree.find_all(exp.Anonymous, exp.AnonymousAggFunc, *_OTHER_MEANING)
    yield from (n for n in p.tree.find_all(exp.Log) if n.expression is None or not n.expression)
    yield from (n for n in p.tree.find_all(exp.Count) if n.this is None)
    yield from (n for n in p.tree.find_all(exp.Grouping) if len(n.expressions) != 1)
    for node in p.tree.find_all(exp.RegexpReplace):
        if "g" not in node.text("modifiers"):
            yield node


def logarithm(p: Parsed) -> Found:
    """The logarithm of zero is null on one engine: `ln(nullif(x, 0))`, or under a `case`."""
    for node in p.tree.find_all(exp.Ln, exp.Log):
        value = node.args.get("expression") or node.this
        if not is_guarded(value) and not node.find_ancestor(exp.Case):
            yield node


def quantiles(p: Parsed) -> Found:
    """`median` or `percentile_cont … within group` over doubles or whole numbers, one at a time."""
    for node in p.typed.find_all(exp.PercentileCont, exp.PercentileDisc, exp.Quantile):
        within = node.parent
        plain = not node.expression and isinstance(within, exp.WithinGroup)
        if not plain or not _is(within.expression.expressions[0].this, (*_DOUBLE, *_WHOLE)):
            yield node
    yield from (n for n in p.typed.find_all(exp.Median) if not _is(n.this, (*_DOUBLE, *_WHOLE)))


def windows(p: Parsed) -> Found:
    """Every window that depends on order has one, down to two columns or a key; none leaves out."""
    for node in p.tree.find_all(exp.Window):
        spec = node.args.get("spec")
        inner = node.this.this if isinstance(node.this, exp.IgnoreNulls) else node.this
        if (
            (isinstance(inner, _ORDERED) and not _is_total(node))
            or (spec is not None and spec.args.get("exclude"))
            or (isinstance(inner, exp.Count) and isinstance(inner.this, exp.Distinct))
        ):
            yield node


def _is_total(window: exp.Window) -> bool:
    """Whether partition and order together hold the key of the rows the window runs over."""
    order = window.args.get("order")
    select = window.parent_select
    if order is None or not isinstance(select, exp.Select):
        return False
    names = {column.name for part in (*window.args.get("partition_by", ()), *order.expressions)
             for column in part.find_all(exp.Column)}  # fmt: skip
    return any(key and key <= names for key in row_keys(select))


def stars(p: Parsed) -> Found:
    """No `exclude`, `replace`, `columns()`, `distinct on`, `union by name`."""
    for star in p.tree.find_all(exp.Star):
        if any(star.args.get(key) for key in ("except_", "except", "replace", "rename")):
            yield star
    yield from p.tree.find_all(exp.Columns)
    yield from (n for n in p.tree.find_all(exp.Distinct) if n.args.get("on"))
    yield from (n for n in p.tree.find_all(exp.SetOperation) if n.args.get("by_name"))


def aliases(p: Parsed) -> Found:
    """An alias of the same select in `where` is read by one engine only."""
    for select in p.tree.find_all(exp.Select):
        where = select.args.get("where")
        for column in where.find_all(exp.Column) if where else ():
            named = next((c for c in select.expressions if c.alias == column.name), None)
            if named is not None and not column.table and named.find(exp.Column) != column:
                yield column


RULES: Mapping[str, Callable[[Parsed], Found]] = {
    "one-select": one_select,
    "table-names": table_names,
    "division": division,
    "division-type": division_type,
    "average": average,
    "sum-type": sum_type,
    "whole-numbers": whole_numbers,
    "types": types,
    "calendar": calendar,
    "joins": joins,
    "lists": lists,
    "functions": functions,
    "logarithm": logarithm,
    "quantiles": quantiles,
    "windows": windows,
    "stars": stars,
    "aliases": aliases,
}
