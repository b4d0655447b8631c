"""Which files an import reads, keeps nothing of, and takes for known."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from channelscope import manifest
from channelscope.domain import Period
from channelscope.importers import staging
from channelscope.importers.layout import catalogue
from channelscope.importers.parts import Changes
from tests.importers.small_brand import LIST, brand, contents, lines, pdd, pdd_row, run, write

_AT = "2026-07-01 10:00:00"


@pytest.mark.parametrize("name", ["a*.csv", "a?.csv", "[ab]b.csv"])
def test_a_name_that_looks_like_a_pattern_is_one_file(name: str, tmp_path: Path) -> None:
    pdd(tmp_path / "ab.csv", pdd_row("other", _AT, "LX-01", "99"))
    workspace = brand(tmp_path / "shop")
    run(workspace, pdd(tmp_path / name, pdd_row("a", _AT, "LX-01", "12")))
    assert lines(workspace)["order_id"].to_list() == ["a"]


def test_no_copy_of_a_file_lies_in_the_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed import would leave it there, with the names and addresses in it."""
    workspace = brand(tmp_path / "shop")
    order = {"订单编号": "1", "买家实际支付金额": "9", "订单付款时间": _AT, "收货人姓名": "张秘密"}
    file = write(tmp_path / "list.csv", LIST, order)
    file.write_bytes(file.read_bytes().decode("utf-8-sig").encode("gb18030"))
    seen: list[bytes] = []

    def killed(*_args: object, **_more: object) -> None:
        seen.extend(contents(workspace).values())
        raise KeyboardInterrupt

    monkeypatch.setattr(staging, "stage", killed)
    with pytest.raises(KeyboardInterrupt):
        run(workspace, file, store="T1", source="taobao")
    assert seen
    assert not any("张秘密".encode(code) in each for each in seen for code in ("utf-8", "gb18030"))


def test_a_file_without_dates_is_another_import_on_other_days(tmp_path: Path) -> None:
    workspace = brand(tmp_path / "shop")
    header = catalogue()["sycm_traffic_sources"].header
    columns = [name for name in header if name != "统计日期"]
    row = dict.fromkeys(columns, "12") | {"流量来源": "手淘搜索"}
    file = write(tmp_path / "sources.csv", columns, row)
    for day in (date(2026, 7, 1), date(2026, 7, 2), date(2026, 7, 2)):
        done = run(workspace, file, store="T1", source="taobao", span=Period(day, day))
    assert done.known
    found = pl.concat(map(pl.read_parquet, manifest.read(workspace).parts["traffic"]))
    assert found["date"].unique().sort().to_list() == [date(2026, 7, 1), date(2026, 7, 2)]


def test_files_of_people_are_as_they_were_when_an_import_fails_at_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = brand(tmp_path / "shop", products="sku,title,category\n")
    before = contents(workspace)
    written: list[set[str]] = []

    def full(_changes: Changes) -> None:
        written.append(set(contents(workspace)))
        raise OSError("no space left")

    monkeypatch.setattr(Changes, "commit", full)
    with pytest.raises(OSError, match="no space left"):
        run(workspace, pdd(tmp_path / "a.csv", pdd_row("a", _AT, "NEW-1", "12")))
    assert "product_map.csv" in written[0]
    assert contents(workspace) == before


def test_an_export_that_reaches_into_other_days_takes_nothing_from_them(tmp_path: Path) -> None:
    """Cut by the time of payment, or by the days of another time zone."""
    workspace = brand(tmp_path / "shop")
    rows = [
        pdd_row(n, f"2026-07-0{day} 10:00:00", "LX-01", "9")
        for n, day in zip("abc", "123", strict=True)
    ]
    run(workspace, pdd(tmp_path / "july.csv", *rows))
    august = pdd(
        tmp_path / "august.csv",
        pdd_row("d", "2026-07-01 23:00:00", "LX-01", "180.00"),
        pdd_row("e", "2026-08-01 09:00:00", "LX-03", "50.00"),
    )
    done = run(workspace, august)
    assert lines(workspace)["order_id"].to_list() == ["a", "b", "c", "d", "e"]
    assert (done.replaced.again, done.replaced.gone) == (0, 0)
