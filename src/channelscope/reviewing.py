"""The way of `review` and `review --watch`, from a workspace to the tables and what is kept."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

import polars as pl

from channelscope import alignment, comparison, quarters, review_file, scoping
from channelscope import review as parts
from channelscope.alignment import Events, Unaligned
from channelscope.domain import Base, Period
from channelscope.errors import UsageError
from channelscope.history import History, history
from channelscope.preparation import Prepared, Request, opened, prepare
from channelscope.progress import Progress, silence
from channelscope.results import Results
from channelscope.review import Asked, Evidence, Reviewed, asked, watched, written
from channelscope.review_figures import REVIEW_FIGURES
from channelscope.review_file import ReviewFile, Threshold

LENGTHS = 0.04
"""By so much two periods may be of other lengths, as quarters are."""


def review(
    request: Request,
    *,
    period: str,
    progress: Progress = silence,
) -> tuple[Results, Reviewed]:
    """What changed in a period named `2026Q3` or `FROM..TO`, what was decided, and what is next.

    `request.against`: other days than those that a review takes by itself.
    """
    with ExitStack() as stack:
        prepared, found = reviewed(request, period, stack, progress)
        return comparison.told(prepared, found.tables, REVIEW_FIGURES), found


def watch(
    request: Request,
    *,
    period: str | None = None,
    progress: Progress = silence,
) -> tuple[Results, Reviewed] | None:
    """An event in progress on the last day of the data, projected to its end; None without one.

    `period`, with `request.against`: the days of an event that the workspace does not declare.
    """
    known = history_of(request)
    event = _event(known, period, request.against)
    if event is None:
        return None
    name, span, events = event
    this = watched(
        quarters.days(span), event=name, events=events, sales=known.sales, data_end=known.data.last
    )
    if isinstance(this, Unaligned) or this.bases[0].period.first < known.data.first:
        raise UsageError(
            f"the data and the events do not hold the days of {name} in the year before",
            where="--watch",
            expected="last year's days of the event in channelscope.toml, and data that hold them",
            advice="or name both with --period FROM..TO --against FROM..TO",
        )
    with ExitStack() as stack:
        prepared, evidence = _prepared_for(request, this, known, stack, progress)
        progress("review")
        found = parts.watch(this, evidence)
        for table, frame in found.tables.items():
            prepared.answers.register(table, frame)
        return comparison.told(prepared, found.tables, REVIEW_FIGURES), found


def _event(
    known: History, period: str | None, against: Period | None
) -> tuple[str, Period, Events] | None:
    """The event that is watched: the one declared for the last day of the data, or the one asked
    for; with the events of the workspace. None where there is none that day."""
    if period is not None:
        span = quarters.span(period, where="--period")
        if not span.first <= known.data.last:
            raise UsageError(
                f"nothing of {period} is in the data, which end on {known.data.last}",
                where="--period",
            )
        if against is None:
            return period, span, known.config.events
        years = {str(span.first.year): span, str(span.first.year - 1): against}
        own = {year: (each.first, each.last) for year, each in years.items()}
        return period, span, {period: own, **known.config.events}
    found = alignment.running(known.data.last, known.config.events)
    return None if found is None else (*found, known.config.events)


def reviewed(
    request: Request, period: str, stack: ExitStack, progress: Progress
) -> tuple[Prepared, Reviewed]:
    """The tables of the review, registered for the queries that read them."""
    files, limits = _remembered(request)
    known = history_of(request)
    starts = known.config.period.fiscal_year_starts
    named = quarters.named(period, fiscal_year_starts=starts)
    _check_period(named.period, request.against, known.data)
    this = asked(
        named, against=request.against, events=known.config.events, sales=known.sales,
        data_end=known.data.last,
    ).within(known.data.first)  # fmt: skip
    then = _earlier(request, this.bases[:1], progress)
    prepared, evidence = _prepared_for(request, this, known, stack, progress)
    now, _ = comparison.tables(prepared, progress)
    progress("review")
    found = parts.review(this, replace(
        evidence, now=now, before=then, files=files, thresholds=limits
    ))  # fmt: skip
    for name, frame in found.tables.items():
        prepared.answers.register(name, frame)
    return prepared, found


def _check_period(period: Period, against: Period | None, data: Period) -> None:
    if period.last < data.first or period.first > data.last:
        raise UsageError(
            f"no data between {period.first} and {period.last}",
            where="--period",
            expected=f"days from {data.first} to {data.last}",
        )
    scoping.check_against(against, period=period, data=data)
    if against is not None and abs(against.days - period.days) > LENGTHS * period.days:
        raise UsageError(
            f"{against.first}..{against.last} has {against.days} days, the period {period.days}",
            where="--against",
            expected="as many days, so that sums can be held against one another",
        )


def _remembered(request: Request) -> tuple[tuple[ReviewFile, ...], tuple[Threshold, ...]]:
    """The earlier reviews and the thresholds of `decide`; none of them in a redacted copy.

    They hold figures, name stores, and speak in people's own words.
    """
    if request.redact:
        return (), ()
    return review_file.read_all(request.workspace), written(request.workspace)


def history_of(request: Request) -> History:
    """The history of the workspace that is asked about, wherever its raw tables lie."""
    with ExitStack() as stack:
        loaded, scans, cache = opened(request)
        for part in (cache, loaded, scans):
            stack.callback(part.close)
        return history(loaded, scans)


def _prepared_for(
    request: Request, asked: Asked, known: History, stack: ExitStack, progress: Progress
) -> tuple[Prepared, Evidence]:
    """The cubes of the period and its bases."""
    span = asked.period
    wanted = replace(request, first=span.first, last=span.last, against=None, bases=asked.bases)
    prepared = stack.enter_context(closing(prepare(wanted, progress=progress)))
    return prepared, Evidence(
        session=prepared.answers, scope=prepared.scope, config=prepared.loaded.config,
        frames=prepared.frames, now={}, before={},
        before_name=asked.bases[0].name if asked.bases else "", files=(), thresholds=(),
        sales=known.sales,
    )  # fmt: skip


def _earlier(
    request: Request, bases: Sequence[Base], progress: Progress
) -> dict[str, pl.DataFrame]:
    """The result tables of the first base; none where it has no data."""
    if not bases:
        return {}
    span = bases[0].period
    wanted = replace(request, first=span.first, last=span.last, against=None)
    try:
        prepared = prepare(wanted, progress=progress)
    except UsageError:
        return {}
    with closing(prepared):
        return comparison.tables(prepared, progress)[0]
