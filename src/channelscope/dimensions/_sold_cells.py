"""What each store sold in each span, by week and product: what the bridges are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope import sqlfile
from channelscope.domain import Basis, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.mechanisms import MECHANISMS, PREFIX, Funder
from channelscope.stats.arrays import Bools

PERIOD, BEFORE = "period", "before"
IN_PRICE = tuple(mechanism for mechanism in MECHANISMS if mechanism.in_price)
UNEXPLAINED = "unexplained"
CUTS = (*(mechanism.code for mechanism in IN_PRICE), UNEXPLAINED)
"""The bars of the price: every mechanism that lowers it, and what none explains."""
_OWN = np.array([mechanism.funder is Funder.MERCHANT for mechanism in IN_PRICE])


@dataclass(frozen=True, slots=True)
class Cells:
    """Sums of one store in one span. Shapes: orders, visitors, tracked (weeks,); units, listed,
    refunded (weeks, products); cuts (weeks, mechanisms, products). Money is in the basis."""

    store_id: str
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
        """The same in so many weeks: the odd ones at the end join the last."""

        def joined(sums: Floats) -> Floats:
            head = sums[:weeks].copy()
            head[-1] += sums[weeks:].sum(axis=0)
            return head

        return Cells(
            self.store_id, joined(self.orders), joined(self.visitors), joined(self.tracked),
            joined(self.units), joined(self.listed), joined(self.refunded), joined(self.cuts),
            self.sales,
        )  # fmt: skip


def read(session: Session, scope: Scope) -> dict[tuple[str, str], Cells]:
    """The cells of every store and span with an order, by store and span."""
    goods = session.run(sqlfile.find("sales/goods_by_week"))
    visits = session.run(sqlfile.find("sales/visits_by_week"))
    skus = {sku: at for at, sku in enumerate(goods["sku"].unique().sort())}
    weeks = {
        span: {week: at for at, week in enumerate(part["week_start"].unique().sort())}
        for (span,), part in visits.group_by("span")
    }
    of_store = dict(visits.group_by("store_id", "span"))
    return {
        (str(store), str(span)): _cells(
            str(store), part, of_store[store, span], axes=(weeks[span], skus), basis=scope.basis
        )
        for (store, span), part in goods.group_by("store_id", "span", maintain_order=True)
        if (store, span) in of_store
    }


def _cells(
    store: str,
    goods: pl.DataFrame,
    visits: pl.DataFrame,
    *,
    axes: tuple[Mapping[date, int], Mapping[str, int]],
    basis: Basis,
) -> Cells:
    """One store's sums along the axes: places of weeks and of products."""
    weeks, skus = axes
    at = (_places(goods["week_start"], weeks), _places(goods["sku"], skus))

    def dense(values: Floats) -> Floats:
        array = np.zeros((len(weeks), len(skus)))
        array[at] = values
        return array

    def by_week(name: str) -> Floats:
        array = np.zeros(len(weeks))
        array[_places(visits["week_start"], weeks)] = _floats(visits[name])
        return array

    cuts = _cuts(goods, basis)
    money = _money(goods, basis)
    return Cells(
        store,
        by_week("orders"), by_week("visitors"), by_week("tracked_orders"),
        dense(_floats(goods["units"])), dense(_floats(goods["list_amount"])),
        dense(_floats(goods["refunded_amount"]) * basis.net_of_refunds),
        np.stack([dense(cut) for cut in cuts.T], axis=1),
        sum(money, Decimal(0)),
    )  # fmt: skip


def _money(goods: pl.DataFrame, basis: Basis) -> pl.Series:
    sales = goods["paid_amount"]
    if basis.with_platform_money:
        sales = sales + goods["platform_amount"].fill_null(Decimal(0))
    if basis.net_of_refunds:
        sales = sales - goods["refunded_amount"].fill_null(Decimal(0))
    return sales


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
