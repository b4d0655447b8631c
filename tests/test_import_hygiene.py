"""`channelscope --help` answers at once: nothing heavy is imported before it is needed."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HEAVY = {"polars", "duckdb", "scipy", "numpy", "pyarrow", "vl_convert", "pydantic", "jinja2"}


def _imported(*arguments: str) -> set[str]:
    """The top-level packages that Python imports to run a command, by its own account."""
    done = subprocess.run(
        [sys.executable, "-X", "importtime", *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    lines = [line for line in done.stderr.splitlines() if line.startswith("import time:")]
    return {line.rsplit("|", 1)[-1].strip().split(".")[0] for line in lines}


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["compare", "--help"], ["basket", "--help"]]
)
def test_help_imports_nothing_heavy(arguments: list[str]) -> None:
    imported = _imported("-m", "channelscope", *arguments)
    assert "channelscope" in imported
    assert imported & HEAVY == set()


def test_heavy_imports_would_be_seen() -> None:
    assert "duckdb" in _imported("-c", "import duckdb")
