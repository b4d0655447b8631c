"""Legends: what the colours and lines of each chart mean."""

from __future__ import annotations

from channelscope.report.charts.mechanism_mix import (
    NONE,
    REST,
    UNEXPLAINED,
    ranked_mechanisms,
    shade_of,
)
from channelscope.report.charts.quarterly_buyers import STATUSES
from channelscope.report.charts.steps import DEPTH_STEPS, SHARE_STEPS, SIMILARITY_STEPS
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Swatch
from channelscope.results import FigureData

WITH_KINDS = frozenset({"price_forest", "price_ladder", "cart_rate_by_source", "service_dots",
                        "service_levels", "dots", "upset", "weekly_multiples", "refund_cohorts",
                        "store_map", "lift_forest", "basket_curves", "own_losses",
                        "sales_slope", "weekly_pace"})  # fmt: skip


_STEPS = {
    "category_mix": SHARE_STEPS, "promotion_calendar": DEPTH_STEPS, "similarity": SIMILARITY_STEPS,
}  # fmt: skip
_UNSHADED = {DEPTH_STEPS: "legend.depth_unknown", SIMILARITY_STEPS: "legend.open"}
"""What stands on the bare card."""
_REFERENCE_LINE = frozenset({"cart_rate_by_source", "service_dots", "service_levels", "dots"})
_FIXED = {
    "sales_waterfall": (("pos", "legend.better", "box"), ("neg", "legend.worse", "box")),
    "year_waterfall": (("pos", "legend.better", "box"), ("neg", "legend.worse", "box")),
    "weekly_multiples": (("ink2", "legend.now", "line"), ("ink2", "legend.before", "dash")),
    "refund_cohorts": (("ink2", "legend.mature", "line"), ("ink2", "legend.immature", "dash")),
    "pocket_waterfall": (
        ("ac", "legend.rung", "box"),
        ("grid2", "legend.rung_without", "box"),
        ("neg", "legend.taken", "box"),
        ("pos", "legend.added", "box"),
    ),
    "price_order": (("warn", "legend.own_price", "own"), ("q2", "legend.platform_gap", "box")),
    "buyer_switches": (
        ("q3", "legend.switches_more", "box"),
        ("q2", "legend.switches_fewer", "box"),
        ("tint", "legend.switches_stay", "box"),
    ),
    "overlap_forest": (("ink", "legend.chance", "line"),),
    "quarterly_buyers": tuple((colour, f"column.{status}", "box") for status, colour in STATUSES),
    "source_of_volume": (("q3", "legend.described", "box"), ("ink2", "legend.estimated", "line")),
    "opening_path": (("ink2", "legend.before_opening", "line"), ("ac", "legend.opening", "dash")),
    "positions": (("ac", "legend.as_good", "box"), ("grid2", "legend.surely_worse", "box")),
    "tornado": (("pos", "legend.leaves_more", "box"), ("neg", "legend.leaves_less", "box")),
    "payback_curve": (
        ("ac", "legend.mean_of_futures", "line"),
        ("q2", "legend.most_futures", "box"),
    ),
    "total_bridge": (("pos", "legend.better", "box"), ("neg", "legend.worse", "box")),
    "variance_table": (
        ("pos", "legend.surely_better", "box"),
        ("neg", "legend.surely_fell", "box"),
    ),
    "store_bridges": (("pos", "legend.surely_better", "box"), ("neg", "legend.surely_fell", "box")),
    "sales_slope": (("ink", "legend.surely_moved", "line"), ("ink2", "legend.base", "dash")),
    "weekly_pace": (("ink2", "legend.now", "line"), ("ink2", "legend.base", "dash")),
    "drift": (("ac", "legend.surely_drifted", "line"), ("grid2", "legend.not_clear", "line")),
    "predictions": (
        ("q2", "legend.predicted_range", "box"),
        ("ac", "legend.came_inside", "box"),
        ("neg", "legend.came_outside", "box"),
    ),
    "projection": (
        ("q2", "legend.most_futures", "box"),
        ("ac", "legend.projected", "box"),
        ("ink2", "legend.so_far", "box"),
        ("ink", "legend.aligned_event", "line"),
    ),
    "lift_forest": (("ink", "legend.as_usual", "line"), ("neg", "legend.break_even", "dash")),
}


def swatches(speaker: Speaker, data: FigureData) -> tuple[Swatch, ...]:
    """The legend of a chart beside the kinds of stores."""
    words, chart = speaker.words, data.figure.chart or ""
    chart = data.figure.name if chart == "grid" else chart
    if chart == "mechanism_mix":
        return _mechanisms(speaker, data)
    if chart in _STEPS:
        return _steps(speaker, _STEPS[chart])
    if chart in _REFERENCE_LINE:
        text = words.text("legend.reference_line", reference=speaker.reference)
        return (Swatch("grid2", text, "dash"),)
    return tuple(
        Swatch(token, words.text(key), style) for token, key, style in _FIXED.get(chart, ())
    )


def _steps(speaker: Speaker, limits: tuple[float, ...]) -> tuple[Swatch, ...]:
    words = speaker.words
    unit = "ratio" if limits == SIMILARITY_STEPS else "percent"
    shown = [words.numbers.value(limit, unit) for limit in limits]
    texts = [words.text("legend.under", value=shown[0])]
    texts += [words.text("legend.from", value=value) for value in shown]
    steps = [Swatch(f"q{at}", text, "box") for at, text in enumerate(texts, start=1)]
    if limits in _UNSHADED:
        steps.append(Swatch("card", words.text(_UNSHADED[limits]), "box"))
    return tuple(steps)


def _mechanisms(speaker: Speaker, data: FigureData) -> tuple[Swatch, ...]:
    ranked = ranked_mechanisms(data.frame)
    present = set(data.frame.filter(data.frame["share_of_list"] > 0)["mechanism"])
    codes = list(ranked)
    if present - {*ranked, NONE, UNEXPLAINED}:
        codes.append(REST)
    codes += [code for code in (UNEXPLAINED, NONE) if code in present]
    return tuple(
        Swatch(shade_of(code, ranked), speaker.words.text(f"mechanism.{code}"), "box")
        for code in codes
    )
