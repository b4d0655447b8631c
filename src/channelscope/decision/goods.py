"""What a candidate would sell, held against what every store sells of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope.candidate import Goods, Guess
from channelscope.decision.evidence import Evidence
from channelscope.domain import SEPARATOR
from channelscope.estimates import Floats
from channelscope.stats.distances import jensen_shannon

LEAST_CARRIED = 0.2
"""A store with a smaller part of a category's demand says little of the rest."""
ENOUGH_COST = 0.8
"""Unit costs of a smaller part of the goods say nothing of the whole."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The goods of one plan. Shapes: (S,) unless said otherwise.

    `sales`: what each store takes a month with such goods; `served`: part of the candidate's sales
    in goods that the store has too, before exclusive goods are taken off; `distance`: of the mixes,
    0 to 1. `cost`: product cost over paid amount, at the store's own prices; nan = not known.
    `exclusive`: part of the sales in goods that nobody else sells.
    `is_listed`: products are named, so `served` has left the exclusive ones out already.
    `skus`: the products, the whole category where categories are planned.
    """

    name: str
    is_listed: bool
    skus: tuple[str, ...]
    sales: Floats
    served: Floats
    distance: Floats
    cost: Floats
    exclusive: Guess


def offer(name: str, goods: Goods, evidence: Evidence) -> Offer:
    """A plan's goods, as the stores of the workspace sell them."""
    mix = _mix(goods, evidence)
    wide = _matrix(evidence, mix["sku"].to_list(), "paid_amount")
    weight = mix["weight"].to_numpy()
    sold_by = wide > 0
    unsold = float(weight[~sold_by.any(axis=0)].sum()) if len(weight) else 0.0
    exclusive = goods.exclusive_share or Guess(low=unsold, likely=unsold, high=unsold)
    return Offer(
        name=name,
        is_listed=bool(goods.skus),
        skus=tuple(mix["sku"]),
        sales=_reach(wide, weight) / np.maximum(evidence.months_open, 1e-9),
        served=(sold_by * weight).sum(axis=1),
        distance=_distances(evidence, mix),
        cost=_cost(evidence, mix["sku"].to_list()),
        exclusive=exclusive,
    )


def _mix(goods: Goods, evidence: Evidence) -> pl.DataFrame:
    """Products and their expected part of the candidate's sales; columns sku, weight."""
    demand = _demand(evidence)
    if goods.skus:
        listed = demand.filter(pl.col("sku").is_in(goods.skus))
        return listed.select("sku", weight=pl.col("rate") / pl.col("rate").sum())
    parts = []
    for category, share in goods.category_shares.items():
        inside = demand.filter(lies_in(category), "is_sold")
        part = pl.col("rate") / pl.col("rate").sum()
        parts.append(inside.select("sku", weight=part * share))
    return pl.concat(parts).group_by("sku").agg(pl.sum("weight")).sort("sku")


def lies_in(category: str) -> pl.Expr:
    """Whether a product's path holds the category: one level of it or several."""
    path = pl.concat_str(pl.lit(SEPARATOR), "category", pl.lit(SEPARATOR))
    return path.str.contains(f"{SEPARATOR}{category}{SEPARATOR}", literal=True)


def _matrix(evidence: Evidence, skus: list[str], column: str) -> Floats:
    """A column by store and product, 0 where nothing was sold. Shape: (S, K)."""
    found = np.zeros((len(evidence.ids), len(skus)))
    places = {sku: at for at, sku in enumerate(skus)}
    stores = {store: at for at, store in enumerate(evidence.ids)}
    rows = evidence.goods.filter(pl.col("sku").is_in(skus)).select("store_id", "sku", column)
    for store, sku, value in rows.iter_rows():
        found[stores[store], places[sku]] = value or 0.0
    return found


def _reach(sold: Floats, weight: Floats) -> Floats:
    """What each store would have sold with all of the goods; nan where it has too few. (S,).

    What it sold of them, over the part of their demand that it carries: with twice as many of them
    it would have sold twice as much. Shapes: `sold` (S, K), `weight` (K,).
    """
    carried = ((sold > 0) * weight).sum(axis=1)
    enough = carried >= LEAST_CARRIED
    full = np.full(len(sold), np.nan)
    return np.asarray(np.divide(sold.sum(axis=1), carried, out=full, where=enough))


def _demand(evidence: Evidence) -> pl.DataFrame:
    """How much each product is wanted where it can be had: `rate`; `part` of its category.

    What it sold, over all that the stores sold that have it: what all sold of it would tell of how
    many stores have it as well. A product that nobody sold is as usual for its category.
    """
    size = evidence.goods.group_by("store_id").agg(size=pl.sum("paid_amount"))
    sold = (
        evidence.goods.join(size, on="store_id")
        .group_by("sku")
        .agg(rate=pl.sum("paid_amount") / pl.sum("size"))
    )
    usual = pl.coalesce("rate", pl.median("rate").over("top_category"), pl.median("rate"))
    return (
        evidence.products.join(sold, on="sku", how="left")
        .with_columns(is_sold=pl.col("rate").is_not_null(), rate=usual)
        .with_columns(part=pl.col("rate") / pl.col("rate").sum().over("top_category"))
        .sort("sku")
    )


def _distances(evidence: Evidence, mix: pl.DataFrame) -> Floats:
    """Root of the divergence between the candidate's mix of products and each store's. (S,)."""
    skus = sorted({*evidence.goods["sku"], *mix["sku"]})
    mine = dict(mix.iter_rows())
    own = np.array([mine.get(sku, 0.0) for sku in skus])
    every = _matrix(evidence, skus, "paid_amount")
    return np.array([np.sqrt(max(float(jensen_shannon(own, row)), 0.0)) for row in every])


def _cost(evidence: Evidence, skus: list[str]) -> Floats:
    """Product cost over paid amount of these goods, where enough of it is known. (S,)."""
    goods = evidence.goods.filter(pl.col("sku").is_in(skus))
    known = pl.col("product_cost").is_not_null()
    sums = goods.group_by("store_id").agg(
        cost=pl.sum("product_cost"),
        known=pl.col("paid_amount").filter(known).sum(),
        paid=pl.sum("paid_amount"),
    )
    found = {
        row["store_id"]: row["cost"] / row["known"]
        for row in sums.iter_rows(named=True)
        if row["known"] and row["known"] >= ENOUGH_COST * row["paid"]
    }
    return np.array([found.get(store, np.nan) for store in evidence.ids])
