"""Workspaces drawn from known stores: what is true of them is known before anything is counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

MONDAY = date(2026, 1, 5)
COUPON_SHARE, COUPON = 0.3, 0.10
REPEAT_SHARE, REPEATS = 0.3, 6
"""Of the orders, those of regulars, and how many one has on average. How many regulars there are,
and how often each comes, is chance; a regular's baskets are large or small every time."""
QUANTITY = (0.75, 0.18, 0.07)
"""Shares of orders of one, two and three pieces."""


@dataclass(frozen=True, slots=True)
class Shop:
    """One store as it really is. `level`: its prices against list; `mix` of products, sums to 1."""

    store_id: str
    mix: Floats
    level: float = 1.0
    conversion: float = 0.03
    refund_share: float = 0.07
    rating: float = 4.7
    orders_a_week: float = 150
    scatter: float = 0.0
    """Standard deviation of the log price of products around the level."""

    def prices(self, seed: int) -> Floats:
        """What each product costs here before coupons; the same over all weeks of a workspace."""
        scatter = np.random.default_rng([seed, *self.store_id.encode()]).normal(
            0, self.scatter, len(self.mix)
        )
        return np.asarray(list_prices(len(self.mix)) * self.level * np.exp(scatter))

    def order_value(self, seed: int) -> float:
        """What an order is worth on average at the prices of that workspace."""
        pieces = sum(share * (at + 1) for at, share in enumerate(QUANTITY))
        return float(pieces * (1 - COUPON_SHARE * COUPON) * (self.mix @ self.prices(seed)))


def list_prices(products: int) -> Floats:
    """Prices from 20 to 400, the same in every workspace."""
    return np.round(np.geomspace(20, 400, products)[np.argsort(np.arange(products) * 7 % 41)], 2)


def write(shops: Sequence[Shop], folder: Path, *, weeks: int, seed: int) -> Path:
    """A workspace of these shops over so many weeks, drawn by the seed."""
    random = np.random.default_rng(seed)
    prices = list_prices(len(shops[0].mix))
    season = random.normal(0, 0.15, weeks)
    parts = [_draw(shop, shop.prices(seed), season, random) for shop in shops]
    lines, traffic, service = (pl.concat(tables) for tables in zip(*parts, strict=True))
    pl.DataFrame(
        {
            "store_id": [shop.store_id for shop in shops],
            "name": [shop.store_id for shop in shops],
            "kind": ["flagship"] + ["distributor"] * (len(shops) - 1),
            "platform": ["p"] * len(shops),
        }
    ).write_csv(folder / "stores.csv")
    skus = sku_names(len(prices))
    pl.DataFrame({"sku": skus, "title": skus, "category": ["all"] * len(skus)}).write_csv(
        folder / "products.csv"
    )
    lines.write_parquet(folder / "order_lines.parquet")
    traffic.write_parquet(folder / "traffic.parquet")
    service.write_parquet(folder / "service.parquet")
    (folder / "channelscope.toml").write_text(
        f'[workspace]\nreference = "{shops[0].store_id}"\nbasis = "paid"\n', encoding="utf-8"
    )
    return folder


def period(weeks: int) -> tuple[date, date]:
    """The days of so many weeks."""
    return MONDAY, MONDAY + timedelta(days=7 * weeks - 1)


def _draw(
    shop: Shop, prices: Floats, season: Floats, random: np.random.Generator
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    weeks = len(season)
    visitors = random.poisson(
        shop.orders_a_week / shop.conversion * np.exp(random.normal(0, 0.2, weeks))
    )
    own = random.normal(0, 0.05, weeks)
    spread = (0.15**2 + 0.05**2) / 2
    expected = visitors * shop.conversion * np.exp(season + own - spread)
    once = random.poisson(expected * (1 - REPEAT_SHARE))
    often = random.poisson(REPEATS, random.poisson(expected.sum() * REPEAT_SHARE / REPEATS))
    week = np.concatenate(
        [
            np.repeat(np.arange(weeks), once),
            random.choice(weeks, often.sum(), p=expected / expected.sum()),
        ]
    )
    person = np.concatenate([-1 - np.arange(once.sum()), np.repeat(np.arange(len(often)), often)])
    lines = _lines(shop, prices, week, person, random)
    days = [MONDAY + timedelta(days=7 * at) for at in range(weeks)]
    daily = random.multinomial(visitors, np.full(7, 1 / 7)).ravel()
    dates = [MONDAY + timedelta(days=at) for at in range(7 * weeks)]
    traffic = pl.DataFrame({"store_id": shop.store_id, "date": dates, "visitors": daily})
    cases = random.poisson(30, weeks)
    mood = random.normal(0, 0.03, weeks)
    case = np.clip(
        shop.rating + np.repeat(mood, cases) + random.normal(0, 0.1, cases.sum()), 1.0, 5.0
    )
    sums = np.bincount(np.repeat(np.arange(weeks), cases), weights=case, minlength=weeks)
    service = pl.DataFrame(
        {
            "store_id": shop.store_id, "date": days, "metric": "rating_item",
            "value": sums / np.maximum(cases, 1), "n": cases,
        }
    ).filter(pl.col("n") > 0)  # fmt: skip
    return lines, traffic, service


def _lines(
    shop: Shop,
    prices: Floats,
    week: npt.NDArray[np.int64],
    person: npt.NDArray[np.int64],
    random: np.random.Generator,
) -> pl.DataFrame:
    count = len(week)
    # A regular buys as the others do on average, but each one in a way of his own.
    habit = random.random(max(person.max(initial=0) + 1, 1))
    level = np.where(person >= 0, habit[np.maximum(person, 0)], random.random(count))
    quantity = 1 + np.searchsorted(np.cumsum(QUANTITY)[:-1], level, side="right")
    sku = random.choice(len(prices), count, p=shop.mix)
    paid = quantity * prices[sku]
    paid = np.round(paid * np.where(random.random(count) < COUPON_SHARE, 1 - COUPON, 1.0), 2)
    # A price above list would be no discount: list is high enough for all.
    listed = np.round(list_prices(len(prices))[sku] * 1.5, 2)
    refunded = np.where(random.random(count) < shop.refund_share, paid, 0.0)
    second = (week * 7 + random.integers(0, 7, count)) * 86_400 + 36_000
    moment = np.datetime64(MONDAY, "us") + (second * 1_000_000).astype("timedelta64[us]")
    return pl.DataFrame(
        {
            "store_id": shop.store_id,
            "order_id": np.arange(count).astype(str),
            "line_no": 1,
            "sku": np.array(sku_names(len(prices)))[sku],
            "ordered_at": moment,
            "qty": quantity.astype(np.float64),
            "list_price": listed,
            "paid_amount": paid,
            "discount_markdown": np.round(quantity * listed - paid, 2),
            "buyer_id": np.char.add(person.astype(str), shop.store_id),
            "refunded_amount": refunded,
            "refunded_at": moment + np.timedelta64(1, "D"),
        }
    )


def sku_names(count: int) -> list[str]:
    """s000, s001, and so on."""
    return [f"s{at:03}" for at in range(count)]
