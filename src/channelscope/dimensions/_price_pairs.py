"""Price, two stores at a time: differences of levels, and how far apart the same goods are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.contrasts import difference_rows, pairing
from channelscope.dimensions._price_scatter import LINK_SKUS
from channelscope.domain import Rung, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.pair_distances import (
    DRAWS,
    FEW_BUYERS,
    MINIMUM_CASES,
    MINIMUM_GROUPS,
    TOO_FEW_WEEKS,
    Told,
    deals,
    pair_rows,
)
from channelscope.registry import FULL_PRICE_GAP, METRIC_OF_RUNG
from channelscope.stats.adjustment import LEVEL
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.clusters import Spread, spread
from channelscope.stats.price_gaps import Gaps, gap_distance, price_gaps
from channelscope.stats.price_levels import Levels
from channelscope.stats.tails import SMALLEST

MINIMUM_WEEKS = 3
LUCK_OF_WEEKS = "reason.luck_of_weeks"
"""Products tell a level apart and weeks do not."""
PAID_RUNGS = (Rung.REALISED, Rung.MERCHANT, Rung.POCKET)
"""The rungs whose prices depend on who bought when."""
SAME_LEVEL = 1e-11
"""A log ratio below which two levels are one."""


@dataclass(frozen=True, slots=True)
class Bought:
    """What was bought, and what the shelf asked, by store (S), product (K), week (W), group (G)."""

    paid: Floats
    units: Floats
    group_paid: Floats
    group_units: Floats
    shelf: Floats

    @property
    def sells(self) -> Bools:
        """Stores whose sales are known. Shape: (S,)."""
        return np.asarray(np.any(self.units > 0, axis=(1, 2)))

    @property
    def shelves(self) -> Bools:
        """Stores whose shelf prices are known. Shape: (S,)."""
        return np.asarray(np.any(self.shelf > 0, axis=(1, 2)))

    @property
    def many(self) -> Bools:
        """Stores with enough groups of buyers. Shape: (S,)."""
        groups = np.any(self.group_units > 0, axis=2).sum(axis=0)
        return np.asarray(groups >= MINIMUM_GROUPS)


def pairs(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `pairs`: realised prices of two stores with orders, else prices of one piece."""
    bought = _read(session, scope.store_ids)
    weeks, groups = bought.paid.shape[2], len(bought.group_paid)
    signs = np.random.default_rng(scope.seed).choice([-1.0, 1.0], size=(DRAWS, weeks))
    order = deals(scope, groups)
    sells, shelves, many = bought.sells, bought.shelves, bought.many

    def tell(a: int, b: int) -> Told:
        if sells[a] and sells[b]:
            if order is None or not (many[a] and many[b]):
                return Told(None, np.nan, FEW_BUYERS)
            return _realised(bought, a, b, signs, order)
        if shelves[a] and shelves[b]:
            return _on_shelf(bought, a, b, signs)
        return Told(None, np.nan, "reason.no_common_rung")

    return pair_rows(scope, "price", tell)


def _realised(bought: Bought, a: int, b: int, signs: Floats, order: Ints) -> Told:
    gaps = price_gaps(bought.paid[a], bought.units[a], bought.paid[b], bought.units[b])
    buyers = tuple(
        part[:, store] for store in (a, b) for part in (bought.group_paid, bought.group_units)
    )
    return _told(gaps, signs, order, buyers)


def _on_shelf(bought: Bought, a: int, b: int, signs: Floats) -> Told:
    """Prices asked, one observation a week of each product: nobody's purchases weigh in."""
    seen = [(bought.shelf[store] > 0).astype(np.float64) for store in (a, b)]
    gaps = price_gaps(bought.shelf[a], seen[0], bought.shelf[b], seen[1])
    return _told(gaps, signs, np.zeros((1, 2), dtype=np.int64), None)


def _told(gaps: Gaps, signs: Floats, order: Ints, buyers: tuple[Floats, ...] | None) -> Told:
    shared = len(gaps.gap)
    if shared < LINK_SKUS:
        none = shared == 0
        return Told(None, shared, f"reason.{'no' if none else 'few'}_common_products")
    if gaps.common.any(axis=0).sum() < MINIMUM_WEEKS:
        return Told(None, shared, TOO_FEW_WEEKS)
    four = (buyers[0], buyers[1], buyers[2], buyers[3]) if buyers else None
    return Told(gap_distance(gaps, signs, order, buyers=four, full=FULL_PRICE_GAP), shared)


def _read(session: Session, stores: tuple[str, ...]) -> Bought:
    frames = {
        name: session.run(sqlfile.find(f"price/{name}")).filter(
            pl.col("store_id").is_in(list(stores))
        )
        for name in ("sold_by_week", "sold_by_group", "shelf_by_week")
    }
    week, group, shelf = frames.values()
    skus = pl.concat([frame["sku"] for frame in frames.values()]).unique().sort()
    weeks = pl.concat([week["week_start"], shelf["week_start"]]).unique().sort()
    groups = group["buyer_group"].unique().sort()
    axes = {"store_id": pl.Series(stores), "sku": skus, "week_start": weeks, "buyer_group": groups}

    def dense(frame: pl.DataFrame, value: str, *grain: str) -> Floats:
        array = np.zeros([len(axes[name]) for name in grain])
        if frame.height:
            array[tuple(_places(frame[name], axes[name]) for name in grain)] = frame[value]
        return array

    by_week, by_group = ("store_id", "sku", "week_start"), ("buyer_group", "store_id", "sku")
    return Bought(
        dense(week, "paid", *by_week), dense(week, "units", *by_week),
        dense(group, "paid", *by_group), dense(group, "units", *by_group),
        dense(shelf, "price", *by_week),
    )  # fmt: skip


