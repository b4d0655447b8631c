"""Which chart is drawn by which function: the names a figure may ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import polars as pl

from channelscope.report.charts.basket_curves import basket_curves
from channelscope.report.charts.buyer_sets import buyer_sets
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.category_mix import category_mix
from channelscope.report.charts.dots import cart_rate_by_source, dots, service_dots
from channelscope.report.charts.drift import drift
from channelscope.report.charts.lift_forest import lift_forest
from channelscope.report.charts.line_panels import refund_cohorts, weekly_multiples, weekly_pace
from channelscope.report.charts.mechanism_mix import mechanism_mix
from channelscope.report.charts.opening_path import opening_path
from channelscope.report.charts.overlap_forest import overlap_forest
from channelscope.report.charts.own_losses import own_losses
from channelscope.report.charts.payback_curve import payback_curve
from channelscope.report.charts.pocket_waterfall import pocket_waterfall
from channelscope.report.charts.position_ranks import position_ranks
from channelscope.report.charts.price_forest import price_forest
from channelscope.report.charts.price_ladder import price_ladder
from channelscope.report.charts.promotion_calendar import promotion_calendar
from channelscope.report.charts.quarterly_buyers import quarterly_buyers
from channelscope.report.charts.review_ranges import predictions, projection
from channelscope.report.charts.sales_slope import sales_slope
from channelscope.report.charts.sales_waterfall import (
    sales_waterfall,
    total_bridge,
    year_waterfall,
)
from channelscope.report.charts.similarity import similarity
from channelscope.report.charts.source_of_volume import source_of_volume
from channelscope.report.charts.store_map import store_map
from channelscope.report.charts.tornado import tornado
from channelscope.report.charts.upset import upset
from channelscope.report.svg import Spec

Chart = Callable[[pl.DataFrame, Canvas], Spec]

CHARTS: Mapping[str, Chart] = {
    "similarity": similarity,
    "store_map": store_map,
    "upset": upset,
    "category_mix": category_mix,
    "price_forest": price_forest,
    "price_ladder": price_ladder,
    "pocket_waterfall": pocket_waterfall,
    "mechanism_mix": mechanism_mix,
    "promotion_calendar": promotion_calendar,
    "basket_curves": basket_curves,
    "sales_waterfall": sales_waterfall,
    "year_waterfall": year_waterfall,
    "weekly_multiples": weekly_multiples,
    "cart_rate_by_source": cart_rate_by_source,
    "refund_cohorts": refund_cohorts,
    "service_dots": service_dots,
    "service_levels": service_dots,
    "dots": dots,
    "overlap_forest": overlap_forest,
    "buyer_sets": buyer_sets,
    "quarterly_buyers": quarterly_buyers,
    "lift_forest": lift_forest,
    "source_of_volume": source_of_volume,
    "opening_path": opening_path,
    "positions": position_ranks,
    "payback_curve": payback_curve,
    "tornado": tornado,
    "own_losses": own_losses,
    "total_bridge": total_bridge,
    "sales_slope": sales_slope,
    "weekly_pace": weekly_pace,
    "drift": drift,
    "predictions": predictions,
    "projection": projection,
}
