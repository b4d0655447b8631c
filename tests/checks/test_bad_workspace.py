"""A bad workspace or toml gets one clear message: what, where, expected, what to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from channelscope.errors import (
    ConfigError,
    DataError,
    ExitCode,
    UsageError,
)
from tests.checks.failing import assert_told, failure, run
from tests.workspace.tables import ORDER_LINES, configure, write

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
