"""What the brand's own data say of its stores, before a candidate is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.answers import Answers
from channelscope.domain import Rung, Scope, Store
from channelscope.estimates import Floats

Row = dict[str, Any]
DAYS_A_MONTH = 365.25 / 12
UNPLANNED = ("list_none", "list_unexplained", "list_markdown")
MAP = ("product", "price", "promotion", "service")
"""The dimensions in which a store that is not there yet has a place."""


@dataclass(frozen=True)
class Evidence:
    """Frames of single stores; `stores` are those with orders in the period, in report order."""

    scope: Scope
    stores: tuple[Store, ...]
    goods: pl.DataFrame
    products: pl.DataFrame
    months: pl.DataFrame
    margins: pl.DataFrame
    tables: Mapping[str, pl.DataFrame]
    mix_groups: pl.DataFrame
    lines: pl.DataFrame
    """Lines of sampled orders, to price promotions on."""

    @property
    def ids(self) -> tuple[str, ...]:
        """The stores that sell."""
        return tuple(store.store_id for store in self.stores)

    @cached_property
    def months_open(self) -> Floats:
        """Months of the period in which each store sold. Shape: (S,)."""
        first, last = self.scope.period.first, self.scope.period.last
        inside = self.months.filter(pl.col("month_start").is_between(first.replace(day=1), last))
        spans = inside.group_by("store_id").agg(pl.min("first_day"), pl.max("last_day"))
        days = {
            row["store_id"]: (row["last_day"] - max(row["first_day"], first)).days + 1
            for row in spans.iter_rows(named=True)
        }
        return np.array([days.get(store, 0) / DAYS_A_MONTH for store in self.ids])

    @cached_property
    def levels(self) -> Floats:
        """Realised price level, reference = 100; nan = not known. Shape: (S,)."""
        rows = self.tables["price_index"].filter(
            category="all", unit="piece", rung=str(Rung.REALISED)
        )
        known = dict(rows.select("store_id", "value").iter_rows())
        return np.array([_number(known.get(store)) for store in self.ids])

    def metric(self, metric: str) -> Floats:
        """A metric of every store; nan = not known. Shape: (S,)."""
        rows = self.tables["metrics"].filter(metric=metric)
        known = dict(rows.select("store_id", "value").iter_rows())
        return np.array([_number(known.get(store)) for store in self.ids])

    @cached_property
    def order_value(self) -> Floats:
        """Paid per order over all months. Shape: (S,)."""
        sums = self.months.group_by("store_id").agg(pl.sum("paid_amount"), pl.sum("orders"))
        known = {row[0]: row[1] / row[2] for row in sums.iter_rows() if row[2]}
        return np.array([_number(known.get(store)) for store in self.ids])

    @cached_property
    def losing_margin(self) -> Floats:
        """What a unit paid leaves in each store before fixed costs; nan = not known. Shape: (S,)"""
        known = dict(self.margins.select("store_id", "margin").iter_rows())
        return np.array([_number(known.get(store)) for store in self.ids])

    @cached_property
    def refund_share(self) -> Floats:
        """Part of what was paid that was given back; nan = not known. Shape: (S,)."""
        known = dict(self.margins.select("store_id", "refund_share").iter_rows())
        return np.array([_number(known.get(store)) for store in self.ids])

    @cached_property
    def between(self) -> Mapping[str, Floats]:
        """Distance of every two stores in each dimension of `MAP`; nan = not known. (S, S)."""
        size = len(self.ids)
        found = {name: np.full((size, size), np.nan) for name in MAP}
        for row in self.tables["pairs"].iter_rows(named=True):
            ends = (row["store_a"], row["store_b"])
            if row["dimension"] in found and set(ends) <= set(self.ids):
                a, b = (self.ids.index(end) for end in ends)
                found[row["dimension"]][a, b] = _number(row["distance"])
                found[row["dimension"]][b, a] = _number(row["distance"])
        for matrix in found.values():
            np.fill_diagonal(matrix, 0.0)
        return found

    @cached_property
    def mixes(self) -> Mapping[str, Floats]:
        """Share of list value by mechanism; the rest has none. nan = not known. Shape: (S,).

        Everyday prices below list price are the price level's, and no plan names them.
        """
        values = [name for name in self.mix_groups.columns if name.startswith("list_")]
        sums = self.mix_groups.group_by("store_id").agg(pl.sum(*values))
        rows = {row["store_id"]: row for row in sums.iter_rows(named=True)}
        totals = {store: sum(row[name] or 0.0 for name in values) for store, row in rows.items()}
        return {
            name.removeprefix("list_"): np.array([
                (rows[store][name] or 0.0) / totals[store] if totals.get(store) else np.nan
                for store in self.ids
            ])
            for name in values
            if name not in UNPLANNED
        }  # fmt: skip

    @cached_property
    def month_noise(self) -> float:
        """How far a store's single months lie from its mean and the season: standard deviation of
        the log of sales a day."""
        days = (pl.col("last_day") - pl.col("first_day")).dt.total_days() + 1
        rows = self.months.filter(days >= 2 * DAYS_A_MONTH / 3).with_columns(
            daily=(pl.col("paid_amount") / days).log()
        )
        apart = (
            pl.col("daily") - pl.col("daily").mean().over("store_id")
            - pl.col("daily").mean().over("month_start") + pl.col("daily").mean()
        )  # fmt: skip
        found = rows.select(apart.std()).item()
        return float(found) if found is not None else 0.0

    @cached_property
    def season(self) -> Mapping[int, float]:
        """Sales a day of each calendar month over the mean of all; months never seen are left out.

        Rests on stores that sold in every month, so that openings and closings are no season.
        """
        first, last = self.scope.period.first, self.scope.period.last
        inside = self.months.filter(
            pl.col("month_start") >= first.replace(day=1), pl.col("month_start") <= last
        )
        throughout = inside.group_by("store_id").len()
        most = throughout["len"].max() if throughout.height else 0
        steady = throughout.filter(pl.col("len") == most)["store_id"]
        days = (pl.col("last_day").max() - pl.col("first_day").min()).dt.total_days() + 1
        rows = (
            inside.filter(pl.col("store_id").is_in(steady.implode()))
            .group_by("month_start")
            .agg((pl.sum("paid_amount") / days).alias("daily"))
            .sort("month_start")
        )
        mean = float(rows["daily"].mean() or 1.0)  # type: ignore[arg-type]
        return {row[0].month: row[1] / mean for row in rows.iter_rows()}


def _number(value: object) -> float:
    return float("nan") if value is None else float(value)  # type: ignore[arg-type]


def read(
    answers: Answers, tables: Mapping[str, pl.DataFrame], frames: Mapping[str, pl.DataFrame],
    scope: Scope,
) -> Evidence:  # fmt: skip
    """The evidence of the compared stores."""
    goods = answers.run(sqlfile.find("decision/goods_sold"))
    selling = set(goods.filter(pl.col("paid_amount") > 0)["store_id"])
    tops = answers.run(sqlfile.find("product/sku_categories")).select(
        "sku", top_category=pl.col("category")
    )
    return Evidence(
        scope=scope,
        stores=tuple(store for store in scope.stores if store.store_id in selling),
        goods=goods.filter(pl.col("paid_amount") > 0),
        products=frames["products"].select("sku", "category").join(tops, on="sku", how="left"),
        months=answers.run(sqlfile.find("decision/months_sold")),
        margins=answers.run(sqlfile.find("decision/variable_margins")),
        tables=tables,
        mix_groups=answers.run(sqlfile.find("promotion/mix_by_group")),
        lines=frames["sampled_lines"],
    )
