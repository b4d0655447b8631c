"""A Spark Connect server on this machine, from the jars of the package `pyspark[connect]`."""

from __future__ import annotations

import importlib.util
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

FEW_ROWS = {
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",  # compiling and planning cost more than few rows
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}
"""For a run of seconds: what Spark does to be fast later is left out."""
_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it is asked, and its process."""

    remote: str
    pid: int

    @property
    def cpu(self) -> float:
        """User and system seconds that it has taken so far; of Linux alone."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        user, system = fields.split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def why_not() -> str | None:
    """Why no server can be started here; nothing where it can."""
    if shutil.which("java") is None:
        return "no java on this machine"
    submit = _submit()
    if submit is None or not submit.is_file():
        return "pyspark[connect] is not installed"
    return None


@contextmanager
def running(
    folder: Path, *, memory: str = "1g", settings: Mapping[str, str] = FEW_ROWS
) -> Iterator[Server]:
    """A server with two threads that keeps its files in `folder`; RuntimeError with its last words
    where it does not start."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    log = folder / "server.log"
    with log.open("w", encoding="utf-8") as said:
        process = subprocess.Popen(
            _command(port, folder, memory, settings), stdout=said, stderr=said, cwd=folder,
            env={**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable},
            start_new_session=True,
        )  # fmt: skip
        try:
            if not _answers(process, port):
                told = log.read_text(encoding="utf-8")[-2000:]
                raise RuntimeError(f"the server does not start:\n{told}")
            yield Server(f"sc://127.0.0.1:{port}", process.pid)
        finally:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _submit() -> Path | None:
    """What starts a server; the package that is a client alone has none."""
    found = importlib.util.find_spec("pyspark")
    return Path(found.origin).parent / "bin" / "spark-submit" if found and found.origin else None


def _command(port: int, folder: Path, memory: str, settings: Mapping[str, str]) -> list[str]:
    all_settings = {
        "spark.ui.enabled": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.connect.grpc.binding.address": "127.0.0.1",
        "spark.connect.grpc.binding.port": str(port),
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
        "spark.local.dir": str(folder / "local"),
        "spark.log.level": "ERROR",
        **settings,
    }
    return [
        str(_submit()),
        "--class", "org.apache.spark.sql.connect.service.SparkConnectServer",
        "--master", "local[2]", "--driver-memory", memory,
        *(part for name, value in all_settings.items() for part in ("--conf", f"{name}={value}")),
        "spark-internal",
    ]  # fmt: skip


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.5)
    return False
