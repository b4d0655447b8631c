"""Rows of exports taken apart and put right: what is not as expected is kept, never guessed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import duckdb
import pytest

from channelscope.importers import quirks


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect(":memory:") as opened:
        yield opened


def _rows(
    connection: duckdb.DuckDBPyConnection, names: Sequence[str], *rows: Sequence[str | None]
) -> quirks.Rows:
    table = [[i, *row] for i, row in enumerate(rows, start=2)]
    relation = connection.values(*[tuple(map(duckdb.ConstantExpression, row)) for row in table])
    made = [duckdb.ColumnExpression(f"col{i}") for i in range(len(names) + 1)]
    typed = [made[0].alias("_row")]
    typed += [
        m.cast(duckdb.sqltype("VARCHAR")).alias(n) for m, n in zip(made[1:], names, strict=True)
    ]
    return relation.select(*typed)


def _read(rows: quirks.Rows, *names: str) -> list[tuple[Any, ...]]:
    picked = rows.select(*map(duckdb.ColumnExpression, ("_row", *names)))
    return sorted(picked.fetchall(), key=str)


SUBORDERS = ("子订单编号", "选购商品", "商家编码", "商品数量", "商品金额", "订单应付金额")


def test_suborders_come_apart_by_their_numbers(connection: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(connection, SUBORDERS, ("1；2", "锅;铲", "A;", "2;1", "9.50;3", "12.50"))
    assert _read(quirks.apply("split_joined_suborders", rows), *SUBORDERS) == [
        (2, "1", "锅", "A", "2", "9.50", "12.50"),
        (2, "2", "铲", "", "1", "3", "12.50"),
    ]


def test_what_is_not_joined_is_of_all_but_no_amount(connection: duckdb.DuckDBPyConnection) -> None:
    """One of two titles holds a semicolon, so titles cannot be told apart; nor can one amount."""
    rows = _rows(connection, SUBORDERS, ("1;2", "锅;大;铲", "A", "3", "12.50", "12.50"))
    assert _read(quirks.apply("split_joined_suborders", rows), *SUBORDERS) == [
        (2, "1", "锅;大;铲", "A", None, None, "12.50"),
        (2, "2", "锅;大;铲", "A", None, None, "12.50"),
    ]


def test_an_order_of_one_suborder_keeps_its_cells(connection: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(
        connection, SUBORDERS, ("1", "锅;大", "A;B", "3", "12.50", "12.50"),
        (None, "铲", "C", "1", "4", "4"),
    )  # fmt: skip
    assert _read(quirks.apply("split_joined_suborders", rows), *SUBORDERS) == [
        (2, "1", "锅;大", "A;B", "3", "12.50", "12.50"),
        (3, None, "铲", "C", "1", "4", "4"),
    ]


@pytest.mark.parametrize(
    ("packed", "sold", "expected"),
    [
        ("2× Pan, 12 inch, 10×Lid", "12", [(2, "Lid", "10"), (2, "Pan, 12 inch", "2")]),
        ("1× Pan 2x big, 3 in 1", "1", [(2, "Pan 2x big, 3 in 1", "1")]),
        ("Pan", "4", [(2, "Pan", "4")]),
        ("Pan, 2× Lid", "3", [(2, "Lid", "2"), (2, "Pan", None)]),
        (None, "3", [(2, None, "3")]),
    ],
)
def test_packed_products_come_apart(
    connection: duckdb.DuckDBPyConnection,
    packed: str | None,
    sold: str,
    expected: list[tuple[Any, ...]],
) -> None:
    rows = _rows(connection, ("Product(s)", "Items sold"), (packed, sold))
    found = quirks.apply("split_packed_products", rows)
    assert _read(found, "Product(s)", "Items sold") == expected


@pytest.mark.parametrize(
    ("state", "amount"),
    [
        ("退款成功", "9.90"),
        ("部分退款成功", "9.90"),
        ("", "9.90"),
        (None, "9.90"),
        ("退款关闭", "0"),
        ("买家已经申请退款，等待卖家同意", "0"),
        ("没有申请退款", "0"),
    ],
)
def test_only_refunds_that_succeeded_count(
    connection: duckdb.DuckDBPyConnection, state: str | None, amount: str
) -> None:
    rows = _rows(connection, ("退款状态", "退款金额"), (state, "9.90"))
    assert _read(quirks.apply("count_only_successful_refunds", rows), "退款金额") == [(2, amount)]


def test_amounts_stay_where_no_state_of_refunds_is_exported(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = _rows(connection, ("退款金额",), ("9.90",))
    assert _read(quirks.apply("count_only_successful_refunds", rows), "退款金额") == [(2, "9.90")]


def test_rows_of_formulas_have_neither_time_nor_order(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = _rows(
        connection, ("动账时间", "订单号"), ("时间", "-"), (None, None), ("2026-03-01", None),
        (None, "69179"), ("", ""),
    )  # fmt: skip
    assert [row for row, *_ in _read(quirks.apply("drop_rows_of_formulas", rows))] == [4, 5]


def test_rows_of_instructions_are_left_out(connection: duckdb.DuckDBPyConnection) -> None:
    rows = _rows(connection, ("商品ID",), ("必填",), ("选填（可空）",), ("611",), (None,))
    assert [row for row, *_ in _read(quirks.apply("drop_rows_of_instructions", rows))] == [4, 5]


@pytest.mark.parametrize(
    ("style", "sku", "code"),
    [("S1", "V1", "V1"), ("S1", "-", "S1"), ("S1", None, "S1"), (None, "V1", "V1")],
)
def test_the_code_of_the_variant_goes_before_that_of_the_style(
    connection: duckdb.DuckDBPyConnection, style: str | None, sku: str | None, code: str
) -> None:
    rows = _rows(connection, ("货号", "商家SKUID"), (style, sku))
    assert _read(quirks.apply("prefer_merchant_sku", rows), "货号") == [(2, code)]


ALIPAY = ("账务类型", "业务描述", "备注", "收入(+元)", "支出(-元)", "服务费(元)", "商户订单号")
MADE = ("货款", "天猫佣金", "淘宝客佣金", "支付服务费", "商户订单号")


@pytest.mark.parametrize(
    ("cells", "made"),
    [
        (("在线支付", "", "", "1,598.00", "", "-3.60", "T200P19306"),
         ("1,598.00", None, None, "3.6000", "19306")),
        (("其它", "天猫佣金", "", "", "29.90", "0", "T200P19306"),
         (None, "29.9000", None, "0.0000", "19306")),
        (("其它", "", "淘宝客佣金退款", "8.85", "", "", "19306"),
         (None, None, "-8.8500", None, "19306")),
        (("提现", "", "", "", "-500", None, None), (None, None, None, None, None)),
    ],
)  # fmt: skip
def test_what_money_was_for_stands_beside_it(
    connection: duckdb.DuckDBPyConnection,
    cells: tuple[str | None, ...],
    made: tuple[str | None, ...],
) -> None:
    rows = _rows(connection, ALIPAY, cells)
    ((_, *found),) = _read(quirks.apply("split_alipay_amounts", rows), *MADE)
    assert [value or None for value in found] == list(made)


def test_an_amount_that_is_none_is_handed_on_to_be_told(
    connection: duckdb.DuckDBPyConnection,
) -> None:
    rows = _rows(connection, ALIPAY, ("其它", "天猫佣金", "", None, "twenty", "x", ""))
    found = _read(quirks.apply("split_alipay_amounts", rows), "天猫佣金", "支付服务费")
    assert found == [(2, "twenty", "x")]


def test_buyers_of_orders_stand_in_another_file(connection: duckdb.DuckDBPyConnection) -> None:
    orders = _rows(connection, ("order_id", "customer_id"), ("o1", "c1"), ("o2", "c2"))
    people = _rows(connection, ("customer_id", "customer_unique_id", "customer_state"),
                   ("c1", "u", "SP"), ("c3", "v", "RJ"))  # fmt: skip
    joined = quirks.apply("join_buyers", orders, {"olist_customers": people})
    names = ("order_id", "customer_unique_id", "customer_state")
    assert _read(joined, *names) == [(2, "o1", "u", "SP"), (3, "o2", None, None)]
    assert quirks.apply("join_buyers", orders, {}) is orders
