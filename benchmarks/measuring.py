"""CPU, time and peak memory of a child process, and what machine it ran on.

A child begins as a copy of its parent, and its peak memory is never below the parent's: whoever
measures with this module imports nothing large.
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
_BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run took. `cpu`: user and system seconds of all threads; `memory`: peak bytes."""

    cpu: float
    wall: float
    memory: int
    output: str


def run(*arguments: str | Path, python: str | Path = sys.executable) -> Cost:
    """Run Python with `arguments` in a process of its own; its words in SystemExit if it fails."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        child = subprocess.Popen(
            [str(python), *map(str, arguments)], env=environment, stdout=out, stderr=err
        )
        _, status, used = os.wait4(child.pid, 0)
        wall = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if child.returncode:
            raise SystemExit(f"{arguments} ended with {child.returncode}:\n{err.read().decode()}")
        return Cost(
            cpu=used.ru_utime + used.ru_stime,
            wall=wall,
            memory=used.ru_maxrss * _BYTES_PER_UNIT,
            output=out.read().decode(),
        )


def spread(values: Sequence[float]) -> str:
    """Smallest, middle and largest of repeated measurements: the noise to read the rest by."""
    low, middle, high = min(values), statistics.median(values), max(values)
    return f"min {low:.2f}, median {middle:.2f}, max {high:.2f} of {len(values)}"


def machine() -> str:
    """Processor, cores, memory, system, Python, and how busy the machine is."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{_processor()}, {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()}, "
        f"Python {platform.python_version()}; load {load}"
    )


def _processor() -> str:
    facts = Path("/proc/cpuinfo")
    lines = facts.read_text(encoding="utf-8").splitlines() if facts.exists() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
