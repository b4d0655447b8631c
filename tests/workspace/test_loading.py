"""What a workspace may be made of: every kind of source ends in the same typed tables."""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter

from channelscope import contract
from tests.workspace.tables import ORDER_LINES, PRODUCTS, STORES, configure, loaded, rows, write


def test_csv_becomes_the_contract(tmp_path: Path) -> None:
    with loaded(write(tmp_path)) as data:
        assert rows(
            data, "order_lines", "_row", "order_id", "ordered_at", "qty", "paid_amount"
        ) == [
            (2, "1001", dt.datetime(2026, 1, 5, 10), Decimal("2.000"), Decimal("190.0000")),
            (3, "1001", dt.datetime(2026, 1, 5, 10), Decimal("1.000"), Decimal("20.5000")),
            (4, "1001", dt.datetime(2026, 1, 6, 9, 5), Decimal("1.000"), Decimal("85.0000")),
        ]
        assert rows(data, "order_lines", "is_excluded", "discount_markdown", "discount_flash") == [
            (None, Decimal("10.0000"), None),
            (False, None, None),
            (True, Decimal("15.0000"), None),
        ]
        assert data.present == {"stores", "products", "order_lines"}
        assert data.rows == {"stores": 2, "products": 2, "order_lines": 3}


def test_every_table_of_the_contract_is_there_with_its_types(tmp_path: Path) -> None:
    with loaded(write(tmp_path)) as data:
        for table in contract.TABLES:
            relation = data.session.connection.table(table.name)
            wanted = [(c.name, str(c.type)) for c in table.columns] + [("_row", "BIGINT")]
            assert list(zip(relation.columns, map(str, relation.types), strict=True)) == wanted
        assert data.session.connection.table("traffic").shape[0] == 0
        assert "platform_amount" in data.missing_columns["order_lines"]


