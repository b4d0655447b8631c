"""Price levels of 83 supermarkets: against a computation of their own from the same cells.

Weekly prices and ounces of eleven orange juices, Dominick's Finer Foods (Kilts Center, Chicago
Booth, academic use). The data lie beside the checkout and never in it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions._price_levels import Matched, Paid, match
from channelscope.domain import Period, Rung, Scope, TimeGrain
from channelscope.stats.price_levels import levels
from tests.dimensions.small_cubes import frame, scope, session

pytestmark = pytest.mark.shared_data
FIRST = date(1989, 9, 11)
OUNCES = 64
"""Pieces are bottles of this size: a price an ounce is too small for four digits of money."""


@pytest.fixture(scope="module")
def cells(shared_data: Path) -> pl.DataFrame:
    """Bottles and money of each store, brand and week."""
    raw = pl.read_parquet(shared_data / "dominicks_oj" / "store_brand_week.parquet")
    own = pl.coalesce(
        pl.when(pl.col("brand") == brand).then(pl.col(f"price{brand}")) for brand in range(1, 12)
    )
    ounces = pl.col("logmove").exp()
    told = raw.with_columns(revenue=own * ounces)
    # The published control total.
    assert round(float(told["revenue"].sum()), 2) == pytest.approx(31_848_022.81, abs=0.01)
    monday = pl.lit(FIRST) + pl.duration(weeks=pl.col("week"))
    return told.select(
        store_id=pl.col("store").cast(pl.String), sku=pl.col("brand").cast(pl.String),
        week_start=monday.cast(pl.Date), units=(ounces / OUNCES).cast(pl.Decimal(18, 3)),
        paid_amount=pl.col("revenue").cast(pl.Decimal(18, 4)),
    ).with_columns(
        month_start=pl.col("week_start").dt.month_start(), first_day=pl.col("week_start"),
        lines=pl.lit(1, pl.Int64), sales="paid_amount", list_amount="paid_amount",
    )  # fmt: skip


def matched(cells: pl.DataFrame) -> tuple[Matched, Scope]:
    stores = sorted(cells["store_id"].unique())
    asked = replace(scope(*stores), period=Period(FIRST, FIRST + timedelta(weeks=200)))
    with_session = session(asked)
    with_session.register("sku_weeks", _as_cube(cells))
    paid = Paid.read(with_session, asked)
    found = match(with_session, asked, paid, rung=Rung.REALISED, grain=TimeGrain.WEEK)
    with_session.close()
    return found, asked


def _as_cube(cells: pl.DataFrame) -> pl.DataFrame:
    cube = frame("sku_weeks")
    missing = [name for name in cube.columns if name not in cells.columns]
    blank = [pl.lit(None, cube.schema[name]).alias(name) for name in missing]
    return cells.with_columns(blank).select(cube.columns).cast(cube.schema)


def alone(cells: pl.DataFrame, stores: tuple[str, ...]) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Log levels by least squares of pairwise Törnqvist relatives, the first store at 0."""
    items = {key: at for at, key in enumerate(cells.select("sku", "week_start").unique().rows())}
    value, log_price = (
        np.zeros((len(stores), len(items))),
        np.full((len(stores), len(items)), np.nan),
    )
    for store, sku, week, units, paid in cells.select(
        "store_id", "sku", "week_start", "units", "paid_amount"
    ).iter_rows():
        if units > Decimal(0) and paid > Decimal(0):
            at = stores.index(store), items[sku, week]
            value[at], log_price[at] = float(paid), np.log(float(paid) / float(units))
    rows, right = [], []
    for a in range(len(stores)):
        for b in range(a + 1, len(stores)):
            both = np.isfinite(log_price[a]) & np.isfinite(log_price[b])
            share = (
                value[a, both] / value[a, both].sum() + value[b, both] / value[b, both].sum()
            ) / 2
            row = np.zeros(len(stores))
            row[a], row[b] = 1, -1
            rows.append(row)
            right.append(float(share @ (log_price[a, both] - log_price[b, both])))
    solved = np.linalg.lstsq(np.array(rows)[:, 1:], np.array(right), rcond=None)[0]
    return np.concatenate([[0.0], solved])


def test_levels_of_83_stores_are_those_of_another_computation(cells: pl.DataFrame) -> None:
    found, asked = matched(cells)
    assert len(asked.stores) == 83
    assert found.linked.sum() == 83 * 82
    told = levels(found.sums, found.linked, reference=0).log_level
    assert told == pytest.approx(alone(cells, asked.store_ids), abs=1e-9)
    assert 0.02 < told.std() < 0.2


def test_the_reference_moves_no_level_against_another(cells: pl.DataFrame) -> None:
    found, _ = matched(cells)
    first = levels(found.sums, found.linked, reference=0).log_level
    for reference in (1, 40, 82):
        other = levels(found.sums, found.linked, reference=reference).log_level
        assert other == pytest.approx(first - first[reference], abs=1e-12)


def test_a_store_without_a_link_has_no_level(cells: pl.DataFrame) -> None:
    found, asked = matched(cells)
    linked = found.linked.copy()
    linked[7, :], linked[:, 7] = False, False
    told = levels(found.sums, linked, reference=0).log_level
    assert np.isnan(told[7]) and np.isfinite(np.delete(told, 7)).all()
    assert len(told) == len(asked.stores)
