"""Scales of small panels that share one view: a view for each costs five times as much."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, floor, log10

_NICE = (1.0, 2.0, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Track:
    """A stretch of a view on which the values from `low` to `high` lie."""

    low: float
    high: float
    start: float
    length: float

    def place(self, value: float) -> float:
        """Where a value lies, in pixels of the view."""
        return self.start + (value - self.low) / (self.high - self.low) * self.length

    def step(self, most: int) -> float:
        """The distance of round ticks of which at most about so many fit."""
        rough = (self.high - self.low) / most
        magnitude = 10.0 ** floor(log10(rough))
        return next(nice for nice in _NICE if nice * magnitude >= rough * 0.999) * magnitude

    def ticks(self, most: int) -> list[float]:
        """Round values inside the track."""
        step = self.step(most)
        first, last = ceil(self.low / step - 1e-9), floor(self.high / step + 1e-9)
        return [at * step for at in range(first, last + 1)]


def decimals(step: float) -> int:
    """How many decimals a tick of this distance needs."""
    return max(0, -floor(log10(step) + 1e-9))
