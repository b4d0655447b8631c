"""F2.2: on which goods do the prices lie apart?"""

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
from channelscope.report.svg import Spec

_ROW = 30


def price_ladder(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Connected marks per item, price as a share of the reference's; lowest and reference named."""
    points = [_point(row, canvas) for row in records(frame) if row["ratio"] is not None]
    skus = list(dict.fromkeys(row["row"] for row in points))
    room = 8 if canvas.narrow else 19
    items = [_item([p for p in points if p["row"] == sku], canvas, room) for sku in skus]
    left = canvas.widest(item["label"] for item in items) + 14
    ends = canvas.widest([i["low_text"] for i in items] + [i["high_text"] for i in items], SMALL)
    width = canvas.width - left - ends - 14
    span = _with_room(spread([100.0, *(p["x"] for p in points)]), ends + 8, width)
    x = number_axis(span, ticks=4 if canvas.narrow else 6, grid=True, labelExpr="datum.label + '%'")
    y = store_axis(skus, canvas)
    return spec(
        width=width,
        height=_ROW * len(skus),
        padding=padding(left, ends + 14),
        layer=[
            {
                "data": {"values": items},
                "mark": {"type": "rule", "strokeWidth": 2, "color": "var(--grid2)"},
                "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": y},
            },
            {
                "data": {"values": points},
                "mark": symbol(64),
                "encoding": {"x": {"field": "x", **x}, "y": y, "color": colour(),
                             "shape": {"field": "shape", **AS_IS}, "description": {"field": "tip"}},
            },
            _end_text(items, x, y, low=True),
            _end_text(items, x, y, low=False),
            labels(items, y, x=-14),
        ],
    )  # fmt: skip


def _end_text(items: list[Row], x: Row, y: Row, *, low: bool) -> Row:
    at, field = ("lo", "low_text") if low else ("hi", "high_text")
    side = {"align": "right", "dx": -9} if low else {"align": "left", "dx": 9}
    return {
        "data": {"values": items},
        "mark": {"type": "text", "baseline": "middle", "fontSize": SMALL, **side},
        "encoding": {"x": {"field": at, **x}, "y": y, "text": {"field": field}},
    }


def _with_room(span: list[float], pixels: float, width: float) -> list[float]:
    """Room for the text left of the lowest mark."""
    low, high = span
    return [low - (high - low) * pixels / max(width - pixels, 1), high]


def _point(row: Row, canvas: Canvas) -> Row:
    look = canvas.look(row["store_id"])
    price = canvas.value(row["price"], "price")
    share = canvas.phrases.say(lambda w: w.numbers.value(row["ratio"], "rate"))
    return {
        "row": row["sku"], "x": row["ratio"] * 100,
        "title": canvas.phrases.name(row["title"] or row["sku"]), "colour": look.colour,
        "shape": look.shape, "price": price,
        "tip": canvas.phrases.say(lambda w: w.store(row["store_id"])) + f" · {price} · {share}",
    }  # fmt: skip


def _item(points: list[Row], canvas: Canvas, room: float) -> Row:
    low = min(points, key=lambda point: point["x"])
    high = max(points, key=lambda point: point["x"])
    return {
        "row": low["row"], "label": canvas.phrases.fitted(low["title"], room),
        "lo": low["x"], "hi": high["x"], "low_text": low["price"],
        "high_text": high["price"],
    }  # fmt: skip
