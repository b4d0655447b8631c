"""Who traded when, as a review tells it beside each store: opened, closed, late, no data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np

from channelscope.domain import Base, Period, Store
from channelscope.review.sums import Sums
from channelscope.trading import PERIOD, QUIET_DAYS, QUIET_GAPS


class Status(StrEnum):
    """What a reader must know of a store before its figures."""

    TRADED = "traded"
    OPENED = "opened"
    CLOSED = "closed"
    NO_DATA = "no_data"
    LATE = "late"
    PARTIAL = "partial"


@dataclass(frozen=True, slots=True)
class Standing:
    """Of one store: its status, on how many days of the period it sold, and the last of them."""

    status: Status
    days: int
    last_day: date | None


def standings(sums: Sums, declared: Mapping[str, Period]) -> dict[str, Standing]:
    """The standing of every store in the period. `declared`: days of stores that say them."""
    return {store.store_id: _standing(store, sums, declared) for store in sums.scope.every_store}


def _standing(store: Store, sums: Sums, declared: Mapping[str, Period]) -> Standing:
    period = sums.scope.period
    sold = np.flatnonzero(sums.sold(store.store_id, PERIOD))
    if not len(sold):
        return Standing(Status.NO_DATA, 0, None)
    last = period.first + timedelta(days=int(sold[-1]))
    gaps = np.diff(sold).mean() if len(sold) > 1 else 1.0
    quiet = max(QUIET_DAYS, QUIET_GAPS * gaps)
    known = declared.get(store.store_id)
    if known is not None and known.last < period.last:
        status = Status.CLOSED
    elif (period.last - last).days > quiet:
        status = Status.LATE
    elif store.opened_on is not None and store.opened_on > period.first:
        status = Status.OPENED
    elif sums.scope.data_end < period.last:
        status = Status.PARTIAL
    else:
        status = Status.TRADED
    return Standing(status, len(sold), last)


def why_not(store: Store, base: Base, sums: Sums) -> str | None:
    """Why a store's sales in the period are not those of the same trade as in the base, or None."""
    period = sums.scope.period
    if not sums.has(store.store_id, PERIOD):
        gone = store.closed_on is not None and store.closed_on < period.first
        return "reason.closed_since" if gone else "reason.no_data_in_period"
    if store.opened_on is not None and store.opened_on > base.period.first:
        return "reason.opened_since"
    if not sums.has(store.store_id, base.name):
        return "reason.no_data_in_base"
    if store.closed_on is not None and store.closed_on < period.last:
        return "reason.closed_since"
    return None
