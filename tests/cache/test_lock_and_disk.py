"""Two runs at once, runs that are killed, and disks that take nothing."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from channelscope.cache import Cache, key
from channelscope.cache_folder import FOLDER, CacheFolder, entries, is_locked
from channelscope.errors import ExitCode, UsageError
from tests.cache.frames import never, small

KEY = key("query", "content")
LARGE = pl.DataFrame({"n": range(200_000)})

HOLDER = """
import sys, time
from pathlib import Path
from channelscope.cache import Cache

def write(path):
    path.write_bytes(b"half")
    print("writing", flush=True)
    time.sleep(60)

Cache.at(Path(sys.argv[1])).file("lines", "0" * 64, write)
"""


@contextmanager
def _other_run(workspace: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has the cache and is half through an entry."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(workspace)], stdout=subprocess.PIPE, text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:  # fmt: skip
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "writing\n"
            yield process
        finally:
            process.kill()


def test_a_second_run_is_told_so_and_a_killed_one_holds_nothing(tmp_path: Path) -> None:
    with _other_run(tmp_path) as other:
        with pytest.raises(UsageError) as told:
            CacheFolder.take(tmp_path)
        assert told.value.what == "another run is using the cache"
        assert str(tmp_path / FOLDER) in str(told.value)
        assert told.value.exit_code == ExitCode.USAGE
        assert is_locked(tmp_path / FOLDER)
        with closing(Cache.at(tmp_path)) as cache:
            assert cache.notes == ["nothing is cached: another run is using the cache"]
            assert_frame_equal(cache.frame("cells", KEY, small), small())
        assert list((tmp_path / FOLDER).glob("*.part"))

        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        with closing(Cache.at(tmp_path)) as cache:
            assert not list((tmp_path / FOLDER).glob("*.part"))
            assert_frame_equal(cache.frame("cells", KEY, small), small())
            assert cache.notes == []


def test_a_cache_that_is_closed_holds_nothing(tmp_path: Path) -> None:
    first = Cache.at(tmp_path)
    assert Cache.at(tmp_path).notes
    first.close()
    first.close()
    with closing(Cache.at(tmp_path)) as again:
        assert again.notes == []


def test_what_cannot_be_a_folder_is_no_cache(tmp_path: Path) -> None:
    (tmp_path / ".channelscope").write_text("a file")
    with closing(Cache.at(tmp_path)) as cache:
        assert_frame_equal(cache.frame("cells", KEY, small), small())
        path = cache.file("lines", KEY, small().write_parquet)
        assert path.parent in cache.folders
        assert_frame_equal(pl.read_parquet(path), small())
        (note,) = cache.notes
    assert note.startswith("nothing is cached: ")
    assert ".channelscope" in note


def test_a_folder_that_may_not_be_written_is_no_cache() -> None:
    with tempfile.TemporaryDirectory() as name:  # `tmp_path` lies where nobody else may go
        workspace = Path(name)
        workspace.chmod(0o755)
        with closing(Cache.at(workspace)) as cache:
            cache.frame("cells", KEY, small)
        for path in (workspace / FOLDER / "lock", workspace / FOLDER):
            path.chmod(0o555)
        with _as_nobody(), closing(Cache.at(workspace)) as cache:
            assert_frame_equal(cache.frame("cells", KEY, small), small())
            (note,) = cache.notes
        assert note.startswith("nothing is cached: Permission denied")
        (workspace / FOLDER).chmod(0o755)


@contextmanager
def _as_nobody() -> Iterator[None]:
    """To root everything is allowed."""
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(user)


@contextmanager
def _files_no_longer_than(size: int) -> Iterator[None]:
    """Writing more fails, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_frame_that_the_disk_does_not_take_is_made_all_the_same(tmp_path: Path) -> None:
    with closing(Cache.at(tmp_path)) as cache:
        cache.frame("before", KEY, small)
        with _files_no_longer_than(10_000):
            assert_frame_equal(cache.frame("cells", KEY, lambda: LARGE), LARGE)
            assert_frame_equal(cache.frame("after", KEY, small), small())
        assert_frame_equal(cache.frame("before", KEY, never), small())
        (note,) = cache.notes
    assert note.startswith("nothing more is cached: ")
    assert "File too large" in note
    assert [entry.name for entry in entries(tmp_path / FOLDER)] == ["before"]
    assert not list((tmp_path / FOLDER).glob("*.part"))


def test_a_file_that_the_cache_does_not_take_lies_elsewhere(tmp_path: Path) -> None:
    """What the database says of a full disk, on the first try only."""
    tries: list[Path] = []

    def write(path: Path) -> None:
        tries.append(path)
        relation = duckdb.from_arrow(LARGE.to_arrow())
        if len(tries) == 1:
            with _files_no_longer_than(10_000):
                relation.write_parquet(str(path))
        relation.write_parquet(str(path))

    with closing(Cache.at(tmp_path)) as cache:
        path = cache.file("lines", KEY, write)
        assert path.parent in cache.folders
        assert path.parent != tmp_path / FOLDER
        assert_frame_equal(pl.read_parquet(path), LARGE)
        assert "File too large" in cache.notes[0]
    assert len(tries) == 2
    assert not path.exists()
    assert entries(tmp_path / FOLDER) == ()


def test_where_no_disk_takes_a_file_the_failure_is_told(tmp_path: Path) -> None:
    with (
        closing(Cache.at(tmp_path)) as cache,
        _files_no_longer_than(10_000),
        pytest.raises(pl.exceptions.PolarsError, match="File too large"),
    ):
        cache.file("lines", KEY, LARGE.write_parquet)
