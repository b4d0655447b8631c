"""Rows of a forest that several candidates share: one blank row between them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channelscope.report.charts.canvas import (
    SMALL,
    Canvas,
    Row,
    colour,
    labels,
    number_axis,
    padding,
    spec,
    spread,
    store_axis,
)
from channelscope.report.charts.forest import bars, line_at, values
from channelscope.report.decision_words import input_name
from channelscope.report.svg import Spec

ROW = 24
BLANK = 10
"""A wide blank in a label takes more room than it is measured by."""


def spaced(rows: Iterable[Row]) -> list[str]:
    """The row ids in their order, a blank one wherever another candidate begins."""
    found: list[str] = []
    before = None
    for row in rows:
        if before is not None and row["candidate"] != before:
            found.append(f"{before}|")
        found.append(row["row"])
        before = row["candidate"]
    return found


def prefix(row: Row, canvas: Canvas, *, several: bool) -> str:
    """The candidate before a label, where there are several."""
    if not several:
        return ""
    between = canvas.phrases.say(lambda _: "\u2003")
    return canvas.phrases.fitted(canvas.phrases.name(row["candidate_id"]), 9) + between


def several(rows: Iterable[Row]) -> bool:
    """Whether more than one candidate is shown."""
    return len({row["candidate_id"] for row in rows}) > 1


def input_label(row: Row, canvas: Canvas) -> str:
    """An input by name, with its store where it is of one."""
    return canvas.phrases.say(lambda w: input_name(w, row["input"], row["store_id"]))


def ranges(
    rows: list[Row], canvas: Canvas, *, field: str, point: Row, axis: Row, bottom: float = 28,
    shape: Row | None = None, **bar: Any,
) -> Spec:  # fmt: skip
    """One row per range: its label, a point on its bar, and the numbers beside it."""
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows) + 12 + BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ids = spaced(rows)
    span = spread([0.0, *(row[end] for row in rows for end in (field, "lo", "hi"))])
    x, y = number_axis(span, grid=True, **axis), store_axis(ids, canvas)
    return spec(
        width=width,
        height=ROW * len(ids),
        padding=padding(left, right, bottom=bottom),
        layer=[
            line_at(0.0, field, x),
            bars(rows, x, y, colour=colour(), **bar),
            {
                "data": {"values": rows},
                "mark": point,
                "encoding": {"x": {"field": field, **x}, "y": y, "color": colour(),
                             **({"shape": shape} if shape else {}),
                             "description": {"field": "tip"}},
            },
            labels(rows, y, x=-12),
            values(rows, y, width=width, size=size),
        ],
    )  # fmt: skip
