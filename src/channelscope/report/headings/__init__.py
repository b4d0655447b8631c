"""Headings made by rules from the result tables: one claims only what its interval supports.

Findings come as a template name and raw parameters. What each template of the catalogues takes
(derived and usable as well: `gap`, the distance of `level` from 100; `change…`, `money…` with its
sign):

| template | parameters |
|-|-|
| price_below, price_above, price_same | stores, store, rung, level, lo, hi, reference, money |
| price_not_told | stores, reference, reason (a catalogue key) |
| mechanism_differs | store_a, store_b, mechanism_a, share_a, mechanism_b, share_b |
| promotion_deeper | store, rate, lo, hi, reference, rate_reference |
| sales_gap, sales_lead | store, reference, factor, share, money, money_gap (store - reference) |
| bar_… | store, reference, factor, money (effect), change_lo, change_hi |
| bar_opened, bar_closed | store, reference, factor, money (whole gap) |
| year_bar | stores, factor, money (effect), change_lo, change_hi |
| year_opened, year_closed | store, factor, money (effect) |
| conversion_lower, conversion_higher | store, rate, lo, hi, reference, rate_reference |
| service_lower, service_higher | store, metric, unit, value, lo, hi, reference, value_reference |
| out_of_region | store, share, lo, hi, n (regions), money |
| orders_unexplained | stores, store, share, lo, hi, count_lines, order, line, price_…, money |
| rules_idle | stores, store, n, promo, mechanism, count_lines, share (at most), reason |
| lift_earns, lift_short | store, mechanism, ratio (lift), lo, hi, ratio_needed, money |
| product_exclusive | store, n (products), share, lo, hi |
| product_same | store_a, store_b, share |
| below_suggested, platform_gap | stores, store, share, lo, hi, rate (depth), cause, money |
| below_by_both | the same of one store, share_own, share_platform, cause_platform |
| basket_crossing | store_a, store_b, n (pieces), share_a, share_b, rate_a, rate_b |
| basket_cheapest, basket_members | store, n (pieces), share, count_products |
| markdown_breaks_threshold | stores, store, promo, mechanism, item, n (pieces), count_days, … |
| mechanism_clash (_partner) | store_a (cheaper), store_b, share, rate, n (products), … |
| opening_took | store (the new one), store_from, share, lo, hi, count_weeks, money |
| needs_divided | set, index, lo, hi, scope, store, segment, share_own, share_overall, takers |
| needs_same | sets, index (highest end of an interval), stores |
| refunds_higher | store, rate, lo, hi, reference, rate_reference |
| buyer_exchange | store_a, store_b, ratio (lift), lo, hi, count_orders, money |

A parameter is written as the first word of its name says: `store`, `stores`, `reference`,
`mechanism`, `cause`, `metric`, `factor`, `dimension`, `kind`, `source` are names; `level` an index;
`share` and `rate` rates; `money`, `price`, `ratio`, `count`, `n`, `m` are what they say; `points`
a signed difference of rates; `value`, `lo`, `hi` are in `unit`, or in the unit of the other
parameter; `kinds` are kinds of cost, `by` what stores are grouped by; dates are dates; other texts
stand as they are; `events` are stores that opened or closed, each with its money. The first of `m`,
`n`, `count` that is given decides between singular and plural, else the number of `stores`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channelscope.report.facts import Facts
from channelscope.report.headings import (
    by_basket,
    by_bridge,
    by_buyers,
    by_decision,
    by_figure,
    by_funding,
    by_ladder,
    by_leads_and_tiers,
    by_lift,
    by_needs,
    by_opening,
    by_order,
    by_pair,
    by_price,
    by_review,
    by_rules,
    by_section,
    by_switches,
)
from channelscope.results import Message

Rule = Callable[[Facts], Message | None]

SECTIONS: Mapping[str, Rule] = {
    "product": by_section.product,
    "price": by_section.price,
    "promotion": by_section.promotion,
    "sales": by_section.sales,
    "service": by_section.service,
    "consumers": by_section.consumers,
    "matrix": by_section.matrix,
}

FIGURES: Mapping[str, Rule] = {
    "pair_verdicts": by_pair.pair_verdicts,
    "similarity": by_pair.similarity,
    "store_map": by_pair.store_map,
    "sku_intersections": by_figure.sku_intersections,
    "category_mix": by_figure.category_mix,
    "price_forest": by_figure.price_forest,
    "price_ladder": by_figure.price_ladder,
    "category_levels": by_price.category_levels,
    "price_links": by_price.price_links,
    "price_order": by_order.price_order,
    "price_leads": by_leads_and_tiers.price_leads,
    "price_tiers": by_leads_and_tiers.price_tiers,
    "pocket_waterfall": by_ladder.pocket_waterfall,
    "out_of_region": by_leads_and_tiers.out_of_region,
    "mechanism_mix": by_figure.mechanism_mix,
    "lift": by_lift.lift,
    "promotion_calendar": by_figure.promotion_calendar,
    "clashes": by_basket.clashes,
    "basket_prices": by_basket.basket_prices,
    "thresholds": by_funding.thresholds,
    "funding_split": by_funding.funding_split,
    "reconcile": by_rules.reconcile,
    "sales_decomposition": by_bridge.sales_decomposition,
    "year_bridge": by_bridge.year_bridge,
    "piece_price_gaps": by_bridge.piece_price_gaps,
    "weekly_sales": by_figure.weekly_sales,
    "cart_rate_by_source": by_figure.cart_rate_by_source,
    "refund_cohorts": by_figure.refund_cohorts,
    "segment_shares": by_needs.segment_shares,
    "diversion": by_needs.diversion,
    "service_levels": by_figure.service_levels,
    "buyer_overlap": by_buyers.buyer_overlap,
    "buyer_intersections": by_buyers.buyer_intersections,
    "quarterly_buyers": by_buyers.quarterly_buyers,
    "source_of_volume": by_opening.source_of_volume,
    "opening_path": by_opening.opening_path,
    "buyer_switches": by_switches.buyer_switches,
    "options": by_decision.options,
    "positions": by_decision.positions,
    "payback_curve": by_decision.payback_curve,
    "tornado": by_decision.tornado,
    "changes": by_decision.changes,
    "own_losses": by_decision.own_losses,
    "nearest": by_decision.nearest,
    "assumptions": by_decision.assumptions,
    "checkpoints": by_decision.checkpoints,
    "decision_log": by_review.decision_log,
    "hit_rates": by_review.hit_rates,
    "variance_table": by_review.variance_table,
    "projection": by_review.projection,
    "total_bridge": by_review.total_bridge,
    "store_bridges": by_review.store_bridges,
    "sales_slope": by_review.sales_slope,
    "weekly_pace": by_review.weekly_pace,
    "exceptions": by_review.exceptions,
    "price_order_changes": by_review.price_order_changes,
    "drift": by_review.drift,
    "next_decisions": by_review.next_decisions,
    "predictions": by_review.predictions,
}


def of_section(name: str, facts: Facts) -> Message | None:
    """The finding a section opens with, or None when no rule knows the dimension."""
    rule = SECTIONS.get(name)
    return rule(facts) if rule else None


def of_figure(name: str, facts: Facts) -> Message | None:
    """The message of a figure, or None when no rule knows it or its rows say nothing."""
    rule = FIGURES.get(name)
    return rule(facts) if rule else None
