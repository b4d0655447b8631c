"""The promotion calendar: lanes that fit, and one bar for what goes on without a gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.promotion_calendar import promotion_calendar
from channelscope.report.drawings import WIDE


def _bars(frame: pl.DataFrame, canvas: Canvas) -> list[dict[str, Any]]:
    spec = promotion_calendar(frame, canvas)
    return list(spec["layer"][1]["data"]["values"])


def test_the_calendar_has_at_most_five_lanes_a_store(canvas: Callable[[int], Canvas]) -> None:
    frame = pl.DataFrame({
        "store_id": ["F1"] * 8, "promo_id": [f"P{i}" for i in range(8)],
        "mechanism": ["flash"] * 8, "label": [None] * 8,
        "first_day": [date(2026, 9, 1)] * 8, "last_day": [date(2026, 9, 30)] * 8,
        "depth": [0.1] * 8, "lane": list(range(8)),
    })  # fmt: skip
    assert len(_bars(frame, canvas(WIDE))) == 5


def test_what_begins_anew_at_the_same_depth_is_one_bar(canvas: Callable[[int], Canvas]) -> None:
    days = [(1, 7), (8, 14), (16, 20), (21, 27), (28, 30), (28, 30)]
    frame = pl.DataFrame({
        "store_id": ["F1"] * 5 + ["F2"], "promo_id": [f"P{i}" for i in range(6)],
        "mechanism": ["flash"] * 6, "label": ["week"] * 4 + ["end"] * 2,
        "first_day": [date(2026, 9, first) for first, _ in days],
        "last_day": [date(2026, 9, last) for _, last in days],
        "depth": [0.101, 0.102, 0.1, 0.2, 0.2, 0.2], "lane": [1] * 6,
    })  # fmt: skip
    ground = canvas(WIDE)
    bars = _bars(frame, ground)
    # Over no gap, but over no lost day, no other depth, no other activity and no other store.
    assert [bar["to"] - bar["from"] for bar in bars] == [14, 5, 7, 3, 3]
    assert "1 Sep – 14 Sep" in ground.phrases.spoken(bars[0]["tip"], 0)
