"""F1.2: what is each store's business made of? Shares of sales by category, five steps."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import Canvas, Row, labels, padding, records, spec
from channelscope.report.charts.steps import SHARE_STEPS, step_colour, text_on
from channelscope.report.svg import Spec

_CELL = 28
_MOST = 9
_UNKNOWN = ""
"""The place of products without a category: an axis has no place for null."""


def category_mix(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Stores down, categories across (the other way round on a phone), the share in the cell."""
    rows = [{**row, "category": row["category"] or _UNKNOWN} for row in records(frame)]
    stores = list(dict.fromkeys(row["store_id"] for row in rows))
    totals: dict[str, float] = {}
    for row in rows:
        totals[row["category"]] = totals.get(row["category"], 0.0) + (row["sales"] or 0.0)
    categories = sorted(totals, key=lambda name: (-totals[name], name))[:_MOST]
    cells = [_cell(row, canvas) for row in rows if row["category"] in categories]
    store_names = [{"key": s, "label": canvas.label(s)} for s in stores]
    room = 7 if canvas.narrow else 10
    category_names = [
        {"key": name, "label": canvas.phrases.fitted(canvas.phrases.category(name), room)}
        for name in categories
    ]
    return _grid(cells, store_names, category_names, canvas)


def _cell(row: Row, canvas: Canvas) -> Row:
    text = canvas.value(row["share"], "percent")
    return {
        "store": row["store_id"], "category": row["category"], "text": text,
        "fill": step_colour(row["share"], SHARE_STEPS), "ink": text_on(row["share"], SHARE_STEPS),
        "tip": canvas.phrases.say(lambda w: w.store(row["store_id"]))
        + f" · {canvas.phrases.category(row['category'])}: {text}",
    }  # fmt: skip


def _grid(cells: list[Row], stores: list[Row], categories: list[Row], canvas: Canvas) -> Spec:
    down, across = (categories, stores) if canvas.narrow else (stores, categories)
    fields = ("category", "store") if canvas.narrow else ("store", "category")
    left = canvas.widest(name["label"] for name in down) + 12
    width = canvas.width - left - 4
    y = _band(fields[0], down)
    x = _band(fields[1], across)
    return spec(
        width=width,
        height=_CELL * len(down),
        padding=padding(left, 4, top=24, bottom=4),
        layer=[
            {"data": {"values": cells}, "mark": {"type": "rect", "stroke": "var(--card)"},
             "encoding": {"x": x, "y": y, "fill": {"field": "fill", "type": "nominal",
                          "scale": None}, "description": {"field": "tip"}}},
            {"data": {"values": cells}, "mark": {"type": "text", "baseline": "middle",
             "fontSize": 11 if canvas.narrow else 12},
             "encoding": {"x": x, "y": y, "text": {"field": "text"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
            labels([{**n, fields[0]: n["key"]} for n in down], y, x=-10),
            {"data": {"values": [{**n, fields[1]: n["key"]} for n in across]},
             "mark": {"type": "text", "baseline": "bottom", "color": "var(--ink2)"},
             "encoding": {"x": x, "y": {"value": -7}, "text": {"field": "label"}}},
        ],
    )  # fmt: skip


def _band(field: str, names: list[Row]) -> Row:
    keys = [name["key"] for name in names]
    return {"field": field, "type": "nominal", "sort": keys, "axis": None,
            "scale": {"domain": keys, "padding": 0}}  # fmt: skip
