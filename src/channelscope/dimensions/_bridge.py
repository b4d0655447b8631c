"""The bridges: what differences of sales and of piece prices are due to, exact to the cent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from itertools import combinations

import numpy as np
import polars as pl

from channelscope.dimensions import _bridge_bars, _openings, _sold_cells
from channelscope.dimensions._bridge_bars import Named
from channelscope.dimensions._sold_cells import Sold
from channelscope.domain import Base, Period, Scope, Store
from channelscope.engine.duckdb import Session
from channelscope.results import TABLES
from channelscope.stats.resampling import jackknife
from channelscope.stats.rounding import round_to_total
from channelscope.trading import BEFORE, PERIOD

ALL = "all"
CENT = Decimal("0.01")
_Stores = tuple[Store, ...]


@dataclass(frozen=True, slots=True)
class Ends:
    """From where to where a bridge leads."""

    from_id: str
    to_id: str
    from_period: Period
    to_period: Period


def bridges(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `bridge` and `piece_price_bridge`."""
    sold = _sold_cells.read(session, scope)
    selling = _selling(scope, sold)
    sales, prices = [], []
    for first, second in _pairs(scope, list(selling)):
        ends = Ends(first, second, scope.period, scope.period)
        sales.append(between_stores(ends, selling[first], selling[second], sold))
        prices += _piece_prices(ends, selling[first], selling[second], sold)
    if scope.before:
        sales += between_periods(scope, sold, a=(BEFORE, scope.before), b=(PERIOD, scope.period))
    return {
        name: pl.concat(rows) if rows else pl.DataFrame(schema=TABLES[name])
        for name, rows in (("bridge", sales), ("piece_price_bridge", prices))
    }


def _groups(scope: Scope) -> dict[str, _Stores]:
    """The single stores of every compared store or group."""
    stores = {store.store_id: store for store in scope.every_store}
    return {each.store_id: tuple(stores[name] for name in each.members) for each in scope.stores}


def _selling(scope: Scope, sold: Sold) -> dict[str, _Stores]:
    """Those with an order in the period, with their stores that have any."""
    found = {
        name: tuple(store for store in stores if sold.has(store.store_id, PERIOD))
        for name, stores in _groups(scope).items()
    }
    return {name: stores for name, stores in found.items() if stores}


def _pairs(scope: Scope, selling: list[str]) -> list[tuple[str, str]]:
    """The reference against every store, then all others, each pair once."""
    others = [store for store in selling if store != scope.reference_id]
    reference = [scope.reference_id] if scope.reference_id in selling else []
    return [(a, b) for a in reference for b in others] + list(combinations(sorted(others), 2))


def between_stores(ends: Ends, first: _Stores, second: _Stores, sold: Sold) -> pl.DataFrame:
    """Rows of `bridge` from some stores to others in one period.

    The days on which both were open are opened up; what was sold on others, or by stores of a
    group that came or went, stands apart under their names.
    """
    period = ends.to_period
    a, b = _openings.side(first, period), _openings.side(second, period)
    apart = _openings.bars(a, b, period, sold, span=PERIOD)
    parts = [_bridge_bars.whole(name, amount) for name, amount in apart.items()]
    shared = _openings.shared_days(a, b, period)
    if shared:
        cells = [sold.cells(each.core_ids, PERIOD, shared) for each in (a, b)]
        parts.append(_bridge_bars.between_stores(*cells))
    sales = [sold.sales(_ids(stores), PERIOD, period) for stores in (first, second)]
    return _money_rows(ends, _bridge_bars.added(parts), _cents(sales[1]) - _cents(sales[0]))


def _piece_prices(ends: Ends, first: _Stores, second: _Stores, sold: Sold) -> list[pl.DataFrame]:
    """Rows of `piece_price_bridge`: of all that was sold, whoever came or went."""
    a, b = (sold.cells(_ids(stores), PERIOD, ends.to_period) for stores in (first, second))
    if min(cells.units.sum() for cells in (a, b)) <= 0:
        return []
    return [_rows(ends, _bridge_bars.of_piece_price(a, b), "piece_price_bridge")]


