"""Breaks queries one way at a time and counts which breaks their worked cases notice.

    python -m tests.sql_mutants                 # all queries
    python -m tests.sql_mutants sales/ -v       # some, and the breaks that were not noticed

A break that no case notices is a row missing from a case, or a part the query does not need.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace

import duckdb
import sqlglot
from sqlglot import exp

from channelscope import sqlfile
from channelscope.engine.duckdb import Session
from channelscope.errors import QueryError
from channelscope.sqlfile import SqlFile
from tests import sql_cases

Break = Callable[[exp.Expression], Iterator[exp.Expression | None]]

_SWAPS: Mapping[type[exp.Expression], type[exp.Expression]] = {
    exp.GT: exp.GTE,
    exp.GTE: exp.GT,
    exp.LT: exp.LTE,
    exp.LTE: exp.LT,
    exp.EQ: exp.NEQ,
    exp.Add: exp.Sub,
    exp.Sub: exp.Add,
    exp.Mul: exp.Add,
    exp.Min: exp.Max,
    exp.Max: exp.Min,
    exp.Sum: exp.Max,
    exp.Or: exp.And,
}


_INVALID = (duckdb.BinderException, duckdb.ParserException, duckdb.InvalidInputException)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many breaks of one query ran, and the ones that no case noticed."""

    tried: int
    survivors: tuple[str, ...]


def mutants(sql: str) -> Iterator[tuple[str, str]]:
    """What was broken, and the broken statement."""
    tree = sqlglot.parse_one(sql, read="duckdb")
    seen = {tree.sql("duckdb")}
    for place, node in enumerate(tree.walk()):
        for number, _ in enumerate(_breaks(node)):
            copy = tree.copy()
            target = next(n for at, n in enumerate(copy.walk()) if at == place)
            before = target.sql("duckdb")
            after = list(_breaks(target))[number]
            target.replace(after) if after is not None else target.pop()
            text = copy.sql("duckdb")
            if text not in seen:
                seen.add(text)
                yield f"{before} -> {after.sql('duckdb') if after else 'nothing'}", text


def _breaks(node: exp.Expression) -> Iterator[exp.Expression | None]:
    """What may stand in the place of `node`; None for nothing at all."""
    if type(node) in _SWAPS and not _is_join_condition(node):
        yield _SWAPS[type(node)](**{key: _copied(value) for key, value in node.args.items()})
    if isinstance(node, exp.And):
        yield node.this.copy()
        yield node.expression.copy()
    if isinstance(node, exp.Where):
        yield None
    if isinstance(node, exp.Not | exp.Coalesce | exp.Nullif | exp.Round):
        yield node.this.copy()
    if isinstance(node, exp.Distinct) and len(node.expressions) == 1:
        yield node.expressions[0].copy()
    if isinstance(node, exp.Literal) and not node.is_string and not _is_part_of_type(node):
        yield exp.Literal.number(float(node.name) + 1 if "." in node.name else int(node.name) + 1)
    yield from _structural(node)


def _structural(node: exp.Expression) -> Iterator[exp.Expression]:
    copy = node.copy()
    if isinstance(copy, exp.Join) and copy.args.get("on"):
        copy.set("side", None if copy.side else "LEFT")
        copy.set("kind", "INNER" if copy.side == "" else None)
        yield copy
    elif isinstance(copy, exp.Ordered):
        copy.set("desc", not copy.args.get("desc"))
        yield copy
    elif isinstance(copy, exp.Case) and copy.args.get("default"):
        copy.set("default", exp.Null())
        yield copy
    elif isinstance(copy, exp.Window) and copy.args.get("partition_by"):
        copy.set("partition_by", copy.args["partition_by"][1:])
        yield copy
    elif isinstance(copy, exp.Union) and not copy.args.get("distinct"):
        copy.set("distinct", True)
        yield copy


def _copied(value: object) -> object:
    return value.copy() if isinstance(value, exp.Expression) else value


def _is_join_condition(node: exp.Expression) -> bool:
    return isinstance(node, exp.EQ) and node.find_ancestor(exp.Join) is not None


def _is_part_of_type(node: exp.Expression) -> bool:
    return isinstance(node.parent, exp.DataTypeParam | exp.Nullif)


def tally(query: SqlFile, catalogue: Mapping[str, SqlFile]) -> Tally:
    """Run every break of a query against all its cases."""
    tried, survivors = 0, []
    with ExitStack() as stack:
        prepared = [
            (case, *stack.enter_context(sql_cases.opened(query, case, catalogue)))
            for case in map(sql_cases.read, sql_cases.cases_of(query))
        ]
        for what, sql in mutants(query.sql):
            broken = replace(query, sql=sql)
            verdicts = {_verdict(broken, *one) for one in prepared}
            if "invalid" in verdicts or not verdicts:
                continue
            tried += 1
            if verdicts == {"passes"}:
                survivors.append(what)
    return Tally(tried, tuple(survivors))


def _verdict(
    broken: SqlFile, case: sql_cases.Case, session: Session, params: dict[str, object]
) -> str:
    try:
        sql_cases.compare(broken, case, session.run(broken, params))
    except sql_cases.CaseError:
        return "noticed"
    except QueryError as error:
        return "invalid" if isinstance(error.__cause__, _INVALID) else "noticed"
    return "passes"


def main() -> None:
    """Print the tally of each query, worst last."""
    parser = argparse.ArgumentParser(prog="python -m tests.sql_mutants", description=__doc__)
    parser.add_argument("prefix", nargs="?", default="", help="queries whose names begin so")
    parser.add_argument("-v", "--verbose", action="store_true", help="name what was not noticed")
    flags = parser.parse_args()
    catalogue = sqlfile.catalogue()
    total = alive = 0
    for name, query in catalogue.items():
        if not name.startswith(flags.prefix) or not sql_cases.cases_of(query):
            continue
        found = tally(query, catalogue)
        total, alive = total + found.tried, alive + len(found.survivors)
        print(f"{name}: {found.tried - len(found.survivors)} of {found.tried} noticed")
        for what in found.survivors if flags.verbose else ():
            print(f"    {what[:160]}")
    print(f"all: {total - alive} of {total} noticed")


if __name__ == "__main__":
    main()
