"""A session on a Spark Connect server, and its failures as one clear line each."""

from __future__ import annotations

import logging
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from channelscope.engine.spark_sql import missing_extra
from channelscope.errors import ChannelscopeError, DataError, QueryError, UsageError

PORT = 15002
_SECONDS = 5.0
_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
}
_NOT_THERE = ("NOT_FOUND", "NO_SUCH", "NOT_EXIST")
_BAD_VALUES = ("CAST_INVALID_INPUT", "CAST_OVERFLOW", "NUMERIC_VALUE_OUT_OF_RANGE",
               "CANNOT_PARSE", "DATATYPE_MISMATCH.CAST")  # fmt: skip


def connect(remote: str) -> Any:
    """A new session on the server at `remote`, such as sc://host:15002, with the clock of UTC.

    UsageError for another address or where nobody answers; ConfigError without the extra.
    """
    _knock(remote)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of its own dependencies, on every start
        try:
            from pyspark.sql import SparkSession  # noqa: PLC0415  heavy, and of an extra

            builder = SparkSession.builder.remote(remote)
        except ImportError as error:
            raise missing_extra("pyspark") from error
        # Failures are told once, by us, and not as a line of JSON beside it.
        logging.getLogger("SQLQueryContextLogger").disabled = True
        with clear_errors(where=f"--remote {remote}"):
            spark = builder.create()
            for name, value in _SETTINGS.items():
                spark.conf.set(name, value)
    return spark


def _knock(remote: str) -> None:
    """Whether anybody listens there: Spark itself would try for minutes."""
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
        socket.create_connection((host, port), timeout=_SECONDS).close()
    except OSError as error:
        raise UsageError(
            f"no Spark Connect server answers at {host}:{port}",
            where="--remote",
            expected="a running server, reachable from here",
            advice="start it with start-connect-server.sh, or correct the address",
        ) from error


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
        raise QueryError(f"the Spark server broke off: {_line(str(error))}", where=where) from error


def is_not_there(error: Exception) -> bool:
    """Whether a failure of Spark says that a table, schema or folder does not exist."""
    return any(word in _condition(error) for word in _NOT_THERE)


def _told(error: Exception, where: str) -> ChannelscopeError:
    condition = _condition(error)
    if is_not_there(error) or any(word in condition for word in _BAD_VALUES):
        return DataError(_line(str(error)), where=where)
    return QueryError(_line(str(error)), where=where)


def _condition(error: Exception) -> str:
    ask = getattr(error, "getCondition", None) or getattr(error, "getErrorClass", None)
    return str(ask() or "") if ask else ""


def _line(text: str) -> str:
    """The first line that says something, without Spark's number of the state."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[0].partition(" SQLSTATE:")[0] if lines else "no reason given"
