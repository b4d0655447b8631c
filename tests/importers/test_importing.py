"""The way of `import`: what it makes of a workspace, again, newer, interrupted, or not at all."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from channelscope import manifest
from channelscope.errors import ConfigError, DataError, OutputError, UsageError
from channelscope.importers.parts import Changes
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


def _july(folder: Path) -> Path:
    return pdd(
        folder / "july.csv",
        pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00"),
        pdd_row("b", "2026-07-02 10:00:00", "LX-02", "100.00"),
        pdd_row("c", "2026-07-02 11:00:00", "LX-02", "90.00"),
    )


def test_an_export_becomes_order_lines(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    done = run(workspace, _july(tmp_path))
    found = lines(workspace)
    assert found.select("store_id", "order_id", "line_no", "sku").rows() == [
        ("F1", "a", 1, "LX-01"), ("F1", "b", 1, "LX-02"), ("F1", "c", 1, "LX-02"),
    ]  # fmt: skip
    assert found["paid_amount"].to_list() == [Decimal(200), Decimal(100), Decimal(90)]
    assert found["refunded_amount"].to_list() == [0, 0, 0]
    assert done.rows["order_lines"] == 3
    assert [row["route"] for row in done.told["matched"]] == ["code"]


def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = _july(tmp_path)
    run(workspace, file)
    before = contents(workspace)
    assert run(workspace, file).known
    again = file.rename(tmp_path / "renamed.csv")
    assert run(workspace, again).known
    assert contents(workspace) == before


def test_the_same_file_of_another_store_is_another_import(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = _july(tmp_path)
    run(workspace, file)
    assert not run(workspace, file, store="D1").known
    assert lines(workspace)["store_id"].unique(maintain_order=True).to_list() == ["D1", "F1"]


def test_a_newer_export_replaces_the_days_it_covers_and_says_so(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, _july(tmp_path))
    newer = pdd(
        tmp_path / "newer.csv",
        pdd_row("b", "2026-07-02 10:00:00", "LX-02", "100.00", 售后状态="退款成功"),
        pdd_row("d", "2026-07-04 10:00:00", "LX-01", "180.00"),
    )
    done = run(workspace, newer)
    found = lines(workspace)
    # c is of a day that the newer file holds, and is not in it; a lies before.
    assert found["order_id"].to_list() == ["a", "b", "d"]
    assert found["refunded_amount"].to_list() == [Decimal(0), Decimal(100), Decimal(0)]
    assert (done.replaced.again, done.replaced.gone) == (1, 1)
    assert Decimal(done.replaced.gone_amount) == 90


def test_other_days_are_added(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, _july(tmp_path))
    august = pdd(tmp_path / "august.csv", pdd_row("e", "2026-08-01 09:00:00", "LX-03", "50.00"))
    done = run(workspace, august)
    assert lines(workspace)["order_id"].to_list() == ["a", "b", "c", "e"]
    assert (done.replaced.again, done.replaced.gone) == (0, 0)
    assert len(manifest.read(workspace).parts["order_lines"]) == 2


def test_overlapping_files_of_one_import_count_each_order_once(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    second = pdd(tmp_path / "second.csv", pdd_row("b", "2026-07-02 10:00:00", "LX-02", "95.00"))
    run(workspace, _july(tmp_path), second)
    found = lines(workspace)
    assert found["order_id"].to_list() == ["a", "b", "c"]
    assert found["paid_amount"].to_list()[1] == 95


@pytest.mark.parametrize("at", ["commit", "put", "set"])
def test_an_import_that_stops_leaves_the_workspace_as_it_was(
    at: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, _july(tmp_path))
    before = contents(workspace)
    august = pdd(tmp_path / "august.csv", pdd_row("e", "2026-08-01 09:00:00", "LX-03", "50.00"))

    def stop(*_args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Changes, at, stop)
    with pytest.raises(KeyboardInterrupt):
        run(workspace, august)
    assert contents(workspace) == before


def test_a_first_import_that_fails_leaves_no_folder(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    bad = pdd(tmp_path / "bad.csv", pdd_row("a", "yesterday", "LX-01", "200.00"))
    before = contents(workspace)
    with pytest.raises(DataError, match=r"bad\.csv.*订单成交时间.*not a time.*row 2 'yesterday'"):
        run(workspace, bad)
    assert contents(workspace) == before
    assert not (workspace / "imported").exists()


def test_leftovers_of_a_killed_import_are_removed(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, _july(tmp_path))
    left = workspace / "imported" / ".importing-999999999-ab"
    left.mkdir()
    others = workspace / "imported" / ".importing-x"
    others.mkdir()
    (workspace / "imported" / "order_lines-F1-000000000000.parquet").write_bytes(b"half")
    run(workspace, pdd(tmp_path / "x.csv", pdd_row("e", "2026-08-01 09:00:00", "LX-03", "50")))
    assert not left.exists()
    assert others.exists()
    assert not (workspace / "imported" / "order_lines-F1-000000000000.parquet").exists()


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    (workspace / "imported" / ".importing-1-ab").mkdir(parents=True)
    with pytest.raises(UsageError, match="another import is running"):
        run(workspace, _july(tmp_path))


def test_a_list_of_orders_needs_its_lines(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    order = {
        "订单编号": "1",
        "订单状态": "交易成功",
        "买家实际支付金额": "9",
        "订单付款时间": "2026-07-01",
    }
    file = write(tmp_path / "list.csv", LIST, order)
    with pytest.raises(UsageError, match="does not say what was bought"):
        run(workspace, file, store="T1", source="taobao")
    assert not (workspace / "imported").exists()


def _taobao(folder: Path, *shops: str) -> tuple[Path, Path]:
    orders = [
        {"订单编号": f'="{n}"', "买家会员名": "小明", "订单状态": "交易成功", "店铺名称": shop,
         "买家实际支付金额": "90.00", "买家应付邮费": "0", "退款金额": "无退款申请",
         "订单创建时间": f"2026-07-0{n} 10:00:00", "订单付款时间": f"2026-07-0{n} 10:01:00"}
        for n, shop in enumerate(shops, start=1)
    ]  # fmt: skip
    details = [
        {"订单编号": f'="{n}"', "标题": "汤锅", "价格": "100.00", "购买数量": "1",
         "商家编码": "LX-02", "订单状态": "交易成功"}
        for n, _ in enumerate(shops, start=1)
    ]  # fmt: skip
    return (
        write(folder / "list.csv", LIST, *orders),
        write(folder / "detail.csv", DETAIL, *details),
    )


def test_two_shops_in_one_file_are_one_clear_error(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    files = _taobao(tmp_path, "旗舰店", "专卖店", "旗舰店")
    with pytest.raises(DataError, match=r"holds 2 shops: 专卖店 \(1 rows\), 旗舰店 \(2 rows\)"):
        run(workspace, *files, store="T1", source="taobao")
    assert not (workspace / "imported").exists()
    run(workspace, *files, store="T1", source="taobao", shop="旗舰店")
    assert lines(workspace)["order_id"].to_list() == ["1", "3"]
    with pytest.raises(UsageError, match="has no rows of a shop '旗舰'"):
        run(workspace, *files, store="T1", source="taobao", shop="旗舰")


def test_sources_are_found_out(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    run(workspace, *_taobao(tmp_path, "旗舰店"), store="T1", source="auto")
    (row,) = lines(workspace).to_dicts()
    assert (row["paid_amount"], row["list_price"], row["refunded_amount"]) == (90, 100, 0)


def test_statuses_nobody_knows_are_told(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    odd = pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00", 订单状态="月球上", 售后状态="")
    done = run(workspace, pdd(tmp_path / "odd.csv", odd))
    assert done.sheets[0].unknown_states == (("月球上", 1),)
    assert lines(workspace).height == 1


def test_what_is_no_sale_is_counted_by_its_reason(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = pdd(
        tmp_path / "mixed.csv",
        pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00", 商家备注="刷单"),
        pdd_row("b", "2026-07-01 10:00:00", "LX-01", "200.00", 订单状态="待付款"),
    )
    run(workspace, file)
    (entry,) = manifest.read(workspace).imports
    assert entry["left_out"] == {"unpaid": 1}
    assert lines(workspace).select("order_id", "is_excluded").rows() == [("a", True)]


def test_a_store_that_is_not_there_is_told_with_the_line_to_add(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    with pytest.raises(UsageError, match="there is no store 'Z9'") as caught:
        run(workspace, _july(tmp_path), store="Z9")
    assert "add the store to stores.csv" in str(caught.value)


def test_the_salt_lies_outside(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    (workspace / "channelscope.toml").write_text("[privacy]\nsalt_file = 'salt'\n", "utf-8")
    with pytest.raises(ConfigError, match="inside the workspace"):
        run(workspace, *_taobao(tmp_path, "旗舰店"), store="T1", source="taobao")


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    (workspace / "imported").write_text("a file", "utf-8")
    with pytest.raises((OutputError, DataError)):
        run(workspace, _july(tmp_path))
