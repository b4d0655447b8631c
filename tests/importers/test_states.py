"""Statuses as platforms print them: which are sales, which were never paid, which came back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from channelscope.engine.duckdb import Session
from channelscope.importers import staging
from channelscope.importers.layout import catalogue
from channelscope.importers.opening import open_sheets
from channelscope.limits import Limits
from tests.importers.layout_files import exports, write

NEW = "new"
TAOBAO = {
    "等待买家付款": "unpaid",
    "买家已付款，等待卖家发货": "paid",
    "卖家部分发货": "paid",
    "卖家已发货，等待买家确认": "paid",
    "交易成功": "paid",
    "交易关闭": "closed",
}
DOUYIN = {
    "待支付": "unpaid",
    "待发货": "paid",
    "备货中": "paid",
    "已发货": "paid",
    "已完成": "paid",
    "已关闭": "closed",
    "售后处理中": "paid",
    "售后关闭": "paid",
    "同意退款，退款成功": "refunded",
    "退款成功": "refunded",
}
PRINTED = {
    ("taobao_orders", "订单状态"): TAOBAO,
    ("taobao_order_lines", "订单状态"): TAOBAO,
    ("taobao_suborders", "订单状态"): TAOBAO,
    ("taobao_trade_api", "status"): {
        "WAIT_BUYER_PAY": "unpaid",
        "WAIT_SELLER_SEND_GOODS": "paid",
        "WAIT_BUYER_CONFIRM_GOODS": "paid",
        "TRADE_FINISHED": "paid",
        "TRADE_CLOSED": "closed",
        "TRADE_CLOSED_BY_TAOBAO": "closed",
    },
    ("jd_orders", "订单状态"): {
        "等待付款": "unpaid",
        "等待出库": "paid",
        "等待确认收货": "paid",
        "完成": "paid",
        "已完成": "paid",
        "(删除)等待出库": "closed",
        "（删除）等待确认收货": "closed",
        "已取消": "closed",
    },
    ("pdd_orders", "订单状态"): {
        "待支付": "unpaid",
        "待发货": "paid",
        "已发货，待收货": "paid",
        "已收货": "paid",
        "已取消": "closed",
        "待发货，退款成功": "refunded",
        "已发货，退款成功": "refunded",
        "退款成功，交易关闭": "refunded",
    },
    ("douyin_orders", "订单状态"): DOUYIN,
    ("douyin_merged_orders", "订单状态"): DOUYIN,
    ("douyin_after_sales", "售后状态"): {
        "同意退款，退款成功": "refunded",
        "售后关闭": "closed",
        "换货成功": "paid",
        "售后处理中": "paid",
    },
    ("shopify_orders", "Financial Status"): {
        "pending": "unpaid",
        "authorized": "unpaid",
        "expired": "unpaid",
        "paid": "paid",
        "partially_paid": "paid",
        "partially_refunded": "paid",
        "refunded": "refunded",
        "voided": "closed",
    },
    ("amazon_orders", "order-status"): {
        "Pending": "unpaid",
        "PendingAvailability": "unpaid",
        "Unshipped": "paid",
        "PartiallyShipped": "paid",
        "Shipped": "paid",
        "Shipped - Picked Up": "paid",
        "Cancelled": "closed",
    },
    ("woocommerce_orders", "Status"): {
        "pending": "unpaid",
        "on-hold": "unpaid",
        "processing": "paid",
        "completed": "paid",
        "cancelled": "closed",
        "failed": "closed",
        "refunded": "refunded",
    },
    ("olist_orders", "order_status"): {
        "created": "unpaid",
        "approved": "paid",
        "invoiced": "paid",
        "processing": "paid",
        "shipped": "paid",
        "delivered": "paid",
        "canceled": "closed",
        "unavailable": "closed",
    },
}


@pytest.mark.parametrize(("stem", "column"), PRINTED)
def test_a_status_means_what_the_platform_says(stem: str, column: str, tmp_path: Path) -> None:
    printed = PRINTED[stem, column]
    export = exports()[stem]
    rows = [{**export.cells[-1], column: status} for status in (*printed, NEW)]
    path = write(replace(export, cells=tuple(rows)), tmp_path)
    session = Session.over_files((tmp_path,), limits=Limits(threads=1))
    sheets = open_sheets([path], layouts=catalogue(), scratch=tmp_path, progress=lambda *_: None)
    layout = export.layout
    (staged,) = staging.stage(
        session, [(sheet, found, layout) for sheet, found in sheets],
        secret="", shop=None, scratch=tmp_path,
    )  # fmt: skip
    session.close()
    frame = pl.read_parquet(staged.path).sort("row")
    assert frame[layout.header[column].to or ""].to_list() == [*printed.values(), None]
    assert dict(staged.unknown_states) == {NEW: 1}


def test_every_layout_with_statuses_is_here() -> None:
    assert {stem for stem, _ in PRINTED} == {s for s, each in catalogue().items() if each.states}
