"""Buyers who go from store to store by a rule that is known: random, loyal, or exchanging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import sqlfile
from channelscope.answers import Answers
from channelscope.cubes import KEPT, NAMED
from channelscope.differentiation import outcomes
from channelscope.dimensions import _switching
from channelscope.domain import Basis, Period, Scope, Store
from channelscope.engine.protocol import EARLIER
from channelscope.scoping import smallest_differences

MONDAY = date(2026, 1, 5)
CATEGORIES = ("cups", "pans", "teapots")
LEANING = np.array([[1.0, 1.4, 0.8, 1.0], [1.2, 0.6, 1.0, 1.0], [0.7, 1.0, 1.3, 1.0]])
"""How much more or less often each category is bought at each of four stores."""
GROWTH = np.array([0.0, 0.5, -0.3, 0.2])
"""By what part each store's pull grows over the weeks."""


@dataclass(frozen=True, slots=True)
class Market:
    """Stores of one buyer-id scope and how their buyers choose among them."""

    stores: tuple[str, ...] = ("F1", "D1", "S1", "M1")
    pull: tuple[float, ...] = (0.4, 0.25, 0.2, 0.15)
    buyers: int = 1500
    orders: float = 4.0
    """Mean number of orders of a buyer."""
    weeks: int = 26
    loyalty: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    """Part of the orders made at the buyer's home, by the home; homes are drawn by the pull."""
    sticky: bool = False
    """Instead of a home: such a part is made where the last order was, the rest elsewhere."""
    exchange: float = 1.0
    """How many times more buyers go between the first two stores when they choose."""
    uneven: float = 1.0
    """How far stores lean to categories of their own and grow unlike; 0: all alike but in size."""


RANDOM = Market()
ALIKE = replace(RANDOM, uneven=0.0)
LOYAL = replace(RANDOM, loyalty=(0.7,) * 4)
EXCHANGING = replace(LOYAL, exchange=3.0)
UNEQUAL = replace(RANDOM, loyalty=(0.8, 0.6, 0.6, 0.8))
STICKY = replace(LOYAL, sticky=True)


def orders(market: Market, seed: int) -> pl.DataFrame:
    """Order lines of the market, one a line, over its weeks and half a year before them."""
    random = np.random.default_rng(seed)
    buyer = np.repeat(
        np.arange(market.buyers), 1 + random.poisson(market.orders - 1, market.buyers)
    )
    days = 180 + 7 * market.weeks
    minute = random.integers(0, days * 1440, len(buyer))
    order = np.lexsort((minute, buyer))
    buyer, minute = buyer[order], minute[order]
    category = random.integers(0, len(CATEGORIES), len(buyer))
    store = _chosen(market, buyer, minute / (days * 1440), category, random)
    begin = np.datetime64(MONDAY - timedelta(days=180), "us")
    number = np.arange(len(buyer)).astype(str)
    return pl.DataFrame(
        {
            "store_id": np.array(market.stores)[store],
            "order_id": number,
            "buyer_id": np.char.add("b", buyer.astype(str)),
            "ordered_at": begin + minute.astype("timedelta64[m]"),
            "sku": np.array(CATEGORIES)[category],
            "paid_amount": [Decimal("10.00")] * len(buyer),
        }
    ).with_columns(
        qty=pl.lit(1.0),
        list_price=pl.col("paid_amount"),
        platform_amount=pl.lit(None, pl.Decimal(18, 4)),
        refunded_amount=pl.lit(None, pl.Decimal(18, 4)),
        is_excluded=pl.lit(None, pl.Boolean),
    )


def _chosen(
    market: Market,
    buyer: npt.NDArray[np.int64],
    moment: npt.NDArray[np.float64],
    category: npt.NDArray[np.int64],
    random: np.random.Generator,
) -> npt.NDArray[np.int64]:
    """The store of each order, the first orders of all buyers at once, then the second, …"""
    size = len(market.stores)
    leaning, growth = LEANING**market.uneven, market.uneven * GROWTH
    pull = np.array(market.pull) * leaning[category, :size] * (1 + growth[:size] * moment[:, None])
    home = random.choice(size, market.buyers, p=market.pull)
    loyal = random.random(len(buyer)) < np.array(market.loyalty)[home[buyer]]
    level = random.random(len(buyer))
    first = np.searchsorted(buyer, np.arange(market.buyers))
    turn = np.arange(len(buyer)) - first[buyer]
    store = np.full(len(buyer), -1)
    last = np.full(market.buyers, -1)
    for at in range(int(turn.max()) + 1):
        now = np.flatnonzero(turn == at)
        before = last[buyer[now]]
        weight = pull[now].copy()
        weight[before == 0, 1] *= market.exchange
        weight[before == 1, 0] *= market.exchange
        if market.sticky and at:
            weight[np.arange(len(now)), before] = 0
        limits = np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
        drawn = np.minimum((level[now, None] > limits).sum(axis=1), size - 1)
        keeps = before if market.sticky else home[buyer[now]]
        store[now] = np.where(loyal[now] & (keeps >= 0), keeps, drawn)
        last[buyer[now]] = store[now]
    return store


