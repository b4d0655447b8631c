"""Files as users have them become the same sheet: any encoding, separator, banner or container."""

from __future__ import annotations

import random
import zipfile
from pathlib import Path

import pytest
import xlwt

from channelscope.importers import decoding
from channelscope.importers.layout import catalogue, of_source
from channelscope.importers.opening import open_sheets
from tests.importers.small_exports import (
    FIRST,
    LINES,
    SECOND,
    only,
    opened,
    rows,
    text,
    workbook,
    write,
    zipped,
)

TABLE = [LINES, FIRST, SECOND]


def as_read(*lines: tuple[str, ...], first_row: int = 2) -> list[dict[str, object]]:
    """What is to be read of a table whose rows begin at `first_row`."""
    return [
        {**dict(zip(LINES, (cell or None for cell in line), strict=True)), "_row": number}
        for number, line in enumerate(lines, start=first_row)
    ]


BOTH = as_read(FIRST, SECOND)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_text_of_any_kind(tmp_path: Path, encoding: str, separator: str, end: str) -> None:
    content = text(TABLE, separator=separator, end=end)
    path = write(tmp_path / "ExportOrderDetailList.csv", content, encoding=encoding)
    ((sheet, stem),) = opened(path)
    assert stem == "taobao_order_lines"
    assert (sheet.name, sheet.path, sheet.header) == (path.name, path, LINES)
    assert rows(sheet) == BOTH


def test_utf8_is_read_where_it_lies_and_gb18030_from_a_copy(tmp_path: Path) -> None:
    plain = only(write(tmp_path / "a.csv", text(TABLE)))
    assert plain.rows.path == tmp_path / "a.csv"
    copied = only(write(tmp_path / "b.csv", text(TABLE), encoding="gb18030"))
    assert copied.rows.path.parent == tmp_path / "scratch"


def test_mixed_line_ends_are_made_one(tmp_path: Path) -> None:
    lines = text(TABLE, end="\n").splitlines()
    sheet = only(write(tmp_path / "a.csv", lines[0] + "\r\n" + lines[1] + "\n" + lines[2] + "\r"))
    assert rows(sheet) == BOTH


def test_line_ends_within_cells_are_kept(tmp_path: Path) -> None:
    noted = (*FIRST[:7], "两行\n备注", *FIRST[8:])
    sheet = only(write(tmp_path / "a.csv", text([LINES, noted, SECOND])))
    assert rows(sheet) == as_read(noted, SECOND)


def test_cells_come_through_as_they_are(tmp_path: Path) -> None:
    ids = ['="123"', '"=""124"""', "\t125", "'126", "007", ' "128" ']
    cells = [f'{written},a,1,1,,,,,x,5寸锅 24"\n' for written in ids]
    sheet = only(write(tmp_path / "a.csv", ",".join(LINES) + "\n" + "".join(cells)))
    found = [row["订单编号"] for row in rows(sheet)]
    assert found == ['="123"', '="124"', "\t125", "'126", "007", "128"]
    assert rows(sheet)[0]["商家编码"] == '5寸锅 24"'


def test_a_quote_in_tab_separated_text_is_only_a_sign(tmp_path: Path) -> None:
    header = list(catalogue()["amazon_orders"].header)
    line = {"amazon-order-id": "111-1", "product-name": '"Best" pan', "sku": '12" lid'}
    content = "\t".join(header) + "\n" + "\t".join(line.get(name, "") for name in header) + "\n"
    ((sheet, stem),) = opened(write(tmp_path / "orders.txt", content))
    assert stem == "amazon_orders"
    (row,) = rows(sheet)
    assert {name: row[name] for name in line} == line


@pytest.mark.parametrize(
    ("said", "encoding", "title"),
    [("Amazon.co.jp", "cp932", "鍋ｶﾚｰ"), ("Amazon.fr", "cp1252", "Poêle à crêpes"),
     ("Amazon.co.jp", "utf-8", "鍋 é")],
)  # fmt: skip
def test_amazon_of_each_country(tmp_path: Path, said: str, encoding: str, title: str) -> None:
    header = list(catalogue()["amazon_orders"].header)
    line = {"sales-channel": said, "product-name": title, "amazon-order-id": "1"}
    content = "\t".join(header) + "\n" + "\t".join(line.get(name, "") for name in header) + "\n"
    path = write(tmp_path / "orders.txt", content, encoding=encoding)
    assert rows(only(path))[0]["product-name"] == title


