"""F6.3 of the review: which stores became more alike, or more different, and how sure is that?"""

from __future__ import annotations

import polars as pl

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import (
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
)
from channelscope.report.charts.forest import values
from channelscope.report.svg import Spec

_ROW = 24
_BLANK = 10
"""A wide blank in a label takes more room than it is measured by."""


def drift(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per pair and dimension: the distance then, hollow, and now, filled."""
    rows = [_row(row, canvas) for row in records(frame)]
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12 + _BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ends = (row[end] for row in rows for end in ("before", "now"))
    x = number_axis(spread([0.0, *ends]), ticks=3 if canvas.narrow else 6, grid=True,
                    title=canvas.phrases.text("chart.distance"))  # fmt: skip
    y = store_axis([row["row"] for row in rows], canvas)
    return spec(
        width=width, height=_ROW * len(rows), padding=padding(left, right, bottom=44),
        layer=[
            {"data": {"values": rows}, "mark": {"type": "rule", "strokeWidth": 2.4},
             "encoding": {"x": {"field": "before", **x}, "x2": {"field": "now"}, "y": y,
                          "color": colour()}},
            {"data": {"values": rows},
             "mark": {"type": "point", "filled": False, "size": 56, "strokeWidth": 1.8,
                      "fill": "var(--card)", "opacity": 1},
             "encoding": {"x": {"field": "before", **x}, "y": y, "stroke": colour()}},
            {"data": {"values": rows},
             "mark": {"type": "point", "filled": True, "size": 64, "opacity": 1},
             "encoding": {"x": {"field": "now", **x}, "y": y, "color": colour(),
                          "description": {"field": "tip"}}},
            labels(rows, y, x=-12),
            values([row for row in rows if row["is_clear"]], y, width=width, size=size),
            labels([row for row in rows if not row["is_clear"]], y, x=width + 12, field="text",
                   align="left", fontSize=size, color="var(--ink2)"),
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas) -> Row:
    say = canvas.phrases.say
    clear = row["outcome"] == Outcome.DIFFERS
    pair = say(lambda w: f"{w.store(row['store_a'])} – {w.store(row['store_b'])}")
    form = "dimension.{}.short" if canvas.narrow else "dimension.{}"
    dimension = say(lambda w: w.texts.text_or(form.format(row["dimension"]), row["dimension"]))
    said = say(lambda w: f"{w.numbers.change(row['change'], 'ratio')}")
    bounds = say(lambda w: "\u2003" + w.numbers.bounds(
        row["change"], row["lo"], row["hi"], "ratio"))  # fmt: skip
    label = pair + say(lambda _: "\u2003") + dimension
    return {
        "row": f"{row['store_a']}|{row['store_b']}|{row['dimension']}", "label": label,
        "before": row["distance_before"], "now": row["distance"], "is_clear": clear,
        "text": said if canvas.narrow else said + bounds,
        "colour": "var(--ac)" if clear else "var(--grid2)",
        "tip": label + say(lambda _: "\u2003") + said + bounds,
    }  # fmt: skip
