"""Limits, the folders that a run needs for a while, shortages, and signals that wait."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb
import polars as pl
import pytest

from channelscope import answers, interrupts, limits, shortages
from channelscope.engine.duckdb import Session
from channelscope.errors import DiskFullError, ExitCode, OutOfMemoryError, QueryError, UsageError
from channelscope.limits import Limits
from channelscope.scratch import Scratch
from channelscope.workspace import open_workspace
from tests.workspace.tables import write

KILLED = """
import os, signal, sys
from pathlib import Path
from channelscope.scratch import Scratch
made = Scratch.make(Path(sys.argv[1]))
(made.path / "spilled").write_bytes(b"rows")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("text", ["512MB", "4GB", "1.5 GiB", "60%", " 4gb ", "100%"])
def test_amounts_of_memory_are_taken_by_the_database(text: str, tmp_path: Path) -> None:
    asked = Limits(limits.memory(text), threads=1, temp_dir=tmp_path)
    with closing(Session.over_files((), limits=asked)) as session:
        assert session.limits == asked


@pytest.mark.parametrize("text", ["", "much", "4", "0MB", "0%", "101%", "-1GB", "4 GB of RAM"])
def test_other_words_are_no_amounts(text: str) -> None:
    with pytest.raises(ValueError, match="512MB or 4GB"):
        limits.memory(text)


def test_what_is_asked_for_comes_before_the_toml(tmp_path: Path) -> None:
    usual = Limits("1GB", 2, Path("usual"))
    assert Limits().over(usual) == usual
    assert Limits("2GB").over(usual) == Limits("2GB", 2, Path("usual"))
    assert Limits("2GB", 3, Path("own")).over(usual) == Limits("2GB", 3, Path("own"))
    assert open_workspace(write(tmp_path)).limits == Limits()
    toml = '[engine]\nmemory_limit = "3GB"\nthreads = 5\ntemp_dir = "spill"\n'
    (tmp_path / "channelscope.toml").write_text(toml)
    assert open_workspace(tmp_path).limits == Limits("3GB", 5, tmp_path / "spill")


def test_every_session_keeps_to_its_limits(tmp_path: Path) -> None:
    """Answers have one thread whatever is asked for, since sums depend on the order."""
    asked = Limits("300MB", threads=3, temp_dir=tmp_path)
    with (
        closing(Session.over_files((), limits=asked)) as session,
        closing(answers.Answers({}, limits=asked)) as told,
    ):
        for opened, threads in ((session, 3), (told, 1)):
            settings = "select current_setting('memory_limit'), current_setting('threads')"
            settings += ", current_setting('temp_directory')"
            held, used, folder = opened.connection.sql(settings).fetchall()[0]
            assert held == "286.1 MiB"
            assert used == threads
            assert Path(folder).parent == tmp_path
        assert len(list(tmp_path.iterdir())) == 2
    assert list(tmp_path.iterdir()) == []


def test_no_session_draws_on_the_terminal() -> None:
    with closing(Session.over_files(())) as session:
        drawn = session.connection.sql("select current_setting('enable_progress_bar')").fetchall()
    assert drawn == [(False,)]


def test_a_scratch_folder_is_private_and_goes(tmp_path: Path) -> None:
    with closing(Scratch.make(tmp_path)) as made:
        assert made.path.parent == tmp_path
        assert stat.S_IMODE(made.path.stat().st_mode) == 0o700
        (made.path / "inner").mkdir()
        with closing(Scratch.make(tmp_path)) as other:
            assert other.path != made.path
        assert (made.path / "inner").is_dir()
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_goes_with_the_next_and_nothing_else(tmp_path: Path) -> None:
    strange = tmp_path / "channelscope-notes"
    strange.mkdir()
    (strange / "lock").touch()
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(tmp_path)], check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert len(list(tmp_path.iterdir())) == 2
    linked = tmp_path / "channelscope-link"
    (left,) = (path for path in tmp_path.iterdir() if path != strange)
    elsewhere = left.rename(tmp_path / "elsewhere")
    linked.symlink_to(elsewhere)
    Scratch.make(tmp_path).close()
    assert (elsewhere / "spilled").exists()
    elsewhere.rename(left)
    Scratch.make(tmp_path).close()
    assert sorted(tmp_path.iterdir()) == sorted([strange, linked])


