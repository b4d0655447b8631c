"""Small multiples of lines: weeks against those before, and refunds by month."""

from __future__ import annotations

from datetime import date

import polars as pl

from channelscope.report.charts.canvas import Canvas, Row, padding, records, spec, spread
from channelscope.report.charts.promotion_calendar import day_number
from channelscope.report.svg import Spec

ALL = "all"
_HEIGHT = 76
_ROW_GAP = 44
_DASHED = [4, 3]


def weekly_multiples(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Each store's weeks, its own average = 100; the year before dashed; all stores first."""
    points: list[Row] = []
    for row in records(frame):
        shared = _point(row["store_id"], row["week_start"], canvas)
        if row["level"] is not None:
            points.append({**shared, "y": row["level"], "series": "now"})
        if row["level_year_before"] is not None:
            points.append({**shared, "y": row["level_year_before"], "series": "before",
                           "colour": "var(--ink2)"})  # fmt: skip
    return _panels(points, canvas, format_=",.0f")


def weekly_pace(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Each store's weeks and, dashed, those they are held against: the base's own average = 100."""
    points: list[Row] = []
    for row in records(frame):
        shared = _point(row["store_id"], row["week_start"], canvas)
        if row["level"] is not None:
            points.append({**shared, "y": row["level"], "series": "now"})
        if row["level_before"] is not None:
            points.append({**shared, "y": row["level_before"], "series": "before",
                           "colour": "var(--ink2)"})  # fmt: skip
    return _panels(points, canvas, format_=",.0f", day_format="%m-%d")


def refund_cohorts(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Refunded share by month of payment; months whose refunds are still coming in dashed."""
    rows = [row for row in records(frame) if row["refund_share"] is not None]
    points: list[Row] = []
    for at, row in enumerate(rows):
        shared = _point(row["store_id"], row["month"], canvas)
        if row["is_immature"]:
            estimate = row["refund_share"] if row["developed"] is None else row["developed"]
            points.append({**shared, "y": estimate, "series": "before"})
            continue
        points.append({**shared, "y": row["refund_share"], "series": "now"})
        following = rows[at + 1] if at + 1 < len(rows) else None
        if following and following["is_immature"] and following["store_id"] == row["store_id"]:
            points.append({**shared, "y": row["refund_share"], "series": "before"})
    return _panels(points, canvas, format_=".0%")


def _point(store: str, day: date, canvas: Canvas) -> Row:
    everything = store == ALL
    title = canvas.phrases.text("chart.all_stores") if everything else _title(store, canvas)
    colour = "var(--ac)" if everything else canvas.look(store).colour
    return {"panel": title, "x": day_number(day), "colour": colour}


def _title(store: str, canvas: Canvas) -> str:
    return canvas.phrases.fitted(canvas.phrases.say(lambda w: w.store(store)), 10)


def _panels(points: list[Row], canvas: Canvas, *, format_: str, day_format: str = "%Y-%m") -> Spec:
    columns = 2 if canvas.narrow else 5
    gap, left = 16, 40
    width = (canvas.width - left - 8 - gap * (columns - 1)) / columns
    titles = list(dict.fromkeys(point["panel"] for point in points))
    days = [point["x"] for point in points]
    low, high = (min(days), max(days)) if days else (0, 1)
    x: Row = {
        "field": "x", "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": {"title": None, "grid": False, "values": [low, (low + high) // 2, high],
                 "labelFlush": True,
                 "labelExpr": "utcFormat(datum.value * 86400000, '" + day_format + "')"},
    }  # fmt: skip
    if canvas.narrow or width < 170:
        x["axis"]["values"] = [low, high]
    y: Row = {
        "field": "y", "type": "quantitative",
        "scale": {"domain": spread([0.0 if "%" in format_ else 100.0, *(p["y"] for p in points)]),
                  "nice": False, "zero": False},
        "axis": {"title": None, "tickCount": 3, "format": format_},
    }  # fmt: skip
    dash: Row = {"field": "series", "type": "nominal", "legend": None,
                 "scale": {"domain": ["now", "before"], "range": [[1, 0], _DASHED]}}  # fmt: skip
    rows = -(-len(titles) // columns)
    return spec(
        size=(canvas.width, rows * _HEIGHT + (rows - 1) * _ROW_GAP + 46),
        data={"values": points},
        padding=padding(left, 8, top=20, bottom=26),
        bounds="flush",
        spacing={"row": _ROW_GAP, "column": gap},
        facet={"field": "panel", "type": "nominal", "sort": titles,
               "header": {"title": None, "labelFontSize": 12, "labelFontWeight": "bold",
                          "labelColor": "var(--ink)", "labelAnchor": "start", "labelPadding": 4,
                          "labelLimit": 0}},
        columns=columns,
        spec={
            "width": width, "height": _HEIGHT,
            "mark": {"type": "line", "strokeWidth": 1.7, "strokeJoin": "round"},
            "encoding": {"x": x, "y": y, "strokeDash": dash,
                         "stroke": {"field": "colour", "type": "nominal", "scale": None}},
        },
    )  # fmt: skip
