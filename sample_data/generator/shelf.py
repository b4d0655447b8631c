"""Which store carries which product when, and what each piece costs there on each day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from channelscope.promotion_rules import divide_half_up
from sample_data.generator.calendar import DATES, DAYS, WEEK, WEEKS, day_of
from sample_data.generator.catalogue import (
    BAKING,
    COOKWARE,
    COUNTS,
    DESIGN_SEED,
    DRINKWARE,
    KNIVES,
    STORAGE,
    TABLEWARE,
    Catalogue,
)
from sample_data.generator.checkout import OrderRules
from sample_data.generator.promotions import Promotion
from sample_data.generator.stores import D1, D2, D3, F1, F2, M1, M2, S1, STORES

X1 = len(STORES) - 1
# Weeks after the launch until a store lists a new product: the flagship first.
WAIT = {F1: 0, F2: 2, S1: 4, M1: 6, M2: 10, D1: 8, D2: 10, D3: 10, X1: 12}
# Products only one store has, counted from the end of the category.
OWN = {S1: {COOKWARE: 5}, M1: {TABLEWARE: 2, BAKING: 2},
       M2: {STORAGE: 3, DRINKWARE: 2, BAKING: 1}}  # fmt: skip
RISE_DAY = np.flatnonzero(np.datetime64("2026-03-02") == DATES)[0]
OUT_OF_STOCK = 0.004  # chance per week that a product runs out; it stays so one to three weeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """Prices per piece in cents and availability.

    *Shapes*: `list_price` (days, SKUs); `markdown`, `subsidy`, `is_deal`, `item_promotion` (stores,
    days, SKUs); `rules` (6, stores, days) in the order of OrderRules; `order_promotion` (stores,
    days); `listed`, `in_stock` (stores, weeks, SKUs); `sku_rank` (SKUs,) the place of each id among
    all ids. A promotion is its position in the list, −1 none.
    """

    list_price: NDArray[np.int32]
    markdown: NDArray[np.int32]
    subsidy: NDArray[np.int32]
    is_deal: NDArray[np.bool_]
    item_promotion: NDArray[np.int16]
    rules: NDArray[np.int64]
    order_promotion: NDArray[np.int16]
    listed: NDArray[np.bool_]
    in_stock: NDArray[np.bool_]
    sku_rank: NDArray[np.int64]

    def rules_of(self, store: NDArray[np.int64], day: NDArray[np.int64]) -> OrderRules:
        """What each store offers above the item level on each day."""
        quantity_from, quantity_rate, coupon_from, coupon, step, cross = self.rules[:, store, day]
        return OrderRules(
            quantity_from=quantity_from, quantity_rate=quantity_rate, coupon_from=coupon_from,
            coupon_amount=coupon, cross_step=step, cross_amount=cross,
        )  # fmt: skip


def build_shelf(catalogue: Catalogue, *, promotions: tuple[Promotion, ...]) -> Shelf:
    """Compile assortments and promotions into tables a price can be looked up in."""
    list_price = _list_prices(catalogue)
    shape = (len(STORES), DAYS, len(catalogue.sku))
    markdown, subsidy = np.zeros(shape, np.int32), np.zeros(shape, np.int32)
    is_deal, item_promotion = np.zeros(shape, bool), np.full(shape, -1, np.int16)
    rules = np.zeros((6, len(STORES), DAYS), np.int64)
    order_promotion = np.full((len(STORES), DAYS), -1, np.int16)
    for number, promotion in enumerate(promotions):
        store, days = promotion.store, slice(promotion.start, promotion.end + 1)
        if promotion.mechanism in {"markdown", "subsidy"}:
            skus = _covered(promotion, catalogue=catalogue)
            cut = _cut(list_price[days][:, skus], rate=promotion.benefit)
            if promotion.mechanism == "subsidy":
                subsidy[store, days][:, skus] = cut
                continue
            best = cut > markdown[store, days][:, skus]  # of markdowns that meet, the deepest
            _overwrite(markdown[store, days], skus=skus, where=best, value=cut)
            _overwrite(item_promotion[store, days], skus=skus, where=best, value=number)
            _overwrite(is_deal[store, days], skus=skus, where=best, value=promotion.is_deal)
        else:
            _set_rule(rules[:, store, days], promotion=promotion)
            order_promotion[store, days] = number
    listed, in_stock = _availability(catalogue)
    return Shelf(
        list_price=list_price, markdown=markdown, subsidy=subsidy, is_deal=is_deal,
        item_promotion=item_promotion, rules=rules, order_promotion=order_promotion,
        listed=listed, in_stock=in_stock, sku_rank=np.argsort(np.argsort(catalogue.sku)),
    )  # fmt: skip


def _covered(promotion: Promotion, *, catalogue: Catalogue) -> NDArray[np.int64]:
    if promotion.skus:
        return np.array(promotion.skus)
    if promotion.category is not None:
        return np.flatnonzero(catalogue.category == promotion.category)
    return np.arange(len(catalogue.sku))


def _cut(price: NDArray[np.int32], *, rate: float) -> NDArray[np.int32]:
    basis_points = np.full(price.shape, round(rate * 10_000), dtype=np.int64)
    cut = divide_half_up(price.astype(np.int64) * basis_points, np.full(price.shape, 10_000))
    return cut.astype(np.int32)


def _overwrite(
    table: NDArray[Any], *, skus: NDArray[np.int64], where: NDArray[np.bool_], value: Any
) -> None:
    table[:, skus] = np.where(where, value, table[:, skus])


def _set_rule(place: NDArray[np.int64], *, promotion: Promotion) -> None:
    threshold, benefit = promotion.threshold, promotion.benefit
    if promotion.mechanism == "tier_qty":
        place[0], place[1] = round(threshold), round(benefit * 10_000)
    elif promotion.mechanism == "coupon_shop":
        place[2], place[3] = round(threshold * 100), round(benefit * 100)
    else:
        place[4], place[5] = round(threshold * 100), round(benefit * 100)


def _list_prices(catalogue: Catalogue) -> NDArray[np.int32]:
    """One list price everywhere; one product in six rises by 5% in March 2026."""
    table = np.tile(catalogue.list_price.astype(np.int32), (DAYS, 1))
    risen = np.arange(len(catalogue.sku)) % 6 == 2
    higher = np.round(catalogue.list_price * 1.05 / 1000).astype(np.int32) * 1000 - 100
    table[RISE_DAY:, risen] = np.maximum(higher, catalogue.list_price + 100)[risen]
    return table


def assortments(catalogue: Catalogue) -> NDArray[np.bool_]:
    """(stores, SKUs): what each store ever carries."""
    category, price = catalogue.category, catalogue.list_price
    number = np.arange(len(category)) - np.searchsorted(category, category)
    # Position by appeal over the whole catalogue: distributors pick what sells.
    rank = np.argsort(np.argsort(-catalogue.appeal * price))
    found = np.zeros((len(STORES), len(category)), dtype=bool)
    found[F1] = True
    found[F2] = rank < 132
    found[S1] = (category == COOKWARE) | ((category == KNIVES) & (rank < 110))
    found[M1] = ~np.isin(category, (COOKWARE, KNIVES)) | ((category == KNIVES) & (number < 5))
    found[M2] = (price < 17_000) & (rank < 125) & (number % 5 != 3)
    found[D1] = rank < 112
    found[D2] = found[D3] = (rank < 92) & (price < 24_000)
    found[X1] = (rank < 80) & (number % 4 != 1)
    for store, own in OWN.items():
        for group, count in own.items():
            mine = (category == group) & (number >= COUNTS[group] - count)
            found[:, mine] = False
            found[store, mine] = True
    return found


def _availability(catalogue: Catalogue) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Listed from a while after the launch (own products at once); now and then out of stock."""
    rng = np.random.default_rng(DESIGN_SEED + 2)
    carries = assortments(catalogue)
    is_own = carries.sum(axis=0) == 1
    first_week = np.searchsorted(WEEK, np.arange(WEEKS))
    monday = DATES[first_week]
    listed = np.zeros((len(STORES), WEEKS, len(catalogue.sku)), dtype=bool)
    for store, weeks in WAIT.items():
        wait = np.where(is_own, 0, weeks) * np.timedelta64(7, "D")
        known = catalogue.launched_on < np.datetime64("2024-10-01")
        since = np.where(known, DATES[0], catalogue.launched_on + wait)
        opened = monday >= np.datetime64(STORES[store].opened_on)
        listed[store] = carries[store] & (monday[:, None] >= since) & opened[:, None]
    out = rng.random(listed.shape) < OUT_OF_STOCK
    length = rng.integers(1, 4, listed.shape)
    missing = out.copy()
    for lag in (1, 2):
        missing[:, lag:] |= out[:, :-lag] & (length[:, :-lag] > lag)
    return listed, listed & ~missing


def opening_day(store: int) -> int:
    """First day of trade as a position; 0 when it traded before the data."""
    return max(day_of(STORES[store].opened_on), 0)
