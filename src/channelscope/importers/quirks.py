"""What a mapping cannot say: rows of an export taken apart, put right or left out.

A quirk is named in a layout. It is given the rows of a sheet as text under the names of their
columns, and gives them back so; `_row` stays the row of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import duckdb
from duckdb import CaseExpression, CoalesceOperator, ColumnExpression, Expression, StarExpression

from channelscope.contract import Type
from channelscope.importers.expressions import call, constant, null, one_of

Rows = duckdb.DuckDBPyRelation

_PART = "_part"
_SEPARATOR = "\x1f"
_UNKNOWN = ("", "-", "--", "—", "无")
_TEXT = duckdb.sqltype(Type.TEXT)
_MONEY = duckdb.sqltype(Type.MONEY)


def apply(name: str, rows: Rows, others: Mapping[str, Rows] | None = None) -> Rows:
    """`rows` after the quirk. `others`: sheets of the same import by the stem of their layout."""
    if name in JOINS:
        return JOINS[name](rows, others or {})
    return QUIRKS[name](rows)


def count_only_successful_refunds(rows: Rows) -> Rows:
    """淘宝 子订单: a refund that is only asked for, or refused, gives no money back."""
    if not {"退款状态", "退款金额"} <= set(rows.columns):
        return rows
    state, amount = ColumnExpression("退款状态"), ColumnExpression("退款金额")
    counts = _blank(state) | call("contains", state, constant("退款成功"))
    return _with(rows, {"退款金额": CaseExpression(counts, amount).otherwise(constant("0"))})


def drop_rows_of_instructions(rows: Rows) -> Rows:
    """淘宝 报名模板: the row under the header says which cells must be filled in."""
    says = call("regexp_matches", ColumnExpression("商品ID"), constant("^(非必填|必填|选填)"))
    return rows.filter(~CoalesceOperator(says, constant(False)))


def drop_rows_of_formulas(rows: Rows) -> Rows:
    """抖店 bills: rows under the header say how columns add up. They have no time and no order."""
    keys = [name for name in ("结算时间", "动账时间", "订单号") if name in rows.columns]
    known = [call("regexp_matches", ColumnExpression(key), constant(r"\d")) for key in keys]
    return rows.filter(CoalesceOperator(known[0], constant(False)) |
                       CoalesceOperator(known[-1], constant(False)))  # fmt: skip


def split_alipay_amounts(rows: Rows) -> Rows:
    """支付宝: what money came in for or went out for stands in the words beside it.

    Commissions and fees are costs, negative where they come back. T200P… is Taobao's order number.
    """
    there = [name for name in ("账务类型", "业务描述", "备注") if name in rows.columns]
    about = call("concat_ws", constant(" "), *map(ColumnExpression, there))
    came, went = ColumnExpression("收入(+元)"), ColumnExpression("支出(-元)")
    cost = call("abs", _amount(went)), -_amount(came)
    known = CoalesceOperator(_amount(went), _amount(came)).isnotnull()
    nothing = constant(0).cast(_MONEY)
    total = CoalesceOperator(cost[0], nothing) + CoalesceOperator(cost[1], nothing)
    # What is no amount is handed on, so that the reading of cells tells of it.
    text = CaseExpression(known, total.cast(_TEXT)).otherwise(CoalesceOperator(went, came))
    shop = call("contains", about, constant("天猫佣金"))
    affiliate = call("contains", about, constant("淘宝客佣金"))
    goods = call("regexp_matches", about, constant("在线支付|交易付款")) & ~shop & ~affiliate
    made = {
        "货款": CaseExpression(goods, came),
        "天猫佣金": CaseExpression(shop, text),
        "淘宝客佣金": CaseExpression(affiliate, text),
    }
    if "服务费(元)" in rows.columns:
        fee = ColumnExpression("服务费(元)")
        made["支付服务费"] = CoalesceOperator((-_amount(fee)).cast(_TEXT), fee)
    if "商户订单号" in rows.columns:
        order = ColumnExpression("商户订单号")
        made["商户订单号"] = call("regexp_replace", order, constant(r"T\d+P"), constant(""))
    return _with(rows, made)


def prefer_merchant_sku(rows: Rows) -> Rows:
    """京东: 货号 may be a number of the style; 商家SKUID, where filled in, is of the variant."""
    if "商家SKUID" not in rows.columns:
        return rows
    sku = ColumnExpression("商家SKUID")
    style = ColumnExpression("货号") if "货号" in rows.columns else null(Type.TEXT)
    return _with(rows, {"货号": CaseExpression(~_blank(sku), sku).otherwise(style)})


def split_joined_suborders(rows: Rows) -> Rows:
    """抖店 订单明细: one row per sub-order out of cells that join those of an order by ;.

    A text that is not joined is that of all; an amount or a number of pieces is then not known.
    """
    joined = ("子订单编号", "选购商品", "货号", "商品ID", "商家编码", "商品数量", "商品金额")
    of_one = ("商品数量", "商品金额")
    count = call("len", _parts("子订单编号"))
    every = call("range", constant(1), CoalesceOperator(count, constant(1)) + constant(1))
    numbered = rows.select(StarExpression(), call("unnest", every).alias(_PART))
    made: dict[str, Expression] = {}
    for name in joined:
        if name not in rows.columns:
            continue
        whole, parts = ColumnExpression(name), _parts(name)
        own = call("list_extract", parts, ColumnExpression(_PART))
        alone = CoalesceOperator(count, constant(1)) == constant(1)
        other = CaseExpression(alone, whole) if name in of_one else whole
        made[name] = CaseExpression(call("len", parts) == count, own).otherwise(other)
    return _with(numbered, made, without=[_PART])


def split_packed_products(rows: Rows) -> Rows:
    """WooCommerce: one row per product out of "2× Name, 1× Name". A name may hold a comma."""
    packed, sold = ColumnExpression("Product(s)"), ColumnExpression("Items sold")
    marked = call("regexp_replace", packed, constant(r",\s*(\d+)\s*×\s*"),
                  constant(_SEPARATOR + r"\1× "), constant("g"))  # fmt: skip
    parts = CoalesceOperator(call("string_split", marked, constant(_SEPARATOR)),
                             call("list_value", null(Type.TEXT)))  # fmt: skip
    apart = rows.select(StarExpression(), call("unnest", parts).alias(_PART),
                        call("len", parts).alias("_parts"))  # fmt: skip
    part, form = ColumnExpression(_PART), constant(r"^\s*(\d+)\s*×\s*(.*)$")
    matches = call("regexp_matches", part, form)
    alone = CaseExpression(ColumnExpression("_parts") == constant(1), sold)
    made: dict[str, Expression] = {
        "Product(s)": CaseExpression(
            matches, call("regexp_extract", part, form, constant(2))
        ).otherwise(part),
        "Items sold": CaseExpression(
            matches, call("regexp_extract", part, form, constant(1))
        ).otherwise(alone),
    }
    return _with(apart, made, without=[_PART, "_parts"])


def one_piece_per_row(rows: Rows) -> Rows:
    """Olist: a row is a piece."""
    return _with(rows, {"qty": constant("1")})


def join_buyers(rows: Rows, others: Mapping[str, Rows]) -> Rows:
    """Olist: an order's customer_id is its own; who is the same buyer stands in another file."""
    people = others.get("olist_customers")
    if people is None:
        return rows
    names = [n for n in ("customer_unique_id", "customer_state") if n in people.columns]
    key = ColumnExpression("customer_id")
    known = people.select(key.alias("_buyer_key"), *map(ColumnExpression, names))
    both = rows.join(known, key == ColumnExpression("_buyer_key"), how="left")
    return both.select(StarExpression(exclude=["_buyer_key"]))


