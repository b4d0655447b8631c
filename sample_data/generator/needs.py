"""The five needs people buy kitchenware for, and what each asks of a store."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.calendar import DATES, SEASON, WEEK, WEEKS
from sample_data.generator.catalogue import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One need.

    `categories`: how the wish spreads over the six categories. `lines`: chance of 1, 2, 3 …
    products. `pieces`: chance of 1, 2, 3 … pieces of a product. `price`: how strongly utility falls
    with the log of what the basket costs. `stores`: appeal of F1 F2 S1 M1 M2 D1 D2 D3, whatever
    the price.
    `platforms`: where such buyers are at home (tmall, jd, pdd). `nowhere`: pull of not buying.
    """

    name: str
    share: float
    categories: tuple[float, ...]
    lines: tuple[float, ...]
    pieces: tuple[float, ...]
    price: float
    stores: tuple[float, ...]
    platforms: tuple[float, ...]
    nowhere: float
    gift: float = 1.0
    novelty: float = 1.5
    dear: float = 0.0


NEEDS = (
    Need(
        name="gift", share=0.17, categories=(0.08, 0.14, 0.04, 0.42, 0.30, 0.02),
        lines=(0.945, 0.05, 0.005), pieces=(0.97, 0.025, 0.005), price=2.0,
        stores=(1.9, 1.9, 0.2, 0.3, -1.2, 0.0, -1.5, -1.5), platforms=(0.50, 0.34, 0.16),
        nowhere=0.6, gift=7.0, dear=0.5,
    ),
    Need(
        name="own_cooking", share=0.25, categories=(0.74, 0.17, 0.05, 0.02, 0.01, 0.01),
        lines=(0.93, 0.065, 0.005), pieces=(0.97, 0.025, 0.005), price=4.5,
        stores=(1.48, 0.48, 1.9, -0.6, -0.5, 0.87, -0.7, -0.7), platforms=(0.52, 0.26, 0.22),
        nowhere=0.75,
    ),
    Need(
        name="multi_buy", share=0.22, categories=(0.14, 0.10, 0.13, 0.29, 0.14, 0.20),
        lines=(0.74, 0.21, 0.05), pieces=(0.50, 0.16, 0.31, 0.03), price=8.0,
        stores=(-2.0, 0.2, -0.4, 0.0, 0.5, -0.2, 0.0, 0.0), platforms=(0.40, 0.20, 0.40),
        nowhere=2.2,
    ),
    Need(
        name="new_product", share=0.12, categories=(0.24, 0.14, 0.14, 0.20, 0.18, 0.10),
        lines=(0.945, 0.05, 0.005), pieces=(0.97, 0.025, 0.005), price=1.5,
        stores=(2.4, 1.5, 0.6, 0.2, -0.8, 0.3, -1.0, -1.0), platforms=(0.58, 0.28, 0.14),
        nowhere=0.6, novelty=14.0,
    ),
    Need(
        name="convenience", share=0.22, categories=(0.14, 0.13, 0.21, 0.17, 0.17, 0.18),
        lines=(0.93, 0.065, 0.005), pieces=(0.97, 0.025, 0.005), price=4.0,
        stores=(0.3, 1.1, -0.2, 1.3, 1.0, 0.5, 0.2, 0.2), platforms=(0.36, 0.36, 0.28),
        nowhere=1.0, dear=-0.4,
    ),
)  # fmt: skip

PRICE = np.array([need.price for need in NEEDS])
APPEAL = np.array([need.stores for need in NEEDS])
NOWHERE = np.array([need.nowhere for need in NEEDS])
SHARES = np.array([need.share for need in NEEDS])
NEW_WEEKS = 20


def cumulative(chances: tuple[tuple[float, ...], ...]) -> NDArray[np.float64]:
    """Cumulative chances, one row per need, for drawing by inversion."""
    width = max(len(row) for row in chances)
    padded = np.array([row + (0.0,) * (width - len(row)) for row in chances])
    running = np.cumsum(padded, axis=1)
    shares: NDArray[np.float64] = running / running[:, -1:]
    return shares


LINE_CHANCE = cumulative(tuple(need.lines for need in NEEDS))
PIECE_CHANCE = cumulative(tuple(need.pieces for need in NEEDS))
PLATFORM_CHANCE = cumulative(tuple(need.platforms for need in NEEDS))
NEED_CHANCE = np.cumsum(SHARES) / SHARES.sum()


def wish_table(catalogue: Catalogue) -> NDArray[np.float64]:
    """(needs, weeks, SKUs): cumulative chance that a buyer with the need wants the product."""
    first_day = np.searchsorted(WEEK, np.arange(WEEKS))
    month = DATES[first_day].astype("datetime64[M]").astype(np.int64) % 12
    season = SEASON[:, month][catalogue.category].T
    sunday = DATES[first_day] + np.timedelta64(6, "D")
    age = (sunday[:, None] - catalogue.launched_on[None, :]).astype(np.int64) // 7
    tables = [_wishes(need, catalogue=catalogue, age=age) * season for need in NEEDS]
    running = np.cumsum(np.array(tables), axis=2)
    shares: NDArray[np.float64] = running / running[:, :, -1:]
    return shares


def _wishes(need: Need, *, catalogue: Catalogue, age: NDArray[np.int64]) -> NDArray[np.float64]:
    weight = catalogue.appeal * np.array(need.categories)[catalogue.category]
    weight = weight / np.bincount(catalogue.category, weights=catalogue.appeal)[catalogue.category]
    weight = weight * np.where(catalogue.is_gift, need.gift, 1.0)
    weight = weight * (catalogue.list_price / 12_000.0) ** need.dear
    novelty = np.where(age < NEW_WEEKS, need.novelty, 1.0)
    found: NDArray[np.float64] = weight * novelty * (age > 0)
    return found
