"""Who traded when, as a review tells it beside each store: opened, closed, late, no data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from channelscope.domain import Base, Store
from channelscope.review.sums import Sums
from channelscope.trading import PERIOD

LATE_GAPS, LATE_ORDERS = 3, 10
"""Quiet for more than so many of its usual gaps, and for as many days as usually have so many
orders: then its data are not there yet."""


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


def standings(sums: Sums) -> dict[str, Standing]:
    """The standing of every store in the period."""
    return {store.store_id: _standing(store, sums) for store in sums.scope.every_store}


def _standing(store: Store, sums: Sums) -> Standing:
    period = sums.scope.period
    sold = np.flatnonzero(sums.sold(store.store_id, PERIOD))
    if not len(sold):
        return Standing(Status.NO_DATA, 0, None)
    last = period.first + timedelta(days=int(sold[-1]))
    if sums.closed.get(store.store_id, period.last) < period.last:
        status = Status.CLOSED
    elif _is_late(sums, store.store_id, sold):
        status = Status.LATE
    elif store.opened_on is not None and store.opened_on > period.first:
        status = Status.OPENED
    elif sums.scope.data_end < period.last:
        status = Status.PARTIAL
    else:
        status = Status.TRADED
    return Standing(status, len(sold), last)


def _is_late(sums: Sums, store: str, sold: NDArray[np.intp]) -> bool:
    """Whether its data end before the period does: quiet for longer than it ever is, on days on
    which many orders were to be expected."""
    period = sums.scope.period
    to_day = (min(period.last, sums.scope.data_end) - period.first).days
    quiet = to_day - int(sold[-1])
    gap = float(np.diff(sold).mean()) if len(sold) > 1 else 1.0
    orders = sums.side([store], PERIOD).amounts["orders"].sum()
    expected = orders / (sold[-1] - sold[0] + 1) * quiet
    return quiet > LATE_GAPS * gap and expected > LATE_ORDERS


def why_not(store: Store, base: Base, sums: Sums) -> str | None:
    """Why a store's sales in the period are not those of the same trade as in the base, or None."""
    period = sums.scope.period
    sold = np.flatnonzero(sums.sold(store.store_id, PERIOD))
    if not len(sold):
        gone = store.closed_on is not None and store.closed_on < period.first
        return "reason.closed_since" if gone else "reason.no_data_in_period"
    if store.opened_on is not None and store.opened_on > base.period.first:
        return "reason.opened_since"
    if not sums.has(store.store_id, base.name):
        return "reason.no_data_in_base"
    if store.store_id not in sums.closed and _is_late(sums, store.store_id, sold):
        return "reason.data_late"
    if store.closed_on is not None and store.closed_on < period.last:
        return "reason.closed_since"
    return None
