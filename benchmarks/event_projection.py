"""Events in progress: does the range of a projection hold what came as often as it says?

python -m benchmarks.event_projection --events 400
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

from channelscope.stats.arrays import Floats
from channelscope.stats.projection import project

GONE = (0.25, 0.5, 0.75)
"""Parts of the event that are over when it is projected."""
ORDER_VALUE = (5.0, 0.7)
"""Mean and spread of the log of an order's value."""


@dataclass(frozen=True, slots=True)
class World:
    """How events come about. Of two ends each event draws a value between them.

    `orders` are of a quiet day; `shape` is the lognormal spread by which a day of this year differs
    from last year's, `noise` and `memory` the spread and autocorrelation of the days' luck in each
    year, `peaks` a further spread of the days that stand out, `drift` that of growth from the first
    day to the last, `longer` the quiet days that last year's event did not have.
    """

    days: tuple[int, int] = (22, 28)
    orders: tuple[float, float] = (20.0, 3000.0)
    shape: tuple[float, float] = (0.10, 0.15)
    noise: float = 0.10
    memory: float = 0.5
    peaks: float = 0.0
    drift: float = 0.0
    longer: int = 0


HEADLINE = "11.11 of 22-28 days"
WORLDS = {
    HEADLINE: World(),
    "luck of days alone": World(memory=0.0),
    "luck that lasts (0.8)": World(memory=0.8),
    "11 days": World(days=(11, 11)),
    "36 days": World(days=(36, 36)),
    "20 orders a day": World(orders=(20.0, 20.0)),
    "3000 orders a day": World(orders=(3000.0, 3000.0)),
    "2-5 orders a day": World(orders=(2.0, 5.0)),
    "5 days longer this year": World(longer=5),
    "years much alike": World(shape=(0.02, 0.04), noise=0.03),
    "years very unlike": World(shape=(0.25, 0.35), noise=0.20),
    "peaks differ by 20% more": World(peaks=0.20),
    "growth drifts by 20%": World(drift=0.20),
}


@dataclass(frozen=True, slots=True)
class Judged:
    """Of every event: projection, range and what came. Shapes: (events,)."""

    total: Floats
    low: Floats
    high: Floats
    actual: Floats

    @property
    def coverage(self) -> float:
        """Share of the events whose outcome lies in its range."""
        return float(((self.low <= self.actual) & (self.actual <= self.high)).mean())

    @property
    def width(self) -> float:
        """Median width of the range, in shares of the outcome."""
        return float(np.median((self.high - self.low) / self.actual))

    @property
    def error(self) -> float:
        """Median distance of the projection from the outcome, in shares of it."""
        return float(np.median(np.abs(self.total / self.actual - 1)))


def judge(
    world: World, *, events: int, gone: tuple[float, ...] = GONE, seed: int = 1
) -> list[Judged]:
    """Project so many events when so much of them is over, held against how they ended."""
    random = np.random.default_rng([seed, 20261111])
    rows = np.array([_one(world, random, gone) for _ in range(events)])
    return [Judged(*part.T) for part in rows.swapaxes(0, 1)]


def _one(world: World, random: np.random.Generator, gone: tuple[float, ...]) -> list[list[float]]:
    this, last = event(world, random)
    actual, found = float(this.sum()), []
    for part in gone:
        ahead = project(this[: max(3, round(part * len(this)))], last)
        found.append([ahead.total, ahead.low, ahead.high, actual])
    return found


def event(world: World, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Sales by day of one event, this year and last. Shapes: two of (days,)."""
    days = int(random.integers(world.days[0], world.days[1] + 1))
    height = _heights(days, random)
    orders = np.exp(random.uniform(*np.log(world.orders)))
    growth = np.exp(random.uniform(np.log(0.7), np.log(1.5)))
    shape = random.normal(0, random.uniform(*world.shape), days)
    shape += np.where(height > 2, random.normal(0, world.peaks, days), 0.0)
    shape += random.normal(0, world.drift) * np.linspace(0, 1, days)
    before = orders * height * np.exp(_luck(world, days, random))
    now = growth * orders * height * np.exp(shape + _luck(world, days, random))
    # What is bought early is not bought later: more quiet days are quieter ones.
    now[3:-2] *= np.sqrt(1 - world.longer / days)
    last = _sold(before, random)
    first = int(random.integers(3, days - 3 - world.longer))
    last[first : first + world.longer] = np.nan
    return _sold(now, random), last


def _heights(days: int, random: np.random.Generator) -> Floats:
    """An opening peak, a quiet middle, in a long event with a small wave, and a big last day."""
    found = np.ones(days)
    found[:3] = np.maximum(random.uniform(2.5, 5) * np.array([1, 0.55, 0.35]), 1)
    if days >= 20:
        wave = days // 2 + int(random.integers(-1, 2))
        found[wave : wave + 2] = random.uniform(1.3, 2)
    found[-2:] = random.uniform(1.2, 2), random.uniform(5, 11)
    return found


def _luck(world: World, days: int, random: np.random.Generator) -> Floats:
    """A year's luck by day, in logs: AR(1) with the world's spread."""
    found = random.normal(0, world.noise, days)
    fresh = np.sqrt(1 - world.memory**2)
    for day in range(1, days):
        found[day] = world.memory * found[day - 1] + fresh * found[day]
    return found


def _sold(expected: Floats, random: np.random.Generator) -> Floats:
    """Money of as many orders as chance has it, each of a value of its own."""
    orders = random.poisson(expected)
    values = random.lognormal(*ORDER_VALUE, int(orders.sum()))
    last = np.cumsum(orders)
    summed = np.concatenate(([0.0], np.cumsum(values)))
    return np.asarray(summed[last] - summed[last - orders])


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=400)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    print(f"{asked.events} events each, by the part that is over: in the 80% range; medians of its")
    print("width and of the error, in shares of what came")
    print(f"{'over':25}", "   ".join(f"{part:^20.0%}" for part in GONE))
    for name, world in WORLDS.items():
        found = judge(world, events=asked.events, seed=asked.seed)
        print(f"{name:25}", "   ".join(
            f"{part.coverage:6.1%} {part.width:6.1%} {part.error:6.1%}" for part in found
        ), flush=True)  # fmt: skip


if __name__ == "__main__":
    main()
