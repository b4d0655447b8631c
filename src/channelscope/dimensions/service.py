"""Service: ratings, answering, shipping and the walk through the shop, with the cases behind them.

A rate with counted cases gets a Wilson interval on its summed cases. A mean gets the
delete-one-week jackknife of its case-weighted mean, because what varies between cases of one day is
not in a daily mean and weeks carry the campaigns; with fewer than three weeks Student's t over the
cases, if they are known one by one. A published score has no cases: shown, never tested.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from channelscope import registry, sqlfile
from channelscope.contrasts import difference_rows, rate_rows, rate_spread, ratio_spread
from channelscope.domain import Figure, Period, Scope
from channelscope.engine.duckdb import Session
from channelscope.estimates import NO_WIDTH, Blocks, Floats, pivot, ratio
from channelscope.pair_distances import FEW_CASES, MINIMUM_CASES, TOO_FEW_WEEKS, scaled_pairs
from channelscope.registry import Metric, Unit
from channelscope.results import TABLES
from channelscope.stats.arrays import Bools, Ints
from channelscope.stats.clusters import Spread
from channelscope.stats.intervals import IntervalArrays, mean_t, wilson
from channelscope.stats.resampling import MINIMUM_BLOCKS, Scale

POSITION = 5
FIGURES = (Figure("F5.1", "service_levels", "service/service_levels", "service_levels"),)

_ENDS = {Unit.SECONDS: (0.0, np.inf), Unit.HOURS: (0.0, np.inf)}
_RATING_ENDS, _WALKTHROUGH_ENDS = (1.0, 5.0), (0.0, 100.0)

_CELL = pl.concat_str("metric", "store_id", separator="\n")


@dataclass(frozen=True, slots=True)
class Cells:
    """What there is to say: every metric anybody reports, of every store. One array place each."""

    metrics: tuple[str, ...]
    stores: tuple[str, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """One name for each metric and store."""
        return tuple(f"{metric}\n{store}" for metric in self.metrics for store in self.stores)

    @property
    def entries(self) -> list[Metric]:
        """The registry's entry of each cell."""
        return [registry.find(metric) for metric in self.metrics for _ in self.stores]

    def of_unit(self, *units: Unit) -> Bools:
        """Where the metric has one of the units."""
        return np.array([entry.unit in units for entry in self.entries], dtype=bool)

    @property
    def ends(self) -> Floats:
        """The least and the most that each mean can be. Shape: (2, cells)."""
        found = [_ends_of(entry) for entry in self.entries]
        return np.array(found, dtype=np.float64).reshape(-1, 2).T


def _ends_of(entry: Metric) -> tuple[float, float]:
    if entry.unit is Unit.SCORE:
        return _WALKTHROUGH_ENDS if entry.id == "walkthrough" else _RATING_ENDS
    return _ENDS.get(entry.unit, (-np.inf, np.inf))


def off(scope: Scope) -> str | None:
    """Everything here is in one table."""
    return None if "service" in scope.present else "off.no_service"


