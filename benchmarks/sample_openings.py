"""The sample's own opening under other seeds: with what it took, a part of that, or nothing.

The same simulation runs with the new store and without it, on the same random numbers; what the
others lost is put back as far as asked.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.simulated_openings import YEAR, Opening
from channelscope.dimensions._opening_cells import Panel
from channelscope.domain import WEEKS_A_YEAR
from channelscope.stats.arrays import Bools, Floats
from sample_data.generator.calendar import DATES
from sample_data.generator.shelf import opening_day
from sample_data.generator.simulation import Design, build_design, simulate
from sample_data.generator.stores import IDS, S1

FIRST_SEED = 2000
STEADY_DAYS = 91


def first_week() -> int:
    """The first week whose days the simulation has a year before as well."""
    return -(-(WEEKS_A_YEAR - opening_day(S1)) // 7)


def draws(openings: int, *, part: float) -> Iterator[Opening]:
    """The openings, each store having lost `part` of what it lost in the simulation."""
    design = build_design()
    others = [at for at in range(len(IDS)) if at != S1]
    for seed in range(FIRST_SEED, FIRST_SEED + openings):
        with_new, without = (_sold(design, seed, frozenset(shut)) for shut in ((), ("S1",)))
        mixed = without[0] + part * (with_new[0] - without[0])
        steady = _steady(design)
        own = (with_new[0].sum(axis=2) > 0).sum(axis=0) == 1
        panel = Panel(
            tuple(IDS[at] for at in others), tuple(map(str, range(6))), ("all",), -YEAR,
            np.arange(-YEAR, YEAR) >= first_week() - YEAR,
            *(_cells(design, values[others], steady)
              for values in (mixed, with_new[1], with_new[2])),
            _cells(design, with_new[0][[S1]], steady | own)[0],
            with_new[0][S1].sum(axis=0),
        )  # fmt: skip
        since = slice(YEAR, YEAR + 26)
        lost = part * (without[0] - with_new[0])[others][..., since].sum(axis=(1, 2))
        gained = float(with_new[0][S1][:, since].sum())
        yield Opening(panel, panel.exposed(range(first_week(), 26)), lost / gained)


def _sold(design: Design, seed: int, closed: frozenset[str]) -> Floats:
    """Money, its squares and lines (3, stores, SKUs, weeks) of the year before and after."""
    found = np.zeros((3, len(IDS), len(design.catalogue.sku), 2 * YEAR))
    for frame in simulate(design, seed=seed, closed=closed):
        lines = frame.filter(~frame["excluded"])
        week = (lines["day"].to_numpy() - opening_day(S1)) // 7 + YEAR
        near = (week >= 0) & (week < 2 * YEAR)
        paid = lines["paid_c"].to_numpy()[near] / 100
        at = lines["store"].to_numpy()[near], lines["sku"].to_numpy()[near], week[near]
        for sums, values in zip(found, (paid, paid**2, np.ones_like(paid)), strict=True):
            np.add.at(sums, at, values)
    return found


def _steady(design: Design) -> Bools:
    """The products launched well before the first week that is compared."""
    day = opening_day(S1) - WEEKS_A_YEAR + 7 * first_week() - STEADY_DAYS
    return np.asarray(design.catalogue.launched_on <= DATES[0] + np.timedelta64(day, "D"))


def _cells(design: Design, values: Floats, kept: Bools) -> Floats:
    """Sums (stores, categories, 1, weeks) of the products that are kept."""
    sums = np.zeros((len(values), 6, values.shape[2]))
    np.add.at(sums, (slice(None), design.catalogue.category[kept]), values[:, kept])
    return sums[:, :, None]
