"""`python -m sample_data.generator --out DIR [--lines N] [--seed S] [--close STORE]`."""

from __future__ import annotations

import argparse
from pathlib import Path

from sample_data.generator.simulation import LINES, SEED
from sample_data.generator.stores import IDS
from sample_data.generator.workspace import write_workspace


def main() -> None:
    """Write one workspace and say how large it became."""
    parser = argparse.ArgumentParser(prog="python -m sample_data.generator", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder to write")
    parser.add_argument("--lines", type=int, default=LINES, help="order lines, about")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument(
        "--close", action="append", default=[], choices=IDS,
        help="a store that never opens; every other random number stays as it was",
    )  # fmt: skip
    flags = parser.parse_args()
    closed = frozenset(flags.close)
    written = write_workspace(flags.out, lines=flags.lines, seed=flags.seed, closed=closed)
    size = sum(path.stat().st_size for path in flags.out.iterdir() if path.is_file())
    print(f"{written:,} order lines, {size / 1e6:.1f} MB in {flags.out}")


if __name__ == "__main__":
    main()
