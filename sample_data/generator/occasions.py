"""Buyers and their purchase occasions: who wants what on which day. No store yet.

Every random number belongs to an occasion (and, where it is about a store, to occasion × store), so
closing a store changes nothing but the choices of those who would have gone there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.calendar import DAYS, HOURS, MONTH, MONTHS, WEEK, day_weights
from sample_data.generator.needs import (
    LINE_CHANCE,
    NEED_CHANCE,
    NEEDS,
    PIECE_CHANCE,
    PLATFORM_CHANCE,
)
from sample_data.generator.stores import D1, F1, REGIONS, SELLING

LINES_PER_OCCASION = 1.065  # measured: order lines that come of one occasion
OCCASIONS_PER_BUYER = 3.2
KEEPS_NEED = 0.75  # chance that an occasion serves the buyer's main need
LOYALTY = 1.0  # spread of lasting tastes for single stores
RIVALS, OWN = 1.5, 0.5  # spread of the taste that F1 and D1 share, and of that for each alone
BUYERS, ORDERS, NOISE = range(3)  # streams of random numbers


@dataclass(frozen=True, slots=True, kw_only=True)
class Buyers:
    """Everybody who ever thinks of buying, sorted by the day he first does. *Shapes*: (buyers,)."""

    entry: NDArray[np.int64]
    activity: NDArray[np.float64]  # cumulative
    need: NDArray[np.int8]
    home: NDArray[np.int8]
    region: NDArray[np.int8]
    taste: NDArray[np.float32]  # (buyers, stores)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasions:
    """One month's occasions. *Shapes*: (occasions,), except where said."""

    day: NDArray[np.int64]
    second: NDArray[np.int64]
    buyer: NDArray[np.int64]
    need: NDArray[np.int64]
    gumbel: NDArray[np.float64]  # (occasions, stores + 1): the last column is buying nowhere
    chance: NDArray[np.float64]  # (occasions, 7): uniform numbers for what happens to the order
    line_occasion: NDArray[np.int64]  # (lines,)
    line_sku: NDArray[np.int64]  # (lines,)
    line_pieces: NDArray[np.int64]  # (lines,)
    line_chance: NDArray[np.float64]  # (lines,)


def draw_buyers(occasions: int, *, seed: int) -> Buyers:
    """The population behind so many occasions; half of it is there from the first day."""
    rng = np.random.default_rng([seed, BUYERS])
    count = max(10, round(occasions / OCCASIONS_PER_BUYER))
    entry = np.sort(np.where(rng.random(count) < 0.5, 0, rng.integers(0, DAYS, count)))
    need = np.searchsorted(NEED_CHANCE, rng.random(count))
    region = rng.choice(len(REGIONS), size=count, p=_region_chance())
    return Buyers(
        entry=entry,
        activity=np.cumsum(rng.gamma(0.9, 1.0, count) + 0.02),
        need=need.astype(np.int8),
        home=_invert(PLATFORM_CHANCE[need], rng.random(count)).astype(np.int8),
        region=region.astype(np.int8),
        taste=_tastes(rng.standard_normal((count, len(SELLING)))).astype(np.float32),
    )


def _tastes(drawn: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lasting tastes. F1 and D1 are liked by the same people: D1 sells the flagship's goods for
    less, and whoever knows one knows the other."""
    taste = drawn.copy()
    common = RIVALS * (drawn[:, F1] + drawn[:, D1]) / np.sqrt(2)
    for store in (F1, D1):
        taste[:, store] = OWN * drawn[:, store] + common
    return LOYALTY * taste


def month_sizes(occasions: int, *, seed: int) -> NDArray[np.int64]:
    """How many occasions fall on each day."""
    rng = np.random.default_rng([seed, BUYERS, 1])
    return rng.poisson(day_weights() * occasions / DAYS)


def draw_occasions(
    month: int, *, sizes: NDArray[np.int64], buyers: Buyers, wishes: NDArray[np.float64], seed: int
) -> Occasions:
    """All occasions of one month, in the order of their days."""
    days = np.flatnonzero(MONTHS[month] == MONTH)
    day = np.repeat(days, sizes[days])
    rng = np.random.default_rng([seed, ORDERS, month])
    count = len(day)
    buyer = _draw_buyer(day, buyers=buyers, chance=rng.random(count))
    other = np.searchsorted(NEED_CHANCE, rng.random(count))
    need = np.where(rng.random(count) < KEEPS_NEED, buyers.need[buyer], other).astype(np.int64)
    hour = np.searchsorted(np.cumsum(HOURS) / HOURS.sum(), rng.random(count))
    second = hour * 3600 + rng.integers(0, 3600, count)
    line_occasion, line_sku = _draw_wishes(need, week=WEEK[day], wishes=wishes, rng=rng)
    pieces = _invert(PIECE_CHANCE[need[line_occasion]], rng.random(len(line_sku))) + 1
    noise = np.random.default_rng([seed, NOISE, month])
    return Occasions(
        day=day, second=second, buyer=buyer, need=need,
        gumbel=noise.gumbel(size=(count, len(SELLING) + 1)),
        chance=noise.random((count, 7)), line_occasion=line_occasion, line_sku=line_sku,
        line_pieces=pieces, line_chance=noise.random(len(line_sku)),
    )  # fmt: skip


def _draw_buyer(
    day: NDArray[np.int64], *, buyers: Buyers, chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """A buyer by activity, among those who have entered by that day."""
    entered = np.searchsorted(buyers.entry, day, side="right")
    return np.searchsorted(buyers.activity, chance * buyers.activity[entered - 1])


def _draw_wishes(
    need: NDArray[np.int64], *, week: NDArray[np.int64], wishes: NDArray[np.float64],
    rng: np.random.Generator,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """(occasion, SKU) of every product wanted; no product twice in one basket."""
    lines = _invert(LINE_CHANCE[need], rng.random(len(need))) + 1
    occasion = np.repeat(np.arange(len(need)), lines)
    weeks, skus = wishes.shape[1:]
    group = need[occasion] * weeks + week[occasion]
    ladder = (wishes.reshape(-1, skus) + np.arange(len(NEEDS) * weeks)[:, None]).ravel()
    drawn = np.searchsorted(ladder, group + rng.random(len(group)), side="right")
    sku = np.minimum(drawn - group * skus, skus - 1)
    unique = np.unique(occasion * skus + sku)
    return unique // skus, unique % skus


def _invert(running: NDArray[np.float64], chance: NDArray[np.float64]) -> NDArray[np.int64]:
    place: NDArray[np.int64] = (chance[:, None] > running).sum(axis=1)
    return place


def _region_chance() -> NDArray[np.float64]:
    weight = np.array(list(REGIONS.values()), dtype=np.float64)
    chance: NDArray[np.float64] = weight / weight.sum()
    return chance
