"""F2.2: which goods, price level and promotions would leave the most?"""

from __future__ import annotations

import polars as pl

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
from channelscope.report.charts.decision_rows import BLANK, prefix, several, spaced
from channelscope.report.charts.forest import bars, line_at, values
from channelscope.report.decision_words import position_name
from channelscope.report.svg import Spec

_ROW = 24
_GOOD, _OTHER = "var(--ac)", "var(--grid2)"


def position_ranks(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per position: contribution and its range; pale where the best is surely better."""
    known = records(frame)
    rows = [_row(row, canvas, many=several(known)) for row in known]
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12 + BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ids = spaced(rows)
    ends = (row[end] for row in rows for end in ("contribution", "lo", "hi"))
    x = number_axis(spread([0.0, *ends]), ticks=4, grid=True, labels=False)
    y = store_axis(ids, canvas)
    return spec(
        width=width,
        height=_ROW * len(ids),
        padding=padding(left, right, bottom=8),
        layer=[
            line_at(0.0, "contribution", x),
            bars(rows, x, y, colour=colour(), opacity=1),
            {
                "data": {"values": rows},
                "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
                "encoding": {"x": {"field": "contribution", **x}, "y": y, "color": colour(),
                             "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            values(rows, y, width=width, size=size),
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas, *, many: bool) -> Row:
    label = prefix(row, canvas, several=many) + canvas.phrases.say(lambda w: position_name(w, row))
    bounds = {"value": row["contribution"], "lo": row["contribution_lo"],
              "hi": row["contribution_hi"]}  # fmt: skip
    told = canvas.interval(bounds, "money")
    return {
        "row": f"{row['candidate_id']}|{row['position']}", "candidate": row["candidate_id"],
        "label": canvas.phrases.fitted(label, 12) if canvas.narrow else label,
        "contribution": row["contribution"], "lo": row["contribution_lo"],
        "hi": row["contribution_hi"],
        "text": canvas.value(row["contribution"], "money") if canvas.narrow else told,
        "colour": _GOOD if row["is_as_good"] else _OTHER,
        "tip": label + canvas.phrases.say(lambda _: "\u2003") + told,
    }  # fmt: skip
