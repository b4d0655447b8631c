"""Short names for DuckDB expressions, so that the reading of cells can be read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import reduce

import duckdb
from duckdb import ConstantExpression, Expression, FunctionExpression

from channelscope.contract import Type

_MARK = "\x1f"
BLANKS = " \t\r\n\u00a0\u3000\ufeff"


def constant(value: object) -> Expression:
    """A value."""
    return ConstantExpression(value)


def null(type_: Type) -> Expression:
    """Nothing known, of a type."""
    return ConstantExpression(None).cast(duckdb.sqltype(type_))


def call(name: str, *values: Expression) -> Expression:
    """A function of the database."""
    return FunctionExpression(name, *values)


def either(conditions: Sequence[Expression]) -> Expression:
    """Whether any of them holds; false when there is none."""
    return reduce(lambda a, b: a | b, conditions) if conditions else constant(False)


def one_of(text: Expression, texts: Sequence[str]) -> Expression:
    """Whether a text is one of `texts`; not known of what is not known.

    No `in`: DuckDB makes a join of each that has more than five values, and plans for seconds.
    """
    marked = call("||", call("||", constant(_MARK), text), constant(_MARK))
    return call("contains", constant(_MARK + _MARK.join(texts) + _MARK), marked)


def both(first: Expression, second: Expression) -> Expression:
    """Whether the two hold."""
    return first & second


def starts_or_contains(text: Expression, pattern: str) -> Expression:
    """Whether a text is the pattern; `*` stands for anything."""
    if "*" in pattern.strip("*"):
        return call(
            "regexp_full_match", text, constant(".*".join(map(re.escape, pattern.split("*"))))
        )
    word = constant(pattern.strip("*"))
    if pattern.startswith("*"):
        return call("contains" if pattern.endswith("*") else "ends_with", text, word)
    return call("starts_with", text, word) if pattern.endswith("*") else text == word
