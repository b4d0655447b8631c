"""The next period: what the season makes of this one, and the range it is foretold to lie in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from channelscope.alignment import Events, Unaligned, align
from channelscope.domain import Period
from channelscope.review.sums import Sums
from channelscope.review.variance import ALL, like_for_like
from channelscope.review_file import Prediction
from channelscope.stats.intervals import t_quantile
from channelscope.trading import PERIOD

LEVEL = 0.8
YEARS = ("aligned", "year_before")
FEWEST_WEEKS, FEWEST_STORES = 4, 3


@dataclass(frozen=True, slots=True)
class Spell:
    """Some days, and the days of the year before that they are held against."""

    period: Period
    partners: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Outlook:
    """What stores sold a year before on days like those of the next period, this one, and the last.

    `days`: the cube `store_days`. A spell is None where its days have no partners.
    """

    following: Period
    days: pl.DataFrame
    next_one: Spell | None
    this: Spell | None
    last_one: Spell | None

    def season(self, stores: tuple[str, ...], column: str = "sales") -> float | None:
        """The next period over this one, a year before, on the same kinds of days."""
        if self.this is None or self.next_one is None:
            return None
        now, then = (
            self._sum(stores, column, each.partners) for each in (self.this, self.next_one)
        )
        return then / now if now and then and now > 0 and then > 0 else None

    def turn(self, stores: tuple[str, ...]) -> float | None:
        """By how much growth on the year before changed from the last period to this one: the root
        of the mean square over stores, in logs; None where fewer than three are known."""
        if self.this is None or self.last_one is None:
            return None
        turns = []
        for store in stores:
            growth = [self._growth((store,), each) for each in (self.last_one, self.this)]
            if growth[0] is not None and growth[1] is not None:
                turns.append(growth[1] - growth[0])
        if len(turns) < FEWEST_STORES:
            return None
        return float(np.sqrt(np.mean(np.square(turns))))

    def _growth(self, stores: tuple[str, ...], spell: Spell) -> float | None:
        now = self._sum(stores, "sales", spell.period.every_day)
        then = self._sum(stores, "sales", spell.partners)
        return float(np.log(now / then)) if now and then and now > 0 and then > 0 else None

    def _sum(self, stores: tuple[str, ...], column: str, days: tuple[date, ...]) -> float | None:
        """Their sum over these days, each as often as it is named; None: not all are known."""
        mine = self.days.filter(pl.col("store_id").is_in(list(stores)))
        told = dict(mine.group_by("day").agg(pl.col(column).cast(pl.Float64).sum()).iter_rows())
        if not told or min(days) < min(told) or max(days) > max(told):
            return None
        return float(sum(told.get(day, 0.0) for day in days))


def outlook(
    periods: tuple[Period, Period, Period], events: Events, days: pl.DataFrame,
    sales: Mapping[date, float],
) -> Outlook:  # fmt: skip
    """The outlook on the last of three periods: the one before, this one, and the one to come."""
    before, period, following = periods
    known = with_assumed(events, following)
    spells: list[Spell | None] = []
    for each in (following, period, before):
        told = align(each, known, sales=sales)
        if isinstance(told, Unaligned):
            spells.append(None)
        else:
            spells.append(Spell(each, tuple(day.partner for day in told)))
    return Outlook(following, days, *spells)


def with_assumed(events: Events, following: Period) -> Events:
    """The events, with those whose days of the coming year nobody has declared yet on the dates of
    the year before."""
    found: dict[str, dict[str, tuple[date, date]]] = {}
    for name, years in events.items():
        told = dict(years)
        for year, window in years.items():
            later = tuple(_year_on(day) for day in window)
            coming = str(int(year) + 1)
            if coming not in years and later[0] <= following.last and later[1] >= following.first:
                told[coming] = (later[0], later[1])
        found[name] = told
    return found


def _year_on(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return day.replace(year=day.year + 1, day=28)


def predictions(sums: Sums, coming: Outlook) -> Iterator[Prediction]:
    """Sales of the next period, of all stores and each: now, times the season of a year before.

    The range is as wide as growth turned from the last period to this one, over stores, and at
    least that of the mean of so many weeks foretold from as many: twice the variance that the weeks
    of now show against those of the year before.
    """
    base = next((each for each in sums.scope.bases if each.name in YEARS), None)
    if base is None:
        return
    alike = like_for_like(sums, base)
    usual, turn = coming.season(alike), coming.turn(alike) or 0.0
    every = tuple(store.store_id for store in sums.scope.every_store)
    for name in (ALL, *every):
        stores = tuple(s for s in every if sums.has(s, PERIOD)) if name == ALL else (name,)
        own = name != ALL and name in alike
        season = coming.season(stores) if own else usual
        now = sums.side(stores, PERIOD)
        error = _week_error(sums, stores if own else alike, base.name)
        if season is None or error is None or now.exact <= 0:
            continue
        weeks = int(sums.blocks.max()) + 1
        if not own and name != ALL:
            error = max(error, _week_error(sums, stores, PERIOD) or error)
        likely = float(now.exact) * season
        spread = max(np.sqrt(2.0) * error, turn)
        wide = np.exp(float(t_quantile(weeks - 1, level=LEVEL)) * spread)
        yield Prediction(
            store=name, metric="sales", first=coming.following.first, last=coming.following.last,
            low=_cents(likely / wide), likely=_cents(likely), high=_cents(likely * wide),
            level=LEVEL,
        )  # fmt: skip


def _week_error(sums: Sums, stores: tuple[str, ...], base: str) -> float | None:
    """Standard error of the log of sales over those of the base, from the spread of weeks."""
    weeks = int(sums.blocks.max()) + 1
    if weeks < FEWEST_WEEKS or not stores:
        return None
    now = np.bincount(sums.blocks, sums.side(stores, PERIOD).amounts["sales"], weeks)
    then = np.bincount(sums.blocks, sums.side(stores, base).amounts["sales"], weeks)
    used = (now > 0) & (then > 0)
    if used.sum() < FEWEST_WEEKS:
        return None
    ratio = np.log(now[used]) if base == PERIOD else np.log(now[used] / then[used])
    return float(ratio.std(ddof=1) / np.sqrt(used.sum()))


def _cents(value: float) -> float:
    return round(float(value), 2)