def from_bases(session: Session, scope: Scope) -> list[tuple[Base, pl.DataFrame]]:
    """Rows of `bridge` from each base of a review to the period, of all stores and of each."""
    sold = _sold_cells.read(session, scope)
    now = (PERIOD, scope.period)
    found = []
    for base in scope.bases:
        # The cells of a base lie on the days of the period that they stand for.
        lived = {base.name: base.period, PERIOD: scope.period}
        rows = between_periods(scope, sold, a=(base.name, scope.period), b=now, lived=lived)
        found.append((base, pl.concat([pl.DataFrame(schema=TABLES["bridge"]), *rows])))
    return found


def between_periods(
    scope: Scope,
    sold: Sold,
    *,
    a: tuple[str, Period],
    b: tuple[str, Period],
    lived: Mapping[str, Period] | None = None,
) -> list[pl.DataFrame]:
    """Rows of `bridge` of all stores, and of each store or group, from one period to another.

    The bridge of all is the sum of those of single stores, however these are grouped. `lived`: when
    the days of the spans really were, where their cells lie on other ones.
    """
    lived = lived or dict((a, b))
    alone = {store.store_id: (store,) for store in scope.every_store}
    singly = _over_time(alone, sold, a=a, b=b, lived=lived)
    if not singly:
        return []
    groups = _groups(scope)
    told = singly if groups == alone else _over_time(groups, sold, a=a, b=b, lived=lived)
    spans = lived[a[0]], lived[b[0]]
    rows = {name: _money_rows(Ends(name, name, *spans), *each) for name, each in told.items()}
    ends = Ends(ALL, ALL, *spans)
    cents = [_money_rows(ends, *each) for each in singly.values()]
    return [_sum_rows(ends, cents, [named for named, _ in singly.values()]), *rows.values()]


def _over_time(
    groups: Mapping[str, _Stores],
    sold: Sold,
    *,
    a: tuple[str, Period],
    b: tuple[str, Period],
    lived: Mapping[str, Period],
) -> dict[str, tuple[Named, Decimal]]:
    """The bars of each store or group that sold anything, and what they sum to in cents."""
    found = {}
    for name, every in groups.items():
        stores = [s for s in every if any(sold.has(s.store_id, span) for span, _ in (a, b))]
        if stores:
            before, now = (_cents(sold.sales(_ids(stores), *each)) for each in (a, b))
            found[name] = (_changed(stores, sold, a=a, b=b, lived=lived), now - before)
    return found


def _changed(
    stores: Iterable[Store],
    sold: Sold,
    *,
    a: tuple[str, Period],
    b: tuple[str, Period],
    lived: Mapping[str, Period],
) -> Named:
    """The stores that traded throughout opened up together; each other one as one bar."""
    events = {store.store_id: _openings.whole(store, lived, sold) for store in stores}
    parts = []
    for store, event in events.items():
        if event is not None:
            before, now = (sold.sales([store], *each) for each in (a, b))
            parts.append(_bridge_bars.whole(event, now - before))
    stayed = tuple(store for store, event in events.items() if event is None)
    if stayed:
        ends = [sold.cells(stayed, *each) for each in (a, b)]
        later = lived[a[0]].first > lived[b[0]].first
        parts.append(_bridge_bars.between_periods(ends[0], ends[1], backwards=later))
    return _bridge_bars.added(parts)


def _ids(stores: Iterable[Store]) -> tuple[str, ...]:
    return tuple(store.store_id for store in stores)


def _cents(amount: Decimal) -> Decimal:
    """Sales in whole cents, rounded once, on the exact sum: as `sales_by_store` does."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)


def _money_rows(ends: Ends, named: Named, total: Decimal) -> pl.DataFrame:
    """Rows of `bridge`, whose effects sum to the total to the cent; none where nothing was sold for
    money at either end."""
    if not named.factors:
        return pl.DataFrame(schema=TABLES["bridge"])
    cents = round_to_total(named.effects, float(total)).cents
    effects = [Decimal(int(each)).scaleb(-2) for each in cents]
    return _rows(ends, named, "bridge").with_columns(
        effect=pl.Series(effects, dtype=TABLES["bridge"]["effect"])
    )


def _sum_rows(ends: Ends, told: Iterable[pl.DataFrame], parts: Iterable[Named]) -> pl.DataFrame:
    """The bridge of all stores: the sum of theirs, bar by bar, to the cent."""
    named = _bridge_bars.added(parts)
    if not named.factors:
        return pl.DataFrame(schema=TABLES["bridge"])
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
