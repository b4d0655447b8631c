"""What repeat buyers add to the uncertainty of a store's sales: weeks do not show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from channelscope import sqlfile
from channelscope.engine.duckdb import Session
from channelscope.estimates import Floats
from channelscope.pair_distances import MINIMUM_GROUPS
from channelscope.stats.arrays import Bools
from channelscope.stats.clusters import repeat_variance

SLOTS = ("a", "b", "c", "d")
Own = tuple[Floats, Floats]
"""A variance of each store and its degrees of freedom."""


@dataclass(frozen=True, slots=True)
class Regulars:
    """Orders and money by group of buyers, slot of orders and store. Shapes: (G, 4, S)."""

    sums: Mapping[str, Floats]

    @classmethod
    def read(cls, session: Session, stores: tuple[str, ...]) -> Regulars:
        """From the rows of `orders_by_group`."""
        frame = session.run(sqlfile.find("sales/orders_by_group"))
        groups = {group: at for at, group in enumerate(frame["buyer_group"].unique().sort())}
        places = {store: at for at, store in enumerate(stores)}
        kept = frame.filter(frame["store_id"].is_in(list(stores)))
        at = tuple(
            np.array([known[value] for value in kept[name]], dtype=np.intp)
            for name, known in (
                ("buyer_group", groups),
                ("order_slot", {slot: place for place, slot in enumerate(SLOTS)}),
                ("store_id", places),
            )
        )
        sums = {}
        for name in ("orders", "units", "sales", "mature_paid", "mature_refunded"):
            array = np.zeros((len(groups), len(SLOTS), len(stores)))
            array[at] = kept[name].to_numpy()
            sums[name] = array
        return cls(sums)

    @property
    def many(self) -> Bools:
        """Stores with enough groups of buyers to be told apart from another. Shape: (S,)."""
        groups = (self.sums["orders"].sum(axis=1) > 0).sum(axis=0)
        return np.asarray(groups >= MINIMUM_GROUPS)

    def of_ratio(self, numerator: str, denominator: str) -> Own:
        """What repeat buyers add to the variance of a ratio."""
        return _known(repeat_variance(self.sums[numerator], self.sums[denominator]))

    def of_total(self, name: str, *, times: Floats) -> Own:
        """What repeat buyers add to the variance of a total, multiplied by `times`."""
        sums = self.sums[name]
        cells = np.ones_like(sums)
        variance, freedom = _known(repeat_variance(sums, cells))
        return variance * (times * cells.shape[0] * cells.shape[1]) ** 2, freedom


def _known(found: Own) -> Own:
    """Without a single order there is no variance that could be added."""
    return np.nan_to_num(found[0], nan=0.0), np.nan_to_num(found[1], nan=0.0)
