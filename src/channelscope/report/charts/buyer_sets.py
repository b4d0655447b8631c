"""F6.2: which stores do the same people buy in? Exclusive sets, one block for each scope of ids."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import Canvas, Row, labels, padding, records, spec
from channelscope.report.charts.upset import BAR, CELL, OTHER, bars, largest, members, stores_of
from channelscope.report.svg import Spec

_TITLE, _GAP = 34, 8


def buyer_sets(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Bars of buyers over a matrix of stores, scope under scope."""
    found = records(frame.sort("scope", "rank"))
    scopes = list(dict.fromkeys(row["scope"] for row in found))
    of_scope = {name: [row for row in found if row["scope"] == name] for name in scopes}
    stores = {name: stores_of(rows, canvas) for name, rows in of_scope.items()}
    left = canvas.widest(canvas.label(s) for inside in stores.values() for s in inside) + 16
    width = canvas.width - left - 8
    parts: list[Row] = []
    tall = 0
    for name in scopes:
        sets = [{**row, "size": row["buyers"]} for row in of_scope[name]]
        shown = largest(sets, 7 if canvas.narrow else 11)
        drawn = bars(shown, _across(shown), width, canvas)
        matrix = _matrix(shown, stores[name], width, canvas)
        parts += [_named(name, left, canvas), drawn, matrix]
        tall += _TITLE + BAR + CELL * len(stores[name]) + 3 * _GAP
    return spec(
        size=(canvas.width, tall + 8),
        bounds="flush",
        padding=padding(left, 8, top=4, bottom=8),
        spacing=_GAP,
        vconcat=parts,
    )


def _named(scope: str, left: float, canvas: Canvas) -> Row:
    name = canvas.phrases.say(lambda w: w.texts.text_or(f"platform.{scope}", scope))
    return {
        "width": canvas.width - left - 8, "height": _TITLE,
        "data": {"values": [{"name": name}]},
        "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontWeight": "bold"},
        "encoding": {"x": {"value": 2 - left}, "y": {"value": _TITLE}, "text": {"field": "name"}},
    }  # fmt: skip


def _across(shown: list[Row]) -> Row:
    columns = [row["intersection"] for row in shown]
    return {"field": "column", "type": "nominal", "sort": columns, "axis": None,
            "scale": {"domain": columns, "paddingInner": 0, "paddingOuter": 0}}  # fmt: skip


def _matrix(shown: list[Row], stores: list[str], width: float, canvas: Canvas) -> Row:
    """Dots of one outline each: dark in the stores of the set, faint in the others."""
    dark, faint, links = [], [], []
    for column, row in enumerate(shown):
        inside = [at for at, store in enumerate(stores) if store in members(row)]
        if inside:
            links.append((column, inside[0], inside[-1]))
            dark += [(column, at, at) for at in inside]
            faint += [(column, at, at) for at in range(len(stores)) if at not in inside]
    x, y = _places("x", [0, len(shown)]), _places("y", [len(stores), 0])
    names = [{"y": at + 0.5, "label": canvas.label(store)} for at, store in enumerate(stores)]
    layers: list[Row] = [
        _outline(faint, x, y, "grid", 6),
        _outline(links, x, y, "grid2", 1.5),
        _outline(dark, x, y, "ac", 9),
        labels(names, y, x=-14),
    ]
    if shown[-1]["intersection"] == OTHER:
        rest = canvas.phrases.text("chart.other_short")
        layers.append({
            "data": {"values": [{"x": len(shown) - 0.5, "label": rest}]},
            "mark": {"type": "text", "baseline": "top", "color": "var(--ink2)"},
            "encoding": {"x": x, "y": {"value": 4}, "text": {"field": "label"}},
        })  # fmt: skip
    return {"width": width, "height": CELL * len(stores), "layer": layers}


def _places(field: str, domain: list[int]) -> Row:
    return {"field": field, "type": "quantitative", "axis": None,
            "scale": {"domain": domain, "zero": False, "nice": False}}  # fmt: skip


def _outline(runs: list[tuple[int, int, int]], x: Row, y: Row, colour: str, size: float) -> Row:
    """One broken line through the stores from first to last of each column; of one it is a dot."""
    points: list[Row] = []
    for column, first, last in runs:
        for at in (first, last, None):
            points.append({"x": None if at is None else column + 0.5,
                           "y": None if at is None else at + 0.5, "at": len(points)})  # fmt: skip
    return {
        "data": {"values": points},
        "mark": {"type": "line", "strokeWidth": size, "strokeCap": "round",
                 "color": f"var(--{colour})", "invalid": "break-paths-show-domains"},
        "encoding": {"x": x, "y": y, "order": {"field": "at", "type": "quantitative"}},
    }  # fmt: skip
