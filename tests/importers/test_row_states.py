"""Sub-orders of one order have statuses of their own."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from channelscope.importers.layout import catalogue
from tests.importers.small_brand import brand, lines, run, write

DOUYIN = catalogue()["douyin_orders"].header


def _row(order: str, number: str, state: str, code: str) -> dict[str, str]:
    return {
        "主订单编号": order, "子订单编号": number, "选购商品": code, "商家编码": code,
        "商品数量": "1", "商品单价": "10", "订单应付金额": "10", "订单状态": state,
        "订单提交时间": "2026-07-01 10:00:00", "支付完成时间": "2026-07-01 10:01:00",
    }  # fmt: skip


def test_a_closed_suborder_is_no_sale_beside_one_that_is(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    rows = (
        _row("a", "1", "已关闭", "LX-01"), _row("a", "2", "已完成", "LX-02"),
        _row("b", "3", "待支付", "LX-01"), _row("b", "4", "已完成", "LX-03"),
    )  # fmt: skip
    run(workspace, write(tmp_path / "orders.csv", DOUYIN, *rows), store="X1", source="douyin")
    assert lines(workspace).select("order_id", "sku", "refunded_amount").rows() == [
        ("a", "LX-01", Decimal(10)), ("a", "LX-02", Decimal(0)), ("b", "LX-03", Decimal(0)),
    ]  # fmt: skip
