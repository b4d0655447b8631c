"""A workspace of two stores and three products, and small order exports to import into it."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import importing, manifest
from channelscope.importers.layout import catalogue
from channelscope.importing import Asked, Imported

STORES = """store_id,name,kind,platform
F1,Flagship,flagship,pdd
D1,Distributor,distributor,pdd
T1,Tmall,flagship,tmall
A1,Abroad,flagship,amazon
X1,Elsewhere,distributor,mall of the town
"""
PRODUCTS = """sku,title,category,suggested_price,gtin
LX-01,兰溪 炒锅 32cm,Cookware,200,
LX-02,兰溪 汤锅 24cm,Cookware,100,
LX-03,兰溪 玻璃杯 350ml,Cups,50,6901234567892
"""
PDD = catalogue()["pdd_orders"].header
LIST, DETAIL = catalogue()["taobao_orders"].header, catalogue()["taobao_order_lines"].header


def brand(folder: Path, *, products: str = PRODUCTS) -> Path:
    """A workspace with stores and products, whose salt lies beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "stores.csv").write_text(STORES, encoding="utf-8")
    (folder / "products.csv").write_text(products, encoding="utf-8")
    (folder.parent / "salt").write_text("0123456789abcdef0123456789abcdef\n", encoding="utf-8")
    toml = f"[privacy]\nsalt_file = {str(folder.parent / 'salt')!r}\n"
    (folder / "channelscope.toml").write_text(toml, encoding="utf-8")
    return folder


def pdd_row(number: str, paid_at: str, code: str, paid: str, **cells: str) -> dict[str, str]:
    """An order of Pinduoduo: one piece, nothing off, no postage, unless `cells` say otherwise."""
    return {
        "订单成交时间": paid_at, "商品": f"商品 {code}", "订单号": number, "订单状态": "已收货",
        "商品总价(元)": paid, "邮费(元)": "0", "店铺优惠折扣(元)": "0", "平台优惠折扣(元)": "0",
        "多多支付立减金额(元)": "0", "用户实付金额(元)": paid, "商家实收金额(元)": paid,
        "商品数量(件)": "1", "商家编码-规格维度": code, "售后状态": "无售后或售后取消", **cells,
    }  # fmt: skip


def write(path: Path, header: Sequence[str] | Mapping[str, Any], *rows: dict[str, str]) -> Path:
    """A CSV with the columns of a layout."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(header), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def pdd(path: Path, *rows: dict[str, str]) -> Path:
    """An order export of Pinduoduo."""
    return write(path, PDD, *rows)


def run(
    workspace: Path, *files: Path, store: str = "F1", source: str = "pdd", **more: Any
) -> Imported:
    """The import as the command makes it."""
    return importing.run(Asked(source, files, workspace, store=store, **more))


def lines(workspace: Path) -> pl.DataFrame:
    """All imported order lines, in order."""
    paths = manifest.read(workspace).parts.get("order_lines", ())
    if not paths:
        return pl.DataFrame()
    frames = [pl.read_parquet(path) for path in paths]
    return pl.concat(frames).sort("store_id", "order_id", "line_no")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder with its bytes."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
