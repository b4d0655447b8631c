"""F0.4: how alike are the stores? A heatmap, shaded only where an outcome supports it."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import SMALL, Canvas, Row, labels, padding, records, spec
from channelscope.report.charts.steps import SIMILARITY_STEPS, step_colour, text_on
from channelscope.report.numbers import MISSING
from channelscope.report.svg import Spec

_CELL = 30
_TIGHT = 27
"""A cell narrower than this has no room for the zero before the point."""


def similarity(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Store by store, both halves filled, the diagonal blank; stores in report order."""
    rows = [row for row in records(frame) if row["is_shown"]]
    named = {row[end] for row in rows for end in ("store_a", "store_b")}
    stores = [store for store in canvas.looks if store in named]
    down = [{"down": store, "label": canvas.label(store)} for store in stores]
    across = [{"across": store, "label": _short(store, canvas)} for store in stores]
    left = canvas.widest(name["label"] for name in down) + 12
    width = canvas.width - left - 4
    room = width / max(len(stores), 1)
    cells = [
        _cell(row, down_store, across_store, canvas, room=room)
        for row in rows
        for down_store, across_store in (
            (row["store_a"], row["store_b"]), (row["store_b"], row["store_a"]),
        )
    ]  # fmt: skip
    widest = canvas.widest(name["label"] for name in across)
    turned = widest > room
    x, y = _band("across", stores), _band("down", stores)
    return spec(
        width=width,
        height=_CELL * len(stores),
        padding=padding(left, 4, top=widest + 8 if turned else 24, bottom=4),
        layer=[
            {"data": {"values": cells}, "mark": {"type": "rect", "stroke": "var(--card)"},
             "encoding": {"x": x, "y": y, "fill": {"field": "fill", "type": "nominal",
                          "scale": None}, "description": {"field": "tip"}}},
            {"data": {"values": cells}, "mark": {"type": "text", "baseline": "middle",
             "fontSize": SMALL if canvas.narrow else 12},
             "encoding": {"x": x, "y": y, "text": {"field": "text"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
            labels(down, y, x=-10),
            {"data": {"values": across},
             "mark": {"type": "text", "color": "var(--ink2)", **_stand(turned=turned)},
             "encoding": {"x": x, "y": {"value": -7}, "text": {"field": "label"}}},
        ],
    )  # fmt: skip


def _short(store: str, canvas: Canvas) -> str:
    """The id alone: a column head has no room for more."""
    return canvas.phrases.fitted(canvas.phrases.say(lambda w: w.store(store)), 9)


def _stand(*, turned: bool) -> Row:
    """Long ids stand upright above their column."""
    if turned:
        return {"angle": 270, "align": "left", "baseline": "middle"}
    return {"baseline": "bottom"}


def _cell(row: Row, down: str, across: str, canvas: Canvas, *, room: float) -> Row:
    value, supported = row["similarity"], bool(row["supported"])
    text = canvas.phrases.say(lambda w: w.numbers.plain(value, 2) if value is not None else MISSING)
    names = canvas.phrases.say(lambda w: f"{w.store(down)} · {w.store(across)}: ")
    shown = text.removeprefix("0") if room < _TIGHT and value is not None else text
    return {
        "down": down, "across": across, "text": shown, "tip": names + text,
        "fill": step_colour(value, SIMILARITY_STEPS) if supported else "var(--card)",
        "ink": text_on(value, SIMILARITY_STEPS) if supported else "var(--ink2)",
    }  # fmt: skip


def _band(field: str, stores: list[str]) -> Row:
    return {"field": field, "type": "nominal", "sort": stores, "axis": None,
            "scale": {"domain": stores, "padding": 0}}  # fmt: skip
