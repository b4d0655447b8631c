"""F1.1: which stores sell the same goods? Exclusive intersections, largest first."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
    AS_IS,
    Canvas,
    Row,
    colour,
    labels,
    padding,
    records,
    spec,
)
from channelscope.report.svg import Spec

OTHER = "other"
_BAR, _CELL = 96, 22


def upset(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Bars of SKU counts over a matrix of stores; `other` is the rest of the intersections."""
    found = records(frame.sort("rank"))
    shown = _largest(found, 7 if canvas.narrow else 11, canvas)
    columns = [row["intersection"] for row in shown]
    stores = [s for s in canvas.looks if any(s in _members(row) for row in found)]
    left = canvas.widest(canvas.label(store) for store in stores) + 16
    width = canvas.width - left - 8
    x: Row = {"field": "column", "type": "nominal", "sort": columns, "axis": None,
              "scale": {"domain": columns}}  # fmt: skip
    tall = _BAR + 6 + _CELL * len(stores)
    return spec(
        size=(canvas.width, tall + 26),
        bounds="flush",
        padding=padding(left, 8, top=18, bottom=8),
        spacing=6,
        vconcat=[_bars(shown, x, width, canvas), _matrix(shown, stores, x, width, canvas)],
    )


def _largest(rows: list[Row], most: int, canvas: Canvas) -> list[Row]:
    """The largest intersections; the rest, with what the query already joined, as one."""
    named = [row for row in rows if row["intersection"] != OTHER]
    rest = [row for row in rows if row["intersection"] == OTHER] + named[most - 1 :]
    named = named[: most - 1]
    if rest:
        named.append({"intersection": OTHER, "skus": sum(row["skus"] for row in rest)})
    return named


def _members(row: Row) -> list[str]:
    return [] if row["intersection"] == OTHER else str(row["intersection"]).split("+")


def _bars(rows: list[Row], x: Row, width: float, canvas: Canvas) -> Row:
    most = max((row["skus"] for row in rows), default=1)
    data = [
        {
            "column": row["intersection"],
            "skus": row["skus"],
            "count": canvas.value(row["skus"], "count"),
            "name": _name(row, canvas),
            "tip": _name(row, canvas) + ": " + canvas.value(row["skus"], "count"),
            "colour": "var(--grid2)" if row["intersection"] == OTHER else "var(--ac)",
        }
        for row in rows
    ]
    y: Row = {"field": "skus", "type": "quantitative", "axis": None,
              "scale": {"domain": [0, most], "nice": False}}  # fmt: skip
    return {
        "width": width,
        "height": _BAR,
        "data": {"values": data},
        "layer": [
            {"mark": {"type": "bar", "width": {"band": 0.62}},
             "encoding": {"x": x, "y": y, "color": colour(), "description": {"field": "tip"}}},
            {"mark": {"type": "text", "baseline": "bottom", "dy": -3, "fontWeight": "bold"},
             "encoding": {"x": x, "y": y, "text": {"field": "count"}}},
        ],
    }  # fmt: skip


def _name(row: Row, canvas: Canvas) -> str:
    if row["intersection"] == OTHER:
        return canvas.phrases.text("chart.other_intersections")
    return " + ".join(canvas.phrases.say(lambda w, s=s: w.store(s)) for s in _members(row))  # type: ignore[misc]


def _matrix(rows: list[Row], stores: list[str], x: Row, width: float, canvas: Canvas) -> Row:
    y: Row = {"field": "row", "type": "nominal", "sort": stores, "axis": None,
              "scale": {"domain": stores}}  # fmt: skip
    named = [row for row in rows if row["intersection"] != OTHER]
    cells = [
        {
            "column": row["intersection"],
            "row": store,
            "colour": canvas.look(store).colour if store in _members(row) else "var(--grid)",
            "shape": canvas.look(store).shape if store in _members(row) else "circle",
            "size": 70 if store in _members(row) else 34,
        }
        for row in named
        for store in stores
    ]
    lines = [
        {"column": row["intersection"], "row": _members(row)[0], "end": _members(row)[-1]}
        for row in named
        if len(_members(row)) > 1
    ]
    names = [{"row": store, "label": canvas.label(store)} for store in stores]
    other = [{"column": OTHER, "label": canvas.phrases.text("chart.other_short")}]
    layers: list[Row] = [
        {"data": {"values": lines},
         "mark": {"type": "rule", "strokeWidth": 1.5, "color": "var(--grid2)"},
         "encoding": {"x": x, "y": y, "y2": {"field": "end"}}},
        {"data": {"values": cells}, "mark": {"type": "point", "filled": True, "opacity": 1,
                                             "aria": False},
         "encoding": {"x": x, "y": y, "color": colour(), "shape": {"field": "shape", **AS_IS},
                      "size": {"field": "size", "type": "quantitative", "scale": None}}},
        labels(names, y, x=-14),
    ]  # fmt: skip
    if any(row["intersection"] == OTHER for row in rows):
        layers.append({
            "data": {"values": other},
            "mark": {"type": "text", "baseline": "top", "color": "var(--ink2)"},
            "encoding": {"x": x, "y": {"value": 4}, "text": {"field": "label"}},
        })  # fmt: skip
    return {"width": width, "height": _CELL * len(stores), "layer": layers}
