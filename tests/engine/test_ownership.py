"""What a run on a cluster takes here is given back, and its first failure is the one told."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from channelscope import clusters, preparation
from channelscope.engine import spark_session, spark_tables
from channelscope.errors import DataError
from channelscope.preparation import Request


class _Session:
    """A session whose server is gone when it is to be given back."""

    def __init__(self) -> None:
        self.client, self.stopped = self, 0

    def set_retry_policies(self, policies: list[Any]) -> None:
        assert policies[0].max_retries == 1

    def stop(self) -> None:
        self.stopped += 1
        raise OSError("gone")


@pytest.fixture
def session(monkeypatch: pytest.MonkeyPatch) -> _Session:
    """What `connect` gives; on its server lies no table."""
    spark_session._require_extra()
    found = _Session()
    monkeypatch.setattr(spark_session, "connect", lambda _remote: found)
    monkeypatch.setattr(spark_tables, "find", lambda _spark, _tables: {})
    return found


def _request(workspace: Path, temp_dir: Path) -> Request:
    return Request(workspace, engine="spark", remote="sc://h", tables="a.b", temp_dir=temp_dir)


def test_a_failure_on_the_way_leaves_nothing_behind(
    session: _Session, sample_workspace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Path] = []

    def failing(_workspace: Any, _found: Any, folder: Path, _limits: Any) -> Any:
        seen.extend([folder, *tmp_path.resolve().iterdir()])
        raise DataError("the first failure")

    monkeypatch.setattr(clusters, "_loaded", failing)
    with pytest.raises(DataError, match="the first failure"):
        preparation.opened(_request(sample_workspace, tmp_path))
    made, there = seen
    assert made == there
    assert session.stopped == 1 and list(tmp_path.iterdir()) == []


def test_every_part_is_closed_though_one_cannot_be(
    sample_workspace: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed: list[str] = []

    class Part:
        files = SimpleNamespace(unchanged=nullcontext)

        def __init__(self, name: str) -> None:
            self.name = name

        def close(self) -> None:
            closed.append(self.name)
            if self.name == "scans":
                raise OSError("gone")

    def checked(*_parts: Any, **_how: Any) -> Any:
        raise DataError("the first failure")

    parts = tuple(map(Part, ("loaded", "scans", "cache")))
    monkeypatch.setattr(preparation, "opened", lambda _request, progress: parts)
    monkeypatch.setattr(preparation.quality, "check", checked)
    with pytest.raises(OSError, match="gone") as caught:
        preparation.prepare(Request(sample_workspace))
    assert closed == ["scans", "loaded", "cache"]
    assert str(caught.value.__context__) == "the first failure"
