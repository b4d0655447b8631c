"""`compare` finds the same on DuckDB and on Spark, over the same Parquet files."""

from __future__ import annotations

from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from channelscope import pipeline
from channelscope.preparation import Request
from sample_data.generator.workspace import write_workspace

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

OF_FILES = ("provenance",)
"""Tells the content of files, which a table on a cluster does not have."""


def test_compare_finds_the_same_on_both_engines(remote: str, tmp_path: Path) -> None:
    write_workspace(tmp_path, lines=2000)
    here = pipeline.compare(Request(tmp_path, no_cache=True))
    there = pipeline.compare(Request(tmp_path, engine="spark", remote=remote, tables=str(tmp_path)))
    assert there.meta.engine == "spark"
    assert there.meta.inputs["order_lines"] == f"spark {tmp_path}/order_lines.parquet"
    assert set(there.tables) == set(here.tables)
    for name in set(here.tables) - set(OF_FILES):
        left, right = there.tables[name], here.tables[name]
        if name == "quality":
            right = right.filter(right["check"] != "stores_region_unknown")
        assert_frame_equal(left, right, check_exact=False, rel_tol=1e-9, abs_tol=1e-9)
