"""The run: design once, then month by month, so that ten million lines need no more memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import MONTHS
from sample_data.generator.catalogue import Catalogue, build_catalogue
from sample_data.generator.choice import choose_stores
from sample_data.generator.needs import wish_table
from sample_data.generator.occasions import (
    LINES_PER_OCCASION,
    draw_buyers,
    draw_occasions,
    month_sizes,
)
from sample_data.generator.orders import order_lines
from sample_data.generator.promotions import Promotion, build_promotions
from sample_data.generator.shelf import Shelf, build_shelf

SEED, LINES = 21, 180_000
"""The seed is one of those with every planted truth in its interval, as TRUTH.toml says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """What no seed changes: products, promotions, prices, and what each need wants."""

    catalogue: Catalogue
    promotions: tuple[Promotion, ...]
    shelf: Shelf
    wishes: NDArray[np.float64]


def build_design() -> Design:
    """The one design of Lanxi Home."""
    catalogue = build_catalogue()
    promotions = build_promotions(catalogue)
    return Design(
        catalogue=catalogue,
        promotions=promotions,
        shelf=build_shelf(catalogue, promotions=promotions),
        wishes=wish_table(catalogue),
    )


def simulate(
    design: Design, *, lines: int = LINES, seed: int = SEED, closed: frozenset[str] = frozenset()
) -> Iterator[pl.DataFrame]:
    """The order lines of each month in turn, with about `lines` of them in all.

    With a store in `closed` every occasion keeps its random numbers: who would have gone there
    goes to the next best store or nowhere, and nobody else changes anything.
    """
    occasions = max(24, round(lines / LINES_PER_OCCASION))
    buyers = draw_buyers(occasions, seed=seed)
    sizes = month_sizes(occasions, seed=seed)
    for month in range(len(MONTHS)):
        drawn = draw_occasions(month, sizes=sizes, buyers=buyers, wishes=design.wishes, seed=seed)
        chosen = choose_stores(drawn, buyers=buyers, shelf=design.shelf, closed=closed)
        yield order_lines(drawn, chosen=chosen, buyers=buyers, shelf=design.shelf)
