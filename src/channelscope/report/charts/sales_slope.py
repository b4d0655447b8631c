"""F5.1 of the review: how did each store move from the period before to this one?"""

from __future__ import annotations

from math import log

import polars as pl

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import (
    AS_IS,
    SMALL,
    Canvas,
    Row,
    colour,
    padding,
    records,
    spec,
    symbol,
)
from channelscope.report.review_facts import ALL
from channelscope.report.review_words import base_name, relative_bounds, signed
from channelscope.report.svg import Spec

_PITCH, _LEAST = 17, 220
_FURTHEST = (0.1, 10.0)
"""Beyond a tenth and ten times a line ends at the edge; its label says the number."""


def sales_slope(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One line per store from 100 to what it sells now, on a scale of ratios; labels never meet."""
    rows = [_row(row, canvas) for row in records(frame)]
    height = max(_LEAST, _PITCH * (len(rows) + 1))
    places = [row["place"] for row in rows] + [0.0]
    low, high = min(places), max(places)
    for row in rows:
        row["y"] = _down(row["place"], low, high, height)
    start = _down(0.0, low, high, height)
    _spread_labels(rows, height)
    left = canvas.widest([rows[0]["from"]], SMALL) + 12
    right = canvas.widest((row["text"] for row in rows), SMALL) + 44
    width = canvas.width - left - right
    x: Row = {"type": "quantitative", "axis": None, "scale": {"domain": [0, width], "nice": False}}
    y: Row = {"type": "quantitative", "axis": None,
              "scale": {"domain": [height, 0], "nice": False}}  # fmt: skip
    ends = [{**row, "x0": 0.0, "y0": start, "x1": width, "lead": width + 26} for row in rows]
    return spec(
        width=width, height=height, padding=padding(left, right, top=14, bottom=10),
        layer=[
            {"data": {"values": [{"x": 0.0, "x2": width, "y": start}]},
             "mark": {"type": "rule", "color": "var(--grid2)", "strokeDash": [3, 3]},
             "encoding": {"x": {"field": "x", **x}, "x2": {"field": "x2"},
                          "y": {"field": "y", **y}}},
            *(_lines([row for row in ends if row["is_clear"] == clear], x, y, clear=clear)
              for clear in (False, True)),
            {"data": {"values": ends},
             "mark": {"type": "rule", "strokeWidth": 0.8, "color": "var(--grid2)"},
             "encoding": {"x": {"field": "x1", **x}, "x2": {"field": "lead"},
                          "y": {"field": "y", **y}, "y2": {"field": "label_y"}}},
            {"data": {"values": ends}, "mark": symbol(60),
             "encoding": {"x": {"field": "x1", **x}, "y": {"field": "y", **y}, "color": colour(),
                          "shape": {"field": "shape", **AS_IS},
                          "description": {"field": "text"}}},
            *(_labels([row for row in ends if row["is_clear"] == clear], x, y, clear=clear)
              for clear in (False, True)),
            {"data": {"values": [{"x": -8.0, "y": start, "text": rows[0]["from"]}]},
             "mark": {"type": "text", "align": "right", "baseline": "middle", "fontSize": SMALL,
                      "color": "var(--ink2)", "clip": False},
             "encoding": {"x": {"value": -8}, "y": {"field": "y", **y},
                          "text": {"field": "text"}}},
        ],
    )  # fmt: skip


def _row(row: Row, canvas: Canvas) -> Row:
    whole = row["store_id"] == ALL
    say, low, high = canvas.phrases.say, *_FURTHEST
    name = canvas.phrases.text("chart.all_stores") if whole else canvas.phrases.fitted(
        say(lambda w: w.store(row["store_id"])), 9
    )  # fmt: skip
    moved = say(lambda w: signed(w, row["relative"]))
    bounds = "" if canvas.narrow else say(lambda w: "\u2003" + relative_bounds(w, row))
    return {
        "row": row["store_id"], "place": log(min(max(1 + row["relative"], low), high)),
        "text": name + say(lambda _: "\u2003") + moved + bounds,
        "from": "100" if canvas.narrow else say(lambda w: f"{base_name(w, row['base'])} = 100"),
        "colour": "var(--ac)" if whole else canvas.look(row["store_id"]).colour,
        "shape": "circle" if whole else canvas.look(row["store_id"]).shape,
        "is_clear": row["outcome"] == Outcome.DIFFERS,
    }  # fmt: skip


def _down(place: float, low: float, high: float, height: float) -> float:
    """From the top: what grew most stands highest."""
    air = 12.0
    return air + (high - place) / ((high - low) or 1.0) * (height - 2 * air)


def _spread_labels(rows: list[Row], height: float) -> None:
    """Labels in the order of their lines, each at least a line of text below the one above."""
    rows.sort(key=lambda row: row["y"])
    above = 0.0
    for row in rows:
        above = row["label_y"] = max(row["y"], above + _PITCH)
    below = height + _PITCH / 2
    for row in reversed(rows):
        below = row["label_y"] = min(row["label_y"], below - _PITCH)


def _lines(rows: list[Row], x: Row, y: Row, *, clear: bool) -> Row:
    return {
        "data": {"values": rows},
        "mark": {"type": "rule", "strokeWidth": 2.6 if clear else 1.2,
                 "opacity": 1 if clear else 0.55},
        "encoding": {"x": {"field": "x0", **x}, "x2": {"field": "x1"}, "y": {"field": "y0", **y},
                     "y2": {"field": "y"}, "color": colour()},
    }  # fmt: skip


def _labels(rows: list[Row], x: Row, y: Row, *, clear: bool) -> Row:
    return {
        "data": {"values": rows},
        "mark": {"type": "text", "align": "left", "baseline": "middle", "dx": 4,
                 "fontSize": SMALL, "fontWeight": "bold" if clear else "normal",
                 "color": "var(--ink)" if clear else "var(--ink2)"},
        "encoding": {"x": {"field": "lead", **x}, "y": {"field": "label_y", **y},
                     "text": {"field": "text"}},
    }  # fmt: skip
