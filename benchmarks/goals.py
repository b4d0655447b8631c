"""What is asked of speed and memory, what was reached, and the table that holds both.

A goal is a largest value: of a ratio inside one run, of gigabytes or of seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Unit(StrEnum):
    """What a value is; `part` is a ratio below 1, told as 1/12."""

    TIMES = "×"
    PART = "part"
    GIGABYTES = "GB"
    SECONDS = "s"


@dataclass(frozen=True, slots=True)
class Row:
    """One goal and what a run reached; `reached` is None where it was not measured, `note` why."""

    what: str
    goal: float
    reached: float | None
    unit: Unit = Unit.TIMES
    note: str = ""

    @property
    def verdict(self) -> str:
        """`hit`, `miss`, or `not measured`; what equals the goal is a hit."""
        if self.reached is None:
            return "not measured"
        return "hit" if self.reached <= self.goal else "miss"


def shown(value: float | None, unit: Unit) -> str:
    """A value as the table tells it."""
    if value is None:
        return "–"
    if unit is Unit.PART:
        return f"1/{1 / value:.1f}" if 0 < value < 1 else f"{value:.2f} ×"
    return f"{value:.2f} {unit}"


def table(rows: Sequence[Row]) -> list[str]:
    """The lines of a Markdown table, a line for each goal."""
    head = ["| goal | at most | reached | | what was measured |", "|-|-|-|-|-|"]
    return head + [
        f"| {row.what} | {shown(row.goal, row.unit)} | {shown(row.reached, row.unit)} "
        f"| {row.verdict} | {row.note} |"
        for row in rows
    ]


def told(rows: Sequence[Row]) -> str:
    """How many goals were hit, missed and not measured, in one sentence."""
    verdicts = [row.verdict for row in rows]
    counts = [f"{verdicts.count(word)} {word}" for word in ("hit", "miss", "not measured")]
    return f"Of {len(rows)} goals: {', '.join(counts)}."
