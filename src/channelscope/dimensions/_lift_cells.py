"""Products by weeks of one store: what was sold, what could be sold, what was promoted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from channelscope import sqlfile
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.stats.arrays import Bools

DAYS = 7
Places = tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]


@dataclass(frozen=True, slots=True)
class Cells:
    """A store's products by whole weeks. `paid` by consumers, `platform` by the platform.

    Shapes: (products, weeks), but `promoted` (mechanisms, products, weeks), the share of the
    week's days, and `unit_cost` (products,), nan = not known. `platform_known`: in cells with a
    sale, whether it is told what platforms paid of the discounts.
    """

    mechanisms: tuple[str, ...]
    units: Floats
    paid: Floats
    platform: Floats
    platform_known: Bools
    used: Bools
    promoted: Floats
    unit_cost: Floats


def all_cells(session: Session, scope: Scope) -> Mapping[str, Cells]:
    """The cells of every store that sold something in a whole week of the period."""
    weeks = session.run(sqlfile.find("promotion/lift_weeks"))
    promoted = session.run(sqlfile.find("promotion/promoted_weeks"))
    sold = weeks.filter(pl.col("units") > 0)["store_id"].unique()
    return {
        store: _cells(weeks.filter(store_id=store), promoted.filter(store_id=store))
        for store in scope.store_ids
        if store in sold
    }


def _cells(weeks: pl.DataFrame, promoted: pl.DataFrame) -> Cells:
    skus, mondays = (weeks[name].unique().sort() for name in ("sku", "week_start"))
    at = _places(weeks, skus, mondays)
    shape = len(skus), len(mondays)
    found = {
        name: _table(weeks[name].fill_null(0), at, shape)
        for name in ("units", "paid_amount", "platform_amount", "is_gone")
    }
    cost = np.full(shape[0], np.nan)
    cost[at[0]] = weeks["unit_cost"].fill_null(np.nan).to_numpy()
    known = _table(weeks["platform_amount"].is_not_null(), at, shape) > 0
    inside = promoted.filter(
        pl.col("sku").is_in(skus.implode()), pl.col("week_start").is_in(mondays.implode())
    )
    by_code = inside.partition_by("mechanism", maintain_order=True)
    return Cells(
        tuple(str(part["mechanism"][0]) for part in by_code),
        found["units"], found["paid_amount"], found["platform_amount"], known,
        _between_sales(found["units"]) & (found["is_gone"] == 0),
        np.array([
            _table(part["promoted_days"] / DAYS, _places(part, skus, mondays), shape)
            for part in by_code
        ]).reshape(-1, *shape),
        cost,
    )  # fmt: skip


def _places(frame: pl.DataFrame, skus: pl.Series, mondays: pl.Series) -> Places:
    rows = skus.search_sorted(frame["sku"]).to_numpy()
    return rows, mondays.search_sorted(frame["week_start"]).to_numpy()


def _table(values: pl.Series, at: Places, shape: tuple[int, int]) -> Floats:
    found = np.zeros(shape)
    found[at] = values.cast(pl.Float64).to_numpy()
    return found


def _between_sales(units: Floats) -> Bools:
    """Weeks strictly between the first and the last with a sale: there it was for sale.

    Those two weeks are left out: they are never empty, and are promoted more often than others.
    """
    sold = units > 0
    begun = np.logical_or.accumulate(sold, axis=1)
    goes_on = np.logical_or.accumulate(sold[:, ::-1], axis=1)[:, ::-1]
    nothing = np.zeros((len(units), 1), dtype=bool)
    before = np.concatenate([nothing, begun[:, :-1]], axis=1)
    after = np.concatenate([goes_on[:, 1:], nothing], axis=1)
    return np.asarray(before & after)