def test_the_country_is_found_wherever_it_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    header = list(catalogue()["amazon_orders"].header)
    line = {"sales-channel": "Amazon.co.jp", "product-name": "鍋"}
    content = "\t".join(header) + "\n" + "\t".join(line.get(name, "") for name in header) + "\n"
    path = write(tmp_path / "orders.txt", content, encoding="cp932")
    for chunk in range(20, 60):
        monkeypatch.setattr(decoding, "CHUNK", chunk)
        assert rows(only(path))[0]["product-name"] == "鍋"


def test_banner_above_the_header(tmp_path: Path) -> None:
    above = [("店铺：兰溪旗舰店", ""), (), ("统计周期", "2026-01-01")]
    sheet = only(write(tmp_path / "a.csv", text([*above, *TABLE])))
    assert sheet.banner == ("店铺：兰溪旗舰店", "统计周期", "2026-01-01")
    assert rows(sheet) == as_read(FIRST, SECOND, first_row=5)


@pytest.mark.parametrize(("above", "found"), [(14, True), (15, False)])
def test_the_header_is_among_the_first_fifteen_rows(
    tmp_path: Path, above: int, found: bool
) -> None:
    path = write(tmp_path / "a.csv", text([*[("说明",)] * above, *TABLE]))
    if found:
        assert rows(only(path))[0]["_row"] == 16
    else:
        with pytest.raises(Exception, match="no export that is known"):
            only(path)


def test_names_are_read_through_what_is_put_around_them(tmp_path: Path) -> None:
    header = [
        "\ufeff 订单编号 ",
        '="标题"',
        "\t价格",
        "'购买数量",
        "商品屬性 （元）",
        *LINES[5:],
        "",
        "",
    ]
    sheet = only(write(tmp_path / "a.csv", text([header, (*FIRST, "", "")])))
    assert sheet.header == ("订单编号", "标题", "价格", "购买数量", "商品屬性 (元)", *LINES[5:])
    assert [row["商家编码"] for row in rows(sheet)] == ["LX-01"]


def test_nameless_columns_are_left_out(tmp_path: Path) -> None:
    header = (*LINES[:2], "", *LINES[2:], "", "")
    line = (*FIRST[:2], "?", *FIRST[2:])
    for tail in ((), ("", ""), ("?", "")):  # with and without what the header has at its end
        sheet = only(write(tmp_path / "a.csv", text([header, (*line, *tail)])))
        assert rows(sheet) == as_read(FIRST)


def test_shuffled_columns_and_unknown_ones(tmp_path: Path) -> None:
    names = [*LINES, "新列", "新列", "X"]
    cells = [*FIRST, "a", "b", "c"]
    order = list(range(len(names)))
    random.Random(9).shuffle(order)
    table = [[names[i] for i in order], [cells[i] for i in order]]
    (row,) = rows(only(write(tmp_path / "a.csv", text(table))))
    assert row == {**as_read(FIRST)[0], "新列": row["新列"], "新列 (2)": row["新列 (2)"], "X": "c"}
    assert {row["新列"], row["新列 (2)"]} == {"a", "b"}


def test_rows_without_a_cell_are_no_rows(tmp_path: Path) -> None:
    blank = ("",) * len(LINES)
    content = text([LINES, blank, FIRST, blank]) + "\r\n\r\n"
    assert rows(only(write(tmp_path / "a.csv", content))) == as_read(FIRST, first_row=3)


def test_comments_are_no_rows(tmp_path: Path) -> None:
    header = tuple(catalogue()["alipay_bill"].header)
    line = ("1", "2026-01-01 10:00:00", "#9", *["x\n# y"] * (len(header) - 3))
    around = ["#支付宝账务明细查询", '#账号：[2088"]'], ["#合计：收入,1"]
    content = "\n".join(around[0]) + "\n" + text([header, line]) + "\n".join(around[1]) + "\n"
    ((sheet, stem),) = opened(write(tmp_path / "a.csv", content, encoding="gbk"))
    assert stem == "alipay_bill"
    (row,) = rows(sheet)
    assert tuple(row.values()) == (*line, 4)


