"""Bad sql and unreadable files get one clear message: what, where, expected, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from channelscope.errors import (
    DataError,
    ExitCode,
    SqlMappingError,
)
from tests.checks.failing import assert_told, failure
from tests.workspace.tables import ORDER_LINES, STORES, configure, write

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
