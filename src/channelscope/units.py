"""Which parts of the order lines are read together: units, whose cubes are made once and added up.

No calendar quarter and no order lies in two units, so that sums, days and orders of units add up
and a check of a unit sees all lines of its orders; and a unit is worth a query of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from channelscope.domain import calendar_quarter
from channelscope.parts import Part

ENOUGH = 1_000_000
"""Order lines: fewer are read together with the next quarter."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Unit:
    """Parts that are read together, with their first and last day; None where they have no line.

    `since`, `until`: the days that the unit answers for, those without a line among them: the days
    of all units are every day there is.
    """

    parts: tuple[Part, ...]
    first: date | None
    last: date | None
    rows: int
    since: date = date.min
    until: date = date.max

    def clipped(self, name: str, day: date) -> date:
        """A day that cuts the unit's orders as `day` does: one and the same for all days that leave
        them all in, or all out.

        The day of a parameter `…first` or `…before` is the first after the cut, that of a `…last`
        the last before it.
        """
        if self.first is None or self.last is None:
            return day
        begins = name.endswith(("first", "before"))
        earliest, latest = (
            (self.first, self.last + DAY) if begins else (self.first - DAY, self.last)
        )
        return min(max(day, earliest), latest)


FirstShared = Callable[[Sequence[Unit], Unit], date | None]
"""The first day of the orders that have lines in earlier units and in a later one; None of none."""


def units(
    parts: Sequence[Part],
    counts: Mapping[Part, pl.DataFrame],
    *,
    first_shared: FirstShared,
    enough: int = ENOUGH,
) -> tuple[Unit, ...]:
    """The units of `parts`, in the order of their days.

    `counts`: the rows of `scan/line_counts` of each part.
    """
    alone = [_alone(part, counts[part]) for part in parts]
    dated = sorted((u for u in alone if u.first), key=lambda u: (u.first, u.parts[0].label))
    found = list(_packed(_whole_quarters(dated), enough))
    undated = tuple(part for unit in alone if unit.first is None for part in unit.parts)
    if not found:
        return (Unit(undated, None, None, 0),)
    found[0] = replace(found[0], parts=(*undated, *found[0].parts))
    return tuple(_answering(_whole_orders(found, first_shared)))


def _alone(part: Part, counts: pl.DataFrame) -> Unit:
    first, last, rows = counts.select(
        pl.col("first_day").min(), pl.col("last_day").max(), pl.col("rows_in").sum()
    ).row(0)
    return Unit((part,), first, last, int(rows or 0))


def _whole_quarters(dated: Sequence[Unit]) -> Iterator[Unit]:
    """Parts joined until no quarter is in two of them."""
    current: Unit | None = None
    for unit in dated:
        assert unit.first is not None
        if current is None:
            current = unit
        elif calendar_quarter(unit.first) <= calendar_quarter(_last(current)):
            current = _joined(current, unit)
        else:
            yield current
            current = unit
    if current is not None:
        yield current


def _packed(found: Iterator[Unit], enough: int) -> Iterator[Unit]:
    current: Unit | None = None
    for unit in found:
        if current is not None and current.rows >= enough:
            yield current
            current = None
        current = unit if current is None else _joined(current, unit)
    if current is not None:
        yield current


def _whole_orders(found: Sequence[Unit], first_shared: FirstShared) -> list[Unit]:
    """Units joined until no order is in two of them, however far apart its lines are.

    Each is held against those before it alone: what was found stays true when others follow.
    """
    whole: list[Unit] = []
    for unit in found:
        joined, day = unit, first_shared(whole, unit) if whole else None
        while day is not None and whole and day <= _last(whole[-1]):
            joined = _joined(whole.pop(), joined)
        whole.append(joined)
    return whole


def _joined(one: Unit, other: Unit) -> Unit:
    last = max(_last(one), _last(other))
    return Unit((*one.parts, *other.parts), one.first, last, one.rows + other.rows)


def _answering(found: Sequence[Unit]) -> Iterator[Unit]:
    since = date.min
    for unit in found[:-1]:
        yield replace(unit, since=since, until=_last(unit))
        since = _last(unit) + DAY
    yield replace(found[-1], since=since)


def _last(unit: Unit) -> date:
    assert unit.last is not None
    return unit.last
