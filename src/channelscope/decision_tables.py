"""The columns of the tables that `decide` makes, and their types, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_TEXT, _F, _I, _DAY = pl.String, pl.Float64, pl.Int64, pl.Date

_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    # One row a candidate. `recommendation`: open, pilot or do_not_open; null where it cannot be
    # told, with `outcome_reason`. `reason` is what decides it. Money is incremental contribution
    # over the horizon unless it says otherwise; `lo` and `hi` hold 80 percent of the draws.
    # `p_without_losses`: what `p_payback` would be if the store took nothing from the others.
    # `margin`: what a unit of sales leaves before fixed costs. `diverted`: share of its sales that
    # other stores would have had. `break_even_sales` a month; `needed_margin` where no cost is
    # known. `at_risk`: the deepest cumulative shortfall, at the bad end of the 80 percent.
    "recommendation": {
        "candidate_id": _TEXT, "name": _TEXT, "kind": _TEXT, "platform": _TEXT,
        "opens_on": _DAY, "horizon_months": _I, "recommendation": _TEXT, "reason": _TEXT,
        "p_payback": _F, "p_without_losses": _F, "open_probability": _F, "pilot_probability": _F,
        "contribution": _F, "contribution_lo": _F, "contribution_hi": _F,
        "sales": _F, "sales_lo": _F, "sales_hi": _F,
        "margin": _F, "margin_lo": _F, "margin_hi": _F,
        "diverted": _F, "diverted_lo": _F, "diverted_hi": _F,
        "losses": _F, "losses_lo": _F, "losses_hi": _F,
        "fixed": _F, "set_up": _F, "deposit": _F, "at_risk": _F,
        "payback_month": _I, "payback_lo": _I, "payback_hi": _I,
        "break_even_sales": _F, "break_even_diversion": _F, "needed_margin": _F,
        "position": _TEXT, "draws": _I, "seed": _I, "outcome_reason": _TEXT,
    },
    # `month` 0 is the set-up. The band holds 80 percent of the draws; `p_payback`: the share of
    # draws that have earned back everything by then.
    "payback": {
        "candidate_id": _TEXT, "month": _I, "month_start": _DAY, "sales": _F, "sales_lo": _F,
        "sales_hi": _F, "contribution": _F, "contribution_lo": _F, "contribution_hi": _F,
        "cumulative": _F, "cumulative_lo": _F, "cumulative_hi": _F, "p_payback": _F,
    },
    # Each input alone at the ends that hold 80 percent of its draws, all others at their likely
    # value: `at_low` and `at_high` are contribution over the horizon, `base` with all likely.
    "tornado": {
        "candidate_id": _TEXT, "rank": _I, "input": _TEXT, "unit": _TEXT, "likely": _F,
        "low": _F, "high": _F, "base": _F, "at_low": _F, "at_high": _F, "swing": _F,
    },
    # What would change the recommendation: were `input` known to lie beyond `limit_value` on its
    # `side`, the probability to pay back would be `p_payback` and the answer `recommendation`.
    "changes": {
        "candidate_id": _TEXT, "rank": _I, "input": _TEXT, "unit": _TEXT, "side": _TEXT,
        "limit_value": _F, "p_payback": _F, "recommendation": _TEXT,
    },
    # A row for each combination of the candidate's free choices. `gap` is to the best one, on the
    # same draws; `is_as_good`: the 80 percent of the gap hold zero: the two cannot be told apart.
    "positions": {
        "candidate_id": _TEXT, "rank": _I, "position": _TEXT, "assortment": _TEXT,
        "price_level": _F, "promotion": _TEXT, "contribution": _F, "lo": _F, "hi": _F,
        "p_payback": _F, "sales": _F, "margin": _F, "diverted": _F, "gap": _F, "gap_lo": _F,
        "gap_hi": _F, "is_as_good": pl.Boolean, "is_planned": pl.Boolean,
    },
    # What each store loses to the candidate. `share`: of the candidate's sales; `loss`: margin lost
    # over the horizon. `source`: openings or declared. `overlap` = product x price x buyers.
    "own_losses": {
        "candidate_id": _TEXT, "store_id": _TEXT, "share": _F, "lo": _F, "hi": _F,
        "product_overlap": _F, "price_overlap": _F, "buyers_overlap": _F, "overlap": _F,
        "margin": _F, "loss": _F, "loss_lo": _F, "loss_hi": _F, "source": _TEXT,
        "outcome_reason": _TEXT,
    },
    # The stores that demand is drawn around. Distances from 0 to 1, null where not known;
    # `monthly_sales`: of the candidate's goods.
    "nearest": {
        "candidate_id": _TEXT, "store_id": _TEXT, "weight": _F, "distance": _F,
        "product_distance": _F, "price_distance": _F, "promotion_distance": _F,
        "service_distance": _F, "place_distance": _F, "monthly_sales": _F, "conversion": _F,
        "order_value": _F,
    },
    # Every input: its likely value, the range, where it comes from, whose it is, how good it is.
    # `grade`: A measured here, B derived from what is measured here, C declared.
    "assumptions": {
        "candidate_id": _TEXT, "position": _I, "input": _TEXT, "store_id": _TEXT, "value": _F,
        "low": _F, "high": _F, "unit": _TEXT, "origin": _TEXT, "source": _TEXT, "as_of": _DAY,
        "owner": _TEXT, "grade": _TEXT,
    },
    # When to look again and at what: `rule` is stop or scale. `metric` is sales (since the opening)
    # or diverted (share of its sales). Met when it lies beyond the `limit_value`; `p_payback`: of
    # futures with about that much, null where the limit is the break-even.
    "checkpoints": {
        "candidate_id": _TEXT, "month": _I, "look_on": _DAY, "rule": _TEXT, "metric": _TEXT,
        "side": _TEXT, "limit_value": _F, "unit": _TEXT, "p_payback": _F,
    },
}  # fmt: skip

DECISION_TABLES: Mapping[str, pl.Schema] = {
    name: pl.Schema(columns) for name, columns in _COLUMNS.items()
}
"""The columns of each table of `decide` and their types; part of the public contract."""
