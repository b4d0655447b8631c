"""Whole runs, killed, repeated, with a cache and without: they all give the same bytes."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from benchmarks import killed_runs
from benchmarks.killed_runs import Kind
from channelscope.errors import ExitCode
from tests.cli.conftest import Run

MOMENTS = 4


@pytest.mark.slow
def test_the_run_after_a_killed_one_gives_the_same_bytes(tmp_path: Path) -> None:
    found = list(killed_runs.killed(tmp_path, moments=MOMENTS, seed=10))
    assert [each.kind for each in found] == [Kind.FILLING, Kind.EMPTY, Kind.FULL, Kind.FILLING]
    partly = [each for each in found if each.kind is Kind.FILLING]
    assert all(each.kept > 0 for each in partly)
    assert any(each.kept < each.entries for each in partly)
    assert [each for each in found if each.differs or "another run" in each.told] == []


@pytest.mark.slow
def test_six_runs_in_two_threads_give_one_set_of_bytes(
    run: Run, small_workspace: Path, tmp_path: Path
) -> None:
    workspace = Path(shutil.copytree(small_workspace, tmp_path / "workspace"))
    found = []
    for number in range(6):
        flags = ("--no-cache",) if number % 2 else ()
        out = tmp_path / f"out{number}"
        done = run(
            "compare", workspace, "--threads", "2", "--formats", killed_runs.FORMATS,
            "--out", out, *flags,
        )  # fmt: skip
        assert done.returncode == ExitCode.OK, done.stderr
        found.append(killed_runs.contents(out))
    assert {"results.json", "report.html"} <= found[0].keys()
    assert [number for number, files in enumerate(found) if files != found[0]] == []
