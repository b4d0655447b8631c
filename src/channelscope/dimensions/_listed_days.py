"""What each store lists at what price, from one change to the next, ready for the rule engine.

Between two changes (of any list price, or of what runs) every basket costs the same, so a period
is priced once per stretch of days, not once per day.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.promotion_rules import Baskets, Priced, Promotion, price, read_promotions

HOUR = 20
"""The moment of a day at which a basket is priced: evening, when most is bought."""
PIECE = 1_000
ABSENT = -1
_DAY, _HOURS = np.timedelta64(1, "D"), np.timedelta64(HOUR, "h")
Counts = NDArray[np.int64]
Days = NDArray[np.datetime64]


@dataclass(frozen=True, slots=True)
class Listed:
    """List prices of stores and products by stretch of days, and what runs in the period.

    *Shapes*: `first`, `days` (stretches,), `cents` (stores, products, stretches), ABSENT where a
    store does not list the product. *Units*: cents; `days` how many days a stretch has.
    """

    stores: tuple[str, ...]
    skus: tuple[str, ...]
    categories: tuple[str | None, ...]
    first: Days
    days: Counts
    cents: Counts
    rules: tuple[Promotion, ...]

    @property
    def cells(self) -> pl.DataFrame:
        """Every store, product and stretch with a price: their positions and the list price."""
        store, sku, stretch = np.nonzero(self.cents != ABSENT)
        cents = self.cents[store, sku, stretch]
        return pl.DataFrame({"store": store, "sku": sku, "stretch": stretch, "cents": cents})

    def reach(self, rule: Promotion) -> tuple[NDArray[np.bool_], slice]:
        """The products in a rule's scope, and the stretches at whose moment of pricing it runs."""
        moments = (self.first + _HOURS).astype("datetime64[us]")
        start = int(np.searchsorted(moments, rule.starts, side="left"))
        stop = int(np.searchsorted(moments, rule.ends, side="right"))
        goods = tuple(zip(self.skus, self.categories, strict=True))
        return rule.covers(goods), slice(start, max(start, stop))

    def price(
        self, cells: pl.DataFrame, *, rules: Sequence[Promotion], eligible: Collection[str] = ()
    ) -> Priced:
        """Baskets of one product each: `cells` with `pieces`, under the rules, in their order."""
        sku = cells["sku"].to_numpy()
        baskets = Baskets(
            store=np.array(self.stores)[cells["store"].to_numpy()],
            at=(self.first[cells["stretch"].to_numpy()] + _HOURS).astype("datetime64[us]"),
            order=np.arange(cells.height), line_no=np.ones(cells.height, dtype=np.int64),
            sku=np.array(self.skus)[sku], category=np.array(self.categories, dtype=object)[sku],
            pieces=cells["pieces"].to_numpy() * PIECE, list_price=cells["cents"].to_numpy(),
        )  # fmt: skip
        return price(baskets, promotions=rules, eligible=eligible)


def listed_days(session: Session, scope: Scope) -> Listed | None:
    """None where nothing can be priced: no promotion, no list price, or groups of stores.

    The promotions of a group's stores do not add up in one basket.
    """
    if any(store.members != (store.store_id,) for store in scope.stores):
        return None
    promotions = session.run(sqlfile.find("promotion/open_promotions"))
    spells = session.run(sqlfile.find("promotion/listed_spells"))
    if promotions.is_empty() or spells.is_empty():
        return None
    begin = np.datetime64(scope.period.first, "D")
    first = _stretches(promotions, spells, begin=begin, stop=begin + scope.period.days)
    stores = tuple(store for store in scope.store_ids if store in set(spells["store_id"]))
    goods = spells.unique("sku", keep="first").sort("sku")
    skus = tuple(goods["sku"])
    return Listed(
        stores, skus, tuple(goods["category"]), first,
        np.diff(np.append(first, begin + scope.period.days)).astype(np.int64),
        _cents(spells, stores, skus, first=first), read_promotions(promotions),
    )  # fmt: skip


def _stretches(promotions: pl.DataFrame, spells: pl.DataFrame, *, begin: Any, stop: Any) -> Days:
    """The first day, and every day on which some price may change."""
    changes = np.concatenate([
        _first_day(promotions["starts_at"]), _last_day(promotions["ends_at"]) + _DAY,
        _dates(spells["first_day"]), _dates(spells["last_day"]) + _DAY,
    ])  # fmt: skip
    inside = changes[(changes > begin) & (changes < stop)]
    return np.unique(np.append(inside, begin))


def _dates(days: pl.Series) -> Days:
    return days.to_numpy().astype("datetime64[D]")


def _first_day(moments: pl.Series) -> Days:
    """The first day whose moment of pricing is not before."""
    return -_last_day_of(-(moments.to_numpy().astype("datetime64[us]") - _EPOCH - _HOURS)) + _EPOCH


def _last_day(moments: pl.Series) -> Days:
    """The last day whose moment of pricing is not after."""
    return _last_day_of(moments.to_numpy().astype("datetime64[us]") - _EPOCH - _HOURS) + _EPOCH


def _last_day_of(since: NDArray[np.timedelta64]) -> NDArray[np.timedelta64]:
    whole = np.floor_divide(since.astype(np.int64), int(_DAY / np.timedelta64(1, "us")))
    return whole.astype("timedelta64[D]")


_EPOCH = np.datetime64("1970-01-01", "D")


def _cents(
    spells: pl.DataFrame, stores: tuple[str, ...], skus: tuple[str, ...], *, first: Days
) -> Counts:
    cents = np.full((len(stores), len(skus), len(first)), ABSENT, dtype=np.int64)
    start = np.searchsorted(first, _dates(spells["first_day"]))
    length = np.searchsorted(first, _dates(spells["last_day"]) + _DAY) - start
    spell = np.repeat(np.arange(spells.height), length)
    within = np.arange(len(spell)) - np.repeat(np.cumsum(length) - length, length)
    store = np.searchsorted(np.sort(stores), spells["store_id"].to_numpy().astype(str))
    store = np.argsort(stores)[store]
    sku = np.searchsorted(skus, spells["sku"].to_numpy().astype(str))
    price = (spells["list_price"] * 100).cast(pl.Int64).to_numpy()
    cents[store[spell], sku[spell], start[spell] + within] = price[spell]
    return cents
