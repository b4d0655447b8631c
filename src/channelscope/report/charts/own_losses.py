"""F5.1: which part of its sales a candidate would take from each own store."""

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
from channelscope.report.charts.decision_rows import BLANK, prefix, several, spaced
from channelscope.report.charts.forest import bars, line_at, values
from channelscope.report.svg import Spec

_ROW = 24


def own_losses(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per candidate and store: the share and its range."""
    known = [row for row in records(frame) if row["share"] is not None]
    rows = [_row(row, canvas, many=several(known)) for row in known]
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12 + BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ids = spaced(rows)
    x = number_axis(
        spread([0.0, *(row[end] for row in rows for end in ("share", "lo", "hi"))]),
        ticks=3 if canvas.narrow else 6, grid=True, format=".0%",
    )  # fmt: skip
    y = store_axis(ids, canvas)
    return spec(
        width=width,
        height=_ROW * len(ids),
        padding=padding(left, right),
        layer=[
            line_at(0.0, "share", x),
            bars(rows, x, y, colour=colour()),
            {
                "data": {"values": rows},
                "mark": symbol(),
                "encoding": {"x": {"field": "share", **x}, "y": y, "color": colour(),
                             "shape": {"field": "shape", **AS_IS}, "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            values(rows, y, width=width, size=size),
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas, *, many: bool) -> Row:
    look = canvas.look(row["store_id"])
    bounds = {"value": row["share"], "lo": row["share_lo"], "hi": row["share_hi"]}
    label = prefix(row, canvas, several=many) + canvas.label(row["store_id"])
    told = canvas.interval(bounds, "rate")
    return {
        "row": f"{row['candidate_id']}|{row['store_id']}", "candidate": row["candidate_id"],
        "label": label, "share": row["share"], "lo": row["share_lo"], "hi": row["share_hi"],
        "text": canvas.value(row["share"], "rate") if canvas.narrow else told,
        "colour": look.colour, "shape": look.shape,
        "tip": label + canvas.phrases.say(lambda _: "\u2003") + told,
    }  # fmt: skip
