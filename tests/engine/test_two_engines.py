"""`compare` finds the same on DuckDB and on Spark, over the same Parquet files."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import same_results
from channelscope import pipeline
from channelscope.preparation import Request
from sample_data.generator.workspace import write_workspace

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]


def test_compare_finds_the_same_on_both_engines(remote: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, lines=2000)
    here = pipeline.compare(Request(tmp_path, no_cache=True))
    there = pipeline.compare(Request(tmp_path, engine="spark", remote=remote, tables=str(tmp_path)))
    assert there.meta.engine == "spark"
    assert there.meta.inputs["order_lines"] == f"spark {tmp_path}/order_lines.parquet"
    assert list(same_results.differences(there.tables, here.tables)) == []
