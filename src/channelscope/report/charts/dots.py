"""Dots with intervals in panels: F4.3, F5.1, and any figure of a new dimension."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from channelscope.report.charts.canvas import (
    AS_IS,
    SMALL,
    Canvas,
    Row,
    colour,
    padding,
    records,
    spec,
    spread,
    symbol,
)
from channelscope.report.charts.tracks import Track, decimals
from channelscope.report.svg import Spec

_ROW, _TITLE, _TICKS = 20, 22, 26
_MOST_PANELS = 9
_MOST_TICKS = 4


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


@dataclass(frozen=True, slots=True)
class _Grid:
    """Where the panels stand: `columns` across, each with a title above and ticks below."""

    left: int
    columns: int
    width: float
    pitch: float
    stores: tuple[str, ...]

    @property
    def tall(self) -> int:
        """The height of one row of panels."""
        return _TITLE + _ROW * len(self.stores) + _TICKS

    def corner(self, at: int) -> tuple[float, float]:
        """The top left corner of a panel's plot."""
        return at % self.columns * self.pitch, at // self.columns * self.tall + _TITLE

    def middle(self, at: int, store: str) -> float:
        """The middle of a store's row in a panel."""
        return self.corner(at)[1] + _ROW * (self.stores.index(store) + 0.5)


def _panels(rows: list[Row], canvas: Canvas, *, shared: list[float] | None = None) -> Spec:
    """All panels have the same rows, in report order; a store without a value leaves a gap."""
    known = [row for row in rows if row["value"] is not None]
    names = list(dict.fromkeys(row["panel"] for row in known))[:_MOST_PANELS]
    grid = _grid(known, canvas)
    panels = [
        _panel([row for row in known if row["panel"] == name], at, grid, canvas, domain=shared)
        for at, name in enumerate(names)
    ]
    height = grid.tall * -(-len(panels) // grid.columns)
    width = grid.pitch * (grid.columns - 1) + grid.width
    x: Row = {"type": "quantitative", "axis": None,
              "scale": {"domain": [0, width], "nice": False}}  # fmt: skip
    y: Row = {"type": "quantitative", "axis": None,
              "scale": {"domain": [height, 0], "nice": False}}  # fmt: skip
    return spec(
        size=(canvas.width, height + 6),
        width=width,
        height=height,
        padding=padding(grid.left, canvas.width - grid.left - width, top=4, bottom=2),
        layer=_layers(panels, x, y),
    )


def _grid(known: list[Row], canvas: Canvas) -> _Grid:
    stores = tuple(s for s in canvas.looks if any(row["store_id"] == s for row in known))
    columns, gap, room = 2, 8, 14
    if not canvas.narrow:
        texts = (canvas.value(row["value"], row["unit"]) for row in known)
        columns, gap, room = 3, 16, canvas.widest(texts, SMALL) + 6
    left = canvas.widest(canvas.label(store) for store in stores) + 12
    pitch = (canvas.width - left + gap) / columns
    return _Grid(left, columns, pitch - gap - room, pitch, stores)


def _panel(
    rows: list[Row], at: int, grid: _Grid, canvas: Canvas, *, domain: list[float] | None
) -> dict[str, list[Row]]:
    """The marks of one panel, by layer."""
    unit = rows[0]["unit"]
    ends = [row.get(end) for row in rows for end in ("value", "lo", "hi")]
    low, high = domain or spread(ends, share=0.1)
    start, top = grid.corner(at)
    track = Track(low, high, start, grid.width)
    bottom = top + _ROW * len(grid.stores)
    marks = [_mark(row, at, grid, track, canvas) for row in rows]
    title = canvas.phrases.fitted(rows[0]["title"], grid.pitch / 12 - 2)
    reference = [mark["x"] for mark in marks if mark["store_id"] == canvas.reference_id]
    first, ticks = at % grid.columns == 0, track.ticks(_MOST_TICKS)
    return {
        "rules": [{"x": track.place(tick), "y": top, "y2": bottom} for tick in ticks],
        "reference": [{"x": place, "y": top, "y2": bottom} for place in reference],
        "bounds": [mark for mark in marks if mark["from"] is not None],
        "marks": marks,
        "titles": [{"x": start, "y": top - 8, "text": title}],
        "ticks": [
            {"x": track.place(tick), "y": bottom + 12, "text": _tick(tick, track, unit, canvas)}
            for tick in ticks
        ],
        "names": [
            {"x": -10, "y": grid.middle(at, store), "text": canvas.label(store)}
            for store in grid.stores
            if first
        ],
        "values": [] if canvas.narrow else [
            {"x": start + grid.width + 6, "y": mark["y"], "text": mark["text"]} for mark in marks
        ],
    }  # fmt: skip


def _tick(tick: float, track: Track, unit: str, canvas: Canvas) -> str:
    if unit in ("money", "count"):
        return canvas.value(tick, unit)
    scale, sign = (100, "%") if unit == "rate" else (1, "")
    places = decimals(track.step(_MOST_TICKS) * scale)
    return canvas.phrases.say(lambda w: w.numbers.plain(tick * scale, places) + sign)


def _mark(row: Row, at: int, grid: _Grid, track: Track, canvas: Canvas) -> Row:
    look = canvas.look(row["store_id"])
    store = canvas.phrases.say(lambda w: w.store(row["store_id"]))
    whole = canvas.interval(row, row["unit"])
    bounded = row.get("lo") is not None and row.get("hi") is not None
    return {
        "store_id": row["store_id"], "x": track.place(row["value"]),
        "y": grid.middle(at, row["store_id"]),
        "from": track.place(row["lo"]) if bounded else None,
        "to": track.place(row["hi"]) if bounded else None,
        "colour": look.colour, "shape": look.shape,
        "text": canvas.value(row["value"], row["unit"]),
        "tip": f"{store} · {row['title']}: {whole}",
    }  # fmt: skip


def _layers(panels: list[dict[str, list[Row]]], x: Row, y: Row) -> list[Row]:
    at: Row = {"x": {"field": "x", **x}, "y": {"field": "y", **y}}
    down: Row = {**at, "y2": {"field": "y2"}}
    text: Row = {**at, "text": {"field": "text"}}
    marks: tuple[tuple[str, Row, Row], ...] = (
        ("rules", {"type": "rule", "color": "var(--grid)"}, down),
        ("reference", {"type": "rule", "strokeDash": [3, 3], "color": "var(--grid2)"}, down),
        ("bounds", {"type": "rule", "strokeWidth": 2, "opacity": 0.55},
         {**at, "x": {"field": "from", **x}, "x2": {"field": "to"}, "color": colour()}),
        ("marks", symbol(56), {**at, "color": colour(), "shape": {"field": "shape", **AS_IS},
                               "description": {"field": "tip"}}),
        ("titles", {"type": "text", "align": "left", "fontWeight": "bold"}, text),
        ("ticks", {"type": "text", "color": "var(--ink2)"}, text),
        ("names", {"type": "text", "align": "right", "baseline": "middle"}, text),
        ("values", {"type": "text", "align": "left", "baseline": "middle", "fontSize": SMALL,
                    "color": "var(--ink2)"}, text),
    )  # fmt: skip
    layers = []
    for name, mark, encoding in marks:
        rows = [row for panel in panels for row in panel[name]]
        if rows:
            layers.append(
                {"name": name, "data": {"values": rows}, "mark": mark, "encoding": encoding}
            )
    return layers
