"""The house rules of a query that need no data: each rule yields what is wrong, in one line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import polars as pl
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.scope import traverse_scope
from sqlglot.tokens import Token, TokenType

from channelscope import contract
from channelscope.sqlfile import SqlFile

Rule = Callable[[SqlFile, exp.Query], Iterator[str]]

_WORDLESS = (TokenType.STRING, TokenType.IDENTIFIER, TokenType.NATIONAL_STRING)
_WRAPPERS = (exp.Paren, exp.Cast, exp.Neg)
_LAST_LINES = re.compile(r"^select \*( exclude \([\w, ]+\))?\s+from final\b", re.MULTILINE)


def faults(query: SqlFile) -> list[str]:
    """Everything a query does against the rules, worst first; empty when it keeps them."""
    try:
        statements = sqlglot.parse(query.sql, read="duckdb")
    except SqlglotError as error:
        return [f"cannot be parsed: {error}"]
    tree = statements[0] if len(statements) == 1 else None
    if not isinstance(tree, exp.Query):
        return [f"{len(statements)} statements; one select is wanted"]
    return [fault for rule in RULES for fault in rule(query, tree)]


def header(query: SqlFile, _tree: exp.Query) -> Iterator[str]:
    """Purpose, outputs and source say something; the grain is made of outputs."""
    for key in ("purpose", "outputs", "source"):
        if not getattr(query, key):
            yield f"header: {key} is empty"
    names = [output.name for output in query.outputs]
    if len(set(names)) != len(names):
        yield "header: an output is promised twice"
    for name in query.grain:
        if name not in names:
            yield f"header: grain {name} is no output"


def one_statement(query: SqlFile, _tree: exp.Query) -> Iterator[str]:
    """One statement without a semicolon, so that it can stand inside another."""
    if any(token.token_type == TokenType.SEMICOLON for token in tokens(query)):
        yield "a semicolon"


def params(query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """The declared parameters are the bound ones."""
    bound = {node.name for node in tree.find_all(exp.Placeholder, exp.Parameter)}
    yield from _both_ways("params", declared=set(query.params), real=bound)


def inputs(query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """The declared inputs are the tables read."""
    yield from _both_ways("inputs", declared=set(query.inputs), real=set(tables(tree)))


def tables(tree: exp.Query) -> list[str]:
    """The names of the real tables a statement reads: no common table expression, no function."""
    return sorted(
        {
            source.name
            for scope in traverse_scope(tree)
            for source in scope.sources.values()
            if isinstance(source, exp.Table) and source.name
        }
    )


def _both_ways(what: str, *, declared: set[str], real: set[str]) -> Iterator[str]:
    for name in sorted(real - declared):
        yield f"header: {what} lacks {name}, which the query uses"
    for name in sorted(declared - real):
        yield f"header: {what} names {name}, which the query does not use"


def no_files(_query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """Tables are named; reading files is the loader's work."""
    for table in tree.find_all(exp.Table):
        quoted = isinstance(table.this, exp.Identifier) and table.this.args.get("quoted")
        function = table.this.sql("duckdb").lower() if not table.name else ""
        if quoted or function.startswith(("read_", "glob(", "parquet_", "sqlite_", "postgres_")):
            yield f"reads a file: {table.sql('duckdb')}"


def lower_case(query: SqlFile, _tree: exp.Query) -> Iterator[str]:
    """Keywords, functions and names in lower case."""
    for token in tokens(query):
        text = query.sql[token.start : token.end + 1]
        if token.token_type not in _WORDLESS and text != text.lower():
            yield f"line {token.line}: {text} is not lower case"


def tokens(query: SqlFile) -> list[Token]:
    """The statement word by word, comments left out."""
    return list(sqlglot.tokenize(query.sql, read="duckdb"))


def ends_in_final(query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """The last lines are `select * from final` and an `order by` that fixes the order."""
    source = tree.args.get("from_")
    if not isinstance(tree, exp.Select) or source is None or source.this.name != "final":
        yield "does not end in 'select * from final'"
        return
    if len(tree.expressions) != 1 or not tree.expressions[0].is_star or tree.args.get("joins"):
        yield "the last select takes other than * from final"
    if not tree.ctes or tree.ctes[-1].alias != "final":
        yield "the last common table expression is not called final"
    if tree.args.get("where") or tree.args.get("limit"):
        yield "the last select filters; do it in final"
    if query.grain and not tree.args.get("order"):
        yield "no order by at the end"
    if not _LAST_LINES.search(query.sql):
        yield "'select * from final' does not begin a line of its own"


def order_is_open(query: SqlFile, rows: pl.DataFrame) -> bool:
    """Whether the last `order by` leaves two of `rows` in an order of the engine's choosing."""
    order = sqlglot.parse_one(query.sql, read="duckdb").args.get("order")
    names = [item.this.name for item in order.expressions] if order else []
    if set(query.grain) <= set(names) or not set(names) <= set(rows.columns):
        return False
    return rows.height > 1 and (not names or bool(rows.select(names).is_duplicated().any()))


def stars(query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """A bare star repeats columns that stand in the same file, or imports one table as it is."""
    for select in tree.find_all(exp.Select):
        source = select.args.get("from_")
        joined = [join.this for join in select.args.get("joins") or ()]
        names = [node.name for node in ([source.this] if source else []) + joined]
        is_import = len(names) == len(select.expressions) == 1
        has_bare_star = any(isinstance(column, exp.Star) for column in select.expressions)
        if has_bare_star and not is_import and set(names) & set(query.inputs):
            yield f"select * from {', '.join(names)}: say whose columns"


def guarded_division(_query: SqlFile, tree: exp.Query) -> Iterator[str]:
    """Every right side of a division is `nullif(…, 0)` or a number other than zero."""
    for node in tree.find_all(exp.Div, exp.IntDiv, exp.Mod):
        if not is_guarded(node.expression):
            yield f"unguarded division: {node.sql('duckdb')}"


def is_guarded(node: exp.Expression) -> bool:
    """Whether a right side cannot be zero."""
    while isinstance(node, _WRAPPERS):
        node = node.this
    if isinstance(node, exp.Literal):
        return not node.is_string and float(node.name) != 0
    return isinstance(node, exp.Nullif) and node.expression.sql() in ("0", "0.0")


def row_keys(select: exp.Select) -> Iterator[frozenset[str]]:
    """The columns that identify a row of what `select` reads, where the statement shows them."""
    source, group = select.args.get("from_"), select.args.get("group")
    if group is not None:
        columns = (c.name for part in group.expressions for c in part.find_all(exp.Column))
        yield frozenset(columns)
    elif source is not None and not select.args.get("joins"):
        name, root = source.this.name, select.root()
        inner = next(
            (c.this for c in root.find_all(exp.CTE) if c.alias == name and c.this is not select),
            None,
        )
        if isinstance(inner, exp.Select):
            yield from row_keys(inner)
        elif name in contract.BY_NAME:
            yield frozenset(contract.BY_NAME[name].grain)


RULES: tuple[Rule, ...] = (
    header,
    one_statement,
    params,
    inputs,
    no_files,
    lower_case,
    ends_in_final,
    stars,
    guarded_division,
)
