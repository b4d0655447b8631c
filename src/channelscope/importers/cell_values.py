"""The text of one cell → a value: what spreadsheets put around it, signs of money, 万, dates."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import duckdb
from duckdb import CaseExpression, CoalesceOperator, Expression

from channelscope.contract import Type
from channelscope.importers.expressions import BLANKS, call, constant, null, one_of
from channelscope.importers.layout import LayoutColumn

_EMPTY = ("", "-", "--", "—", "–", "无", "null", "NULL", "N/A")
_NO_TIMES = ("0000-00-00 00:00:00", "0000-00-00")
_TEXTS = ("text", "region", "memo", "state")
_NOISE = "¥￥$€£,，元 \t\r\n\"'=\u00a0\u3000\ufeff"
_WRAPPED = " \t\r\n\"'=\u00a0\u3000\ufeff"
_GROUPED = r"^[^\d,，]*\d{1,3}([,，]\d{2,3})*[,，]\d{3}(\.\d*)?\D*$"
"""Commas before thousands, also as in India; any other comma may be a decimal one."""
_SHORTENED = r"^\d(\.\d+)?E\+\d{2,3}$"
"""A long number as a spreadsheet saves it to a CSV: its last digits are gone."""


def unwrapped(column: Expression) -> Expression:
    """The text of a cell out of ="…", in which exports keep spreadsheets from reading numbers."""
    bare = call("replace", column, constant('="'), constant(""))
    bare = call("replace", bare, constant('"'), constant(""))
    return CaseExpression(call("starts_with", column, constant('="')), bare).otherwise(column)


def trimmed(text: Expression, how: LayoutColumn) -> Expression:
    """A text without blanks at its ends; of ids and numbers without quotes there as well.

    Looked for before it is done, for trimming costs ten times as much as looking.
    """
    edges = BLANKS if how.type in _TEXTS else _WRAPPED
    pattern = constant(f"^[{edges}]|[{edges}]$")
    trim = call("trim", text, constant(edges))
    return CaseExpression(call("regexp_matches", text, pattern), trim).otherwise(text)


def cleaned(text: Expression, how: LayoutColumn) -> Expression:
    """A trimmed text, or null where it says that nothing is known.

    Short texts alone are held against those that mean nothing, for the same reason.
    """
    empty = [*_EMPTY, *(_NO_TIMES if how.type in ("date", "datetime") else ()), *how.empty]
    longest = max(len(each.encode()) for each in empty)
    is_short = call("strlen", text) <= constant(longest)
    return CaseExpression(is_short & one_of(text, empty), null(Type.TEXT)).otherwise(text)


def as_text(text: Expression, column: LayoutColumn) -> Expression:
    """As it stands."""
    return text


def _id(text: Expression, column: LayoutColumn) -> Expression:
    """As it stands, with all its digits."""
    is_cut = call("contains", text, constant("E+"))
    is_cut &= call("regexp_matches", text, constant(_SHORTENED))
    return CaseExpression(~is_cut, text)


def _number(text: Expression, column: LayoutColumn) -> Expression:
    """A decimal: signs of money and thousands separators taken off, 万 and 亿 multiplied."""
    is_plain = ~call("regexp_matches", text, constant("[,，]"))
    is_clear = is_plain | call("regexp_matches", text, constant(_GROUPED))
    bare = call("translate", text, constant(_NOISE), constant(""))
    plain = CaseExpression(is_clear, bare)
    money = duckdb.sqltype("DECIMAL(18,6)")  # what is larger than money can be is no number
    ends = call("right", plain, constant(1))
    head = call("rtrim", plain, constant("万亿")).try_cast(money)
    scaled = CaseExpression(ends == constant("万"), head * constant(10_000)).when(
        ends == constant("亿"), head * constant(100_000_000)
    )
    written = CoalesceOperator(plain.try_cast(money), scaled.try_cast(money))
    # A case, and not the first that is known: then the rest is worked out only where needed.
    at_once = text.try_cast(money)
    value = CaseExpression(at_once.isnotnull(), at_once).otherwise(written)
    return value if column.scale == 1 else (value * constant(column.scale)).try_cast(money)


def _money(text: Expression, column: LayoutColumn) -> Expression:
    return _number(text, column).try_cast(duckdb.sqltype(Type.MONEY))


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
    "id": _id,
}  # fmt: skip
"""How a type of cell is read; others are text."""
