"""Decisions: do the ranges hold what came, and is a 70% chance to pay back one of 70%?

python -m benchmarks.decision_calibration --brands 400
"""

from __future__ import annotations

import argparse
from contextlib import suppress
from dataclasses import dataclass
from itertools import count

import numpy as np

from benchmarks.simulated_candidates import Held, simulate
from channelscope.candidate import Candidate
from channelscope.config import PolicySection
from channelscope.decision import decide
from channelscope.errors import ConfigError
from channelscope.stats.arrays import Floats

BINS = (0.0, 0.25, 0.5, 0.75, 1.0)
FIRST_MONTHS = 6
DRAWS = 4000
OUTCOMES = ("sales", "diverted", "contribution")


@dataclass(frozen=True, slots=True)
class Judged:
    """Of every brand: ranges and what came (brands, 3), chances to pay back, whether it did."""

    low: Floats
    high: Floats
    actual: Floats
    chance: Floats
    paid_back: Floats

    @property
    def coverage(self) -> Floats:
        """Share of the brands whose outcome lies in its range. Shape: (3,)."""
        inside = (self.low <= self.actual) & (self.actual <= self.high)
        return np.asarray(inside.mean(axis=0))

    def bins(self) -> list[tuple[int, float, float]]:
        """Of each bin of chances: brands, mean chance, share that paid back."""
        at = np.clip(np.searchsorted(BINS, self.chance, side="right") - 1, 0, len(BINS) - 2)
        return [
            (int((at == one).sum()), float(self.chance[at == one].mean()),
             float(self.paid_back[at == one].mean()))
            for one in range(len(BINS) - 1) if (at == one).any()
        ]  # fmt: skip


def judge(brands: int, *, first: int = 1, draws: int = DRAWS) -> Judged:
    """Decide so many brands' openings with what was known before, held against what came.

    Brands of which the data cannot tell demand, and `decide` says so, are passed over.
    """
    rows: list[list[float]] = []
    for seed in count(first):
        with suppress(ConfigError):
            rows.append(_one(simulate(seed), draws))
        if len(rows) == brands:
            break
    array = np.array(rows)
    return Judged(array[:, 0:3], array[:, 3:6], array[:, 6:9], array[:, 9], array[:, 10])


def _one(held: Held, draws: int) -> list[float]:
    def run(months: int) -> dict[str, float]:
        plan = Candidate.model_validate({**held.candidate.model_dump(), "horizon_months": months})
        tables = decide([plan], held.evidence, PolicySection(), seed=5, draws=draws)
        return tables["recommendation"].row(0, named=True)

    first, whole = run(FIRST_MONTHS), run(int(held.candidate.horizon_months or 0))
    rows = (first, first, whole)
    ends = [[row[f"{name}_{end}"] for row, name in zip(rows, OUTCOMES, strict=True)]
            for end in ("lo", "hi")]  # fmt: skip
    actual = [held.sales, held.diverted, held.contribution]
    return [*ends[0], *ends[1], *actual, whole["p_payback"], float(held.contribution >= 0)]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--brands", type=int, default=400)
    parser.add_argument("--first", type=int, default=1)
    asked = parser.parse_args()
    found = judge(asked.brands, first=asked.first)
    print(f"{asked.brands} brands, one held-out opening each")
    for name, share, width, actual in zip(
        OUTCOMES, found.coverage, np.median(found.high - found.low, axis=0),
        np.median(np.abs(found.actual), axis=0), strict=True,
    ):  # fmt: skip
        print(f"{name:13} in its 80% range: {share:.1%}   range/outcome (medians):"
              f" {width / actual:.2f}")  # fmt: skip
    print("chance to pay back: brands, mean chance, paid back")
    for brands, chance, share in found.bins():
        print(f"{brands:5} {chance:7.1%} {share:7.1%}   {share - chance:+.1%}")


if __name__ == "__main__":
    main()