def test_what_was_left_before_it_had_a_lock_goes_after_a_while(tmp_path: Path) -> None:
    began, locked, just_now, full = (tmp_path / f"channelscope-{n:032x}.new" for n in range(4))
    for folder in (began, locked, just_now, full):
        folder.mkdir()
    (locked / "lock").touch()
    (full / "notes").touch()
    for folder in (began, locked, full):
        os.utime(folder, (time.time() - 2 * 3600,) * 2)
    Scratch.make(tmp_path).close()
    assert sorted(tmp_path.iterdir()) == [just_now, full]


@pytest.mark.parametrize("name", ["missing", "file"])
def test_where_no_folder_can_be_made_is_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as told:
        Scratch.make(tmp_path / name)
    assert told.value.where == str(tmp_path / name)
    assert "--temp-dir" in str(told.value)


def test_no_folder_stays_of_a_session_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "shop.duckdb").write_text("no database")
    spill = tmp_path / "spill"
    spill.mkdir()
    with pytest.raises(duckdb.Error):
        Session.over_files(
            (), limits=Limits(temp_dir=spill), databases={"shop": tmp_path / "shop.duckdb"}
        )
    assert list(spill.iterdir()) == []


def test_too_little_memory_names_the_limit_and_one_that_may_do(tmp_path: Path) -> None:
    wanted = Limits("64MB", threads=1, temp_dir=tmp_path)
    with closing(Session.over_files((), limits=wanted)) as session:
        with pytest.raises(duckdb.OutOfMemoryException) as raised:
            session.connection.sql("select list(range) from range(60000000)").fetchall()
        told = shortages.of(raised.value)
    assert isinstance(told, OutOfMemoryError)
    assert told.exit_code == ExitCode.QUERY
    assert told.where == "--memory-limit"
    assert "its limit is 64MB" in told.what
    assert "--memory-limit 256MB" in str(told.advice)


FULL_SPILL = duckdb.OutOfMemoryException(
    "Out of Memory Error: failed to offload data block of size 256.0 KiB (17.8 MiB/18.0 MiB used)."
    "\nThis limit was set by the 'max_temp_directory_size' setting."
)
FULL_FILE = duckdb.IOException(
    'IO Error: Async write failed: {"exception_message":"Could not write file '
    '\\"/full/y.parquet\\": No space left on device","errno":"28"}'
)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "/full/x"), "of /full/x is full"),
        (OSError("No space left on device (os error 28)"), "written to is full"),
        (pl.exceptions.ComputeError("parquet: No space left on device (os error 28)"), "is full"),
        (FULL_FILE, "of /full/y.parquet is full"),
        (FULL_SPILL, "of temporary files is full"),
    ],
)
def test_a_full_disk_is_told_whoever_meets_it(error: Exception, part: str) -> None:
    told = shortages.of(error)
    assert isinstance(told, DiskFullError)
    assert told.exit_code == ExitCode.OUTPUT
    assert part in told.what
    assert "--temp-dir" in str(told.advice)


def test_a_shortage_is_found_under_other_errors_and_nothing_else_is_one() -> None:
    outer = QueryError("failed", where="scan/x")
    outer.__cause__ = MemoryError()
    told = shortages.of(outer, where="scan/x")
    assert isinstance(told, OutOfMemoryError)
    assert shortages.of(told) is told
    for other in (ValueError("No space left on device"), OSError(errno.EACCES, "no"),
                  QueryError("x"), duckdb.IOException("IO Error: no such file")):  # fmt: skip
        assert shortages.of(other) is None


@pytest.mark.parametrize(
    ("size", "text"), [(64_000_000, "64MB"), (1_024_000_000, "1.0GB"), (33_500_000_000, "34GB")]
)
def test_amounts_are_said_as_the_flag_takes_them(size: int, text: str) -> None:
    assert shortages.amount(size) == text
    assert limits.memory(text) == text


@pytest.mark.parametrize("number", interrupts.ENDING)
def test_a_signal_waits_until_the_block_is_through(
    number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[str] = []
    handler: Callable[..., None] = lambda *_args: seen.append("heard")  # noqa: E731
    before = signal.signal(number, handler)
    try:
        with interrupts.deferred():
            signal.raise_signal(number)
            seen.append("through")
        assert seen == ["through", "heard"]
        assert signal.getsignal(number) is handler
    finally:
        signal.signal(number, before)
