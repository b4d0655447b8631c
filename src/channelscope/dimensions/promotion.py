"""Promotion: how deep, how broad, how often, by which mechanism, and who pays for it."""

from __future__ import annotations

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import Estimate, all_differences, all_metrics, ratio_spread
from channelscope.dimensions import _reconcile
from channelscope.dimensions._basket_prices import priced_baskets
from channelscope.dimensions._lift import lifts
from channelscope.dimensions._thresholds import thresholds
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, ratio_rows
from channelscope.mechanisms import MECHANISMS, Funder
from channelscope.pair_distances import mix_pairs
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools

POSITION = 3
FIGURES = (
    Figure("F3.1", "mechanism_mix", "promotion/mechanism_mix", "mechanism_mix"),
    Figure("F3.2", "promotion_calendar", "promotion/promotion_calendar", "promotion_calendar"),
    Figure("F3.3", "thresholds", "promotion/threshold_shares", "grid"),
    Figure("F3.4", "funding_split", "promotion/funding_split", "grid"),
    Figure("F3.5", "clashes", "promotion/clash_shares", "grid"),
    Figure("F3.6", "lift", "promotion/store_lifts", "lift_forest"),
    Figure("F3.7", "basket_prices", "promotion/basket_curves", "basket_curves"),
    Figure("F3.8", "reconcile", "promotion/reconciled_lines", "grid"),
)

_BORNE = {Funder.MERCHANT: 1.0, Funder.PLATFORM: 0.0, Funder.SHARED: None}
USUAL_SHARE = {mechanism.code: _BORNE[mechanism.funder] for mechanism in MECHANISMS}
"""What the merchant bears of a mechanism where the promotions do not say; None = it varies."""
ENOUGH_NAMED = 0.8
"""Least part of the discounted list value whose mechanism is known, for mixes to be compared."""


