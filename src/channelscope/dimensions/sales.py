"""Sales: visitor-days × conversion × order value, what they explain, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np
import polars as pl
import polars.selectors as cs

from channelscope import sqlfile
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, ratio, ratio_rows, rows
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools
from channelscope.stats.decomposition import lmdi_additive, shapley_product
from channelscope.stats.resampling import Scale, jackknife, leave_one_out
from channelscope.stats.rounding import round_to_total

POSITION = 4
FIGURES = (
    Figure("F4.1", "sales_decomposition", "sales/sales_decomposition", "sales_waterfall"),
    Figure("F4.2", "weekly_sales", "sales/weekly_sales", "weekly_multiples"),
    Figure("F4.3", "cart_rate_by_source", "sales/cart_rate_by_source", "cart_rate_by_source"),
    Figure("F4.4", "refund_cohorts", "sales/refund_cohorts", "refund_cohorts"),
)
NO_COSTS = "reason.no_costs"
NOT_POSITIVE = "reason.net_sales_not_positive"
NO_TRAFFIC = "reason.no_traffic"
SNAPSHOTS_ONLY = "reason.snapshots_only"
BEST_DAYS = 0.10
ENOUGH_KNOWN = 0.8
"""Least share of money whose refunds must be known; the queries ask the same of costs."""
HALF_A_CENT = 0.005


def off(scope: Scope) -> str | None:
    """Sales need order lines."""
    return None if "order_lines" in scope.present else "off.no_order_lines"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics` and `bridge`."""
    blocks = _blocks(session, scope)
    sales = _sales(session, scope)
    metrics = [
        *_totals(blocks, sales),
        *_ratios(blocks),
        _growth(blocks, session, scope),
        _concentration(session, scope),
        *_contribution(session, scope),
    ]
    return {
        "metrics": _without_snapshot_stores(pl.concat(metrics), blocks),
        "bridge": bridge(blocks, scope, sales=sales),
    }


def _blocks(session: Session, scope: Scope) -> Blocks:
    query = sqlfile.find("sales/sales_by_block")
    frame = session.run(query, _days(scope))
    return pivot(frame, stores=scope.store_ids, block="block")


def _days(scope: Scope) -> dict[str, object]:
    period = scope.period
    return {"first": period.first, "last": period.last, "data_end": scope.data_end}


def _sales(session: Session, scope: Scope) -> dict[str, Decimal]:
    """Sales of each store in whole cents, rounded once, on the exact sum."""
    frame = session.run(sqlfile.find("sales/sales_by_store"), _days(scope))
    return dict(frame.iter_rows())


def _totals(blocks: Blocks, sales: dict[str, Decimal]) -> list[pl.DataFrame]:
    cents = np.array([float(sales.get(store, 0)) for store in blocks.stores])
    tracked = _share(blocks, "tracked_orders", of="orders")
    visitors = np.where(blocks.total("visitors") > 0, blocks.total("visitors"), np.nan)
    return [
        rows("sales", blocks.stores, value=cents, n=blocks.total("orders")),
        rows("orders", blocks.stores, value=blocks.total("orders"), n=blocks.total("orders")),
        rows("visitor_days", blocks.stores, value=visitors, n=visitors, coverage=tracked,
             reason=NO_TRAFFIC),
    ]  # fmt: skip


def _ratios(blocks: Blocks) -> list[pl.DataFrame]:
    tracked = _share(blocks, "tracked_orders", of="orders")
    return [
        ratio_rows("conversion", blocks, numerator="tracked_orders", denominator="visitors",
                   n="visitors", coverage=tracked, reason=NO_TRAFFIC),
        ratio_rows("order_value", blocks, numerator="sales", denominator="orders", n="orders"),
        ratio_rows("units_per_order", blocks, numerator="units", denominator="orders", n="orders"),
        ratio_rows("piece_price", blocks, numerator="sales", denominator="units", n="units"),
        ratio_rows("visitor_value", blocks, numerator="tracked_sales", denominator="visitors",
                   n="visitors", coverage=tracked, reason=NO_TRAFFIC),
        _refund_share(blocks),
    ]  # fmt: skip


def _refund_share(blocks: Blocks) -> pl.DataFrame:
    """Lines whose refunds are not known are in neither sum; a share of 0 is known to be 0."""
    value, lo, hi = ratio(blocks, "mature_refunded", "mature_paid", scale=Scale.LOGIT)
    known = _share(blocks, "mature_paid", of="mature_all_paid")
    # A refund is told more often than none: few known lines are mostly lines with a refund.
    partly = (known > 0) & (known < ENOUGH_KNOWN)
    value, lo, hi = (np.where(partly, np.nan, bound) for bound in (value, lo, hi))
    found = rows(
        "refund_share", blocks.stores, value=value, lo=lo, hi=hi, n=blocks.total("orders"),
        coverage=_share(blocks, "mature_paid", of="paid"), reason="reason.no_refunds_known",
    )  # fmt: skip
    return _because(found, partly, "reason.refunds_partly_known")


def _share(blocks: Blocks, part: str, *, of: str) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = blocks.total(part) / blocks.total(of)
    return share


