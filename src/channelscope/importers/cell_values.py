"""The text of one cell → a value: what spreadsheets put around it, signs of money, 万, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb
from duckdb import CaseExpression, CoalesceOperator, Expression

from channelscope.contract import Type
from channelscope.importers.expressions import BLANKS, call, constant, one_of
from channelscope.importers.layout import LayoutColumn

_EMPTY = ("", "-", "--", "—", "–", "无", "null", "NULL", "N/A")
_NOISE = "¥￥$€£,，元 \t\r\n\"'=\u00a0\u3000\ufeff"
_WRAPPED = " \t\r\n\"'=\u00a0\u3000\ufeff"


def cleaned(column: Expression, how: LayoutColumn) -> Expression:
    """The text of a cell without what spreadsheets put around it; null where nothing is known."""
    edges = BLANKS if how.type in ("text", "region", "memo", "state") else _WRAPPED
    text = _trimmed(column, edges)
    if how.type in ("text", "state"):
        wrapped = call("starts_with", text, constant('="'))
        text = CaseExpression(wrapped, _trimmed(text, '="')).otherwise(text)
    empty = [*_EMPTY, *how.empty]
    return CaseExpression(~one_of(text, empty), text)


def _trimmed(text: Expression, edges: str) -> Expression:
    """Without `edges` around it: `trim` with a set of characters takes four times as long."""
    return call(
        "regexp_replace", text, constant(f"^[{edges}]+|[{edges}]+$"), constant(""), constant("g")
    )


def as_text(text: Expression, column: LayoutColumn) -> Expression:
    """As it stands."""
    return text


def _number(text: Expression, column: LayoutColumn) -> Expression:
    """A decimal: signs of money and thousands separators taken off, 万 and 亿 multiplied."""
    plain = call("translate", text, constant(_NOISE), constant(""))
    money = duckdb.sqltype("DECIMAL(18,6)")
    ends = call("right", plain, constant(1))
    head = call("rtrim", plain, constant("万亿")).try_cast(money)
    scaled = CaseExpression(ends == constant("万"), head * constant(10_000)).when(
        ends == constant("亿"), head * constant(100_000_000)
    )
    quick = text.try_cast(money)
    # Only inside a case is the rest not worked out for numbers that need none of it.
    rest = CoalesceOperator(plain.try_cast(money), scaled.try_cast(money))
    value = CaseExpression(quick.isnotnull(), quick).otherwise(rest)
    return value if column.scale == 1 else (value * constant(column.scale)).try_cast(money)


def _money(text: Expression, column: LayoutColumn) -> Expression:
    return _number(text, column).cast(duckdb.sqltype(Type.MONEY))


def _whole(text: Expression, column: LayoutColumn) -> Expression:
    number = _number(text, column)
    return CaseExpression(number == call("round", number), number.cast(duckdb.sqltype(Type.INT)))


def _share(text: Expression, column: LayoutColumn) -> Expression:
    share = _number(call("rtrim", text, constant("%")), column).cast(duckdb.sqltype(Type.DOUBLE))
    has_sign = call("ends_with", text, constant("%"))
    return CaseExpression(has_sign, share / constant(100)).otherwise(share)


def _day(text: Expression, column: LayoutColumn) -> Expression:
    dashed = call(
        "rtrim", call("translate", text, constant("年月"), constant("--")), constant("日")
    )
    packed = call(
        "regexp_replace", dashed, constant(r"^(\d{4})(\d{2})(\d{2})$"), constant(r"\1-\2-\3")
    )
    day = call("regexp_extract", packed, constant(r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}"))
    return day.try_cast(duckdb.sqltype(Type.DATE))


READ: Mapping[str, Callable[[Expression, LayoutColumn], Expression]] = {
    "money": _money, "number": _number, "int": _whole, "percent": _share, "date": _day,
}  # fmt: skip
"""How a type of cell is read; others are text."""
