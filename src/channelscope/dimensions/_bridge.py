"""The bridges: what differences of sales and of piece prices are due to, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

import numpy as np
import polars as pl

from channelscope.dimensions import _bridge_bars, _sold_cells
from channelscope.dimensions._bridge_bars import Named
from channelscope.dimensions._sold_cells import BEFORE, PERIOD, Cells
from channelscope.domain import Period, Scope, Store
from channelscope.engine.duckdb import Session
from channelscope.results import TABLES
from channelscope.stats.resampling import jackknife
from channelscope.stats.rounding import round_to_total

ALL = "all"
CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Ends:
    """From where to where a bridge leads."""

    from_id: str
    to_id: str
    from_period: Period
    to_period: Period


def bridges(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `bridge` and `piece_price_bridge`."""
    cells = _sold_cells.read(session, scope)
    now = {store: found for (store, span), found in cells.items() if span == PERIOD}
    sales, prices = [], []
    for first, second in _pairs(scope, now):
        ends = Ends(first.store_id, second.store_id, scope.period, scope.period)
        a, b = now[first.store_id], now[second.store_id]
        total = _cents(b.sales) - _cents(a.sales)
        event = partly_open(second, scope.period) or partly_open(first, scope.period)
        if event is None:
            sales.append(_money_rows(ends, _bridge_bars.between_stores(a, b), total))
            prices.append(_rows(ends, _bridge_bars.of_piece_price(a, b), "piece_price_bridge"))
        else:
            sales.append(_money_rows(ends, _bridge_bars.whole(event, total), total))
    sales += _over_time(scope, cells)
    return {
        name: pl.concat(rows) if rows else pl.DataFrame(schema=TABLES[name])
        for name, rows in (("bridge", sales), ("piece_price_bridge", prices))
    }


def _pairs(scope: Scope, now: Mapping[str, Cells]) -> list[tuple[Store, Store]]:
    """The reference against every store, then all others, each pair once."""
    sold = [store for store in scope.stores if store.store_id in now]
    reference = [store for store in sold if store.store_id == scope.reference_id]
    others = [store for store in sold if store.store_id != scope.reference_id]
    by_name = sorted(others, key=lambda store: store.store_id)
    return [(a, b) for a in reference for b in others] + list(combinations(by_name, 2))


def _over_time(scope: Scope, cells: Mapping[tuple[str, str], Cells]) -> list[pl.DataFrame]:
    """Every store, and all together, against the same weekdays a year before."""
    before = scope.before
    if before is None:
        return []
    told, parts = [], []
    for store in scope.stores:
        a, b = cells.get((store.store_id, BEFORE)), cells.get((store.store_id, PERIOD))
        if a is None and b is None:
            continue
        total = (_cents(b.sales) if b else Decimal(0)) - (_cents(a.sales) if a else Decimal(0))
        named = _one_store(store, scope.period, before, a=a, b=b, total=total)
        ends = Ends(store.store_id, store.store_id, before, scope.period)
        told.append(_money_rows(ends, named, total))
        parts.append(named)
    if not parts:
        return []
    return [_sum_rows(Ends(ALL, ALL, before, scope.period), told, parts), *told]


def _one_store(
    store: Store, now: Period, before: Period, *, a: Cells | None, b: Cells | None, total: Decimal
) -> Named:
    event = partly_open(store, now) or partly_open(store, before)
    if a is not None and b is not None and event is None:
        return _bridge_bars.between_periods(a, b)
    name = "closed" if b is None else "opened"
    return _bridge_bars.whole(event or f"{name}:{store.store_id}", total)


def partly_open(store: Store, period: Period) -> str | None:
    """The name of the bar of a store that opened or closed: there is nothing to decompose."""
    if opened_inside(store, period):
        return f"opened:{store.store_id}"
    return f"closed:{store.store_id}" if closed_inside(store, period) else None


def opened_inside(store: Store, period: Period) -> bool:
    """Whether the store opened after the first day of the period."""
    return store.opened_on is not None and period.first < store.opened_on <= period.last


def closed_inside(store: Store, period: Period) -> bool:
    """Whether the store closed before the last day of the period."""
    return store.closed_on is not None and period.first <= store.closed_on < period.last


def _cents(amount: Decimal) -> Decimal:
    """Sales in whole cents, rounded once, on the exact sum: as `sales_by_store` does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _money_rows(ends: Ends, named: Named, total: Decimal) -> pl.DataFrame:
    """Rows of `bridge`, whose effects sum to the total to the cent."""
    cents = round_to_total(named.effects, float(total)).cents
    effects = [Decimal(int(each)).scaleb(-2) for each in cents]
    return _rows(ends, named, "bridge").with_columns(
        effect=pl.Series(effects, dtype=TABLES["bridge"]["effect"])
    )


def _sum_rows(ends: Ends, told: Iterable[pl.DataFrame], parts: Iterable[Named]) -> pl.DataFrame:
    """The bridge of all stores: the sum of theirs, bar by bar, to the cent."""
    named = _bridge_bars.added(parts)
    amounts = dict(pl.concat(told).group_by("factor").agg(pl.col("effect").sum()).iter_rows())
    effects = [amounts[factor] for factor in named.factors]
    return _rows(ends, named, "bridge").with_columns(
        effect=pl.Series(effects, dtype=TABLES["bridge"]["effect"])
    )


def _rows(ends: Ends, named: Named, table: str) -> pl.DataFrame:
    interval = jackknife(named.effects, named.draws[1:])
    frame = pl.DataFrame(
        {
            "from_id": ends.from_id,
            "to_id": ends.to_id,
            "from_period": f"{ends.from_period.first}..{ends.from_period.last}",
            "to_period": f"{ends.to_period.first}..{ends.to_period.last}",
            "position": np.arange(1, len(named.factors) + 1),
            "factor": named.factors,
            "effect": named.effects,
            "lo": interval.lo,
            "hi": interval.hi,
            "lmdi_effect": named.lmdi,
        }
    ).with_columns(pl.col("lo", "hi", "lmdi_effect").fill_nan(None))
    schema = TABLES[table]
    return frame.select(schema.names()).cast(schema)