QUIRKS: Mapping[str, Callable[[Rows], Rows]] = {
    quirk.__name__: quirk
    for quirk in (
        count_only_successful_refunds, drop_rows_of_formulas, drop_rows_of_instructions,
        one_piece_per_row, prefer_merchant_sku, split_alipay_amounts, split_joined_suborders,
        split_packed_products,
    )
}  # fmt: skip
JOINS: Mapping[str, Callable[[Rows, Mapping[str, Rows]], Rows]] = {"join_buyers": join_buyers}
"""Quirks that need another file of the import."""


def _with(rows: Rows, made: Mapping[str, Expression], *, without: Sequence[str] = ()) -> Rows:
    """`rows` with columns made anew or put in place of those of the same name."""
    gone = [name for name in (*made, *without) if name in rows.columns]
    return rows.select(
        StarExpression(exclude=gone), *(value.alias(name) for name, value in made.items())
    )


def _blank(text: Expression) -> Expression:
    bare = CoalesceOperator(call("trim", text), constant(""))
    return one_of(bare, _UNKNOWN)


def _parts(name: str) -> Expression:
    return call("string_split_regex", ColumnExpression(name), constant("[;；]"))


def _amount(text: Expression) -> Expression:
    """The text as money; null when it is none."""
    return call("translate", text, constant("¥￥,，+元 \t\"'="), constant("")).try_cast(_MONEY)
