"""Observed orders as baskets for the promotion rules: which can be priced, why others cannot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.promotion_rules import Baskets, Promotion, read_promotions
from channelscope.promotion_rules.apportion import Cents, Counts
from channelscope.stats.arrays import Bools


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """Whole orders of stores with rules, the rules, and why stores have none to look at.

    *Shapes*: `lines` and `paid` (lines,), in the order of the baskets' lines. *Units*: cents.
    In groups, `baskets` and `rules` have the stores themselves, `lines` has both.
    """

    lines: pl.DataFrame
    baskets: Baskets
    paid: Cents
    rules: tuple[Promotion, ...]
    owner: Mapping[str, str]
    reasons: Mapping[str, str]

    @property
    def orders(self) -> int:
        """How many orders are looked at."""
        return len(self.baskets.store)


def observe(session: Session, scope: Scope) -> Observed:
    """The orders that can be held against the rules.

    Orders with amounts finer than a cent, which no till asks for, are left out whole.
    """
    rules = session.run(sqlfile.find("promotion/running_rules"))
    every = session.run(sqlfile.find("promotion/observed_lines"))
    lines = every.filter("is_whole").with_columns(
        order=pl.struct("member_id", "order_id").rle_id().cast(pl.Int64)
    )
    return Observed(
        lines=lines,
        baskets=_baskets(lines),
        paid=lines["paid_amount"].to_numpy(),
        rules=read_promotions(rules.drop("store_id").rename({"member_id": "store_id"})),
        owner=dict(rules.select("member_id", "store_id").iter_rows()),
        reasons=dict(_reasons(scope, rules, every)),
    )


def _baskets(lines: pl.DataFrame) -> Baskets:
    orders = lines.group_by("order", maintain_order=True).agg(
        pl.col("member_id", "ordered_at").first()
    )
    return Baskets(
        store=orders["member_id"].to_numpy().astype(str),
        at=orders["ordered_at"].to_numpy(),
        order=lines["order"].to_numpy(),
        line_no=lines["line_no"].to_numpy(),
        sku=lines["sku"].to_numpy().astype(str),
        category=lines["category"].to_numpy(),
        pieces=lines["pieces"].to_numpy(),
        list_price=lines["list_price"].to_numpy(),
    )


def part(baskets: Baskets, keep: Bools) -> tuple[Baskets, Counts]:
    """The baskets that are kept, and the positions that their lines had."""
    at = np.flatnonzero(keep[baskets.order])
    place = np.cumsum(keep) - 1
    kept = Baskets(
        store=baskets.store[keep], at=baskets.at[keep], order=place[baskets.order[at]],
        line_no=baskets.line_no[at], sku=baskets.sku[at], category=baskets.category[at],
        pieces=baskets.pieces[at], list_price=baskets.list_price[at],
    )  # fmt: skip
    return kept, at


def _reasons(scope: Scope, rules: pl.DataFrame, lines: pl.DataFrame) -> Mapping[str, str]:
    """Why stores with sales have no order to look at."""
    ruled = set(rules["store_id"].unique())
    own_money = set(rules.filter(~pl.col("is_converted"))["store_id"])
    sold, whole = (set(frame["store_id"].unique()) for frame in (lines, lines.filter("is_whole")))
    told = {}
    for store in scope.store_ids:
        if store not in ruled:
            told[store] = "reason.no_promotions_ran"
        elif store not in own_money:
            told[store] = "reason.money_converted"
        elif store in sold and store not in whole:
            told[store] = "reason.finer_than_cents"
        elif store not in whole:
            told[store] = "reason.no_orders_sampled"
    return told
