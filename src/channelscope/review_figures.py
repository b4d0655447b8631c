"""The figures of the review, in the order of its sections."""

from __future__ import annotations

from channelscope.domain import Figure

REVIEW_FIGURES = (
    Figure("F2.1", "decision_log", "review/decision_log", "grid"),
    Figure("F2.2", "hit_rates", "review/hits_by_review", "grid"),
    Figure("F3.1", "variance_table", "review/variance_table", "grid"),
    Figure("F3.2", "projection", "review/event_projection", "projection"),
    Figure("F4.1", "total_bridge", "review/total_bridge", "total_bridge"),
    Figure("F4.2", "store_bridges", "review/store_bridges", "grid"),
    Figure("F5.1", "sales_slope", "review/sales_slope", "sales_slope"),
    Figure("F5.2", "weekly_pace", "review/weekly_pace", "weekly_pace"),
    Figure("F6.1", "exceptions", "review/ranked_exceptions", "grid"),
    Figure("F6.2", "price_order_changes", "review/price_order_moves", "grid"),
    Figure("F6.3", "drift", "review/distance_drift", "drift"),
    Figure("F7.1", "next_decisions", "review/next_decisions", "grid"),
    Figure("F7.2", "predictions", "review/prediction_ranges", "predictions"),
    Figure("F8.1", "aligned_days", "review/event_alignment", "grid"),
)
