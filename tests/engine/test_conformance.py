"""Every worked case of a scan or a check of raw tables gives the same rows on DuckDB and Spark.

The cases hold the awkward rows: nulls, ties, returns, midnights, years, promotions that overlap.
On Spark each table lies shuffled in four partitions, so that a lost order shows.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope import sqlfile
from channelscope.engine.duckdb import Session, to_frame
from channelscope.engine.spark import SparkEngine
from channelscope.scans import summary
from channelscope.sqlfile import SqlFile
from tests import sql_cases

pytestmark = pytest.mark.xdist_group("spark")

RAW = {"order_lines", "price_snapshots"}
CATALOGUE = sqlfile.catalogue()
CONVERTED = ("load/order_lines_converted", "load/price_snapshots_converted")
QUERIES = [
    query
    for query in CATALOGUE.values()
    if query.folder == "scan"
    or (query.folder == "checks" and query.extra["table"] in RAW)
    or query.name in ("load/failing_summary", "load/paid_total", "load/shipped_places", *CONVERTED)
]
CASES = [
    pytest.param(query, path, id=f"{query.folder}/{path.stem}")
    for query in QUERIES
    for path in sql_cases.cases_of(query)
]


@pytest.mark.parametrize(("query", "path"), CASES)
def test_both_engines_give_the_same_rows(spark: Any, query: SqlFile, path: Path) -> None:
    with sql_cases.opened(query, sql_cases.read(path), CATALOGUE) as (session, params):
        here = session.run(query, params)
        engine = SparkEngine(spark, session, {}, holds=frozenset())
        for name in query.inputs:
            frame = to_frame(session.connection.table(name))
            shuffled = frame.sample(fraction=1, shuffle=True, seed=1)
            engine.show(name, engine.frame(shuffled).repartition(4))
        there = engine.run(query, params)
    assert_frame_equal(there, here, check_exact=False, rel_tol=1e-9, abs_tol=1e-9)
    assert there.schema == here.schema


@pytest.mark.parametrize("few", [5, 6])
def test_a_check_is_told_the_same_where_many_rows_fail_and_where_few(
    spark: Any, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """Many stay on the cluster; few come over, and all the rest is done here."""
    monkeypatch.setattr("channelscope.engine.spark.FEW_FAILING", few)
    query = CATALOGUE["checks/order_lines_qty_not_positive"]
    lines = pl.DataFrame(
        {"_row": range(1, 8), "qty": ["-1", "2", "0", "-2.5", "-3", "-4", "-5"]},
        schema_overrides={"_row": pl.Int64, "qty": pl.String},
    )
    lines = lines.with_columns(
        pl.col("qty").cast(pl.Decimal(18, 3)), paid_amount=pl.lit("2.5").cast(pl.Decimal(18, 4))
    )
    with Session.over_files(()).connection as local:
        session = Session(local)
        session.register("order_lines", lines)
        here = session.run(summary(query))
        engine = SparkEngine(spark, session, {}, holds=frozenset())
        engine.show("order_lines", engine.frame(lines.reverse()).repartition(4))
        (there,) = engine.failing(query, {})
        came_over = [name for (name,) in local.sql("show tables").fetchall() if name == query.stem]
    assert_frame_equal(there, here)
    assert here["failed_rows"].to_list() == [6, 6, 6]
    assert came_over == ([query.stem] if few == 6 else [])
