"""The small tables: stores, price snapshots, costs, targets, exchange rates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DATES, DAYS, MONTHS, WEEK
from sample_data.generator.catalogue import Catalogue
from sample_data.generator.checkout import order_deductions
from sample_data.generator.shelf import Shelf
from sample_data.generator.stores import SELLING, STORES

LEDGER = 12  # stream of random numbers
COMMISSION = {"tmall": 0.035, "jd": 0.06, "pdd": 0.006}
PAYMENT_FEE = {"tmall": 0.006, "jd": 0.006, "pdd": 0.006}
ADS = {"F1": 0.11, "F2": 0.09, "S1": 0.10, "M1": 0.07}  # of sales; the rest keep it to themselves
FULFILMENT = {"F1": 9.2, "F2": 10.4, "S1": 9.6, "M1": 10.8, "M2": 7.4, "D1": 8.2}
STAFF = {"F1": 62_000, "F2": 46_000, "S1": 24_000, "M1": 22_000}
ANNUAL_FEE = {"F1": 30_000, "S1": 30_000, "F2": 12_000, "M1": 12_000}
DEPOSIT = {"F1": 50_000, "F2": 50_000, "S1": 50_000, "M1": 50_000}
PLANNED = ("F1", "F2", "S1", "M1", "M2", "D1")


def stores_frame() -> pl.DataFrame:
    """stores.csv."""
    return pl.DataFrame([
        {
            "store_id": store.store_id, "name": store.name, "kind": store.kind,
            "platform": store.platform, "operator": store.operator, "currency": "CNY",
            "opened_on": store.opened_on, "regions": "|".join(store.regions) or None,
            "declared_role": store.declared_role, "prices_include_tax": True,
            "buyer_id_scope": store.platform,
        }
        for store in STORES
    ])  # fmt: skip


def snapshots(catalogue: Catalogue, *, shelf: Shelf) -> pl.DataFrame:
    """Every Monday at ten: list, activity and one-piece price, in cents, of what is listed."""
    day = np.array([d for d in range(DAYS) if d == 0 or WEEK[d] != WEEK[d - 1]])
    day = day[DATES[day].astype("datetime64[D]").astype(np.int64) % 7 == 4]  # 1970-01-01: Thursday
    store, place, sku = np.nonzero(shelf.listed[:, WEEK[day], :])
    when = day[place]
    listed = shelf.list_price[when, sku].astype(np.int64)
    cut = shelf.markdown[store, when, sku].astype(np.int64) + shelf.subsidy[store, when, sku]
    activity = listed - cut
    one = np.ones(len(sku), dtype=np.int64)
    off = order_deductions(activity, pieces=one, rules=shelf.rules_of(store, when))
    hour = np.datetime64("1970-01-01T10:00:00") - np.datetime64("1970-01-01T00:00:00")
    return pl.DataFrame(
        {
            "store_id": pl.Series([s.store_id for s in STORES]).gather(store),
            "sku": pl.Series(catalogue.sku.tolist()).gather(sku),
            "observed_at": DATES[when].astype("datetime64[ms]") + hour,
            "list_price": listed,
            "activity_price": activity,
            "net_price": activity - off.tier_qty - off.coupon_shop - off.tier_cross,
            "in_stock": shelf.in_stock[store, WEEK[when], sku],
            "listed": np.ones(len(sku), dtype=bool),
        }
    ).sort("store_id", "sku", "observed_at")


def costs(sales: NDArray[np.float64], *, seed: int) -> pl.DataFrame:
    """costs.csv from monthly sales in yuan, (stores, months). What partners hide is not there."""
    rng = np.random.default_rng([seed, LEDGER])
    rows = []
    for number, store in enumerate(SELLING):
        noise = rng.normal(0, 0.06, len(MONTHS))
        for place, month in enumerate(MONTHS):
            if sales[number, place] > 0 and store.store_id in PLANNED:
                sold = float(sales[number, place] * np.exp(noise[place]))
                rows += list(_month_costs(store.store_id, store.platform, month, sold, place))
    return pl.DataFrame(rows, schema=["store_id", "month", "kind", "amount"], orient="row")


def _month_costs(
    store: str, platform: str, month: np.datetime64, sold: float, place: int
) -> Iterator[tuple[str, object, str, float]]:
    first = month.astype("datetime64[D]").item()
    amounts = {
        "commission_rate": COMMISSION[platform],
        "payment_fee_rate": PAYMENT_FEE[platform],
        "ad_spend": round(ADS[store] * sold, -2) if store in ADS else None,
        "fulfilment_per_order": FULFILMENT[store],
        "staff": round(STAFF[store] * (1 + 0.05 * (place >= 15)), -2) if store in STAFF else None,
        "platform_annual_fee": round(ANNUAL_FEE[store] / 12, 2) if store in ANNUAL_FEE else None,
        "deposit": DEPOSIT.get(store),
    }
    for kind, amount in amounts.items():
        if amount is not None:
            yield store, first, kind, float(amount)


def targets(sales: NDArray[np.float64], *, seed: int) -> pl.DataFrame:
    """targets.csv: monthly sales plans, off what came by the usual tenth."""
    rng = np.random.default_rng([seed, LEDGER, 1])
    miss = rng.normal(0.02, 0.10, sales.shape)
    rows = [
        (store.store_id, month.astype("datetime64[D]").item(), "sales",
         max(1000.0, round(float(sales[number, place] * np.exp(miss[number, place])), -3)))
        for number, store in enumerate(SELLING)
        for place, month in enumerate(MONTHS)
        if store.store_id in PLANNED and sales[number, place] > 0
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=["store_id", "month", "metric", "value"], orient="row")


def exchange_rates() -> pl.DataFrame:
    """fx.csv: yuan per unit, on the first of each month."""
    months = len(MONTHS)
    dollar = np.round(7.12 + 0.09 * np.sin(np.arange(months) / 3.5), 4)
    return pl.DataFrame(
        {
            "date": np.tile(MONTHS.astype("datetime64[D]"), 2),
            "currency": ["CNY"] * months + ["USD"] * months,
            "rate": np.concatenate([np.ones(months), dollar]),
        }
    )