def _because(metrics: pl.DataFrame, where: Bools, reason: str) -> pl.DataFrame:
    """`metrics` with another reason for the unknown values of some stores."""
    told = pl.Series(where) & pl.col("value").is_null()
    why = pl.when(told).then(pl.lit(reason)).otherwise("outcome_reason")
    return metrics.with_columns(outcome_reason=why)


def _growth(blocks: Blocks, session: Session, scope: Scope) -> pl.DataFrame:
    first = dict(session.run(sqlfile.find("sales/first_sale")).iter_rows())
    # A slow seller need not sell on the very first day of the year before.
    year_before = scope.period.year_before.first + timedelta(days=6)
    whole = np.array([_opened(first, s) <= year_before.toordinal() for s in blocks.stores])
    value, lo, hi = ratio(blocks, "sales", "sales_before", scale=Scale.LOG)
    return rows(
        "growth", blocks.stores, value=np.where(whole, value - 1, np.nan),
        lo=np.where(whole, lo - 1, np.nan), hi=np.where(whole, hi - 1, np.nan),
        n=blocks.total("orders"), reason="reason.no_full_year_before",
    )  # fmt: skip


def _opened(first: dict[str, object], store: str) -> float:
    day = first.get(store)
    return np.inf if day is None else day.toordinal()  # type: ignore[attr-defined]


def _concentration(session: Session, scope: Scope) -> pl.DataFrame:
    frame = session.run(sqlfile.find("sales/daily_sales"), _days(scope))
    seen = pivot(frame, stores=scope.store_ids, block="day").sums["sales"]
    # A day without any sale is a day of the period too.
    days = np.zeros((scope.period.days, len(scope.stores)))
    days[(frame["day"].unique().sort() - scope.period.first).dt.total_days().to_numpy()] = seen
    weeks = np.minimum(np.arange(len(days)) // 7, max(len(days) // 7 - 1, 0))
    kept = [days[weeks != week] for week in range(weeks[-1] + 1)]
    value = _best_share(days)
    interval = jackknife(value, np.array([_best_share(k) for k in kept]), scale=Scale.LOGIT)
    return rows(
        "concentration", scope.store_ids, value=value, lo=interval.lo, hi=interval.hi,
        n=(days > 0).sum(axis=0).astype(float),
    )  # fmt: skip


def _best_share(days: Floats) -> Floats:
    best = max(round(BEST_DAYS * len(days)), 1)
    top = np.sort(days, axis=0)[-best:].sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        share: Floats = top / days.sum(axis=0)
    return share


def _contribution(session: Session, scope: Scope) -> list[pl.DataFrame]:
    params = {**_days(scope), "merchant_basis": scope.basis.with_platform_money}
    found = session.run(sqlfile.find("sales/contribution"), params)
    stores = pl.DataFrame({"store_id": scope.store_ids})
    frame = stores.join(found, on="store_id", how="left", maintain_order="left")
    value, sales, coverage, kinds = (
        frame[name].cast(pl.Float64).fill_null(np.nan).to_numpy()
        for name in ("contribution", "sales", "coverage", "kinds")
    )
    margin = np.divide(value, sales, out=np.full(len(sales), np.nan), where=sales > 0)
    untold = np.where(np.isnan(sales), NO_COSTS, NOT_POSITIVE)
    why = pl.coalesce(frame["outcome_reason"], pl.Series(untold))
    return [
        rows(name, scope.store_ids, value=amount, n=kinds, coverage=coverage).with_columns(
            outcome_reason=pl.when(pl.col("value").is_null()).then(why)
        )
        for name, amount in (("contribution", value), ("contribution_margin", margin))
    ]


def _without_snapshot_stores(metrics: pl.DataFrame, blocks: Blocks) -> pl.DataFrame:
    """A store without a single order has no sales to speak of: nothing is known, not zero."""
    silent = [s for s, n in zip(blocks.stores, blocks.total("orders"), strict=True) if n == 0]
    unknown = pl.col("store_id").is_in(silent) & (pl.col("metric") != "visitor_days")
    blank = [
        pl.when(~unknown).then(pl.col(name)).alias(name)
        for name in ("value", "lo", "hi", "n", "coverage")
    ]
    reason = pl.when(unknown).then(pl.lit(SNAPSHOTS_ONLY)).otherwise("outcome_reason")
    return metrics.with_columns(*blank, outcome_reason=reason)


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
    parts = [_effects(blocks, scope, sales, reference=at, store=store) for store in others]
    return pl.concat(parts) if parts else pl.DataFrame(schema=TABLES["bridge"])


def _effects(
    blocks: Blocks, scope: Scope, sales: dict[str, Decimal], *, reference: int, store: int
) -> pl.DataFrame:
    pair = [reference, store]
    from_id, to_id = (scope.store_ids[index] for index in pair)
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
    span = f"{scope.period.first}..{scope.period.last}"
    return (
        pl.DataFrame(
            {
                "from_id": from_id,
                "to_id": to_id,
                "from_period": span,
                "to_period": span,
                "position": np.arange(1, len(names) + 1),
                "factor": names,
                "effect": [Decimal(int(cents)).scaleb(-2) for cents in rounded.cents],
                "lo": interval.lo,
                "hi": interval.hi,
                "lmdi_effect": np.append(lmdi, effects[len(lmdi) :]),
            }
        )
        .with_columns(cs.float().fill_nan(None))
        .cast(TABLES["bridge"])
    )


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