def test_defaults_of_the_contract_are_filled_in(tmp_path: Path) -> None:
    stores = "store_id,name,kind,platform,buyer_id_scope,prices_include_tax\nF1,x,outlet, jd ,,\n"
    traffic = "store_id,date,source,visitors\nF1,2026-01-01,,5\nF1,2026-01-01,search,3\n"
    lines = ORDER_LINES.replace("D1", "F1").replace("F1,1001,1,a,2026/", "F1,1002,1,a,2026/")
    configure(write(tmp_path, stores=stores, traffic=traffic, order_lines=lines),
              '[workspace]\ncurrency = "EUR"\n')  # fmt: skip
    with loaded(tmp_path) as data:
        columns = ("currency", "prices_include_tax", "buyer_id_scope")
        assert rows(data, "stores", *columns) == [("EUR", True, "jd")]
        assert rows(data, "traffic", "source") == [("all",), ("search",)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    write(tmp_path)
    text = STORES.replace(",", separator).replace("\n", "\r\n")
    (tmp_path / "stores.csv").write_bytes(text.encode(encoding))
    with loaded(tmp_path) as data:
        assert rows(data, "stores", "store_id", "name")[0] == ("F1", "旗舰店 “一”")


def test_markup_quotes_and_emoji_are_text(tmp_path: Path) -> None:
    name = "<script>alert('x')</script> \"q\" 🍳; drop table stores"
    quoted = '"' + name.replace('"', '""') + '"'
    with loaded(write(tmp_path, stores=STORES.replace("Dealer", quoted))) as data:
        assert rows(data, "stores", "name")[1] == (name,)


def test_blank_cells_are_null_and_blank_lines_no_rows(tmp_path: Path) -> None:
    text = STORES.replace("platform\n", "platform,operator\n").replace(
        "tmall\n", "tmall, \u3000\n\n"
    )
    with loaded(write(tmp_path, stores=text.replace("pdd\n", " pdd ,own\n\n"))) as data:
        assert rows(data, "stores", "_row", "platform", "operator") == [
            (2, "tmall", None),
            (4, "pdd", "own"),
        ]


def test_folder_with_a_quote_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "Li's shop"
    folder.mkdir()
    with loaded(write(folder)) as data:
        assert data.rows["order_lines"] == 3


def test_xlsx_dates_and_numbers(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    book = xlsxwriter.Workbook(str(tmp_path / "order_lines.xlsx"))
    sheet = book.add_worksheet()
    for column, name in enumerate(ORDER_LINES.splitlines()[0].split(",")):
        sheet.write(0, column, name)
    day = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet.write_row(1, 0, ["F1", 1001, 1, "a"])
    sheet.write_datetime(1, 4, dt.datetime(2026, 1, 5, 10, 30), day)
    sheet.write_row(1, 5, [2, 100, 190, 10, True])
    book.add_worksheet("notes").write(0, 0, "not read")
    book.close()
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", "order_id", "ordered_at", "is_excluded") == [
            (2, "1001", dt.datetime(2026, 1, 5, 10, 30), True)
        ]


def _lines(**changed: object) -> pl.DataFrame:
    return pl.DataFrame({
        "store_id": ["F1", "D1"], "order_id": [1, 2], "line_no": [1, 1], "sku": ["a", "b"],
        "ordered_at": [dt.datetime(2026, 1, 1), dt.datetime(2026, 1, 2)],
        "qty": [1.0, 2.0], "list_price": [10.0, 5.25], "paid_amount": [9, 10], **changed,
    })  # fmt: skip


def test_parquet_stays_where_it_is(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    _lines(buyer_id=["", "x"]).write_parquet(tmp_path / "order_lines.parquet")
    with loaded(tmp_path) as data:
        names = ("_row", "order_id", "qty", "list_price", "paid_amount", "buyer_id")
        assert rows(data, "order_lines", *names) == [
            (1, "1", Decimal("1.000"), Decimal("10.0000"), Decimal("9.0000"), None),
            (2, "2", Decimal("2.000"), Decimal("5.2500"), Decimal("10.0000"), "x"),
        ]
        kept = data.session.connection.view("duckdb_tables").pl()["table_name"].to_list()
        assert "stores_as_given" in kept
        assert "order_lines_as_given" not in kept


def test_glob_of_parquet_counts_rows_through_and_names_the_file(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    (tmp_path / "orders").mkdir()
    _lines().write_parquet(tmp_path / "orders" / "2026-01.parquet")
    more = _lines(order_id=[3, 4]).with_columns(discount_points=pl.lit(0.5))
    more.write_parquet(tmp_path / "orders" / "2026-02.parquet")
    configure(tmp_path, '[tables.order_lines]\npath = "orders/2026-*.parquet"\n')
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", "order_id", "discount_points") == [
            (1, "1", None),
            (2, "2", None),
            (3, "3", Decimal("0.5000")),
            (4, "4", Decimal("0.5000")),
        ]
        found = [data.locate("order_lines", row) for row in (2, 3)]
        assert found == ["2026-01.parquet row 2", "2026-02.parquet row 1"]


def test_glob_of_csv_counts_lines_and_names_the_file(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    head, *records = ORDER_LINES.splitlines()
    (tmp_path / "jan.csv").write_text("\n".join([head, *records[:2]]))
    (tmp_path / "jan2.csv").write_text("\n".join([head, records[2]]))
    configure(tmp_path, '[tables.order_lines]\npath = "jan*.csv"\n')
    with loaded(tmp_path) as data:
        numbers = [row for (row,) in rows(data, "order_lines", "_row")]
        assert [data.locate("order_lines", row) for row in numbers] == [
            "jan.csv row 2",
            "jan.csv row 3",
            "jan2.csv row 2",
        ]


@pytest.mark.parametrize("name", ["daily", "daily_view"])
def test_table_or_view_of_a_database(tmp_path: Path, name: str) -> None:
    write(tmp_path)
    with duckdb.connect(str(tmp_path / "shop.duckdb")) as base:
        base.execute("create table daily as select 'F1' as store_id, date '2026-01-01' as date,"
                     " 7 as visitors")  # fmt: skip
        base.execute("create view daily_view as select * from daily")
    before = (tmp_path / "shop.duckdb").read_bytes()
    configure(tmp_path, f'[tables.traffic]\ndatabase = "shop.duckdb"\ntable = "{name}"\n')
    with loaded(tmp_path) as data:
        found = rows(data, "traffic", "_row", "store_id", "date", "source", "visitors")
        assert found == [(1, "F1", dt.date(2026, 1, 1), "all", 7)]
    assert (tmp_path / "shop.duckdb").read_bytes() == before


def test_sql_reads_relative_files_and_other_declared_tables(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None, products=None)
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "goods.csv").write_text(PRODUCTS, encoding="utf-8")
    pl.DataFrame({"nr": [7], "art": ["a"]}).write_parquet(tmp_path / "raw" / "l1.parquet")
    configure(tmp_path, '''
[tables.order_lines]
sql = """
-- a comment; with a semicolon
with stores_of as (select store_id from stores where kind = 'flagship')
select s.store_id, nr as order_id, 1 as line_no, p.sku, timestamp '2026-01-01' as ordered_at,
    1 as qty, 10.0::double as list_price, 10 as paid_amount, p.title
from 'raw/l*.parquet' as l
join products as p on p.sku = l.art
cross join stores_of as s
;
"""
[tables.products]
sql = "select * from read_csv('raw/goods.csv', header = true, all_varchar = true)"
''')  # fmt: skip
    with loaded(tmp_path) as data:
        assert rows(data, "order_lines", "_row", "store_id", "order_id", "sku", "list_price") == [
            (1, "F1", "7", "a", Decimal("10.0000"))
        ]
        assert data.extra_columns == {"order_lines": ("title",)}


def test_allow_dir_opens_a_folder(tmp_path: Path) -> None:
    shop, other = tmp_path / "shop", tmp_path / "other"
    shop.mkdir()
    other.mkdir()
    write(shop, products=None)
    (other / "goods.csv").write_text(PRODUCTS, encoding="utf-8")
    configure(shop, "[tables.products]\nsql = \"select * from '../other/goods.csv'\"\n")
    with loaded(shop, allow_dirs=[other]) as data:
        assert data.rows["products"] == 2
    configure(shop, f"[tables.products]\npath = '{other}/goods.csv'\n")
    with loaded(shop, allow_dirs=[other]) as data:
        assert data.rows["products"] == 2


def test_hash_is_of_the_content(tmp_path: Path) -> None:
    write(tmp_path, products=None)
    (tmp_path / "goods.csv").write_text(PRODUCTS, encoding="utf-8")
    configure(tmp_path, "[tables.products]\nsql = \"select * from 'goods.csv'\"\n")
    with loaded(tmp_path) as data:
        first = data.hashes
    inner = hashlib.sha256((tmp_path / "stores.csv").read_bytes()).digest()
    assert first["stores"] == hashlib.sha256(inner).hexdigest()
    (tmp_path / "goods.csv").write_text(PRODUCTS.replace("Cup", "Cap"), encoding="utf-8")
    with loaded(tmp_path) as data:
        assert data.hashes["products"] != first["products"]
        assert data.hashes["stores"] == first["stores"]


def test_optional_table_with_a_header_alone_counts_as_absent(tmp_path: Path) -> None:
    with loaded(write(tmp_path, traffic="store_id,date,visitors\n")) as data:
        assert "traffic" not in data.present
        assert data.rows["traffic"] == 0
        assert data.absent[0] == "traffic"


def test_snapshots_alone_are_a_workspace(tmp_path: Path) -> None:
    shelf = "store_id,sku,observed_at,list_price\nF1,a,2026-01-01,10\n"
    with loaded(write(tmp_path, order_lines=None, price_snapshots=shelf)) as data:
        assert data.present == {"stores", "products", "price_snapshots"}


def test_money_of_foreign_stores_is_converted(tmp_path: Path) -> None:
    stores = "store_id,name,kind,platform,currency\nF1,x,flagship,tmall,\nD1,y,live,shopify,USD\n"
    fx = "date,currency,rate\n2026-01-01,USD,7.1\n2026-01-06,USD,7.2\n"
    costs = "store_id,month,kind,amount\nD1,2026-01-01,staff,10\nD1,2026-01-01,affiliate_rate,0.1\n"
    shelf = "store_id,sku,observed_at,list_price\nD1,a,2026-01-03,10\n"
    write(tmp_path, stores=stores, fx=fx, costs=costs, price_snapshots=shelf)
    with loaded(tmp_path) as data:
        paid = rows(data, "order_lines", "_row", "paid_amount", "discount_markdown")
        assert paid == [
            (2, Decimal("190.0000"), Decimal("10.0000")),
            (3, Decimal("20.5000"), None),
            (4, Decimal("612.0000"), Decimal("108.0000")),
        ]
        assert rows(data, "price_snapshots", "list_price") == [(Decimal("71.0000"),)]
        assert rows(data, "costs", "amount") == [(72.0,), (0.1,)]


def test_session_is_locked_and_spills(tmp_path: Path) -> None:
    with loaded(write(tmp_path)) as data:
        connection = data.session.connection
        for statement in ("from read_text('/etc/hostname')", "set memory_limit = '1GB'",
                          "attach 'x.duckdb'", "install httpfs"):  # fmt: skip
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
