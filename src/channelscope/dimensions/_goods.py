"""The sales of every store by product and buyer group as arrays, and the mixes they make."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope.stats.arrays import Bools, Floats, Ints
from channelscope.stats.dealing import mix_distance
from channelscope.stats.distances import hill, jaccard, jensen_shannon, shared_share, top_share
from channelscope.stats.resampling import jackknife, leave_one_out

TOP = 10


@dataclass(frozen=True, slots=True)
class Goods:
    """Who sells what to whom. G buyer groups, S stores, K products.

    `sales`, `sold` (G, S, K); `listed` on the shelf (S, K); `category` (K,) by number;
    `shelf_only` (S,): listings are known and sales are not.
    """

    stores: tuple[str, ...]
    sales: Floats
    sold: Bools
    listed: Bools
    category: Ints
    shelf_only: Bools

    @property
    def carried(self) -> Bools:
        """Products sold, or listed where only the shelf is known. Shape: (S, K)."""
        return self.sold.any(axis=0) | (self.listed & self.shelf_only[:, None])

    @property
    def net_sales(self) -> Floats:
        """Sales of each store after refunds. Shape: (S,)."""
        total: Floats = self.sales.sum(axis=(0, 2))
        return total

    @property
    def idle(self) -> Bools:
        """Groups in which a store sold nothing; no block of its statistics. Shape: (G, S)."""
        return np.logical_not(self.sold.any(axis=2))


def read(stores: tuple[str, ...], *, sales: pl.DataFrame, listed: pl.DataFrame) -> Goods:
    """Goods from the rows of `sku_sales_by_group` and `listed_skus`."""
    sales = sales.filter(pl.col("store_id").is_in(list(stores)))
    listed = listed.filter(pl.col("store_id").is_in(list(stores)))
    skus = pl.concat([sales["sku"], listed["sku"]]).unique().sort()
    groups = sales["buyer_group"].unique().sort()
    shape = (len(groups), len(stores), len(skus))
    at = (
        _places(sales["buyer_group"], groups),
        _places(sales["store_id"], pl.Series(stores)),
        _places(sales["sku"], skus),
    )
    amounts, sold, shelf = np.zeros(shape), np.zeros(shape, dtype=bool), np.zeros(shape[1:], bool)
    amounts[at] = sales["sales"].cast(pl.Float64).to_numpy()
    sold[at] = True
    shelf[_places(listed["store_id"], pl.Series(stores)), _places(listed["sku"], skus)] = True
    shelf_only = np.logical_and(shelf.any(axis=1), ~sold.any(axis=(0, 2)))
    return Goods(stores, amounts, sold, shelf, _categories(sales, skus), shelf_only)


def _places(values: pl.Series, among: pl.Series) -> Ints:
    numbers: Ints = values.cast(pl.Enum(among)).to_physical().cast(pl.Int64).to_numpy()
    return numbers


def divide(top: Floats, bottom: Floats) -> Floats:
    """The ratio; nan where there is nothing to divide by."""
    ratio: Floats = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom != 0)
    return ratio


def _categories(sales: pl.DataFrame, skus: pl.Series) -> Ints:
    """The category of each product by number; products without one share a number of their own."""
    known = sales.select("sku", "category").unique("sku")
    found = skus.to_frame().join(known, on="sku", how="left", maintain_order="left")
    numbers: Ints = found["category"].rank("dense").fill_null(0).cast(pl.Int64).to_numpy()
    return numbers


def sold_without(goods: Goods) -> Bools:
    """Products a store still sells without one buyer group. Shape: (G, S, K)."""
    groups = goods.sold.sum(axis=0, dtype=np.int16)
    remaining: Bools = (groups - goods.sold) > 0
    return remaining


def weights(goods: Goods, store: int) -> Floats:
    """Sales of a store by product: of all buyers, then without each group. Shape: (1 + G, K).

    A product whose refunds outweigh what was paid has no place in a mix and weighs nothing.
    """
    sales = goods.sales[:, store]
    every = np.concatenate([sales.sum(axis=0, keepdims=True), leave_one_out(sales)])
    positive: Floats = np.maximum(every, 0.0)
    return positive


def concentration(goods: Goods, store: int) -> dict[str, Floats]:
    """Top-ten share and Hill numbers: of all buyers, then without each group. Shape: (1 + G,)."""
    mix = weights(goods, store)
    if mix.shape[1] == 0:
        unknown = np.full(mix.shape[0], np.nan)
        return dict.fromkeys(("top10_share", "hill_0", "hill_1", "hill_2"), unknown)
    return {
        "top10_share": top_share(mix, k=TOP),
        "hill_0": hill(mix, order=0),
        "hill_1": hill(mix, order=1),
        "hill_2": hill(mix, order=2),
    }


def exclusive_without(goods: Goods, remaining: Bools) -> Bools:
    """Products no other store carries, without one buyer group anywhere. Shape: (G, S, K)."""
    shelf = goods.carried & goods.shelf_only[:, None]
    carriers = (remaining | shelf).sum(axis=1)
    alone: Bools = remaining & (carriers == 1)[:, None]
    return alone


def exclusive_shares(goods: Goods, remaining: Bools) -> Floats:
    """Share of sales made with exclusive products. Shape: (1 + G, S), all buyers first."""
    exclusive = exclusive_without(goods, remaining)
    carried = goods.carried
    alone = carried & (carried.sum(axis=0) == 1)
    found = []
    for store in range(len(goods.stores)):
        mix = weights(goods, store)
        which = np.concatenate([alone[None, store], exclusive[:, store]])
        found.append(divide((mix * which).sum(axis=1), mix.sum(axis=1)))
    return np.stack(found, axis=1)


def pair_rows(goods: Goods, order: Ints | None) -> Iterator[dict[str, object]]:
    """Rows of `assortment_pairs`, ids sorted within a pair and over pairs.

    `order`: in which groups of buyers are dealt; None where there are too few of them.
    """
    if goods.sales.shape[2] == 0:
        return
    by_category = goods.category[:, None] == np.unique(goods.category)
    mixes = [weights(goods, store) for store in range(len(goods.stores))]
    coarse = [mix @ by_category for mix in mixes]
    by_group = np.maximum(goods.sales @ by_category, 0.0)
    places = sorted(range(len(goods.stores)), key=lambda store: goods.stores[store])
    for place, a in enumerate(places):
        for b in places[place + 1 :]:
            idle = (goods.idle[:, a] & goods.idle[:, b])[:, None]
            yield {
                "store_a": goods.stores[a],
                "store_b": goods.stores[b],
                **_shared(goods, a, b),
                **_shared_sales(mixes[a], mixes[b], idle),
                **_divergence("divergence_sku", mixes[a], mixes[b], idle),
                **_divergence("divergence_category", coarse[a], coarse[b], idle),
                **_category_distance(by_group[:, a], by_group[:, b], order),
            }


def _shared(goods: Goods, a: int, b: int) -> dict[str, object]:
    first, second = _comparable(goods, a, b)
    known = bool(first.any() and second.any())
    return {
        "shared_skus": int((first & second).sum()) if known else None,
        "jaccard": float(jaccard(first, second)) if known else np.nan,
    }


def _comparable(goods: Goods, a: int, b: int) -> tuple[Bools, Bools]:
    """What two stores carry, like with like: shelf against shelf where one has only that."""
    carried = goods.carried
    shelf = goods.shelf_only[a] or goods.shelf_only[b]
    first, second = (
        goods.listed[store] if shelf and goods.listed[store].any() else carried[store]
        for store in (a, b)
    )
    return first, second


def _shared_sales(first: Floats, second: Floats, idle: Bools) -> dict[str, object]:
    draws = shared_share(first, second)
    interval = jackknife(draws[0], np.where(idle[:, 0], np.nan, draws[1:]))
    return {
        "shared_sales": float(draws[0]),
        "shared_sales_lo": float(np.maximum(interval.lo, 0.0)),
        "shared_sales_hi": float(np.minimum(interval.hi, 1.0)),
    }


def _divergence(name: str, first: Floats, second: Floats, idle: Bools) -> dict[str, object]:
    draws = jensen_shannon(first, second)
    replicates = np.where(idle[:, 0], np.nan, draws[1:])
    interval = jackknife(draws[0], replicates)
    return {
        name: float(draws[0]),
        f"{name}_lo": float(np.maximum(interval.lo, 0.0)),
        f"{name}_hi": float(np.minimum(interval.hi, 1.0)),
    }


def _category_distance(first: Floats, second: Floats, order: Ints | None) -> dict[str, object]:
    names = ("distance_category", "distance_category_lo", "distance_category_hi")
    if order is None:
        return dict.fromkeys(names)
    found = mix_distance(first, second, order)
    ends = (found.value, found.lo, found.hi)
    values = [float(np.sign(end) * np.sqrt(abs(end))) for end in ends]
    return dict(zip(names, [max(values[0], 0.0), values[1], min(values[2], 1.0)], strict=True))
