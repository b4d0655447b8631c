"""Paid orders of which no file says what was bought are told, with their money."""

from __future__ import annotations

from pathlib import Path

from channelscope import manifest
from channelscope.cli import import_text
from channelscope.importing import Asked
from tests.importers.small_brand import DETAIL, LIST, brand, lines, run, write


def _order(number: str, paid: str, day: str) -> dict[str, str]:
    return {
        "订单编号": number, "买家实际支付金额": paid, "订单状态": "交易成功",
        "订单付款时间": f"{day} 10:00:00", "订单创建时间": f"{day} 09:00:00",
    }  # fmt: skip


def test_orders_without_lines_are_told_and_counted(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    orders = write(
        tmp_path / "list.csv", LIST, _order("1", "100", "2026-07-01"),
        _order("2", "50", "2026-07-02"), _order("3", "7.5", "2026-07-04"),
    )  # fmt: skip
    line = {"订单编号": "1", "标题": "锅", "价格": "100", "购买数量": "1", "商家编码": "LX-01"}
    detail = write(tmp_path / "lines.csv", DETAIL, line)
    done = run(workspace, orders, detail, store="T1", source="taobao")
    assert lines(workspace)["order_id"].to_list() == ["1"]
    said = "\n".join(import_text.told(done, Asked("taobao", (), workspace, store="T1")))
    assert "warning: 2 paid orders (57.50) from 2026-07-02 to 2026-07-04 have no lines" in said
    assert manifest.read(workspace).imports[0]["left_out"] == {"no_lines": 2}


def test_nothing_is_said_when_all_have_lines(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    orders = write(tmp_path / "list.csv", LIST, _order("1", "100", "2026-07-01"))
    line = {"订单编号": "1", "标题": "锅", "价格": "100", "购买数量": "1", "商家编码": "LX-01"}
    done = run(
        workspace, orders, write(tmp_path / "l.csv", DETAIL, line), store="T1", source="taobao"
    )
    said = "\n".join(import_text.told(done, Asked("taobao", (), workspace, store="T1")))
    assert "have no lines" not in said
