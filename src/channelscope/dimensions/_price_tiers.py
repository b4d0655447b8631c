"""Price architecture: how a store's sales of a category fall on its entry, middle and premium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import ratio_spread
from channelscope.domain import Outcome, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Blocks, Floats, pivot, ratio
from channelscope.results import TABLES
from channelscope.stats.adjustment import LEVEL, benjamini_hochberg
from channelscope.stats.clusters import differences
from channelscope.stats.intervals import wilson
from channelscope.stats.resampling import Scale

TIERS = ("entry", "middle", "premium")
JUDGED = "premium"
"""The tier whose share is compared with the reference's; the others follow from it in part."""
DELTA = 0.05
"""The smallest difference of shares that matters."""
FEWEST_UNITS = 30
"""Fewer pieces sold in a category bear no claim."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of one tier in one category. Shapes: (stores,)."""

    category: str
    tier: str
    share: Floats
    lo: Floats
    hi: Floats
    units: Floats
    gap: Floats
    gap_lo: Floats
    gap_hi: Floats
    p_value: Floats


def tiers(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `price_tiers`: products and sales of each store, category and tier."""
    carried = session.run(sqlfile.find("price/tier_skus"))
    sales = session.run(sqlfile.find("price/tier_sales")).filter(pl.col("tier").is_in(TIERS))
    unseen = session.run(sqlfile.find("promotion/shelf_only_stores"))["store_id"].to_list()
    told = [_told(scope, each) for each in _shares(sales, scope)]
    schema = {"store_id": pl.String, "category": pl.String, "tier": pl.String}
    found = pl.concat([_empty(schema), *told])
    rows = carried.join(
        found, on=["store_id", "category", "tier"], how="left", maintain_order="left"
    )
    return _judged(rows, scope, unseen).select(TABLES["price_tiers"].names()).cast(
        TABLES["price_tiers"]
    )  # fmt: skip


_NUMBERS = ("share", "lo", "hi", "units", "gap", "gap_lo", "gap_hi", "p_value")


def _empty(keys: dict[str, type[pl.String]]) -> pl.DataFrame:
    return pl.DataFrame(schema={**keys, **dict.fromkeys(_NUMBERS, pl.Float64)})


def _shares(sales: pl.DataFrame, scope: Scope) -> Iterator[Shares]:
    for (category,), rows in sales.group_by("category", maintain_order=True):
        sums = rows.group_by("store_id", "buyer_group").agg(
            pl.col("sales", "units").sum(),
            *(pl.col("sales").filter(tier=tier).sum().alias(tier) for tier in TIERS),
        )
        blocks = pivot(sums, stores=scope.store_ids, block="buyer_group")
        for tier in TIERS:
            yield _of_tier(str(category), tier, blocks, scope)


def _of_tier(category: str, tier: str, blocks: Blocks, scope: Scope) -> Shares:
    share, lo, hi = ratio(blocks, tier, "sales", scale=Scale.LOGIT)
    units = blocks.total("units")
    # A share of none or all, which no buyer moves, is as sure as the pieces sold are many.
    at_end = np.isin(share, (0.0, 1.0)) & (units > 0)
    counted = wilson(np.where(at_end, share * units, np.nan), np.where(at_end, units, np.nan))
    reference = np.full(len(share), scope.store_ids.index(scope.reference_id))
    found = differences(
        ratio_spread(blocks, tier, "sales"), np.arange(len(share)), reference.astype(np.intp)
    )
    return Shares(
        category, tier, share, np.where(at_end, counted.lo, lo), np.where(at_end, counted.hi, hi),
        units, found.value, found.lo, found.hi, found.p_value,
    )  # fmt: skip


def _told(scope: Scope, found: Shares) -> pl.DataFrame:
    numbers = {name: getattr(found, name) for name in _NUMBERS}
    keys = {"store_id": scope.store_ids, "category": found.category, "tier": found.tier}
    return pl.DataFrame({**keys, **numbers}, nan_to_null=True)


def _judged(rows: pl.DataFrame, scope: Scope, unseen: list[str]) -> pl.DataFrame:
    """The premium share against the reference's, adjusted over all stores and categories."""
    enough = pl.col("units").fill_null(0) >= FEWEST_UNITS
    base = rows.filter(enough, store_id=scope.reference_id, tier=JUDGED)["category"].to_list()
    asked = (pl.col("tier") == JUDGED) & (pl.col("store_id") != scope.reference_id)
    tested = asked & enough & pl.col("category").is_in(base)
    p_value = rows.select(pl.when(tested).then("p_value"))["p_value"].to_numpy()
    adjusted = pl.Series(benjamini_hochberg(p_value.astype(np.float64)), nan_to_null=True)
    known = tested & adjusted.is_not_null()
    return rows.with_columns(p_adjusted=adjusted).with_columns(
        outcome=pl.when(~asked)
        .then(None)
        .when(~known)
        .then(pl.lit(Outcome.NOT_IDENTIFIABLE))
        .when((pl.col("gap_lo") >= -DELTA) & (pl.col("gap_hi") <= DELTA))
        .then(pl.lit(Outcome.SAME))
        .when((adjusted <= LEVEL) & ((pl.col("gap_lo") > 0) | (pl.col("gap_hi") < 0)))
        .then(pl.lit(Outcome.DIFFERS))
        .otherwise(pl.lit(Outcome.UNCLEAR)),
        outcome_reason=pl.when(pl.col("outcome_reason").is_not_null())
        .then("outcome_reason")
        .when(pl.col("share").is_null() & pl.col("store_id").is_in(unseen))
        .then(pl.lit("reason.snapshots_only"))
        .when(pl.col("share").is_null())
        .then(pl.lit("reason.no_sales"))
        .when(asked & ~tested)
        .then(pl.lit("reason.few_pieces"))
        .when(pl.col("lo").is_null() | (asked & ~known))
        .then(pl.lit("reason.too_few_blocks")),
    )