def judged(market: Market, seeds: Iterable[int]) -> Iterator[tuple[pl.DataFrame, pl.DataFrame]]:
    """`switching` and `exchange` of each draw, by the queries and rules of a comparison."""
    scope = scope_of(market)
    with closing(_session(market, scope)) as session:
        for seed in seeds:
            session.register("order_lines", orders(market, seed))
            for query in map(sqlfile.find, (*NAMED[1:], *KEPT)):
                session.register(query.stem, session.run(query))
            # All orders at once: none were read before.
            visits = sqlfile.find("scan/buyer_visits")
            session.register(f"{EARLIER}{visits.stem}", session.run(visits).clear())
            followed = sqlfile.find("scan/order_switches")
            session.register(followed.stem, session.run(followed))
            known = dict.fromkeys(market.stores, 1.0)
            tables = _switching.compare(session, scope, coverage=known, unknown={})
            yield (
                outcomes.of_switching(tables["switching"], scope),
                outcomes.of_exchange(tables["exchange"], scope),
            )


def write(market: Market, folder: Path, *, seed: int) -> Path:
    """The same draw as a workspace."""
    kinds = ["flagship"] + ["distributor"] * (len(market.stores) - 1)
    stores = {"store_id": market.stores, "name": market.stores, "kind": kinds, "platform": "p"}
    pl.DataFrame(stores).write_csv(folder / "stores.csv")
    products = {"sku": CATEGORIES, "title": CATEGORIES, "category": CATEGORIES}
    pl.DataFrame(products).write_csv(folder / "products.csv")
    orders(market, seed).with_columns(line_no=pl.lit(1)).write_parquet(
        folder / "order_lines.parquet"
    )
    # No campaign and no refund: the period is the weeks of the market.
    (folder / "channelscope.toml").write_text(
        f'[workspace]\nreference = "{market.stores[0]}"\nbasis = "paid"\n', encoding="utf-8"
    )
    return folder


def _session(market: Market, scope: Scope) -> Answers:
    """A session that holds all but the orders."""
    found = Answers({
        "switching_first": MONDAY - timedelta(days=scope.switching_days),
        "switching_days": scope.switching_days, "first": scope.period.first,
        "last": scope.period.last, "add_platform": False, "less_refunds": True,
    })  # fmt: skip
    stores = {"store_id": market.stores, "platform": "p", "buyer_id_scope": "p"}
    found.register("stores", pl.DataFrame(stores))
    members = {"store_id": market.stores, "compared_id": market.stores}
    found.register("scope_members", pl.DataFrame(members))
    numbers = pl.Series(range(1, len(CATEGORIES) + 1), dtype=pl.Int16)
    categories = {
        "sku": CATEGORIES, "sku_number": numbers.cast(pl.Int64), "category": CATEGORIES,
        "category_number": numbers,
    }  # fmt: skip
    found.register("sku_categories", pl.DataFrame(categories))
    days = {"store_id": pl.String, "day": pl.Date, "orders": pl.Int64, "known_orders": pl.Int64}
    found.register("store_days", pl.DataFrame(schema=days))
    return found


def scope_of(market: Market) -> Scope:
    """The stores of the market, all compared, over its weeks."""
    last = MONDAY + timedelta(days=7 * market.weeks - 1)
    return Scope(
        stores=tuple(Store(name, name, "flagship", "p", members=(name,)) for name in market.stores),
        reference_id=market.stores[0],
        period=Period(MONDAY, last),
        data_end=last,
        basis=Basis.PAID,
        currency="CNY",
        present=frozenset({"order_lines"}),
        delta=smallest_differences({}),
        seed=1,
    )
