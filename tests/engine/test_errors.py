"""What goes wrong on the way to a cluster is one clear line, and cubes too large go by disk."""

from __future__ import annotations

import builtins
import contextlib
import logging
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from click.testing import CliRunner

from channelscope import sqlfile
from channelscope.cli import cli
from channelscope.engine import spark_session, spark_tables
from channelscope.engine.duckdb import Session
from channelscope.engine.spark import SparkEngine
from channelscope.errors import ChannelscopeError, ConfigError, DataError, QueryError, UsageError
from channelscope.limits import Limits

pytestmark = pytest.mark.xdist_group("spark")
COUNTS = sqlfile.find("scan/excluded_days")


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a package as good as not installed."""

    def hide(package: str) -> None:
        real = builtins.__import__

        def importing(name: str, *args: Any, **kwargs: Any) -> Any:
            if name.split(".", maxsplit=1)[0] == package:
                raise ImportError(name, name=name)
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


def test_a_missing_extra_is_told_before_a_missing_server(without: Callable[[str], None]) -> None:
    without("sqlglot")
    with pytest.raises(ConfigError, match="the engine spark needs sqlglot"):
        spark_session.connect("sc://127.0.0.1:1")


@pytest.mark.parametrize("says", [b"", b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"])
def test_a_port_of_something_else_is_told_soon(
    says: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark_session, "_ANSWER", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:
        place = f"127.0.0.1:{server.getsockname()[1]}"
        threading.Thread(target=_answer, args=(server, says), daemon=True).start()
        with pytest.raises(UsageError, match=f"what listens at {place} does not answer as a Spark"):
            spark_session.connect(f"sc://{place}")


def _answer(server: socket.socket, says: bytes) -> None:
    """To each who comes the same; nobody is sent away."""
    held = []
    with contextlib.suppress(OSError):  # the server is closed when the test ends
        while True:
            held.append(server.accept()[0])
            held[-1].sendall(says)


@pytest.mark.parametrize("address", ["host:15002", "http://host", "sc://", "sc://host:port"])
def test_another_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="no address of a Spark Connect server"):
        spark_session.connect(address)


@pytest.mark.parametrize(
    ("tables", "advice"),
    [
        ("nowhere", "'nowhere' was looked up as a schema; of a folder, write the full path"),
        ("nowhere.at.all", "was looked up as a schema"),
        ("no-where", "was looked up as a schema"),
        ("/nowhere/at/all", "look whether the cluster sees that folder"),
        ("nowhere/at/all", "would begin where the server was started"),
    ],
)
def test_tables_that_are_nowhere_are_told(spark: Any, tables: str, advice: str) -> None:
    with pytest.raises(UsageError) as caught:
        spark_tables.find(spark, tables)
    assert f"in '{tables}'" in str(caught.value) and advice in str(caught.value)
    assert "JVM" not in str(caught.value)


def test_a_file_that_is_no_parquet_is_told(spark: Any, tmp_path: Path) -> None:
    (tmp_path / "order_lines.parquet").write_text("store_id,order_id")
    with pytest.raises(DataError, match=r"order_lines.parquet cannot be read as Parquet"):
        spark_tables.find(spark, str(tmp_path))


def test_table_without_a_column_is_told(spark: Any, tmp_path: Path) -> None:
    frame = pl.DataFrame({"order_id": ["a"], "store": ["F1"]})
    frame.write_parquet(tmp_path / "order_lines.parquet")
    with pytest.raises(DataError, match="column store_id is missing"):
        spark_tables.find(spark, str(tmp_path))


def test_a_failure_of_spark_is_one_line(spark: Any) -> None:
    with pytest.raises(ChannelscopeError) as caught, spark_session.clear_errors(where="here"):
        spark.sql("select nothing").collect()
    assert isinstance(caught.value, QueryError) and "\n" not in str(caught.value)


def _failure(name: str, **parameters: str) -> Exception:
    from pyspark.errors.exceptions.connect import SparkConnectGrpcException  # noqa: PLC0415

    text = f"[{name}] The value is malformed. Use `try_cast` instead.\nJVM stacktrace"
    return SparkConnectGrpcException(text, errorClass=name, messageParameters=parameters)


def test_a_bad_value_is_told_to_whose_table_it_is() -> None:
    failure = _failure("CAST_INVALID_INPUT", expression="'abc'", targetType='"BIGINT"')
    with (
        pytest.raises(DataError, match="holds 'abc', which is no bigint") as caught,
        spark_session.clear_errors(where="checks/some"),
    ):
        raise failure
    assert "try_cast" not in str(caught.value) and "correct the value" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["INVALID_HANDLE.SESSION_NOT_FOUND", "INVALID_HANDLE.OPERATION_NOT_FOUND"]
)
def test_a_server_that_forgot_the_session_has_broken_off(name: str) -> None:
    assert not spark_session.is_not_there(_failure(name))
    with (
        pytest.raises(QueryError, match="the Spark server broke off"),
        spark_session.clear_errors(where="scan/some"),
    ):
        raise _failure(name)


def test_only_we_tell_a_failure(spark: Any, capfd: pytest.CaptureFixture[str]) -> None:
    frame = spark.createDataFrame([("abc",)], "value string")
    with (
        pytest.raises(DataError, match="holds 'abc', which is no bigint"),
        spark_session.clear_errors(where="here"),
    ):
        frame.select(frame["value"].cast("bigint")).toArrow()
    assert logging.getLogger("DataFrameQueryContextLogger").disabled
    assert capfd.readouterr().err == ""


class _Gone:
    """A session, and what it keeps, of a server that is no more."""

    def __init__(self) -> None:
        self.client, self.asked, self.retries = self, 0, -1

    def set_retry_policies(self, policies: list[Any]) -> None:
        self.retries = policies[0].max_retries

    def _fail(self) -> None:
        self.asked += 1
        raise OSError("gone")

    unpersist = stop = _fail


def test_an_engine_whose_server_is_gone_closes_all_the_same() -> None:
    gone, closed = _Gone(), []
    own = contextlib.ExitStack()
    own.callback(closed.append, "folder")
    own.callback(spark_session.stop, gone)
    local = Session.over_files((), limits=Limits(threads=1))
    engine = SparkEngine(gone, local, {}, holds=frozenset(), own=own)
    engine._kept = [gone, gone, gone]
    assert engine._caster.limits == local.limits
    engine.close()
    local.close()
    assert (closed, gone.asked, gone.retries) == (["folder"], 2, 1)
    with pytest.raises(duckdb.ConnectionException):
        engine._caster.connection.sql("select 1")


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


@pytest.mark.parametrize("flags", [("--remote", "sc://host:1"), ("--tables", "a.b")])
@pytest.mark.parametrize("command", [("check",), ("query", "scan/sku_weeks")])
def test_a_cluster_that_nobody_would_read_is_refused(
    command: tuple[str, ...], flags: tuple[str, str], sample_workspace: Path
) -> None:
    told = CliRunner().invoke(cli, [*command, str(sample_workspace), *flags])
    assert isinstance(told.exception, UsageError), told.output
    assert f"{flags[0]} mean" in str(told.exception) and "--engine spark" in str(told.exception)


def test_render_needs_no_server() -> None:
    told = CliRunner().invoke(
        cli,
        ["query", "scan/sku_weeks", "--engine", "spark", "--render"],
    )
    assert told.exit_code == 0 and told.output.startswith("WITH"), told.output
