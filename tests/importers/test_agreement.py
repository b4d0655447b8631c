"""Files of several stores are one clear error, whether one file holds them or several."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from channelscope.errors import DataError, UsageError
from channelscope.importers.layout import catalogue
from tests.importers.small_brand import (
    DETAIL,
    LIST,
    brand,
    contents,
    lines,
    pdd,
    pdd_row,
    run,
    write,
)

AMAZON = catalogue()["amazon_orders"].header


def _list(path: Path, number: str, shop: str) -> Path:
    order = {
        "订单编号": number, "买家实际支付金额": "100", "订单状态": "交易成功", "店铺名称": shop,
        "订单付款时间": "2026-07-01 10:00:00",
    }  # fmt: skip
    return write(path, LIST, order)


def _detail(path: Path, *numbers: str) -> Path:
    rows = [{"订单编号": n, "标题": "锅", "价格": "100", "购买数量": "1"} for n in numbers]
    return write(path, DETAIL, *rows)


def _amazon(path: Path, *currencies: str) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(AMAZON), restval="", delimiter="\t")
        writer.writeheader()
        for number, currency in enumerate(currencies):
            writer.writerow({
                "amazon-order-id": f"1-{number}", "purchase-date": "2026-07-01T10:00:00+00:00",
                "order-status": "Shipped", "sales-channel": "Amazon.com", "sku": "LX-01",
                "quantity": "1", "currency": currency, "item-price": "10",
            })  # fmt: skip
    return path


def test_two_shops_in_two_files_are_an_error(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    before = contents(workspace)
    one, two = _list(tmp_path / "1.csv", "1", "甲店"), _list(tmp_path / "2.csv", "2", "乙店")
    detail = _detail(tmp_path / "lines.csv", "1", "2")
    with pytest.raises(DataError, match=r"2 shops: 乙店 \(2.csv\), 甲店 \(1.csv\)"):
        run(workspace, one, two, detail, store="T1", source="taobao")
    assert contents(workspace) == before


def test_two_shops_in_two_files_of_one_name_are_an_error(tmp_path: Path) -> None:
    for folder in ("1", "2"):
        (tmp_path / folder).mkdir()
    one, two = (_list(tmp_path / n / "list.csv", n, f"{n}店") for n in ("1", "2"))
    detail = _detail(tmp_path / "lines.csv", "1", "2")
    with pytest.raises(DataError, match="2 shops"):
        run(brand(tmp_path / "shop"), one, two, detail, store="T1", source="taobao")


def test_two_files_of_one_shop_are_none(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    one, two = _list(tmp_path / "1.csv", "1", "甲店"), _list(tmp_path / "2.csv", "2", "甲店")
    run(workspace, one, two, _detail(tmp_path / "3.csv", "1", "2"), store="T1", source="taobao")
    assert lines(workspace)["order_id"].to_list() == ["1", "2"]


def test_two_platforms_are_an_error(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    orders, detail = _list(tmp_path / "1.csv", "1", "甲店"), _detail(tmp_path / "3.csv", "1")
    other = pdd(tmp_path / "pdd.csv", pdd_row("a", "2026-07-01 10:00:00", "LX-01", "9"))
    with pytest.raises(DataError, match=r"2 platforms: pdd \(pdd.csv\), taobao"):
        run(workspace, orders, detail, other, store="X1", source="auto")


@pytest.mark.parametrize("currencies", [("JPY",), ("CNY", "JPY")])
def test_amounts_in_another_currency_are_an_error(
    currencies: tuple[str, ...], tmp_path: Path
) -> None:
    workspace = brand(tmp_path / "shop")
    with pytest.raises(DataError, match="amounts in JPY; the store's currency is CNY"):
        run(workspace, _amazon(tmp_path / "a.txt", *currencies), store="A1", source="amazon")


def test_orders_without_a_currency_are_of_the_store(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, _amazon(tmp_path / "a.txt", "CNY", ""), store="A1", source="amazon")
    assert lines(workspace).height == 2


def test_exports_of_another_platform_than_the_stores_are_refused(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = pdd(tmp_path / "a.csv", pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00"))
    with pytest.raises(UsageError, match=r"a\.csv is an export of pdd; store T1 is on tmall"):
        run(workspace, file, store="T1")
    with pytest.raises(UsageError, match="is on tmall"):
        run(workspace, file, store="T1", source="auto")
    assert not (workspace / "imported").exists()


def test_auto_takes_of_a_folder_what_the_stores_platform_has(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    jd = {"订单号": "j", "订购数量": "1", "京东价": "9", "应付金额": "9", "订单状态": "完成"}
    others = write(tmp_path / "jd.csv", catalogue()["jd_orders"].header, jd)
    file = pdd(tmp_path / "a.csv", pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00"))
    done = run(workspace, others, file, source="auto")
    assert done.passed_over == ("jd.csv",)
    assert lines(workspace)["order_id"].to_list() == ["a"]
