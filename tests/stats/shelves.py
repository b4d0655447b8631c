"""Made-up shelves: prices of a few stores over a year, as visits to the shelf show them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from channelscope.stats.adjustment import benjamini_hochberg
from channelscope.stats.price_leads import (
    BLOCK_DAYS,
    Changes,
    Followed,
    first_mover_p,
    follow,
)

DAYS, SKUS = 364, 60
Prices = NDArray[np.float64]


def deals(random: np.random.Generator, *, a_year: float = 4, length: int = 14) -> Prices:
    """A store's own markdowns, each product by itself. Shape: (days, products)."""
    price = np.ones((DAYS, SKUS))
    for sku in range(SKUS):
        for start in random.integers(0, DAYS, random.poisson(a_year)):
            price[start : start + length, sku] = 0.85
    return price


def campaigns(
    random: np.random.Generator, starts: NDArray[np.int64], *, late: int = 0, part: float = 0.7
) -> Prices:
    """Markdowns of most products on the days of campaigns; `late`: days early or late, drawn."""
    price = np.ones((DAYS, SKUS))
    for start in starts + random.integers(-late, late + 1, len(starts)):
        price[max(start, 0) : start + 10, random.random(SKUS) < part] = 0.8
    return price


def seen(price: Prices, visits: NDArray[np.int64]) -> Changes:
    """The changes that visits on these days show: falls are even items, rises odd ones."""
    shelf = price[visits]
    step, sku = np.nonzero(np.diff(shelf, axis=0))
    rises = shelf[step + 1, sku] > shelf[step, sku]
    return Changes(sku * 2 + rises, visits[step + 1], visits[step])


def copies(
    random: np.random.Generator, leader: Prices, own: Prices, *, after: tuple[int, int]
) -> Prices:
    """`own`, but six of ten changes of the leader are made as well, some days later."""
    price = own.copy()
    day, sku = np.nonzero(np.diff(leader, axis=0))
    for at, item in zip(day + 1, sku, strict=True):
        if random.random() < 0.6:
            start = at + random.integers(after[0], after[1] + 1)
            price[start:, item] = leader[at, item]
    return price


def claims(stores: list[Prices], visits: NDArray[np.int64], *, seed: int) -> set[tuple[int, int]]:
    """The pairs (leader, follower) that are claimed, as the comparison of stores does it."""
    changes = [seen(price, visits) for price in stores]
    ends = [(a, b) for a in range(len(stores)) for b in range(len(stores)) if a != b]
    found = {(a, b): follow(changes[a], changes[b], visits) for a, b in ends}
    blocks = {(a, b): by_block(changes[a], found[a, b]) for a, b in ends}
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(999, DAYS // BLOCK_DAYS))
    p = [first_mover_p(blocks[a, b], blocks[b, a], found[a, b].draws, signs) for a, b in ends]
    adjusted = benjamini_hochberg(p)
    return {pair for pair, told in zip(ends, adjusted <= 0.05, strict=True) if told}


def by_block(changes: Changes, found: Followed) -> NDArray[np.int64]:
    """How many changes of each block of time are followed."""
    return np.bincount(changes.day[found.did] // BLOCK_DAYS, minlength=DAYS // BLOCK_DAYS)
