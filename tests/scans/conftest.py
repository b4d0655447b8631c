"""A small workspace, real caches, and units of a single quarter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from channelscope import preparation, scans, units
from channelscope.cache import Cache
from sample_data.generator.workspace import write_workspace

LINES = 4000


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample with fewer orders; tests only read it."""
    folder = tmp_path_factory.mktemp("small") / "workspace"
    write_workspace(folder, lines=LINES)
    return folder


@pytest.fixture
def quarterly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Units as small as they may be."""
    monkeypatch.setattr(scans, "units", partial(units.units, enough=1))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each result was made rather than found; caches are real."""
    counted: Counter[str] = Counter()

    class Counting(Cache):
        def frame(self, name: str, key: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
            def told() -> pl.DataFrame:
                counted[name] += 1
                return make()

            return super().frame(name, key, told)

        def file(self, name: str, key: str, write: Callable[[Path], None]) -> Path:
            def told(path: Path) -> None:
                counted[name] += 1
                write(path)

            return super().file(name, key, told)

    monkeypatch.setattr(preparation, "Cache", Counting)
    return counted
