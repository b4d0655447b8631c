"""F0.5: who stands apart? Stores on a flat map on which only distances mean anything."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from channelscope.report.charts.canvas import (
    AS_IS,
    FONT,
    Canvas,
    Row,
    colour,
    padding,
    records,
    spec,
    symbol,
)
from channelscope.report.svg import Spec

_MARGIN, _GAP, _LINE, _MARK = 26, 9, 15, 7
_LEAST, _MOST = 120, 420

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels."""


def store_map(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One scale in both directions; each label beside its point where there is room for it."""
    rows = records(frame)
    side = canvas.widest(_name(row, canvas) for row in rows) + _GAP
    width, height, points = _placed(rows, canvas.width - 2 * side, canvas)
    x, y = _axis(width), _axis(height, down=True)
    at: Row = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    return spec(
        size=(canvas.width, height),
        width=width,
        height=height,
        padding=padding(side, side, top=0, bottom=0),
        layer=[
            {"data": {"values": points}, "mark": symbol(),
             "encoding": {**at, "color": colour(), "shape": {"field": "shape", **AS_IS},
                          "description": {"field": "tip"}}},
            {"data": {"values": list(_labelled(points, canvas))},
             "mark": {"type": "text", "align": "left", "baseline": "middle"},
             "encoding": {**at, "text": {"field": "text"}}},
        ],
    )  # fmt: skip


def _name(row: Row, canvas: Canvas) -> str:
    return canvas.phrases.fitted(canvas.phrases.say(lambda w: w.store(row["store_id"])), 12)


def _placed(rows: list[Row], room: float, canvas: Canvas) -> tuple[float, float, list[Row]]:
    """The view's width and height, and every point in its pixels, centred."""
    left, right = min(row["x"] for row in rows), max(row["x"] for row in rows)
    low, high = min(row["y"] for row in rows), max(row["y"] for row in rows)
    tall = _MOST - 2 * _MARGIN
    scale = min(room / max(right - left, 1e-9), tall / max(high - low, 1e-9))
    height = max((high - low) * scale + 2 * _MARGIN, _LEAST)
    points = []
    for row in rows:
        look = canvas.look(row["store_id"])
        text = _name(row, canvas)
        points.append({
            "x": room / 2 + (row["x"] - (left + right) / 2) * scale,
            "y": height / 2 - (row["y"] - (low + high) / 2) * scale,
            "colour": look.colour, "shape": look.shape, "text": text, "tip": text,
        })  # fmt: skip
    return room, height, points


def _labelled(points: list[Row], canvas: Canvas) -> Iterator[Row]:
    """Each label on the first side of its point where it meets nothing; else on the right."""
    taken: list[Box] = [_mark_box(point) for point in points]
    for point in points:
        wide = canvas.phrases.width(point["text"]) * FONT
        choices = list(_sides(point, wide))
        box = next((b for b in choices if not any(_meet(b, other) for other in taken)), choices[0])
        taken.append(box)
        yield {"x": box[0], "y": (box[1] + box[3]) / 2, "text": point["text"]}


def _mark_box(point: Row) -> Box:
    return (point["x"] - _MARK, point["y"] - _MARK, point["x"] + _MARK, point["y"] + _MARK)


def _sides(point: Row, wide: float) -> Iterator[Box]:
    """Right, left, below, above."""
    x, y, half = point["x"], point["y"], _LINE / 2
    yield (x + _GAP, y - half, x + _GAP + wide, y + half)
    yield (x - _GAP - wide, y - half, x - _GAP, y + half)
    for centre in (y + _GAP + half, y - _GAP - half):
        yield (x - wide / 2, centre - half, x + wide / 2, centre + half)


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _axis(length: float, *, down: bool = False) -> Row:
    """Pixels as they are: the map has no axes of its own."""
    return {
        "type": "quantitative", "axis": None,
        "scale": {"domain": [length, 0] if down else [0, length], "nice": False, "zero": False},
    }  # fmt: skip
