"""F6.1: do two stores share more buyers than chance would give them, and how sure is that?"""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
    SMALL,
    Canvas,
    Row,
    labels,
    number_axis,
    padding,
    records,
    spec,
    spread,
    store_axis,
)
from channelscope.report.charts.forest import bars, line_at, values
from channelscope.report.svg import Spec

_ROW = 24
_MOST_ROWS = 30
_CHANCE = 1.0


def overlap_forest(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per pair of stores: shared buyers over those of chance, against the line at 1."""
    known = [row for row in records(frame) if row["lift"] is not None]
    rows = [_row(row, canvas) for row in known[:_MOST_ROWS]]
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    span = spread([_CHANCE, *(row[end] for row in rows for end in ("lift", "lo", "hi"))])
    x = number_axis(span, ticks=4 if canvas.narrow else 6, grid=True)
    y = store_axis([row["row"] for row in rows], canvas)
    return spec(
        width=width,
        height=_ROW * len(rows),
        padding=padding(left, right),
        layer=[
            line_at(_CHANCE, "lift", x),
            bars(rows, x, y, color="var(--ink2)"),
            {
                "data": {"values": rows},
                "mark": {"type": "point", "shape": "circle", "filled": True, "size": 70,
                         "opacity": 1, "color": "var(--ink2)"},
                "encoding": {"x": {"field": "lift", **x}, "y": y, "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            values(rows, y, width=width, size=size),
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas) -> Row:
    names = [
        canvas.phrases.say(lambda w, store=store: w.store(store))  # type: ignore[misc]
        for store in row["intersection"].split("+")
    ]
    shown = [canvas.phrases.fitted(name, 7) for name in names] if canvas.narrow else names
    text = canvas.interval({**row, "value": row["lift"]}, row["unit"])
    return {
        "row": f"{row['scope']}|{row['intersection']}", "label": " + ".join(shown),
        "lift": row["lift"], "lo": row["lo"], "hi": row["hi"], "text": text,
        "tip": " + ".join(names) + f": {text}",
    }  # fmt: skip
