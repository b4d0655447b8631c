"""How often the interval of the diversion index holds the truth, and how often it cries wolf.

Buyers who come back mostly for the same need, stores of unequal size, two to eight of them.

python -m benchmarks.diversion_coverage --draws 2000
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from benchmarks.measuring import machine
from channelscope.registry import TABLE_DELTAS
from channelscope.stats.diversion import Diversion, diversion_index, mutual_information

GOAL = (0.92, 0.98)
QUIET = 0.88
GROUPS, ORDERS, KEEPS = 64, 2.0, 0.75
"""Groups of buyers, orders of a buyer on average, and the part of them for his main need."""
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Market:
    """Stores as they really are. `sizes` sum to 1; `needs` (stores, segments), rows sum to 1."""

    name: str
    sizes: Floats
    needs: Floats

    @property
    def index(self) -> float:
        """The true index."""
        joint = self.sizes[:, None] * self.needs
        ends = (joint.sum(axis=1), joint.sum(axis=0))
        most = min(float(-(part * np.log2(part)).sum()) for part in ends)
        return float(mutual_information(joint)) / most

    def drawn(self, buyers: int, random: np.random.Generator) -> Floats:
        """Orders by group of buyers, store and segment."""
        store = random.choice(len(self.sizes), buyers, p=self.sizes)
        buyer = np.repeat(np.arange(buyers), 1 + random.poisson(ORDERS - 1, buyers))
        ladder = np.cumsum(self.needs, axis=1)[:, :-1]
        main = (random.random(buyers)[:, None] > ladder[store]).sum(axis=1)
        other = (random.random(len(buyer))[:, None] > ladder[store[buyer]]).sum(axis=1)
        segment = np.where(random.random(len(buyer)) < KEEPS, main[buyer], other)
        counts = np.zeros((GROUPS, *self.needs.shape))
        group = random.integers(0, GROUPS, buyers)
        np.add.at(counts, (group[buyer], store[buyer], segment), 1)
        return counts


def markets() -> list[Market]:
    """Two stores of ten to one, three, and eight; from the same needs to very different ones."""
    taste = np.random.default_rng(12).normal(size=(8, 6))
    shapes = {
        "2 stores, 2 segments": ([10.0, 1.0], 2), "3 stores, 6 segments": ([10.0, 3.0, 1.0], 6),
        "8 stores, 6 segments": ([8.0, 5.0, 4.0, 3.0, 3.0, 2.0, 2.0, 1.0], 6),
    }  # fmt: skip
    found = []
    for name, (weights, segments) in shapes.items():
        sizes = np.array(weights) / sum(weights)
        common = np.linspace(2, 1, segments)
        for strength in (0.0, 0.1, 0.3, 1.0):
            needs = common * np.exp(strength * taste[: len(sizes), :segments])
            found.append(Market(name, sizes, needs / needs.sum(axis=1, keepdims=True)))
    return found


def is_quiet(found: Diversion) -> bool:
    """Whether it is said to be the same, or not clear."""
    delta = TABLE_DELTAS["diversion"]
    same = -delta <= found.lo and found.hi <= delta
    return same or found.p_value > 0.05 or found.lo <= 0


def main() -> None:
    """Draw, count, and print a row per market and number of buyers."""
    parser = argparse.ArgumentParser(description="coverage of the diversion index")
    parser.add_argument("--draws", type=int, default=2000)
    flags = parser.parse_args()
    print(machine())
    print(f"goals: coverage {GOAL[0]:.0%} to {GOAL[1]:.0%} where needs are divided (above where "
          f"they are not: an index below 0 is none); quiet in {QUIET:.0%} of these")  # fmt: skip
    for market in markets():
        for buyers in (1500, 15_000):
            random = np.random.default_rng(1)
            draws = [diversion_index(market.drawn(buyers, random)) for _ in range(flags.draws)]
            truth = market.index
            below = sum(found.hi < truth - 1e-12 for found in draws) / flags.draws
            above = sum(found.lo > truth + 1e-12 for found in draws) / flags.draws
            mean = float(np.mean([found.index for found in draws]))
            quiet = sum(map(is_quiet, draws)) / flags.draws
            print(f"{market.name}, {buyers} buyers: true {truth:.4f}, mean {mean:.4f}, covered "
                  f"{1 - below - above:.1%} (too low {below:.1%}, too high {above:.1%}), quiet "
                  f"{quiet:.1%}", flush=True)  # fmt: skip
    print(machine())


if __name__ == "__main__":
    main()
