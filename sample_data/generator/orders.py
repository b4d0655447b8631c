"""From chosen stores to priced order lines, with the blemishes real exports have."""

from __future__ import annotations

import hashlib
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DATES, DAYS, WEEK, day_of
from sample_data.generator.checkout import BasketLines, PricedLines, price_orders
from sample_data.generator.choice import NOWHERE_TO_GO
from sample_data.generator.occasions import Buyers, Occasions
from sample_data.generator.shelf import Shelf
from sample_data.generator.stores import PLATFORMS, REGIONS, SELLING

MASKED_SHARE, MASKED_FROM = 0.60, date(2026, 1, 1)  # pdd hides buyer ids from then on
EXCLUDED_SHARE = 0.003
UNEXPLAINED_SHARE = 0.005
WHOLE_ORDER_SHARE, PART_SHARE = 0.70, 0.15  # of refunds: everything; a part of one line
LAG_MEDIAN, LAG_SPREAD = 6.0, 0.62  # days from payment to refund, lognormal
MASK, EXCLUDE, REFUND, WHOLE, LAG_A, LAG_B, PART = range(7)  # columns of Occasions.chance


def order_lines(
    occasions: Occasions, *, chosen: NDArray[np.int64], buyers: Buyers, shelf: Shelf
) -> pl.DataFrame:
    """The month's order lines with money in cents (`*_c`) and the need behind each (`need`)."""
    line_store = chosen[occasions.line_occasion]
    day = occasions.day[occasions.line_occasion]
    sells = np.minimum(line_store, NOWHERE_TO_GO - 1)
    has = shelf.in_stock[sells, WEEK[day], occasions.line_sku]
    kept = np.flatnonzero((line_store < NOWHERE_TO_GO) & has)
    occasion, sku = occasions.line_occasion[kept], occasions.line_sku[kept]
    store, day = line_store[kept], day[kept]
    order, first = _renumber(occasion)
    line_no = np.arange(len(kept)) - first + 1
    lines = BasketLines(
        order=order, sku=shelf.sku_rank[sku], line_no=line_no, pieces=occasions.line_pieces[kept],
        list_price=shelf.list_price[day, sku].astype(np.int64),
        markdown=shelf.markdown[store, day, sku].astype(np.int64),
        subsidy=shelf.subsidy[store, day, sku].astype(np.int64),
    )  # fmt: skip
    firsts = np.flatnonzero(line_no == 1)
    priced = price_orders(lines, rules=shelf.rules_of(store[firsts], day[firsts]))
    chance = occasions.line_chance[kept]
    paid = _unexplained(priced, pieces=lines.pieces, chance=chance)
    refunded, refund_second = _refunds(
        paid, occasion=occasion, order=order, store=store, day=day, occasions=occasions
    )
    promotion = shelf.item_promotion[store, day, sku]
    promotion = np.where(promotion < 0, shelf.order_promotion[store, day], promotion)
    return pl.DataFrame({
        "store": store, "day": day, "second": occasions.second[occasion],
        "occasion": occasion, "line_no": line_no, "sku": sku, "pieces": lines.pieces,
        "need": occasions.need[occasion], "list_c": lines.list_price, "paid_c": paid,
        "markdown_c": priced.markdown, "subsidy_c": priced.subsidy, "tier_qty_c": priced.tier_qty,
        "coupon_shop_c": priced.coupon_shop, "tier_cross_c": priced.tier_cross,
        "refunded_c": refunded, "refund_second": refund_second, "promotion": promotion,
        "buyer": occasions.buyer[occasion], "region": buyers.region[occasions.buyer[occasion]],
        "masked": _masked(store, day=day, chance=occasions.chance[occasion, MASK]),
        "excluded": occasions.chance[occasion, EXCLUDE] < EXCLUDED_SHARE,
    })  # fmt: skip


