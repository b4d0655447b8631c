"""Where the buyers of a quarter come from, and where those of the quarter before went.

Only calendar quarters that lie in the period as a whole are told: of a part of one, buyers of the
rest would seem lost. What was bought before is looked up in all the data, also before the period.
A buyer has one status per store and quarter, so the four statuses add up to all known buyers.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _buyers
from channelscope.domain import Scope, calendar_quarter, quarter_begins
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, quotient
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools, Ints

NEW, ELSEWHERE, BACK, RETAINED = range(4)
STATUSES = ("new_to_brand", "from_other_store", "reactivated", "retained")
GONE = ("moved", "lost")
YEAR_OF_HISTORY = timedelta(days=365)
SLOW = timedelta(days=6)
"""A slow seller need not sell on the very first or last day of a quarter."""
_BEFORE = 5
"""Quarters before the first told one: the one before it, and the year before that one's end."""


@dataclass(frozen=True, slots=True)
class Counts:
    """One compared store or group. Shapes: T quarters, G groups of buyers, four statuses."""

    buyers: Ints
    """(T, G, 4)."""
    orders: Ints
    """The same of orders; of both, quarters before the period's first but one are empty."""
    sales: Ints
    """The same of sales, in ten-thousandths."""
    moved: Ints
    """Buyers of the quarter before who bought in another store of the scope (T, G)."""
    own: Ints
    """Orders, those whose buyer is known, sales in ten-thousandths: all of the store (3, T)."""
    around: Ints
    """The same of the whole scope."""

    def __add__(self, other: Counts) -> Counts:
        """A group of stores whose ids are of two scopes: its buyers are counted in each."""
        return Counts(
            self.buyers + other.buyers, self.orders + other.orders, self.sales + other.sales,
            self.moved + other.moved, self.own + other.own, self.around + other.around,
        )  # fmt: skip


def whole_quarters(scope: Scope) -> range:
    """The quarters that lie in the period as a whole, and whose data are there."""
    first, last = scope.period.first, min(scope.period.last, scope.data_end + SLOW)
    begin = calendar_quarter(first)
    if quarter_begins(begin) < first:
        begin += 1
    end = calendar_quarter(last)
    return range(begin, end + 1 if quarter_begins(end + 1) <= last + timedelta(days=1) else end)


def buyer_flows(session: Session, scope: Scope) -> pl.DataFrame:
    """The `buyer_flows` table."""
    told = whole_quarters(scope)
    rows: list[dict[str, Any]] = []
    if told:
        found = _counts(session, range(told[0] - _BEFORE, told[-1] + 1))
        for store in scope.store_ids:
            if store in found:
                rows.extend(_rows(store, found[store], told, scope))
    frame = pl.DataFrame(rows, schema=TABLES["buyer_flows"], infer_schema_length=None)
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None))


def _counts(session: Session, quarters: range) -> dict[str, Counts]:
    patterns = session.run(sqlfile.find("consumers/buyers_by_quarter"))
    orders = session.run(sqlfile.find("consumers/orders_by_quarter"))
    bits = session.run(sqlfile.find("consumers/compared_bits"))
    groups = patterns["buyer_group"].unique().sort()
    found: dict[str, Counts] = {}
    for circle in bits["circle"].unique().sort():
        mine = patterns.filter(
            pl.col("circle") == circle, pl.col("quarter").is_between(quarters[0], quarters[-1])
        )
        all_orders = orders.filter(circle=circle)
        for store, mask in _buyers.masks(bits, circle).items():
            counted = _counted(mine, mask, quarters=quarters, groups=groups,
                               orders=all_orders)  # fmt: skip
            found[store] = found[store] + counted if store in found else counted
    return found


