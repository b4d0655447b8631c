"""An import keeps to the limits of a run, and leaves no copies of exports, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from channelscope import importing, shortages
from channelscope.engine.duckdb import Session
from channelscope.errors import OutOfMemoryError
from channelscope.limits import Limits
from tests.importers.small_brand import brand, contents, lines, pdd, pdd_row, run

KILLED = """
import os, signal, sys
from pathlib import Path
from channelscope import importing
from channelscope.limits import Limits

def die(label, done, total):
    if label == "into the workspace":
        os.kill(os.getpid(), signal.SIGKILL)

workspace, file, spill = map(Path, sys.argv[1:])
asked = importing.Asked("pdd", (file,), workspace, store="F1", limits=Limits(temp_dir=spill))
importing.run(asked, progress=die)
"""


def _export(folder: Path) -> Path:
    """In the encoding of a spreadsheet, of which an import makes a copy in utf-8."""
    path = pdd(folder / "july.csv", pdd_row("a", "2026-07-01 10:00:00", "LX-01", "200.00"))
    path.write_text(path.read_text(encoding="utf-8-sig"), encoding="gb18030")
    return path


@pytest.fixture
def spill(tmp_path: Path) -> Path:
    folder = tmp_path / "spill"
    folder.mkdir()
    return folder


def test_an_import_takes_what_is_asked_for_then_the_toml_then_little(
    tmp_path: Path, spill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, held = brand(tmp_path / "shop"), []

    class Watched(Session):
        def __init__(self, *args: object, limits: Limits, **more: object) -> None:
            super().__init__(*args, limits=limits, **more)  # type: ignore[arg-type]
            held.append(limits)

    monkeypatch.setattr(importing, "Session", Watched)
    file = _export(tmp_path)
    importing.preview(importing.Asked("pdd", (file,), workspace))
    run(workspace, file)
    toml = workspace / "channelscope.toml"
    toml.write_text(f'{toml.read_text()}[engine]\nmemory_limit = "2GB"\nthreads = 3\n')
    importing.preview(importing.Asked("pdd", (file,), workspace))
    importing.preview(importing.Asked("pdd", (file,)))
    importing.rematch(workspace)
    importing.rematch(workspace, limits=Limits("3GB", 2, spill))
    assert held == [
        Limits("1GB"), Limits("1GB"), Limits("2GB", 3), Limits("1GB"), Limits("2GB", 3),
        Limits("3GB", 2, spill),
    ]  # fmt: skip
    assert list(spill.iterdir()) == []


def test_a_dry_run_copies_to_where_the_toml_says(
    tmp_path: Path, spill: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, file, seen = brand(tmp_path / "shop"), _export(tmp_path), []
    toml = workspace / "channelscope.toml"
    toml.write_text(f'{toml.read_text()}[engine]\ntemp_dir = "../spill"\n')
    asked = importing.Asked("pdd", (file,), workspace)
    importing.preview(asked, progress=lambda *_told: seen.extend(spill.rglob("*.csv")))
    assert seen
    assert list(spill.iterdir()) == []


def test_copies_that_a_killed_import_left_go_with_the_next(tmp_path: Path, spill: Path) -> None:
    workspace, file = brand(tmp_path / "shop"), _export(tmp_path)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(workspace), str(file), str(spill)], check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == -signal.SIGKILL
    assert list(spill.rglob("*.csv"))
    run(workspace, file, limits=Limits(temp_dir=spill))
    assert lines(workspace).height == 1
    assert list(spill.iterdir()) == []


def test_an_import_without_enough_memory_changes_nothing(tmp_path: Path, spill: Path) -> None:
    workspace, file = brand(tmp_path / "shop"), _export(tmp_path)
    before = contents(workspace)
    with pytest.raises(Exception, match=r"[Mm]emory") as raised:
        run(workspace, file, limits=Limits("1MB", temp_dir=spill))
    assert isinstance(shortages.of(raised.value), OutOfMemoryError)
    assert contents(workspace) == before
    assert list(spill.iterdir()) == []
