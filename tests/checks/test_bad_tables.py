"""Bad columns, types and rows get one clear message: what, where, expected, what to do."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from channelscope import loading, quality
from channelscope.errors import (
    DataError,
)
from channelscope.workspace import open_workspace
from tests.checks.failing import assert_told, failure
from tests.workspace.tables import ORDER_LINES, PRODUCTS, STORES, write

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
