"""Counts one run, month by month, into small arrays; nothing keeps the lines themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DAYS, LAST_YEAR, WEEK, WEEKS, day_of
from sample_data.generator.needs import NEEDS
from sample_data.generator.orders import MASKED_FROM
from sample_data.generator.stores import EAST, IDS, REGIONS, SELLING

MECHANISMS = ("none", "markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross")
MATURE_DAYS = 45  # after which hardly a refund is still to come


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Everything the truths are computed from. Excluded orders count only in `excluded`.

    *Shapes*: `value`, `units`, `subsidy` (stores, SKUs, weeks), last 12 months, cents;
    `all_units` the same over the whole span; `mix` (stores, mechanisms) list value; `orders`,
    `sales` (stores, days); `pieces` (stores,); `paid`, `refunded` (stores,) of mature orders;
    `needs` (stores, needs) orders of the last 12 months; the rest are (hits, of) pairs.
    """

    value: NDArray[np.float64]
    units: NDArray[np.float64]
    subsidy: NDArray[np.float64]
    all_units: NDArray[np.float64]
    mix: NDArray[np.float64]
    orders: NDArray[np.float64]
    sales: NDArray[np.float64]
    pieces: NDArray[np.float64]
    paid: NDArray[np.float64]
    refunded: NDArray[np.float64]
    needs: NDArray[np.float64]
    unexplained: NDArray[np.float64]
    excluded: NDArray[np.float64]
    masked: NDArray[np.float64]
    far_away: NDArray[np.float64]


def tally(months: Iterable[pl.DataFrame], *, skus: int) -> Tally:
    """Count all months of one run."""
    stores, cells = len(SELLING), (len(SELLING), skus, WEEKS)
    found = Tally(
        value=np.zeros(cells), units=np.zeros(cells), subsidy=np.zeros(cells),
        all_units=np.zeros(cells), mix=np.zeros((stores, len(MECHANISMS))),
        orders=np.zeros((stores, DAYS)), sales=np.zeros((stores, DAYS)), pieces=np.zeros(stores),
        paid=np.zeros(stores), refunded=np.zeros(stores), needs=np.zeros((stores, len(NEEDS))),
        unexplained=np.zeros(2), excluded=np.zeros(2), masked=np.zeros(2), far_away=np.zeros(2),
    )  # fmt: skip
    for month in months:
        _count_blemishes(month, found=found)
        kept = month.filter(~pl.col("excluded"))
        _count_days(kept, found=found)
        _count_year(kept.filter(pl.col("day") >= LAST_YEAR), found=found)
    return found


def _add(table: NDArray[np.float64], place: tuple[pl.Series, ...], values: pl.Series | int) -> None:
    where = tuple(series.to_numpy() for series in place)
    np.add.at(table, where, values if isinstance(values, int) else values.to_numpy())


def _count_days(kept: pl.DataFrame, *, found: Tally) -> None:
    first = kept.filter(pl.col("line_no") == 1)
    _add(found.orders, (first["store"], first["day"]), 1)
    _add(found.sales, (kept["store"], kept["day"]), kept["paid_c"])
    week = pl.Series(WEEK).gather(kept["day"])
    _add(found.all_units, (kept["store"], kept["sku"], week), kept["pieces"])


def _count_year(year: pl.DataFrame, *, found: Tally) -> None:
    place = (year["store"], year["sku"], pl.Series(WEEK).gather(year["day"]))
    _add(found.value, place, year["paid_c"])
    _add(found.units, place, year["pieces"])
    _add(found.subsidy, place, year["subsidy_c"])
    _add(found.pieces, (year["store"],), year["pieces"])
    first = year.filter(pl.col("line_no") == 1)
    _add(found.needs, (first["store"], first["need"]), 1)
    mature = year.filter(pl.col("day") < DAYS - MATURE_DAYS)
    _add(found.paid, (mature["store"],), mature["paid_c"])
    _add(found.refunded, (mature["store"],), mature["refunded_c"])
    _count_mix(year, found=found)
    d2 = first.filter(pl.col("store") == IDS.index("D2"))
    near = np.isin(np.array(list(REGIONS)), EAST)[d2["region"].to_numpy()]
    _count(found.far_away, pl.Series(~near))


def _count_mix(year: pl.DataFrame, *, found: Tally) -> None:
    """A line's list value split over its mechanisms by discount money; all to none without any."""
    listed = year["list_c"].to_numpy() * year["pieces"].to_numpy()
    cuts = year.select([f"{name}_c" for name in MECHANISMS[1:]]).to_numpy()
    total = cuts.sum(axis=1)
    share = cuts / np.maximum(total, 1)[:, None]
    np.add.at(found.mix[:, 0], year["store"].to_numpy(), np.where(total == 0, listed, 0))
    np.add.at(found.mix[:, 1:], year["store"].to_numpy(), share * listed[:, None])


def _count_blemishes(month: pl.DataFrame, *, found: Tally) -> None:
    cuts = sum((month[f"{name}_c"] for name in MECHANISMS[2:]), month["markdown_c"])
    owed = month["list_c"] * month["pieces"] - cuts
    _count(found.unexplained, owed != month["paid_c"])
    first = month.filter(pl.col("line_no") == 1)
    _count(found.excluded, first["excluded"])
    on_pdd = [place for place, store in enumerate(SELLING) if store.platform == "pdd"]
    start = day_of(MASKED_FROM)
    pdd = first.filter(pl.col("store").is_in(on_pdd) & (pl.col("day") >= start))
    _count(found.masked, pdd["masked"])


def _count(pair: NDArray[np.float64], hits: pl.Series) -> None:
    pair += np.array([hits.sum(), len(hits)], dtype=np.float64)
