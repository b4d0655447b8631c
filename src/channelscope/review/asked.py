"""What a review is asked for, and what its period is held against."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from channelscope.alignment import Aligned, Events, Unaligned, align
from channelscope.domain import Base, Period
from channelscope.quarters import Reviewed
from channelscope.review_tables import REVIEW_TABLES

ALIGNED = "aligned"
GRACE = timedelta(days=6)
"""A slow seller need not sell on the very first day of the data."""
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """The period with its bases, and those there are not, with the reason.

    `period`: the days that the data hold, where it is still going on; `whole`: all of it.
    `event`: the one that is watched.
    """

    name: str
    period: Period
    whole: Period
    following: Period
    bases: tuple[Base, ...]
    missing: Mapping[str, Unaligned]
    aligned: tuple[Aligned, ...]
    is_going_on: bool = False
    event: str | None = None

    def within(self, data_first: date) -> Asked:
        """Without the bases that begin before the data do."""
        early = [base for base in self.bases if base.period.first < data_first - GRACE]
        reason = Unaligned("reason.no_year_before_period")
        left = tuple(base for base in self.bases if base not in early)
        lacking = {**self.missing, **{base.name: reason for base in early}}
        days = self.aligned if any(base.name == ALIGNED for base in left) else ()
        return Asked(
            self.name, self.period, self.whole, self.following, left, lacking, days,
            self.is_going_on, self.event,
        )  # fmt: skip

    def periods(self) -> pl.DataFrame:
        """Rows of `review_periods`."""
        rows: list[Row] = [{
            "base": "period", "first": self.period.first, "last": self.period.last,
            "days": self.period.days,
        }]  # fmt: skip
        rows += [
            {"base": base.name, "first": base.period.first, "last": base.period.last,
             "days": len(base.pairs)}
            for base in self.bases
        ]  # fmt: skip
        rows += [{"base": name, "outcome_reason": why.reason} for name, why in self.missing.items()]
        return pl.DataFrame(rows, schema=REVIEW_TABLES["review_periods"])

    def partners(self) -> pl.DataFrame:
        """Rows of `aligned_days`."""
        rows = [(each.day, each.partner, each.event) for each in self.aligned]
        return pl.DataFrame(rows, schema=REVIEW_TABLES["aligned_days"], orient="row")


def asked(
    reviewed: Reviewed, *, against: Period | None, events: Events, sales: Mapping[date, float],
    data_end: date | None, event: str | None = None,
) -> Asked:  # fmt: skip
    """The bases of a period: those days that were asked for, or the period before, the same one of
    the year before, and the days of the year before aligned on events.

    A period that the data do not hold to its end is looked at as far as they go.
    """
    whole = reviewed.period
    last = whole.last if data_end is None else min(whole.last, max(data_end, whole.first))
    period = Period(whole.first, last)
    told = align(period, events, sales=sales)
    partners: tuple[Aligned, ...] = () if isinstance(told, Unaligned) else told
    missing = {ALIGNED: told} if isinstance(told, Unaligned) else {}
    if against is not None:
        bases = [_beside("against", against, period)] if event is None else []
    else:
        spans = {"previous": reviewed.previous.period, "year_before": reviewed.year_before}
        bases = [_beside(name, span, period, whole) for name, span in spans.items()]
    if against is not None and event is None:
        missing, partners = {}, ()
    elif partners:
        bases.append(_aligned_base(partners))
    return Asked(
        reviewed.name, period, whole, reviewed.following.period, tuple(bases), missing, partners,
        is_going_on=last < whole.last, event=event,
    )  # fmt: skip


def _beside(name: str, span: Period, period: Period, whole: Period | None = None) -> Base:
    """Of a period that is going on, as many days of the base as of it."""
    if whole is not None and period != whole:
        span = Period(span.first, min(span.last, span.first + timedelta(days=period.days - 1)))
    return Base.side_by_side(name, span, period)


def _aligned_base(partners: tuple[Aligned, ...]) -> Base:
    days = [each.partner for each in partners]
    pairs = tuple((each.partner, each.day) for each in partners)
    return Base(ALIGNED, Period(min(days), max(days)), pairs)


def every_sale(days: pl.DataFrame) -> Iterator[tuple[date, float]]:
    """What all stores sold by day. `days`: the cube `store_days`."""
    told = days.group_by("day").agg(pl.col("sales").cast(pl.Float64).sum())
    yield from told.iter_rows()