def off(scope: Scope) -> str | None:
    """Discounts are known from order lines alone."""
    return None if "order_lines" in scope.present else "off.no_order_lines"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`, of the `mechanisms` table, and of those on baskets and clashes."""
    groups = session.run(sqlfile.find("promotion/discounts_by_group"))
    weeks = session.run(sqlfile.find("promotion/promotion_frequency"))
    buyers = pivot(groups, stores=scope.store_ids, block="buyer_group")
    found = [
        *_amounts(buyers),
        _frequency(pivot(weeks, stores=scope.store_ids, block="week_start")),
        _stacking(buyers),
        _funding(buyers),
    ]
    reasons = _reasons(session, scope, sold=buyers.total("lines") > 0)
    mixes = pivot(
        session.run(sqlfile.find("promotion/mix_by_group")),
        stores=scope.store_ids, block="buyer_group",
    )  # fmt: skip
    untold = dict.fromkeys(_at(mixes, _unnamed(mixes)), "reason.mechanisms_partly_known")
    held = _reconcile.reconcile(session, scope, sold=buyers.total("lines"))
    weights = np.stack(list(mixes.sums.values()), axis=-1)
    return {
        **held,
        "metrics": _explained(pl.concat([all_metrics(found), held["metrics"]]), reasons),
        "differences": all_differences(scope, found),
        "pairs": mix_pairs(
            scope, "promotion", np.maximum(weights, 0.0), n=buyers.total("lines"),
            reasons={
                scope.store_ids.index(store): reason
                for store, reason in {**untold, **reasons}.items()
            },
        ),
        "mechanisms": mechanism_rows(session, scope),
        "thresholds": thresholds(session, scope),
        "lift": lifts(session, scope),
        **priced_baskets(session, scope),
    }  # fmt: skip


def _unnamed(mixes: Blocks) -> Bools:
    """Stores of whose discounted list value too much has no mechanism to be compared by."""
    every = sum(mixes.total(name) for name in mixes.sums)
    discounted = np.asarray(every - mixes.total("list_none"))
    return np.asarray(mixes.total("list_unexplained") > (1 - ENOUGH_NAMED) * discounted)


def _known(total: Floats) -> Floats:
    return np.where(total > 0, 1.0, np.nan)


def _amounts(buyers: Blocks) -> list[Estimate]:
    coverage = _known(buyers.total("lines"))
    depth = ratio_rows(
        "depth", buyers, numerator="paid_amount", denominator="list_amount", n="lines",
        coverage=coverage, complement=True,
    )  # fmt: skip
    shares = (
        ("breadth", "promoted_units", "units"),
        ("unexplained_share", "unexplained_size", "list_amount"),
    )
    moves = ratio_spread(buyers, "paid_amount", "list_amount", complement=True)
    return [Estimate(depth, moves)] + [
        Estimate(
            ratio_rows(
                metric, buyers, numerator=top, denominator=bottom, n="lines", coverage=coverage
            ),
            ratio_spread(buyers, top, bottom),
        )
        for metric, top, bottom in shares
    ]


def _frequency(weeks: Blocks) -> Estimate:
    told = ratio_rows(
        "frequency", weeks, numerator="days_promoted", denominator="days_sold", n="days_sold",
        coverage=_known(weeks.total("days_sold")),
    )  # fmt: skip
    return Estimate(told, ratio_spread(weeks, "days_promoted", "days_sold"))


def _stacking(buyers: Blocks) -> Estimate:
    # Discounts without one mechanism that explains them: the columns are missing, not the stacking.
    named = buyers.total("mechanism_lines") > 0
    lines = np.where(named, buyers.sums["discounted_lines"], 0.0)
    discounted = buyers.total("discounted_lines") > 0
    counted = Blocks(buyers.stores, {**buyers.sums, "discounted_lines": lines})
    frame = ratio_rows(
        "stacking", counted,
        numerator="mechanism_lines", denominator="discounted_lines", n="discounted_lines",
        coverage=_known(lines.sum(axis=0)), reason="reason.no_discounts",
    )  # fmt: skip
    told = _explained(
        frame, dict.fromkeys(_at(buyers, discounted & ~named), "reason.no_mechanism_known")
    )
    return Estimate(told, ratio_spread(counted, "mechanism_lines", "discounted_lines"))


def _funding(buyers: Blocks) -> Estimate:
    known, discount = buyers.total("funding_known_discount"), buyers.total("discount_amount")
    given = discount > 0
    coverage = np.divide(known, discount, out=np.full(len(given), np.nan), where=given)
    frame = ratio_rows(
        "merchant_funded_share", buyers, numerator="merchant_discount",
        denominator="funding_known_discount", n="discounted_lines", coverage=coverage,
        reason="reason.platform_amount_unknown",
    )  # fmt: skip
    told = _explained(frame, dict.fromkeys(_at(buyers, ~given), "reason.no_discounts"))
    return Estimate(told, ratio_spread(buyers, "merchant_discount", "funding_known_discount"))


def _at(blocks: Blocks, where: Bools) -> list[str]:
    return [store for store, is_there in zip(blocks.stores, where, strict=True) if is_there]


def _reasons(session: Session, scope: Scope, *, sold: Bools) -> dict[str, str]:
    """Why a store without order lines in the period has no numbers."""
    frame = session.run(sqlfile.find("promotion/shelf_only_stores"))
    shelf_only = set(frame["store_id"])
    return {
        store: "reason.snapshots_only" if store in shelf_only else "reason.no_sales"
        for store, has_sales in zip(scope.store_ids, sold, strict=True)
        if not has_sales
    }


def _explained(frame: pl.DataFrame, reasons: dict[str, str]) -> pl.DataFrame:
    here = pl.col("value").is_null() & pl.col("store_id").is_in(list(reasons))
    why = pl.col("store_id").replace_strict(reasons, default=None, return_dtype=pl.String)
    return frame.with_columns(outcome_reason=pl.when(here).then(why).otherwise("outcome_reason"))


def mechanism_rows(session: Session, scope: Scope) -> pl.DataFrame:
    """The `mechanisms` table: the mix over list value, and who bears each mechanism."""
    frame = session.run(sqlfile.find("promotion/mechanism_totals"))
    usual = pl.col("mechanism").replace_strict(USUAL_SHARE, default=None, return_dtype=pl.Float64)
    schema = pl.Schema(TABLES["mechanisms"])
    return (
        frame.filter(pl.col("store_id").is_in(list(scope.store_ids)))
        .with_columns(merchant_funded=pl.coalesce("merchant_share", usual))
        .select(schema.keys())
        .cast(schema)
    )
