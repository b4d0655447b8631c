"""`import --dry-run` and `--list`: how columns would be read, what is missing, what there is."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from channelscope import importing
from channelscope.cli import cli
from channelscope.importers.layout import ExportKind, catalogue
from channelscope.importing import Asked
from tests.importers.small_brand import PDD, brand, contents, pdd_row, write


def _columns(path: Path, header: list[str], *rows: dict[str, str]) -> dict[str, tuple[str, ...]]:
    (one,) = importing.preview(Asked("auto", (write(path, header, *rows),)))
    return {column.name: (column.becomes, *column.samples) for column in one.columns}


def test_every_column_says_what_it_becomes_with_five_of_its_values(tmp_path: Path) -> None:
    rows = [
        pdd_row(
            f"n{n}", f"2026-07-0{n} 10:00:00", "LX-01", f"{n},000.50", 新列="x", **{"邮费(元)": "-"}
        )
        for n in range(1, 8)
    ]
    found = _columns(tmp_path / "a.csv", [*PDD, "新列"], *rows)
    assert found["用户实付金额(元)"][1:] == ("1000.5", "2000.5", "3000.5", "4000.5", "5000.5")
    assert found["邮费(元)"] == ("line_paid (taken off)",)
    assert found["订单号"] == ("order_id", "n1", "n2", "n3", "n4", "n5")
    assert found["新列"] == ("not known, not read",)
    assert found["发货时间"] == ("not used",)
    assert found["商家备注"][0].startswith("is_excluded (only whether")


def test_personal_columns_are_never_read(tmp_path: Path) -> None:
    header = list(catalogue()["taobao_orders"].header)
    row = {
        "订单编号": "1",
        "订单状态": "交易成功",
        "收货人姓名": "王小明",
        "联系手机": "13800000000",
        "收货地址": "浙江省杭州市西湖路1号",
        "买家会员名": "明明",
    }
    found = _columns(tmp_path / "a.csv", header, row)
    assert found["收货人姓名"] == ("personal: never read",)
    assert found["收货地址"] == ("ship_region (only the province or country is kept)",)
    assert found["买家会员名"] == ("buyer_id (only a salted hash is kept)",)
    told = str(found)
    assert not any(word in told for word in ("王小明", "13800000000", "西湖", "明明"))


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    header = [name for name in PDD if name not in ("邮费(元)", "样式ID", "发货时间")]
    row = pdd_row("a", "2026-07-01 10:00:00", "LX-01", "9.00")
    file = write(tmp_path / "a.csv", header, {k: v for k, v in row.items() if k in header})
    (one,) = importing.preview(Asked("pdd", (file,)))
    assert one.missing == ("邮费(元)", "样式ID")  # nothing is made of 发货时间


def test_a_dry_run_writes_nothing_and_needs_no_workspace(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    file = write(tmp_path / "a.csv", PDD, pdd_row("a", "2026-07-01 10:00:00", "LX-01", "9.00"))
    before = contents(tmp_path)
    plain = CliRunner().invoke(cli, ["import", "pdd", str(file), "--dry-run"])
    into = ["--into", str(workspace), "--store", "F1"]
    again = CliRunner().invoke(cli, ["import", "auto", str(file), "--dry-run", *into])
    assert plain.exit_code == again.exit_code == 0
    assert plain.stdout == again.stdout
    assert "paid_at: 2026-07-01 10:00:00" in plain.stdout
    assert contents(tmp_path) == before


def test_the_list_names_every_export_that_becomes_something() -> None:
    result = CliRunner().invoke(cli, ["import", "--list"])
    rows = [line.split("\t") for line in result.stdout.splitlines()]
    wanted = {n for n, one in catalogue().items() if one.kind is not ExportKind.NOT_USED}
    assert {row[3] for row in rows} == wanted
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)


def test_a_folder_stands_for_the_exports_in_it(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    downloads = tmp_path / "downloads"
    downloads.mkdir()
    write(downloads / "a.csv", PDD, pdd_row("a", "2026-07-01 10:00:00", "LX-01", "9.00"))
    write(downloads / "b.CSV", PDD, pdd_row("b", "2026-07-02 10:00:00", "ODD", "9.00"))
    (downloads / "notes.md").write_text("mine", encoding="utf-8")
    into = ["--into", str(workspace), "--store", "F1"]
    result = CliRunner().invoke(cli, ["import", "auto", str(downloads), *into])
    assert result.exit_code == 0, result.stderr
    assert "order lines: 2 in 2 orders from 2026-07-01 to 2026-07-02, 18.00 paid" in result.stderr
    assert "F1: 50.0% of sales by merchant code" in result.stderr
    assert "1 product to decide on in" in result.stderr
    again = CliRunner().invoke(cli, ["import", "auto", str(downloads), *into])
    assert "nothing to do: these files were imported for F1 before" in again.stderr
