"""The first half of the way: load → check → cube, and what every query then reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

import polars as pl

from channelscope import (
    __version__,
    circles,
    clusters,
    contract,
    cubes,
    imported,
    loading,
    member_frames,
    neutral_names,
    quality,
    redaction,
    scope_tables,
    scoping,
    segment_sets,
    trading,
)
from channelscope.answers import Answers
from channelscope.cache import Cache
from channelscope.domain import Base, Basis, GroupBy, Period, Redacted, Scope, Store
from channelscope.engine.duckdb import Session, to_frame
from channelscope.engine.protocol import Engine
from channelscope.limits import Limits
from channelscope.loading import Loaded
from channelscope.neutral_names import NeutralNames
from channelscope.progress import Progress, silence, unheard
from channelscope.results import Meta
from channelscope.scans import LINES, SHELF, Scans, reads_files
from channelscope.workspace import open_workspace, require_tables

SEED = 20260930


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks of one comparison. `tell`: hears what they must know of its running."""

    workspace: Path
    first: date | None = None
    last: date | None = None
    stores: tuple[str, ...] = ()
    reference: str | None = None
    by: GroupBy | None = None
    against: Period | None = None
    bases: tuple[Base, ...] = ()
    allow_dirs: tuple[Path, ...] = ()
    memory_limit: str | None = None
    threads: int | None = None
    temp_dir: Path | None = None
    no_cache: bool = False
    engine: str | None = None
    remote: str | None = None
    tables: str | None = None
    seed: int = SEED
    redact: tuple[Redacted, ...] = ()
    tell: Callable[[str], None] = unheard

    @property
    def limits(self) -> Limits:
        """What the run may take of the machine, before what the toml says."""
        return Limits(self.memory_limit, self.threads, self.temp_dir)


@dataclass(frozen=True, slots=True)
class Prepared:
    """Loaded, checked and cubed: all that is needed to answer queries."""

    engine: Engine
    loaded: Loaded
    checked: quality.Quality
    scope: Scope
    answers: Answers
    frames: Mapping[str, pl.DataFrame]
    meta: Meta
    cache: Cache

    def close(self) -> None:
        """Give both sessions and the cache back."""
        self.answers.close()
        self.engine.close()
        self.loaded.close()
        self.cache.close()


def kept(
    request: Request, *, without: str = "nothing is cached", temp_dir: Path | None = None
) -> Cache:
    """What runs on the workspace keep, unless the user wants nothing of it.

    `without`: what it means that there is none, for people.
    """
    if request.no_cache:
        return Cache.off(temp_dir=temp_dir)
    return Cache.at(request.workspace, without=without, tell=request.tell, temp_dir=temp_dir)


def prepare(request: Request, *, progress: Progress = silence) -> Prepared:
    """Load the workspace, check it, scan it once, and register what queries read."""
    progress("load")
    loaded, scans, cache = opened(request, progress=progress)
    with ExitStack() as failed:
        for owner in (cache, loaded, scans):
            failed.callback(owner.close)
        with loaded.files.unchanged():
            checked = quality.check(loaded, scans=scans)
            quality.raise_if_fatal(checked, loaded.failures)
            if Redacted.COSTS in request.redact:
                checked = checked.without(table=redaction.COSTS_TABLE, column=redaction.UNIT_COST)
            scans.begin("cube", scans=cubes.scans_of_lines())
            prepared = _cubed(request, loaded, checked, scans, cache)
        failed.pop_all()
        return prepared


def opened(request: Request, *, progress: Progress = silence) -> tuple[Loaded, Engine, Cache]:
    """The tables as far as they can be read, and the engine over the raw ones; all to be closed."""
    workspace = open_workspace(request.workspace, allow_dirs=request.allow_dirs, to_be_filled=True)
    temp_dir = request.limits.over(workspace.limits).temp_dir
    cluster = clusters.asked(
        workspace, engine=request.engine, remote=request.remote, tables=request.tables
    )
    if cluster is not None:
        loaded, engine = clusters.opened(
            workspace, cluster, limits=request.limits, progress=progress
        )
        return loaded, engine, Cache.off(temp_dir=temp_dir)
    require_tables(workspace)
    is_kept = reads_files(workspace)
    cache = kept(request, temp_dir=temp_dir) if is_kept else Cache.off(temp_dir=temp_dir)
    try:
        loaded = loading.read(workspace, limits=request.limits, cache=cache, progress=progress)
    except BaseException:
        cache.close()
        raise
    try:
        with loaded.files.unchanged():
            scans = Scans(loaded, _small(loaded.session), cache, progress=progress)
        return loaded, scans, cache
    except BaseException:
        loaded.close()
        cache.close()
        raise


