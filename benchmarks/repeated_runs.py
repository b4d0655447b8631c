"""Whether `compare` with two threads gives the same bytes each time, cached or not.

python -m benchmarks.repeated_runs --runs 6
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

from benchmarks.killed_runs import EPOCH, FORMATS, LINES, contents
from benchmarks.measuring import machine, run

FLAGS = ("--quiet", "--formats", FORMATS, "--threads", "2")


def main() -> None:
    """Every other run keeps and reads nothing; all are held against the first."""
    parser = argparse.ArgumentParser(description="bytes of repeated runs")
    parser.add_argument("--runs", type=int, default=6)
    parser.add_argument("--lines", type=int, default=LINES)
    flags = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as folder:
        found = repeated(Path(folder), runs=flags.runs, lines=flags.lines)
    different = [number for number, files in enumerate(found, 1) if files != found[0]]
    print(f"{len(found)} runs, {len(found[0])} files each; other bytes than the first: {different}")
    sys.exit(bool(different))


def repeated(folder: Path, *, runs: int, lines: int) -> list[dict[str, str]]:
    """The checksums of the files of each run: cached, without a cache, and so on by turns."""
    os.environ["SOURCE_DATE_EPOCH"] = EPOCH
    workspace, found = folder / "workspace", []
    run("-m", "sample_data.generator", "--out", workspace, "--lines", str(lines))
    for number in range(runs):
        out = folder / f"out-{number}"
        kept = ("--no-cache",) if number % 2 else ()
        run("-m", "channelscope", "compare", workspace, *FLAGS, *kept, "--out", out)
        found.append(contents(out))
    return found


if __name__ == "__main__":
    main()
