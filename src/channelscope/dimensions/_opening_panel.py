"""Openings, estimated: whose sales a new store took.

The categories a new store sells are held against those it does not, in every other store. The
interval rests on how unlike categories moved where nothing opened; placebos stand beside it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions._opening_cells import panel
from channelscope.dimensions._opening_history import EVERYTHING, HORIZONS
from channelscope.dimensions._opening_placebos import Asked, Placebos, path, placebos
from channelscope.domain import Outcome, Period, Scope, Store
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.arrays import Bools
from channelscope.stats.opening_diversion import MINIMUM_CONTROLS, Diversion, diversion
from channelscope.trading import (
    LEAST_WEEKS,
    SHORT,
    YEAR_WEEKS,
    open_days,
    opened_stores,
    why_not_measured,
)

Row = dict[str, Any]
DELTA = 0.10
"""The smallest part of a new store's sales that matters."""
LEAST_PART = 0.05
"""A category or tier of which the new store sells a smaller part is not told by itself."""


@dataclass(frozen=True, slots=True)
class _Part:
    """What is asked for: all that the new store sells, one category, or one price tier."""

    category: str
    tier: str
    exposed: Bools
    at_tier: int | None
    gained: float

    @property
    def is_total(self) -> bool:
        return self.category == self.tier == EVERYTHING


