"""What each construct of SQL gives on both engines, written down, so that an upgrade shows.

The portable subset lets through what is equal; what it refuses differs, fails, or is not needed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from channelscope.engine import spark_sql
from channelscope.engine.duckdb import Session, to_frame
from channelscope.engine.spark import SparkEngine
from channelscope.errors import ChannelscopeError
from channelscope.sqlfile import SqlFile
from tests.test_portable_sql import BAD, GOOD

pytestmark = pytest.mark.xdist_group("spark")

NO_ORDER = "windows"
"""Rows that tie come in any order, so what these give is no one's to write down."""
_AT = [datetime(2026, 1, 4, 23, 59, 59), datetime(2025, 12, 31), datetime(2026, 2, 28, 12, 30)]
TABLES = {
    "t": pl.DataFrame(
        {
            "k": ["a", "b > c", None, "a"],
            "n": [3, -2, 0, None],
            "m": [Decimal("69.1850"), Decimal("-2.5000"), None, Decimal("0.0000")],
            "x": [2.5, 1.5, 0.0, None],
            "d": [date(2026, 1, 4), date(2024, 2, 29), None, date(2025, 12, 29)],
            "at": [*_AT, None],
            "yes": [True, False, None, True],
        },
        schema_overrides={"m": pl.Decimal(18, 4)},
    ),
    "u": pl.DataFrame(
        {"k": ["a", "b > c"], "d": [date(2026, 1, 1), date(2024, 3, 1)], "y": [0.5, None]}
    ),
    "order_lines": pl.DataFrame(
        {
            "store_id": ["F1", "F1", "D1"], "order_id": ["1", "1", "2"], "line_no": [1, 2, 1],
            "buyer_id": ["b", "b", "b"], "ordered_at": _AT,
        }
    ),
}  # fmt: skip
PARAMS = {"first": date(2025, 1, 1)}


def test_constructs_are_what_they_were(spark: Any, golden: Callable[[str, str], None]) -> None:
    lines = [f"portable | {_status(spark, sql)} | {sql}" for sql in GOOD]
    lines += [
        f"{rule} | {'any' if rule == NO_ORDER else _status(spark, sql)} | {sql}"
        for rule, sql in BAD
    ]
    good = [line.split(" | ") for line in lines if line.startswith("portable | ")]
    assert [sql for _, status, sql in good if status not in ("equal", "fails on duckdb")] == []
    golden("../engine/golden/constructs.txt", "\n".join(lines) + "\n")


def _status(spark: Any, sql: str) -> str:
    params = {name: value for name, value in PARAMS.items() if f"${name}" in sql}
    session = Session(duckdb.connect())
    session.connection.execute("set python_enable_replacements = false")
    engine = SparkEngine(spark, session, {}, holds=frozenset())
    for name, frame in TABLES.items():
        session.register(name, frame)
        engine.show(name, engine.frame(frame).coalesce(1))
    try:
        here = _rows(to_frame(session.connection.sql(sql, params=params)))
    except duckdb.Error:
        return "fails on duckdb"
    try:
        query = SqlFile("scan/toy", Path("toy.sql"), "", (), (), {}, (), "", sql)
        there = spark.sql(spark_sql.render(query), args=params or None).toArrow()
    except ChannelscopeError:
        return "is not rendered"
    except Exception as error:
        if not type(error).__module__.startswith("pyspark"):
            raise
        return "fails on spark"
    return "equal" if _rows(pl.DataFrame(pl.from_arrow(there))) == here else "differs"


def _rows(frame: pl.DataFrame) -> list[str]:
    """The rows without their order; numbers to nine digits, whatever their type."""
    return sorted(repr([_plain(value) for value in row]) for row in frame.rows())


def _plain(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return value
    return f"{float(value):.9g}"
