"""The next period: its season, its range, and events that nobody has declared yet."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest

from channelscope.domain import Period
from channelscope.review.outlook import outlook, predictions, with_assumed
from channelscope.review.sums import Sums
from channelscope.trading import PERIOD
from tests.review.made_up import BEFORE, NOW, scope, steady, store, sums

NEXT = Period(NOW.last + timedelta(1), NOW.last + timedelta(NOW.days))
FIRST = date(2024, 9, 1)


def _history(*stores: str, later: float = 2.0) -> pl.DataFrame:
    """100 a day, and `later` times as much in the days of the year before like those to come."""
    rows = []
    for name in stores:
        for at in range((NOW.last - FIRST).days + 1):
            day = FIRST + timedelta(at)
            lively = NEXT.first - timedelta(364) <= day <= NEXT.last - timedelta(364)
            rows.append((name, day, 100.0 * (later if lively else 1.0)))
    return pl.DataFrame(rows, schema=["store_id", "day", "sales"], orient="row")


def _sums(*names: str) -> Sums:
    now = {(name, PERIOD): steady(120) for name in names}
    then = {(name, "year_before"): steady(99) for name in names}
    these = scope(*(store(name) for name in names))
    base = type(these.bases[0]).side_by_side("year_before", NOW.year_before, NOW)
    object.__setattr__(these, "bases", (base,))
    found = sums(these, {**now, **then})
    return Sums(these, (PERIOD, "year_before"), found.frame)


def test_the_next_period_is_this_one_times_the_season_of_the_year_before() -> None:
    these, days = _sums("A", "B", "C"), _history("A", "B", "C")
    coming = outlook((BEFORE, NOW, NEXT), {}, days, {})
    assert coming.season(("A",)) == pytest.approx(2.0)
    told = {each.store: each for each in predictions(these, coming)}
    assert set(told) == {"all", "A", "B", "C"}
    sold = float(these.side(["A"], PERIOD).exact)
    assert told["A"].likely == pytest.approx(2 * sold, rel=1e-3)
    assert told["all"].likely == pytest.approx(3 * told["A"].likely, rel=1e-3)
    assert told["A"].low < told["A"].likely < told["A"].high
    assert (told["A"].first, told["A"].last) == (NEXT.first, NEXT.last)


def test_a_store_without_a_year_has_the_season_of_the_others() -> None:
    these, days = _sums("A", "B", "C"), _history("A", "B")
    coming = outlook((BEFORE, NOW, NEXT), {}, days, {})
    assert coming.season(("C",)) is None
    frame = these.frame.filter(~((pl.col("store_id") == "C") & (pl.col("span") == "year_before")))
    told = {each.store: each for each in predictions(Sums(these.scope, these.spans, frame), coming)}
    sold = float(these.side(["C"], PERIOD).exact)
    assert told["C"].likely == pytest.approx(2 * sold, rel=1e-3)


def test_growth_that_turned_makes_the_range_wider() -> None:
    days = _history("A", "B", "C")
    fell = pl.col("day").is_between(BEFORE.first, BEFORE.last)
    turned = days.with_columns(
        sales=pl.when(fell).then(pl.col("sales") * 1.5).otherwise(pl.col("sales"))
    )
    calm, wild = (
        outlook((BEFORE, NOW, NEXT), {}, each, {}).turn(("A", "B", "C")) for each in (days, turned)
    )
    assert calm == pytest.approx(0.0) and wild == pytest.approx(0.405, abs=1e-3)
    assert outlook((BEFORE, NOW, NEXT), {}, days, {}).turn(("A", "B")) is None
    width = []
    for each in (days, turned):
        told = predictions(_sums("A", "B", "C"), outlook((BEFORE, NOW, NEXT), {}, each, {}))
        first = next(iter(told))
        width.append(first.high / first.low)
    assert width[1] > 1.5 * width[0]


def test_nothing_is_foretold_where_nothing_is_known() -> None:
    days = _history("A", "B", "C").filter(pl.col("day") > date(2026, 1, 1))
    coming = outlook((BEFORE, NOW, NEXT), {}, days, {})
    assert coming.season(("A",)) is None
    assert [*predictions(_sums("A", "B", "C"), coming)] == []


def test_an_event_not_yet_declared_is_assumed_on_the_dates_of_the_year_before() -> None:
    inside = NEXT.first.replace(year=2025) + timedelta(3)
    events = {
        "autumn": {"2025": (inside, inside + timedelta(4))},
        "spring": {"2025": (date(2025, 3, 1), date(2025, 3, 5))},
        "leap": {"2024": (date(2024, 2, 29), date(2024, 3, 2)), "2025": (date(2025, 3, 1),) * 2},
    }
    found = with_assumed(events, NEXT)
    assert found["autumn"]["2026"] == (NEXT.first + timedelta(3), NEXT.first + timedelta(7))
    assert "2026" not in found["spring"] and found["leap"] == events["leap"]
    leap = with_assumed({"leap": {"2024": (date(2024, 2, 29),) * 2}},
                        Period(date(2025, 2, 1), date(2025, 3, 31)))  # fmt: skip
    assert leap["leap"]["2025"] == (date(2025, 2, 28), date(2025, 2, 28))
