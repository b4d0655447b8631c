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

ENOUGH_COST = 0.8
"""Unit costs of a smaller part of the goods say nothing of the whole."""


@dataclass(frozen=True, slots=True)
class Offer:
    """The goods of one plan. Shapes: (S,) unless said otherwise.

    `sales`: what each store takes a month with such goods; `served`: part of the candidate's sales
    in goods that the store has too, before exclusive goods are taken off; `distance`: of the mixes,
    0 to 1. `cost`: product cost over paid amount, at the store's own prices; nan = not known.
    `exclusive`: part of the sales in goods that nobody else sells.
    `skus`: the products, the whole category where categories are planned.
    """

    name: str
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
    reach = _reach(goods, mix, evidence)
    unsold = float(weight[~sold_by.any(axis=0)].sum()) if len(weight) else 0.0
    exclusive = goods.exclusive_share or Guess(low=unsold, likely=unsold, high=unsold)
    return Offer(
        name=name,
        skus=tuple(mix["sku"]),
        sales=reach / np.maximum(evidence.months_open, 1e-9),
        served=(sold_by * weight).sum(axis=1),
        distance=_distances(evidence, mix),
        cost=_cost(evidence, mix["sku"].to_list()),
        exclusive=exclusive,
    )


def _mix(goods: Goods, evidence: Evidence) -> pl.DataFrame:
    """Products and their expected part of the candidate's sales; columns sku, weight."""
    sold = evidence.goods.group_by("sku").agg(pl.sum("paid_amount"))
    known = evidence.products.join(sold, on="sku", how="left").sort("sku")
    if goods.skus:
        listed = known.filter(pl.col("sku").is_in(goods.skus))
        usual = known.group_by("top_category").agg(usual=pl.median("paid_amount"))
        amount = pl.coalesce("paid_amount", "usual", pl.lit(1.0))
        listed = listed.join(usual, on="top_category", how="left", nulls_equal=True)
        return listed.select("sku", weight=amount / amount.sum()).sort("sku")
    parts = []
    for category, share in goods.category_shares.items():
        inside = known.filter(lies_in(category), pl.col("paid_amount") > 0)
        part = pl.col("paid_amount") / pl.col("paid_amount").sum()
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


def _reach(goods: Goods, mix: pl.DataFrame, evidence: Evidence) -> Floats:
    """What each store sold in the candidate's categories, as far as its products reach. (S,)."""
    own = mix["sku"].to_list()
    if not goods.skus:
        return np.asarray(_matrix(evidence, own, "paid_amount").sum(axis=1))
    tops = evidence.products.filter(pl.col("sku").is_in(own))["top_category"].unique()
    total = np.zeros(len(evidence.ids))
    every = evidence.goods.group_by("sku", "top_category").agg(pl.sum("paid_amount"))
    for top in sorted(tops.drop_nulls()):
        inside = every.filter(pl.col("top_category") == top)
        if inside.is_empty():
            continue
        skus = inside["sku"].to_list()
        mine = evidence.products.filter(pl.col("top_category") == top, pl.col("sku").is_in(own))
        usual = float(inside["paid_amount"].median())  # type: ignore[arg-type]
        kept = inside.filter(pl.col("sku").is_in(own))
        new = mine.height - kept.height
        part = (float(kept["paid_amount"].sum()) + new * usual) / float(inside["paid_amount"].sum())
        total += _matrix(evidence, skus, "paid_amount").sum(axis=1) * part
    return total


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
