"""What each store sold in each span, by cell and product: what the bridges are made of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope import sqlfile
from channelscope.domain import Basis, Period, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.mechanisms import MECHANISMS, PREFIX, Funder
from channelscope.stats.arrays import Bools

IN_PRICE = tuple(mechanism for mechanism in MECHANISMS if mechanism.in_price)
UNEXPLAINED = "unexplained"
CUTS = (*(mechanism.code for mechanism in IN_PRICE), UNEXPLAINED)
"""The bars of the price: every mechanism that lowers it, and what none explains."""
NUMBER = len(CUTS)
_VISITS = ("orders", "visitors", "tracked_orders")
_OWN = np.array([mechanism.funder is Funder.MERCHANT for mechanism in IN_PRICE])
_Frames = Mapping[tuple[str, str], pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums of some stores over some days. Shapes: orders, visitors, tracked (weeks,); units,
    listed, refunded (weeks, products); cuts (weeks, mechanisms, products). Money is in the basis.
    """

    orders: Floats
    visitors: Floats
    tracked: Floats
    units: Floats
    listed: Floats
    refunded: Floats
    cuts: Floats
    sales: Decimal

    def reduced(self, name: str, *, of: Bools, alone: Bools) -> Floats:
        """Sums by week of the products `of`, and of all of `alone` as one at the end."""
        sums: Floats = getattr(self, name)
        rest = sums[..., alone].sum(axis=-1, keepdims=True)
        return np.concatenate([sums[..., of], rest], axis=-1)

    def with_weeks(self, weeks: int) -> Cells:
        """The same in so many blocks: an odd week joins the last, more are dealt out evenly."""
        have = len(self.orders)
        even = np.arange(have) * weeks // have
        at = np.minimum(np.arange(have), weeks - 1) if have <= weeks + 1 else even

        def joined(sums: Floats) -> Floats:
            blocks = np.zeros((weeks, *sums.shape[1:]))
            np.add.at(blocks, at, sums)
            return blocks

        return Cells(
            joined(self.orders), joined(self.visitors), joined(self.tracked),
            joined(self.units), joined(self.listed), joined(self.refunded), joined(self.cuts),
            self.sales,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sold:
    """The cells of every single store and span, to be added up over stores and days."""

    goods: _Frames
    visits: _Frames
    skus: Mapping[str, int]
    starts: Mapping[str, pl.DataFrame]
    basis: Basis
    _known: dict[tuple[Any, ...], Cells] = field(default_factory=dict)

    def has(self, store: str, span: str) -> bool:
        """Whether the store sold anything in the span."""
        return (store, span) in self.goods and (store, span) in self.visits

    def cells(self, stores: Iterable[str], span: str, days: Period) -> Cells:
        """The sums of these stores over these days of the span, by week."""
        key = (tuple(stores), span, days)
        if key not in self._known:
            self._known[key] = self._summed(*key)
        return self._known[key]

    def sales(self, stores: Iterable[str], span: str, days: Period) -> Decimal:
        """What these stores sold on these days, exactly."""
        parts = self._parts(self.goods, stores, span, days)
        return sum((_money(part, self.basis) for part in parts), Decimal(0))

    def _parts(
        self, frames: _Frames, stores: Iterable[str], span: str, days: Period
    ) -> list[pl.DataFrame]:
        inside = pl.col("first_day").is_between(days.first, days.last)
        return [frames[store, span].filter(inside) for store in stores if (store, span) in frames]

    def _summed(self, stores: tuple[str, ...], span: str, days: Period) -> Cells:
        inside = pl.col("first_day").is_between(days.first, days.last)
        kept = self.starts[span].filter(inside)["week_start"].unique().sort()
        weeks = {week: at for at, week in enumerate(kept)}
        visits, goods = (
            np.zeros((len(weeks), 3)),
            np.zeros((len(weeks), len(self.skus), 3 + NUMBER)),
        )
        for part in self._parts(self.visits, stores, span, days):
            told = np.stack([_floats(part[name]) for name in _VISITS], axis=-1)
            np.add.at(visits, _places(part["week_start"], weeks), told)
        for part in self._parts(self.goods, stores, span, days):
            at = (_places(part["week_start"], weeks), _places(part["sku"], self.skus))
            np.add.at(goods, at, _amounts(part, self.basis))
        return Cells(
            visits[:, 0], visits[:, 1], visits[:, 2], goods[..., 0], goods[..., 1], goods[..., 2],
            np.moveaxis(goods[..., 3:], -1, 1), self.sales(stores, span, days),
        )  # fmt: skip


def read(session: Session, scope: Scope) -> Sold:
    """What every single store sold, also where groups of them are compared."""
    goods = session.run(sqlfile.find("sales/goods_by_cell"))
    visits = session.run(sqlfile.find("sales/visits_by_cell"))
    starts = {
        str(span): part.select("week_start", "first_day").unique()
        for (span,), part in visits.group_by("span")
    }
    by_store = [
        {
            (str(store), str(span)): part
            for (store, span), part in frame.group_by("store_id", "span", maintain_order=True)
        }
        for frame in (goods, visits)
    ]
    skus = {sku: at for at, sku in enumerate(goods["sku"].unique().sort())}
    return Sold(by_store[0], by_store[1], skus, starts, scope.basis)


def _amounts(goods: pl.DataFrame, basis: Basis) -> Floats:
    """Pieces, list value, money given back, money off by mechanism. Shapes: (cells, amounts)."""
    back = _floats(goods["refunded_amount"]) * basis.net_of_refunds
    amounts = np.stack([_floats(goods["units"]), _floats(goods["list_amount"]), back], axis=-1)
    return np.concatenate([amounts, _cuts(goods, basis)], axis=-1)


def _money(goods: pl.DataFrame, basis: Basis) -> Decimal:
    sales = goods["paid_amount"]
    if basis.with_platform_money:
        sales = sales + goods["platform_amount"].fill_null(Decimal(0))
    if basis.net_of_refunds:
        sales = sales - goods["refunded_amount"].fill_null(Decimal(0))
    return Decimal(sales.sum() or 0)


def _cuts(goods: pl.DataFrame, basis: Basis) -> Floats:
    """Money off list by mechanism. Shapes: (cells, mechanisms)."""
    named = np.stack([_floats(goods[PREFIX + code]) for code in CUTS[:-1]], axis=-1)
    listed, paid = _floats(goods["list_amount"]), _floats(goods["paid_amount"])
    # Money has four digits: what is left of none is none.
    rest = np.round(listed - paid - named.sum(axis=-1), 4)
    cuts = np.concatenate([named, rest[:, None]], axis=-1)
    if not basis.with_platform_money:
        return cuts
    return cuts - _platform_parts(named, _floats(goods["platform_amount"]))


def _platform_parts(named: Floats, platform: Floats) -> Floats:
    """The platform's money by mechanism: those it usually pays for, else all, else unexplained."""
    theirs = np.where(_OWN, 0.0, named)
    given = np.where(theirs.sum(axis=-1, keepdims=True) > 0, theirs, named)
    total = given.sum(axis=-1, keepdims=True)
    share = np.divide(given, total, out=np.zeros_like(given), where=total > 0)
    return np.asarray(platform[:, None] * np.concatenate([share, total <= 0], axis=-1))


def _places(values: pl.Series, known: Mapping[Any, int]) -> NDArray[np.intp]:
    return np.asarray([known[value] for value in values], dtype=np.intp)


def _floats(values: pl.Series) -> Floats:
    return np.asarray(values.cast(pl.Float64).fill_null(0.0).to_numpy())
