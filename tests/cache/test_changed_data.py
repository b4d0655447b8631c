"""What is kept of a workspace is not what another workspace, or the same one changed, gives."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest

from channelscope import assets, preparation
from channelscope.cache import Cache
from channelscope.preparation import Request, prepare


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the sample, of which results are kept."""
    monkeypatch.setattr(preparation, "Cache", Cache)
    return Path(shutil.copytree(assets.sample_workspace(), tmp_path / "workspace"))


def _paid(workspace: Path) -> float:
    with closing(prepare(Request(workspace))) as prepared:
        return float(prepared.frames["store_days"]["paid_amount"].sum())


def test_changed_order_lines_are_read_anew(workspace: Path) -> None:
    before = _paid(workspace)
    assert _paid(workspace) == before
    path = workspace / "order_lines.parquet"
    lines = pl.read_parquet(path)
    lines.filter(pl.col("paid_amount") != lines["paid_amount"].max()).write_parquet(path)
    after = _paid(workspace)
    assert after < before
    shutil.rmtree(workspace / ".channelscope")
    assert _paid(workspace) == after


def test_what_a_sql_makes_is_not_kept(workspace: Path) -> None:
    toml = workspace / "channelscope.toml"
    sql = "\n[tables.order_lines]\nsql = \"from 'order_lines.parquet'\"\n"
    toml.write_text(toml.read_text(encoding="utf-8") + sql, encoding="utf-8")
    _paid(workspace)
    assert not (workspace / ".channelscope").exists()