def panel_rows(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `openings` with the method `panel`, and of `opening_weeks`."""
    cells = session.run(sqlfile.find("consumers/opening_cells"))
    stores = {store.store_id: store for store in scope.every_store}
    rows: list[Row] = []
    paths = [pl.DataFrame(schema=TABLES["opening_weeks"])]
    for name in opened_stores(scope)["opened_id"]:
        told = _of_store(stores[name], scope, cells.filter(opened_id=name), paths)
        rows.extend({"store_id": name, "method": "panel", **row} for row in told)
    frame = pl.DataFrame(rows, schema=TABLES["openings"])
    known = frame.with_columns(pl.col(pl.Float64).fill_nan(None))
    return {"openings": known, "opening_weeks": pl.concat(paths)}


def _of_store(
    store: Store, scope: Scope, cells: pl.DataFrame, paths: list[pl.DataFrame]
) -> Iterator[Row]:
    """The rows of one opening; its path goes to `paths`."""
    reason = why_not_measured(store, scope)
    if reason is None and cells.filter(seller_id=store.store_id).is_empty():
        reason = "reason.no_sales"
    if reason:
        yield _untold(reason)
        return
    told = panel(cells, store, scope)
    for horizon, asked in HORIZONS.items():
        weeks = told.known(range(asked), shift=-YEAR_WEEKS)
        if len(weeks) < LEAST_WEEKS or (horizon == "long" and weeks[-1] < SHORT):
            yield _untold("reason.few_weeks_after_opening", horizon, weeks=len(weeks))
            continue
        this = Asked(told, weeks, told.exposed(weeks))
        if this.controls.sum() < MINIMUM_CONTROLS or not this.exposed.any():
            yield _untold("reason.no_category_variation", horizon, weeks=len(weeks))
            continue
        found = _estimated(this, _whole(this))
        checked = placebos(this, found)
        yield from _of_horizon(this, horizon, checked, _absent(this, store, scope))
        if horizon == "long":
            paths.append(path(store.store_id, this, found))


def _untold(reason: str, horizon: str = EVERYTHING, **more: Any) -> Row:
    return {
        "horizon": horizon, "category": EVERYTHING, "price_tier": EVERYTHING,
        "outcome": str(Outcome.NOT_IDENTIFIABLE), "outcome_reason": reason, **more,
    }  # fmt: skip


def _absent(asked: Asked, store: Store, scope: Scope) -> dict[str, str]:
    """Stores that did not trade through the compared weeks of both years."""
    assert store.opened_on is not None
    first, last = asked.weeks[0] - YEAR_WEEKS, asked.weeks[-1]
    span = Period(
        store.opened_on + timedelta(weeks=first), store.opened_on + timedelta(weeks=last, days=6)
    )
    return {
        other.store_id: "reason.not_open_throughout"
        for other in scope.every_store
        if open_days(other, span) != span
    }


def _of_horizon(
    asked: Asked, horizon: str, checked: Placebos, absent: Mapping[str, str]
) -> Iterator[Row]:
    told = asked.panel
    weeks = [week for week in range(HORIZONS[horizon]) if told.whole[told.at([week])[0]]]
    sold = float(told.gained_in_all[told.at(weeks)].sum())
    estimates = [(part, _estimated(asked, part)) for part in _parts(asked)]
    p_values = np.stack([_present(found.p_value, asked, absent) for _, found in estimates])
    # All that it sells is one family of its stores, its categories and tiers together another.
    families = p_values[:1], p_values[1:]
    every = np.concatenate([benjamini_hochberg(f.ravel()).reshape(f.shape) for f in families])
    for (part, found), adjusted in zip(estimates, every, strict=True):
        lines = told.counted(asked.weeks, tier=part.at_tier) * part.exposed
        for at, seller in enumerate(told.sellers):
            beside: Row = {}
            if part.is_total:
                beside = {
                    "coverage": part.gained / sold, "placebos": int(checked.tried[at]),
                    "placebos_off": int(checked.off[at]),
                }  # fmt: skip
            yield {
                "horizon": horizon, "weeks": len(asked.weeks), "from_store": seller,
                "category": part.category, "price_tier": part.tier,
                "n": int(lines[at].sum()), **beside,
                **_told(
                    found, at, reason=absent.get(seller), p_adjusted=float(adjusted[at]),
                    worth=sold * part.gained / asked.gained, refuted=bool(checked.refuted[at]),
                ),
            }  # fmt: skip


def _present(values: Floats, asked: Asked, absent: Mapping[str, str]) -> Floats:
    gone = np.array([seller in absent for seller in asked.panel.sellers])
    return np.where(gone, np.nan, values)


def _whole(asked: Asked) -> _Part:
    return _Part(EVERYTHING, EVERYTHING, asked.exposed, None, asked.gained)


def _parts(asked: Asked) -> Iterator[_Part]:
    """All of it; each category where there are several; each price tier."""
    yield _whole(asked)
    gains, least = asked.panel.gains(asked.weeks), LEAST_PART * asked.gained
    for at in np.flatnonzero(asked.exposed).tolist():
        if asked.exposed.sum() > 1 and gains[at] >= least:
            alone = np.arange(len(gains)) == at
            yield _Part(asked.panel.categories[at], EVERYTHING, alone, None, float(gains[at]))
    for at, tier in enumerate(asked.panel.tiers):
        mine = float(asked.panel.gains(asked.weeks, tier=at).sum())
        if tier != EVERYTHING and mine >= least:
            yield _Part(EVERYTHING, tier, asked.exposed, at, mine)


def _estimated(asked: Asked, part: _Part) -> Diversion:
    cells = asked.panel.cells(asked.weeks, tier=part.at_tier)
    return diversion(cells, exposed=part.exposed, controls=asked.controls, gained=part.gained)


def _told(
    found: Diversion, at: int, *, reason: str | None, p_adjusted: float, worth: float, refuted: bool
) -> Row:
    """The numbers of one store, and what may be said of them."""
    share, lo, hi = (float(part[at]) for part in (found.share, found.lo, found.hi))
    if reason is None and np.isnan(lo):
        reason = "reason.sells_nothing_there" if found.expected[at] == 0 else (
            "reason.no_category_variation")  # fmt: skip
    if reason:
        return {"outcome": str(Outcome.NOT_IDENTIFIABLE), "outcome_reason": reason}
    apart = p_adjusted <= LEVEL and (lo > 0 or hi < 0)
    if refuted:
        outcome, reason = Outcome.UNCLEAR, "reason.placebo_not_zero"
    elif lo >= -DELTA and hi <= DELTA:
        outcome = Outcome.SAME
    else:
        outcome = Outcome.DIFFERS if apart else Outcome.UNCLEAR
    return {
        "share": share, "lo": lo, "hi": hi, "amount": share * worth,
        "expected": float(found.expected[at]), "sold": float(found.sold[at]),
        "p_value": float(found.p_value[at]), "p_adjusted": p_adjusted,
        "outcome": str(outcome), "outcome_reason": reason,
    }  # fmt: skip
