"""What one basket costs in each store at a moment, step by step. Reads no more than it needs."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from channelscope import loading, quality, scoping, sql_mapping, sqlfile
from channelscope.basket_steps import NOT_LISTED, SCHEMA, Line, Offer, not_listed, rows
from channelscope.cache import Cache
from channelscope.currencies import AS_GIVEN
from channelscope.engine.duckdb import Session, to_frame
from channelscope.errors import DataError, UsageError, did_you_mean
from channelscope.limits import NO_LIMITS, Limits
from channelscope.progress import Progress, silence
from channelscope.promotion_rules import Baskets, GiftWorth, Promotion, price, read_promotions
from channelscope.workspace import open_workspace

EVENING = time(20)
"""The moment of a day for which none is asked: evening, when most is bought."""
KNOWN_FOR = timedelta(days=91)
"""A list price not seen for 13 weeks is no price of today."""
SMALL = ("stores", "products", "promotions")
GOODS = ("order_lines", "price_snapshots")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The basket: pieces by SKU, in which stores (none: all), when (None: at the data's end)."""

    items: Mapping[str, Decimal]
    stores: tuple[str, ...] = ()
    at: datetime | None = None
    eligible: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """The first and the last day of which a store's `promotions` or `prices` are known."""

    what: str
    store_id: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Answer:
    """The steps of every store, and the moment at which they hold.

    `outside`: the spans that the moment lies outside of; `warnings`: what the data checks found in
    the promotions.
    """

    frame: pl.DataFrame
    at: datetime
    unpriced: tuple[str, ...]
    outside: tuple[Span, ...]
    warnings: tuple[quality.Finding, ...]


def basket(
    folder: Path, asked: Asked, *, allow_dirs: Sequence[Path] = (), limits: Limits = NO_LIMITS,
    keep: Callable[..., Cache] = Cache.off, progress: Progress = silence,
) -> Answer:  # fmt: skip
    """The steps per store; UsageError or DataError says what of the question cannot be answered.

    `keep`: makes the cache that holds converted files, of where else they may lie (`temp_dir`).
    """
    opened = open_workspace(folder, allow_dirs=allow_dirs)
    with ExitStack() as stack:
        cache = stack.enter_context(closing(keep(temp_dir=limits.over(opened.limits).temp_dir)))
        loaded = loading.read(opened, limits=limits, cache=cache, progress=progress)
        stack.enter_context(closing(loaded))
        stack.enter_context(loaded.files.unchanged())
        checked = quality.check(loaded, only=SMALL)
        quality.raise_if_fatal(checked, loaded.failures)
        if "promotions" not in loaded.present:
            raise DataError(
                "the workspace has no promotions, and without them a basket costs its list price",
                where="promotions",
                expected="the table promotions with at least one row",
                advice="add promotions.csv; 'channelscope init' writes one with its columns",
            )
        stores = _stores(loaded.session, asked)
        counter = _counter(loaded, asked)
        spans = list(counter.spans())
        if asked.at is not None:
            # The end of the data is where prices end, of one store a few days before another's.
            spans += _price_spans(loaded.session)
    told = {store: counter.rows(store) for store in stores}
    unpriced = tuple(store for store, found in told.items() if found[0]["step"] == NOT_LISTED)
    frame = pl.DataFrame([row for found in told.values() for row in found], schema=SCHEMA)
    beyond = [span for span in spans if not span.first <= counter.at.date() <= span.last]
    outside = tuple(span for store in stores for span in beyond if span.store_id == store)
    warnings = tuple(found for found in checked.warnings if found.table == "promotions")
    return Answer(frame, counter.at, unpriced, outside, warnings)


def _stores(session: Session, asked: Asked) -> tuple[str, ...]:
    known = scoping.read_stores(to_frame(session.connection.table("stores")))
    return tuple(store.store_id for store in scoping.pick(known, asked.stores, where="--store"))


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


def _price_spans(session: Session) -> Iterator[Span]:
    for row in session.run(sqlfile.find("load/price_days")).iter_rows(named=True):
        yield Span("prices", row["store_id"], row["first_day"], row["last_day"])


