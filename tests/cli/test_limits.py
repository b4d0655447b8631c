"""Whole runs within limits, and what ends them: memory, disks, signals. The workspace survives."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import killed_runs
from channelscope.errors import ExitCode
from tests.cli.conftest import ROOT, Run

JSON = ("--formats", "json")
SMALL_FILES = 10_000


@pytest.fixture
def workspace(small_workspace: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(small_workspace, tmp_path / "workspace"))


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    folder = tmp_path / "spill"
    folder.mkdir()
    return folder


def _contents(workspace: Path) -> dict[str, str]:
    return dict(killed_runs.contents(workspace / "out"))


@pytest.mark.parametrize(
    ("args", "parts"),
    [
        (("--memory-limit", "much"), ("--memory-limit: 'much'", "512MB or 4GB")),
        (("--memory-limit", "0MB"), ("--memory-limit: '0MB'", "expected")),
        (("--memory-limit", "400%"), ("--memory-limit: '400%'", "60%")),
        (("--threads", "0"), ("--threads", "1024")),
        (("--threads", "many"), ("--threads",)),
        (("--temp-dir", "nowhere"), ("nowhere: no temporary folder", "--temp-dir")),
    ],
)
@pytest.mark.parametrize("command", ["compare", "check"])
def test_wrong_limits_are_told(
    run: Run, workspace: Path, command: str, args: tuple[str, ...], parts: tuple[str, ...]
) -> None:
    found = run(command, workspace, *args)
    assert found.returncode == ExitCode.USAGE, found.stderr
    assert all(part in found.stderr for part in parts), found.stderr
    assert "Traceback" not in found.stderr


@pytest.mark.parametrize(
    ("line", "part"),
    [
        ('memory_limit = "much"', "512MB or 4GB"),
        ("threads = 0", "threads"),
        ('temp_dir = "nowhere"', "no temporary folder"),
    ],
)
def test_wrong_limits_of_the_toml_are_told(run: Run, workspace: Path, line: str, part: str) -> None:
    path = workspace / "channelscope.toml"
    path.write_text(f"{path.read_text(encoding='utf-8')}\n[engine]\n{line}\n", encoding="utf-8")
    found = run("check", workspace)
    assert found.returncode == ExitCode.USAGE, found.stderr
    assert part in found.stderr
    assert line.split(maxsplit=1)[0] in found.stderr or "nowhere" in found.stderr


def test_limits_change_no_byte_and_nothing_is_left(run: Run, workspace: Path, spill: Path) -> None:
    assert run("compare", workspace, "--no-cache", *JSON).returncode == ExitCode.OK
    usual = _contents(workspace)
    flags = ("--memory-limit", "300MB", "--threads", "1", "--temp-dir", spill)
    found = run("compare", workspace, "--no-cache", *JSON, *flags, TMPDIR="/nonexistent")
    assert found.returncode == ExitCode.OK, found.stderr
    assert _contents(workspace) == usual
    assert list(spill.iterdir()) == []


def test_too_little_memory_leaves_the_last_output(run: Run, workspace: Path, spill: Path) -> None:
    assert run("compare", workspace, *JSON).returncode == ExitCode.OK
    before = _contents(workspace)
    found = run("compare", workspace, "--no-cache", "--memory-limit", "1MB", "--temp-dir", spill)
    assert found.returncode == ExitCode.QUERY, found.stderr
    assert "the database has not enough memory: its limit is 1.0MB" in found.stderr
    assert "--memory-limit 256MB" in found.stderr
    assert "Traceback" not in found.stderr
    assert _contents(workspace) == before
    assert list(spill.iterdir()) == []


def _running(
    workspace: Path, spill: Path, *more: str, most: int | None = None
) -> subprocess.Popen[str]:
    """`compare` as a process; `most`: no file may be longer, as on a disk that is full."""

    def prepare() -> None:
        # A test run in the background has SIGINT ignored, and a child inherits that.
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if most is not None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    return subprocess.Popen(
        [sys.executable, "-m", "channelscope", "compare", str(workspace), *JSON, *more,
         "--temp-dir", str(spill)],
        stderr=subprocess.PIPE, text=True, preexec_fn=prepare,  # noqa: PLW1509
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "SOURCE_DATE_EPOCH": "1790000000"},
    )  # fmt: skip


def test_a_disk_that_takes_no_temporary_file_leaves_the_last_output(
    run: Run, workspace: Path, spill: Path
) -> None:
    assert run("compare", workspace, *JSON).returncode == ExitCode.OK
    before = _contents(workspace)
    process = _running(workspace, spill, "--no-cache", most=SMALL_FILES)
    _, said = process.communicate(timeout=120)
    assert process.returncode == ExitCode.OUTPUT, said
    assert f"the disk of {spill}" in said
    assert "Traceback" not in said
    assert _contents(workspace) == before
    assert list(spill.iterdir()) == []
    assert run("compare", workspace, *JSON).returncode == ExitCode.OK
    assert _contents(workspace) == before


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """A disk of 300 kB, where a folder lies."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small disk")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_of_outputs_leaves_the_last_one(run: Run, workspace: Path, spill: Path) -> None:
    with _small_disk(workspace / "out"):
        (workspace / "out" / "results.json").write_text("the last one")
        for formats in ("json", "parquet"):
            found = run("compare", workspace, "--formats", formats)
            assert found.returncode == ExitCode.OUTPUT, found.stderr
            assert "is full" in found.stderr
            assert "Traceback" not in found.stderr
            (left,) = (workspace / "out").iterdir()
            assert left.read_text() == "the last one"


def test_a_full_disk_of_the_cache_stops_nothing(run: Run, workspace: Path) -> None:
    assert run("compare", workspace, "--no-cache", *JSON).returncode == ExitCode.OK
    usual = _contents(workspace)
    with _small_disk(workspace / ".channelscope"):
        for _ in range(2):
            found = run("compare", workspace, *JSON)
            assert found.returncode == ExitCode.OK, found.stderr
            assert found.stderr.count("nothing more is cached: ") == 1
            assert _contents(workspace) == usual
        assert not list((workspace / ".channelscope").rglob("*.part"))


STOPPED = {
    signal.SIGINT: (ExitCode.INTERRUPTED, "interrupted: nothing was written"),
    signal.SIGTERM: (ExitCode.TERMINATED, "terminated: nothing was written"),
    signal.SIGKILL: (-signal.SIGKILL, ""),
}


@pytest.mark.parametrize("number", STOPPED)
def test_a_run_that_is_stopped_leaves_a_workspace_that_works(
    run: Run, workspace: Path, spill: Path, number: signal.Signals
) -> None:
    process = _running(workspace, spill)
    while not list(spill.iterdir()):
        assert process.poll() is None
        time.sleep(0.02)
    time.sleep(0.5)
    process.send_signal(number)
    _, said = process.communicate(timeout=60)
    status, told = STOPPED[number]
    assert process.returncode == status, said
    assert told in said
    assert "Traceback" not in said
    assert not (workspace / "out").exists()
    assert bool(list(spill.iterdir())) == (number == signal.SIGKILL)
    again = run("compare", workspace, *JSON, "--temp-dir", spill)
    assert again.returncode == ExitCode.OK, again.stderr
    assert "damaged" not in again.stderr
    assert list(spill.iterdir()) == []
    assert not list(workspace.rglob("*.part"))
