"""The columns of the tables that `review` makes, and their types, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_TEXT, _F, _I, _DAY = pl.String, pl.Float64, pl.Int64, pl.Date

_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    # The periods that are looked at. `base`: now, and what it is held against: previous (the
    # quarter before), year_before (the same quarter of the year before), aligned (the days of the
    # year before that match on events), or against (the days asked for). `days`: of the base,
    # counted as often as they are used. `outcome_reason`: why there is nothing to hold against.
    "review_periods": {
        "base": _TEXT, "first": _DAY, "last": _DAY, "days": _I, "outcome_reason": _TEXT,
    },
    # Which day each day of the period is held against. `event`: null for an ordinary day.
    "aligned_days": {
        "day": _DAY, "aligned_day": _DAY, "event": _TEXT,
    },
    # A row for each store, metric and base (also plan); `store_id` all: all stores, like_for_like:
    # those that traded throughout both. `stores`: which ones a total holds, joined by +.
    # `change` = actual - baseline with its 95% interval by paired weeks, `relative` = change /
    # baseline with its own. `status`: traded, opened, closed, no_data, late (data end before the
    # period does) or partial. `days`: days with orders; `last_day`: the last of them in the
    # period. `immature`: part of paid sales whose refunds are still coming in; `developed`: sales
    # with these expected, null where too little is known. `better`: higher, lower or neither.
    "variance": {
        "store_id": _TEXT, "stores": _TEXT, "metric": _TEXT, "base": _TEXT, "unit": _TEXT,
        "better": _TEXT, "actual": _F, "baseline": _F, "change": _F, "lo": _F, "hi": _F,
        "relative": _F, "relative_lo": _F, "relative_hi": _F, "p_value": _F, "p_adjusted": _F,
        "outcome": _TEXT, "outcome_reason": _TEXT, "status": _TEXT, "days": _I, "last_day": _DAY,
        "immature": _F, "developed": _F,
    },
    # `bridge` of the comparison, from each base to the period. `from_id` and `to_id` are the same
    # store, or all.
    "period_bridge": {
        "base": _TEXT, "from_id": _TEXT, "to_id": _TEXT, "from_period": _TEXT, "to_period": _TEXT,
        "position": _I, "factor": _TEXT, "effect": pl.Decimal(18, 2), "lo": _F, "hi": _F,
        "lmdi_effect": _F,
    },
    # Sales by week of the period. `week_start`: its Monday, or the period's first day; `baseline`:
    # of the days that they are held against.
    "weekly_variance": {
        "store_id": _TEXT, "base": _TEXT, "week_start": _DAY, "days": _I, "actual": _F,
        "baseline": _F,
    },
    # What passed both floors of a rule of `[exceptions]`. `sku`: null where the whole store is
    # meant. `change` in the metric's unit (rates in 0-1); `floor_relative`, `floor_absolute`: of
    # the rule. `amount`: what the change is worth in sales of the period, null where not known.
    # `outcome`: of the change, where it has one. `seen_before`: in the last review as well.
    "exceptions": {
        "rank": _I, "rule": _TEXT, "store_id": _TEXT, "sku": _TEXT, "title": _TEXT,
        "metric": _TEXT, "base": _TEXT, "unit": _TEXT, "actual": _F, "baseline": _F, "change": _F,
        "relative": _F, "floor_relative": _F, "floor_absolute": _F, "amount": _F,
        "outcome": _TEXT, "seen_before": pl.Boolean,
    },
    # Products whose price order broke or was mended since the base: days below the suggested price
    # (else of gap to the reference) of days with a price, then and now. `change`: broken, mended,
    # worse or better.
    "price_order_changes": {
        "rank": _I, "store_id": _TEXT, "sku": _TEXT, "title": _TEXT, "change": _TEXT,
        "base": _TEXT, "share_before": _F, "share_now": _F, "depth_before": _F, "depth_now": _F,
        "cause_mechanism": _TEXT, "funder": _TEXT, "shortfall_amount": _F,
    },
    # How far two stores moved towards or from one another. `direction`: alike (distance fell) or
    # apart; told by `outcome`.
    "drift": {
        "store_a": _TEXT, "store_b": _TEXT, "dimension": _TEXT, "base": _TEXT,
        "distance_before": _F, "distance": _F, "change": _F, "lo": _F, "hi": _F, "p_value": _F,
        "p_adjusted": _F, "direction": _TEXT, "outcome": _TEXT, "outcome_reason": _TEXT,
    },
    # Decisions of earlier reviews, thresholds of `decide`, and what this review proposes. `origin`:
    # review or decide. `made_in`: the review that holds it. `rule`: why it was proposed (a rule of
    # `exceptions`, price_order, drift, stop, scale), null when people wrote it. `what`: their
    # words. It is kept when `metric` of the store lies at or beyond `threshold` on its `side`
    # (at_least, at_most) in the period that holds `look_on`. `outcome`: kept, missed, not_due,
    # cannot_be_told, and proposed for those of this review. Of a threshold of `decide`: met,
    # not_met.
    "decisions": {
        "decision_id": _TEXT, "origin": _TEXT, "made_in": _TEXT, "rule": _TEXT, "what": _TEXT,
        "owner": _TEXT, "store_id": _TEXT, "sku": _TEXT, "metric": _TEXT, "side": _TEXT,
        "threshold": _F, "unit": _TEXT, "look_on": _DAY, "actual": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    # Earlier predictions and those for the next period. `outcome`: inside, outside, not_due,
    # cannot_be_told. `low` to `high` is to hold `level` of them.
    "predictions": {
        "prediction_id": _TEXT, "made_in": _TEXT, "store_id": _TEXT, "metric": _TEXT,
        "unit": _TEXT, "first": _DAY, "last": _DAY, "low": _F, "likely": _F, "high": _F,
        "level": _F, "actual": _F, "outcome": _TEXT, "outcome_reason": _TEXT,
    },
    # How many of the predictions that fell due were right, by the review that made them and over
    # all (`made_in` all). `lo`, `hi`: 95% interval (Wilson).
    "hit_rates": {
        "made_in": _TEXT, "due": _I, "inside": _I, "rate": _F, "lo": _F, "hi": _F, "level": _F,
    },
    # What an amended review says otherwise than the revision before it.
    "moved": {
        "store_id": _TEXT, "metric": _TEXT, "before": _F, "now": _F, "unit": _TEXT,
    },
    # An event in progress, by store and of all: `so_far` of the first `days_so_far` of `days`, what
    # the aligned days of the year before sold (`aligned_so_far`, `aligned`), and what all of it
    # will come to; `low` to `high` holds 80 percent. `growth` = so_far / aligned_so_far - 1.
    "projection": {
        "event": _TEXT, "store_id": _TEXT, "stores": _TEXT, "first": _DAY, "last": _DAY,
        "to_day": _DAY, "days": _I, "days_so_far": _I, "so_far": _F, "aligned_so_far": _F,
        "aligned": _F, "growth": _F, "growth_lo": _F, "growth_hi": _F, "projected": _F,
        "low": _F, "high": _F, "level": _F, "outcome_reason": _TEXT,
    },
}  # fmt: skip

REVIEW_TABLES: Mapping[str, pl.Schema] = {
    name: pl.Schema(columns) for name, columns in _COLUMNS.items()
}
"""The columns of each table of `review` and their types; part of the public contract."""
