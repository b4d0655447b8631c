"""`check` and `init`: findings on stdout, talk on stderr, the exit code of the worst."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from channelscope import config_file, contract
from channelscope.cli import cli
from channelscope.errors import OutputError, UsageError
from tests.workspace.tables import ORDER_LINES, STORES, write


def call(*args: str | Path) -> Result:
    return CliRunner().invoke(cli, [str(arg) for arg in args])


def test_check_of_good_data_prints_every_check(tmp_path: Path) -> None:
    stores = STORES.replace("platform", "platform,shape").replace("tmall", "tmall,round")
    result = call("check", write(tmp_path, stores=stores.replace("pdd", "pdd,")))
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert "ok    order_lines_duplicate_key: 3 rows, none fails" in lines
    assert all(line.startswith("ok ") for line in lines)
    assert "not used: stores: shape" in result.stderr
    assert "absent: traffic, promotions, price_snapshots" in result.stderr
    assert f"0 fatal, 0 warnings, {len(lines)} checks passed" in result.stderr


def test_check_prints_the_worst_first_and_ends_with_3(tmp_path: Path) -> None:
    lines = ORDER_LINES.replace("190.00", "150.00").replace("D1,1001", "X1,1001")
    result = call("check", write(tmp_path, order_lines=lines))
    assert result.exit_code == 3
    failed = [line for line in result.stdout.splitlines() if not line.startswith(("ok", " "))]
    assert failed == [
        "fatal order_lines_unknown_store: 1 of 3 rows",
        "warn  order_lines_discounts_do_not_add_up: 1 of 3 rows",
    ]
    assert "order_lines.store_id: 1 values; first: row 4: store_id = X1" in result.stdout
    assert "what to do: add the store to stores, or correct the id" in result.stdout
    assert "1 fatal, 1 warnings" in result.stderr


def test_check_as_csv_and_json_have_the_same_rows(tmp_path: Path) -> None:
    write(tmp_path, order_lines=ORDER_LINES.replace("190.00", "150.00"))
    rows = list(csv.DictReader(io.StringIO(call("check", tmp_path, "--format", "csv").stdout)))
    objects = json.loads(call("check", tmp_path, "--format", "json").stdout)
    assert [row["check"] for row in rows] == [item["check"] for item in objects]
    assert rows[0]["check"] == "order_lines_discounts_do_not_add_up"
    assert (rows[0]["failed"], objects[0]["failed"]) == ("1", 1)
    assert (rows[1]["sample"], objects[1]["sample"]) == ("", None)


def test_what_can_be_read_is_checked_beside_what_cannot(tmp_path: Path) -> None:
    lines = ORDER_LINES.replace("190.00", "150.00")
    result = call("check", write(tmp_path, stores="", order_lines=lines))
    assert "warn  order_lines_discounts_do_not_add_up: 1 of 3 rows" in result.stdout
    assert "is empty" in str(result.exception)


def test_a_value_that_cannot_be_read_hides_no_broken_rule(tmp_path: Path) -> None:
    lines = ORDER_LINES.replace("190.00", "much")
    stores = STORES.replace("distributor", "distributer")
    workspace = write(tmp_path, stores=stores, order_lines=lines)
    told = str(call("compare", workspace).exception)
    assert "much" in told
    assert "did you mean 'distributor'?" in told


def test_init_writes_a_workspace_that_only_lacks_rows(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "兰溪"
    result = call("init", folder)
    assert result.exit_code == 0
    assert result.stdout == ""
    config = config_file.read(folder / "channelscope.toml")
    assert config.workspace.name == "兰溪"
    for table in contract.TABLES:
        header = (folder / f"{table.name}.csv").read_bytes().decode("utf-8-sig")
        assert header == ",".join(column.name for column in table.columns) + "\n"
    described = (folder / "COLUMNS.md").read_text(encoding="utf-8")
    assert "| kind | text | yes | what the store is to the brand: flagship, specialty," in described
    assert all(f"| {c.name} | " in described for table in contract.TABLES for c in table.columns)
    empty = str(call("check", folder).exception)
    assert "stores: has column names but no rows" in empty
    assert "order_lines or price_snapshots: has column names but no rows" in empty
    assert "traffic" not in empty  # optional: empty counts as absent
    for name, text in (("stores", STORES), ("order_lines", ORDER_LINES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "products.csv").write_text("sku,title,category\na,A,K\nb,B,K\n", encoding="utf-8")
    assert call("check", folder).exit_code == 0


def test_init_overwrites_nothing(tmp_path: Path) -> None:
    (tmp_path / "stores.csv").write_text("mine")
    result = call("init", tmp_path)
    assert isinstance(result.exception, UsageError)
    assert "already has stores.csv" in str(result.exception)
    assert [path.name for path in tmp_path.iterdir()] == ["stores.csv"]
    assert (tmp_path / "stores.csv").read_text() == "mine"


def test_init_where_no_folder_can_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    result = call("init", tmp_path / "file" / "sub")
    assert isinstance(result.exception, OutputError)
    assert "cannot be written" in str(result.exception)


@pytest.mark.parametrize("command", ["check", "init"])
def test_help_is_one_sentence(command: str) -> None:
    assert call(command, "--help").stdout.count("Usage:") == 1
