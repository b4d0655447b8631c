"""F3.1: when is the money back? What it has added up to, and how sure payback is, by month."""

from __future__ import annotations

from typing import Any

import polars as pl

from channelscope.report.charts.canvas import SMALL, Canvas, Row, padding, records, spec, spread
from channelscope.report.charts.tracks import Track
from channelscope.report.svg import Spec

_HEIGHT, _GAP, _TITLE = 150, 68, 34
_MOST_TICKS = 6
_LINE = "var(--ac)"


def payback_curve(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Two panels per candidate: money with its band, and the probability of payback."""
    rows = records(frame)
    ids = list(dict.fromkeys(row["candidate_id"] for row in rows))
    ends = [row[end] for row in rows for end in ("cumulative_lo", "cumulative_hi")]
    money = spread([0.0, *ends])
    ticks = Track(money[0], money[1], 0, _HEIGHT).ticks(_MOST_TICKS)
    left = canvas.widest((canvas.value(tick, "money") for tick in ticks), SMALL) + 8
    columns = 1 if canvas.narrow else 2
    width = (canvas.width - columns * left - 8 - 24 * (columns - 1)) / columns
    parts: list[Row] = []
    for name in ids:
        mine = [row for row in rows if row["candidate_id"] == name]
        pair = [_money(mine, canvas, width, money, ticks), _probability(mine, canvas, width)]
        parts += pair
    tall = len(parts) // columns
    return spec(
        size=(canvas.width, tall * (_HEIGHT + _TITLE) + (tall - 1) * (_GAP - _TITLE) + 50),
        padding=padding(left, 8, top=_TITLE, bottom=44),
        bounds="flush",
        spacing={"row": _GAP, "column": 24 + left},
        concat=parts,
        columns=columns,
    )


def _month(rows: list[Row], canvas: Canvas) -> Row:
    return {
        "field": "month", "type": "quantitative",
        "scale": {"domain": [0, max(row["month"] for row in rows)], "nice": False},
        "axis": {"title": canvas.phrases.text("chart.months_since_opening"), "grid": False,
                 "tickCount": 5, "format": "d"},
    }  # fmt: skip


def _title(rows: list[Row], canvas: Canvas, key: str) -> Row:
    name = rows[0]["candidate_id"]
    text = canvas.phrases.fitted(
        canvas.phrases.say(lambda w: w.message(key, {"name": name})), 26 if canvas.narrow else 34
    )
    return {"text": text, "anchor": "start", "fontSize": 12, "color": "var(--ink)", "offset": 6,
            "limit": 0}  # fmt: skip


def _money(
    rows: list[Row], canvas: Canvas, width: float, domain: list[float], ticks: list[float]
) -> Row:
    x = _month(rows, canvas)
    y: Row = {
        "type": "quantitative", "scale": {"domain": domain, "nice": False, "zero": False},
        "axis": {"title": None, "values": ticks, "labels": False},
    }  # fmt: skip
    points = [
        {**row, "month_start": None, "tip": canvas.phrases.say(
            lambda w, r=row: f"{r['month']}: " + w.numbers.interval(  # type: ignore[misc]
                r["cumulative"], r["cumulative_lo"], r["cumulative_hi"], "money"))}
        for row in rows
    ]  # fmt: skip
    marks = [{"y": tick, "text": canvas.value(tick, "money")} for tick in ticks]
    return _panel(
        points, canvas, width, "chart.earned_so_far",
        [
            {"mark": {"type": "area", "opacity": 0.22, "color": _LINE},
             "encoding": {"x": x, "y": {"field": "cumulative_lo", **y},
                          "y2": {"field": "cumulative_hi"}}},
            {"data": {"values": [{"y": 0.0}]},
             "mark": {"type": "rule", "color": "var(--ink)", "strokeWidth": 1.2},
             "encoding": {"y": {"field": "y", **y}}},
            {"mark": {"type": "line", "color": _LINE, "strokeWidth": 2.2},
             "encoding": {"x": x, "y": {"field": "cumulative", **y}}},
            {"mark": {"type": "point", "filled": True, "size": 18, "color": _LINE, "opacity": 1},
             "encoding": {"x": x, "y": {"field": "cumulative", **y},
                          "description": {"field": "tip"}}},
            {"data": {"values": marks},
             "mark": {"type": "text", "align": "right", "baseline": "middle", "fontSize": SMALL,
                      "color": "var(--ink2)"},
             "encoding": {"x": {"value": -6}, "y": {"field": "y", **y},
                          "text": {"field": "text"}}},
        ],
    )  # fmt: skip


def _probability(rows: list[Row], canvas: Canvas, width: float) -> Row:
    x = _month(rows, canvas)
    y: Row = {
        "field": "p_payback", "type": "quantitative",
        "scale": {"domain": [0, 1], "nice": False},
        "axis": {"title": None, "tickCount": 4, "format": ".0%"},
    }  # fmt: skip
    points = [
        {"month": row["month"], "p_payback": row["p_payback"], "candidate_id": row["candidate_id"],
         "tip": canvas.phrases.say(
             lambda w, r=row: f"{r['month']}: " + w.numbers.value(r["p_payback"], "rate"))}  # type: ignore[misc]
        for row in rows
    ]  # fmt: skip
    return _panel(
        points, canvas, width, "chart.paid_back",
        [
            {"mark": {"type": "line", "color": _LINE, "strokeWidth": 2.2},
             "encoding": {"x": x, "y": y}},
            {"mark": {"type": "point", "filled": True, "size": 18, "color": _LINE, "opacity": 1},
             "encoding": {"x": x, "y": y, "description": {"field": "tip"}}},
        ],
    )  # fmt: skip


def _panel(points: list[Row], canvas: Canvas, width: float, title: str, layers: list[Any]) -> Row:
    return {
        "title": _title(points, canvas, title), "width": width, "height": _HEIGHT,
        "data": {"values": points}, "layer": layers,
    }  # fmt: skip
