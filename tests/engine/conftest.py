"""One Spark Connect server for all tests that need it, from the package's own jars."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

_SECONDS = 120


def _why_not() -> str | None:
    if shutil.which("java") is None:
        return "no java on this machine"
    if importlib.util.find_spec("pyspark") is None:
        return "pyspark is not installed"
    return None


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lives as long as the tests."""
    reason = _why_not()
    if reason and os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not leave Spark out")
    if reason:
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("spark")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = (folder / "server.log").open("w", encoding="utf-8")
    server = subprocess.Popen(
        _command(port, folder), stdout=log, stderr=log, cwd=folder, start_new_session=True,
        env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
    )  # fmt: skip
    try:
        _wait(server, port, folder)
        yield f"sc://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()
        log.close()


@pytest.fixture(scope="session")
def spark(remote: str) -> Iterator[Any]:
    """A session of that server."""
    from channelscope.engine.spark_session import connect  # noqa: PLC0415  skips before

    session = connect(remote)
    yield session
    session.stop()


def _command(port: int, folder: Path) -> list[str]:
    found = importlib.util.find_spec("pyspark")
    assert found is not None and found.origin is not None
    settings = {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",  # compiling and planning cost more than few rows
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "ERROR",
    }
    return [
        str(Path(found.origin).parent / "bin" / "spark-submit"),
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--master", "local[2]", "--driver-memory", "1g",
        *(part for name, value in settings.items() for part in ("--conf", f"{name}={value}")),
        "spark-internal",
    ]  # fmt: skip


def _wait(server: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.5)
    pytest.fail("the server does not start:\n" + (folder / "server.log").read_text()[-2000:])
