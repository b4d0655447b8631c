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
    """A run killed after so many seconds, and the run after it.

    `is_cached`: it began with a full cache, not an empty one; `kept`: entries that it left;
    `differs`: the files that the next gave otherwise; `ended`: runs before it that had ended
    when their moment came.
    """

    after: float
    is_cached: bool
    kept: int
    ended: int
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
            cache = "full" if each.is_cached else "empty"
            same = f"other bytes: {', '.join(each.differs)}" if each.differs else "same bytes"
            print(
                f"{cache} cache, killed after {each.after:.1f} s, {each.kept} entries kept; "
                f"next: {same}"
            )
    wrong = sum(bool(each.differs) for each in found)
    ended = sum(each.ended for each in found)
    print(f"{len(found)} runs killed, {wrong} with other bytes; {ended} had ended before")
    sys.exit(wrong > 0)


def killed(folder: Path, *, moments: int, seed: int) -> Iterator[Killed]:
    """So many killed runs: every other begins with an empty cache, the rest with a full one.

    Each is killed at a moment of the time that an undisturbed run of its kind takes.
    """
    workspace = folder / "workspace"
    _run("sample_data.generator", "--out", workspace, "--lines", str(LINES)).check_returncode()
    out, cache = folder / "out", workspace / ".channelscope"
    seconds = {is_cached: _seconds(workspace, out) for is_cached in (False, True)}
    wanted = contents(out)
    draw = random.Random(seed)
    for number in range(moments):
        is_cached, ended = number % 2 == 1, -1
        has_ended = True
        while has_ended:
            if not is_cached:
                shutil.rmtree(cache, ignore_errors=True)
            after = draw.uniform(0, seconds[is_cached])
            has_ended, ended = _killed(workspace, out, after), ended + 1
        kept = len(list((cache / "cache").glob("*.sha256")))
        found = _compare(workspace, out)
        found.check_returncode()
        differs = _differing(contents(out), wanted)
        yield Killed(after, is_cached, kept, ended, differs, found.stderr)


def _seconds(workspace: Path, out: Path) -> float:
    began = time.monotonic()
    _compare(workspace, out).check_returncode()
    return time.monotonic() - began


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
