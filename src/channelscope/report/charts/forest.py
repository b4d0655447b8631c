"""What every forest of estimates draws: a line to hold them against, bars, and their values."""

from __future__ import annotations

from typing import Any

from channelscope.report.charts.canvas import Row, labels


def line_at(value: float, field: str, x: Row) -> Row:
    """The line of no difference."""
    return {
        "data": {"values": [{field: value}]},
        "mark": {"type": "rule", "strokeWidth": 1.3, "color": "var(--ink)"},
        "encoding": {"x": {"field": field, **x}},
    }


def bars(rows: list[Row], x: Row, y: Row, *, colour: Row | None = None, **mark: Any) -> Row:
    """The interval of each row that has one, behind its point."""
    return {
        "data": {"values": [row for row in rows if row.get("lo") is not None]},
        "mark": {"type": "rule", "strokeWidth": 2.5, "opacity": 0.55, **mark},
        "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": y}
        | ({"color": colour} if colour else {}),
    }


def values(rows: list[Row], y: Row, *, width: float, size: float) -> Row:
    """The printed estimates, right of the drawing."""
    return labels(rows, y, x=width + 12, field="text", align="left", fontSize=size,
                  color="var(--ink)")  # fmt: skip
