"""Sales around an opening as arrays: stores by category, price tier and week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import polars as pl

from channelscope.domain import Period, Scope, Store
from channelscope.estimates import Floats, quotient
from channelscope.stats.arrays import Bools
from channelscope.stats.opening_diversion import Cells
from channelscope.trading import YEAR_WEEKS

EXPOSED = 0.02
"""A category of which the new store sells less than this, of what the others do, is a control."""
_SUMS = ("paid_amount", "squares", "lines", "paid_for_all")


@dataclass(frozen=True, slots=True)
class Panel:
    """What was sold in the year before and after an opening, of products that were sold throughout.

    Shapes: (stores, categories, tiers, weeks), the new store's without the first axis; weeks are
    numbered from `first_week`.
    """

    sellers: tuple[str, ...]
    categories: tuple[str, ...]
    tiers: tuple[str, ...]
    first_week: int
    whole: Bools
    """Weeks that the data hold from their first to their last day (weeks,)."""
    paid: Floats
    squares: Floats
    lines: Floats
    gained: Floats
    gained_in_all: Floats
    """What the new store sold of all its products (weeks,)."""

    def at(self, weeks: Sequence[int]) -> list[int]:
        """The places of weeks."""
        return [week - self.first_week for week in weeks]

    def known(self, weeks: Sequence[int], *, shift: int) -> tuple[int, ...]:
        """The weeks that are whole, as those `shift` weeks off are."""
        places = range(len(self.whole))
        return tuple(
            week
            for week, at, other in zip(
                weeks, self.at(weeks), self.at([week + shift for week in weeks]), strict=True
            )
            if at in places and other in places and self.whole[at] and self.whole[other]
        )

    def exposed(self, weeks: Sequence[int]) -> Bools:
        """The categories that the new store sells (categories,)."""
        at = self.at(weeks)
        mine = self.gained[..., at].sum(axis=(1, 2))
        theirs = self.paid[..., at].sum(axis=(0, 2, 3))
        shares = quotient(mine, theirs, empty=np.inf)
        return np.asarray((shares > EXPOSED) & (mine > 0), dtype=bool)

    def cells(
        self, weeks: Sequence[int], *, tier: int | None = None, shift: int = -YEAR_WEEKS
    ) -> Cells:
        """Sales of weeks against the same weeks a year before, by store and category."""
        return Cells(
            *(self._sums(values, weeks, by, tier)
              for values in (self.paid, self.squares) for by in (shift, 0))
        )  # fmt: skip

    def counted(self, weeks: Sequence[int], *, tier: int | None = None) -> Floats:
        """Order lines of weeks by store and category."""
        return self._sums(self.lines, weeks, 0, tier)

    def gains(self, weeks: Sequence[int], *, tier: int | None = None) -> Floats:
        """What the new store sold in weeks (categories,)."""
        found: Floats = self._sums(self.gained[None], weeks, 0, tier)[0]
        return found

    def _sums(self, values: Floats, weeks: Sequence[int], shift: int, tier: int | None) -> Floats:
        picked = values[..., self.at([week + shift for week in weeks])]
        picked = picked if tier is None else picked[:, :, [tier]]
        summed: Floats = picked.sum(axis=(2, 3))
        return summed


def panel(frame: pl.DataFrame, store: Store, scope: Scope) -> Panel:
    """The rows of `opening_cells` of one opening, of the stores that sold in the data."""
    weeks = range(-YEAR_WEEKS, YEAR_WEEKS)
    categories, tiers = (tuple(frame[name].unique().sort()) for name in ("category", "tier"))
    asked = [other.store_id for other in scope.every_store]
    sold = set(frame["seller_id"]) - {store.store_id}
    sellers = tuple(name for name in asked if name in sold)
    names = [*sellers, store.store_id]
    inside = frame.filter(pl.col("seller_id").is_in(names))
    shape = len(names), len(categories), len(tiers), len(weeks)
    at = tuple(
        inside[column].replace_strict(list(known), list(range(len(known))), return_dtype=pl.Int64)
        .to_numpy()
        for column, known in (("seller_id", names), ("category", categories), ("tier", tiers))
    )  # fmt: skip
    sums = {name: np.zeros(shape) for name in _SUMS}
    for name, values in sums.items():
        values[(*at, inside["week"].to_numpy() - weeks[0])] = inside[name].cast(pl.Float64)
    return Panel(
        sellers, categories, tiers, weeks[0], _whole(store, scope, weeks),
        sums["paid_amount"][:-1], sums["squares"][:-1], sums["lines"][:-1],
        sums["paid_amount"][-1], sums["paid_for_all"][-1].sum(axis=(0, 1)),
    )  # fmt: skip


def _whole(store: Store, scope: Scope, weeks: Sequence[int]) -> Bools:
    assert store.opened_on is not None and scope.data_first is not None
    data = Period(scope.data_first, scope.data_end)
    begins = [store.opened_on + timedelta(weeks=week) for week in weeks]
    return np.array(
        [first >= data.first and first + timedelta(days=6) <= data.last for first in begins]
    )
