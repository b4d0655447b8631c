"""The sample workspace as it would look had each store's platform exported it.

Every writer adds what must not be imported: orders never paid or closed before payment, postage,
personal data. What a platform does not print is left out, as it would be.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import polars as pl

from tests.importers import written_abroad, written_headers
from tests.importers.prepared_lines import (
    address,
    clock,
    digits,
    money,
    prepared,
    province,
    put,
    table,
    with_unpaid,
)

BALANCE = 500
"""Cents that some JD orders are paid from the buyer's balance."""
_number, _text, _when = pl.col("order_id"), pl.lit, pl.when
_order, _refunded = pl.col("order_paid_c"), pl.col("order_refunded_c")
ORDER_IDS: Mapping[str, pl.Expr] = {
    "taobao": pl.format("27110007{}", _number),
    "jd": pl.format("2{}", _number),
    "pdd": pl.format("{}-{}{}", _number.str.head(6), _number.str.tail(5), pl.col("line_no")),
    "shopify": pl.format("#{}", _number),
    "amazon": pl.format(
        "{}-{}-{}000000", _number.str.head(3), _number.str.slice(3, 7), _number.str.slice(10)
    ),
}
"""Order numbers as a platform makes them; Taobao's have more digits than a float keeps."""


def as_sold_on(lines: pl.DataFrame, platform: str) -> pl.DataFrame:
    """Order lines with the numbers of a platform; on Pinduoduo each product is its own order."""
    numbered = lines.with_columns(order_id=ORDER_IDS[platform])
    if platform != "pdd":
        return numbered
    return numbered.with_columns(line_no=pl.lit(1, dtype=lines.schema["line_no"]))


def write(
    platform: str, lines: pl.DataFrame, products: pl.DataFrame, folder: Path
) -> tuple[Path, ...]:
    """The exports of one store whose lines are `as_sold_on` the platform."""
    folder.mkdir(parents=True, exist_ok=True)
    return WRITERS[platform](prepared(lines, products), folder)