def test_a_zip_of_list_and_detail(tmp_path: Path) -> None:
    orders = tuple(catalogue()["taobao_orders"].header)
    path = zipped(
        tmp_path / "订单.zip",
        {
            "导出/ExportOrderList.csv": text([orders, ["1"] * len(orders)]).encode("gb18030"),
            "__MACOSX/._ExportOrderList.csv": b"\0\0",
            "../../ExportOrderDetailList.csv": text(TABLE).encode("gb18030"),
            "汇总.csv": "本月,合计\n1,2\n".encode(),
            "readme.pdf": b"%PDF",
        },
    )
    (first, one), (second, two) = opened(path)
    assert (one, two) == ("taobao_orders", "taobao_order_lines")
    assert first.name == "订单.zip: ExportOrderList.csv"
    assert second.name == "订单.zip: ExportOrderDetailList.csv"
    assert {first.path, second.path} == {path}
    assert first.passed_over == ("汇总.csv",)
    assert rows(second) == BOTH
    assert not (tmp_path.parent / "ExportOrderDetailList.csv").exists()
    # Members make room for their copies; the one that is unknown was no copy.
    assert len(list((tmp_path / "scratch").iterdir())) == 3


def test_names_in_a_zip_from_windows(tmp_path: Path) -> None:
    # Written as GBK without a mark, as Chinese Windows does: zipfile reads that as cp437.
    name = "订单.csv".encode("gbk")
    path = zipped(tmp_path / "a.zip", {"x" * len(name): text(TABLE).encode()})
    write(path, path.read_bytes().replace(b"x" * len(name), name))
    assert only(path).name == "a.zip: 订单.csv"


def test_a_workbook_within_a_zip_and_the_same_file_twice(tmp_path: Path) -> None:
    book = workbook(tmp_path / "a.xlsx", {"Sheet1": TABLE})
    path = zipped(tmp_path / "b.zip", {"a.xlsx": book})
    assert [sheet.name for sheet, _ in opened(book, path)] == ["a.xlsx"]
    assert rows(only(path)) == BOTH


def test_the_first_sheet_that_is_known(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"说明": [["如何使用"]], "空": [], "订单": [[], ["兰溪"], *TABLE], "又": TABLE},
    )
    sheet = only(path)
    assert (sheet.name, sheet.banner) == ("a.xlsx: 订单", ("兰溪",))
    assert sheet.passed_over == ("说明", "空", "又")
    assert rows(sheet) == as_read(FIRST, SECOND, first_row=4)


def test_numbers_and_blank_rows_of_a_workbook(tmp_path: Path) -> None:
    line = ["1", "锅", 598.5, 2, None, 123456789012345, None, None, "交易成功", "LX"]
    sheet = only(workbook(tmp_path / "a.xlsx", {"Sheet1": [LINES, [], line]}))
    (row,) = rows(sheet)
    assert row["_row"] == 3
    assert [row["价格"], row["购买数量"], row["商品属性"]] == ["598.5", "2", "123456789012345"]


def test_empty_text_in_a_workbook_is_missing(tmp_path: Path) -> None:
    line = (*FIRST[:4], "NOTHING", *FIRST[5:])
    path = workbook(tmp_path / "a.xlsx", {"Sheet1": [LINES, line]})
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts = {name: part.replace(b"NOTHING", b"") for name, part in parts.items()}
    assert rows(only(zipped(path, parts))) == as_read(FIRST)


def test_a_genuine_xls(tmp_path: Path) -> None:
    header = tuple(catalogue()["sycm_shop_daily"].header)
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("Sheet1")
    for place, name in enumerate(header):
        sheet.write(3, place, name)
        sheet.write(4, place, "2026-01-01" if place == 0 else "1,234.50")
    book.save(str(tmp_path / "a.xls"))
    ((read, stem),) = opened(tmp_path / "a.xls")
    assert stem == "sycm_shop_daily"
    (row,) = rows(read)
    assert (row["统计日期"], row["支付金额"], row["_row"]) == ("2026-01-01", "1,234.50", 5)


def test_text_named_like_a_workbook(tmp_path: Path) -> None:
    path = write(tmp_path / "a.xls", text(TABLE, separator="\t"), encoding="gb18030")
    assert rows(only(path)) == BOTH


def test_progress_is_told_in_bytes(tmp_path: Path) -> None:
    told: list[tuple[str, int, int]] = []
    path = write(tmp_path / "a.csv", text(TABLE), encoding="gb18030")
    open_sheets(
        [path], layouts=of_source("taobao"), scratch=tmp_path,
        progress=lambda label, done, total: told.append((label, done, total)),
    )  # fmt: skip
    size = path.stat().st_size
    assert told[-1] == ("a.csv", size, size)
