"""All inputs of a candidate, drawn once for many imagined futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np

from channelscope.estimates import Floats
from channelscope.stats.opening_economics import ramp
from channelscope.stats.ranges import drawn, levels, student

DRAWS = 20_000


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain quantity: a range, or noise around a median with `freedom` degrees.

    With noise `low` to `high` holds 80 percent, else nothing lies outside. `origin`: measured,
    openings, nearest, declared or policy; `grade`: A measured, B derived, C declared. An input
    without width is not drawn. `likely` None: it cannot be told.
    """

    name: str
    unit: str
    likely: float | None
    low: float | None
    high: float | None
    origin: str
    grade: str
    store_id: str | None = None
    source: str | None = None
    owner: str | None = None
    as_of: date | None = None
    error: float = 0.0
    freedom: int = 0

    @property
    def key(self) -> str:
        """Its name, with the store where there is one for each."""
        return f"{self.name}:{self.store_id}" if self.store_id else self.name

    @property
    def is_sure(self) -> bool:
        """Whether it has no width."""
        return self.low == self.high

    def at(self, level: Floats) -> Floats:
        """Its values at probabilities of a lower one; nan where it cannot be told."""
        if self.likely is None or self.low is None or self.high is None:
            return np.full(len(level), np.nan)
        if self.error:
            return np.asarray(self.likely * np.exp(self.error * student(level, self.freedom)))
        return drawn(self.low, self.likely, self.high, level)


@dataclass(frozen=True)
class Futures:
    """Values of every input. Shapes: (draws,) each. `season`: (months,), of the horizon."""

    values: Mapping[str, Floats]
    season: Floats

    @property
    def draws(self) -> int:
        """How many futures."""
        return len(next(iter(self.values.values())))

    def __getitem__(self, key: str) -> Floats:
        return self.values[key]

    @cached_property
    def grown(self) -> Floats:
        """Sales of each month over those of a grown-up store in a usual one. (draws, months)."""
        shape = ramp(self["start_share"], self["ramp_up_months"], len(self.season))
        return np.asarray(shape * self.season)

    @cached_property
    def months(self) -> Floats:
        """The whole horizon in grown-up months. Shape: (draws,)."""
        return np.asarray(self.grown.sum(axis=1))

    @cached_property
    def years(self) -> Floats:
        """Each whole year of the horizon in grown-up months. Shape: (draws, years)."""
        whole = len(self.season) // 12
        each = self.grown[:, : whole * 12].reshape(self.draws, whole, 12)
        return np.asarray(each.sum(axis=2))


def draw(inputs: Mapping[str, Input], season: Floats, *, draws: int, seed: int) -> Futures:
    """Every input at its own random levels: one future a draw."""
    half = np.full(draws, 0.5)
    values = {
        key: each.at(half if each.is_sure else levels(key, draws=draws, seed=seed))
        for key, each in inputs.items()
    }
    return Futures(values, season)


def likely(inputs: Mapping[str, Input], season: Floats, *, rows: int = 1) -> Futures:
    """Every input at its likely value, so many times."""
    half = np.full(rows, 0.5)
    return Futures({key: each.at(half) for key, each in inputs.items()}, season)
