"""The one way through: load → check → cube → compare → judge → figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import replace

import polars as pl

from channelscope import (
    alignment,
    comparison,
    cubes,
    decision,
    loading,
    notices,
    quarters,
    redaction,
    review_file,
    scoping,
    sqlfile,
)
from channelscope import review as reviewing
from channelscope.alignment import Events, Unaligned
from channelscope.candidate import Candidate
from channelscope.decision_figures import DECISION_FIGURES
from channelscope.decision_tables import DECISION_TABLES
from channelscope.domain import Base, Figure, Period, Redacted
from channelscope.errors import UsageError
from channelscope.history import History, history
from channelscope.preparation import Prepared, Progress, Request, prepare
from channelscope.results import TABLES, FigureData, Message, Results
from channelscope.review_figures import REVIEW_FIGURES
from channelscope.review_file import ReviewFile, Threshold
from channelscope.sqlfile import SqlFile
from channelscope.workspace import open_workspace


def compare(request: Request, *, progress: Progress = lambda _stage: None) -> Results:
    """Everything the comparison finds, ready to be written and rendered."""
    prepared = prepare(request, progress=progress)
    with closing(prepared):
        tables, switched_off = comparison.tables(prepared, progress)
        figures = comparison.figures(prepared, tables, switched_off)
        tables["provenance"] = comparison.provenance(figures, prepared.meta)
        notes = _notices(prepared)
        return Results(prepared.meta, prepared.scope, tables, figures, switched_off, notes)


def decide(
    request: Request,
    candidates: Sequence[Candidate],
    *,
    progress: Progress = lambda _stage: None,
) -> Results:
    """Whether each candidate should be opened, with everything that is assumed."""
    prepared = prepare(request, progress=progress)
    with closing(prepared):
        tables = _decided(prepared, candidates, progress)
        return _told(prepared, tables, DECISION_FIGURES)


def _decided(
    prepared: Prepared, candidates: Sequence[Candidate], progress: Progress
) -> dict[str, pl.DataFrame]:
    """The tables of the decision, registered for the queries that read them."""
    compared, _ = comparison.tables(prepared, progress)
    progress("decide")
    evidence = decision.read(prepared.answers, compared, prepared.frames, prepared.scope)
    config = prepared.loaded.config
    found = decision.decide(candidates, evidence, config.policy, seed=prepared.scope.seed)
    for name, frame in found.items():
        prepared.answers.register(name, frame)
    return found


def review(
    request: Request,
    *,
    period: str,
    progress: Progress = lambda _stage: None,
) -> tuple[Results, reviewing.Reviewed]:
    """What changed in a period named `2026Q3` or `FROM..TO`, what was decided, and what is next.

    `request.against`: other days than those that a review takes by itself.
    """
    with ExitStack() as stack:
        prepared, found = _reviewed(request, period, stack, progress)
        return _told(prepared, found.tables, REVIEW_FIGURES), found


def watch(
    request: Request,
    *,
    period: str | None = None,
    progress: Progress = lambda _stage: None,
) -> tuple[Results, reviewing.Reviewed]:
    """An event in progress on the last day of the data, projected to its end.

    `period`, with `request.against`: the days of an event that the workspace does not declare.
    """
    known = history(request.workspace, allow_dirs=request.allow_dirs)
    name, span, events = _event(known, period, request.against)
    asked = reviewing.watched(
        quarters.days(span), event=name, events=events, sales=known.sales, data_end=known.data.last
    )
    if isinstance(asked, Unaligned) or asked.bases[0].period.first < known.data.first:
        raise UsageError(
            f"the data and the events do not hold the days of {name} in the year before",
            where="--watch",
            expected="last year's days of the event in channelscope.toml, and data that hold them",
            advice="or name both with --period FROM..TO --against FROM..TO",
        )
    with ExitStack() as stack:
        prepared, evidence = _prepared_for(request, asked, known, stack, progress)
        progress("review")
        found = reviewing.watch(asked, evidence)
        for table, frame in found.tables.items():
            prepared.answers.register(table, frame)
        return _told(prepared, found.tables, REVIEW_FIGURES), found


def _event(
    known: History, period: str | None, against: Period | None
) -> tuple[str, Period, Events]:
    """The event that is watched: the one declared for the last day of the data, or the one asked
    for; with the events of the workspace."""
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
    if found is None:
        raise UsageError(
            f"no event is in progress on {known.data.last}, the last day of the data",
            where="--watch",
            expected="an event of channelscope.toml whose days hold it",
            advice="declare its days under [events], or name them with --period FROM..TO",
        )
    return (*found, known.config.events)


def _reviewed(
    request: Request, period: str, stack: ExitStack, progress: Progress
) -> tuple[Prepared, reviewing.Reviewed]:
    """The tables of the review, registered for the queries that read them."""
    files, limits = _remembered(request)
    known = history(request.workspace, allow_dirs=request.allow_dirs)
    starts = known.config.period.fiscal_year_starts
    named = quarters.named(period, fiscal_year_starts=starts)
    scoping.check_against(request.against, period=named.period, data=known.data)
    asked = reviewing.asked(
        named, against=request.against, events=known.config.events, sales=known.sales,
        data_end=known.data.last,
    ).within(known.data.first)  # fmt: skip
    then = _earlier(request, asked.bases[:1], progress)
    prepared, evidence = _prepared_for(request, asked, known, stack, progress)
    now, _ = comparison.tables(prepared, progress)
    progress("review")
    found = reviewing.review(asked, replace(
        evidence, now=now, before=then, files=files, thresholds=limits
    ))  # fmt: skip
    for name, frame in found.tables.items():
        prepared.answers.register(name, frame)
    return prepared, found


def _remembered(request: Request) -> tuple[tuple[ReviewFile, ...], tuple[Threshold, ...]]:
    """The earlier reviews and the thresholds of `decide`, without what is to be left out.

    Both name stores and speak in people's words, and thresholds rest on costs.
    """
    if Redacted.STORES in request.redact:
        return (), ()
    files = review_file.read_all(request.workspace)
    told = tuple(each.without(redaction.metrics(request.redact)) for each in files)
    limits = () if Redacted.COSTS in request.redact else reviewing.written(request.workspace)
    return told, limits


def _prepared_for(
    request: Request, asked: reviewing.Asked, known: History, stack: ExitStack, progress: Progress
) -> tuple[Prepared, reviewing.Evidence]:
    """The cubes of the period and its bases."""
    span = asked.period
    wanted = replace(request, first=span.first, last=span.last, against=None, bases=asked.bases)
    prepared = stack.enter_context(closing(prepare(wanted, progress=progress)))
    return prepared, reviewing.Evidence(
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


def _told(
    prepared: Prepared, tables: dict[str, pl.DataFrame], figures: Iterable[Figure]
) -> Results:
    """The results with those figures that have rows."""
    shown = tuple(_with_rows(prepared, figures))
    names = {data.figure.name for data in shown}
    tables["provenance"] = comparison.provenance(shown, prepared.meta)
    off = {figure.name: "off.no_rows" for figure in figures if figure.name not in names}
    return Results(prepared.meta, prepared.scope, tables, shown, off, _notices(prepared))


def _notices(prepared: Prepared) -> tuple[Message, ...]:
    found = notices.collect(prepared.loaded, prepared.scope, prepared.frames)
    return redaction.notices(found, prepared.scope.redacted)


def _with_rows(prepared: Prepared, figures: Iterable[Figure]) -> Iterable[FigureData]:
    for figure in figures:
        query = sqlfile.find(figure.query)
        frame = prepared.answers.run(query)
        if frame.height:
            yield FigureData(figure, frame, query.sql, {})


def answer(
    query: SqlFile,
    request: Request,
    *,
    params: Mapping[str, str],
    candidates: Sequence[Candidate] = (),
    period: str | None = None,
    progress: Progress = lambda _stage: None,
) -> pl.DataFrame:
    """The rows of one query, on the same data and with the same parameters as `compare`.

    `candidates`: for the queries that read what `decide` makes of them; `period`: for those of
    what `review` makes of it.
    """
    if query.folder in ("checks", "load"):
        return _on_raw_tables(query, request, params=params)
    if query.name in cubes.IN_ENGINE:
        raise UsageError(
            f"the rows of {query.name} stay in the engine",
            expected="a query that is made of them, such as scan/buyer_patterns",
            advice=f"read it with 'channelscope query {query.name} --sql'",
        )
    if set(query.inputs) & set(DECISION_TABLES) and not candidates:
        raise UsageError(
            f"{query.name} tells of a store that might be opened",
            where="--candidate",
            expected="the toml of a candidate",
            advice="write one with 'channelscope init --candidate FILE'",
        )
    if query.folder == "review":
        return _of_review(query, request, period, params=params, progress=progress)
    prepared = prepare(request, progress=progress)
    with closing(prepared):
        if query.folder == "scan":
            return prepared.frames[query.stem]
        if set(query.inputs) & set(DECISION_TABLES):
            _decided(prepared, candidates, progress)
        elif set(query.inputs) & set(TABLES):
            comparison.tables(prepared, progress)
        return prepared.answers.run(query, params)


def _of_review(
    query: SqlFile, request: Request, period: str | None, *, params: Mapping[str, str],
    progress: Progress,
) -> pl.DataFrame:  # fmt: skip
    if period is None:
        raise UsageError(
            f"{query.name} tells of a period that is reviewed",
            where="--period",
            expected="a quarter such as 2026Q3, or FROM..TO",
        )
    with ExitStack() as stack:
        prepared, _ = _reviewed(request, period, stack, progress)
        return prepared.answers.run(query, params)


def _on_raw_tables(query: SqlFile, request: Request, *, params: Mapping[str, str]) -> pl.DataFrame:
    """The rows of a data check, also where the data break the rule that it holds."""
    workspace = open_workspace(request.workspace, allow_dirs=request.allow_dirs)
    with closing(loading.read(workspace)) as loaded:
        usual = {"currency": loaded.config.workspace.currency}
        return loaded.session.run(query, {**usual, **params})
