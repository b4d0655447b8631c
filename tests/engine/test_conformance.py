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
from channelscope.engine.duckdb import to_frame
from channelscope.engine.spark import SparkEngine
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
    or query.name in ("load/failing_first", "load/paid_total", *CONVERTED)
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


def test_a_check_is_told_the_same(spark: Any) -> None:
    query = CATALOGUE["load/failing_first"]
    (path,) = sql_cases.cases_of(query)
    with sql_cases.opened(query, sql_cases.read(path), CATALOGUE) as (session, _):
        summary = session.run(sqlfile.find("load/failing_summary"))
        engine = SparkEngine(spark, session, {}, holds=frozenset())
        rows = to_frame(session.connection.table(query.inputs[0]))
        engine.show(query.inputs[0], engine.frame(rows.sample(fraction=1, shuffle=True, seed=2)))
        assert_frame_equal(engine.run(query), summary)
    assert isinstance(summary, pl.DataFrame)