def _renumber(occasion: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Orders counted from 0, and the position of each line's first line; occasions come sorted."""
    starts = np.ones(len(occasion), dtype=bool)
    starts[1:] = occasion[1:] != occasion[:-1]
    order = np.cumsum(starts) - 1
    return order, np.flatnonzero(starts)[order]


def _unexplained(
    priced: PricedLines, *, pieces: NDArray[np.int64], chance: NDArray[np.float64]
) -> NDArray[np.int64]:
    """What is paid; on a few lines it differs from what the discounts say (a cut nobody wrote down,
    or a surcharge on one in five of them)."""
    spread = chance / UNEXPLAINED_SHARE
    amount = pieces * np.where(spread < 0.2, -200, 100 + np.floor(spread * 9) * 100)
    off = np.where(spread < 1, np.minimum(amount, priced.paid // 2), 0)
    return priced.paid - off.astype(np.int64)


def _refunds(
    paid: NDArray[np.int64], *, occasion: NDArray[np.int64], order: NDArray[np.int64],
    store: NDArray[np.int64], day: NDArray[np.int64], occasions: Occasions,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:  # fmt: skip
    """(cents, seconds from the first day) of refunds known by the end of the data; −1: none yet."""
    rate = np.array([s.refund_rate for s in SELLING])[store]
    chance = occasions.chance[occasion]
    # The chance left below the rate is uniform again and picks the line of a partial return.
    share = chance[:, REFUND] / rate
    lines = np.bincount(order)[order]
    place = np.arange(len(order)) - np.searchsorted(order, order)
    mine = (chance[:, WHOLE] < WHOLE_ORDER_SHARE) | (np.floor(share * lines) == place)
    part = np.where(chance[:, PART] < PART_SHARE, 0.3 + 2 * chance[:, PART], 1.0)
    normal = np.sqrt(-2 * np.log1p(-chance[:, LAG_A])) * np.cos(2 * np.pi * chance[:, LAG_B])
    lag = LAG_MEDIAN * np.exp(LAG_SPREAD * normal) * 86_400
    at = day * 86_400 + occasions.second[occasion] + lag.astype(np.int64)
    known = (share < 1) & mine & (at < DAYS * 86_400)
    amount = np.floor(paid * part).astype(np.int64)
    return np.where(known, amount, 0), np.where(known & (amount > 0), at, -1)


def _masked(
    store: NDArray[np.int64], *, day: NDArray[np.int64], chance: NDArray[np.float64]
) -> NDArray[np.bool_]:
    on_pdd = np.array([s.platform == "pdd" for s in SELLING])[store]
    start = day_of(MASKED_FROM)
    return on_pdd & (day >= start) & (chance < MASKED_SHARE)


def export(
    lines: pl.DataFrame, *, skus: NDArray[np.str_], promo_ids: list[str], seed: int
) -> pl.DataFrame:
    """The lines as order_lines, money still in cents: sorted by store, time, order and line."""
    lines = lines.sort("store", "day", "second", "occasion", "line_no")
    in_time = pl.col("second") * 100_000_000 + pl.col("occasion")
    number = lines.select(in_time.rank("dense").over("store", "day").cast(pl.Int64)).to_series()
    stores = pl.Series([store.store_id for store in SELLING])
    day = pl.Series(DATES).dt.strftime("%y%m%d").gather(lines["day"])
    start = pl.lit(DATES[0]).cast(pl.Datetime("ms"))
    refunded_at = start + pl.duration(seconds=pl.col("refund_second"))
    return lines.select(
        store_id=stores.gather(lines["store"]),
        order_id=day + number.cast(pl.String).str.zfill(5),
        line_no=pl.col("line_no").cast(pl.Int32),
        sku=pl.Series(skus.tolist()).gather(lines["sku"]),
        ordered_at=start + pl.duration(seconds=pl.col("day") * 86_400 + pl.col("second")),
        qty="pieces",
        list_price="list_c",
        paid_amount="paid_c",
        discount_markdown="markdown_c",
        discount_subsidy="subsidy_c",
        discount_tier_qty="tier_qty_c",
        discount_coupon_shop="coupon_shop_c",
        discount_tier_cross="tier_cross_c",
        platform_amount="subsidy_c",
        buyer_id=_buyer_ids(lines, seed=seed),
        refunded_amount="refunded_c",
        refunded_at=pl.when(pl.col("refund_second") >= 0).then(refunded_at),
        promo_id=_promotions(lines["promotion"], promo_ids=promo_ids),
        ship_region=pl.Series(list(REGIONS)).gather(lines["region"]),
        is_excluded="excluded",
    )


def _promotions(position: pl.Series, *, promo_ids: list[str]) -> pl.Series:
    known = position.cast(pl.Int64).set(position < 0, None)
    return pl.Series(promo_ids).gather(known)


def _buyer_ids(lines: pl.DataFrame, *, seed: int) -> pl.Series:
    """Salted hashes, another salt per platform: nobody can be followed across platforms."""
    scope = np.array([PLATFORMS.index(s.platform) for s in SELLING])[lines["store"].to_numpy()]
    key = lines["buyer"].to_numpy() * len(PLATFORMS) + scope
    unique, place = np.unique(key, return_inverse=True)
    salt = f"lanxi-{seed}-".encode()
    hashed = [hashlib.blake2b(salt + b"%d" % k, digest_size=6).hexdigest() for k in unique.tolist()]
    ids = pl.Series("buyer_id", hashed).gather(place)
    return ids.set(lines["masked"], None)
