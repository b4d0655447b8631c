"""What goes wrong on the way to a cluster is one clear line, and cubes too large go by disk."""

from __future__ import annotations

import builtins
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from click.testing import CliRunner

from channelscope import sqlfile
from channelscope.cli import cli
from channelscope.engine import spark_session, spark_tables
from channelscope.engine.duckdb import Session
from channelscope.engine.spark import SparkEngine
from channelscope.errors import ChannelscopeError, ConfigError, DataError, QueryError, UsageError

pytestmark = pytest.mark.xdist_group("spark")
COUNTS = sqlfile.find("scan/excluded_days")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a package as good as not installed."""

    def hide(package: str) -> None:
        real = builtins.__import__

        def importing(name: str, *args: Any, **kwargs: Any) -> Any:
            if name.split(".", maxsplit=1)[0] == package:
                raise ImportError(name)
            return real(name, *args, **kwargs)

        monkeypatch.setattr(builtins, "__import__", importing)

    return hide


RENDER = ("query", "scan/sku_weeks", "--engine", "spark", "--render")
CHECK = ("check", "--engine", "spark", "--tables", "shop", "--remote")


@pytest.mark.parametrize(
    ("package", "command", "named"),
    [("sqlglot", RENDER, "sqlglot"), ("pyspark", CHECK, "pyspark"), ("grpc", CHECK, "pyspark")],
)
def test_missing_extra_names_what_to_install(
    without: Callable[[str], None],
    tmp_path: Path,
    package: str,
    command: tuple[str, ...],
    named: str,
) -> None:
    """A server that answers changes nothing about it; `grpc` comes with pyspark."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        remote = f"sc://127.0.0.1:{listening.getsockname()[1]}"
        without(package)
        where = [remote, str(tmp_path)] if command is CHECK else []
        told = CliRunner().invoke(cli, [*command, *where])
    assert isinstance(told.exception, ConfigError)
    assert str(told.exception) == (
        f"--engine spark: the engine spark needs {named}, which is not installed\n"
        '  what to do: pip install "channelscope[spark]"'
    )


def test_no_server_is_told_before_spark_waits_for_it() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        with pytest.raises(
            UsageError, match=f"no Spark Connect server answers at 127.0.0.1:{port}"
        ):
            spark_session.connect(f"sc://127.0.0.1:{port}")


@pytest.mark.parametrize("address", ["host:15002", "http://host", "sc://", "sc://host:port"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a Spark Connect server"):
        spark_session.connect(address)


@pytest.mark.parametrize("tables", ["nowhere", "spark_catalog.nowhere", "/nowhere/at/all"])
def test_unknown_schema_is_told(spark: Any, tables: str) -> None:
    with pytest.raises((UsageError, DataError)) as caught:
        spark_tables.find(spark, tables)
    assert tables in str(caught.value) and "JVM" not in str(caught.value)


def test_table_without_a_column_is_told(spark: Any, tmp_path: Path) -> None:
    frame = pl.DataFrame({"order_id": ["a"], "store": ["F1"]})
    frame.write_parquet(tmp_path / "order_lines.parquet")
    with pytest.raises(DataError, match="column store_id is missing"):
        spark_tables.find(spark, str(tmp_path))


def test_a_failure_of_spark_is_one_line(spark: Any) -> None:
    with pytest.raises(ChannelscopeError) as caught, spark_session.clear_errors(where="here"):
        spark.sql("select nothing").collect()
    assert isinstance(caught.value, QueryError) and "\n" not in str(caught.value)


def _engine(spark: Any, tmp_path: Path, *, is_shared: bool) -> tuple[SparkEngine, pl.DataFrame]:
    shared = tmp_path if is_shared else None
    engine = SparkEngine(
        spark, Session.over_files(()), {}, holds=frozenset(), shared=shared, max_rows=1
    )
    lines = pl.DataFrame({
        "store_id": ["B", "A", "A"],
        "ordered_at": pl.Series(["2026-01-02T23:59:59", "2026-01-01T00:00:00"] * 2).head(3)
        .str.to_datetime(time_unit="us"),
        "is_excluded": [True, True, True],
    })  # fmt: skip
    engine.register("order_lines", lines)
    return engine, lines


def test_a_large_cube_needs_a_shared_folder(spark: Any, tmp_path: Path) -> None:
    engine, _ = _engine(spark, tmp_path, is_shared=False)
    with pytest.raises(UsageError, match="has more than 1 rows"):
        engine.run(COUNTS)


def test_a_large_cube_goes_by_the_shared_folder(spark: Any, tmp_path: Path) -> None:
    engine, lines = _engine(spark, tmp_path, is_shared=True)
    with Session.over_files(()).connection as local:
        session = Session(local)
        session.register("order_lines", lines)
        assert engine.run(COUNTS).equals(session.run(COUNTS))
    assert list(tmp_path.iterdir()) == []


def test_render_needs_no_server() -> None:
    told = CliRunner().invoke(
        cli,
        ["query", "scan/sku_weeks", "--engine", "spark", "--render"],
    )
    assert told.exit_code == 0 and told.output.startswith("WITH"), told.output
