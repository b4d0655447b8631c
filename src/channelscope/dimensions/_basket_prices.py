"""What one, two, three and five pieces cost in each store, day by day, and who is cheapest."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from channelscope import sqlfile
from channelscope.dimensions import _clashes
from channelscope.dimensions._broken_thresholds import ALL, made_dearer
from channelscope.dimensions._listed_days import Listed, listed_days
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.promotion_rules import Promotion
from channelscope.results import TABLES

PIECES = (1, 2, 3, 5)
"""One, a pair, what multi-buy rules ask for, a household's stock."""
HERO, TYPICAL = "hero", "typical"
MEMBER = "member"
NAMES = ("basket_prices", "cheapest_baskets", "broken_thresholds")
_BASKET = ("store", "basket", "sku", "pieces")


def priced_baskets(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of the tables on baskets and on clashes; none where nothing can be priced."""
    listed = listed_days(session, scope)
    if listed is None:
        return {}
    return {**basket_prices(session, listed), **_clashes.clashes(listed)}


def basket_prices(session: Session, listed: Listed) -> dict[str, pl.DataFrame]:
    """Rows of the three tables on baskets."""
    cells = _cells(session, listed)
    if cells.is_empty():
        return {name: pl.DataFrame(schema=TABLES[name]) for name in NAMES}
    found = [_priced(listed, cells, rules=listed.rules).with_columns(eligibility=pl.lit(ALL))]
    special = {rule.store_id for rule in listed.rules if rule.eligibility == MEMBER}
    if special:
        told = _priced(listed, cells, rules=listed.rules, eligible=(MEMBER,))
        found.append(told.with_columns(eligibility=pl.lit(MEMBER)))
    priced = pl.concat(found)
    at_special = pl.col("store").is_in([at for at, s in enumerate(listed.stores) if s in special])
    return {
        "basket_prices": _price_rows(
            listed, priced.filter((pl.col("eligibility") == ALL) | at_special)
        ),
        "cheapest_baskets": _cheapest_rows(listed, priced.filter(pl.col("basket") == HERO)),
        "broken_thresholds": _broken_rows(listed, found[0]),
    }


def _cells(session: Session, listed: Listed) -> pl.DataFrame:
    """Every basket in every stretch of days in which its store lists its product."""
    heroes = session.run(sqlfile.find("promotion/hero_skus")).select("sku")
    typical = session.run(sqlfile.find("promotion/typical_baskets"))
    sku = pl.col("sku").replace_strict(
        list(listed.skus), list(range(len(listed.skus))), default=None, return_dtype=pl.Int64
    )
    store = pl.col("store_id").replace_strict(
        list(listed.stores), list(range(len(listed.stores))), default=None, return_dtype=pl.Int64
    )
    pieces = pl.DataFrame({"pieces": PIECES}, schema={"pieces": pl.Int64})
    own = typical.select(store=store, sku=sku, pieces="pieces", basket=pl.lit(TYPICAL))
    of_all = heroes.select(sku=sku, basket=pl.lit(HERO)).join(pieces, how="cross")
    columns = ["store", "sku", "stretch", "cents", "pieces", "basket"]
    return pl.concat([
        listed.cells.join(of_all, on="sku").select(columns),
        listed.cells.join(own, on=["store", "sku"]).select(columns),
    ])  # fmt: skip


def _priced(
    listed: Listed,
    cells: pl.DataFrame,
    *,
    rules: Sequence[Promotion],
    eligible: Collection[str] = (),
) -> pl.DataFrame:
    done = listed.price(cells, rules=rules, eligible=eligible)
    return cells.with_columns(list=pl.Series(done.list_amount), net=pl.Series(done.paid))


def _runs(listed: Listed, priced: pl.DataFrame, *amounts: str) -> pl.DataFrame:
    """Stretches one after the other in which a basket's amounts are the same, as one row."""
    keys = [*_BASKET, *(name for name in ("eligibility", "rule") if name in priced.columns)]
    ordered = priced.sort(*keys, "stretch")
    same = pl.all_horizontal(
        *(pl.col(name) == pl.col(name).shift(1) for name in (*keys, *amounts)),
        pl.col("stretch") == pl.col("stretch").shift(1) + 1,
    )
    days = pl.Series(listed.days)
    return (
        ordered.with_columns(
            run=(~same.fill_null(value=False)).cum_sum(),
            days=days.gather(ordered["stretch"]),
            on=pl.Series(listed.first).cast(pl.Date).gather(ordered["stretch"]),
        )
        .group_by("run", maintain_order=True)
        .agg(
            *(pl.col(name).first() for name in (*keys, *amounts, "on")), pl.col("days").sum()
        )
    )  # fmt: skip


def _named(listed: Listed, rows: pl.DataFrame, table: str) -> pl.DataFrame:
    """Positions as ids, in the columns and the order of the table."""
    schema = TABLES[table]
    stores, skus = pl.Series(listed.stores), pl.Series(listed.skus)
    return (
        rows.with_columns(store_id=stores.gather(rows["store"]), sku=skus.gather(rows["sku"]))
        .select(schema.names())
        .cast(schema)
    )


def money(cents: str) -> pl.Expr:
    """Whole cents as exact money."""
    return pl.col(cents).cast(pl.Decimal(18, 2)) / pl.lit(100).cast(pl.Decimal(18, 0))


def _price_rows(listed: Listed, priced: pl.DataFrame) -> pl.DataFrame:
    rows = _runs(listed, priced, "list", "net").with_columns(
        list_amount=money("list"), net_amount=money("net"),
        per_piece=(pl.col("net") / pl.col("pieces") / 100).round(4),
    )  # fmt: skip
    return _named(listed, rows, "basket_prices")


def _cheapest_rows(listed: Listed, heroes: pl.DataFrame) -> pl.DataFrame:
    """On how many of the compared days each store's price is the lowest, and no other's is."""
    days = pl.Series(listed.days).gather(heroes["stretch"])
    offer = ["sku", "pieces", "eligibility"]
    every = heroes.with_columns(days=days).with_columns(
        stores=pl.len().over(*offer, "stretch"),
        is_lowest=pl.col("net") == pl.col("net").min().over(*offer, "stretch"),
    )
    compared = every.filter(pl.col("stores") >= 2).with_columns(
        alone=pl.col("is_lowest") & (pl.col("is_lowest").sum().over(*offer, "stretch") == 1)
    )
    total = compared.unique([*offer, "stretch"]).group_by(offer).agg(pl.col("days").sum())
    rows = (
        compared.group_by("store", *offer)
        .agg(days_cheapest=pl.col("days").filter(pl.col("alone")).sum())
        .join(total, on=offer)
        .with_columns(share=(pl.col("days_cheapest") / pl.col("days")).round(6))
        .sort("eligibility", "sku", "pieces", "store")
    )
    return _named(listed, rows, "cheapest_baskets")


def _broken_rows(listed: Listed, priced: pl.DataFrame) -> pl.DataFrame:
    """Baskets that an item-level rule makes dearer, with the rule."""
    rows = _runs(listed, made_dearer(listed, priced), "net", "without")
    ids = pl.Series([rule.promo_id for rule in listed.rules], dtype=pl.String)
    codes = pl.Series([rule.mechanism for rule in listed.rules], dtype=pl.String)
    named = rows.with_columns(
        net_amount=money("net"), without_amount=money("without"),
        promo_id=ids.gather(rows["rule"]), mechanism=codes.gather(rows["rule"]),
    )  # fmt: skip
    return _named(listed, named, "broken_thresholds")
