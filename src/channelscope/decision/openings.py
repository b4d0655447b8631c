"""What the brand's past openings teach: how fast a store grows, and whose sales it takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope.candidate import Guess
from channelscope.decision.evidence import DAYS_A_MONTH, Evidence, Row
from channelscope.domain import Outcome, Store
from channelscope.estimates import Floats

GROWN = 0.95
LEAST_MONTHS = 6
"""A store seen for fewer months may still be growing."""
MARGIN = 0.15
"""How far one more opening may lie beyond those seen."""
TWO_SIDED = 1.96


@dataclass(frozen=True, slots=True)
class PastOpening:
    """Shares of its sales that each store lost to an opened one, and their standard errors.

    Shapes: (S,); nan = not identified. `is_halo`: the store is shown to have gained.
    """

    store: Store
    share: Floats
    error: Floats
    is_halo: Floats


def past_openings(evidence: Evidence) -> tuple[PastOpening, ...]:
    """Openings whose diversion is identified, over the longer horizon that is known."""
    whole = evidence.tables["openings"].filter(method="panel", category="all", price_tier="all")
    is_told = pl.col("outcome") != Outcome.NOT_IDENTIFIABLE
    rows = whole.filter(is_told, pl.col("share").is_not_null())
    found = []
    for store in evidence.stores:
        mine = rows.filter(store_id=store.store_id)
        for horizon in ("long", "short"):
            told = {row["from_store"]: row for row in mine.filter(horizon=horizon).to_dicts()}
            if told:
                found.append(_opening(store, told, evidence.ids))
                break
    return tuple(found)


def _opening(store: Store, told: dict[str, Row], ids: tuple[str, ...]) -> PastOpening:
    def column(read: Callable[[Row], float]) -> Floats:
        return np.array([read(told[other]) if other in told else np.nan for other in ids])

    return PastOpening(
        store=store,
        share=column(lambda row: row["share"]),
        error=column(lambda row: (row["hi"] - row["lo"]) / (2 * TWO_SIDED)),
        is_halo=column(lambda row: row["outcome"] == Outcome.DIFFERS and row["hi"] < 0),
    )


@dataclass(frozen=True, slots=True)
class Growth:
    """First month's share of a grown-up one, months until then, and who was seen to grow."""

    start_share: Guess
    months: Guess
    openings: tuple[str, ...]


def growth(evidence: Evidence) -> Growth | None:
    """How the brand's own stores grew.

    Sales of each month since the opening, seasons taken out, over the mean from the last half on.
    None where no store was seen from its first day and for long enough.
    """
    starts, months, names = [], [], []
    for store in evidence.stores:
        path = _path(store, evidence)
        if len(path) < LEAST_MONTHS:
            continue
        grown = path[len(path) // 2 :].mean()
        reached = np.flatnonzero(path >= GROWN * grown)
        starts.append(min(float(path[0] / grown), 1.0))
        months.append(float(reached[0]) if len(reached) else float(len(path)))
        names.append(store.store_id)
    if not names:
        return None
    return Growth(_range(starts, most=1.0), _range(months, least=0.5), tuple(names))


def _path(store: Store, evidence: Evidence) -> Floats:
    """Sales a day by month since the opening, over the season; empty where it began earlier."""
    first_known = evidence.scope.data_first
    if store.opened_on is None or first_known is None or store.opened_on <= first_known:
        return np.zeros(0)
    rows = evidence.months.filter(pl.col("store_id") == store.store_id).sort("month_start")
    found = []
    for row in rows.iter_rows(named=True):
        days = (row["last_day"] - row["first_day"]).days + 1
        if days >= DAYS_A_MONTH / 2:
            season = evidence.season.get(row["month_start"].month, 1.0)
            found.append(row["paid_amount"] / days / season)
    return np.array(found)


def _range(values: list[float], *, least: float = 0.0, most: float = float("inf")) -> Guess:
    middle = float(np.median(values))
    return Guess(
        low=min(max(min(values) * (1 - MARGIN), least), middle),
        likely=max(middle, least),
        high=max(min(max(values) * (1 + MARGIN), most), middle, least),
    )
