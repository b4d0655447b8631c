"""F6.7: where a new store's sales came from: bars describe, points with intervals estimate."""

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
    symbol,
)
from channelscope.report.svg import Spec

_ROW = 24
_MOST_ROWS = 24


def source_of_volume(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per habit of the buyers, then one per store that may have lost."""
    known = [row for row in records(frame) if row["share"] is not None][:_MOST_ROWS]
    several = len({row["store_id"] for row in known}) > 1
    rows = [_row(row, canvas, several=several) for row in known]
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    x = number_axis(
        spread([0.0, *(row[end] for row in rows for end in ("share", "lo", "hi"))]),
        ticks=3 if canvas.narrow else 6, grid=True, format=".0%",
    )  # fmt: skip
    y = store_axis(_ids(rows), canvas)
    described = [row for row in rows if row["lo"] is None]
    estimated = [row for row in rows if row["lo"] is not None]
    return spec(
        width=width,
        height=_ROW * len(_ids(rows)),
        padding=padding(left, right),
        layer=[
            {
                "data": {"values": described},
                "mark": {"type": "bar", "height": 13, "color": "var(--q3)"},
                "encoding": {"x": {"field": "share", **x}, "x2": {"datum": 0}, "y": y,
                             "description": {"field": "tip"}},
            },
            {
                "data": {"values": [{"share": 0.0}]},
                "mark": {"type": "rule", "strokeWidth": 1.3, "color": "var(--ink)"},
                "encoding": {"x": {"field": "share", **x}},
            },
            {
                "data": {"values": estimated},
                "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55},
                "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": y,
                             "color": colour()},
            },
            {
                "data": {"values": estimated},
                "mark": symbol(),
                "encoding": {"x": {"field": "share", **x}, "y": y, "color": colour(),
                             "shape": {"field": "shape", "scale": None, "type": "nominal"},
                             "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            labels(rows, y, x=width + 12, field="text", align="left", fontSize=size,
                   color="var(--ink)"),
        ],
    )  # fmt: skip


def _ids(rows: list[Row]) -> list[str]:
    """Rows in their order, a blank one wherever another store or quantity begins."""
    found: list[str] = []
    for row in rows:
        part = row["row"].rpartition("|")[0]
        if found and found[-1].rpartition("|")[0] != part:
            found.append(f"{part}|")
        found.append(row["row"])
    return found


def _row(row: Row, canvas: Canvas, *, several: bool) -> Row:
    other, new = row["from_store"] or "", row["store_id"]
    look = canvas.looks.get(other)
    label = canvas.phrases.say(
        lambda w: (
            (f"{w.store(new)} · " if several else "")
            + w.text(f"chart.habit.{row['habit']}", store=w.store(other))
        )
    )
    told = canvas.interval({**row, "value": row["share"]}, "rate")
    shown = canvas.phrases.fitted(label, 11) if canvas.narrow else label
    return {
        "row": f"{new}|{row['method']}|{row['position']}", "label": shown,
        "share": row["share"], "lo": row["lo"], "hi": row["hi"],
        "text": canvas.value(row["share"], "rate") if canvas.narrow else told,
        "colour": look.colour if look else "var(--ink2)",
        "shape": look.shape if look else "circle", "tip": label + ": " + told,
    }  # fmt: skip
