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
from channelscope.review.variance import ALL, LIKE_FOR_LIKE, like_for_like
from channelscope.review_file import Prediction
from channelscope.stats.intervals import t_quantile
from channelscope.trading import PERIOD

LEVEL = 0.8
FEWEST_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a store sold a year before on the days like those of the next period and of this one.

    `days`: the cube `store_days`; `partners`: the days a year before, of now and of next.
    """

    following: Period
    days: pl.DataFrame
    partners: tuple[tuple[date, ...], tuple[date, ...]] | None

    def season(self, stores: tuple[str, ...], column: str = "sales") -> float | None:
        """The next period over this one, a year before, on the same kinds of days."""
        if self.partners is None:
            return None
        now, then = (self._sum(stores, column, days) for days in self.partners)
        return then / now if now and then and now > 0 and then > 0 else None

    def _sum(
        self, stores: tuple[str, ...], column: str, partners: tuple[date, ...]
    ) -> float | None:
        """What the stores sold on these days, each as often as it is named; None: not all known."""
        mine = self.days.filter(pl.col("store_id").is_in(list(stores)))
        told = dict(mine.group_by("day").agg(pl.col(column).cast(pl.Float64).sum()).iter_rows())
        if not told or min(partners) < min(told) or max(partners) > max(told):
            return None
        return float(sum(told.get(day, 0.0) for day in partners))


def outlook(
    period: Period, following: Period, events: Events, days: pl.DataFrame,
    sales: Mapping[date, float],
) -> Outlook:  # fmt: skip
    """The outlook on the period that follows."""
    known = with_assumed(events, following)
    told = [align(each, known, sales=sales) for each in (period, following)]
    partners = tuple(
        tuple(each.partner for each in days_of)
        for days_of in told
        if not isinstance(days_of, Unaligned)
    )
    return Outlook(following, days, (partners[0], partners[1]) if len(partners) == 2 else None)


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

    The range is that of the mean of so many weeks foretold from as many: twice the variance that
    the weeks of now show against those of the year before.
    """
    base = next(
        (each for each in sums.scope.bases if each.name in ("aligned", "year_before")), None
    )
    if base is None:
        return
    alike = like_for_like(sums, base)
    usual = coming.season(alike)
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
            alone = _week_error(sums, stores, PERIOD)
            error = max(error, alone if alone is not None else error)
        likely = float(now.exact) * season
        wide = np.exp(float(t_quantile(weeks - 1, level=LEVEL)) * np.sqrt(2.0) * error)
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


__all__ = ["LIKE_FOR_LIKE", "Outlook", "outlook", "predictions", "with_assumed"]