def _places(values: pl.Series, among: pl.Series) -> Ints:
    known = pl.DataFrame({"value": among, "at": np.arange(len(among))})
    found = values.to_frame("value").join(known, on="value", how="left", maintain_order="left")
    places: Ints = found["at"].to_numpy()
    return places


def level_differences(
    scope: Scope, metric: str, found: Levels, *, moves: Bools | bool
) -> pl.DataFrame:
    """Rows of `differences` of one rung's levels, in points of the reference's 100."""
    # The reference stands still: its products are no blocks of another store's level.
    still = np.array(scope.store_ids) == scope.reference_id
    steady = spread(found.log_level, np.where(still, np.nan, found.draws))
    ratios = _all_alike(scope, steady, difference_rows(scope, metric, steady))
    # A ratio of two levels, taken back to points: against the reference, the level less 100.
    pairs = pairing(scope)
    own, base = (100 * np.exp(found.log_level[at]) for at in (pairs.stores, pairs.references))
    rows = ratios.with_columns(
        (pl.Series(base) * (pl.col(name).exp() - 1)).alias(name) for name in ("value", "lo", "hi")
    ).with_columns(detectable=pl.Series(own) * pl.col("detectable"))
    moving = np.broadcast_to(moves, len(scope.store_ids))
    ids = [store for store, does in zip(scope.store_ids, moving, strict=True) if does]
    depends = pl.col("store_id").is_in(ids) | pl.col("reference_id").is_in(ids)
    why = pl.when(depends & pl.col("value").is_not_null()).then(pl.lit("reason.depends_on_when"))
    return rows.with_columns(outcome_reason=why)


def _all_alike(scope: Scope, found: Spread, rows: pl.DataFrame) -> pl.DataFrame:
    """Levels that no product moves: all stand alike, which is as sure as there are products.

    The p-value is that of the sign test: 2 × 0.5^products, 1 where nothing differs. A handful of
    products that stand alike says little of others: below thirty there is no interval.
    """
    pairs = pairing(scope)
    products = np.maximum(
        *(found.active[:, places].sum(axis=0) for places in (pairs.stores, pairs.references))
    )
    still = (rows["hi"] - rows["lo"] < SAME_LEVEL).fill_null(True)
    unmoved = pl.Series(products >= LINK_SKUS) & still & rows["value"].is_not_null()
    alike = unmoved & pl.Series(products >= MINIMUM_CASES)
    few = unmoved & ~alike
    apart = rows["value"].abs() > SAME_LEVEL
    sure = pl.Series(np.maximum(2.0 * 0.5**products, SMALLEST))
    return rows.with_columns(
        lo=pl.when(alike).then("value").when(~few).then("lo"),
        hi=pl.when(alike).then("value").when(~few).then("hi"),
        p_value=pl.when(alike & apart).then(sure).when(alike).then(1.0).when(~few).then("p_value"),
        detectable=pl.when(alike).then(0.0).when(~few).then("detectable"),
    )


def no_surer_than(pairs: pl.DataFrame, differences: pl.DataFrame) -> pl.DataFrame:
    """Paid prices differ no more surely than the two stores' prices product by product.

    Deleting products shows how far single goods carry a level, not the luck of weeks and buyers
    that all goods of a store share; the distance of prices does. Where weeks or buyers are too few
    for that, nothing is said of the levels either.
    """
    ends = pl.concat_list("store_id", "reference_id").list.sort().list.join("+")
    sold = pl.col("metric").is_in([METRIC_OF_RUNG[rung] for rung in PAID_RUNGS])
    return _capped(differences.with_columns(ends=ends), pairs, sold).select(differences.columns)


def no_surer(pairs: pl.DataFrame, index: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The same of the levels of `price_index`, each against the reference."""
    both = pl.concat_list("store_id", pl.lit(scope.reference_id))
    ends = both.list.sort().list.join("+")
    sold = pl.col("rung").is_in([str(rung) for rung in PAID_RUNGS])
    return _capped(index.with_columns(ends=ends), pairs, sold).select(index.columns)


def _capped(rows: pl.DataFrame, pairs: pl.DataFrame, sold: pl.Expr) -> pl.DataFrame:
    known = pairs.select(
        ends=pl.concat_str("store_a", "store_b", separator="+"), pair="p_value",
        pair_reason="outcome_reason",
    )  # fmt: skip
    both = rows.join(known, on="ends", how="left", maintain_order="left")
    mine = sold & pl.col("p_value").is_not_null()
    too_few = mine & pl.col("pair_reason").is_in([TOO_FEW_WEEKS, FEW_BUYERS])
    decided = mine & (pl.col("p_value") <= LEVEL) & (pl.col("pair") > LEVEL)
    return both.with_columns(
        p_value=pl.when(too_few)
        .then(None)
        .when(mine)
        .then(pl.max_horizontal("p_value", "pair"))
        .otherwise("p_value"),
        outcome_reason=pl.coalesce(
            "outcome_reason",
            pl.when(too_few).then("pair_reason").when(decided).then(pl.lit(LUCK_OF_WEEKS)),
        ),
    )
