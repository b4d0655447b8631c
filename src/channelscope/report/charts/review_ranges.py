"""Ranges of a review, each in parts of what it is held against: F3.2 and F7.2."""

from __future__ import annotations

from itertools import groupby

import polars as pl

from channelscope.report.charts.canvas import (
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
)
from channelscope.report.charts.forest import line_at, values
from channelscope.report.review_words import in_unit, metric_name, signed, store_name
from channelscope.report.svg import Spec

_ROW = 24
_BLANK = 10
_HUNDRED = 100.0
_POINT = {"inside": ("var(--ac)", "circle"), "outside": ("var(--neg)", "diamond")}


def predictions(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Each range with its middle at 100, and what came; then the ranges of the period to come."""
    rows: list[Row] = []
    known = [row for row in records(frame) if row["likely"] and row["likely"] > 0
             and row["low"] is not None and row["high"] is not None]  # fmt: skip
    spans = groupby(known, key=lambda row: (row["first_day"], row["last_day"]))
    for (first, last), mine in spans:
        title = canvas.phrases.say(lambda w, f=first, e=last: (  # type: ignore[misc]
            f"{w.numbers.short_day(f)} – {w.numbers.short_day(e)} {e.year}"
        ))  # fmt: skip
        rows.append({"row": f"{first}|{last}", "label": title, "text": "", "is_title": True})
        rows += [_prediction(row, canvas) for row in mine]
    return _drawn(rows, canvas, axis="chart.middle_of_range")


def _prediction(row: Row, canvas: Canvas) -> Row:
    say = canvas.phrases.say
    store = say(lambda w: store_name(w, row["store_id"]))
    metric = say(lambda w: metric_name(w, row["metric"]))
    between = say(lambda _: "\u2003")
    label = store if row["metric"] == "sales" else store + between + metric
    span = say(lambda w: w.numbers.bounds(row["likely"], row["low"], row["high"], row["unit"]))
    came = say(lambda w: in_unit(w, row["actual"], row["unit"]))
    likely = say(lambda w: in_unit(w, row["likely"], row["unit"]))
    text = likely + between + span
    if row["outcome"] in _POINT:
        text = came if canvas.narrow else came + between + span
    elif row["outcome"] == "cannot_be_told":
        text = say(lambda w: w.named("outcome", "cannot_be_told"))
    elif canvas.narrow:
        text = likely
    actual = row["actual"] if row["outcome"] in _POINT else None  # what is not due has not come
    tint, shape = _POINT.get(row["outcome"], ("var(--ac)", "circle"))
    return {
        "row": f"{row['made_in']}|{row['prediction_id']}", "is_title": False,
        "label": canvas.phrases.fitted(label, 12) if canvas.narrow else label,
        "lo": _part(row["low"], row), "hi": _part(row["high"], row),
        "point": None if actual is None else _part(actual, row), "text": text,
        "colour": tint, "shape": shape, "tip": label + between + text,
    }  # fmt: skip


def _part(value: float, row: Row) -> float:
    return float(_HUNDRED * value / row["likely"])


def projection(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """What each store has sold so far, and the range of what it will, last year's event = 100."""
    rows = [_projected(row, canvas) for row in records(frame)]
    return _drawn(rows, canvas, axis="chart.aligned_event")


def _projected(row: Row, canvas: Canvas) -> Row:
    say = canvas.phrases.say
    store = say(lambda w: store_name(w, row["store_id"]))
    between = say(lambda _: "\u2003")
    ends = ("low", "high", "projected", "so_far")
    known = (row["aligned"] or 0) > 0 and all(row[name] is not None for name in ends)
    made: Row = {
        "row": row["store_id"], "label": store, "is_title": False, "colour": "var(--ac)",
        "shape": "circle", "lo": None, "hi": None, "point": None, "so_far": None,
    }  # fmt: skip
    if not known:
        said = say(lambda w: w.text(
            "chart.so_far", money=w.numbers.value(row["so_far"], "money")))  # fmt: skip
        return {**made, "text": said, "tip": store + between + said}
    size = row["projected"] / row["aligned"] - 1
    whole = say(lambda w: w.numbers.interval(row["projected"], row["low"], row["high"], "money"))
    moved = say(lambda w: signed(w, size))
    scaled = {name: _HUNDRED * row[name] / row["aligned"]
              for name in ("low", "high", "projected", "so_far")}  # fmt: skip
    return {
        **made, "lo": scaled["low"], "hi": scaled["high"], "point": scaled["projected"],
        "so_far": scaled["so_far"],
        "text": moved if canvas.narrow else whole + between + moved,
        "tip": store + between + whole + between + moved,
    }  # fmt: skip


def _drawn(rows: list[Row], canvas: Canvas, *, axis: str) -> Spec:
    size = SMALL if canvas.narrow else 12
    left = canvas.widest(row["label"] for row in rows if not row["is_title"]) + 12 + _BLANK
    right = canvas.widest((row["text"] for row in rows), size) + 14
    width = canvas.width - left - right
    ends = [row.get(name) for row in rows for name in ("lo", "hi", "point", "so_far")]
    x = number_axis(spread([_HUNDRED, *ends]), ticks=3 if canvas.narrow else 6, grid=True,
                    title=canvas.phrases.text(axis))  # fmt: skip
    y = store_axis([row["row"] for row in rows], canvas)
    ranged = [row for row in rows if row.get("lo") is not None]
    points = [row for row in rows if row.get("point") is not None]
    so_far = [row for row in rows if row.get("so_far") is not None]
    layers: list[Row] = [
        {"data": {"values": ranged},
         "mark": {"type": "bar", "height": 13, "color": "var(--q2)", "cornerRadius": 2},
         "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": y,
                      "description": {"field": "tip"}}},
        line_at(_HUNDRED, "lo", x),
    ]  # fmt: skip
    if so_far:
        layers.append({
            "data": {"values": so_far}, "mark": {"type": "tick", "thickness": 3, "height": 13,
                                                 "color": "var(--ink2)"},
            "encoding": {"x": {"field": "so_far", **x}, "y": y},
        })  # fmt: skip
    layers += [
        {"data": {"values": points},
         "mark": {"type": "point", "filled": True, "size": 62, "opacity": 1,
                  "stroke": "var(--card)", "strokeWidth": 0.8},
         "encoding": {"x": {"field": "point", **x}, "y": y, "color": colour(),
                      "shape": {"field": "shape", "type": "nominal", "scale": None},
                      "description": {"field": "tip"}}},
        labels([row for row in rows if not row["is_title"]], y, x=-12),
        labels([row for row in rows if row["is_title"]], y, x=-left + 2, align="left",
               fontWeight="bold"),
        values([row for row in rows if not row["is_title"]], y, width=width, size=size),
    ]  # fmt: skip
    return spec(width=width, height=_ROW * len(rows), padding=padding(left, right, bottom=44),
                layer=[layer for layer in layers if layer["data"]["values"]])  # fmt: skip
