"""The first half of the way: load → check → cube, and what every query then reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from channelscope import (
    __version__,
    circles,
    contract,
    cubes,
    loading,
    quality,
    registry,
    scoping,
    segment_sets,
    sqlfile,
    trading,
)
from channelscope.answers import Answers
from channelscope.domain import Base, Basis, GroupBy, Period, Scope, Store
from channelscope.engine.duckdb import Session, to_frame
from channelscope.errors import ConfigError
from channelscope.results import Meta
from channelscope.workspace import open_workspace

Progress = Callable[[str], None]
RAW = ("order_lines", "price_snapshots")
PER_MEMBER = {
    f"member_{name}": name
    for name in (
        "sku_weeks", "shelf_weeks", "sku_discounts", "promotions", "region_groups", "store_days",
    )
}  # fmt: skip
"""Frames kept store by store beside those joined into groups: of prices, regions, openings."""
PER_STORE = ("cost_amounts",)
"""Queries over single stores, joined into groups afterwards."""
SINGLE = ("goods_by_cell", "visits_by_cell")
"""Queries over single stores also where groups are compared: stores that came or went stay told."""
SEED = 20260930
_MEMBERS = {"store_id": pl.String, "compared_id": pl.String}


@dataclass(frozen=True, slots=True)
class Request:
    """What the user asks of one comparison."""

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
    seed: int = SEED


@dataclass(frozen=True, slots=True)
class Prepared:
    """Loaded, checked and cubed: all that is needed to answer queries."""

    loaded: loading.Loaded
    checked: quality.Quality
    scope: Scope
    answers: Answers
    frames: Mapping[str, pl.DataFrame]
    meta: Meta

    def close(self) -> None:
        """Give both sessions back."""
        self.answers.close()
        self.loaded.close()


def prepare(request: Request, *, progress: Progress = lambda _stage: None) -> Prepared:
    """Load the workspace, check it, scan it once, and register what queries read."""
    progress("load")
    workspace = open_workspace(request.workspace, allow_dirs=request.allow_dirs)
    if (engine := workspace.config.engine.name) != "duckdb":
        where = "channelscope.toml: engine.name"
        raise ConfigError(f"the engine '{engine}' is not offered yet", where, expected="duckdb")
    loaded = loading.read(workspace, memory_limit=request.memory_limit, threads=request.threads)
    try:
        progress("check")
        checked = quality.check(loaded)
        quality.raise_if_fatal(checked, loaded.failures)
        progress("cube")
        return _cubed(request, loaded, checked)
    except BaseException:
        loaded.close()
        raise


def _cubed(request: Request, loaded: loading.Loaded, checked: quality.Quality) -> Prepared:
    spans = cubes.spans(loaded.session)
    small = _small_tables(loaded.session)
    scope = _scope(request, loaded, spans, small["stores"])
    lines = dict(spans["line_counts"].select("store_id", "rows_in").iter_rows())
    drawn = trading.calendars(scope)
    drawn["store_bits"] = circles.store_bits(small["stores"], scope.stores, lines)
    built = cubes.build(
        loaded.session, period=scope.period, basis=scope.basis, data_end=scope.data_end,
        drawn=drawn, switching_days=scope.switching_days,
    )  # fmt: skip
    small["segment_sets"] = segment_sets.table(loaded.config.segments)
    small["base_days"] = trading.base_days(scope)
    frames = _per_scope({**small, **spans, **built, **drawn}, loaded.session, scope, scope.members)
    scoping.check_sold(frames, scope)
    answers = Answers(_params(scope), threads=request.threads)
    for name, frame in {**frames, **_descriptions(scope)}.items():
        (answers.hold if name in SINGLE else answers.register)(name, frame)
    meta = _meta(request, loaded, scope, scope.members, frames={**spans, **built})
    return Prepared(loaded, checked, scope, answers, frames, meta)


def _small_tables(session: Session) -> dict[str, pl.DataFrame]:
    names = (table.name for table in contract.TABLES if table.name not in RAW)
    return {name: to_frame(session.connection.table(name)) for name in names}


def _scope(
    request: Request,
    loaded: loading.Loaded,
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
        present=loaded.present,
        delta=scoping.smallest_differences(config.delta),
        seed=request.seed,
        weights=config.weights,
        data_first=span.first,
        against=scoping.check_against(request.against, period=period, data=span),
        members=members,
        switching_days=config.buyers.switching_days,
        bases=request.bases,
        workspace_stores=dated,
    )


def _params(scope: Scope) -> dict[str, Any]:
    return {
        "first": scope.period.first,
        "last": scope.period.last,
        "before_first": scope.period.year_before.first,
        "data_end": scope.data_end,
        "reference": scope.reference_id,
        "currency": scope.currency,
        "merchant_basis": scope.basis.with_platform_money,
        "less_refunds": scope.basis.net_of_refunds,
        "seed": scope.seed,
        "switching_days": scope.switching_days,
        "rung": "realised",
        "time_grain": "month",
        "unit": "piece",
    }


def _per_scope(
    frames: Mapping[str, pl.DataFrame], raw: Session, scope: Scope, members: tuple[Store, ...]
) -> dict[str, pl.DataFrame]:
    """The frames of the compared stores; of groups, joined. Costs become money before that."""
    kept = {name: _kept(frame, members) for name, frame in frames.items()}
    with closing(Answers(_params(scope))) as per_store:
        for name, frame in kept.items():
            per_store.register(name, frame)
        for name in (*PER_STORE, *SINGLE):
            kept[name] = per_store.run(sqlfile.find(f"sales/{name}"))
        segmented = cubes.segmented(raw, per_store, period=scope.period)
    kept |= {name: _kept(frame, members) for name, frame in segmented.items()}
    apart = {name: kept[source] for name, source in PER_MEMBER.items()}
    if scope.stores[0].members == (scope.stores[0].store_id,):
        return {**kept, **apart}
    return {**{name: _regrouped(name, frame, scope) for name, frame in kept.items()}, **apart}


def _kept(frame: pl.DataFrame, members: tuple[Store, ...]) -> pl.DataFrame:
    if "store_id" not in frame.columns:
        return frame
    return frame.filter(pl.col("store_id").is_in([store.store_id for store in members]))


def _regrouped(name: str, frame: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    if "store_id" not in frame.columns or name in ("stores", *SINGLE):
        return frame
    known = {query.stem: query.grain for query in sqlfile.catalogue().values()}
    grain = known.get(name) or (contract.BY_NAME[name].grain if name == "traffic" else ())
    # Where the store itself stands beside, its group has the rows as they are.
    if grain and "member_id" not in frame.columns:
        return cubes.regroup(frame, grain=grain, stores=scope.stores)
    owner = {member: store.store_id for store in scope.stores for member in store.members}
    return frame.with_columns(pl.col("store_id").replace_strict(owner, return_dtype=pl.String))


def _descriptions(scope: Scope) -> dict[str, pl.DataFrame]:
    """The little tables that say what is compared, what each metric is, what dimensions weigh."""
    members = [(member, store.store_id) for store in scope.stores for member in store.members]
    stores = [
        {
            "store_id": store.store_id, "name": store.name, "kind": store.kind,
            "platform": store.platform, "operator": store.operator,
            "is_reference": store.store_id == scope.reference_id, "position": position,
        }
        for position, store in enumerate(scope.stores, start=1)
    ]  # fmt: skip
    metrics = [
        {
            "metric": metric.id, "dimension": metric.dimension, "unit": str(metric.unit),
            "better": str(metric.better), "delta": float(scope.delta[metric.id]),
            "relative": metric.relative, "shown": metric.shown, "position": position,
        }
        for position, metric in enumerate(registry.METRICS, start=1)
    ]  # fmt: skip
    weights = [
        {"dimension": name, "weight": float(scope.weights.get(name, 1.0))}
        for name in registry.dimensions()
    ]
    return {
        "scope_stores": pl.DataFrame(stores, schema_overrides={"operator": pl.String}),
        "scope_members": pl.DataFrame(members, schema=_MEMBERS, orient="row"),
        "metric_registry": pl.DataFrame(metrics),
        "dimension_weights": pl.DataFrame(weights),
    }


def _meta(
    request: Request,
    loaded: loading.Loaded,
    scope: Scope,
    members: tuple[Store, ...],
    *,
    frames: Mapping[str, pl.DataFrame],
) -> Meta:
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
        engine="duckdb",
        inputs=loaded.hashes,
        rows_in=rows_in,
        rows_analysed=analysed,
        rows_excluded={
            "is_excluded": excluded,
            "other_stores": other,
            "outside_period": rows_in - excluded - other - analysed,
        },
        seed=scope.seed,
        group_by=str(request.by) if request.by else None,
    )


def build_time() -> datetime:
    """Now, or what SOURCE_DATE_EPOCH says: the build time is an input of the report."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
