"""Lift: how many times as much is sold with a promotion as in a product's other weeks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions._lift_cells import Cells, all_cells
from channelscope.dimensions._lift_margin import (
    NO_MARGIN,
    NOT_TOLD,
    Margin,
    Told,
    elasticity,
    margin,
)
from channelscope.domain import Outcome, Scope, Store
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.count_effects import CountEffects, count_effects

FEWEST_CELLS = 30
"""Fewer weeks of products under a mechanism bear no claim."""
FEWEST_SKUS = 10
"""Nor do fewer products that were ever under it."""
DELTA = 0.10
"""The smallest difference from 1, of a lift and of what was earned, that matters."""
_AS_THEY_ARE = ("store_id", "mechanism", "n", "skus")


@dataclass(frozen=True, slots=True)
class Lift:
    """One mechanism of one store; nan = not known. The log ratio `effect` moves by `error`."""

    store_id: str
    mechanism: str
    reason: str | None
    n: int = 0
    skus: int = 0
    effect: float = np.nan
    lo: float = np.nan
    hi: float = np.nan
    p_value: float = np.nan
    margin: Margin = NO_MARGIN
    elasticity: Told = NOT_TOLD


def lifts(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `lift`, one for each mechanism that a store runs."""
    run = session.run(sqlfile.find("promotion/run_mechanisms"))
    cells = all_cells(session, scope)
    unsold = {
        **dict.fromkeys(scope.store_ids, "reason.no_sales"),
        **_each(session, "promotion/shelf_only_stores", "reason.snapshots_only"),
        **_each(session, "promotion/promotion_frequency", "reason.no_whole_weeks"),
    }
    found = [
        lift
        for store in scope.stores
        for lift in _of_store(
            store, run.filter(store_id=store.store_id), cells.get(store.store_id),
            without=unsold[store.store_id],
        )
    ]  # fmt: skip
    return _rows(found)


def _of_store(
    store: Store, run: pl.DataFrame, cells: Cells | None, *, without: str
) -> Iterator[Lift]:
    """Every mechanism of a store; all of those that can be told apart stand in one regression."""
    mixed = "reason.stores_differ_in_promotions" if len(store.members) > 1 else None
    if cells is None or mixed:
        why = without if cells is None else mixed
        yield from (Lift(store.store_id, code, why) for code in run["mechanism"])
        return
    effects = count_effects(cells.units, cells.promoted, cells.used)
    for code, is_announced in run.select("mechanism", "is_announced").iter_rows():
        if not is_announced:
            yield Lift(store.store_id, code, "reason.no_promotions")
        elif code not in cells.mechanisms:
            yield Lift(store.store_id, code, "reason.covers_all")
        else:
            yield _lift(store.store_id, cells, effects, cells.mechanisms.index(code))


def _each(session: Session, query: str, reason: str) -> dict[str, str]:
    """The stores of a query, all with this reason."""
    return dict.fromkeys(session.run(sqlfile.find(query))["store_id"], reason)


def _lift(store_id: str, cells: Cells, effects: CountEffects, at: int) -> Lift:
    under = cells.used & (cells.promoted[at] > 0)
    n, skus = int(under.sum()), int(under.any(axis=1).sum())
    reason = None
    if n < FEWEST_CELLS or skus < FEWEST_SKUS:
        reason = "reason.few_promoted_weeks"
    elif np.isnan(effects.effect[at]):
        reason = "reason.not_told_apart"
    if reason:
        return Lift(store_id, cells.mechanisms[at], reason, n, skus)
    return Lift(
        store_id, cells.mechanisms[at], None, n, skus, float(effects.effect[at]),
        float(effects.lo[at]), float(effects.hi[at]), float(effects.p_value[at]),
        margin(cells, effects, at), elasticity(cells, effects, at),
    )  # fmt: skip


def _rows(found: list[Lift]) -> pl.DataFrame:
    p_adjusted = _adjusted(found, "p_value")
    earned = [lift.margin.earned for lift in found]
    earned_p = _adjusted(earned, "p_value")
    frame = pl.DataFrame(
        {
            **{name: [getattr(lift, name) for lift in found] for name in _AS_THEY_ARE},
            "lift": _ratios(found, "effect"),
            "lo": _ratios(found, "lo"),
            "hi": _ratios(found, "hi"),
            "break_even": np.array([lift.margin.break_even for lift in found], np.float64),
            "p_adjusted": p_adjusted,
            "outcome": [_outcome(*each) for each in zip(found, p_adjusted, strict=True)],
            "margin_amount": np.array([lift.margin.amount for lift in found], np.float64),
            "outcome_reason": [lift.reason for lift in found],
            "earned": _ratios(earned, "value"),
            "earned_lo": _ratios(earned, "lo"),
            "earned_hi": _ratios(earned, "hi"),
            "earned_p_adjusted": earned_p,
            "earned_outcome": [_outcome(*each) for each in zip(earned, earned_p, strict=True)],
            "earned_reason": [lift.reason or lift.margin.reason for lift in found],
            "elasticity": _numbers([lift.elasticity for lift in found], "value"),
            "elasticity_lo": _numbers([lift.elasticity for lift in found], "lo"),
            "elasticity_hi": _numbers([lift.elasticity for lift in found], "hi"),
        },
        schema_overrides={"outcome_reason": pl.String, "earned_reason": pl.String},
        nan_to_null=True,
    ).with_columns(p_value=pl.Series(_numbers(found, "p_value"), nan_to_null=True))
    schema = pl.Schema(TABLES["lift"])
    return frame.select(schema.names()).cast(schema)


def _numbers(found: Sequence[Lift | Told], name: str) -> Floats:
    return np.array([getattr(each, name) for each in found], dtype=np.float64)


def _ratios(found: Sequence[Lift | Told], name: str) -> Floats:
    return np.asarray(np.exp(_numbers(found, name)))


def _adjusted(found: Sequence[Lift | Told], name: str) -> Floats:
    p_values = _numbers(found, name)
    return benjamini_hochberg(p_values) if len(p_values) else p_values


def _outcome(told: Lift | Told, p_adjusted: float) -> str:
    """Against a ratio of 1."""
    if np.isnan(told.lo):
        return str(Outcome.NOT_IDENTIFIABLE)
    if -np.log1p(DELTA) <= told.lo and told.hi <= np.log1p(DELTA):
        return str(Outcome.SAME)
    apart = p_adjusted <= LEVEL and (told.lo > 0 or told.hi < 0)
    return str(Outcome.DIFFERS if apart else Outcome.UNCLEAR)
