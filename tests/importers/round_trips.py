"""A round trip: the sample's stores written out as exports, imported again, compared again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from channelscope import importing, loading, pipeline, preparation
from channelscope.engine.duckdb import to_frame
from channelscope.workspace import open_workspace
from tests.importers import written_exports

ROOT = Path(__file__).resolve().parents[2]
OWN = {
    "F1": "taobao", "S1": "taobao", "D1": "taobao", "F2": "jd", "M1": "jd",
    "M2": "pdd", "D2": "pdd", "D3": "pdd",
}  # fmt: skip
"""Every store that has orders, on its own platform."""
PER_LINE = {
    "F1": "shopify", "S1": "shopify", "F2": "amazon", "M1": "amazon", "D1": "pdd", "M2": "pdd",
    "D2": "pdd", "D3": "pdd",
}  # fmt: skip
"""Platforms that print the money of each line, or at least do not mix that of several."""
SALT = "a salt for tests, of no use elsewhere"


@dataclass(frozen=True, slots=True)
class Trip:
    """Both ends of a round trip: the workspaces, and the tables that `compare` makes of them."""

    platforms: Mapping[str, str]
    before: Path
    after: Path
    metrics: tuple[pl.DataFrame, pl.DataFrame]
    lines: tuple[pl.DataFrame, pl.DataFrame]


def travelled(folder: Path, platforms: Mapping[str, str]) -> Trip:
    """A small sample there and back in `folder`."""
    before = sample(folder / "before", platforms)
    after = without_orders(before, folder / "after")
    for store_id, platform in platforms.items():
        files = written(before, store_id, platform, folder / store_id)
        importing.run(importing.Asked(platform, files, after, store_id))
    return Trip(
        platforms,
        before,
        after,
        metrics=(_metrics(before), _metrics(after)),
        lines=(lines_of(before), lines_of(after)),
    )


def sample(folder: Path, platforms: Mapping[str, str]) -> Path:
    """About 4,000 order lines of the sample brand, sold on the platforms that are asked for."""
    subprocess.run(
        [sys.executable, "-m", "sample_data.generator", "--out", str(folder), "--lines", "4000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
        capture_output=True,
    )
    path = folder / "order_lines.parquet"
    lines = pl.read_parquet(path)
    pl.concat(
        written_exports.as_sold_on(lines.filter(store_id=store_id), platform)
        for store_id, platform in platforms.items()
    ).write_parquet(path)
    stores = pl.read_csv(folder / "stores.csv", infer_schema=False)
    moved = {s: p for s, p in platforms.items() if p != OWN[s]}
    at = pl.col("store_id")
    stores.with_columns(
        platform=at.replace_strict(moved, default=pl.col("platform")),
        buyer_id_scope=at.replace_strict(moved, default=pl.col("buyer_id_scope")),
    ).write_csv(folder / "stores.csv")
    toml = folder / "channelscope.toml"
    text = toml.read_text(encoding="utf-8").replace('basis = "paid_net"', 'basis = "paid"')
    toml.write_text(text + '\n[privacy]\nsalt_file = "../salt"\n', encoding="utf-8")
    (folder.parent / "salt").write_text(SALT, encoding="utf-8")
    return folder


def without_orders(workspace: Path, folder: Path) -> Path:
    """The same workspace before anything was imported into it."""
    shutil.copytree(workspace, folder, ignore=shutil.ignore_patterns("order_lines.parquet"))
    return folder


def written(workspace: Path, store_id: str, platform: str, folder: Path) -> tuple[Path, ...]:
    """The exports of one store of a workspace."""
    lines = pl.read_parquet(workspace / "order_lines.parquet").filter(store_id=store_id)
    products = pl.read_csv(workspace / "products.csv", infer_schema=False)
    return written_exports.write(platform, lines, products, folder)


def channelscope(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
    """The command as a user runs it."""
    return subprocess.run(
        [sys.executable, "-m", "channelscope", *map(str, args)],
        env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000", "PYTHONPATH": str(ROOT / "src"),
             "PYTHONUTF8": "1", **env},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )  # fmt: skip


def lines_of(workspace: Path) -> pl.DataFrame:
    """The order lines of a workspace as they are loaded."""
    with closing(loading.load(open_workspace(workspace))) as loaded:
        return to_frame(loaded.session.connection.table("order_lines"))


def _metrics(workspace: Path) -> pl.DataFrame:
    return pipeline.compare(preparation.Request(workspace)).tables["metrics"]
