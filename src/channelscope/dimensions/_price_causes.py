"""What makes a price low, and whose money it is: the parts of a gap, cell by cell."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from channelscope import sqlfile
from channelscope.domain import Rung, Scope
from channelscope.engine.duckdb import Session
from channelscope.mechanisms import MECHANISMS, Funder, Level

LIST_PRICE = "list_price"
"""The cause where the list price itself is low: no mechanism."""
CENT = 0.01
"""Money a piece below this is rounding, as in the identity of a line."""
_BORNE = {Funder.MERCHANT: 1.0, Funder.PLATFORM: 0.0, Funder.SHARED: None}
_USUAL = {each.code: _BORNE[each.funder] for each in MECHANISMS}
_IN_PRICE = [each.code for each in MECHANISMS if each.in_price]
_ON_SHELF = [each.code for each in MECHANISMS if each.in_price
             and each.level in (Level.ITEM, Level.SET)]  # fmt: skip
"""What a shelf price of one piece can hold; orders, shops and platforms discount later."""
_WEEK = ("store_id", "sku", "week_start")
_CELL = (*_WEEK, "month_start")


@dataclass(frozen=True, slots=True)
class Explained:
    """Low cells with `funder`, and the money of each part of their gaps (`at`, `mechanism`)."""

    cells: pl.DataFrame
    parts: pl.DataFrame


def explain(session: Session, scope: Scope, low: pl.DataFrame, *, rung: Rung) -> Explained:
    """The parts of each gap below `base`, and who funds it.

    `low` has the columns of `order_cells`, `at` (a number of its own), `base` and `limit`, from
    which on a price is not low. A platform's money explains a gap first: a price that would not be
    low without it is not the store's. What is left is the store's list price and discounts.
    """
    discounts = _by_lines(session, scope, low, rung=rung)
    unknown = _unexplained(low, discounts)
    if rung is Rung.ONE_PIECE:
        offered = _by_promotions(session, unknown)
        discounts = pl.concat([discounts, offered])
        unknown = _unexplained(unknown, offered)
    parts = pl.concat([discounts, _list_parts(low), _untold(unknown)])
    known = pl.col("platform").is_not_null().all()
    money = parts.group_by("at").agg(
        total=pl.col("money").sum(),
        given=pl.col("platform").sum(),
        platform=pl.when(known).then(pl.col("platform").sum()),
    )
    cells = low.join(money, on="at", how="left", maintain_order="left").with_columns(
        pl.col("total", "given").fill_null(0.0)
    )
    return Explained(cells.with_columns(funder=_funder()), _shares(cells, parts))


def _funder() -> pl.Expr:
    """Whose the gap is, null = not known.

    Where it is not known what the platform gives, a list price that is low is the store's still.
    """
    money, raised = pl.col("platform"), pl.col("price") + pl.col("platform")
    return (
        pl.when(money.is_null() & (pl.col("list_price") < pl.col("limit")))
        .then(pl.lit(Funder.MERCHANT))
        .when(money.is_null())
        .then(None)
        .when((money >= CENT) & (raised >= pl.col("limit")))
        .then(pl.lit(Funder.PLATFORM))
        .when(money >= CENT)
        .then(pl.lit(Funder.SHARED))
        .otherwise(pl.lit(Funder.MERCHANT))
    )


def _shares(cells: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Money of each part in the gap of its cell: the platform's first, the rest in proportion."""
    gap = pl.col("base") - pl.col("price")
    platform = pl.min_horizontal(gap, "given")
    told = parts.rename({"platform": "part_platform"}).join(
        cells.select("at", "total", "given", gap=gap, from_platform=platform), on="at"
    )
    own = pl.col("total") - pl.col("given")
    mine = pl.col("part_platform").fill_null(0.0)
    of_platform = _quotient(mine, pl.col("given")) * pl.col("from_platform")
    of_store = _quotient(pl.col("money") - mine, own) * (pl.col("gap") - pl.col("from_platform"))
    return told.select("at", "mechanism", money=of_platform + of_store)


def _quotient(top: pl.Expr, bottom: pl.Expr) -> pl.Expr:
    return pl.when(bottom > 0).then(top / bottom).otherwise(0.0)


