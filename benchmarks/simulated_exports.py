"""Order exports of a Tmall store, as large as asked for: the orders, and what was in them.

Made piece by piece, so that files larger than memory can be written. Ids, amounts and text look
like those of a real export; what a buyer is called or where he lives is made up.

python -m benchmarks.simulated_exports --lines 5000000 --out DIR
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl

from channelscope.importers.layout import catalogue

PRODUCTS, BUYERS, DAYS = 2_000, 900_000, 365
ORDERS_AT_ONCE = 100_000
LINES_OF_ORDER = {1: 0.45, 2: 0.25, 3: 0.18, 4: 0.12}
PROVINCES = ("浙江省", "江苏省", "上海", "广东省", "山东省", "四川省", "内蒙古自治区", "湖北省")
HEADERS = {"taobao_orders": 61, "taobao_order_lines": 10}
"""The mappings, and how many of their columns a file of 2020 has."""
_TOML = """[workspace]
name = "Large"
currency = "CNY"
reference = "F1"
basis = "paid_net"

[privacy]
salt_file = "../salt"
"""
_STORES = "store_id,name,kind,platform\nF1,大店旗舰店,flagship,tmall\n"


def workspace(folder: Path) -> Path:
    """A workspace with one store and its products, and a salt beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "channelscope.toml").write_text(_TOML, encoding="utf-8")
    (folder / "stores.csv").write_text(_STORES, encoding="utf-8")
    (folder.parent / "salt").write_text("no secret, only for measuring\n", encoding="utf-8")
    products().select("sku", "title", category=pl.lit("Kitchen")).write_csv(folder / "products.csv")
    return folder


def products() -> pl.DataFrame:
    """What the store sells: prices in cents."""
    number = pl.int_range(PRODUCTS, eager=True).alias("number").to_frame()
    return number.select(
        sku=pl.format("LX-{}", pl.col("number").cast(pl.String).str.zfill(5)),
        title=pl.format("不粘平底锅{}号 {}cm", "number", 16 + pl.col("number") % 20),
        price_c=1_990 + pl.col("number") * 37 % 40_000,
    )


