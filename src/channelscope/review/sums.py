"""What each store sold on the days of the period and of each base, as arrays of days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.stats.arrays import Bools
from channelscope.trading import PERIOD

WEEK = 7
CENT = Decimal("0.01")
IMMATURE_DAYS = 15
"""Refunds of the data's last days are still coming in."""
AMOUNTS = (
    "orders", "units", "sales", "paid_amount", "refunded_amount", "refund_known_paid",
    "visitors", "tracked_orders",
)  # fmt: skip
PARTS: Mapping[str, tuple[str, str | None]] = {
    "sales": ("sales", None),
    "orders": ("orders", None),
    "visitor_days": ("visitors", None),
    "conversion": ("tracked_orders", "visitors"),
    "order_value": ("sales", "orders"),
    "units_per_order": ("units", "orders"),
    "refund_share": ("refunded_amount", "refund_known_paid"),
}
"""The metrics of a variance and what they are made of: a sum, or one sum over another."""


@dataclass(frozen=True, slots=True)
class Side:
    """Some stores in one span. Shapes: amounts (days of the period,); what is not known is 0."""

    amounts: Mapping[str, Floats]
    exact: Decimal

    def parts(self, metric: str) -> tuple[Floats, Floats | None]:
        """What the metric is made of, by day."""
        top, bottom = PARTS[metric]
        return self.amounts[top], None if bottom is None else self.amounts[bottom]


@dataclass(frozen=True)
class Sums:
    """Every store in every span. Shapes: (stores, days) an amount, nan where nothing is known."""

    scope: Scope
    spans: tuple[str, ...]
    frame: pl.DataFrame
    closed: Mapping[str, date] = field(default_factory=dict)
    """The last day of each store that declares one."""

    @cached_property
    def _arrays(self) -> Mapping[tuple[str, str], Mapping[str, Floats]]:
        days = {day: at for at, day in enumerate(self.scope.period.every_day)}
        found = {}
        for (store, span), part in self.frame.group_by("store_id", "span", maintain_order=True):
            at = [days[day] for day in part["as_day"]]
            amounts = {name: np.full(len(days), np.nan) for name in AMOUNTS}
            for name in AMOUNTS:
                amounts[name][at] = part[name].cast(pl.Float64).to_numpy()
            found[str(store), str(span)] = amounts
        return found

    @cached_property
    def _exact(self) -> Mapping[tuple[str, str], Decimal]:
        told = self.frame.group_by("store_id", "span").agg(pl.col("sales").sum())
        return {(store, span): Decimal(sales) for store, span, sales in told.iter_rows()}

    @cached_property
    def blocks(self) -> NDArray[np.intp]:
        """The week of each day since the period began; odd days at its end join the last one."""
        days = self.scope.period.days
        return np.minimum(np.arange(days) // WEEK, max(days // WEEK, 1) - 1)

    @cached_property
    def mature(self) -> Bools:
        """Days of the period whose refunds have come in."""
        days = (self.scope.data_end - self.scope.period.first).days - np.arange(
            self.scope.period.days
        )
        return np.asarray(days >= IMMATURE_DAYS)

    def sold(self, store: str, span: str) -> Bools:
        """Days of the period (or that stand for one) on which the store had an order."""
        amounts = self._arrays.get((store, span))
        if amounts is None:
            return np.zeros(self.scope.period.days, dtype=bool)
        return np.asarray(np.nan_to_num(amounts["orders"]) > 0)

    def has(self, store: str, span: str) -> bool:
        """Whether anything is known of the store in the span: an order, that is."""
        return bool(self.sold(store, span).any())

    def side(self, stores: Iterable[str], span: str) -> Side:
        """These stores together."""
        known = [store for store in stores if (store, span) in self._arrays]
        days = self.scope.period.days
        amounts = {
            name: np.nansum(
                [self._arrays[store, span][name] for store in known] or np.zeros((1, days)), axis=0
            )
            for name in AMOUNTS
        }
        total = sum((_cents(self._exact[store, span]) for store in known), Decimal(0))
        return Side(amounts, total)


def read(session: Session, scope: Scope, stores: pl.DataFrame) -> Sums:
    """The sums of every single store. `stores`: the table, for the days on which they closed."""
    frame = session.run(sqlfile.find("review/sums_by_day"))
    closed = dict(stores.select("store_id", "closed_on").drop_nulls().iter_rows())
    return Sums(scope, (PERIOD, *(base.name for base in scope.bases)), frame, closed)


def _cents(amount: Decimal) -> Decimal:
    """Sales in whole cents, rounded once, on the exact sum: as the bridges have them."""
    return amount.quantize(CENT, rounding=ROUND_HALF_UP)