def _taobao(lines: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    lines = with_unpaid(lines).with_columns(
        order_paid_c=_when(pl.col("extra") == 0).then("order_paid_c").otherwise(0)
    )
    number = pl.format('="{}"', _number)
    state = (
        _when(pl.col("extra") == 1).then(_text("等待买家付款"))
        .when(pl.col("extra") > 1).then(_text("交易关闭"))
        .when((_refunded > 0) & (_refunded == _order)).then(_text("交易关闭"))
        .otherwise(_text("交易成功"))
    )  # fmt: skip
    titles = pl.col("title").str.join("，").over("order_id")
    orders = table(
        lines.with_columns(titles=titles).filter("is_first"),
        written_headers.TAOBAO_ORDERS,
        {
            "订单编号": number,
            "买家会员名": pl.col("nick"),
            "买家支付宝账号": pl.col("mail"),
            "支付详情": pl.format("{}支付", "name"),
            "买家应付货款": money("order_paid_c"),
            "买家应付邮费": money("postage_c"),
            "总金额": money(_order + pl.col("postage_c")),
            "买家实际支付金额": money(
                _when(_order > 0).then(_order + pl.col("postage_c")).otherwise(0)
            ),
            "订单状态": state,
            "买家留言": pl.col("message"),
            "收货人姓名": pl.col("name"),
            "收货地址": address(province(), blank=" "),
            "运送方式": _text("快递"),
            "联系电话": pl.format("'{}", "phone"),
            "联系手机": pl.format("'{}", "phone"),
            "订单创建时间": clock("created_at"),
            "订单付款时间": clock("paid_at"),
            "宝贝标题": pl.col("titles"),
            "订单备注": pl.col("memo"),
            "订单关闭原因": _when(pl.col("extra") > 1).then(_text("买家未付款"))
            .otherwise(_text("订单未关闭")),
            "买家服务费": _text("0元"),
            "发票抬头": pl.format("{} {}", "name", "tax_number"),
            "修改后的收货地址": address(province(), blank=" "),
            "天猫卡券抵扣": money("order_subsidy_c"),
            "退款金额": _when(_refunded > 0).then(money("order_refunded_c"))
            .otherwise(_text("无退款申请")),
            "打款商家金额": pl.format("{}元", money(_order)),
        },
    )  # fmt: skip
    details = table(
        lines,
        written_headers.TAOBAO_LINES,
        {
            "订单编号": number,
            "标题": pl.col("title"),
            "价格": money("price_c"),
            "购买数量": pl.col("qty"),
            "外部系统编号": pl.col("sku").str.head(5),
            "商品属性": _text("颜色分类：如图"),
            "备注": pl.col("message"),
            "订单状态": state,
            "商家编码": pl.col("sku"),
        },
    )
    return (
        put(folder / "ExportOrderList.csv", orders, encoding="gb18030"),
        put(folder / "ExportOrderDetailList.csv", details, encoding="gb18030"),
    )


def _jd(lines: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    lines = with_unpaid(lines)
    balance = _when((digits("order_id") % 7 == 0) & (_order > BALANCE)).then(BALANCE).otherwise(0)
    whole = _order + pl.col("postage_c")
    rows = table(
        lines,
        written_headers.JD,
        {
            "订单号": _number,
            "商品ID": pl.format("100{}", pl.col("sku").str.replace_all(r"\D", "")),
            "商品名称": pl.col("title"),
            "订购数量": pl.col("qty"),
            "支付方式": _text("在线支付"),
            "下单时间": clock("created_at"),
            "京东价": money("price_c"),
            "订单金额": money("order_goods_c"),
            "结算金额": money(whole + pl.col("order_given_c")),
            "余额支付": money(balance),
            "应付金额": money(whole - balance),
            "订单状态": _when(pl.col("extra") > 0)
            .then(_text("(删除)等待出库")).otherwise(_text("完成")),
            "下单帐号": pl.col("nick"),
            "客户姓名": pl.col("name"),
            "客户地址": address(pl.col("ship_region"), blank=""),
            "联系电话": pl.col("phone"),
            "订单备注": pl.col("message"),
            "发票抬头": pl.col("name"),
            "商家备注": pl.col("memo"),
            "运费金额": money("postage_c"),
            "付款确认时间": clock("paid_at"),
            "增值税发票": pl.col("tax_number"),
            "货号": pl.col("sku"),
            "订单渠道": _text("移动端订单"),
        },
    )  # fmt: skip
    return (put(folder / "京东订单.csv", rows, encoding="gb18030"),)


def _pdd(lines: pl.DataFrame, folder: Path) -> tuple[Path, ...]:
    lines = with_unpaid(lines)
    paid = pl.col("paid_c") + pl.col("postage_c")
    rows = table(
        lines,
        written_headers.PDD,
        {
            "订单成交时间": clock("paid_at"),
            "商品": pl.col("title"),
            "订单号": pl.format("{}\t", _number),
            "订单状态": _when(pl.col("extra") > 0)
            .then(_text("已取消")).otherwise(_text("已收货")),
            "商品总价(元)": money("goods_c"),
            "邮费(元)": money("postage_c"),
            "店铺优惠折扣(元)": money(pl.col("tier_qty_c") + pl.col("coupon_shop_c")),
            "平台优惠折扣(元)": money(pl.col("subsidy_c") + pl.col("tier_cross_c")),
            "多多支付立减金额(元)": _text("0.00"),
            "用户实付金额(元)": money(paid),
            "商家实收金额(元)": money(paid + pl.col("given_c")),
            "商品数量(件)": pl.col("qty"),
            "商品id": pl.format("{}\t", pl.col("sku").str.replace_all(r"\D", "")),
            "商家编码-规格维度": pl.col("sku"),
            "商家编码-商品维度": pl.col("sku").str.head(5),
            "商家备注": pl.col("memo"),
            "售后状态": _when(pl.col("refunded_c") > 0)
            .then(_text("退款成功")).otherwise(_text("无售后或售后取消")),
        },
    )  # fmt: skip
    return (put(folder / "orders_export.csv", rows, encoding="utf-8-sig"),)


WRITERS: Mapping[str, Callable[[pl.DataFrame, Path], tuple[Path, ...]]] = {
    "taobao": _taobao,
    "jd": _jd,
    "pdd": _pdd,
    "shopify": written_abroad.shopify,
    "amazon": written_abroad.amazon,
}
