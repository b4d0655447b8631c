"""Which files are read together: whole quarters, whole orders, and enough lines."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from channelscope import cubes, sqlfile, units
from channelscope.parts import Part
from channelscope.units import Unit

Days = tuple[date, date] | None


def found(
    *parts: tuple[str, Days, int], enough: int = 1, orders: tuple[tuple[date, ...], ...] = ()
) -> tuple[Unit, ...]:
    """The units of `parts`; `orders`: the days of the lines of each order."""
    counts = {Part(label, label, label): _counts(days, rows) for label, days, rows in parts}

    def first_shared(earlier: Sequence[Unit], later: Unit) -> date | None:
        before = [min(days) for days in orders if _has(later, days) and _has_any(earlier, days)]
        return min(before, default=None)

    return units.units(list(counts), counts, first_shared=first_shared, enough=enough)


def _has_any(given: Sequence[Unit], days: tuple[date, ...]) -> bool:
    return any(_has(unit, days) for unit in given)


def _has(unit: Unit, days: tuple[date, ...]) -> bool:
    assert unit.first is not None
    assert unit.last is not None
    return any(unit.first <= day <= unit.last for day in days)


def labels(given: tuple[Unit, ...]) -> list[str]:
    return ["".join(part.label for part in unit.parts) for unit in given]


def _counts(days: Days, rows: int) -> pl.DataFrame:
    """As `scan/line_counts` has them of two stores, one of them without a line."""
    first, last = days or (None, None)
    schema = {"first_day": pl.Date, "last_day": pl.Date, "rows_in": pl.Int64}
    return pl.DataFrame([(first, last, rows), (None, None, 0)], schema=schema, orient="row")


Q1, Q2, Q3 = (
    (date(2026, month, 1), date(2026, month + 3, 1) - timedelta(days=1)) for month in (1, 4, 7)
)
Q4 = (date(2026, 10, 1), date(2026, 12, 31))


def test_a_unit_a_quarter_in_the_order_of_their_days() -> None:
    given = found(("b", Q2, 5), ("c", Q3, 7), ("a", Q1, 3))
    assert labels(given) == ["a", "b", "c"]
    assert [(unit.first, unit.last, unit.rows) for unit in given] == [
        (*Q1, 3), (*Q2, 5), (*Q3, 7),
    ]  # fmt: skip


def test_parts_of_one_quarter_are_one_unit() -> None:
    january, march = (Q1[0], date(2026, 1, 31)), (date(2026, 3, 1), Q1[1])
    assert labels(found(("m", march, 1), ("j", january, 1), ("q", Q2, 1))) == ["jm", "q"]


def test_a_part_within_a_longer_one_does_not_cut_it_off() -> None:
    year = (date(2026, 1, 1), date(2026, 12, 31))
    autumn = (date(2026, 10, 1), date(2026, 10, 2))
    assert labels(found(("y", year, 9), ("q", Q2, 1), ("a", autumn, 1))) == ["yqa"]


def test_an_order_over_midnight_joins_the_quarters() -> None:
    given = found(("a", Q1, 1), ("b", Q2, 1), ("c", Q3, 1), orders=((Q2[1], Q3[0]),))
    assert labels(given) == ["a", "bc"]
    assert (given[1].first, given[1].last, given[1].rows) == (Q2[0], Q3[1], 2)


def test_an_order_joins_all_that_its_lines_lie_in_however_far_apart() -> None:
    parts = (("a", Q1, 1), ("b", Q2, 1), ("c", Q3, 1), ("d", Q4, 1))
    january, may, august, november = (date(2026, month, 9) for month in (1, 5, 8, 11))
    assert labels(found(*parts, orders=((may, may), (may, august)))) == ["a", "bc", "d"]
    assert labels(found(*parts, orders=((january, august),))) == ["abc", "d"]
    assert labels(found(*parts, orders=((may, november), (january, may)))) == ["abcd"]
    assert labels(found(*parts, orders=((january, may), (august, november)))) == ["ab", "cd"]


def test_units_have_enough_lines_but_the_last() -> None:
    parts = (("a", Q1, 6), ("b", Q2, 4), ("c", Q3, 10), ("d", Q4, 1))
    assert labels(found(*parts, enough=10)) == ["ab", "c", "d"]
    assert labels(found(*parts, enough=11)) == ["abc", "d"]


def test_a_further_quarter_leaves_the_units_before_as_they_were() -> None:
    parts = (("a", Q1, 6), ("b", Q2, 6), ("c", Q3, 6))
    before, after = (found(*parts[:count], enough=5) for count in (2, 3))
    assert labels(after)[:2] == labels(before)
    assert after[0] == before[0]


def test_every_day_is_answered_for_once() -> None:
    given = found(("a", Q1, 1), ("c", Q3, 1))
    assert (given[0].since, given[0].until) == (date.min, Q1[1])
    assert (given[1].since, given[1].until) == (Q1[1] + timedelta(days=1), date.max)


def test_parts_without_a_line_are_read_with_the_first_unit() -> None:
    given = found(("b", Q2, 1), ("x", None, 0), ("a", Q1, 1))
    assert labels(given) == ["xa", "b"]
    assert labels(found(("x", None, 0), ("y", None, 0))) == ["xy"]


def test_days_that_leave_all_in_or_all_out_are_one_day() -> None:
    (unit, *_) = found(("b", Q2, 1))
    long_before, long_after, day = date(2020, 1, 1), date(2030, 1, 1), timedelta(days=1)
    for name in ("first", "mature_before"):
        assert unit.clipped(name, long_before) == Q2[0] == unit.clipped(name, Q2[0])
        assert unit.clipped(name, Q2[1]) == Q2[1]
        assert unit.clipped(name, long_after) == Q2[1] + day == unit.clipped(name, Q2[1] + day)
    for name in ("last", "mature_last"):
        assert unit.clipped(name, long_before) == Q2[0] - day == unit.clipped(name, Q2[0] - day)
        assert unit.clipped(name, Q2[0]) == Q2[0]
        assert unit.clipped(name, long_after) == Q2[1] == unit.clipped(name, Q2[1])
    assert Unit((), None, None, 0).clipped("first", long_before) == long_before


def test_every_day_that_a_unit_may_be_cut_at_says_on_which_side() -> None:
    cut = [
        name
        for query in sqlfile.catalogue().values()
        if query.extra.get("parts") == "add" or query.name in cubes.TERMS
        for name, type_ in query.params.items()
        if type_ == "date"
    ]
    assert "first" in cut
    assert not [name for name in cut if not name.endswith(("first", "before", "last"))]