def _cubed(
    request: Request,
    loaded: Loaded,
    checked: quality.Quality,
    scans: Engine,
    cache: Cache,
) -> Prepared:
    spans = cubes.spans(scans)
    small = redaction.inputs(scans.small, request.redact)
    scope = _scope(request, loaded, spans, small["stores"])
    lines = dict(spans["line_counts"].select("store_id", "rows_in").iter_rows())
    drawn = trading.calendars(scope)
    drawn["store_bits"] = circles.store_bits(small["stores"], scope.stores, lines)
    built = cubes.build(
        scans, period=scope.period, basis=scope.basis, data_end=scope.data_end,
        drawn=drawn, switching_days=scope.switching_days,
    )  # fmt: skip
    small["base_days"] = trading.base_days(scope)
    small["segment_sets"] = segment_sets.table(loaded.config.segments)
    small |= imported.frames(loaded.path)
    named = {**small, **spans, **built, **drawn}
    names = neutral_names.draw(named) if Redacted.STORES in request.redact else NeutralNames()
    if names.stores:
        named = names.frames(named)
        scope = _scope(*_asked(request, loaded, scope, names), named, named["stores"])
    frames = member_frames.per_scope(named, scans, scope, names)
    scoping.check_sold(frames, scope)
    loaded.files.require_unchanged()  # of the rows nothing is read any more
    answers = Answers(scope_tables.params(scope), limits=loaded.session.limits)
    for name, frame in {**frames, **scope_tables.descriptions(scope)}.items():
        (answers.hold if name in member_frames.SINGLE else answers.register)(name, frame)
    meta = _meta(request, loaded, scope, scope.members, frames=named, engine=scans.name)
    return Prepared(scans, loaded, checked, scope, answers, frames, meta, cache)


def _asked(
    request: Request, loaded: Loaded, scope: Scope, names: NeutralNames
) -> tuple[Request, Loaded]:
    """What was asked for by real names, which `scope` has found, under neutral ones."""
    reference = next(s for s in scope.stores if s.store_id == scope.reference_id).members[0]
    section = loaded.config.workspace.model_copy(update={"reference": None})
    config = loaded.config.model_copy(update={"workspace": section})
    stores = tuple(names.stores[store] for store in request.stores)
    asked = replace(request, stores=stores, reference=names.stores[reference])
    return asked, replace(loaded, config=config)


def _small(session: Session) -> dict[str, pl.DataFrame]:
    names = (table.name for table in contract.TABLES if table.name not in (LINES, SHELF))
    return {name: to_frame(session.connection.table(name)) for name in names}


def _scope(
    request: Request,
    loaded: Loaded,
    spans: Mapping[str, pl.DataFrame],
    stores: pl.DataFrame,
) -> Scope:
    config, span = loaded.config, scoping.data_span(spans)
    everything = scoping.read_stores(stores)
    scoping.check_weights(config.weights)
    scoping.check_configured(everything, config.workspace.reference)
    dated = trading.dated(everything, spans["line_counts"], span)
    members = scoping.pick(dated, request.stores)
    paid = dict(spans["line_counts"].select("store_id", "paid_amount").iter_rows())
    compared = scoping.group(members, request.by) if request.by else members
    reference = scoping.choose_reference(
        members, paid, asked=scoping.member_of(compared, request.reference),
        default=config.workspace.reference,
    )  # fmt: skip
    reference_id = scoping.owner_of(compared, reference)
    scoping.check_several(compared, by=request.by, asked=request.stores)
    compared = tuple(sorted(compared, key=lambda store: store.store_id != reference_id))
    period = scoping.choose_period(span, first=request.first, last=request.last)
    return Scope(
        stores=compared,
        reference_id=reference_id,
        period=period,
        data_end=span.last,
        basis=Basis(config.workspace.basis),
        currency=config.workspace.currency,
        present=redaction.present(loaded.present, request.redact),
        delta=scoping.smallest_differences(config.delta),
        seed=request.seed,
        weights=config.weights,
        data_first=span.first,
        against=scoping.check_against(request.against, period=period, data=span),
        members=members,
        switching_days=config.buyers.switching_days,
        bases=request.bases,
        workspace_stores=dated,
        redacted=request.redact,
    )


def _meta(
    request: Request, loaded: Loaded, scope: Scope, members: tuple[Store, ...],
    *, frames: Mapping[str, pl.DataFrame], engine: str,
) -> Meta:  # fmt: skip
    mine = pl.col("store_id").is_in([store.store_id for store in members])
    inside = mine & pl.col("day").is_between(scope.period.first, scope.period.last)
    days, marked = frames["store_days"], frames["excluded_days"]
    rows_in = int(frames["line_counts"]["rows_in"].sum())
    excluded = int(marked.filter(inside)["lines"].sum())
    analysed = int(days.filter(inside)["lines"].sum())
    other = sum(int(frame.filter(~mine)["lines"].sum()) for frame in (days, marked))
    return Meta(
        version=__version__,
        generated_at=build_time().isoformat(timespec="seconds"),
        workspace=loaded.config.workspace.name or loaded.path.name,
        period=scope.period,
        basis=str(scope.basis),
        reference_id=scope.reference_id,
        currency=scope.currency,
        engine=engine,
        inputs=redaction.hashes(loaded.hashes, request.redact),
        rows_in=rows_in,
        rows_analysed=analysed,
        rows_excluded={
            "is_excluded": excluded,
            "other_stores": other,
            "outside_period": rows_in - excluded - other - analysed,
        },
        seed=scope.seed,
        group_by=str(request.by) if request.by else None,
        redacted=request.redact,
    )


def build_time() -> datetime:
    """Now, or what SOURCE_DATE_EPOCH says: the build time is an input of the report."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