def _by_lines(session: Session, scope: Scope, low: pl.DataFrame, *, rung: Rung) -> pl.DataFrame:
    """What order lines say of the same store, product and week, per piece.

    The platform's money is laid on what a platform usually funds, then on the rest; where it is
    not known, what the promotions or the trade say of a mechanism decides.
    """
    weeks = session.run(sqlfile.find("price/week_discounts"))
    shares = session.run(
        sqlfile.find("promotion/merchant_shares"),
        {"first": scope.period.first, "last": scope.period.last},
    )
    usual = pl.col("mechanism").replace_strict(_USUAL, default=None, return_dtype=pl.Float64)
    lines = (
        low.select("at", "week_units", "platform_per_piece", *_WEEK)
        .join(weeks.filter(pl.col("mechanism").is_in(_IN_PRICE)), on=_WEEK)
        .join(shares, on=["store_id", "mechanism"], how="left")
        .with_columns(
            money=pl.col("discount_amount") / pl.col("week_units"),
            borne=pl.coalesce("merchant_share", usual),
        )
    )
    may = pl.col("borne").fill_null(0.0) < 1
    of_platform = pl.when(may).then("money").otherwise(0.0)
    of_store = pl.when(~may).then("money").otherwise(0.0)
    given = pl.col("platform_per_piece")
    first = of_platform * pl.min_horizontal(1.0, _quotient(given, of_platform.sum().over("at")))
    left = (given - of_platform.sum().over("at")).clip(lower_bound=0.0)
    then = of_store * pl.min_horizontal(1.0, _quotient(left, of_store.sum().over("at")))
    laid = pl.when(given.is_null()).then(pl.col("money") * (1 - pl.col("borne"))).otherwise(
        first + then
    )  # fmt: skip
    told = lines.with_columns(platform=laid)
    on_rung = told.filter(pl.col("mechanism").is_in(_ON_SHELF)) if rung is Rung.ONE_PIECE else told
    return on_rung.select("at", "mechanism", "money", "platform")


def _by_promotions(session: Session, low: pl.DataFrame) -> pl.DataFrame:
    """What promotions of the week say of a shelf price below list, in proportion to their benefit.

    Of one stack group the best holds; benefits that are not known count alike.
    """
    offers = session.run(sqlfile.find("price/shelf_promotions")).filter(
        pl.col("mechanism").is_in(_ON_SHELF)
    )
    found = (
        low.select("at", "list_price", "price", *_CELL)
        .join(offers, on=_CELL)
        .sort("benefit_per_piece", "promo_id", descending=[True, False], nulls_last=True)
        .unique(["at", "stack_group"], keep="first", maintain_order=True)
    )
    known = (pl.col("benefit_per_piece") > 0).all().over("at")
    weight = pl.when(known).then("benefit_per_piece").otherwise(1.0)
    money = (pl.col("list_price") - pl.col("price")) * weight / weight.sum().over("at")
    usual = pl.col("mechanism").replace_strict(_USUAL, default=None, return_dtype=pl.Float64)
    borne = pl.coalesce("merchant_share", usual)
    return found.with_columns(money=money).select(
        "at", "mechanism", "money", platform=pl.col("money") * (1 - borne)
    )


def _unexplained(low: pl.DataFrame, discounts: pl.DataFrame) -> pl.DataFrame:
    """Cells below list, or without a list price, of which no discount is known."""
    discounted = (pl.col("list_price") - pl.col("price")).fill_null(CENT) >= CENT
    return low.filter(discounted).join(discounts.select("at"), on="at", how="anti")


def _list_parts(low: pl.DataFrame) -> pl.DataFrame:
    below = pl.col("base") - pl.col("list_price")
    return low.filter(below >= CENT).select(
        "at", mechanism=pl.lit(LIST_PRICE), money=below, platform=pl.lit(0.0)
    )


def _untold(unknown: pl.DataFrame) -> pl.DataFrame:
    """A discount without a name; what the platform gives for it is known from lines alone."""
    off = (pl.coalesce("list_price", "base") - pl.col("price")).clip(lower_bound=0.0)
    return unknown.with_columns(money=off).select(
        "at",
        mechanism=pl.lit(None, pl.String),
        money="money",
        platform=pl.when(pl.col("platform_per_piece") <= 0).then(0.0),
    )
