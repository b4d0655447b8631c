"""A session on a Spark Connect server, and its failures as one clear line each."""

from __future__ import annotations

import logging
import os
import socket
import warnings
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

from channelscope.engine.spark_sql import missing_extra
from channelscope.errors import ChannelscopeError, DataError, QueryError, UsageError

PORT = 15002
_KNOCK, _ANSWER = 5.0, 20.0
"""Seconds that a server has to take a connection, and to speak its protocol."""
_RETRIES, _LONGEST_WAIT = 8, 4000
"""Of a request that finds no server, in milliseconds: about twenty seconds in all."""
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
_NOT_THERE = ("NOT_FOUND", "NO_SUCH", "NOT_EXIST")
_BAD_VALUES = ("CAST_INVALID_INPUT", "CAST_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE",
               "CANNOT_PARSE", "DATATYPE_MISMATCH.CAST")  # fmt: skip
_BROKEN_OFF = ("INVALID_HANDLE", "RESPONSE_ALREADY_RECEIVED", "NO_ACTIVE_SESSION")
_LOGGERS = ("SQLQueryContextLogger", "DataFrameQueryContextLogger")


def connect(remote: str) -> Any:
    """A new session on the server at `remote`, such as sc://host:15002, with the clock of UTC.

    UsageError for another address or where no Spark answers; ConfigError without the extra.
    """
    _require_extra()
    place = _knock(remote)
    _await_protocol(remote, place)
    from pyspark.sql import SparkSession  # noqa: PLC0415  heavy, and of an extra

    # Failures are told once, by us, and not as lines of JSON or warnings beside it.
    for name in _LOGGERS:
        logging.getLogger(name).disabled = True
    warnings.filterwarnings("ignore", message=r"\[RETRIES_EXCEEDED\]")
    spark = None
    try:
        with clear_errors(where="--remote"):
            spark = SparkSession.builder.remote(remote).create()
            _retry(spark, times=_RETRIES)
            for name, value in _SETTINGS.items():
                spark.conf.set(name, value)
    except ChannelscopeError as error:
        if spark is not None:
            stop(spark)
        raise UsageError(
            f"the server at {place} opens no session: {error.what}",
            where="--remote",
            expected="a Spark Connect server that lets you in",
        ) from error
    return spark


def stop(spark: Any) -> None:
    """Give the session back; where the server is gone, without waiting for it or a word."""
    with suppress(Exception):
        _retry(spark, times=1)
    with suppress(Exception):
        spark.stop()


def unpersist(spark: Any, kept: Sequence[Any]) -> None:
    """Let go what was kept on the cluster; nothing more once one fails, for then all do."""
    with suppress(Exception):
        _retry(spark, times=1)
        for rows in kept:
            rows.unpersist()


def _retry(spark: Any, *, times: int) -> None:
    """How often a request is repeated when the server is away: Spark itself tries for minutes."""
    from pyspark.sql.connect.client.retries import DefaultPolicy  # noqa: PLC0415  heavy

    policy = DefaultPolicy(max_retries=times, max_backoff=_LONGEST_WAIT)
    spark.client.set_retry_policies([policy])


def _require_extra() -> None:
    """What is not installed is told before anybody is asked to start a server."""
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")  # it writes to stderr what we tell in one line
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies, on every start
        try:
            import grpc  # noqa: F401, PLC0415  heavy, and of an extra
            import sqlglot  # noqa: F401, PLC0415
            from pyspark.sql.connect import client, session  # noqa: F401, PLC0415
        except ImportError as error:
            # What comes with pyspark is not named.
            raise missing_extra("sqlglot" if error.name == "sqlglot" else "pyspark") from error


def _knock(remote: str) -> str:
    """Where somebody listens, as host:port."""
    parts = urlsplit(remote)
    try:
        host, port = parts.hostname, parts.port or PORT
    except ValueError:
        host, port = None, PORT
    if parts.scheme != "sc" or not host:
        raise UsageError(
            f"'{remote}' is no address of a Spark Connect server",
            where="--remote",
            expected="an address such as sc://host:15002",
        )
    try:
        socket.create_connection((host, port), timeout=_KNOCK).close()
    except OSError as error:
        raise UsageError(
            f"no Spark Connect server answers at {host}:{port}",
            where="--remote",
            expected="a running server, reachable from here",
            advice="start it with start-connect-server.sh, or correct the address",
        ) from error
    return f"{host}:{port}"


def _await_protocol(remote: str, place: str) -> None:
    """Whether who listens speaks gRPC: a request to anything else would wait for minutes."""
    import grpc  # noqa: PLC0415  heavy, and of an extra
    from pyspark.sql.connect.client import DefaultChannelBuilder  # noqa: PLC0415

    with clear_errors(where="--remote"):
        channel = DefaultChannelBuilder(remote).toChannel()
    try:
        grpc.channel_ready_future(channel).result(timeout=_ANSWER)
    except grpc.FutureTimeoutError as error:
        raise UsageError(
            f"what listens at {place} does not answer as a Spark Connect server",
            where="--remote",
            expected="the port of Spark Connect, usually 15002",
            advice="correct the port; where the server wants TLS, add /;use_ssl=true",
        ) from error
    finally:
        channel.close()


@contextmanager
def clear_errors(*, where: str) -> Iterator[None]:
    """Failures of Spark as ours: what is not there or not readable is data, all else a query."""
    try:
        from grpc import RpcError  # noqa: PLC0415  heavy, and of an extra
        from pyspark.errors import PySparkException  # noqa: PLC0415
    except ImportError as error:
        raise missing_extra("pyspark") from error
    try:
        yield
    except PySparkException as error:
        raise _told(error, where) from error
    except RpcError as error:
        raise _broken_off(where) from error


def is_not_there(error: Exception) -> bool:
    """Whether a failure of Spark says that a table, schema or folder does not exist."""
    name = condition(error)
    return any(word in name for word in _NOT_THERE) and not name.startswith(_BROKEN_OFF)


def condition(error: Exception) -> str:
    """Spark's own name of a failure, such as TABLE_OR_VIEW_NOT_FOUND; "" without one."""
    ask = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    return str(ask() or "") if ask else ""


def _told(error: Exception, where: str) -> ChannelscopeError:
    name = condition(error)
    if name.startswith(_BROKEN_OFF) or "StatusCode.UNAVAILABLE" in str(error):
        return _broken_off(where)
    if any(word in name for word in _BAD_VALUES):
        return _bad_value(error, where)
    if is_not_there(error):
        return DataError(_line(str(error)), where=where)
    return QueryError(_line(str(error)), where=where)


def _broken_off(where: str) -> QueryError:
    return QueryError(
        "the Spark server broke off and does not answer any more",
        where=where,
        expected="a server that is there until the run ends",
        advice="look into its log for why, start it again, and repeat the run",
    )


def _bad_value(error: Exception, where: str) -> DataError:
    """Spark's advice is for who writes queries; ours for whose table it is."""
    ask = getattr(error, "getMessageParameters", None)
    given: Mapping[str, str] = (ask() if ask else None) or {}
    value = given.get("expression") or given.get("value")
    type_ = given.get("targetType", "number of the contract").strip('"').lower()
    return DataError(
        f"a column on the cluster holds {value}, which is no {type_}" if value
        else _line(str(error)),
        where=where,
        expected="numbers where the contract wants a number, days where it wants a day",
        advice="correct the value in the table on the cluster, or make it null where not known",
    )  # fmt: skip


def _line(text: str) -> str:
    """The first line that says something, without Spark's number of the state."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].partition(" SQLSTATE:")[0] if lines else "no reason given"
