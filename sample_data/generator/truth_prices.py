"""The truths about prices and promotions."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from sample_data.generator.measures import basket_level, price_levels
from sample_data.generator.promotions import SUBSIDY
from sample_data.generator.simulation import SEED, Design, simulate
from sample_data.generator.stores import D1, IDS, SELLING
from sample_data.generator.tallies import MECHANISMS, Tally, tally
from sample_data.generator.toml_text import block, pair

SAMPLES = 20  # runs of the sample's own size
LEVEL_NOTE = f"""\
Realised price (paid / units), F1 = 100: least squares of linked Törnqvist relatives on
(SKU, week) cells of the last 12 months. With few orders in a cell F1's unit values lose the
weight of its cheap multi-piece baskets, so the same estimate on a run as small as the sample
lies a little lower: `sample_mean` and `sample_sd` over {SAMPLES} other runs of its size."""


def price_blocks(opened: Tally, *, design: Design) -> Iterator[str]:
    """price_level, basket_level, subsidy_d1 and mechanism_mix of the large run."""
    levels = price_levels(opened.value, opened.units)
    yield block("price_level", LEVEL_NOTE, _levels(levels, design=design))
    counted = {
        (store, pieces): basket_level(
            pieces, store=IDS.index(store), shelf=design.shelf, value=opened.value,
            units=opened.units,
        )
        for store in ("F1", "D1") for pieces in (1, 3)
    }  # fmt: skip
    meant = {("F1", 1): 108.0, ("F1", 3): 80.0, ("D1", 1): 85.0, ("D1", 3): 85.0}
    yield block(
        "basket_level",
        "Price per piece of one and of three pieces of one product, F1's realised level = 100:\n"
        "mean over F1's (SKU, week) cells, weighted by value, of the log ratio to F1's unit\n"
        "value there.",
        {f"{s}_{n}": pair(meant[s, n], counted[s, n], 1) for s, n in counted},
    )
    yield block(
        "subsidy_d1",
        "Index points (F1 = 100) by which the platform's subsidy lowers D1, of the points D1\n"
        "stands below F1 in all; D1's price as a share of the suggested price with and without it.",
        _subsidy(opened, design=design, levels=levels),
    )
    mix = opened.mix / opened.mix.sum(axis=1, keepdims=True)
    yield block(
        "mechanism_mix",
        "Share of list value, last 12 months: a discounted line's list value split over its\n"
        "discount columns by money, an undiscounted line's to `none`. Computed only.",
        {s: {m: round(float(mix[i, k]), 4) for k, m in enumerate(MECHANISMS) if mix[i, k] > 0}
         for i, s in enumerate(IDS)},
    )  # fmt: skip


def _subsidy(opened: Tally, *, design: Design, levels: NDArray[np.float64]) -> dict[str, object]:
    added = opened.value.copy()
    added[D1] += opened.subsidy[D1]
    without = price_levels(added, opened.units)[D1]
    units = opened.units[D1].sum(axis=1)
    suggested = float((units * design.catalogue.suggested_price).sum())
    paid, subsidy = float(opened.value[D1].sum()), float(opened.subsidy[D1].sum())
    return {
        "share_of_list": pair(SUBSIDY, subsidy / opened.mix[D1].sum(), 4),
        "points": pair(6.0, without - levels[D1], 2),
        "points_below_f1": pair(15.0, 100 - levels[D1], 2),
        "paid_to_suggested": round(paid / suggested, 4),
        "paid_and_subsidy_to_suggested": round((paid + subsidy) / suggested, 4),
    }


def _levels(levels: NDArray[np.float64], *, design: Design) -> dict[str, object]:
    skus = len(design.catalogue.sku)
    runs = (tally(simulate(design, seed=SEED + 1 + n), skus=skus) for n in range(SAMPLES))
    small = np.array([price_levels(run.value, run.units) for run in runs])
    mean, spread = small.mean(axis=0), small.std(axis=0, ddof=1)
    return {
        store.store_id: pair(store.price_level, levels[place], 2)
        | {"sample_mean": round(float(mean[place]), 2), "sample_sd": round(float(spread[place]), 2)}
        for place, store in enumerate(SELLING)
    }
