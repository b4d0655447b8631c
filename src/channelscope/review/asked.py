"""What a review is asked for, and what its period is held against."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
    previous: Period
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
        return replace(self, bases=left, missing=lacking, aligned=days)

    def periods(self) -> pl.DataFrame:
        """Rows of `review_periods`."""
        rows: list[Row] = [{
            "base": "now", "first": self.period.first, "last": self.period.last,
            "days": self.period.days,
        }]  # fmt: skip
        if self.is_going_on:
            whole = {"first": self.whole.first, "last": self.whole.last, "days": self.whole.days}
            rows.append({"base": "whole", **whole})
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
    data_end: date,
) -> Asked:  # fmt: skip
    """The bases of a period: those days that were asked for, or the period before, the same one of
    the year before, and the days of the year before aligned on events.

    A period that the data do not hold to its end is looked at as far as they go.
    """
    whole = reviewed.period
    period = Period(whole.first, min(whole.last, max(data_end, whole.first)))
    this = Asked(
        reviewed.name, period, whole, reviewed.previous.period, reviewed.following.period,
        (), {}, (), is_going_on=period != whole,
    )  # fmt: skip
    if against is not None:
        return replace(this, bases=(_beside("against", against, period),))
    bases = [
        _beside("previous", reviewed.previous.period, period, whole),
        _beside("year_before", reviewed.year_before, period, whole),
    ]
    told = align(period, events, sales=sales)
    if isinstance(told, Unaligned):
        return replace(this, bases=tuple(bases), missing={ALIGNED: told})
    return replace(this, bases=(*bases, _aligned_base(told)), aligned=told)


def watched(
    reviewed: Reviewed, *, event: str, events: Events, sales: Mapping[date, float], data_end: date
) -> Asked | Unaligned:
    """An event in progress: its days so far, against those of the year before; `aligned` has the
    partners of all its days. Why there are none, where there are none."""
    told = align(reviewed.period, events, sales=sales)
    if isinstance(told, Unaligned):
        return told
    whole = reviewed.period
    period = Period(whole.first, min(whole.last, data_end))
    so_far = tuple(each for each in told if each.day <= period.last)
    return Asked(
        reviewed.name, period, whole, reviewed.previous.period, reviewed.following.period,
        (_aligned_base(so_far),), {}, told, is_going_on=True, event=event,
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
