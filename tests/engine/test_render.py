"""The Spark SQL of every scan and of every check of raw tables, written down."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from channelscope.engine import spark_sql
from channelscope.sqlfile import SqlFile
from tests.engine.test_conformance import QUERIES


@pytest.mark.golden
@pytest.mark.parametrize("query", QUERIES, ids=lambda query: query.name)
def test_rendered_sql_is_what_it_was(golden: Callable[[str, str], None], query: SqlFile) -> None:
    golden(f"../engine/golden/{query.stem}.sql", spark_sql.render(query))
