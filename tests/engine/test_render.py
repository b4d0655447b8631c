"""The Spark SQL of every scan and of every check of raw tables, written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from channelscope import cubes
from channelscope.cli import cli
from channelscope.engine import spark_sql
from channelscope.errors import UsageError
from channelscope.sqlfile import SqlFile
from tests.engine.test_conformance import CATALOGUE, CONVERTED, QUERIES

HERE = {*CONVERTED, *cubes.NAMED}


@pytest.mark.golden
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_rendered_sql_is_what_it_was(golden: Callable[[str, str], None], query: SqlFile) -> None:
    golden(f"../engine/golden/{query.stem}.sql", spark_sql.render(query))


def test_what_runs_on_the_cluster_is_shown_as_it_runs() -> None:
    there = [query for query in QUERIES if query.name not in HERE]
    assert len(there) > 50
    for query in there:
        told = CliRunner().invoke(cli, ["query", query.name, "--engine", "spark", "--render"])
        assert told.output == spark_sql.render(query), query.name
        assert "\norder by " not in told.output.lower(), query.name


@pytest.mark.parametrize(
    "name", [*cubes.NAMED, "checks/stores_duplicate_key", "sales/sales_by_store"]
)
def test_what_always_runs_in_duckdb_is_not_shown(name: str) -> None:
    assert name in CATALOGUE
    told = CliRunner().invoke(cli, ["query", name, "--engine", "spark", "--render"])
    assert isinstance(told.exception, UsageError)
    assert "always runs in DuckDB" in str(told.exception)
