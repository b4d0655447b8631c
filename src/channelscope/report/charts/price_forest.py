"""F2.1: is a store cheaper on the same goods, and how sure is that?"""

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

_ROW = 24
_ORDER = ("realised", "one_piece", "activity", "list", "merchant", "pocket")


def price_forest(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One block of rows per rung: index and interval against the reference's line at 100."""
    rows = _rows(frame, canvas)
    domain_y = [row["row"] for row in rows]
    points = [row for row in rows if row.get("value") is not None]
    left = canvas.widest(row["label"] for row in rows if row["is_store"]) + 12
    right = canvas.widest((row["text"] for row in rows), SMALL if canvas.narrow else 12) + 14
    width = canvas.width - left - right
    span = spread([100.0, *(row[end] for row in points for end in ("value", "lo", "hi"))])
    x = number_axis(span, ticks=4 if canvas.narrow else 6, grid=True)
    y = store_axis(domain_y, canvas)
    size = SMALL if canvas.narrow else 12
    return spec(
        width=width,
        height=_ROW * len(rows),
        padding=padding(left, right),
        layer=[
            line_at(100, "value", x),
            bars(points, x, y, colour=colour()),
            {
                "data": {"values": points},
                "mark": symbol(),
                "encoding": {"x": {"field": "value", **x}, "y": y, "color": colour(),
                             "shape": {"field": "shape", **AS_IS}, "description": {"field": "tip"}},
            },
            labels([r for r in rows if r["is_store"]], y, x=-12),
            labels([r for r in rows if not r["is_store"]], y, x=-left + 1, align="left",
                   fontWeight="bold"),
            values([r for r in rows if r["is_store"]], y, width=width, size=size),
        ],
    )  # fmt: skip


def _rows(frame: pl.DataFrame, canvas: Canvas) -> list[Row]:
    found = records(frame)
    rungs = _rungs(found)
    rows: list[Row] = []
    for rung in rungs:
        mine = [row for row in found if row["rung"] == rung]
        if rung != rungs[0]:
            mine = [row for row in mine if row["store_id"] != canvas.reference_id]
        if len(rungs) > 1:
            title = canvas.phrases.text(f"rung.{rung}")
            rows.append({"row": rung, "label": title, "text": "", "is_store": False})
        rows.extend(_row(row, canvas) for row in mine)
    return rows


def _rungs(rows: list[Row]) -> list[str]:
    """The rungs drawn; the activity price only where there is no price of one piece."""
    present = {row["rung"] for row in rows}
    hidden = {"activity"} if "one_piece" in present else set()
    return [rung for rung in _ORDER if rung in present - hidden]


def _row(row: Row, canvas: Canvas) -> Row:
    look = canvas.look(row["store_id"])
    text = canvas.interval(row, "index")
    if row["store_id"] == canvas.reference_id:
        text = canvas.phrases.say(lambda w: f"100\u2003{w.text('chart.reference')}")
    elif row["value"] is None:
        text = canvas.phrases.text("chart.not_known")
    elif not canvas.narrow and row["matched_skus"] is not None:
        matched = row["matched_skus"]
        shown = text
        text = canvas.phrases.say(lambda w: f"\u2003n = {w.numbers.value(matched, 'count')}")
        text = shown + text
    return {
        "row": f"{row['rung']}|{row['store_id']}", "label": canvas.label(row["store_id"]),
        "value": row["value"], "lo": row["lo"], "hi": row["hi"], "text": text, "is_store": True,
        "colour": look.colour, "shape": look.shape,
        "tip": canvas.phrases.say(lambda w: f"{w.store(row['store_id'])} · ") + text,
    }  # fmt: skip
