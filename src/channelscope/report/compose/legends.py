"""Legends: what the colours and lines of each chart mean."""

from __future__ import annotations

from channelscope.report.charts.mechanism_mix import (
    NONE,
    REST,
    UNEXPLAINED,
    ranked_mechanisms,
    shade_of,
)
from channelscope.report.charts.steps import DEPTH_STEPS, SHARE_STEPS
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Swatch
from channelscope.results import FigureData

WITH_KINDS = frozenset({"price_forest", "price_ladder", "cart_rate_by_source", "service_dots",
                        "dots", "upset", "weekly_multiples", "refund_cohorts"})  # fmt: skip


def swatches(speaker: Speaker, data: FigureData) -> tuple[Swatch, ...]:
    """The legend of a chart beside the kinds of stores."""
    words = speaker.words
    match data.figure.chart:
        case "mechanism_mix":
            return _mechanisms(speaker, data)
        case "category_mix":
            return _steps(speaker, SHARE_STEPS)
        case "promotion_calendar":
            unknown = Swatch("card", words.text("legend.depth_unknown"), "box")
            return (*_steps(speaker, DEPTH_STEPS), unknown)
        case "sales_waterfall":
            return (Swatch("pos", words.text("legend.better"), "box"),
                    Swatch("neg", words.text("legend.worse"), "box"))  # fmt: skip
        case "weekly_multiples":
            return (Swatch("ink2", words.text("legend.now"), "line"),
                    Swatch("ink2", words.text("legend.before"), "dash"))  # fmt: skip
        case "refund_cohorts":
            return (Swatch("ink2", words.text("legend.mature"), "line"),
                    Swatch("ink2", words.text("legend.immature"), "dash"))  # fmt: skip
        case "cart_rate_by_source" | "service_dots" | "dots":
            text = words.text("legend.reference_line", reference=speaker.reference)
            return (Swatch("grid2", text, "dash"),)
        case _:
            return ()


def _steps(speaker: Speaker, limits: tuple[float, ...]) -> tuple[Swatch, ...]:
    words = speaker.words
    shown = [words.numbers.value(limit, "percent") for limit in limits]
    texts = [words.text("legend.under", value=shown[0])]
    texts += [words.text("legend.from", value=value) for value in shown]
    return tuple(Swatch(f"q{at}", text, "box") for at, text in enumerate(texts, start=1))


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
