"""F3.6: how many times as much sells with a promotion, and how much would have to?"""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
    AS_IS,
    SMALL,
    Canvas,
    Row,
    colour,
    labels,
    number_axis,
    padding,
    records,
    spec,
    spread,
    store_axis,
    symbol,
)
from channelscope.report.charts.forest import bars, line_at, values
from channelscope.report.svg import Spec

_ROW = 26
_BLANK = 8
_USUAL = 1.0


def lift_forest(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per store and mechanism: lift and interval, the break-even lift as a tick."""
    rows = [_row(row, canvas) for row in records(frame) if row["times"] is not None]
    size = SMALL if canvas.narrow else 12
    # A wide blank takes more room than it is measured by.
    left = canvas.widest(row["label"] for row in rows) + 12 + _BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ends = ("times", "lo", "hi", "break_even")
    span = spread([_USUAL, *(row[end] for row in rows for end in ends)])
    x = number_axis(span, ticks=3 if canvas.narrow else 6, grid=True)
    y = store_axis([row["row"] for row in rows], canvas)
    return spec(
        width=width,
        height=_ROW * len(rows),
        padding=padding(left, right),
        layer=[
            line_at(_USUAL, "times", x),
            bars(rows, x, y, colour=colour()),
            {
                "data": {"values": [row for row in rows if row["break_even"] is not None]},
                "mark": {"type": "tick", "orient": "vertical", "size": 18, "thickness": 2,
                         "color": "var(--neg)", "aria": False},
                "encoding": {"x": {"field": "break_even", **x}, "y": y},
            },
            {
                "data": {"values": rows},
                "mark": symbol(),
                "encoding": {"x": {"field": "times", **x}, "y": y, "color": colour(),
                             "shape": {"field": "shape", **AS_IS}, "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            values(rows, y, width=width, size=size),
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas) -> Row:
    look, phrases = canvas.look(row["store_id"]), canvas.phrases
    mechanism = phrases.text(f"mechanism.{row['mechanism']}")
    store = phrases.fitted(phrases.say(lambda w: w.store(row["store_id"])), 9)
    told = canvas.interval({**row, "value": row["times"]}, "ratio")
    between = phrases.say(lambda _: "\u2003")
    needed = "" if row["break_even"] is None else between + phrases.say(
        lambda w: w.text("chart.needed", value=w.numbers.value(row["break_even"], "ratio"))
    )  # fmt: skip
    return {
        "row": f"{row['store_id']}|{row['mechanism']}",
        "label": store + between + (phrases.fitted(mechanism, 8) if canvas.narrow else mechanism),
        "times": row["times"], "lo": row["lo"], "hi": row["hi"], "break_even": row["break_even"],
        "text": told if canvas.narrow else told + needed,
        "colour": look.colour, "shape": look.shape,
        "tip": store + between + mechanism + between + told + needed,
    }  # fmt: skip
