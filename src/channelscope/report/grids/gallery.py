"""Which figure is shown as which grid: the names of figures whose chart is `grid`."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid
from channelscope.report.grids.buyer_switches import buyer_switches
from channelscope.report.grids.clashes import clashes
from channelscope.report.grids.decision import (
    assumptions,
    changes,
    checkpoints,
    nearest,
    options,
)
from channelscope.report.grids.funding_split import funding_split
from channelscope.report.grids.needs import diversion, segment_shares
from channelscope.report.grids.out_of_region import out_of_region
from channelscope.report.grids.piece_price import piece_price_gaps
from channelscope.report.grids.price_leads import price_leads
from channelscope.report.grids.price_levels import category_levels, price_links
from channelscope.report.grids.price_order import price_order
from channelscope.report.grids.price_tiers import price_tiers
from channelscope.report.grids.reconcile import reconcile
from channelscope.report.grids.review import (
    aligned_days,
    decision_log,
    exceptions,
    hit_rates,
    next_decisions,
    price_order_changes,
)
from channelscope.report.grids.review_variance import store_bridges, variance_table
from channelscope.report.grids.thresholds import thresholds

Maker = Callable[[Speaker, list[Row]], Grid]

GRIDS: Mapping[str, Maker] = {
    "category_levels": category_levels,
    "price_links": price_links,
    "price_order": price_order,
    "price_leads": price_leads,
    "price_tiers": price_tiers,
    "out_of_region": out_of_region,
    "thresholds": thresholds,
    "funding_split": funding_split,
    "reconcile": reconcile,
    "piece_price_gaps": piece_price_gaps,
    "buyer_switches": buyer_switches,
    "clashes": clashes,
    "segment_shares": segment_shares,
    "diversion": diversion,
    "options": options,
    "changes": changes,
    "nearest": nearest,
    "assumptions": assumptions,
    "checkpoints": checkpoints,
    "decision_log": decision_log,
    "hit_rates": hit_rates,
    "variance_table": variance_table,
    "store_bridges": store_bridges,
    "exceptions": exceptions,
    "price_order_changes": price_order_changes,
    "next_decisions": next_decisions,
    "aligned_days": aligned_days,
}
