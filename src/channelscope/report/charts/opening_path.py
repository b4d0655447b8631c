"""F6.8: what other stores lost, by weeks before and after an opening; before it, nothing should."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import Canvas, Row, colour, padding, records, spec, spread
from channelscope.report.svg import Spec

_HEIGHT = 150
_STEP = 4
_BEFORE = "var(--ink2)"
_ONCE: Row = {"transform": [{"aggregate": [{"op": "count", "as": "points"}], "groupby": ["panel"]}]}
"""A line that stands in a panel once, not once for every point."""


def opening_path(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """A panel per store: the loss of four weeks with its interval, grey before the opening."""
    points = [_point(row, canvas) for row in records(frame)]
    titles = list(dict.fromkeys(point["panel"] for point in points))
    columns = 1 if canvas.narrow else min(2, len(titles))
    gap, left = 24, 44
    width = (canvas.width - left - 8 - gap * (columns - 1)) / columns
    rows = -(-len(titles) // columns)
    x: Row = {
        "field": "week", "type": "quantitative",
        "scale": {"domain": spread([p["week"] for p in points]), "nice": False, "zero": False},
        "axis": {"title": canvas.phrases.text("chart.weeks_since_opening"), "grid": False,
                 "tickCount": 5, "format": "d"},
    }  # fmt: skip
    scale = {"domain": spread([0.0, *(p[end] for p in points for end in ("lo", "hi"))]),
             "nice": False, "zero": False}  # fmt: skip
    y: Row = {"type": "quantitative", "scale": scale,
              "axis": {"title": None, "tickCount": 4, "format": ".0%"}}  # fmt: skip
    return spec(
        size=(canvas.width, rows * _HEIGHT + (rows - 1) * 62 + 70),
        data={"values": points},
        padding=padding(left, 8, top=22, bottom=44),
        bounds="flush",
        spacing={"row": 62, "column": gap},
        facet={"field": "panel", "type": "nominal", "sort": titles,
               "header": {"title": None, "labelFontSize": 12, "labelFontWeight": "bold",
                          "labelColor": "var(--ink)", "labelAnchor": "start", "labelPadding": 4,
                          "labelLimit": 0}},
        columns=columns,
        spec={
            "width": width, "height": _HEIGHT,
            "layer": [
                {**_ONCE, "mark": {"type": "rule", "color": "var(--ink)", "strokeWidth": 1.2},
                 "encoding": {"y": {"datum": 0.0, **y}}},
                {**_ONCE, "mark": {"type": "rule", "color": "var(--ac)", "strokeWidth": 1.4,
                          "strokeDash": [4, 3]},
                 "encoding": {"x": {"datum": 0.0, **{k: x[k] for k in ("type", "scale", "axis")}}}},
                {"mark": {"type": "rule", "strokeWidth": 2.2, "opacity": 0.55},
                 "encoding": {"x": x, "y": {"field": "lo", **y}, "y2": {"field": "hi"},
                              "color": colour()}},
                {"mark": {"type": "point", "filled": True, "size": 40, "opacity": 1},
                 "encoding": {"x": x, "y": {"field": "share", **y}, "color": colour(),
                              "description": {"field": "tip"}}},
            ],
        },
    )  # fmt: skip


def _point(row: Row, canvas: Canvas) -> Row:
    first, new, other = row["first_week"], row["store_id"], row["from_store"]
    look = canvas.looks.get(other)
    since = look.colour if look else "var(--ac)"
    text = canvas.interval({**row, "value": row["share"]}, "rate")
    return {
        "panel": canvas.phrases.say(
            lambda w: w.text("chart.lost_to", store=w.store(new), other=w.store(other))
        ),
        "week": first + _STEP / 2, "share": row["share"], "lo": row["lo"], "hi": row["hi"],
        "colour": _BEFORE if first < 0 else since,
        "tip": canvas.phrases.text(
            "chart.weeks_span", first=_signed(first), last=_signed(first + _STEP - 1)
        ) + ": " + text,
    }  # fmt: skip


def _signed(week: int) -> str:
    return f"{week:+d}".replace("-", "\u2212")