def compare(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `metrics`, one per store and metric that any reports, `differences` and `pairs`."""
    params = {"first": scope.period.first, "last": scope.period.last}
    weeks = session.run(sqlfile.find("service/service_by_week"), params)
    published = session.run(sqlfile.find("service/published_scores"), params)
    names = _in_registry_order({*weeks["metric"], *published["metric"]})
    cells = Cells(tuple(names), scope.store_ids)
    blocks = _blocks(weeks, cells)
    metrics = _rows(cells, blocks, _published(published, cells), scope.period)
    return {"metrics": metrics, **_contrasts(scope, cells, blocks, metrics)}


def _contrasts(
    scope: Scope, cells: Cells, blocks: Blocks, metrics: pl.DataFrame
) -> dict[str, pl.DataFrame]:
    """Differences metric by metric, and the distance over all of them that were counted."""
    differences = [pl.DataFrame(schema=TABLES["differences"])]
    spreads: dict[str, Spread] = {}
    for at, metric in enumerate(cells.metrics):
        own = slice(at * len(cells.stores), (at + 1) * len(cells.stores))
        part = Blocks(cells.stores, {name: sums[:, own] for name, sums in blocks.sums.items()})
        total, cases = (part.total(name) for name in ("total", "cases"))
        if not np.any(cases > 0):
            continue
        if registry.find(metric).unit is Unit.RATE:
            spreads[metric] = rate_spread(total=total, cases=cases)
            differences.append(rate_rows(scope, metric, total=total, cases=cases))
        else:
            spreads[metric] = ratio_spread(part, "total", "cases")
            differences.append(difference_rows(scope, metric, spreads[metric]))
    cases = _cases(metrics, cells)

    def reason(a: int, b: int) -> str:
        silent = _silent(metrics, cells)
        return next((silent[store] for store in (a, b) if store in silent), FEW_CASES)

    # Steps of the walkthrough are few visits of a tester, whatever the store's size.
    compared = {name: each for name, each in spreads.items() if not name.startswith("walkthrough")}
    pairs = scaled_pairs(
        scope, "service", compared, n=cases, enough=cases >= MINIMUM_CASES, reason=reason
    )
    return {"differences": pl.concat(differences), "pairs": pairs}


def _cases(metrics: pl.DataFrame, cells: Cells) -> Floats:
    """The most cases that any metric of a store counts. Shape: (S,)."""
    counted = dict(metrics.group_by("store_id").agg(pl.col("n").max()).iter_rows())
    return np.array([counted.get(store) or 0.0 for store in cells.stores], dtype=np.float64)


def _silent(metrics: pl.DataFrame, cells: Cells) -> dict[int, str]:
    """Why a store without a counted case has none: scores alone, or nothing at all."""
    found = {}
    for at, store in enumerate(cells.stores):
        mine = metrics.filter(pl.col("store_id") == store)
        if not mine["n"].is_not_null().any():
            shown = mine["value"].is_not_null().any()
            found[at] = "reason.published_score" if shown else "reason.not_in_data"
    return found


def _in_registry_order(names: Iterable[str]) -> list[str]:
    return sorted(names, key=lambda name: (registry.METRICS.index(registry.find(name)), name))


def _blocks(weeks: pl.DataFrame, cells: Cells) -> Blocks:
    marked = weeks.select(
        "week_start", "cases", "total", "squares", store_id=_CELL,
        several=pl.col("squares").is_null().cast(pl.Float64),
    )  # fmt: skip
    return pivot(marked, stores=cells.keys, block="week_start")


def _published(published: pl.DataFrame, cells: Cells) -> Floats:
    """Score and number of weeks of each cell. Shape: (2, cells)."""
    found = published.select("value", pl.col("weeks").cast(pl.Float64), key=_CELL)
    ordered = pl.DataFrame({"key": cells.keys}, schema={"key": pl.String}).join(
        found, on="key", how="left", maintain_order="left"
    )
    return ordered.select("value", "weeks").cast(pl.Float64).fill_null(np.nan).to_numpy().T


def _rows(cells: Cells, blocks: Blocks, published: Floats, period: Period) -> pl.DataFrame:
    cases = blocks.total("cases")
    counted = cases > 0
    levels = np.where(cells.of_unit(Unit.RATE), _rates(blocks), _means(cells, blocks))
    value = np.where(counted, levels[0], published[0])
    weeks = np.where(counted, _weeks(blocks), published[1]) / _weeks_of(period)
    frame = pl.DataFrame(
        {
            "store_id": [store for _ in cells.metrics for store in cells.stores],
            "dimension": [entry.dimension for entry in cells.entries],
            "metric": [metric for metric in cells.metrics for _ in cells.stores],
            "value": value,
            "lo": levels[1],
            "hi": levels[2],
            "n": np.where(counted, cases, np.nan),
            "unit": [str(entry.unit) for entry in cells.entries],
            "better": [str(entry.better) for entry in cells.entries],
            "coverage": np.where(np.isnan(value), np.nan, weeks),
            "outcome_reason": _reasons(
                value, levels[1], counted, few=_weeks(blocks) < MINIMUM_BLOCKS
            ),
        }
    ).with_columns(pl.col("value", "lo", "hi", "n", "coverage").fill_nan(None))
    return frame.cast(pl.Schema(TABLES["metrics"]))


def _rates(blocks: Blocks) -> Floats:
    cases, total = blocks.total("cases"), blocks.total("total")
    possible = (cases > 0) & (total >= 0) & (total <= cases)
    size = np.where(possible, cases, np.nan)
    interval = wilson(np.where(possible, np.rint(total), np.nan), size)
    return np.stack([np.where(possible, total, np.nan) / size, interval.lo, interval.hi])


def _means(cells: Cells, blocks: Blocks) -> Floats:
    plain = ratio(blocks, "total", "cases", scale=Scale.IDENTITY)
    # Times are never below zero, and vary by so much per cent.
    logged = ratio(blocks, "total", "cases", scale=Scale.LOG)
    value, lo, hi = np.where(cells.of_unit(Unit.SECONDS, Unit.HOURS), logged, plain)
    single = _single_cases(blocks, value)
    few = _weeks(blocks) < MINIMUM_BLOCKS
    lo, hi = np.where(few, single.lo, lo), np.where(few, single.hi, hi)
    # Weeks or cases that never differ show no spread, which is not certainty.
    wide = hi - lo > NO_WIDTH * np.abs(value)
    least, most = cells.ends
    # A mean outside its scale is the data's fault: it keeps its own bounds.
    inside = (value >= least) & (value <= most)
    lo = np.where(inside, np.maximum(lo, least), lo)
    hi = np.where(inside, np.minimum(hi, most), hi)
    return np.stack([value, np.where(wide, lo, np.nan), np.where(wide, hi, np.nan)])


def _single_cases(blocks: Blocks, mean: Floats) -> IntervalArrays:
    n = blocks.total("cases")
    known = (blocks.total("several") == 0) & (n > 1)
    size = np.where(known, n, np.nan)
    variance = (blocks.total("squares") - size * mean**2) / (size - 1)
    return mean_t(mean, np.sqrt(np.maximum(variance, 0)), size)


def _weeks(blocks: Blocks) -> Ints:
    counted: Ints = (blocks.sums["cases"] > 0).sum(axis=0)
    return counted


def _weeks_of(period: Period) -> int:
    """Calendar weeks, Monday to Sunday, that the period touches."""
    return (period.days + period.first.weekday() + 6) // 7


def _reasons(value: Floats, lo: Floats, counted: Bools, *, few: Bools) -> list[str | None]:
    """Why there is no value, or no interval. A counted value is missing if it is no rate."""
    return [
        _reason(unknown, no_interval=no_interval, counted=is_counted, few_weeks=is_few)
        for unknown, no_interval, is_counted, is_few in zip(
            np.isnan(value), np.isnan(lo), counted, few, strict=True
        )
    ]


def _reason(unknown: bool, *, no_interval: bool, counted: bool, few_weeks: bool) -> str | None:
    if unknown:
        return "reason.rate_out_of_range" if counted else "reason.not_in_data"
    if not counted:
        return "reason.published_score"
    if not no_interval:
        return None
    return TOO_FEW_WEEKS if few_weeks else "reason.too_few_blocks"
