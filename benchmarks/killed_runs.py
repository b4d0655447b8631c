"""Runs of `compare` killed at random moments, or with a part of the cache written, and whether the
run after each gives the same bytes, those of the report included.

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
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from benchmarks.measuring import ROOT, machine

LINES = 4000
EPOCH = "1790000000"
FORMATS = "html,json,parquet"


class Kind(StrEnum):
    """With which cache a run begins, and when it is killed."""

    FILLING = "empty cache, partly filled"
    EMPTY = "empty cache, some moment"
    FULL = "full cache, some moment"


@dataclass(frozen=True, slots=True)
class Killed:
    """A run killed after so many seconds, and the run after it.

    `kept`: entries of the cache that it left, of `entries` that a whole run keeps; `differs`: the
    files that the next gave otherwise; `ended`: runs before it that had ended when their moment
    came.
    """

    kind: Kind
    after: float
    kept: int
    entries: int
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
            same = f"other bytes: {', '.join(each.differs)}" if each.differs else "same bytes"
            print(
                f"{each.kind}: killed after {each.after:.1f} s, "
                f"{each.kept} of {each.entries} entries kept; next: {same}"
            )
    wrong = sum(bool(each.differs) for each in found)
    partly = sum(0 < each.kept < each.entries for each in found)
    ended = sum(each.ended for each in found)
    print(
        f"{len(found)} runs killed, {partly} of them left a part of the entries, {wrong} led to "
        f"other bytes; {ended} had ended before"
    )
    sys.exit(wrong > 0)


def killed(folder: Path, *, moments: int, seed: int) -> Iterator[Killed]:
    """So many killed runs, each kind by turns.

    A moment is one of the time that an undisturbed run of its kind takes; where the cache fills,
    that of any number of entries from one to nine tenths of them.
    """
    workspace = folder / "workspace"
    _run("sample_data.generator", "--out", workspace, "--lines", str(LINES)).check_returncode()
    out, cache = folder / "out", workspace / ".channelscope"
    seconds = {kind: _seconds(workspace, out) for kind in (Kind.EMPTY, Kind.FULL)}
    wanted, entries = contents(out), _entries(cache)
    draw, kinds = random.Random(seed), tuple(Kind)

    def drawn(kind: Kind) -> Callable[[float], bool]:
        if kind is Kind.FILLING:
            many = draw.randint(1, entries * 9 // 10)
            return lambda _: _entries(cache) >= many
        moment = draw.uniform(0, seconds[kind])
        return lambda past: past >= moment

    for number in range(moments):
        kind, ended = kinds[number % len(kinds)], -1
        after: float | None = None
        while after is None:
            if kind is not Kind.FULL:
                shutil.rmtree(cache, ignore_errors=True)
            after, ended = _killed(workspace, out, drawn(kind)), ended + 1
        kept = _entries(cache)
        found = _compare(workspace, out)
        found.check_returncode()
        differs = _differing(contents(out), wanted)
        yield Killed(kind, after, kept, entries, ended, differs, found.stderr)


def _entries(cache: Path) -> int:
    """How many entries lie in the cache, whole."""
    return len(list((cache / "cache").glob("*.sha256")))


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


def _killed(workspace: Path, out: Path, is_time: Callable[[float], bool]) -> float | None:
    """The seconds after which the run was killed, at the first moment of which `is_time` is told
    that it has come; None where the run ended by itself before."""
    with subprocess.Popen(
        _command(workspace, out), env=_environment(),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        began = time.monotonic()
        while not is_time(past := time.monotonic() - began):
            if process.poll() is not None:
                return None
            time.sleep(0.001)
        process.kill()
        return past


def _compare(workspace: Path, out: Path) -> subprocess.CompletedProcess[str]:
    return _run(*_command(workspace, out)[2:])


def _command(workspace: Path, out: Path) -> list[str]:
    flags = ("--formats", FORMATS, "--threads", "2", "--out", str(out))
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
