"""What one basket costs in each store at a moment, step by step. Reads no more than it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from channelscope import loading, quality, scoping, sql_mapping, sqlfile
from channelscope.basket_steps import SCHEMA, Line, Offer, not_listed, rows
from channelscope.currencies import AS_GIVEN
from channelscope.domain import Store
from channelscope.engine.duckdb import Session, to_frame
from channelscope.errors import DataError, UsageError, did_you_mean
from channelscope.promotion_rules import Baskets, GiftWorth, Priced, Promotion, price
from channelscope.promotion_rules.promotions import read_promotions
from channelscope.workspace import open_workspace

EVENING = time(20)
"""The moment of a day for which none is asked: evening, when most is bought."""
KNOWN_FOR = timedelta(days=91)
"""A list price not seen for 13 weeks is no price of today."""
SMALL = ("stores", "products", "promotions")
GOODS = ("order_lines", "price_snapshots")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The basket: pieces by SKU, in which stores (none: all), when (None: at the data's end)."""

    items: Mapping[str, Decimal]
    stores: tuple[str, ...] = ()
    at: datetime | None = None
    eligible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """The steps of every store, and the moment at which they hold."""

    frame: pl.DataFrame
    at: datetime
    unpriced: tuple[str, ...]


def basket(folder: Path, asked: Asked, *, allow_dirs: Sequence[Path] = (), **limits: Any) -> Answer:
    """The steps per store; UsageError or DataError says what of the question cannot be answered."""
    with closing(loading.read(open_workspace(folder, allow_dirs=allow_dirs), **limits)) as loaded:
        quality.raise_if_fatal(quality.check(loaded, only=SMALL), loaded.failures)
        if "promotions" not in loaded.present:
            raise DataError(
                "the workspace has no promotions, and without them a basket costs its list price",
                where="promotions",
                expected="the table promotions with at least one row",
                advice="add promotions.csv; 'channelscope init' writes one with its columns",
            )
        stores = _stores(loaded.session, asked)
        products = _products(loaded.session, asked)
        at = asked.at or _last_evening(loaded.session)
        listed = _list_prices(loaded, asked, at)
        return _answer(loaded, asked, stores, products, listed, at)


def _stores(session: Session, asked: Asked) -> tuple[Store, ...]:
    known = scoping.read_stores(to_frame(session.connection.table("stores")))
    return scoping.pick(known, asked.stores, where="--store")


def _products(session: Session, asked: Asked) -> pl.DataFrame:
    products = to_frame(session.connection.table("products"))
    known = products["sku"].to_list()
    for sku in asked.items:
        if sku not in known:
            raise UsageError(
                f"there is no product '{sku}'",
                where="--item",
                expected="the sku of a product of the table products",
                advice=did_you_mean(sku, known) or f"one of its {len(known)} products: {known[0]}",
            )
    return products


def _last_evening(session: Session) -> datetime:
    last = session.run(sqlfile.find("load/data_end"))["last_day"].item()
    return datetime.combine(last, EVENING)


def _list_prices(loaded: loading.Loaded, asked: Asked, at: datetime) -> pl.DataFrame:
    """In each store's own currency, which is that of its promotions."""
    query = sqlfile.find("load/listed_prices")
    given = {name: f"{name}{AS_GIVEN}" for name in GOODS if name in loaded.present}
    sql = sql_mapping.with_tables(loaded.session.connection, query.sql, given)
    params = {"at": at, "since": at - KNOWN_FOR, "skus": "|".join(asked.items)}
    return loaded.session.run(dataclasses.replace(query, sql=sql), params)


def _answer(
    loaded: loading.Loaded,
    asked: Asked,
    stores: Iterable[Store],
    products: pl.DataFrame,
    listed: pl.DataFrame,
    at: datetime,
) -> Answer:
    rules = read_promotions(to_frame(loaded.session.connection.table("promotions")))
    home = loaded.config.workspace.currency
    currencies = dict(
        to_frame(loaded.session.connection.table("stores")).select("store_id", "currency").rows()
    )
    named = {row["sku"]: row for row in products.iter_rows(named=True)}
    known = {(row["store_id"], row["sku"]): row for row in listed.iter_rows(named=True)}
    found: list[dict[str, Any]] = []
    unpriced = []
    for store in stores:
        lines, missing = _lines(store.store_id, asked, named, known)
        currency = currencies[store.store_id] or home
        if missing:
            unpriced.append(store.store_id)
            found.append(not_listed(store.store_id, currency, missing))
            continue
        gifts = _gifts(products) if currency == home else {}
        mine = [rule for rule in rules if rule.store_id == store.store_id]
        done = _price(store.store_id, lines, mine, at=at, eligible=asked.eligible, gifts=gifts)
        found += rows(Offer(store.store_id, currency, lines, tuple(mine), done))
    return Answer(pl.DataFrame(found, schema=SCHEMA), at, tuple(unpriced))


def _lines(
    store: str,
    asked: Asked,
    products: Mapping[str, Mapping[str, Any]],
    known: Mapping[tuple[str, str], Mapping[str, Any]],
) -> tuple[tuple[Line, ...], tuple[str, ...]]:
    """The lines of the basket in a store, and the products that it does not list."""
    lines, missing = [], []
    for sku, pieces in asked.items.items():
        row = known.get((store, sku))
        if row is None or not row["is_listed"] or row["list_price"] is None:
            missing.append(sku)
            continue
        product = products[sku]
        lines.append(
            Line(sku, product["title"], product["category"], pieces, _cents(row["list_price"]),
                 row["seen_at"].date())
        )  # fmt: skip
    return tuple(lines), tuple(missing)


def _price(
    store: str,
    lines: Sequence[Line],
    rules: Sequence[Promotion],
    *,
    at: datetime,
    eligible: Collection[str],
    gifts: Mapping[str, GiftWorth],
) -> Priced:
    baskets = Baskets(
        store=np.array([store]), at=np.array([at], dtype="datetime64[us]"),
        order=np.zeros(len(lines), dtype=np.int64), line_no=np.arange(1, len(lines) + 1),
        sku=np.array([line.sku for line in lines]),
        category=np.array([line.category for line in lines], dtype=object),
        pieces=np.array([int(line.pieces * 1000) for line in lines]),
        list_price=np.array([line.cents for line in lines]),
    )  # fmt: skip
    return price(baskets, promotions=rules, eligible=eligible, gifts=gifts)


def _gifts(products: pl.DataFrame) -> dict[str, GiftWorth]:
    """Products given away: worth what the brand suggests, at the cost it has."""
    return dict(_worths(products))


def _worths(products: pl.DataFrame) -> Iterator[tuple[str, GiftWorth]]:
    for row in products.iter_rows(named=True):
        market, cost = (
            None if row[name] is None else _cents(row[name])
            for name in ("suggested_price", "unit_cost")
        )
        yield row["sku"], GiftWorth(market, cost)


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))
