"""The columns of every result table and their types, in one place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

_TEXT, _F, _I, _MONEY = pl.String, pl.Float64, pl.Int64, pl.Decimal(18, 4)
_CENTS = pl.Decimal(18, 2)

_COLUMNS: Mapping[str, Mapping[str, Any]] = {
    "metrics": {
        "store_id": _TEXT, "dimension": _TEXT, "metric": _TEXT, "value": _F, "lo": _F, "hi": _F,
        "n": _I, "unit": _TEXT, "better": _TEXT, "coverage": _F, "outcome_reason": _TEXT,
    },
    "price_index": {
        "store_id": _TEXT, "category": _TEXT, "rung": _TEXT, "unit": _TEXT, "method": _TEXT,
        "value": _F, "lo": _F, "hi": _F, "matched_skus": _I, "coverage": _F, "time_grain": _TEXT,
        "p_value": _F, "p_adjusted": _F, "outcome": _TEXT, "outcome_reason": _TEXT,
    },
    "price_links": {
        "store_a": _TEXT, "store_b": _TEXT, "rung": _TEXT, "time_grain": _TEXT,
        "matched_skus": _I, "share_a": _F, "share_b": _F, "is_linked": pl.Boolean,
        "is_connected": pl.Boolean,
    },
    # Months without a day of gap or below have no row. `price` is the mean over all its days;
    # `ratio` compares those on which the reference has a price too. What the days below sold
    # stands in `units`; `shortfall_amount` is their money below the suggested price where the
    # gap is the store's own.
    "price_gaps": {
        "sku": _TEXT, "period_start": pl.Date, "store_id": _TEXT, "rung": _TEXT, "price": _F,
        "reference_price": _F, "ratio": _F, "suggested_price": _F, "cause_mechanism": _TEXT,
        "funder": _TEXT, "days": _I, "days_gap": _I, "days_below": _I, "days_own": _I,
        "depth": _F, "units": _F, "shortfall_amount": _F,
    },
    "price_leads": {
        "leader_id": _TEXT, "follower_id": _TEXT, "changes": _I, "together": _I, "followed": _I,
        "expected": _F, "lift": _F, "p_value": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    "price_tiers": {
        "store_id": _TEXT, "category": _TEXT, "tier": _TEXT, "from_price": _F, "to_price": _F,
        "skus": _I, "share": _F, "lo": _F, "hi": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    "out_of_region": {
        "store_id": _TEXT, "ship_region": _TEXT, "orders": _I, "share": _F, "paid_amount": _MONEY,
    },
    "mechanisms": {
        "store_id": _TEXT, "mechanism": _TEXT, "discount_amount": _MONEY, "share_of_list": _F,
        "share_of_discount": _F, "merchant_funded": _F,
    },
    # One row a store and terms: promotions with the same terms are one, `promo_id` the first.
    # Shares are of the orders placed while they ran; `reference_…` is the same threshold against
    # the reference's orders of the same days.
    "thresholds": {
        "store_id": _TEXT, "promo_id": _TEXT, "mechanism": _TEXT, "label": _TEXT, "scope": _TEXT,
        "threshold_kind": _TEXT, "threshold": _F, "threshold_base": _TEXT, "benefit_kind": _TEXT,
        "benefit": _F, "orders": _I, "coverage": _F, "reached_share": _F, "lo": _F, "hi": _F,
        "near_share": _F, "near_lo": _F, "near_hi": _F, "reference_share": _F,
        "reference_lo": _F, "reference_hi": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    # `all`: what was paid less what the rules imply; of a mechanism: what was taken off less what
    # they imply. `above` and `below` are the unreconciled lines by direction, `absolute_difference`
    # is their size. `coverage` is the part of the store's lines that was looked at.
    "reconcile": {
        "store_id": _TEXT, "mechanism": _TEXT, "lines": _I, "reconciled": _I, "unreconciled": _I,
        "amount_difference": _CENTS, "absolute_difference": _CENTS, "above": _I, "below": _I,
        "coverage": _F, "outcome_reason": _TEXT,
    },
    "unreconciled": {
        "store_id": _TEXT, "order_id": _TEXT, "line_no": _I, "sku": _TEXT, "ordered_on": pl.Date,
        "paid_amount": _CENTS, "implied_amount": _CENTS, "difference": _CENTS,
    },
    # Promotions of which covered products were sold, and that took nothing off any line looked
    # at. `lines`: covered lines; `reason` is known of those with most of them.
    "idle_promotions": {
        "store_id": _TEXT, "promo_id": _TEXT, "mechanism": _TEXT, "label": _TEXT,
        "first_day": pl.Date, "last_day": pl.Date, "lines": _I, "reason": _TEXT,
    },
    # `earned` is what promoted weeks earn over unit cost, times the usual; `margin_amount` is
    # that in money.
    "lift": {
        "store_id": _TEXT, "mechanism": _TEXT, "lift": _F, "lo": _F, "hi": _F, "break_even": _F,
        "n": _I, "skus": _I, "p_value": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT, "earned": _F, "earned_lo": _F, "earned_hi": _F,
        "earned_p_adjusted": _F, "earned_outcome": _TEXT, "earned_reason": _TEXT,
        "margin_amount": _MONEY, "elasticity": _F, "elasticity_lo": _F, "elasticity_hi": _F,
    },
    # One moment a day: 20:00. Runs of days with equal amounts are one row: `on` is its first day.
    "basket_prices": {
        "store_id": _TEXT, "basket": _TEXT, "pieces": _I, "on": pl.Date, "list_amount": _CENTS,
        "net_amount": _CENTS, "per_piece": _F, "sku": _TEXT, "eligibility": _TEXT, "days": _I,
    },
    # Of the days on which two stores or more have a price, those with none as low.
    "cheapest_baskets": {
        "store_id": _TEXT, "sku": _TEXT, "pieces": _I, "eligibility": _TEXT, "days": _I,
        "days_cheapest": _I, "share": _F,
    },
    "broken_thresholds": {
        "store_id": _TEXT, "basket": _TEXT, "sku": _TEXT, "pieces": _I, "on": pl.Date, "days": _I,
        "net_amount": _CENTS, "without_amount": _CENTS, "promo_id": _TEXT, "mechanism": _TEXT,
    },
    "clashes": {
        "sku": _TEXT, "store_a": _TEXT, "store_b": _TEXT, "from": pl.Date, "to": pl.Date,
        "mechanism_a": _TEXT, "mechanism_b": _TEXT, "gap": _F,
    },
    "clash_pairs": {
        "store_a": _TEXT, "store_b": _TEXT, "products": _I, "days": _I, "days_clash": _I,
        "share": _F, "gap": _F, "mechanism_a": _TEXT, "mechanism_b": _TEXT,
    },
    "bridge": {
        "from_id": _TEXT, "to_id": _TEXT, "from_period": _TEXT, "to_period": _TEXT,
        "position": _I, "factor": _TEXT, "effect": pl.Decimal(18, 2), "lo": _F, "hi": _F,
        "lmdi_effect": _F,
    },
    "piece_price_bridge": {
        "from_id": _TEXT, "to_id": _TEXT, "from_period": _TEXT, "to_period": _TEXT,
        "position": _I, "factor": _TEXT, "effect": _F, "lo": _F, "hi": _F, "lmdi_effect": _F,
    },
    "pocket_waterfall": {
        "store_id": _TEXT, "position": _I, "step": _TEXT, "is_total": pl.Boolean,
        "amount": pl.Decimal(18, 2), "share_of_list": _F, "outcome_reason": _TEXT,
    },
    "assortment_pairs": {
        "store_a": _TEXT, "store_b": _TEXT, "shared_skus": _I, "jaccard": _F,
        "shared_sales": _F, "shared_sales_lo": _F, "shared_sales_hi": _F,
        "divergence_sku": _F, "divergence_sku_lo": _F,
        "divergence_sku_hi": _F, "divergence_category": _F, "divergence_category_lo": _F,
        "divergence_category_hi": _F, "distance_category": _F, "distance_category_lo": _F,
        "distance_category_hi": _F,
    },
    "differences": {
        "store_id": _TEXT, "reference_id": _TEXT, "dimension": _TEXT, "metric": _TEXT,
        "value": _F, "lo": _F, "hi": _F, "p_value": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT, "unit": _TEXT, "n": _I, "detectable": _F,
    },
    "pairs": {
        "store_a": _TEXT, "store_b": _TEXT, "dimension": _TEXT, "distance": _F, "lo": _F,
        "hi": _F, "null_mean": _F, "p_value": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT, "n": _I,
    },
    "verdicts": {
        "store_a": _TEXT, "store_b": _TEXT, "verdict": _TEXT, "reason": _TEXT,
        "evidence": _TEXT, "missing": _TEXT,
    },
    "store_map": {"store_id": _TEXT, "x": _F, "y": _F, "stress": _F},
    # `stores`: bought in each of them, and perhaps in others; `size` of them. Combinations of three
    # or more that are empty have no row, unless chance gives them a buyer. `relative`: the lift of
    # a pair over the geometric mean of the lifts of the other pairs of its scope.
    "overlap": {
        "scope": _TEXT, "stores": _TEXT, "buyers": _I, "expected": _F, "lift": _F, "lo": _F,
        "hi": _F, "p_value": _F, "p_adjusted": _F, "coverage": _F, "share": _F, "share_lo": _F,
        "share_hi": _F, "outcome": _TEXT, "outcome_reason": _TEXT, "size": _I, "relative": _F,
        "relative_lo": _F, "relative_hi": _F, "relative_p_value": _F, "relative_p_adjusted": _F,
    },
    # `stores`: bought in exactly these of the scope's stores that can be told, up to twelve;
    # `share` of all their buyers.
    "buyer_sets": {
        "scope": _TEXT, "stores": _TEXT, "size": _I, "buyers": _I, "share": _F, "lo": _F,
        "hi": _F, "coverage": _F,
    },
    # A row for each store, calendar quarter and status: `new_to_brand`, `from_other_store`,
    # `reactivated` and `retained` add up to `known`, all known buyers, whose share they are;
    # `unknown` are the other orders; `moved` and `lost` are shares of the buyers of the quarter
    # before. `repeat_orders`: those after a buyer's first in the quarter.
    "buyer_flows": {
        "store_id": _TEXT, "quarter_start": pl.Date, "status": _TEXT, "buyers": _I, "orders": _I,
        "repeat_orders": _I, "sales": _MONEY, "share": _F, "lo": _F, "hi": _F, "coverage": _F,
        "outcome_reason": _TEXT,
    },
    # `history` describes: where the buyers of the new store had bought before, as `brand_new`,
    # `kept:<store>` and `stopped:<store>`; `n` buyers, `amount` what they paid. `panel` estimates:
    # `from_store` lost `share` of the new store's sales; `expected` are its sales of the exposed
    # categories without the opening, `sold` what they were, `n` its order lines there, `amount`
    # what it lost. `placebos` openings were tried where none was, `placebos_off` of them read
    # other than zero. Stores are single ones, also where groups are compared.
    "openings": {
        "store_id": _TEXT, "method": _TEXT, "horizon": _TEXT, "weeks": _I, "from_store": _TEXT,
        "category": _TEXT, "price_tier": _TEXT, "share": _F, "lo": _F, "hi": _F, "n": _I,
        "coverage": _F, "amount": _F, "expected": _F, "sold": _F, "p_value": _F,
        "p_adjusted": _F, "placebos": _I, "placebos_off": _I, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    # Weeks are counted from the opening; `share` is what `from_store` lost in them, of what the
    # new store sells in as many weeks of its long horizon.
    "opening_weeks": {
        "store_id": _TEXT, "from_store": _TEXT, "first_week": _I, "last_week": _I, "share": _F,
        "lo": _F, "hi": _F,
    },
    # One row a store, set and segment; a store that cannot be told has one a set. `gap` is against
    # all told stores together. Behaviour is no need: the store itself produces it.
    "segments": {
        "store_id": _TEXT, "segment_set": _TEXT, "is_need": pl.Boolean, "segment": _TEXT,
        "share": _F, "lo": _F, "hi": _F, "n": _I, "coverage": _F, "overall_share": _F, "gap": _F,
        "gap_lo": _F, "gap_hi": _F, "p_value": _F, "p_adjusted": _F, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    # `all` is every compared store, where they have several scopes. `stores` counts those told,
    # `coverage` is that of the store with least.
    "diversion": {
        "scope": _TEXT, "segment_set": _TEXT, "is_need": pl.Boolean, "stores": _I, "index": _F,
        "lo": _F, "hi": _F, "null_mean": _F, "p_value": _F, "p_adjusted": _F, "coverage": _F,
        "n": _I, "outcome": _TEXT, "outcome_reason": _TEXT,
    },
    # From a store to itself it is loyalty: `switches` are all orders that follow one there, and
    # `expected_loyalty` is the null. Between two it is exchange: `switches` are those that left,
    # `expected_exchange` is the null. `expected_loyalty` is what dealing all orders gives, on each
    # row. `lift_free` is over what is expected when every store loses and draws buyers at its own
    # rate. A store of the scope that is not compared has no row and is one that buyers go to.
    "switching": {
        "scope": _TEXT, "from_store": _TEXT, "to_store": _TEXT, "orders": _I, "switches": _I,
        "expected_loyalty": _F, "expected_exchange": _F, "share": _F, "chance": _F, "lift": _F,
        "lo": _F, "hi": _F, "lift_free": _F, "p_value": _F, "p_adjusted": _F, "coverage": _F,
        "outcome": _TEXT, "outcome_reason": _TEXT,
    },
    # Both directions of two stores together; `sales` are those of the orders.
    "exchange": {
        "scope": _TEXT, "store_a": _TEXT, "store_b": _TEXT, "orders": _I, "switches": _I,
        "expected": _F, "lift": _F, "lo": _F, "hi": _F, "lift_free": _F, "p_value": _F,
        "p_adjusted": _F, "coverage": _F, "sales": _MONEY, "outcome": _TEXT,
        "outcome_reason": _TEXT,
    },
    "roles": {
        "store_id": _TEXT, "role": _TEXT, "score": _F, "lo": _F, "hi": _F,
        "declared": pl.Boolean, "observed": pl.Boolean,
    },
    "findings": {
        "id": _TEXT, "rank": _I, "dimension": _TEXT, "stores": _TEXT, "template": _TEXT,
        "parameters": _TEXT, "evidence": _TEXT, "money": _F, "grade": _TEXT,
    },
    "quality": {
        "check": _TEXT, "table": _TEXT, "severity": _TEXT, "rows": _I, "failed": _I,
        "money_share": _F, "sample": _TEXT,
    },
    # Of imported data. Cells of several words have + between them; `left_out` is reason=rows. The
    # amounts are discounts, and how much of them columns give to a mechanism.
    "imports": {
        "store_id": _TEXT, "source": _TEXT, "layouts": _TEXT, "files": _I, "rows": _I,
        "first_day": pl.Date, "last_day": pl.Date, "left_out": _TEXT, "bases": _TEXT,
        "cannot_tell": _TEXT, "discount_amount": _MONEY, "explained_amount": _MONEY,
        "unexplained_amount": _MONEY,
    },
    "product_routes": {
        "store_id": _TEXT, "route": _TEXT, "lines": _I, "sales": _MONEY, "share": _F,
    },
    # `days`: those of the span that the platform told.
    "platform_totals": {
        "store_id": _TEXT, "first_day": pl.Date, "last_day": pl.Date, "days": _I,
        "platform_amount": _MONEY, "lines_amount": _MONEY,
    },
    "provenance": {
        "figure_id": _TEXT, "query_id": _TEXT, "sql": _TEXT, "parameters": _TEXT, "rows": _I,
        "input_hash": _TEXT,
    },
}  # fmt: skip

TABLES: Mapping[str, pl.Schema] = {name: pl.Schema(c) for name, c in _COLUMNS.items()}
"""The columns of each result table and their types; part of the public contract."""
