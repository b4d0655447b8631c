"""The one way through: load → check → cube → compare → judge → figures."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing

import polars as pl

from channelscope import (
    checking,
    comparison,
    contract,
    cubes,
    decision,
    loading,
    quality,
    reviewing,
)
from channelscope.candidate import Candidate
from channelscope.decision_figures import DECISION_FIGURES
from channelscope.decision_tables import DECISION_TABLES
from channelscope.errors import ChannelscopeError, UsageError
from channelscope.preparation import Prepared, Request, prepare
from channelscope.progress import Progress, silence
from channelscope.results import TABLES, Results
from channelscope.sqlfile import SqlFile


def compare(request: Request, *, progress: Progress = silence) -> Results:
    """Everything the comparison finds, ready to be written and rendered."""
    prepared = prepare(request, progress=progress)
    with closing(prepared):
        tables, switched_off = comparison.tables(prepared, progress)
        figures = comparison.figures(prepared, tables, switched_off)
        tables["provenance"] = comparison.provenance(figures, prepared.meta)
        notes = comparison.notices_of(prepared)
        return Results(prepared.meta, prepared.scope, tables, figures, switched_off, notes)


def decide(
    request: Request,
    candidates: Sequence[Candidate],
    *,
    progress: Progress = silence,
) -> Results:
    """Whether each candidate should be opened, with everything that is assumed."""
    prepared = prepare(request, progress=progress)
    with closing(prepared):
        tables = _decided(prepared, candidates, progress)
        return comparison.told(prepared, tables, DECISION_FIGURES)


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


def answer(
    query: SqlFile,
    request: Request,
    *,
    params: Mapping[str, str],
    candidates: Sequence[Candidate] = (),
    period: str | None = None,
    progress: Progress = silence,
) -> pl.DataFrame:
    """The rows of one query, on the same data and with the same parameters as `compare`.

    `candidates`: for the queries that read what `decide` makes of them; `period`: for those of
    what `review` makes of it.
    """
    is_of_loading = query.folder in ("load", "import") and (
        not set(query.inputs) <= contract.BY_NAME.keys()
    )
    if is_of_loading or query.name in cubes.IN_ENGINE:
        raise UsageError(
            f"the rows of {query.name} stay in the engine",
            expected="a query that is made of them, such as scan/buyer_patterns",
            advice=f"read it with 'channelscope query {query.name} --sql'",
        )
    if query.folder in ("checks", "load"):
        return _on_raw_tables(query, request, params=params, progress=progress)
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
        if query.folder != "scan" or {"first", "last"} & set(query.params):
            days = prepared.scope.period
            request.tell(
                f"{query.name} is of {days.first} to {days.last}: --from and --to change it"
            )
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
        prepared, _ = reviewing.reviewed(request, period, stack, progress)
        return prepared.answers.run(query, params)


def _is_of(failure: ChannelscopeError, tables: Sequence[str]) -> bool:
    """Whether a table that is asked for could not be read: of it nothing can be said."""
    where = re.match(r"(tables\.)?(?P<table>\w+)", failure.where or "")
    return where is not None and where["table"] in tables


def _on_raw_tables(
    query: SqlFile, request: Request, *, params: Mapping[str, str], progress: Progress
) -> pl.DataFrame:
    """The rows of a data check, also where the data break the rule that it holds, or of a query of
    the loading."""
    progress("load")
    with checking.reading(request, progress=progress) as (loaded, scans), loaded.files.unchanged():
        loading.raise_failures(
            [failure for failure in loaded.failures if _is_of(failure, query.inputs)]
        )
        given = {"currency": loaded.config.workspace.currency, **params}
        if missing := [name for name in query.params if name not in given]:
            raise UsageError(
                f"{query.name} needs the parameter {missing[0]}",
                where="--param",
                expected=f"a value for each of {', '.join(query.params)}",
                advice=f"read it with 'channelscope query {query.name} --sql'",
            )
        if query.folder == "checks":
            quality.supply(query, loaded, scans)
        here = not scans.holds & set(query.inputs)
        return (loaded.session if here else scans).run(query, given)
