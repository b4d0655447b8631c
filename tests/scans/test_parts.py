"""Each file of order lines reads as it does within the whole, and its name tells its rows."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import polars as pl

from channelscope import loading
from channelscope.loading import Loaded
from channelscope.workspace import open_workspace
from tests.workspace.imported import import_parts
from tests.workspace.tables import STORES, configure, loaded, write

PATTERN = '[tables.order_lines]\npath = "lines/*.parquet"\n'
DAY = dt.datetime(2026, 2, 1, 8)


def _lines(*orders: str, paid: str = "90", **more: object) -> pl.DataFrame:
    columns: dict[str, object] = {
        "store_id": "F1", "order_id": list(orders), "line_no": 1, "sku": "a", "ordered_at": DAY,
        "qty": Decimal(1), "list_price": Decimal(100), "paid_amount": Decimal(paid), **more,
    }  # fmt: skip
    return pl.DataFrame(columns)


def _write(folder: Path, *files: pl.DataFrame, toml: str = "") -> Path:
    configure(write(folder, order_lines=None), toml + PATTERN)
    (folder / "lines").mkdir(exist_ok=True)
    for number, frame in enumerate(files):
        frame.write_parquet(folder / "lines" / f"{number}.parquet")
    return folder


def _frame(data: Loaded, view: str) -> pl.DataFrame:
    return data.session.connection.table(view).pl().sort("_row")


def _names(folder: Path) -> list[str]:
    with loaded(folder) as data:
        return [part.fingerprint for part in data.parts]


def _assert_parts_are_the_whole(data: Loaded) -> None:
    read = [_frame(data, part.view) for part in data.parts]
    whole = _frame(data, "order_lines")
    assert all(frame.schema == whole.schema for frame in read)
    assert pl.concat(read).equals(whole)


def test_a_part_is_the_rows_of_its_file_with_their_numbers(tmp_path: Path) -> None:
    with loaded(_write(tmp_path, _lines("1", "2"), _lines("3"))) as data:
        assert [(part.label, part.view) for part in data.parts] == [
            ("0.parquet", "order_lines_part_1"), ("1.parquet", "order_lines_part_2"),
        ]  # fmt: skip
        _assert_parts_are_the_whole(data)
        assert _frame(data, "order_lines_part_2").select("_row", "order_id").rows() == [(3, "3")]


def test_columns_and_types_are_those_that_all_files_have_together(tmp_path: Path) -> None:
    plain = _lines("1", "2").select(pl.all().exclude("sku"), sku=pl.Series([7, 8]))
    more = _lines("3", paid="1.5", sku="07", discount_markdown=Decimal("2.25"), note="x")
    with loaded(_write(tmp_path, plain, more.select(reversed(more.columns)))) as data:
        _assert_parts_are_the_whole(data)
        first = _frame(data, "order_lines_part_1")
        assert first.select("sku", "discount_markdown").rows() == [("7", None), ("8", None)]


def test_money_of_a_part_is_turned_as_in_the_whole(tmp_path: Path) -> None:
    _write(tmp_path, _lines("1"), _lines("2"), toml='[workspace]\ncurrency = "CNY"\n')
    header, first, rest = STORES.split("\n", 2)
    stores = f"{header},currency\n{first},USD\n{rest.strip()},CNY\n"
    (tmp_path / "stores.csv").write_text(stores, encoding="utf-8")
    (tmp_path / "fx.csv").write_text("currency,date,rate\nUSD,2026-02-01,7\n", encoding="utf-8")
    with loaded(tmp_path) as data:
        _assert_parts_are_the_whole(data)
        assert _frame(data, "order_lines_part_2")["paid_amount"].to_list() == [Decimal(630)]


def test_imported_parts_are_parts(tmp_path: Path) -> None:
    import_parts(write(tmp_path, order_lines=None), order_lines=[_lines("1", "2"), _lines("3")])
    with loaded(tmp_path) as data:
        assert [part.label[:12] for part in data.parts] == ["order_lines-", "order_lines-"]
        _assert_parts_are_the_whole(data)


def test_what_cannot_be_read_file_by_file_is_one_part(tmp_path: Path) -> None:
    single, mixed, text, asked = (tmp_path / name for name in ("single", "mixed", "text", "sql"))
    for folder in (single, mixed, text, asked):
        folder.mkdir()
    _write(single, _lines("1"))
    import_parts(write(mixed), order_lines=[_lines("2"), _lines("3")])
    write(text)
    _write(asked, _lines("1"), _lines("2"))
    sql = "select * from read_parquet('lines/*.parquet')"
    configure(asked, f'[tables.order_lines]\nsql = "{sql}"\n')
    for folder in (single, mixed, text, asked):
        with loaded(folder) as data:
            assert [part.view for part in data.parts] == ["order_lines"]


def test_there_are_no_parts_without_order_lines(tmp_path: Path) -> None:
    shelf = "store_id,sku,observed_at,list_price\nF1,a,2026-01-05 10:00:00,9\n"
    with loaded(write(tmp_path, order_lines=None, price_snapshots=shelf)) as data:
        assert data.parts == ()


def test_order_lines_that_break_the_contract_have_no_parts(tmp_path: Path) -> None:
    _write(tmp_path, _lines("1"), _lines("2").drop("paid_amount").with_columns(qty=pl.lit("x")))
    data = loading.read(open_workspace(tmp_path))
    assert data.failures
    assert data.parts == ()
    data.close()


def test_a_file_after_it_leaves_the_name_of_a_part(tmp_path: Path) -> None:
    before = _names(_write(tmp_path, _lines("1"), _lines("2")))
    assert len(set(before)) == 2
    assert _names(_write(tmp_path, _lines("1"), _lines("2"), _lines("3", note="x")))[:2] == before


def test_a_row_more_in_a_file_before_it_moves_a_part_and_leaves_its_name(tmp_path: Path) -> None:
    before = _names(_write(tmp_path, _lines("1"), _lines("2")))
    with loaded(_write(tmp_path, _lines("1", "3"), _lines("2"))) as data:
        assert [part.start for part in data.parts] == [0, 2]
        assert data.parts[1].fingerprint == before[1]


def test_other_rows_or_types_are_another_name(tmp_path: Path) -> None:
    first, second = _names(_write(tmp_path, _lines("1"), _lines("2")))
    assert _names(_write(tmp_path, _lines("1"), _lines("9")))[0] == first
    assert _names(_write(tmp_path, _lines("1"), _lines("9")))[1] != second
    numbered = _lines("2").with_columns(line_no=pl.lit("1"))
    assert _names(_write(tmp_path, _lines("1"), numbered))[0] != first
