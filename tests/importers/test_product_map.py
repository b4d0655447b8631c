"""product_map.csv as people edit it: what is read, what is refused, how it is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from channelscope.errors import DataError, OutputError
from channelscope.importers import product_map
from channelscope.importers.product_map import COLUMNS, FILE

PRODUCTS = pl.DataFrame({"sku": ["LX-1", "LX-2"]})
HEADER = "store_id,item_key,sku,pieces,decision"


def _read(
    folder: Path, *lines: str, header: str = HEADER, encoding: str = "utf-8-sig"
) -> pl.DataFrame:
    (folder / FILE).write_text("\r\n".join((header, *lines)) + "\r\n", encoding=encoding)
    return product_map.read(folder, products=PRODUCTS)


def _rows(frame: pl.DataFrame) -> list[tuple[str | None, ...]]:
    return frame.select("store_id", "item_key", "sku", "pieces", "decision").rows()


def test_no_file_is_an_empty_map(tmp_path: Path) -> None:
    found = product_map.read(tmp_path, products=PRODUCTS)
    assert found.is_empty()
    assert tuple(found.columns) == COLUMNS


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_what_a_spreadsheet_saves_is_read(tmp_path: Path, encoding: str) -> None:
    found = _read(
        tmp_path,
        "F1,\t6970202400004123456,LX-1,2,Accept,好",
        'F1,"=""007""",\'LX-2,1.0,ACCEPT,',
        "F1,z, , ,,",
        ",,,,,",
        header=f"{HEADER},负责人",
        encoding=encoding,
    )
    assert _rows(found) == [
        ("F1", "6970202400004123456", "LX-1", "2", "accept"),
        ("F1", "007", "LX-2", "1.0", "accept"),
        ("F1", "z", None, None, None),
    ]
    assert found["负责人"].to_list() == ["好", None, None]


def test_a_key_keeps_the_full_width_signs_of_its_export(tmp_path: Path) -> None:
    found = _read(tmp_path, "F1,茶则/规格：默认,,,new")
    assert found["item_key"].to_list() == ["茶则/规格：默认"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("F1,a,LX-1,1,acept", ["row 2", "'acept'", "did you mean 'accept'?"]),
        ("F1,a,LX-9,1,accept", ["row 2", "no product 'LX-9'", "did you mean 'LX-"]),
        ("F1,a,,1,accept", ["'accept' without a sku"]),
        ("F1,a,LX-1,,accept", ["'accept' without pieces"]),
        ("F1,a,LX-1,0,accept", ["pieces is '0'"]),
        ("F1,a,LX-1,1.5,accept", ["pieces is '1.5'"]),
        ("F1,a,LX-1,-1,accept", ["pieces is '-1'"]),
        (",a,LX-1,1,accept", ["has no store_id"]),
        ("F1,,LX-1,1,", ["has no item_key"]),
        ("F1,6.97E+12,,,", ["item_key is 6.97E+12", "all its digits"]),
    ],
)
def test_a_row_that_cannot_be_meant(tmp_path: Path, line: str, told: list[str]) -> None:
    with pytest.raises(DataError) as caught:
        _read(tmp_path, line)
    assert f"{FILE} row 2" in str(caught.value)
    assert all(words in str(caught.value) for words in told)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        _read(tmp_path, "F1,a,LX-1,1,yes", "F1,b,LX-1,1,accept", "F1,c,LX-1,none,accept")
    assert [part.where for part in caught.value.parts] == [f"{FILE} row 2", f"{FILE} row 4"]


@pytest.mark.parametrize("second", ["F1,a,LX-1,2,accept", "F1,a,,,new"])
def test_an_item_decided_twice(tmp_path: Path, second: str) -> None:
    with pytest.raises(DataError, match="decided twice, first in row 2"):
        _read(tmp_path, "F1,a,LX-1,1,accept", second)


def test_parts_of_a_bundle_and_rejections_are_no_contradiction(tmp_path: Path) -> None:
    lines = ("F1,a,LX-1,1,accept", "F1,a,LX-2,2,accept", "F1,a,LX-8,1,reject", "F2,a,,,new")
    assert _read(tmp_path, *lines).height == 4


def test_products_of_open_and_rejected_rows_need_not_exist(tmp_path: Path) -> None:
    assert _read(tmp_path, "F1,a,gone,1,", "F1,a,gone,x,reject").height == 2


def test_a_file_without_its_columns(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="has no column pieces, decision"):
        _read(tmp_path, "F1,a,LX-1", header="store_id,item_key,sku")


def _map(**columns: list[str | None]) -> pl.DataFrame:
    height = len(next(iter(columns.values())))
    empty: dict[str, list[str | None]] = {name: [None] * height for name in COLUMNS}
    return pl.DataFrame({**empty, **columns}, schema_overrides=dict.fromkeys(COLUMNS, pl.String))


def test_written_and_read_again_is_the_same(tmp_path: Path) -> None:
    made = _map(
        store_id=["F1", "F1", "F1", "F1"],
        item_key=["6970202400004123456", "10-11", "1E5", "a/红, 大"],
        sku_code=["007", "MAR1", "TRUE", "-"],
        title=['锅 "大"', "=1+1", "+86", "@x\n第二行"],
        sku=["LX-1", None, "LX-2", None],
        pieces=["1", None, "2", None],
        decision=["accept", None, "reject", "new"],
    ).with_columns(pl.Series("负责人", ["李", None, None, None]))
    assert product_map.write(made, tmp_path)
    raw = (tmp_path / FILE).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbfstore_id,")
    text = raw.decode("utf-8-sig")
    for cell in ("6970202400004123456", "10-11", "1E5", "007", "MAR1", "TRUE", "=1+1", "+86"):
        assert f",\t{cell}," in text
    assert ",LX-1," in text
    assert product_map.read(tmp_path, products=PRODUCTS).equals(made)


def test_writing_the_same_again_leaves_the_file_alone(tmp_path: Path) -> None:
    made = _map(store_id=["F1"], item_key=["a"])
    assert product_map.write(made, tmp_path)
    before = (tmp_path / FILE).stat()
    assert not product_map.write(made, tmp_path)
    assert (tmp_path / FILE).stat().st_mtime_ns == before.st_mtime_ns
    assert product_map.write(made.with_columns(note=pl.lit("x")), tmp_path)


def test_a_failed_write_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    product_map.write(_map(store_id=["F1"], item_key=["a"]), tmp_path)
    before = (tmp_path / FILE).read_bytes()
    refuse: Callable[..., None] = _refuse
    monkeypatch.setattr(product_map.os, "replace", refuse)
    with pytest.raises(OutputError, match="close it where it is open"):
        product_map.write(_map(store_id=["F1"], item_key=["b"]), tmp_path)
    assert (tmp_path / FILE).read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == [FILE]


def _refuse(*_: object) -> None:
    raise PermissionError(13, "Permission denied")
