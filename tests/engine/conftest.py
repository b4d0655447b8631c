"""One Spark Connect server for all tests that need it, from the package's own jars."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from benchmarks import spark_server


@pytest.fixture(scope="session")
def remote(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server that lives as long as the tests."""
    reason = spark_server.why_not()
    if reason and os.environ.get("CI"):
        pytest.fail(f"{reason}, and CI must not leave Spark out")
    if reason:
        pytest.skip(reason)
    with spark_server.running(tmp_path_factory.mktemp("spark")) as server:
        yield server.remote


@pytest.fixture(scope="session")
def spark(remote: str) -> Iterator[Any]:
    """A session of that server."""
    from channelscope.engine.spark_session import connect  # noqa: PLC0415  skips before

    session = connect(remote)
    yield session
    session.stop()
