"""Fixtures that many tests share: the sample workspace, and third-party data where they exist."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from channelscope import assets, pipeline, preparation
from channelscope.cache import Cache
from channelscope.results import Results

ROOT = Path(__file__).resolve().parents[1]


class Uncached:
    """In place of the cache where tests run in one process: they only read what is shipped."""

    off = Cache.off

    @staticmethod
    def at(
        _workspace: Path,
        *,
        without: str,
        tell: Callable[[str], None],
        temp_dir: Path | None = None,
    ) -> Cache:
        """No cache."""
        del without, tell
        return Cache.off(temp_dir=temp_dir)


@pytest.fixture(scope="session", autouse=True)
def _uncached() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(preparation, "Cache", Uncached)
        yield


@pytest.fixture(scope="session")
def sample_workspace() -> Path:
    """The sample workspace as it is shipped; tests only read it."""
    return assets.sample_workspace()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of public third-party data beside the checkout; too large to keep in it."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("no third-party data in ../shared/data")
    return folder


@pytest.fixture(scope="session")
def sample_results(sample_workspace: Path) -> Results:
    """What `compare` finds in the sample workspace, made once for all tests that read it."""
    return pipeline.compare(preparation.Request(sample_workspace))


@pytest.fixture
def golden() -> Callable[[str, str], None]:
    """Compares a text with a file in `tests/golden`; `make golden` writes the file anew."""

    def check(name: str, text: str) -> None:
        path = ROOT / "tests" / "golden" / name
        if os.environ.get("CHANNELSCOPE_WRITE_GOLDEN"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.read_text(encoding="utf-8") == text, f"{name} changed; see `make golden`"

    return check
