"""Tables of the manifest beside files in the root: both are read, and what a person wrote wins."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from channelscope.cli import cli
from channelscope.errors import DataError
from channelscope.workspace import open_workspace
from tests.workspace.imported import import_parts
from tests.workspace.tables import ORDER_LINES, PRODUCTS, configure, loaded, rows, write


def _lines(orders: list[str], lines: list[int], paid: list[str], **more: object) -> pl.DataFrame:
    height = len(orders)
    return pl.DataFrame({
        "store_id": ["F1"] * height, "order_id": orders, "line_no": lines, "sku": ["a"] * height,
        "ordered_at": [dt.datetime(2026, 2, 1, 8)] * height, "qty": [Decimal("1.000")] * height,
        "list_price": [Decimal("100.0000")] * height,
        "paid_amount": [Decimal(amount) for amount in paid], **more,
    })  # fmt: skip


def _traffic(*given: tuple[int, str | None, int]) -> pl.DataFrame:
    days, sources, visitors = zip(*given, strict=True)
    dates = [dt.date(2026, 1, day) for day in days]
    return pl.DataFrame({"store_id": "F1", "date": dates, "source": sources, "visitors": visitors})


PAID = ("order_id", "line_no", "paid_amount")


def test_imported_table_alone_stays_parquet_and_is_scanned_where_it_lies(tmp_path: Path) -> None:
    january = _lines(["1", "2"], [1, 1], ["90", "80"])
    february = _lines(["3"], [1], ["70"], discount_markdown=[Decimal("30")])
    import_parts(write(tmp_path, order_lines=None), order_lines=[january, february])
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", *PAID, "discount_markdown") == [
            (1, "1", 1, Decimal("90.0000"), None),
            (2, "2", 1, Decimal("80.0000"), None),
            (3, "3", 1, Decimal("70.0000"), Decimal("30.0000")),
        ]
        kept = data.session.connection.view("duckdb_tables").pl()["table_name"].to_list()
        assert [name for name in kept if name.startswith("order_lines")] == []
        assert data.locate("order_lines", 3) == "order_lines-F1-000000000002.parquet row 1"
        assert data.replaced == {}


def test_filters_reach_imported_parquet_beside_a_file_of_the_root(tmp_path: Path) -> None:
    import_parts(write(tmp_path), order_lines=[_lines(["1001", "7"], [1, 1], ["1", "2"])])
    with loaded(tmp_path) as data:
        table = data.session.connection.table("order_lines")
        plan = table.filter(duckdb.ColumnExpression("order_id") == "7").select("qty").explain()
        scan = plan[plan.index("PARQUET") :]
        assert "order_id" in scan
        assert "paid_amount" not in scan


def test_written_rows_win_over_imported_ones_of_the_same_key(tmp_path: Path) -> None:
    # Another store, another order or another line is another key.
    part = _lines(["1001", "1001", "1001", "1002"], [1, 2, 3, 1], ["1", "2", "3", "4"])
    part = part.with_columns(sku=pl.lit("b"), buyer_id=pl.lit("x"))
    import_parts(write(tmp_path), order_lines=[part.head(1), part.tail(3)])
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", "store_id", *PAID, "sku") == [
            (2, "F1", "1001", 1, Decimal("190.0000"), "a"),
            (3, "F1", "1001", 2, Decimal("20.5000"), "b"),
            (4, "D1", "1001", 1, Decimal("85.0000"), "a"),
            (7, "F1", "1001", 3, Decimal("3.0000"), "b"),
            (8, "F1", "1002", 1, Decimal("4.0000"), "b"),
        ]
        assert data.rows["order_lines"] == 5
        assert data.replaced == {"order_lines": 2}
        found = [data.locate("order_lines", row) for row in (2, 4, 5, 7)]
        assert found == [
            "order_lines.csv row 2",
            "order_lines.csv row 4",
            "order_lines-F1-000000000001.parquet row 1",
            "order_lines-F1-000000000002.parquet row 2",
        ]
        missing = data.missing_columns["order_lines"]
        assert "promo_id" in missing
        assert not {"discount_markdown", "buyer_id"} & set(missing)


def test_rows_of_which_none_is_written_are_all_kept(tmp_path: Path) -> None:
    import_parts(write(tmp_path), order_lines=[_lines(["9"], [1], ["5"])])
    with loaded(tmp_path) as data:
        assert [row for (row,) in rows(data, "order_lines", "order_id")] == [
            "1001", "1001", "1001", "9",
        ]  # fmt: skip
        assert data.replaced == {}


def test_source_not_given_is_all_on_both_sides(tmp_path: Path) -> None:
    written = "store_id,date,source,visitors\nF1,2026-01-01,,5\nF1,2026-01-02,search,6\n"
    parts = _traffic((1, None, 50), (1, "search", 51), (2, None, 52), (2, "search", 53))
    import_parts(write(tmp_path, traffic=written), traffic=[parts])
    with loaded(tmp_path) as data:
        found = [(str(day), *rest) for day, *rest in rows(data, "traffic", *_TRAFFIC)]
        assert found == [
            ("2026-01-01", "all", 5),
            ("2026-01-02", "search", 6),
            ("2026-01-01", "search", 51),
            ("2026-01-02", "all", 52),
        ]


_TRAFFIC = ("date", "source", "visitors")


def test_service_of_single_orders_is_not_the_service_of_the_day(tmp_path: Path) -> None:
    written = "store_id,date,metric,value,order_id\nF1,2026-01-01,rating_item,4.5,\n"
    parts = pl.DataFrame({
        "store_id": "F1", "date": dt.date(2026, 1, 1), "metric": "rating_item",
        "value": [4.0, 3.0, 2.0], "order_id": [None, "1", "2"],
    })  # fmt: skip
    import_parts(write(tmp_path, service=written), service=[parts])
    with loaded(tmp_path) as data:
        assert rows(data, "service", "order_id", "value") == [(None, 4.5), ("1", 3.0), ("2", 2.0)]


def test_empty_root_file_gives_way(tmp_path: Path) -> None:
    write(tmp_path, order_lines=ORDER_LINES.splitlines()[0] + ",note\n")
    import_parts(tmp_path, order_lines=[_lines(["1", "2"], [1, 1], ["90", "80"])])
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", *PAID) == [
            (1, "1", 1, Decimal("90.0000")),
            (2, "2", 1, Decimal("80.0000")),
        ]
        assert data.locate("order_lines", 2) == "row 2"
        assert data.extra_columns == {}
        assert data.replaced == {}


def test_empty_products_give_way_to_imported_ones(tmp_path: Path) -> None:
    write(tmp_path, products="sku,title,category\n")
    goods = pl.DataFrame({"sku": ["a", "b"], "title": ["A", "B"], "category": ["x", "x"]})
    with loaded(import_parts(tmp_path, products=[goods])) as data:
        assert rows(data, "products", "sku", "title") == [("a", "A"), ("b", "B")]


def test_declared_source_counts_as_written(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "lines.csv").write_text(ORDER_LINES, encoding="utf-8")
    import_parts(tmp_path, order_lines=[_lines(["1001", "8"], [1, 1], ["1", "2"])])
    sql = "select * from read_csv('raw/lines.csv', all_varchar = true)"
    for declared in ('path = "raw/lines.csv"', f'sql = "{sql}"'):
        configure(tmp_path, f"[tables.order_lines]\n{declared}\n")
        with loaded(tmp_path) as data:
            assert [paid for (paid,) in rows(data, "order_lines", "paid_amount")] == [
                Decimal("190"), Decimal("20.5"), Decimal("85"), Decimal("2"),
            ]  # fmt: skip
    assert data.locate("order_lines", 1) == "tables.order_lines.sql row 1"
    assert data.locate("order_lines", 5) == "order_lines-F1-000000000001.parquet row 2"


def test_declared_database_counts_as_written(tmp_path: Path) -> None:
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as base:
        base.execute("create table daily as select 'F1' as store_id, date '2026-01-01' as date,"
                     " 7 as visitors")  # fmt: skip
    configure(write(tmp_path), '[tables.traffic]\ndatabase = "shop.duckdb"\ntable = "daily"\n')
    import_parts(tmp_path, traffic=[_traffic((1, "all", 70), (2, "all", 8))])
    with loaded(tmp_path) as data:
        assert rows(data, "traffic", "visitors") == [(7,), (8,)]


def test_sql_of_another_table_reads_both(tmp_path: Path) -> None:
    import_parts(write(tmp_path), order_lines=[_lines(["1001", "8"], [1, 1], ["1", "2"])])
    sql = "select store_id, sku, ordered_at as observed_at, list_price from order_lines"
    configure(tmp_path, f'[tables.price_snapshots]\nsql = "{sql}"\n')
    with loaded(tmp_path) as data:
        assert data.rows["price_snapshots"] == 4


def test_money_of_both_is_converted(tmp_path: Path) -> None:
    stores = "store_id,name,kind,platform,currency\nF1,x,flagship,tmall,USD\nD1,y,live,pdd,\n"
    fx = "date,currency,rate\n2026-01-01,USD,7\n"
    import_parts(write(tmp_path, stores=stores, fx=fx),
                 order_lines=[_lines(["1001", "8"], [1, 1], ["1", "2"])])  # fmt: skip
    with loaded(tmp_path) as data:
        assert [paid for (paid,) in rows(data, "order_lines", "paid_amount")] == [
            Decimal("1330.0000"), Decimal("143.5000"), Decimal("85.0000"), Decimal("14.0000"),
        ]  # fmt: skip


def test_failures_of_both_sides_are_told_at_once(tmp_path: Path) -> None:
    part = _lines(["1", "2"], [1, 1], ["1", "2"]).with_columns(line_no=pl.Series([1.5, 2.5]))
    write(tmp_path, order_lines=ORDER_LINES.replace("190.00", "much"))
    import_parts(tmp_path, order_lines=[part])
    with pytest.raises(DataError) as caught, loaded(tmp_path):
        pass
    told = str(caught.value)
    assert "order_lines.paid_amount: 1 value is not an amount (1234.50); first: row 2" in told
    assert "order_lines.line_no: 2 values are not a whole number; first: row 1 '1.5'" in told
    assert "order_lines-F1-000000000001.parquet" in told


def test_own_tables_of_the_manifest_are_none_of_the_workspace(tmp_path: Path) -> None:
    frame = pl.DataFrame({"store_id": ["F1"]})
    import_parts(write(tmp_path), refunds=[frame], traffic=[_traffic((1, "all", 3))])
    (tmp_path / "product_map.csv").write_text("store_id,item_key\n", encoding="utf-8")
    (tmp_path / "notes.csv").write_text("a\n", encoding="utf-8")
    workspace = open_workspace(tmp_path)
    assert list(workspace.sources) == ["stores", "products", "order_lines", "traffic"]
    assert list(workspace.manifest.parts) == ["refunds", "traffic"]
    assert workspace.ignored == ("notes.csv",)


def test_hash_is_of_both(tmp_path: Path) -> None:
    import_parts(write(tmp_path), products=[pl.DataFrame({"sku": ["c"], "title": "C"})])
    part = tmp_path / "imported" / "products-F1-000000000001.parquet"
    digests = [hashlib.sha256(p.read_bytes()).digest() for p in (tmp_path / "products.csv", part)]
    pl.DataFrame({"sku": ["c"], "title": "C", "category": "x"}).write_parquet(part)
    digests[1] = hashlib.sha256(part.read_bytes()).digest()
    with loaded(tmp_path) as data:
        assert data.hashes["products"] == hashlib.sha256(b"".join(digests)).hexdigest()
        assert rows(data, "products", "sku") == [("a",), ("b",), ("c",)]


def test_hash_is_of_the_sql_beside_the_parts(tmp_path: Path) -> None:
    import_parts(write(tmp_path), traffic=[_traffic((2, "all", 8))])
    hashes = set()
    for visitors in (7, 8):
        sql = f"select 'F1' as store_id, date '2026-01-01' as date, {visitors} as visitors"
        configure(tmp_path, f'[tables.traffic]\nsql = "{sql}"\n')
        with loaded(tmp_path) as data:
            assert data.rows["traffic"] == 2
            hashes.add(data.hashes["traffic"])
    assert len(hashes) == 2


def test_check_tells_of_imported_rows_left_out(tmp_path: Path) -> None:
    goods = pl.DataFrame({"sku": ["b", "c"], "title": "C", "category": "x"})
    import_parts(write(tmp_path, products=PRODUCTS), products=[goods])
    done = CliRunner().invoke(cli, ["check", str(tmp_path)])
    assert "not used: products: 1 imported rows that were also handed in" in done.output
