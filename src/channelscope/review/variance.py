"""Actual figures against each base: the change, its interval over weeks, and what may be said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from channelscope import registry
from channelscope.differentiation.outcomes import adjusted, outcome
from channelscope.domain import Base, Outcome, Period, Scope
from channelscope.estimates import Floats
from channelscope.review.standing import Standing, Status, why_not
from channelscope.review.sums import PARTS, Side, Sums
from channelscope.review_tables import REVIEW_TABLES
from channelscope.stats.adjustment import benjamini_hochberg
from channelscope.stats.resampling import Scale, jackknife, with_deletions
from channelscope.stats.tails import t_p
from channelscope.trading import PERIOD

Row = dict[str, Any]
ALL, LIKE_FOR_LIKE = "all", "like_for_like"
TOTALS = (ALL, LIKE_FOR_LIKE)
ENOUGH_KNOWN = 0.8
"""Least part of paid sales whose refunds are known for a refund share to stand for the store, and
of orders on days with known visitors for its conversion."""
NEARLY_ALL = 0.95
"""The same for a sum of visitor-days: days that are not known are not days without visitors."""


@dataclass(frozen=True, slots=True)
class Change:
    """From the baseline to what is; shares of the baseline are `relative`."""

    actual: float | None
    baseline: float | None
    change: tuple[float | None, float | None, float | None] = (None, None, None)
    relative: tuple[float | None, float | None, float | None] = (None, None, None)
    p_value: float | None = None


def variance(sums: Sums, standings: Mapping[str, Standing]) -> pl.DataFrame:
    """Rows of `variance` against every base; those of totals first."""
    rows = [row for base in sums.scope.bases for row in _against(sums, standings, base)]
    frame = pl.DataFrame(rows, schema=REVIEW_TABLES["variance"])
    return _judged(frame, sums.scope)


def like_for_like(sums: Sums, base: Base) -> tuple[str, ...]:
    """The stores that traded throughout the period and the base."""
    return tuple(s.store_id for s in sums.scope.every_store if why_not(s, base, sums) is None)


def _against(sums: Sums, standings: Mapping[str, Standing], base: Base) -> Iterator[Row]:
    every = {store.store_id: store for store in sums.scope.every_store}
    alike = like_for_like(sums, base)
    known = [name for name in every if sums.has(name, PERIOD) or sums.has(name, base.name)]
    for metric in PARTS:
        for name, wanted in ((ALL, known), (LIKE_FOR_LIKE, alike)):
            stores = [each for each in wanted if _known_throughout(sums, each, metric, base)]
            found = change(sums, stores, metric, base)
            reason = None if stores and found.relative[0] is not None else "reason.no_data_in_base"
            yield _row(name, stores, metric, base, found, reason=reason, standing=None)
        for name, store in every.items():
            found = change(sums, [name], metric, base)
            reason = why_not(store, base, sums)
            if reason is not None:
                kept = found.change[0] if PARTS[metric][1] is None else None
                found = Change(found.actual, found.baseline, (kept, None, None))
            elif found.relative[0] is None:
                traffic = metric in ("visitor_days", "conversion")
                reason = "reason.traffic_incomplete" if traffic else "reason.not_measured"
            yield _row(name, [name], metric, base, found, reason=reason, standing=standings[name])


def _row(
    name: str, stores: Iterable[str], metric: str, base: Base, found: Change,
    *, reason: str | None, standing: Standing | None,
) -> Row:  # fmt: skip
    entry = registry.find(metric)
    return {
        "store_id": name, "stores": "+".join(stores), "metric": metric, "base": base.name,
        "unit": str(entry.unit), "better": str(entry.better),
        "actual": found.actual, "baseline": found.baseline,
        "change": found.change[0], "lo": found.change[1], "hi": found.change[2],
        "relative": found.relative[0], "relative_lo": found.relative[1],
        "relative_hi": found.relative[2], "p_value": found.p_value, "outcome_reason": reason,
        "status": str(standing.status if standing else Status.TRADED) if standing else None,
        "days": standing.days if standing else None,
        "last_day": standing.last_day if standing else None,
    }  # fmt: skip


def change(sums: Sums, stores: Iterable[str], metric: str, base: Base) -> Change:
    """The change of one metric of some stores, with 95% intervals by deleting paired weeks."""
    stores = list(stores)
    now, then = sums.side(stores, PERIOD), sums.side(stores, base.name)
    draws = [_draws(side, metric, sums) for side in (now, then)]
    a, b = (each[0] if np.isfinite(each[0]) else None for each in draws)
    if metric == "sales":
        a = None if a is None else float(now.exact)
        b = None if b is None else float(then.exact)
    if a is None or b is None:
        return Change(a, b)
    gap = a - b if metric != "sales" else float(now.exact - then.exact)
    weeks = len(draws[0]) - 1
    # Deleting one of B weeks leaves (B - 1) / B of a sum: scaled back to the whole.
    scale = weeks / max(weeks - 1, 1) if PARTS[metric][1] is None else 1.0
    spread = jackknife(gap, (draws[0][1:] - draws[1][1:]) * scale)
    with np.errstate(all="ignore"):
        ratio = jackknife(a / b if b else np.nan, draws[0][1:] / draws[1][1:], scale=Scale.LOG)
        log_ratio = np.log(a / b) if a > 0 and b > 0 else np.nan
    chance = t_p([log_ratio], [ratio.standard_error], [weeks - 1.0])[0]
    return Change(
        a, b, (gap, *_bounds(spread.lo, spread.hi)),
        (a / b - 1 if b else None, *_bounds(ratio.lo - 1, ratio.hi - 1)), _known(chance),
    )  # fmt: skip


def value_of(sums: Sums, stores: Iterable[str], metric: str) -> float | None:
    """The metric of some stores together in the period, None where nothing is known of them."""
    side = sums.side(stores, PERIOD)
    value = _known(_draws(side, metric, sums)[0])
    return float(side.exact) if metric == "sales" and value is not None else value


def _draws(side: Side, metric: str, sums: Sums) -> Floats:
    """The metric as it was, then without each week. Shapes: (1 + weeks,)."""
    top, bottom = side.parts(metric)
    if not _is_known(side, metric):
        return np.full(1, np.nan)
    if metric == "refund_share":  # of the last days refunds are still coming in: of both sides
        top, bottom = (
            np.where(sums.mature, part, 0.0) for part in side.parts(metric) if part is not None
        )
    weeks = int(sums.blocks.max()) + 1
    tops = np.bincount(sums.blocks, top, weeks)
    drawn = with_deletions(tops)
    if bottom is None:
        return np.asarray(drawn if top.any() else np.full(1 + weeks, np.nan), np.float64)
    with np.errstate(all="ignore"):
        under = with_deletions(np.bincount(sums.blocks, bottom, weeks))
        return np.where(under > 0, drawn / under, np.nan)


def _is_known(side: Side, metric: str) -> bool:
    """Whether enough of what the metric is made of is known."""
    if metric == "refund_share":
        return _part(side, "refund_known_paid", "paid_amount") >= ENOUGH_KNOWN
    if metric in ("visitor_days", "conversion"):
        least = NEARLY_ALL if metric == "visitor_days" else ENOUGH_KNOWN
        return _part(side, "tracked_orders", "orders") >= least
    return True


def _part(side: Side, part: str, whole: str) -> float:
    total = side.amounts[whole].sum()
    return float(side.amounts[part].sum() / total) if total > 0 else 0.0


def _known_throughout(sums: Sums, store: str, metric: str, base: Base) -> bool:
    """Whether the metric of a store is known wherever the store traded: else a total of it would
    change because of what is known, not because of what happened."""
    traded = [span for span in (PERIOD, base.name) if sums.has(store, span)]
    return all(_is_known(sums.side([store], span), metric) for span in traded)


def _bounds(lo: Floats, hi: Floats) -> tuple[float | None, float | None]:
    return _known(float(lo)), _known(float(hi))


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _judged(rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rule of METHODS on outcomes; the single stores of one base and metric are one family."""
    total = pl.col("store_id").is_in(TOTALS)
    family = pl.concat_str("base", "metric", total.cast(pl.String), separator="+")
    rows = rows.with_columns(p_adjusted=adjusted(rows, family, benjamini_hochberg))
    entries = [registry.find(metric) for metric in rows["metric"]]
    size = pl.Series([scope.delta[entry.id] for entry in entries], dtype=pl.Float64)
    relative = pl.Series([entry.relative for entry in entries], dtype=pl.Boolean)
    judged = rows.with_columns(
        pl.when(relative).then(pl.col(f"relative_{end}")).otherwise(pl.col(end)).alias(end)
        for end in ("lo", "hi")
    )
    few = pl.when(pl.col("relative").is_not_null()).then(pl.lit("reason.few_weeks"))
    told = rows.with_columns(outcome=judged.select(outcome=outcome(size))["outcome"])
    missing = pl.col("outcome") == str(Outcome.NOT_IDENTIFIABLE)
    return told.with_columns(
        outcome_reason=pl.when(missing).then(pl.coalesce("outcome_reason", few))
    )


def weekly(sums: Sums) -> pl.DataFrame:
    """Rows of `weekly_variance`: sales by week of the period, of all stores and of each."""
    rows: list[Row] = []
    every = [store.store_id for store in sums.scope.every_store]
    days: Period = sums.scope.period
    for base in sums.scope.bases:
        alike = like_for_like(sums, base)
        for name, stores in ((ALL, every), *((store, [store]) for store in every)):
            sides = [sums.side(stores, span).amounts["sales"] for span in (PERIOD, base.name)]
            for week in range(int(sums.blocks.max()) + 1):
                mine = sums.blocks == week
                first = days.every_day[int(np.flatnonzero(mine)[0])]
                told = [
                    float(side[mine].sum()) if any(sums.has(s, span) for s in stores) else None
                    for side, span in zip(sides, (PERIOD, base.name), strict=True)
                ]
                if name != ALL and name not in alike:
                    told[1] = None
                rows.append({
                    "store_id": name, "base": base.name, "week_start": first,
                    "days": int(mine.sum()), "actual": told[0], "baseline": told[1],
                })  # fmt: skip
    return pl.DataFrame(rows, schema=REVIEW_TABLES["weekly_variance"])