def _counted(
    rows: pl.DataFrame, mask: int, *, quarters: range, groups: pl.Series, orders: pl.DataFrame
) -> Counts:
    """What the patterns of one circle say of one store, or group: the stores of the mask."""
    bought, last, before, bit, size = (
        rows[name].to_numpy() for name in ("bought", "bought_last", "bought_before", "bit",
                                           "buyers")
    )  # fmt: skip
    first = np.left_shift(1, rows["first_place"].fill_null(62).to_numpy())
    at = rows["quarter"].to_numpy() - quarters[0]
    group = groups.search_sorted(rows["buyer_group"]).to_numpy().astype(np.intp)
    status = np.select(
        [(last & mask) != 0, (before & mask) != 0, (before == 0) & ((first & mask) != 0)],
        [RETAINED, BACK, NEW], ELSEWHERE,
    )  # fmt: skip
    here, once = (bit & mask) != 0, _is_lowest(bit, bought & mask)
    shape = (len(quarters), len(groups), len(STATUSES))
    gone = _is_lowest(bit, bought) & ((last & mask) != 0) & ((bought & mask) == 0)
    return Counts(
        _sum(shape, (at, group, status), size, where=once),
        _sum(shape, (at, group, status), rows["orders"].to_numpy(), where=here),
        _sum(shape, (at, group, status), _fine(rows["sales"]), where=here),
        _sum(shape[:2], (at, group), size, where=gone),
        _by_quarter(orders, quarters, mask),
        _by_quarter(orders, quarters, -1),
    )


def _is_lowest(bit: Ints, of: Ints) -> Bools:
    """Whether the bit is the lowest of the set: so each buyer of a pattern is counted once."""
    found: Bools = (bit == (of & -of)) & (of != 0)
    return found


def _sum(shape: tuple[int, ...], at: Sequence[Ints], values: Ints, *, where: Bools) -> Ints:
    found = np.zeros(shape, dtype=np.int64)
    np.add.at(found, tuple(place[where] for place in at), values[where])
    return found


def _fine(money: pl.Series) -> Ints:
    """Money in ten-thousandths, so that sums are exact."""
    fine: Ints = (money * 10_000).cast(pl.Int64).to_numpy()
    return fine


def _by_quarter(orders: pl.DataFrame, quarters: range, mask: int) -> Ints:
    mine = orders.filter(pl.col("quarter").is_between(quarters[0], quarters[-1]))
    at, here = mine["quarter"].to_numpy() - quarters[0], (mine["bit"].to_numpy() & mask) != 0
    values = [mine["orders"].to_numpy(), mine["known_orders"].to_numpy(), _fine(mine["sales"])]
    return np.stack([_sum((len(quarters),), (at,), each, where=here) for each in values])


def _rows(store: str, found: Counts, told: range, scope: Scope) -> Iterator[dict[str, Any]]:
    """The rows of one store: those of its buyers, then what became of the last quarter's."""
    shares = _shares(found)
    own, around = _coverages(found.own), _coverages(found.around)
    for at, quarter in enumerate(told, start=_BEFORE):
        seen = {"store_id": store, "quarter_start": quarter_begins(quarter)}
        known = _known(scope, quarter)
        if found.own[0, at]:
            for status, name in enumerate(STATUSES):
                sides = (own, around) if status in (NEW, ELSEWHERE) else (own,)
                yield seen | {"status": name} | _told(
                    _reason(sides, at, known, recent=status == RETAINED),
                    _amounts(found, at, status), shares[:, at, status], sides, at,
                )  # fmt: skip
            yield from (seen | row for row in _totals(found, at, own))
        if found.own[0, at - 1] and found.own[1, at - 1]:
            reason = _reason((own, around), at, known, recent=True)
            left = found.moved[at].sum(), _lost(found)[at].sum()
            for place, name in enumerate(GONE):
                yield seen | {"status": name} | _told(
                    reason, {"buyers": int(left[place])}, shares[:, at, len(STATUSES) + place],
                    (own, around), at,
                )  # fmt: skip


def _lost(found: Counts) -> Ints:
    """Buyers of the quarter before who bought in no store of the scope. Shape: (T, G)."""
    before = np.roll(found.buyers.sum(axis=-1), 1, axis=0)
    lost: Ints = before - found.buyers[..., RETAINED] - found.moved
    return lost


