"""Every command that reads order lines finds the same on DuckDB and Spark, over the same rows."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from benchmarks import same_results
from channelscope import candidate_file, clusters, pipeline, reviewing
from channelscope.cli import cli
from channelscope.engine.spark import SparkEngine
from channelscope.errors import ExitCode
from channelscope.preparation import Request
from sample_data.generator.workspace import write_workspace
from tests.engine import answered_once

pytestmark = [pytest.mark.xdist_group("spark"), pytest.mark.slow]

YEAR = "2025-10-01..2026-09-30"
"""What `compare` and `decide` take by themselves, so that `review` asks much of the same."""
SCHEMA = "two_engines"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 2,000 order lines; tests only read it."""
    folder = tmp_path_factory.mktemp("two") / "workspace"
    write_workspace(folder, lines=2000)
    return folder


@pytest.fixture(scope="module")
def here(workspace: Path) -> Request:
    """To be done on DuckDB."""
    return Request(workspace, no_cache=True)


@pytest.fixture(scope="module")
def once() -> type[SparkEngine]:
    """What the tests of one workspace share."""
    return answered_once.engine()


@pytest.fixture
def there(
    workspace: Path, remote: str, once: type[SparkEngine], monkeypatch: pytest.MonkeyPatch
) -> Request:
    """To be done on Spark, each statement once."""
    monkeypatch.setattr(clusters, "SparkEngine", once)
    return Request(workspace, engine="spark", remote=remote, tables=str(workspace))


def test_compare_finds_the_same(here: Request, there: Request) -> None:
    one, other = pipeline.compare(there), pipeline.compare(here)
    assert one.meta.engine == "spark"
    assert one.meta.inputs["order_lines"] == f"spark {there.tables}/order_lines.parquet"
    assert list(same_results.differences(one.tables, other.tables)) == []


def test_decide_finds_the_same(here: Request, there: Request, tmp_path: Path) -> None:
    text = candidate_file.template()
    for before, after in (
        ('{ "Cookware" = 0.8, "Knives" = 0.2 }', '{ "Cookware 锅具" = 1.0 }'),
        ('start_share = "as_openings"', "start_share = 0.5"),
        ('ramp_up_months = "as_openings"', "ramp_up_months = 3"),
    ):
        assert before in text
        text = text.replace(before, after, 1)
    (tmp_path / "p1.toml").write_text(text, encoding="utf-8")
    candidates = [candidate_file.read(tmp_path / "p1.toml")]
    one, other = (pipeline.decide(each, candidates) for each in (there, here))
    assert one.tables["recommendation"].height == 1
    assert list(same_results.differences(one.tables, other.tables)) == []


def test_review_finds_the_same(here: Request, there: Request) -> None:
    (one, _), (other, _) = (reviewing.review(each, period=YEAR) for each in (there, here))
    assert one.tables["variance"].height > 0
    assert list(same_results.differences(one.tables, other.tables)) == []


def test_check_finds_the_same_in_a_schema_that_the_toml_names(
    workspace: Path, remote: str, spark: Any, tmp_path: Path
) -> None:
    """Some rules are broken; three tables lie in a catalog, the others in the workspace."""
    folder = Path(shutil.copytree(workspace, tmp_path / "workspace"))
    _broken(folder)
    spark.sql(f"create schema {SCHEMA}")
    for name in ("order_lines", "price_snapshots", "stores"):
        rows = spark.read.parquet(str(folder / f"{name}.parquet"))
        rows.write.saveAsTable(f"spark_catalog.{SCHEMA}.{name}")
    on_duckdb = _checked(folder, "--engine", "duckdb")
    with (folder / "channelscope.toml").open("a", encoding="utf-8") as toml:
        toml.write(f'\n[engine]\nname = "spark"\nremote = "{remote}"\n')
        toml.write(f'tables = "spark_catalog.{SCHEMA}"\n')
    for name in ("order_lines", "price_snapshots", "stores"):
        (folder / f"{name}.parquet").unlink()
    on_spark = _checked(folder)
    assert {row["check"] for row in on_spark if row["failed"]} >= {
        "order_lines_qty_not_positive", "price_snapshots_price_not_positive",
        "stores_region_unknown",
    }  # fmt: skip
    assert on_spark == on_duckdb


def _broken(folder: Path) -> None:
    """Two tables with values that must not be, and a region to which nothing is shipped."""
    for name, column in (("order_lines", "qty"), ("price_snapshots", "activity_price")):
        frame = pl.read_parquet(folder / f"{name}.parquet")
        wrong = pl.when(pl.int_range(pl.len()) % 500 == 7).then(-1).otherwise(column)
        frame.with_columns(wrong.cast(frame.schema[column]).alias(column)).write_parquet(
            folder / f"{name}.parquet"
        )
    stores = pl.read_csv(folder / "stores.csv", infer_schema=False)
    stores.with_columns(pl.col("regions").str.replace("浙江", "浙江省")).write_parquet(
        folder / "stores.parquet"
    )
    (folder / "stores.csv").unlink()


def _checked(folder: Path, *flags: str) -> list[dict[str, Any]]:
    done = CliRunner().invoke(cli, ["check", str(folder), "--format", "json", *flags])
    assert done.exit_code == ExitCode.DATA, done.stderr
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found
