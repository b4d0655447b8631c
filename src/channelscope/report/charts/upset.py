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
BAR, CELL = 96, 22


def upset(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Bars of SKU counts over a matrix of stores; `other` is the rest of the intersections."""
    found = records(frame.sort("rank"))
    stores = stores_of(found, canvas)
    shown = largest([{**row, "size": row["skus"]} for row in found], 7 if canvas.narrow else 11)
    columns = [row["intersection"] for row in shown]
    left = canvas.widest(canvas.label(store) for store in stores) + 16
    width = canvas.width - left - 8
    x: Row = {"field": "column", "type": "nominal", "sort": columns, "axis": None,
              "scale": {"domain": columns}}  # fmt: skip
    return spec(
        size=(canvas.width, BAR + 6 + CELL * len(stores) + 26),
        bounds="flush",
        padding=padding(left, 8, top=18, bottom=8),
        spacing=6,
        vconcat=[bars(shown, x, width, canvas), _matrix(shown, stores, x, width, canvas)],
    )


def stores_of(rows: list[Row], canvas: Canvas) -> list[str]:
    """The stores of all sets, in report order."""
    return [store for store in canvas.looks if any(store in members(row) for row in rows)]


def largest(rows: list[Row], most: int) -> list[Row]:
    """The largest intersections; the rest, with what the query already joined, as one."""
    if len(rows) <= most:
        return rows
    named = [row for row in rows if row["intersection"] != OTHER]
    rest = [row for row in rows if row["intersection"] == OTHER] + named[most - 1 :]
    named = named[: most - 1]
    if rest:
        named.append({"intersection": OTHER, "size": sum(row["size"] for row in rest)})
    return named


def members(row: Row) -> list[str]:
    """The stores of a set; none of the rest."""
    return [] if row["intersection"] == OTHER else str(row["intersection"]).split("+")


def bars(rows: list[Row], x: Row, width: float, canvas: Canvas) -> Row:
    """The bars of the sets, each with its `size`."""
    most = max((row["size"] for row in rows), default=1)
    data = [
        {
            "column": row["intersection"],
            "size": row["size"],
            "count": canvas.value(row["size"], "count"),
            "name": _name(row, canvas),
            "tip": _name(row, canvas) + ": " + canvas.value(row["size"], "count"),
            "colour": "var(--grid2)" if row["intersection"] == OTHER else "var(--ac)",
        }
        for row in rows
    ]
    y: Row = {"field": "size", "type": "quantitative", "axis": None,
              "scale": {"domain": [0, most], "nice": False}}  # fmt: skip
    return {
        "width": width,
        "height": BAR,
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
    return " + ".join(canvas.phrases.say(lambda w, s=s: w.store(s)) for s in members(row))  # type: ignore[misc]


def _matrix(rows: list[Row], stores: list[str], x: Row, width: float, canvas: Canvas) -> Row:
    y: Row = {"field": "row", "type": "nominal", "sort": stores, "axis": None,
              "scale": {"domain": stores}}  # fmt: skip
    named = [row for row in rows if row["intersection"] != OTHER]
    cells = [
        {
            "column": row["intersection"],
            "row": store,
            "colour": canvas.look(store).colour if store in members(row) else "var(--grid)",
            "shape": canvas.look(store).shape if store in members(row) else "circle",
            "size": 70 if store in members(row) else 34,
        }
        for row in named
        for store in stores
    ]
    lines = [
        {"column": row["intersection"], "row": inside[0], "end": inside[-1]}
        for row in named
        if len(inside := [store for store in stores if store in members(row)]) > 1
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
    return {"width": width, "height": CELL * len(stores), "layer": layers}