def _shares(found: Counts) -> Floats:
    """Shares of the four statuses, of moved and of lost, with bounds. Shape: (3, T, 6)."""
    known = found.buyers.sum(axis=-1)
    gone = np.stack([found.moved, _lost(found)], axis=-1)
    top = np.concatenate([found.buyers, gone], axis=-1).astype(np.float64)
    before = np.roll(known, 1, axis=0)
    bottom = np.stack([known] * len(STATUSES) + [before] * len(GONE), axis=-1).astype(np.float64)
    quarters, groups, kinds = top.shape
    size = (groups, quarters * kinds)
    flat = [np.moveaxis(each, 1, 0).reshape(size) for each in (top, bottom)]
    return _buyers.shares(*flat).reshape(3, quarters, kinds)


def _coverages(sums: Ints) -> Floats:
    """Share of orders whose buyer is known: of the quarter, of the one before, of the year before.

    Shape: (3, T).
    """
    orders, known = sums[0].astype(np.float64), sums[1].astype(np.float64)
    rows = []
    for first, last in ((0, 0), (1, 1), (1, 4)):
        total, named = np.zeros_like(orders), np.zeros_like(known)
        for back in range(first, last + 1):
            total[back:] += orders[: len(orders) - back]
            named[back:] += known[: len(known) - back]
        rows.append(quotient(named, total))
    return np.stack(rows)


def _known(scope: Scope, quarter: int) -> str | None:
    """What the data lack before a quarter."""
    first = scope.data_first
    if first is None or first > quarter_begins(quarter - 1) + SLOW:
        return "reason.no_quarter_before"
    enough = first <= quarter_begins(quarter) - YEAR_OF_HISTORY
    return None if enough else "reason.short_history"


def _reason(sides: Sequence[Floats], at: int, known: str | None, *, recent: bool) -> str | None:
    """Why a status cannot be told; `recent`: it looks at the quarter before alone."""
    if known == "reason.no_quarter_before" or (known and not recent):
        return known
    now = np.array([side[0, at] for side in sides])
    before = np.array([side[1:, at] for side in sides])[:, : 1 if recent else 2]
    if (now < _buyers.LEAST_COVERAGE).any() or (before[:, 0] < _buyers.LEAST_COVERAGE).any():
        return "reason.few_buyer_ids"
    moves = np.abs(now[:, None] - before) > _buyers.COVERAGE_MOVES
    return "reason.coverage_moved_quarter" if moves.any() else None


def _told(
    reason: str | None, amounts: Mapping[str, Any], share: Floats, sides: Sequence[Floats], at: int
) -> dict[str, Any]:
    covered = np.array([side[:2, at] for side in sides])
    row: dict[str, Any] = {"coverage": float(np.nanmin(covered)), "outcome_reason": reason}
    if reason is None:
        row |= {**amounts, "share": share[0], "lo": share[1], "hi": share[2]}
        row["outcome_reason"] = None if np.isfinite(share[1]) else "reason.too_few_blocks"
    return row


def _amounts(found: Counts, at: int, status: int | slice) -> dict[str, Any]:
    buyers, orders = (int(each[at, :, status].sum()) for each in (found.buyers, found.orders))
    return {
        "buyers": buyers, "orders": orders, "repeat_orders": orders - buyers,
        "sales": _money(int(found.sales[at, :, status].sum())),
    }  # fmt: skip


def _totals(found: Counts, at: int, own: Floats) -> Iterator[dict[str, Any]]:
    """All known buyers, and beside them the orders and sales of those who are not known."""
    share = float(own[0, at])
    every = _amounts(found, at, slice(None))
    few = share < _buyers.LEAST_COVERAGE
    if few:
        every |= {"buyers": None, "repeat_orders": None}
    reason = "reason.few_buyer_ids" if few else None
    yield {"status": "known", **every, "coverage": share, "outcome_reason": reason}
    orders, known, sales = (int(each[at]) for each in found.own)
    rest = sales - int(found.sales[at].sum())
    yield {"status": "unknown", "orders": orders - known, "sales": _money(rest), "coverage": share}


def _money(fine: int) -> Decimal:
    return Decimal(fine).scaleb(-4)
