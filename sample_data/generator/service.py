"""Service week by week: scores, answers, shipping; and the shops walked through each quarter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from sample_data.generator.calendar import DATES, DAYS, WEEK, WEEKS
from sample_data.generator.shelf import opening_day
from sample_data.generator.stores import SELLING, STORES

SERVICE = 11  # stream of random numbers
RATED, ASKED = 0.16, 0.45  # share of orders that are rated; that ask something first


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One metric: its mean per store as STORES lists them, spread of one case, and its cases."""

    name: str
    means: tuple[float, ...]
    spread: float | None  # None: a rate, its spread follows
    cases: float  # per order
    top: float = float("inf")


MEASURES = (
    Measure(name="rating_item", means=(4.84, 4.83, 4.80, 4.78, 4.70, 4.71, 4.66, 4.66, 4.60),
            spread=0.52, cases=RATED, top=5.0),
    Measure(name="rating_service", means=(4.86, 4.85, 4.83, 4.76, 4.68, 4.66, 4.61, 4.61, 4.56),
            spread=0.55, cases=RATED, top=5.0),
    Measure(name="rating_logistics", means=(4.85, 4.90, 4.80, 4.86, 4.66, 4.68, 4.58, 4.58, 4.52),
            spread=0.56, cases=RATED, top=5.0),
    Measure(name="first_response_s", means=(18, 21, 26, 34, 46, 52, 68, 68, 80),
            spread=30.0, cases=ASKED),
    Measure(name="reply_3min_rate", means=(.962, .955, .938, .905, .872, .861, .815, .815, .78),
            spread=None, cases=ASKED),
    Measure(name="ship_hours", means=(15.5, 11.0, 18.5, 14.0, 26.0, 27.5, 33.0, 33.0, 36.0),
            spread=9.0, cases=1.0),
    Measure(name="deliver_hours", means=(56, 36, 60, 41, 76, 70, 84, 84, 88), spread=20.0,
            cases=0.95),
    Measure(name="ship_48h_rate", means=(.991, .996, .985, .991, .962, .957, .938, .938, .92),
            spread=None, cases=1.0),
    Measure(name="dispute_rate", means=(.0018, .0016, .0022, .003, .0055, .006, .0078, .0078, .01),
            spread=None, cases=1.0),
    Measure(name="quality_refund_rate", means=(.008, .008, .009, .011, .015, .015, .018, .018, .02),
            spread=None, cases=1.0),
)  # fmt: skip

# What a visitor found, 0 to 100, per store as above.
WALKTHROUGH = {
    "search": (95, 93, 82, 74, 72, 78, 66, 66, 60),
    "register": (92, 95, 90, 93, 88, 90, 86, 86, 88),
    "ask": (93, 90, 88, 80, 70, 68, 60, 60, 55),
    "buy": (90, 93, 88, 88, 84, 86, 82, 82, 80),
    "receive": (92, 96, 88, 91, 78, 76, 70, 70, 68),
    "return": (94, 95, 90, 82, 72, 68, 58, 58, 52),
}
WALKERS, WALKER_SPREAD = 6, 6.0
WALK_MONTHS = (1, 4, 7, 10)


def service(orders: NDArray[np.int64], *, seed: int) -> pl.DataFrame:
    """Weekly rows dated on the week's last day; X1 only shows published scores, without n."""
    rng = np.random.default_rng([seed, SERVICE])
    frames = []
    for number, store in enumerate(STORES):
        if store.sells:
            weekly = np.bincount(WEEK, weights=orders[number], minlength=WEEKS).astype(np.int64)
            frames += [_measured(number, measure, weekly=weekly, rng=rng) for measure in MEASURES]
        else:
            frames += [_published(number, measure, rng=rng) for measure in MEASURES[:3]]
        frames.append(_walked(number, rng=rng))
    return pl.concat(frames).sort("store_id", "metric", "date")


def week_ends() -> NDArray[np.int64]:
    """The last day of each week as a position."""
    return np.searchsorted(WEEK, np.arange(WEEKS), side="right") - 1


def _measured(
    store: int, measure: Measure, *, weekly: NDArray[np.int64], rng: np.random.Generator
) -> pl.DataFrame:
    mean = measure.means[store]
    cases = rng.binomial(weekly, measure.cases)
    some = np.maximum(cases, 1)
    if measure.spread is None:
        value = rng.binomial(cases, mean) / some
    else:
        value = rng.normal(mean, measure.spread / np.sqrt(some))
        value = np.clip(value, 1.0 if measure.top == 5.0 else 0.5, measure.top)
    known = cases > 0
    return _frame(store, measure.name, day=week_ends()[known], value=value[known], n=cases[known])


def _published(store: int, measure: Measure, *, rng: np.random.Generator) -> pl.DataFrame:
    walk = np.cumsum(rng.normal(0, 0.003, WEEKS))
    value = np.round(np.clip(measure.means[store] + walk, 1, 5), 1)
    return _frame(store, measure.name, day=week_ends(), value=value, n=None)


def _walked(store: int, *, rng: np.random.Generator) -> pl.DataFrame:
    month = DATES.astype("datetime64[M]").astype(np.int64) % 12 + 1
    of_month = (DATES - DATES.astype("datetime64[M]")).astype(np.int64) + 1
    days = np.flatnonzero(np.isin(month, WALK_MONTHS) & (of_month == 20))
    days = days[days >= (opening_day(store) if store < len(SELLING) else 0)]
    n = np.full(len(days), WALKERS)
    frames = []
    for step, means in WALKTHROUGH.items():
        drawn = rng.normal(means[store], WALKER_SPREAD / WALKERS**0.5, len(days))
        value = np.clip(drawn, 0, 100)
        frames.append(_frame(store, f"walkthrough_{step}", day=days, value=value, n=n))
    return pl.concat(frames)


def _frame(
    store: int, metric: str, *, day: NDArray[np.int64], value: NDArray[np.floating[Any]],
    n: NDArray[np.int64] | None,
) -> pl.DataFrame:  # fmt: skip
    count = len(day)
    return pl.DataFrame({
        "store_id": [STORES[store].store_id] * count,
        "date": DATES[np.minimum(day, DAYS - 1)],
        "metric": [metric] * count,
        "value": np.round(value, 4),
        "n": pl.Series([None] * count if n is None else n, dtype=pl.Int64),
    })  # fmt: skip
