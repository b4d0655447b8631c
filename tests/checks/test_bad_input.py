"""What bad input gets: one clear message that says what, where, what was expected, what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from channelscope import loading, quality
from channelscope.errors import (
    ChannelscopeError,
    ConfigError,
    DataError,
    ExitCode,
    SqlMappingError,
    UsageError,
)
from channelscope.workspace import open_workspace
from tests.workspace.tables import ORDER_LINES, PRODUCTS, STORES, configure, write


def run(folder: Path) -> None:
    """Load and check, as every command does."""
    data = loading.load(open_workspace(folder))
    try:
        quality.raise_if_fatal(quality.check(data))
    finally:
        data.close()


def failure(folder: Path) -> ChannelscopeError:
    with pytest.raises(ChannelscopeError) as caught:
        run(folder)
    return caught.value


def assert_told(error: ChannelscopeError, kind: type[ChannelscopeError], *parts: str) -> None:
    """The class, so the exit code, and every part of the message; machines get the same."""
    assert type(error) is kind
    text = str(error)
    for part in parts:
        assert part in text, text
    assert json.loads(json.dumps(error.as_dict()))["what"] == error.what


# --- the workspace and its toml -------------------------------------------------------------------


def test_folder_that_does_not_exist(tmp_path: Path) -> None:
    error = failure(tmp_path / "nowhere")
    assert_told(error, UsageError, "nowhere' does not exist", "expected: a folder")
    assert error.exit_code == ExitCode.USAGE


def test_file_in_place_of_a_folder(tmp_path: Path) -> None:
    assert_told(failure(write(tmp_path) / "stores.csv"), UsageError, "is a file")


def test_empty_folder_lists_every_missing_table(tmp_path: Path) -> None:
    error = failure(tmp_path)
    assert_told(
        error,
        DataError,
        "3 tables are missing",
        "no table stores",
        "no table products",
        "no table order_lines or price_snapshots",
        "stores.csv, stores.parquet",
    )
    assert error.exit_code == ExitCode.DATA


def test_misspelt_file_is_suggested(tmp_path: Path) -> None:
    write(tmp_path, order_lines=None)
    (tmp_path / "order_line.csv").write_text(ORDER_LINES)
    assert_told(failure(tmp_path), DataError, "no table order_lines or price_snapshots",
                "did you mean 'order_line'?", "files not used: order_line.csv")  # fmt: skip


def test_two_files_for_one_table(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "stores.parquet").write_bytes(b"")
    assert_told(failure(tmp_path), UsageError, "stores: two files for one table",
                "stores.csv and stores.parquet", "[tables.stores] path")  # fmt: skip
    configure(tmp_path, '[tables.stores]\npath = "stores.csv"\n')
    run(tmp_path)


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ('[workspace]\ncurency = "CNY"\n',
         ("channelscope.toml:2: workspace.curency", "unknown key 'curency'", "mean 'currency'?")),
        ("[wokspace]\n",
         ("channelscope.toml:1: wokspace", "unknown key 'wokspace'", "did you mean 'workspace'?")),
        ('\n[workspace]\nbasis = "paid_nett"\n',
         ("channelscope.toml:3: workspace.basis", "'paid_nett' is not allowed",
          "'merchant_net'", "did you mean 'paid_net'?")),
        ('[tables.order_line]\npath = "x.csv"\n',
         ("channelscope.toml:1: tables.order_line", "no table 'order_line'", "'order_lines'?")),
        ('[tables.stores]\npath = "stores.csv"\nsql = "select 1"\n',
         ("channelscope.toml:1: tables.stores", "exactly one of: path; database with table; sql")),
        ('[tables.stores]\ndatabase = "x.duckdb"\n',
         ("channelscope.toml:1: tables.stores", "both database and table")),
        ('[engine]\nthreads = "many"\n',
         ("channelscope.toml:2: engine.threads", "'many' is not allowed", "a valid integer")),
        ('[events.double_11]\n"2025" = ["2025-11-11", "2025-10-24"]\n',
         ("channelscope.toml:2: events.double_11.2025", "the first day, then the last day")),
        ('[period]\nfiscal_year_starts = "02-30"\n',
         ("channelscope.toml:2: period.fiscal_year_starts", "'02-30' is not allowed")),
        ("[delta]\nprice_level = 0\n",
         ("channelscope.toml:2: delta.price_level", "0 is not allowed", "greater than 0")),
        ('[workspace\nname = "x"\n', ("channelscope.toml", "is not toml", "line 1")),
    ],
)  # fmt: skip
def test_wrong_toml(tmp_path: Path, toml: str, parts: tuple[str, ...]) -> None:
    error = failure(configure(write(tmp_path), toml))
    assert_told(error, ConfigError, *parts)
    assert error.exit_code == ExitCode.USAGE


def test_all_faults_of_a_toml_at_once(tmp_path: Path) -> None:
    toml = '[workspace]\ncurency = "CNY"\n[tables.order]\npath = "x"\n[engine]\nthreads = 0\n'
    error = failure(configure(write(tmp_path), toml))
    assert_told(error, ConfigError, "channelscope.toml has 3 faults", "curency", "no table 'order'",
                "threads")  # fmt: skip
    assert len(error.as_dict()["parts"]) == 3


def test_toml_in_another_encoding(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "channelscope.toml").write_bytes('[workspace]\nname = "兰"\n'.encode("gb18030"))
    assert_told(failure(tmp_path), ConfigError, "is not utf-8 at byte 20", "save it as utf-8")


@pytest.mark.parametrize("path", ["../stores.csv", "/etc/hostname", "../*.csv", "~/stores.csv"])
def test_path_outside_the_workspace(tmp_path: Path, path: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write(tmp_path)
    configure(write(folder), f'[tables.stores]\npath = "{path}"\n')
    assert_told(failure(folder), ConfigError, "channelscope.toml: tables.stores.path",
                "lies outside the workspace", "workspace folder", "--allow-dir")  # fmt: skip


def test_link_that_leads_outside(tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write(tmp_path)
    write(folder, stores=None)
    (folder / "stores.csv").symlink_to(tmp_path / "stores.csv")
    assert_told(failure(folder), ConfigError, "lies outside the workspace")


@pytest.mark.parametrize(
    ("toml", "parts"),
    [
        ('path = "storse.csv"', ("there is no file 'storse.csv'", "did you mean 'stores.csv'?")),
        ('path = "raw/*.parquet"', ("no file is called 'raw/*.parquet'",)),
        ('path = "*.*v"', ("several kinds", "files of one kind: .csv, .parquet, .xlsx")),
        ('path = "notes.tsv"', ("another kind", "files of one kind")),
        ('database = "no.duckdb"\ntable = "x"', ("there is no file 'no.duckdb'",)),
    ],
)
def test_path_that_is_not_there(tmp_path: Path, toml: str, parts: tuple[str, ...]) -> None:
    configure(write(tmp_path), f"[tables.stores]\n{toml}\n")
    (tmp_path / "notes.tsv").write_text("x")
    assert_told(failure(tmp_path), ConfigError, "tables.stores", *parts)


# --- sql ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sql", "parts"),
    [
        ("select 1; select 2", ("has 2 statements", "exactly one select statement")),
        ("", ("has 0 statements",)),
        ("-- nothing", ("has 0 statements",)),
        ("create table x as select 1", ("is a create statement",)),
        ("copy (select 1) to 'x.csv'", ("is a copy statement",)),
        ("attach 'x.duckdb'", ("is a attach statement",)),
        ("insert into stores select * from stores", ("is a insert statement",)),
        ("describe products", ("describes a table", "exactly one select")),
        ("summarize products", ("describes a table",)),
        ("select * from (show tables)", ("describes a table",)),
        ("select * frm products", ("cannot be parsed", "syntax error")),
        ("select * from query('select 1')", ("hides sql in query(…)",)),
        ("select * from product", ("reads 'product'", "did you mean 'products'?")),
        ("select * from 'raw/none.parquet'", ("reads 'raw/none.parquet', which is not there",)),
        ("select nme from products", ("Referenced column \"nme\" not found",)),
        ("select title::date from products", ("Conversion Error",)),
    ],
)  # fmt: skip
def test_sql_that_is_not_one_select(tmp_path: Path, sql: str, parts: tuple[str, ...]) -> None:
    configure(write(tmp_path, stores=None), f"[tables.stores]\nsql = '''{sql} '''\n")
    error = failure(tmp_path)
    assert_told(error, SqlMappingError, "tables.stores.sql: ", *parts)
    assert error.exit_code == ExitCode.USAGE


@pytest.mark.parametrize(
    "sql",
    [
        "select * from '../stores.csv'",
        "select * from '../*.csv'",
        "select * from '/etc/hosts.csv'",
        "select * from read_csv('../stores.csv')",
        "select * from read_csv(['stores.csv', '../stores.csv'])",
        "select * from read_text('/etc/hostname')",
        "select (select content from read_text('/etc/hostname')) as store_id",
        "with a as (select * from read_csv('../stores.csv')) select * from a",
        "select * from glob('/etc/*')",
        "select * from read_csv('..' || '/stores.csv')",
        "select * from read_csv('/etc/' || 'hostname')",
        "select * from 'https://example.com/stores.csv'",
        "select * from read_parquet('s3://bucket/stores.parquet')",
    ],
)
def test_sql_that_reads_outside(tmp_path: Path, sql: str) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write(tmp_path)
    configure(write(folder, stores=None), f'[tables.stores]\nsql = "{sql}"\n')
    error = failure(folder)
    assert type(error) is SqlMappingError
    assert error.exit_code == ExitCode.USAGE
    assert str(error).startswith("tables.stores.sql: reads ")


def test_closed_folder_is_explained(tmp_path: Path) -> None:
    sql = "[tables.stores]\nsql = \"select * from '../stores.csv'\"\n"
    error = failure(configure(write(tmp_path, stores=None), sql))
    assert_told(error, SqlMappingError, "reads '../stores.csv', which lies outside the workspace",
                "a path inside the workspace folder", "--allow-dir")  # fmt: skip


def test_faults_of_all_sql_and_files_come_at_once(tmp_path: Path) -> None:
    write(tmp_path, stores=None, products=None, fx="")
    configure(
        tmp_path,
        '[tables.stores]\nsql = "select 1; select 2"\n'
        '[tables.products]\nsql = "select * from stores"\n'
        '[tables.traffic]\nsql = "drop table stores"\n',
    )
    error = failure(tmp_path)
    assert_told(error, SqlMappingError, "3 tables cannot be read", "has 2 statements",
                "is a drop statement", "fx.csv: is empty")  # fmt: skip
    assert "products" not in str(error)  # it reads stores, and that is told already


def test_tables_that_read_each_other(tmp_path: Path) -> None:
    write(tmp_path, stores=None, products=None)
    configure(tmp_path, '[tables.stores]\nsql = "select * from products"\n'
                        '[tables.products]\nsql = "select * from stores"\n')  # fmt: skip
    assert_told(failure(tmp_path), SqlMappingError, "read each other in a circle", "products",
                "stores")  # fmt: skip


# --- files ----------------------------------------------------------------------------------------


def _csv(name: str, text: str | bytes) -> Callable[[Path], None]:
    raw = text.encode() if isinstance(text, str) else text
    return lambda folder: (folder / f"{name}.csv").write_bytes(raw) and None


@pytest.mark.parametrize(
    ("spoil", "parts"),
    [
        (_csv("order_lines", ""), ("order_lines", "is empty", "a line of column names")),
        (_csv("order_lines", "\ufeff"), ("order_lines", "is empty")),
        (_csv("stores", STORES.splitlines()[0] + "\n"),
         ("stores: has column names but no rows", "at least one row")),
        (_csv("order_lines", ORDER_LINES.splitlines()[0] + "\n"),
         ("order_lines: has column names but no rows",)),
        (_csv("stores", STORES.encode("utf-16")), ("stores", "is utf-16", "gb18030", "CSV UTF-8")),
        (_csv("stores", STORES.encode() + b"X,\xff\xff,outlet,jd\n"),
         ("stores", "neither utf-8 (byte 94, line 4) nor gb18030 (byte", "CSV UTF-8")),
        (_csv("stores", STORES + "S1,a,b,c,d\n"),
         ("stores", "row 4 has 5 fields, the header has 4", "double quotes")),
        (_csv("stores", STORES.replace("name", "store_id")), ("has the column store_id twice",)),
    ],
)  # fmt: skip
def test_file_that_cannot_be_read(
    tmp_path: Path, spoil: Callable[[Path], None], parts: tuple[str, ...]
) -> None:
    spoil(write(tmp_path))
    assert_told(failure(tmp_path), DataError, *parts)


@pytest.mark.parametrize("name", ["stores.parquet", "stores.xlsx"])
def test_file_that_is_not_what_its_name_says(tmp_path: Path, name: str) -> None:
    write(tmp_path, stores=None)
    (tmp_path / name).write_text(STORES)
    assert_told(failure(tmp_path), DataError, "stores", name, "cannot be read")


def test_database_that_is_none(tmp_path: Path) -> None:
    configure(write(tmp_path), '[tables.traffic]\ndatabase = "stores.csv"\ntable = "x"\n')
    assert_told(failure(tmp_path), DataError, "stores.csv cannot be opened", "a DuckDB database")


def test_table_that_the_database_lacks(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "shop.duckdb")).close()
    configure(write(tmp_path), '[tables.traffic]\ndatabase = "shop.duckdb"\ntable = "daily"\n')
    assert_told(failure(tmp_path), DataError, "traffic (shop.duckdb)", "has no table 'daily'")


# --- columns and types ----------------------------------------------------------------------------


def test_missing_column(tmp_path: Path) -> None:
    write(tmp_path, order_lines=ORDER_LINES.replace("paid_amount", "paid_amout"))
    assert_told(failure(tmp_path), DataError, "order_lines: column paid_amount is missing",
                "order_lines.csv has store_id, order_id", "what the consumer paid for the line",
                "did you mean 'paid_amout'?")  # fmt: skip


def test_unknown_mechanism(tmp_path: Path) -> None:
    write(tmp_path, order_lines=ORDER_LINES.replace("_markdown", "_mark_down"))
    assert_told(failure(tmp_path), DataError, "column discount_mark_down names no promotion",
                "markdown, flash, subsidy", "did you mean 'discount_markdown'?")  # fmt: skip


def _seventeenth(value: str, column: int) -> str:
    head, first, *_ = ORDER_LINES.splitlines()
    lines = [head, *(first.replace("1001,1", f"1001,{n}") for n in range(1, 21))]
    cells = lines[16].split(",")
    cells[column] = value
    lines[16] = ",".join(cells)
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("column", "value", "parts"),
    [
        (4, "soon", ("order_lines.ordered_at", "1 value is not a time", "row 17 'soon'")),
        (4, "2026-02-30", ("order_lines.ordered_at", "row 17 '2026-02-30'")),
        (4, "2026-01-01T10:00:00+08:00", ("order_lines.ordered_at", "without a zone", "row 17")),
        (5, "two", ("order_lines.qty", "1 value is not a quantity", "row 17 'two'")),
        (2, "1.5", ("order_lines.line_no", "1 value is not a whole number", "row 17 '1.5'")),
        (7, "¥12", ("order_lines.paid_amount", "1 value is not an amount", "row 17 '¥12'")),
        (7, "nan", ("order_lines.paid_amount", "row 17 'nan'")),
        (9, "maybe", ("order_lines.is_excluded", "1 value is not true or false", "是/否")),
    ],
)
def test_wrong_type_on_row_17(
    tmp_path: Path, column: int, value: str, parts: tuple[str, ...]
) -> None:
    write(tmp_path, order_lines=_seventeenth(value, column))
    assert_told(failure(tmp_path), DataError, *parts, "leave blank what is not known")


def test_failures_of_all_tables_come_at_once(tmp_path: Path) -> None:
    write(
        tmp_path,
        stores=STORES.replace("kind", "type"),
        products=PRODUCTS + "c,Lid,Kitchen,\n",
        order_lines=_seventeenth("x", 5).replace("discount_markdown", "discount_off"),
        traffic="store_id,date,visitors\nF1,x,1\nF1,y,2\nF1,z,3\nF1,w,4\n",
        fx="",
    )
    assert_told(
        failure(tmp_path), DataError, "break the contract in 6 ways", "column kind is missing",
        "products", "row 4 has 4 fields", "discount_off", "order_lines.qty", "fx", "is empty",
        "traffic.date: 4 values are not a date (2026-01-31)", "row 2 'x', row 3 'y', row 4 'z'",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "values", "parts"),
    [
        ("paid_amount", ["1", "1", "x"], ("1 value is not an amount", "row 3 'x'")),
        ("paid_amount", [1.0, float("nan"), 2.0], ("1 value is not an amount", "row 2 'nan'")),
        ("line_no", [1.0, 2.0, 2.5], ("1 value is not a whole number", "row 3 '2.5'")),
        ("store_id", [[1], [2], [3]], ("is bigint[] in order_lines.parquet", "expected: text")),
    ],
)
def test_parquet_of_other_types(
    tmp_path: Path, column: str, values: list[object], parts: tuple[str, ...]
) -> None:
    write(tmp_path, order_lines=None)
    given = {
        "store_id": ["F1"] * 3, "order_id": ["1", "2", "3"], "line_no": [1] * 3, "sku": ["a"] * 3,
        "ordered_at": ["2026-01-01"] * 3, "qty": [1] * 3, "list_price": [1] * 3,
        "paid_amount": [1] * 3, column: values,
    }  # fmt: skip
    pl.DataFrame(given).write_parquet(tmp_path / "order_lines.parquet")
    assert_told(failure(tmp_path), DataError, f"order_lines.{column}", *parts)


def test_parquet_with_a_time_zone(tmp_path: Path) -> None:
    write(tmp_path)
    frame = pl.DataFrame({
        "store_id": ["F1"], "sku": ["a"], "list_price": [1.0],
        "observed_at": pl.Series(["2026-01-01"]).str.to_datetime(time_zone="Asia/Shanghai"),
    })  # fmt: skip
    frame.write_parquet(tmp_path / "price_snapshots.parquet")
    assert_told(failure(tmp_path), DataError, "price_snapshots.observed_at",
                "timestamp with time zone", "the store's local time")  # fmt: skip


# --- the checks -----------------------------------------------------------------------------------


def test_fatal_failures_come_at_once_worst_first(tmp_path: Path) -> None:
    lines = ORDER_LINES + "F1,1001,2,b,2026-01-05,1,20.5,20.5,,\nX7,9,1,a,2026-01-07,-1,,500,,\n"
    write(tmp_path, stores=STORES.replace("distributor", "distributer"), order_lines=lines)
    error = failure(tmp_path)
    assert_told(
        error, DataError, "the data break the contract in 5 ways",
        "order_lines.line_no: 2 of 5 rows, 5.02% of the money; first: row 3 'F1 / 1001 / 2', row 5",
        "expected: one row per store_id, order_id, line_no",
        "order_lines.store_id: 1 of 5 rows, 61.27% of the money; first: row 6 'X7'",
        "expected: a store_id that stores has", "add the store to stores",
        "order_lines.qty: 1 of 5 rows", "row 6 '-1.000'", "expected: more than 0",
        "order_lines.list_price: 1 of 5 rows", "row 6 'null'",
        "stores.kind: 1 of 2 rows; first: row 3 'distributer'", "did you mean 'distributor'?",
    )  # fmt: skip
    shares = [part.what for part in error.parts]
    assert "61.27%" in shares[0]
    assert "5.02%" in shares[3]
    assert "distributer" in shares[4]


def test_warnings_do_not_stop(tmp_path: Path) -> None:
    lines = ORDER_LINES.replace("190.00", "150.00").replace("2,b,", "2,zz,")
    data = loading.load(open_workspace(write(tmp_path, order_lines=lines)))
    try:
        found = quality.check(data)
    finally:
        data.close()
    quality.raise_if_fatal(found)
    assert [(f.check, f.failed) for f in found.warnings] == [
        ("order_lines_discounts_do_not_add_up", 1),
        ("order_lines_unknown_sku", 1),
    ]
    first = found.findings[0]
    assert first.rows == 3
    assert first.money_share == pytest.approx(150 / 255.5)
    assert first.sample == "row 2: paid_amount = 150.0000 (40.0000 unexplained)"
    assert found.frame.columns == [
        "check", "table", "severity", "rows", "failed", "money_share", "sample",
    ]  # fmt: skip
    assert found.frame.height == len(found.findings)


def test_checks_of_absent_tables_are_left_out(tmp_path: Path) -> None:
    data = loading.load(open_workspace(write(tmp_path)))
    try:
        ran = {finding.check for finding in quality.check(data).findings}
    finally:
        data.close()
    assert not any(name.startswith("traffic") for name in ran)
    assert "order_lines_unknown_promo" not in ran  # no promotions: nothing to compare with
    assert "stores_currency_without_rates" in ran  # fx is absent, and that is what it looks for


def test_foreign_currency_without_rates(tmp_path: Path) -> None:
    stores = "store_id,name,kind,platform,currency\nF1,x,flagship,tmall,\nD1,y,live,shopify,USD\n"
    assert_told(failure(write(tmp_path, stores=stores)), DataError, "stores.currency: 1 of 2 rows",
                "row 3 'USD'", "add the rates as fx")  # fmt: skip
    late = "date,currency,rate\n2026-01-07,USD,7\n"
    assert_told(failure(write(tmp_path, stores=stores, fx=late)), DataError,
                "order_lines.ordered_at: 1 of 3 rows", "row 4 '2026-01-06 09:05:00'",
                "a day with a rate in fx, or an earlier one")  # fmt: skip


def test_every_check_says_what_a_person_needs() -> None:
    for query in quality.checks():
        assert {"table", "severity", "rule", "advice"} <= set(query.extra), query.name
        assert query.extra["table"] in query.inputs, query.name
        assert query.extra["severity"] in ("fatal", "warn"), query.name
        assert set(query.params) <= {"currency"}, query.name
