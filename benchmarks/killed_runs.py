"""Runs of `compare` killed at random moments, and whether the run after each gives the same bytes.

python -m benchmarks.killed_runs --moments 20
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import ROOT, machine

LINES = 4000
EPOCH = "1790000000"


@dataclass(frozen=True, slots=True)
class Killed:
    """A run killed after so many seconds, unless it had ended, and the run after it.

    `kept`: entries that the killed run left; `differs`: the files that the next gave otherwise.
    """

    after: float
    ended: bool
    kept: int
    differs: tuple[str, ...]
    told: str


def main() -> None:
    """Kill, run again, compare; one line for each moment."""
    parser = argparse.ArgumentParser(description="runs killed at random moments")
    parser.add_argument("--moments", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    flags = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        found = []
        for each in killed(Path(folder), moments=flags.moments, seed=flags.seed):
            found.append(each)
            state = "had ended" if each.ended else "killed"
            same = f"other bytes: {', '.join(each.differs)}" if each.differs else "same bytes"
            print(f"{state} after {each.after:.1f} s, {each.kept} entries kept; next: {same}")
    wrong = sum(bool(each.differs) for each in found)
    print(f"{len(found)} moments, {wrong} with other bytes")
    sys.exit(wrong > 0)


def killed(folder: Path, *, moments: int, seed: int) -> Iterator[Killed]:
    """Half of the runs begin with an empty cache, the others with what the one before left."""
    workspace = folder / "workspace"
    _run("sample_data.generator", "--out", workspace, "--lines", str(LINES)).check_returncode()
    out, cache = folder / "out", workspace / ".channelscope"
    began = time.monotonic()
    _compare(workspace, out).check_returncode()
    seconds, wanted = time.monotonic() - began, contents(out)
    draw = random.Random(seed)
    for number in range(moments):
        if number % 2 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        after = draw.uniform(0, seconds)
        ended = _killed(workspace, out, after)
        kept = len(list((cache / "cache").glob("*.sha256")))
        found = _compare(workspace, out)
        found.check_returncode()
        yield Killed(after, ended, kept, _differing(contents(out), wanted), found.stderr)


def _differing(found: Mapping[str, str], wanted: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({name for name, _ in found.items() ^ wanted.items()}))


def contents(folder: Path) -> dict[str, str]:
    """The files below a folder by their checksums."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
    }


def _killed(workspace: Path, out: Path, after: float) -> bool:
    """Whether the run ended by itself before it was killed."""
    with subprocess.Popen(
        _command(workspace, out), env=_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        try:
            process.wait(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            return False
    return True


def _compare(workspace: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return _run(*_command(workspace, out)[2:])


def _command(workspace: Path, out: Path) -> list[str]:
    flags = ("--formats", "json,parquet", "--threads", "2", "--out", str(out))
    return [sys.executable, "-m", "channelscope", "compare", str(workspace), *flags]


def _run(module: str, *args: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", module, *map(str, args)]
    return subprocess.run(
        command, env=_environment(), cwd=ROOT, capture_output=True, text=True, check=False
    )


def _environment() -> dict[str, str]:
    path = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
    return {**os.environ, "SOURCE_DATE_EPOCH": EPOCH, "PYTHONPATH": path}


if __name__ == "__main__":
    main()
