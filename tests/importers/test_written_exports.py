"""The exports that the round trip writes are what the platforms print, read back by hand."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from tests.importers import planted, written_exports

PRODUCTS = pl.DataFrame({"sku": ["A", "B"], "title": ["锅 A, 24cm", "碗 B"]})
CENTS = pl.Decimal(18, 4)
ENCODINGS = {"taobao": "gb18030", "jd": "gb18030", "pdd": "utf-8-sig"}
LINES = pl.DataFrame({
    "store_id": ["F1"] * 3,
    "order_id": ["26010100001", "26010100001", "26010200005"],
    "line_no": [1, 2, 1],
    "sku": ["A", "B", "A"],
    "ordered_at": ["2026-01-01 10:00:00", "2026-01-01 10:00:00", "2026-01-02 23:59:59"],
    "qty": ["2", "1", "1"],
    "list_price": ["100.00", "50.00", "100.00"],
    "paid_amount": ["150.01", "40.00", "97.00"],
    "discount_markdown": ["20.00", "0", "10.00"],
    "discount_subsidy": ["5.00", "0", "0"],
    "discount_tier_qty": ["0", "10.00", "0"],
    "discount_coupon_shop": ["24.99", "0", "0"],
    "discount_tier_cross": ["0", "0", "0"],
    "platform_amount": ["5.00", "0", "0"],
    "buyer_id": ["a1", "a1", None],
    "refunded_amount": ["0", "40.00", "97.00"],
    "ship_region": ["浙江", "浙江", "内蒙古"],
    "is_excluded": [False, False, True],
}).with_columns(
    pl.col("ordered_at").str.to_datetime(),
    pl.col("qty").cast(pl.Decimal(18, 3)),
    pl.col("^.*(price|amount|discount_).*$").cast(CENTS),
)  # fmt: skip
"""Two lines of one order; a line without buyer that pays 7 more than its discounts say."""


def _rows(platform: str, folder: Path) -> Iterator[list[dict[str, str]]]:
    lines = written_exports.as_sold_on(LINES, platform)
    for path in written_exports.write(platform, lines, PRODUCTS, folder):
        text = path.read_bytes().decode(ENCODINGS.get(platform, "utf-8"))
        separator = "\t" if platform == "amazon" else ","
        yield list(csv.DictReader(text.splitlines(), delimiter=separator))


def _sum(rows: list[dict[str, str]], column: str) -> Decimal:
    return sum((Decimal(row[column] or 0) for row in rows), Decimal(0))


def test_taobao_prints_money_per_order_and_goods_per_line(tmp_path: Path) -> None:
    orders, details = _rows("taobao", tmp_path)
    assert [len(orders), len(details)] == [2 + 2, 3 + 2]
    assert orders[0]["订单编号"] == details[1]["订单编号"] == '="2711000726010100001"'
    assert _sum(orders, "买家实际支付金额") == Decimal("287.01") + 10
    assert _sum(orders[:2], "买家应付邮费") == 10, "26010200005 pays for delivery"
    assert orders[0]["退款金额"] == "40.00"
    assert [row["订单状态"] for row in orders] == [
        "交易成功",
        "交易关闭",
        "等待买家付款",
        "交易关闭",
    ]
    assert [row["订单付款时间 "] for row in orders[2:]] == ["", ""]
    assert orders[1]["收货地址 "].startswith("内蒙古自治区 ")
    assert [row["价格"] for row in details[:3]] == ["90.00", "50.00", "90.00"]


def test_jd_repeats_the_money_of_an_order(tmp_path: Path) -> None:
    (rows,) = _rows("jd", tmp_path)
    assert {row["应付金额"] for row in rows[:2]} == {"190.01"}
    assert {row["结算金额"] for row in rows[:2]} == {"195.01"}
    assert {row["订单金额"] for row in rows[:2]} == {"230.00"}
    assert rows[2]["应付金额"] == "107.00"
    assert rows[3]["付款确认时间"] == ""


def test_pinduoduo_prints_an_order_per_product(tmp_path: Path) -> None:
    (rows,) = _rows("pdd", tmp_path)
    numbers = [row["订单号"] for row in rows[:3]]
    assert numbers == ["260101-000011\t", "260101-000012\t", "260102-000051\t"]
    names = ("商品总价(元)", "店铺优惠折扣(元)", "平台优惠折扣(元)", "商家实收金额(元)")
    assert [rows[0][name] for name in names] == ["180.00", "24.99", "5.00", "155.01"]
    assert [row["售后状态"] for row in rows[:2]] == ["无售后或售后取消", "退款成功"]


def test_shopify_fills_order_cells_on_the_first_row_only(tmp_path: Path) -> None:
    (rows,) = _rows("shopify", tmp_path)
    assert [row["Subtotal"] for row in rows[:3]] == ["190.01", "", "97.00"]
    assert [row["Financial Status"] for row in rows[:3]] == ["partially_refunded", "", "refunded"]
    assert [row["Lineitem discount"] for row in rows[:3]] == ["29.99", "10.00", "0.00"]
    assert [row["Lineitem price"] for row in rows[:3]] == ["90.00", "50.00", "97.00"]
    assert [row["Lineitem compare at price"] for row in rows[:3]] == ["100.00", "", "100.00"]


def test_amazon_prints_totals_of_lines_in_utc(tmp_path: Path) -> None:
    (rows,) = _rows("amazon", tmp_path)
    assert [row["item-price"] for row in rows] == ["180.00", "50.00", "97.00", "", ""]
    assert _sum(rows[:3], "item-price") - _sum(rows[:3], "item-promotion-discount") == Decimal(
        "287.01"
    )
    assert rows[2]["purchase-date"] == "2026-01-03T07:59:59+00:00"


@pytest.mark.parametrize("platform", written_exports.WRITERS)
def test_every_order_carries_personal_data(platform: str, tmp_path: Path) -> None:
    for rows in _rows(platform, tmp_path):
        assert all(planted.found(str(row)) for row in rows)


def test_a_piece_of_a_planted_text_is_found_and_a_number_is_not() -> None:
    assert planted.found("寄往灵隐路") == ["寄往灵隐路"]
    assert planted.found("TB_OUYANG") == ["TB_OUYANG"]
    assert not planted.found("paid 0.13905710001, 2139057100012")
