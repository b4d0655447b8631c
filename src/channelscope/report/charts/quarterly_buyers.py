"""F6.3: are a store's buyers new, from another own store, back again, or still there?"""

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
    store_order,
)
from channelscope.report.svg import Spec

STATUSES = (
    ("retained", "q5"), ("reactivated", "q3"), ("from_other_store", "warn"),
    ("new_to_brand", "q2"),
)  # fmt: skip
"""In the order of the bars; with their colours."""
_ROW, _MOST = 14, 48


def quarterly_buyers(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """A bar for each store and quarter; one outline for each status, so that it stays small."""
    rows = [row for row in records(frame) if row["new_to_brand"] is not None]
    stores = [s for s in store_order(frame) if any(row["store_id"] == s for row in rows)]
    shown = [{**row, "row": f"{row['store_id']}|{row['quarter_start']}"} for row in rows][:_MOST]
    keys = [row["row"] for row in shown]
    quarters = [{"row": row["row"], "label": _quarter(row)} for row in shown]
    names = [
        {"row": next(row["row"] for row in shown if row["store_id"] == store),
         "label": canvas.label(store)}
        for store in stores
        if any(row["store_id"] == store for row in shown)
    ]  # fmt: skip
    room = canvas.widest((row["label"] for row in quarters), SMALL) + 8
    left = canvas.widest(name["label"] for name in names) + room + 14
    y: Row = {"field": "row", "type": "nominal", "sort": keys, "axis": None,
              "scale": {"domain": keys, "padding": 0.5}}  # fmt: skip
    width = canvas.width - left - 14
    return spec(
        width=width,
        height=_ROW * len(keys),
        padding=padding(left, 14),
        layer=[
            *(_layer(shown, place, y, width) for place in range(len(STATUSES))),
            labels(quarters, y, x=-8, fontSize=SMALL, color="var(--ink2)"),
            labels(names, y, x=-room - 10),
        ],
    )


def _quarter(row: Row) -> str:
    day = row["quarter_start"]
    return f"{day.year}Q{(day.month + 2) // 3}"


def _layer(rows: list[Row], place: int, y: Row, width: float) -> Row:
    """One broken line through the bars of one status."""
    before = [name for name, _ in STATUSES[:place]]
    name, colour = STATUSES[place]
    points: list[Row] = []
    for row in rows:
        start = sum(row[each] for each in before)
        # To whole pixels: the outline is shorter.
        for end in (start, start + row[name]):
            x = round(end * width) / width
            points.append({"row": row["row"], "x": x, "at": len(points)})
        points.append({"row": row["row"], "x": None, "at": len(points)})
    across = number_axis([0, 1], ticks=5, grid=False, format="%")
    return {
        "data": {"values": points},
        "mark": {"type": "line", "strokeWidth": _ROW - 3, "color": f"var(--{colour})",
                 "invalid": "break-paths-show-domains"},
        "encoding": {"x": {"field": "x", **across}, "y": y,
                     "order": {"field": "at", "type": "quantitative"}},
    }  # fmt: skip
