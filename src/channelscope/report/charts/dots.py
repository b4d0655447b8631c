"""Dots with intervals in panels: F4.3, F5.1, and any figure of a new dimension."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
    AS_IS,
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
    symbol,
)
from channelscope.report.svg import Spec

_ROW = 20
_ROW_GAP = 50
_MOST_PANELS = 9
_FORMATS = {"rate": "%", "index": ",.0f"}


def dots(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Store × value with its interval, one panel per metric, each with its own unit and scale."""
    rows = [
        {**row, "panel": row["metric"], "title": canvas.phrases.say(
            lambda w, metric=row["metric"]: w.metric(metric, "short"))}  # type: ignore[misc]
        for row in records(frame)
    ]  # fmt: skip
    return _panels(rows, canvas)


def service_dots(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """F5.1: is service different?"""
    return dots(frame, canvas)


def cart_rate_by_source(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """F4.3: from which source do visitors fill the cart? One panel per source, one scale."""
    rows = [
        {**row, "panel": row["source"], "value": row["cart_rate"], "lo": None, "hi": None,
         "unit": "rate", "title": canvas.phrases.say(
             lambda w, source=row["source"]: w.named("source", source))}  # type: ignore[misc]
        for row in records(frame)
    ]  # fmt: skip
    return _panels(rows, canvas, shared=spread([row["value"] for row in rows]))


def _panels(rows: list[Row], canvas: Canvas, *, shared: list[float] | None = None) -> Spec:
    """All panels have the same rows, in report order; a store without a value leaves a gap."""
    known = [row for row in rows if row["value"] is not None]
    titles = list(dict.fromkeys(row["panel"] for row in known))[:_MOST_PANELS]
    stores = [s for s in canvas.looks if any(row["store_id"] == s for row in known)]
    columns = 2 if canvas.narrow else 3
    left = canvas.widest(canvas.label(store) for store in stores) + 12
    value_room = 0 if canvas.narrow else 52
    gap = 14 if canvas.narrow else 20
    width = (canvas.width - left - gap * (columns - 1)) / columns - value_room - 2
    panels = [
        _panel([row for row in known if row["panel"] == title], stores, canvas,
               width=width, first=at % columns == 0, value_room=value_room, domain=shared)
        for at, title in enumerate(titles)
    ]  # fmt: skip
    tall = -(-len(panels) // columns)
    return spec(
        size=(canvas.width, tall * _ROW * len(stores) + (tall - 1) * _ROW_GAP + 48),
        padding=padding(left, value_room + 2, top=22, bottom=26),
        bounds="flush",
        spacing={"row": _ROW_GAP, "column": gap + value_room},
        columns=columns,
        concat=panels,
    )


def _panel(
    rows: list[Row],
    stores: list[str],
    canvas: Canvas,
    *,
    width: float,
    first: bool,
    value_room: int,
    domain: list[float] | None,
) -> Row:
    unit = rows[0]["unit"]
    drawn = [_drawn(row, canvas) for row in rows]
    ends = [row[end] for row in drawn for end in ("value", "lo", "hi")]
    axis = {"format": _FORMATS[unit]} if unit in _FORMATS else {}
    x = number_axis(domain or spread(ends, share=0.1), ticks=3, grid=True, **axis)
    y = store_axis(stores, canvas)
    title = canvas.phrases.fitted(rows[0]["title"], (width + value_room) / 12)
    own = [row for row in drawn if row["store_id"] == canvas.reference_id]
    bounded = [row for row in drawn if row["lo"] is not None]
    layers: list[Row] = [
        {"data": {"values": own},
         "mark": {"type": "rule", "strokeDash": [3, 3], "color": "var(--grid2)"},
         "encoding": {"x": {"field": "value", **x}}},
        {"data": {"values": drawn}, "mark": symbol(56),
         "encoding": {"x": {"field": "value", **x}, "y": y, "color": colour(),
                      "shape": {"field": "shape", **AS_IS}, "description": {"field": "tip"}}},
        {"data": {"values": [{"title": title}]},
         "mark": {"type": "text", "align": "left", "baseline": "bottom", "fontWeight": "bold"},
         "encoding": {"x": {"value": 0}, "y": {"value": -6}, "text": {"field": "title"}}},
    ]  # fmt: skip
    if bounded:
        layers.insert(1, {
            "data": {"values": bounded},
            "mark": {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
            "encoding": {"x": {"field": "lo", **x}, "x2": {"field": "hi"}, "y": y,
                         "color": colour()},
        })  # fmt: skip
    if first:
        names = [{"row": store, "label": canvas.label(store)} for store in stores]
        layers.append(labels(names, y, x=-10))
    if value_room:
        layers.append(labels(drawn, y, x=width + 6, field="text", align="left", fontSize=SMALL,
                             color="var(--ink2)"))  # fmt: skip
    return {"width": width, "height": _ROW * len(stores), "layer": layers}


def _drawn(row: Row, canvas: Canvas) -> Row:
    look = canvas.look(row["store_id"])
    text = canvas.value(row["value"], row["unit"])
    store = canvas.phrases.say(lambda w: w.store(row["store_id"]))
    whole = canvas.interval(row, row["unit"])
    return {
        "row": row["store_id"], "store_id": row["store_id"], "value": row["value"],
        "lo": row.get("lo"), "hi": row.get("hi"), "colour": look.colour, "shape": look.shape,
        "text": text,
        "tip": f"{store} · {row['title']}: {whole}",
    }  # fmt: skip
