"""Matched prices of every two stores on one rung, what they link, and the grain of the matching."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import sqlfile
from channelscope.dimensions._price_scatter import LINK_SKUS
from channelscope.domain import Rung, Scope, TimeGrain
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats, quotient
from channelscope.stats.arrays import Bools
from channelscope.stats.multilateral import connected_component
from channelscope.stats.price_levels import Levels, PairSums, levels

ALL, PIECE = "all", "piece"
CONTENT_UNITS = ("g", "ml", "content_piece")
"""What the content of a pack is counted in; a piece as it is sold is `piece`."""
LINK_SHARE = 0.10


@dataclass(frozen=True, slots=True)
class Matched:
    """Matched prices of all pairs on one rung and time grain, and what they link.

    `category`: of each item, None where it is not known.
    """

    rung: Rung
    grain: TimeGrain
    sums: PairSums
    category: npt.NDArray[np.object_]
    linked: Bools
    coverage: Floats
    skus: Floats
    priced: Bools
    unit: str = PIECE
    part: str = ALL

    def reached(self, reference: int) -> Bools:
        """Stores with a path of links to the reference."""
        return connected_component(self.linked, reference=reference)

    def levels(self, reference: int) -> Levels:
        """The level of every store that is reached."""
        return levels(self.sums, self.linked, reference=reference)


@dataclass(frozen=True, slots=True)
class Paid:
    """What consumers paid in each store, by category and unit of content."""

    rows: pl.DataFrame
    stores: tuple[str, ...]

    @classmethod
    def read(cls, session: Session, scope: Scope) -> Paid:
        """The money of the compared stores."""
        return cls(session.run(sqlfile.find("price/paid_by_category")), scope.store_ids)

    def of(self, *, category: str = ALL, unit: str = PIECE) -> Floats:
        """The money of a part of the range; nan for stores that sold none of it."""
        rows = self.rows
        if category != ALL:
            rows = rows.filter(pl.col("category") == category)
        if unit != PIECE:
            rows = rows.filter(pl.col("unit") == unit)
        paid = dict(rows.group_by("store_id").agg(pl.col("paid").sum()).iter_rows())
        found = np.array([paid.get(store, 0.0) for store in self.stores])
        return np.where(found > 0, found, np.nan)


def match(
    session: Session, scope: Scope, paid: Paid, *, rung: Rung, grain: TimeGrain, unit: str = PIECE
) -> Matched:
    """The matched prices of every pair, as arrays; links as METHODS 2 defines them."""
    query = sqlfile.find("price/matched_prices")
    params = {"rung": str(rung), "time_grain": str(grain), "unit": unit}
    frame = session.run(query, params)
    sums = _sums(frame, scope.store_ids)
    priced = session.run(sqlfile.find("price/priced_stores"), {"rung": str(rung)})["store_id"]
    category = frame.select("sku", "category").unique().sort("sku")["category"].to_numpy()
    found = _linked(sums, paid.of(unit=unit), len(scope.stores))
    return Matched(
        rung, grain, sums, np.asarray(category, dtype=object), **found,
        priced=np.isin(scope.store_ids, priced.to_list()), unit=unit,
    )  # fmt: skip


def within(matched: Matched, category: str, paid: Paid) -> Matched:
    """The same for one category: its goods, its sales, its own links."""
    mine = matched.category == category
    sums = matched.sums
    part = PairSums(
        sums.first, sums.second, sums.value_a[mine], sums.value_b[mine],
        sums.log_a[mine], sums.log_b[mine],
    )  # fmt: skip
    sales = paid.of(category=category, unit=matched.unit)
    return replace(
        matched, sums=part, category=matched.category[mine], part=category,
        **_linked(part, sales, len(matched.linked)),
    )  # fmt: skip


def _linked(sums: PairSums, sales: Floats, size: int) -> dict[str, Any]:
    """Which pairs have enough in common, and how much that is."""
    shares = np.full((size, size), np.nan)
    skus = np.zeros((size, size))
    shares[sums.first, sums.second] = quotient(sums.value_a.sum(axis=0), sales[sums.first])
    shares[sums.second, sums.first] = quotient(sums.value_b.sum(axis=0), sales[sums.second])
    skus[sums.first, sums.second] = (sums.value_a + sums.value_b > 0).sum(axis=0)
    skus += skus.T
    # Where nobody's sales are known, the number of shared products alone decides.
    enough = np.fmax(shares, shares.T) >= LINK_SHARE
    unknown = np.isnan(shares) & np.isnan(shares.T)
    linked = (skus >= LINK_SKUS) & (enough | unknown)
    return {"linked": linked, "coverage": shares, "skus": skus}


def _sums(frame: pl.DataFrame, stores: tuple[str, ...]) -> PairSums:
    pairs = frame.select("store_a", "store_b").unique(maintain_order=True)
    item = frame["sku"].rank("dense").to_numpy().astype(np.intp) - 1
    pair = (
        frame.select("store_a", "store_b")
        .join(pairs.with_row_index("at"), on=["store_a", "store_b"], maintain_order="left")["at"]
        .to_numpy()
    )
    shape = (int(item.max()) + 1 if len(item) else 0, pairs.height)

    def dense(name: str) -> Floats:
        array = np.zeros(shape)
        array[item, pair] = frame[name].to_numpy()
        return array

    first, second = (
        np.array([stores.index(store) for store in pairs[name]], dtype=np.intp)
        for name in ("store_a", "store_b")
    )
    return PairSums(
        first, second, dense("value_a"), dense("value_b"), dense("log_a"), dense("log_b")
    )


class Grains:
    """The rung on which the time grain of the whole comparison is chosen, grain by grain."""

    def __init__(self, session: Session, scope: Scope, paid: Paid, *, rung: Rung) -> None:
        self._session, self._scope, self._paid, self.rung = session, scope, paid, rung
        self._reference = scope.store_ids.index(scope.reference_id)
        self._tried: dict[TimeGrain, Matched] = {}

    def at(self, grain: TimeGrain) -> Matched:
        """What is matched in cells of that length."""
        if grain not in self._tried:
            self._tried[grain] = match(
                self._session, self._scope, self._paid, rung=self.rung, grain=grain
            )
        return self._tried[grain]

    def choose(self) -> TimeGrain:
        """The finest grain that leaves no store unlinked which a coarser one would link."""
        priceless = np.isnan(self._paid.of()) & (self.rung is Rung.REALISED)
        reached: dict[TimeGrain, Bools] = {}
        for grain in TimeGrain:
            reached[grain] = self.at(grain).reached(self._reference)
            if (reached[grain] | priceless).all():
                break
        within_reach = np.any(list(reached.values()), axis=0)
        return next(grain for grain, found in reached.items() if (found >= within_reach).all())

    def moves(self, grain: TimeGrain, found: Levels) -> Bools:
        """Which levels move by more than their interval in the next finer or coarser cells."""
        grains = list(TimeGrain)
        at = grains.index(grain)
        moved = np.zeros(len(self._scope.stores), dtype=bool)
        for neighbour in grains[max(at - 1, 0) : at + 2]:
            if neighbour is not grain:
                level = self.at(neighbour).levels(self._reference).log_level
                moved |= np.abs(level - found.log_level) > found.hi - found.lo
        return moved
