"""A workspace small enough to be compared many times, and the command as a user runs it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="session")
def small_workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """About 4,000 order lines of the sample brand, every table present; tests only read it."""
    folder = tmp_path_factory.mktemp("small") / "workspace"
    subprocess.run(
        [sys.executable, "-m", "sample_data.generator", "--out", str(folder), "--lines", "4000"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        check=True,
        capture_output=True,
    )
    return folder


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Runs `channelscope …` in an empty folder; the build time is fixed."""

    def call(*args: object, **env: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "channelscope", *map(str, args)],
            cwd=tmp_path,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1790000000", "PYTHONPATH": str(ROOT / "src"),
                 "PYTHONUTF8": "1", **env},
            capture_output=True,
            text=True,
            encoding="utf-8",
            check=False,
        )  # fmt: skip

    return call