def _list_prices(loaded: loading.Loaded, asked: Asked, at: datetime) -> pl.DataFrame:
    """In each store's own currency, which is that of its promotions."""
    query = sqlfile.find("load/listed_prices")
    given = {name: f"{name}{AS_GIVEN}" for name in GOODS if name in loaded.present}
    sql = sql_mapping.with_tables(loaded.session.connection, query.sql, given)
    params = {"at": at, "since": at - KNOWN_FOR, "skus": "|".join(asked.items)}
    return loaded.session.run(dataclasses.replace(query, sql=sql), params)


def _counter(loaded: loading.Loaded, asked: Asked) -> _Counter:
    session = loaded.session
    products = _products(session, asked)
    at = asked.at or _last_evening(session)
    stores = to_frame(session.connection.table("stores"))
    listed = _list_prices(loaded, asked, at)
    return _Counter(
        asked=asked, at=at, home=loaded.config.workspace.currency,
        currencies=dict(stores.select("store_id", "currency").iter_rows()),
        products={row["sku"]: row for row in products.iter_rows(named=True)},
        listed={(row["store_id"], row["sku"]): row for row in listed.iter_rows(named=True)},
        rules=read_promotions(to_frame(session.connection.table("promotions"))),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Counter:
    """All that is needed to price the basket in any store."""

    asked: Asked
    at: datetime
    home: str
    currencies: Mapping[str, str | None]
    products: Mapping[str, Row]
    listed: Mapping[tuple[str, str], Row]
    rules: tuple[Promotion, ...]

    def rows(self, store: str) -> list[dict[str, Any]]:
        """The steps in a store, or that it does not sell all of the basket."""
        currency = self.currencies[store] or self.home
        missing = [sku for sku in self.asked.items if not self._is_listed(store, sku)]
        if missing:
            return [not_listed(store, currency, missing)]
        lines = tuple(self._line(store, sku) for sku in self.asked.items)
        rules = tuple(rule for rule in self.rules if rule.store_id == store)
        # What products cost and are suggested at is said in the workspace's currency alone.
        gifts = dict(self._worths()) if currency == self.home else {}
        priced = price(_baskets(store, lines, self.at), promotions=rules,
                       eligible=self.asked.eligible, gifts=gifts)  # fmt: skip
        return rows(Offer(store, currency, lines, rules, priced))

    def spans(self) -> Iterator[Span]:
        """From the first day of a store's promotions to the last."""
        for store in dict.fromkeys(rule.store_id for rule in self.rules):
            mine = [rule for rule in self.rules if rule.store_id == store]
            first, last = min(rule.starts for rule in mine), max(rule.ends for rule in mine)
            days = (moment.astype("datetime64[D]").item() for moment in (first, last))
            yield Span("promotions", store, *days)

    def _is_listed(self, store: str, sku: str) -> bool:
        row = self.listed.get((store, sku))
        return row is not None and row["is_listed"] and row["list_price"] is not None

    def _line(self, store: str, sku: str) -> Line:
        product, row = self.products[sku], self.listed[store, sku]
        return Line(sku, product["title"], product["category"], self.asked.items[sku],
                    _cents(row["list_price"]), row["seen_at"].date())  # fmt: skip

    def _worths(self) -> Iterator[tuple[str, GiftWorth]]:
        """Products given away: worth what the brand suggests, at the cost it has."""
        for sku, row in self.products.items():
            market, cost = (
                None if row[name] is None else _cents(row[name])
                for name in ("suggested_price", "unit_cost")
            )
            yield sku, GiftWorth(market, cost)


def _baskets(store: str, lines: Sequence[Line], at: datetime) -> Baskets:
    return Baskets(
        store=np.array([store]), at=np.array([at], dtype="datetime64[us]"),
        order=np.zeros(len(lines), dtype=np.int64), line_no=np.arange(1, len(lines) + 1),
        sku=np.array([line.sku for line in lines]),
        category=np.array([line.category for line in lines], dtype=object),
        pieces=np.array([int(line.pieces * 1000) for line in lines]),
        list_price=np.array([line.cents for line in lines]),
    )  # fmt: skip


def _cents(amount: Decimal) -> int:
    return int((amount * 100).to_integral_value(ROUND_HALF_UP))
