"""Visitors per store, day and source, in step with the orders and each store's conversion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DATES, DAYS, day_of, in_festival
from sample_data.generator.shelf import opening_day
from sample_data.generator.stores import SELLING

TRAFFIC = 10  # stream of random numbers
FESTIVE_CONVERSION = 1.22
SMOOTH = 9  # days: visitors follow the fortnight's demand, orders the single day
# Exports that failed: nothing is known of these days.
MISSING = (("F2", date(2025, 3, 19)), ("M1", date(2026, 2, 17)), ("M2", date(2026, 5, 7)))


@dataclass(frozen=True, slots=True)
class Source:
    """A traffic source: share of visitors per platform (tmall, jd, pdd) and how keen they are."""

    name: str
    share: tuple[float, float, float]
    pages: float
    cart: float
    favourite: float


SOURCES = (
    Source("search", (0.34, 0.40, 0.30), 4.2, 0.115, 0.045),
    Source("recommend", (0.24, 0.16, 0.34), 2.4, 0.060, 0.030),
    Source("paid", (0.20, 0.22, 0.22), 2.9, 0.070, 0.026),
    Source("content", (0.10, 0.06, 0.06), 2.2, 0.050, 0.048),
    Source("direct", (0.12, 0.16, 0.08), 5.4, 0.190, 0.040),
)


def traffic(orders: NDArray[np.int64], *, seed: int) -> pl.DataFrame:
    """Rows per (store, date, source) of every store with a conversion. `orders`: (stores, days)."""
    rng = np.random.default_rng([seed, TRAFFIC])
    frames = []
    for number, store in enumerate(SELLING):
        noise = rng.normal(0, 0.07, DAYS)
        tilt = rng.dirichlet(np.full(len(SOURCES), 60.0))
        if store.conversion is None:
            continue
        visitors = _visitors(orders[number], conversion=store.conversion, noise=noise)
        platform = ("tmall", "jd", "pdd").index(store.platform)
        share = np.array([s.share[platform] for s in SOURCES]) * (0.6 + 0.4 * tilt * len(SOURCES))
        days = np.arange(opening_day(number), DAYS)
        gone = [day_of(day) for name, day in MISSING if name == store.store_id]
        days = days[~np.isin(days, gone)]
        counts = rng.multinomial(visitors[days], share / share.sum())
        frames.append(_rows(store.store_id, days=days, counts=counts, rng=rng))
    return pl.concat(frames)


def _visitors(
    orders: NDArray[np.int64], *, conversion: float, noise: NDArray[np.float64]
) -> NDArray[np.int64]:
    """Visitors that make the store's conversion over the data, better in festivals."""
    lively = np.where(in_festival(), FESTIVE_CONVERSION, 1.0)
    kernel = np.ones(SMOOTH)
    smooth = np.convolve(orders, kernel, "same") / np.convolve(np.ones(DAYS), kernel, "same")
    wish = (0.65 * orders + 0.35 * smooth) / lively * np.exp(noise)
    scale = orders.sum() / max(wish.sum(), 1e-9) / conversion
    visitors: NDArray[np.int64] = np.maximum(np.round(wish * scale), orders).astype(np.int64)
    return visitors


def _rows(
    store_id: str, *, days: NDArray[np.int64], counts: NDArray[np.int64], rng: np.random.Generator
) -> pl.DataFrame:
    frames = []
    for place, source in enumerate(SOURCES):
        visitors = counts[:, place]
        pages = visitors + rng.poisson(visitors * (source.pages - 1))
        frames.append(pl.DataFrame({
            "store_id": [store_id] * len(days), "date": DATES[days],
            "source": [source.name] * len(days), "visitors": visitors, "page_views": pages,
            "cart_visitors": rng.binomial(visitors, source.cart),
            "favourite_visitors": rng.binomial(visitors, source.favourite),
        }))  # fmt: skip
    return pl.concat(frames).sort("date", "source")
