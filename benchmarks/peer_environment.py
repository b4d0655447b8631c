"""An environment of its own for pandas and the other tools that `scale.py` is held against."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.measuring import ROOT

REQUIRED = ROOT / "benchmarks" / "requirements-peers.txt"


class NotInstalledError(Exception):
    """Why the environment could not be made, in one line."""


def made(folder: Path) -> Path:
    """Its Python; NotInstalledError where something in it does not install."""
    python = folder / "bin" / "python"
    done = folder / ".installed"
    wanted = REQUIRED.read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == wanted:
        return python
    _step(sys.executable, "-m", "venv", folder)
    _step(python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
          "-r", REQUIRED)  # fmt: skip
    done.write_text(wanted, encoding="utf-8")
    return python


def _step(*command: str | Path) -> None:
    done = subprocess.run([*map(str, command)], capture_output=True, text=True, check=False)
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        why = (lines or done.stderr.splitlines() or ["no reason given"])[-1]
        raise NotInstalledError(why.strip().removeprefix("ERROR: "))
