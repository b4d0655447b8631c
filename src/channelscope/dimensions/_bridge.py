"""The bridge of sales: what the difference between two stores is due to, exact to the cent."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import polars as pl
import polars.selectors as cs

from channelscope.domain import Period, Scope, Store
from channelscope.estimates import Blocks, Floats
from channelscope.results import TABLES
from channelscope.stats.decomposition import lmdi_additive, shapley_product
from channelscope.stats.resampling import jackknife, leave_one_out
from channelscope.stats.rounding import round_to_total

HALF_A_CENT = 0.005


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors of sales per store. Shapes: values (..., stores, factors), rest (..., stores)."""

    names: tuple[str, ...]
    values: Floats
    rest: Floats


def bridge(blocks: Blocks, scope: Scope, *, sales: dict[str, Decimal]) -> pl.DataFrame:
    """Every store against the reference: Shapley effects of the factors, exact to the cent."""
    at = scope.store_ids.index(scope.reference_id)
    others = [i for i in range(len(scope.stores)) if i != at and blocks.total("orders")[i] > 0]
    if blocks.total("orders")[at] == 0:
        others = []
    parts = [_bars(blocks, scope, sales, reference=at, store=store) for store in others]
    return pl.concat(parts) if parts else pl.DataFrame(schema=TABLES["bridge"])


def _bars(
    blocks: Blocks, scope: Scope, sales: dict[str, Decimal], *, reference: int, store: int
) -> pl.DataFrame:
    """The bars between two stores: one alone where either traded for a part of the period."""
    pair = scope.stores[reference], scope.stores[store]
    event = _partly_open(pair[1], scope.period) or _partly_open(pair[0], scope.period)
    ids = pair[0].store_id, pair[1].store_id
    if event is None:
        bars = _effects(blocks, sales, reference=reference, store=store)
    else:
        bars = pl.DataFrame({"factor": [event], "effect": [sales[ids[1]] - sales[ids[0]]]})
    span = f"{scope.period.first}..{scope.period.last}"
    known = {"from_id": ids[0], "to_id": ids[1], "from_period": span, "to_period": span}
    columns = {name: pl.lit(value) for name, value in known.items()}
    unknown = {name: pl.lit(None) for name in ("lo", "hi", "lmdi_effect") if name not in bars}
    placed = bars.with_columns(**columns, **unknown, position=pl.int_range(1, pl.len() + 1))
    return placed.select(TABLES["bridge"].names()).cast(TABLES["bridge"])


def _partly_open(store: Store, period: Period) -> str | None:
    """The name of the bar of a store that opened or closed: there is nothing to decompose."""
    if opened_inside(store, period):
        return f"opened:{store.store_id}"
    return f"closed:{store.store_id}" if closed_inside(store, period) else None


def _effects(
    blocks: Blocks, sales: dict[str, Decimal], *, reference: int, store: int
) -> pl.DataFrame:
    """Shapley effects of the factors in cents, with intervals, and LMDI's beside them."""
    pair = [reference, store]
    from_id, to_id = (blocks.stores[index] for index in pair)
    tracked = np.minimum(blocks.total("tracked_orders"), blocks.total("visitors"))
    with_traffic = bool((tracked[pair] > 0).all())
    totals = {name: block[:, pair] for name, block in blocks.sums.items()}
    count = len(totals["sales"])
    full = factors({n: v.sum(axis=0) for n, v in totals.items()}, with_traffic=with_traffic)
    has_rest = bool(np.any(np.abs(full.rest) >= HALF_A_CENT))
    # Deleting one of G blocks leaves (G - 1) / G of the period: scaled back to the whole.
    fewer = {n: leave_one_out(v) * count / max(count - 1, 1) for n, v in totals.items()}
    draws = factors(fewer, with_traffic=with_traffic)
    effects, replicates = (_shapley(found, with_rest=has_rest) for found in (full, draws))
    lmdi = lmdi_additive(full.values[0], full.values[1])
    rounded = round_to_total(effects, float(sales[to_id] - sales[from_id]))
    interval = jackknife(effects, replicates)
    names = (*full.names, "days_without_traffic") if has_rest else full.names
    return pl.DataFrame(
        {
            "factor": names,
            "effect": [Decimal(int(cents)).scaleb(-2) for cents in rounded.cents],
            "lo": interval.lo,
            "hi": interval.hi,
            "lmdi_effect": np.append(lmdi, effects[len(lmdi) :]),
        }
    ).with_columns(cs.float().fill_nan(None))


def factors(sums: dict[str, Floats], *, with_traffic: bool) -> Factors:
    """The factors whose product is sales, and the sales that stand outside of it."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if not with_traffic:
            values = np.stack([sums["orders"], sums["sales"] / sums["orders"]], axis=-1)
            return Factors(("orders", "order_value"), values, np.zeros_like(sums["sales"]))
        visitors, orders, sales = (
            sums[name] for name in ("visitors", "tracked_orders", "tracked_sales")
        )
        values = np.stack([visitors, orders / visitors, sales / orders], axis=-1)
    return Factors(("visitor_days", "conversion", "order_value"), values, sums["sales"] - sales)


def _shapley(found: Factors, *, with_rest: bool) -> Floats:
    values, rest = np.moveaxis(found.values, -2, 0), np.moveaxis(found.rest, -1, 0)
    effects = shapley_product(values[0], values[1])
    if with_rest:
        return np.concatenate([effects, (rest[1] - rest[0])[..., None]], axis=-1)
    return effects


def opened_inside(store: Store, period: Period) -> bool:
    """Whether the store opened after the first day of the period."""
    return store.opened_on is not None and period.first < store.opened_on <= period.last


def closed_inside(store: Store, period: Period) -> bool:
    """Whether the store closed before the last day of the period."""
    return store.closed_on is not None and period.first <= store.closed_on < period.last
