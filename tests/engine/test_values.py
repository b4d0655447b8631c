"""What a cast on the cluster would lose is told before anything reads it, as DuckDB tells it."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import contract
from channelscope.engine import spark_tables
from channelscope.errors import DataError

pytestmark = pytest.mark.xdist_group("spark")
NOON, MIDNIGHT = datetime(2026, 1, 2, 12), datetime(2026, 1, 2)
DAYS = {
    "store_id": ["A", "B"], "source": ["all", "all"], "visitors": [3, 4],
    "date": [date(2026, 1, 1), date(2026, 1, 2)],
}  # fmt: skip


def _found(spark: Any, folder: Path, **columns: Any) -> Any:
    frame = pl.DataFrame({**DAYS, **columns})
    frame.write_parquet(folder / "traffic.parquet")
    return spark_tables.find(spark, str(folder))["traffic"]


@pytest.mark.parametrize(
    ("columns", "told"),
    [
        ({"visitors": [3.0, 1.5]}, "visitors: 1 value is not a whole number, such as '1.5'"),
        ({"visitors": ["few", "1.5"]}, "visitors: 2 values are not a whole number, such as '1.5'"),
        ({"date": [MIDNIGHT, NOON]}, "date: 1 value is not a date"),
        ({"date": ["2026-01-01", "2026-01-02T12:00"]}, "such as '2026-01-02T12:00'"),
        ({"date": ["2026", "2026-01-02"]}, "date: 1 value is not a date (2026-01-31), such as '20"),
        ({"store_id": [1.5, 2.0]}, "store_id: is double in "),
        ({"visitors": [True, False]}, "visitors: is boolean in "),
    ],
)
def test_a_value_that_would_be_lost_is_told(
    spark: Any, tmp_path: Path, columns: dict[str, list[Any]], told: str
) -> None:
    with pytest.raises(DataError) as caught:
        _found(spark, tmp_path, **columns)
    assert told in str(caught.value) and "on the cluster" in str(caught.value)


def test_all_that_break_the_contract_are_told_at_once(spark: Any, tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        _found(spark, tmp_path, visitors=[1.5, 2.5], date=[NOON, NOON])
    assert [part.where for part in caught.value.parts] == ["traffic.date", "traffic.visitors"]


def test_a_time_with_a_zone_is_refused_as_duckdb_refuses_it(spark: Any, tmp_path: Path) -> None:
    """In its zone an order may fall on another day."""
    lines = pl.DataFrame({
        "store_id": ["A"], "order_id": ["o1"], "sku": ["x"], "qty": [1], "paid_amount": [1],
        "list_price": [1], "ordered_at": [NOON],
    }).with_columns(pl.col("ordered_at").dt.replace_time_zone("UTC"))  # fmt: skip
    lines.write_parquet(tmp_path / "order_lines.parquet")
    with pytest.raises(DataError) as caught:
        spark_tables.find(spark, str(tmp_path))
    assert "order_lines.ordered_at: is timestamp in " in str(caught.value)
    assert "cast it to timestamp_ntz in the store's local time" in str(caught.value)


def test_values_that_only_have_another_type_are_taken(spark: Any, tmp_path: Path) -> None:
    columns = {"visitors": ["3", None], "date": [MIDNIGHT, None], "store_id": [1, 2]}
    found = _found(spark, tmp_path, **columns)
    rows = spark_tables.conformed(contract.BY_NAME["traffic"], found, only_given=True).collect()
    assert [(row.store_id, row.visitors, row.date) for row in rows] == [
        ("1", 3, MIDNIGHT.date()),
        ("2", None, None),
    ]


def test_amounts_that_are_no_number_are_told(spark: Any, tmp_path: Path) -> None:
    goods = {"sku": ["a", "b"], "title": ["A", "B"], "category": ["C", "C"]}
    frame = pl.DataFrame({**goods, "unit_cost": [1.25, float("nan")]})
    frame.write_parquet(tmp_path / "products.parquet")
    with pytest.raises(DataError, match=r"unit_cost: 1 value is not an amount .*'NaN'"):
        spark_tables.find(spark, str(tmp_path))
