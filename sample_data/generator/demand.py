"""What the orders of a run show of needs, and how far needs are divided among the stores.

Counted from the simulation's own lines, without a query or an index of the package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import LAST_YEAR
from sample_data.generator.catalogue import CATEGORIES, Catalogue
from sample_data.generator.stores import PLATFORMS, SELLING
from sample_data.generator.toml_text import block, pair

TIERS = 3
FULL_PRICE = 0.9
EVERYWHERE = "all"
HISTORY = "brand_history"
MASKED_ON = ("pdd",)  # buyers are known of too few orders to say who had bought before
NOTE = """\
How far each set of segments is divided among the stores, last 12 months: mutual information of
store and segment over the smaller of both entropies, by orders; all stores, and those of each
platform. Computed only. An order has the category and the use of most of its paid amount, and the
price tier (thirds of the category's products by list price) of its main product; repeat: bought on
the platform in the 365 days before. Promotion is what the store itself does: behaviour."""


@dataclass(slots=True)
class Demand:
    """Orders of the last 12 months by segment, counted while the months go by.

    *Shapes*: `products` (stores, SKUs) by main product; the other tables (stores, segments);
    `listed`, `pieces` (SKUs,); `known` (platforms, buyers).
    """

    catalogue: Catalogue
    products: NDArray[np.float64] = field(init=False)
    tables: Mapping[str, NDArray[np.float64]] = field(init=False)
    listed: NDArray[np.float64] = field(init=False)
    pieces: NDArray[np.float64] = field(init=False)
    known: NDArray[np.bool_] = field(init=False)

    def __post_init__(self) -> None:
        """Nothing is counted yet."""
        skus, stores = len(self.catalogue.sku), len(SELLING)
        self.products = np.zeros((stores, skus))
        self.listed, self.pieces = np.zeros((2, skus))
        self.known = np.zeros((len(PLATFORMS), 0), dtype=bool)
        self.tables = {
            "category": np.zeros((stores, len(CATEGORIES))), "basket_use": np.zeros((stores, 2)),
            HISTORY: np.zeros((stores, 2)), "promotion": np.zeros((stores, 2)),
        }  # fmt: skip

    def watch(self, months: Iterable[pl.DataFrame]) -> Iterator[pl.DataFrame]:
        """The months as they are, counted on their way; days go by in their order."""
        for month in months:
            self._count(month.filter(~pl.col("excluded")))
            yield month

    def _count(self, kept: pl.DataFrame) -> None:
        gifts = np.array(["礼盒" in title for title in self.catalogue.title])
        lines = kept.select(
            "store", "day", "occasion", "buyer", "masked", "sku", "pieces", "paid_c",
            platform=pl.Series([PLATFORMS.index(s.platform) for s in SELLING]).gather(
                kept["store"]
            ),
            category=pl.Series(self.catalogue.category).gather(kept["sku"]),
            gift=pl.Series(gifts).gather(kept["sku"]),
            list_c=pl.col("list_c") * pl.col("pieces"),
        )  # fmt: skip
        self._remember(lines.filter(pl.col("day") < LAST_YEAR))
        year = lines.filter(pl.col("day") >= LAST_YEAR)
        np.add.at(self.listed, year["sku"].to_numpy(), year["list_c"].to_numpy())
        np.add.at(self.pieces, year["sku"].to_numpy(), year["pieces"].to_numpy())
        self._deal(year)

    def _remember(self, before: pl.DataFrame) -> None:
        named = before.filter(~pl.col("masked"))
        self._room_for(named["buyer"])
        self.known[named["platform"].to_numpy(), named["buyer"].to_numpy()] = True

    def _room_for(self, buyers: pl.Series) -> None:
        largest = buyers.max()
        more = (int(str(largest)) if len(buyers) else -1) + 1 - self.known.shape[1]
        if more > 0:
            self.known = np.pad(self.known, ((0, 0), (0, more)))

    def _deal(self, year: pl.DataFrame) -> None:
        """Each order once."""
        orders = year.group_by("occasion", maintain_order=True).agg(
            pl.col("store", "platform", "buyer", "masked").first(), pl.col("paid_c", "list_c").sum()
        )
        store = orders["store"].to_numpy()
        self._room_for(orders["buyer"])
        for table, by, names in (
            (self.products, "sku", self.catalogue.sku.tolist()),
            (self.tables["category"], "category", list(CATEGORIES)),
            (self.tables["basket_use"], "gift", ["own", "gift"]),
        ):
            np.add.at(table, (store, _most_paid(year, by, orders, names)), 1)
        full = orders["paid_c"].to_numpy() >= FULL_PRICE * orders["list_c"].to_numpy()
        np.add.at(self.tables["promotion"], (store, full.astype(int)), 1)
        back = self.known[orders["platform"].to_numpy(), orders["buyer"].to_numpy()]
        named = ~orders["masked"].to_numpy()
        np.add.at(self.tables[HISTORY], (store[named], back[named].astype(int)), 1)

    @property
    def all_tables(self) -> dict[str, NDArray[np.float64]]:
        """Every set, with the tiers that list prices and sales of the whole run make."""
        tier = price_tiers(self.listed / np.maximum(self.pieces, 1), self.catalogue.category)
        by_tier = np.stack(
            [self.products[:, tier == place].sum(axis=1) for place in range(TIERS)], axis=1
        )
        return {"category": self.tables["category"], "price_tier": by_tier, **self.tables}


def _most_paid(
    lines: pl.DataFrame, by: str, orders: pl.DataFrame, names: list[str]
) -> NDArray[np.int64]:
    """Of each order the value with most of its paid amount; of equal ones the first by name."""
    place = pl.Series("place", [sorted(names).index(name) for name in names])
    sums = lines.group_by("occasion", pl.col(by).cast(pl.Int64)).agg(pl.col("paid_c").sum())
    ranked = sums.with_columns(place=place.gather(sums[by])).sort(
        ["paid_c", "place"], descending=[True, False]
    )
    first = ranked.group_by("occasion", maintain_order=True).agg(pl.col(by).first())
    found = orders.select("occasion").join(first, on="occasion", how="left", maintain_order="left")
    values: NDArray[np.int64] = found[by].to_numpy()
    return values


def price_tiers(price: NDArray[np.float64], category: NDArray[np.int64]) -> NDArray[np.int64]:
    """Third of its category in which each sold product lies: 0 is the cheapest; -1: not sold."""
    tier = np.full(len(price), -1)
    for group in np.unique(category):
        mine = np.flatnonzero((category == group) & (price > 0))
        cheaper = (price[mine][:, None] > price[mine][None, :] + 1e-4).sum(axis=1)
        tier[mine] = 3 * cheaper // max(len(mine), 1)
    return tier


def division(table: NDArray[np.float64]) -> float:
    """Mutual information of rows and columns over the smaller entropy of the two."""
    joint = table / table.sum()
    rows, columns = joint.sum(axis=1, keepdims=True), joint.sum(axis=0, keepdims=True)
    seen = joint > 0
    information = (joint[seen] * np.log(joint[seen] / (rows * columns)[seen])).sum()
    most = min(-(part[part > 0] * np.log(part[part > 0])).sum() for part in (rows, columns))
    return float(information / most)


def divisions(demand: Demand) -> dict[str, dict[str, float]]:
    """The division of each set among all stores and among those of each platform."""
    found: dict[str, dict[str, float]] = {}
    platform = np.array([store.platform for store in SELLING])
    for name, table in demand.all_tables.items():
        circles = {EVERYWHERE: np.ones(len(platform), dtype=bool)}
        circles |= {each: platform == each for each in PLATFORMS}
        if name == HISTORY:
            circles = {
                each: c for each, c in circles.items() if each not in (EVERYWHERE, *MASKED_ON)
            }
        found[name] = {each: division(table[mine]) for each, mine in circles.items()}
    return found


def demand_block(demand: Demand) -> str:
    """`[diversion_index]` of TRUTH.toml."""
    rows = {
        name: {scope: pair(None, index, 5)["computed"] for scope, index in found.items()}
        for name, found in divisions(demand).items()
    }
    return block("diversion_index", NOTE, rows)
