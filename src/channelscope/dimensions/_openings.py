"""Stores that opened or closed: what is set apart before the rest of a bridge is opened up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from channelscope.dimensions._sold_cells import Sold
from channelscope.domain import Period, Store
from channelscope.trading import closed_inside, common_days, open_days, opened_inside

ENOUGH_DAYS = 28
"""Least number of common days on which two stores are compared; half of a shorter period."""


@dataclass(frozen=True, slots=True)
class Side:
    """A store or a group as one end of a bridge: who is compared, when, and who is set apart."""

    core: tuple[Store, ...]
    days: Period | None
    apart: tuple[Store, ...]

    @property
    def core_ids(self) -> tuple[str, ...]:
        """The ids of the stores that are compared."""
        return tuple(store.store_id for store in self.core)


def side(stores: Iterable[Store], period: Period) -> Side:
    """The stores that traded throughout, or the one that traded longest; all others stand apart."""
    stores = tuple(stores)
    throughout = tuple(store for store in stores if open_days(store, period) == period)
    if not throughout:
        throughout = (max(stores, key=lambda store: _length(store, period)),)
    apart = tuple(store for store in stores if store not in throughout)
    return Side(throughout, open_days(throughout[0], period), apart)


def _length(store: Store, period: Period) -> int:
    days = open_days(store, period)
    return days.days if days else 0


def shared_days(a: Side, b: Side, period: Period) -> Period | None:
    """The days on which both were open, where they are enough to compare the two."""
    days = common_days(a.days, b.days)
    enough = min(ENOUGH_DAYS, -(-period.days // 2))
    return days if days and days.days >= enough else None


def bars(a: Side, b: Side, period: Period, sold: Sold, *, span: str) -> dict[str, Decimal]:
    """Money by bar of whatever is not compared: it counts for `b` and against `a`.

    What one sold while the other was not open stands under its own opening or closing, where it
    had one, else under that of the other.
    """
    shared = shared_days(a, b, period)
    found: dict[str, Decimal] = {}
    for mine, other, sign in ((a, b, -1), (b, a, 1)):
        amounts = [
            (_own(store, period), sold.sales([store.store_id], span, period))
            for store in mine.apart
        ]
        amounts += [
            (_name(mine, other, period, late=late), sold.sales(mine.core_ids, span, days))
            for days, late in _outside(shared, period)
        ]
        for name, amount in amounts:
            if amount:
                found[name] = found.get(name, Decimal(0)) + sign * amount
    return found


def _outside(shared: Period | None, period: Period) -> list[tuple[Period, bool]]:
    """The days of the period before and after the shared ones."""
    if shared is None:
        return [(period, False)]
    day = timedelta(days=1)
    parts = []
    if period.first < shared.first:
        parts.append((Period(period.first, shared.first - day), False))
    if shared.last < period.last:
        parts.append((Period(shared.last + day, period.last), True))
    return parts


def _name(mine: Side, other: Side, period: Period, *, late: bool) -> str:
    own = mine.core[0]
    if mine.days != period:
        return _own(own, period)
    return _own(other.core[0], period, late=late)


def _own(store: Store, period: Period, *, late: bool = False) -> str:
    """The event of a store; of two the opening, or for days after both were open the closing."""
    came, went = opened_inside(store, period), closed_inside(store, period)
    return f"{'closed' if went and (late or not came) else 'opened'}:{store.store_id}"


def whole(store: Store, periods: Mapping[str, Period], sold: Sold) -> str | None:
    """The bar over two periods of a store that did not trade throughout both, else None."""
    early, late = sorted(periods, key=lambda span: periods[span].first)
    begins, ends = periods[early].first, periods[late].last
    if store.opened_on is not None and store.opened_on > begins:
        return f"opened:{store.store_id}"
    if store.closed_on is not None and store.closed_on < ends:
        return f"closed:{store.store_id}"
    if not sold.has(store.store_id, early):
        return f"opened:{store.store_id}"
    return None if sold.has(store.store_id, late) else f"closed:{store.store_id}"
