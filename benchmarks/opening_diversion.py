"""How often the estimate of what an opening took holds the truth, and how wide it is.

python -m benchmarks.opening_diversion --openings 100
python -m benchmarks.opening_diversion --sample 40      # openings of the sample's own simulation
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from benchmarks.measuring import machine
from benchmarks.simulated_openings import Opening, draw
from channelscope.dimensions._opening_placebos import Asked, placebos
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.opening_diversion import diversion
from channelscope.trading import LONG, SHORT

SIZES = (45_000, 90_000, 180_000, 360_000, 720_000, 1_440_000)
WIDTH = 0.25


@dataclass(slots=True)
class Count:
    """What was counted over openings; the first store is the one that loses most."""

    first_holds: list[bool] = field(default_factory=list)
    holds: list[bool] = field(default_factory=list)
    width: list[float] = field(default_factory=list)
    claims: list[bool] = field(default_factory=list)
    off: int = 0
    tried: int = 0

    def add(self, opening: Opening, weeks: tuple[int, ...]) -> None:
        """One more opening, by the weeks that are compared."""
        asked = Asked(opening.panel, weeks, opening.panel.exposed(weeks))
        found = diversion(
            opening.panel.cells(weeks), exposed=asked.exposed, controls=asked.controls,
            gained=asked.gained,
        )  # fmt: skip
        known = np.isfinite(found.error)
        inside = (found.lo <= opening.shares) & (opening.shares <= found.hi)
        checked = placebos(asked, found)
        adjusted = benjamini_hochberg(found.p_value)
        claimed = (adjusted <= LEVEL) & (found.lo > 0) & ~checked.refuted
        self.first_holds.append(bool(inside[0]))
        self.holds.extend(inside[known].tolist())
        self.width.append(float(found.hi[0] - found.lo[0]))
        self.claims.append(bool(claimed.any()))
        self.off += int(checked.off.sum())
        self.tried += int(checked.tried.sum())

    def line(self) -> str:
        """The counts as cells of a table."""
        return " | ".join([
            f"{np.mean(self.first_holds):.1%}", f"{np.mean(self.holds):.1%}",
            f"{100 * np.median(self.width):.0f}", f"{np.mean(self.claims):.1%}",
            f"{self.off / max(self.tried, 1):.1%}",
        ])  # fmt: skip


HEAD = "holds truth, first store | all stores | median width, points | any claim | placebos off"


def counted(openings: Iterable[Opening], weeks: Iterable[int]) -> Count:
    """Everything counted over the openings."""
    count, compared = Count(), tuple(weeks)
    for opening in openings:
        count.add(opening, compared)
    return count


def simulated(openings: int, sizes: Iterable[int]) -> None:
    """The table by data size and horizon, and the size at which the width falls to 25 points."""
    print(f"lines | horizon | diversion | {HEAD}")
    enough: dict[int, int] = {}
    for lines in sizes:
        for horizon in (SHORT, LONG):
            for name, zero in (("0-60%", False), ("none", True)):
                drawn = (draw(seed, lines=lines, zero=zero) for seed in range(openings))
                count = counted(drawn, range(horizon))
                print(f"{lines:,} | {horizon} weeks | {name} | {count.line()}", flush=True)
                if not zero and np.median(count.width) <= WIDTH:
                    enough.setdefault(horizon, lines)
    for horizon in (SHORT, LONG):
        told = f"{enough[horizon]:,} lines" if horizon in enough else "none of these sizes"
        print(f"median width at most 25 points over {horizon} weeks: from {told}")


def of_sample(openings: int) -> None:
    """The sample's own simulation under other seeds: with what its opening took, half, nothing."""
    from benchmarks.sample_openings import draws, first_week  # noqa: PLC0415

    print(f"part of the diversion | horizon | {HEAD}")
    for part in (0.0, 0.5, 1.0, 1.4):
        for horizon in (SHORT, LONG):
            count = counted(draws(openings, part=part), range(first_week(), horizon))
            print(f"{part:.0%} | {horizon} weeks | {count.line()}", flush=True)


def main() -> None:
    """Draw, estimate, count, and print."""
    parser = argparse.ArgumentParser(description="coverage of what openings took")
    parser.add_argument("--openings", type=int, default=100)
    parser.add_argument("--sizes", default=",".join(map(str, SIZES)))
    parser.add_argument("--sample", type=int, default=0)
    flags = parser.parse_args()
    print(machine())
    if flags.sample:
        of_sample(flags.sample)
    else:
        simulated(flags.openings, [int(size) for size in flags.sizes.split(",")])


if __name__ == "__main__":
    main()