def write(folder: Path, *, lines: int, encoding: str = "utf-8-sig", seed: int = 1) -> list[Path]:
    """About `lines` order lines with their orders; the two files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / "ExportOrderList.csv", folder / "ExportOrderDetailList.csv"]
    shelf, draw = products(), np.random.default_rng(seed)
    headers = [list(catalogue()[stem].header)[:count] for stem, count in HEADERS.items()]
    done, orders = 0, 0
    with paths[0].open("wb") as order_file, paths[1].open("wb") as line_file:
        while done < lines:
            drawn = _drawn(draw, shelf, first=orders, most=lines - done)
            is_first = orders == 0
            _append(order_file, _orders(drawn), headers[0], encoding, is_first=is_first)
            _append(line_file, _lines(drawn), headers[1], encoding, is_first=is_first)
            done += drawn.height
            orders += drawn["order"].n_unique()
    return paths


def _append(
    file: IO[bytes], frame: pl.DataFrame, header: list[str], encoding: str, *, is_first: bool
) -> None:
    empty = pl.lit(None, dtype=pl.String)
    cells = [pl.col(n) if n in frame.columns else empty.alias(n) for n in header]
    text = frame.select(cells).write_csv(include_header=is_first)
    file.write(text.encode(encoding if is_first else encoding.removesuffix("-sig")))


def _drawn(
    draw: np.random.Generator, shelf: pl.DataFrame, *, first: int, most: int
) -> pl.DataFrame:
    """The lines of the next orders, sorted by order; facts of the order repeated on its lines."""
    counts = draw.choice(list(LINES_OF_ORDER), ORDERS_AT_ONCE, p=list(LINES_OF_ORDER.values()))
    kept = max(1, int(np.searchsorted(np.cumsum(counts), most, side="right")))
    counts = counts[:kept]
    made = pl.DataFrame(
        {
            "order": np.arange(first, first + kept),
            "buyer": draw.integers(0, BUYERS, kept),
            "second": np.sort(draw.integers(0, 86_400, kept)),
            "off": draw.choice([0.0, 0.0, 0.05, 0.12], kept),
            "back": draw.random(kept) < 0.06,
        }
    )
    lines = made[np.repeat(np.arange(kept), counts)].with_columns(
        shelf[draw.integers(0, PRODUCTS, int(counts.sum()))],
        qty=pl.Series(draw.choice([1, 1, 1, 1, 2, 3], int(counts.sum()))),
    )
    goods = (pl.col("price_c") * pl.col("qty")).sum().over("order")
    return lines.with_columns(
        number=pl.format('="{}"', pl.col("order") + 2_711_000_700_000_000_000),
        at=pl.datetime(2025, 10, 1)
        + pl.duration(days=pl.col("order") // 13_700 % DAYS, seconds=pl.col("second")),
        paid_c=(goods * (1 - pl.col("off"))).cast(pl.Int64),
    )


def _orders(lines: pl.DataFrame) -> pl.DataFrame:
    buyer = pl.col("buyer").cast(pl.String).str.zfill(6)
    province = pl.Series(PROVINCES).gather(lines["buyer"] % len(PROVINCES))
    at = pl.col("at").dt
    return (
        lines.with_columns(province=province, titles=pl.col("title").str.join("，").over("order"))
        .unique("order", keep="first", maintain_order=True)
        .select(
            订单编号="number",
            买家会员名=pl.format("tb{}", buyer),
            买家支付宝账号=pl.format("{}@planted.example", buyer),
            买家应付货款=_money("paid_c"),
            买家应付邮费=pl.lit("0.00"),
            总金额=_money("paid_c"),
            买家实际支付金额=_money("paid_c"),
            订单状态=pl.lit("交易成功"),
            收货人姓名=pl.lit("王小明"),
            收货地址=pl.format("{} 某某市 某某区 某某街道{}号", "province", buyer),
            运送方式=pl.lit("快递"),
            联系手机=pl.format("'139{}", pl.col("buyer").cast(pl.String).str.zfill(8)),
            订单创建时间=at.offset_by("-2m").dt.strftime("%Y-%m-%d %H:%M:%S"),
            订单付款时间=at.strftime("%Y-%m-%d %H:%M:%S"),
            宝贝标题="titles",
            物流公司=pl.lit("中通快递"),
            店铺Id=pl.lit("0"),
            店铺名称=pl.lit("大店旗舰店"),
            订单关闭原因=pl.lit("订单未关闭"),
            退款金额=pl.when("back").then(_money("paid_c")).otherwise(pl.lit("无退款申请")),
            打款商家金额=pl.format("{}元", _money("paid_c")),
        )
    )


def _lines(lines: pl.DataFrame) -> pl.DataFrame:
    return lines.select(
        订单编号="number",
        标题="title",
        价格=_money("price_c"),
        购买数量=pl.col("qty").cast(pl.String),
        外部系统编号=pl.lit("LX"),
        商品属性=pl.lit("颜色分类：黑色"),
        订单状态=pl.lit("交易成功"),
        商家编码="sku",
    )


def _money(column: str) -> pl.Expr:
    cents = pl.col(column)
    return pl.format("{}.{}", cents // 100, (cents % 100).cast(pl.String).str.zfill(2))


def main() -> None:
    """Write the exports and a workspace to import them into."""
    parser = argparse.ArgumentParser(description="large order exports of a Tmall store")
    parser.add_argument("--lines", type=int, default=5_000_000)
    parser.add_argument("--encoding", choices=("utf-8-sig", "gb18030"), default="utf-8-sig")
    parser.add_argument("--out", type=Path, required=True)
    flags = parser.parse_args()
    workspace(flags.out / "workspace")
    paths = write(flags.out, lines=flags.lines, encoding=flags.encoding)
    sizes = ", ".join(f"{path.name} {path.stat().st_size / 1e6:,.0f} MB" for path in paths)
    print(f"{flags.lines:,} order lines: {sizes}")


if __name__ == "__main__":
    main()
