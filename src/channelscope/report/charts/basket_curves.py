"""F3.7: who is cheapest for one piece, who for several? One small panel a product."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise

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
from channelscope.report.charts.tracks import Track
from channelscope.report.svg import Spec

_HEIGHT, _HEAD, _FOOT = {False: 210, True: 150}, 22, 40
_LEFT, _RIGHT, _GAP = 34, 58, 4
_APART, _TOGETHER, _NAMED = 13, 5, 3
"""Pixels between two labels, and below which lines share one, which names so many stores."""


@dataclass(frozen=True, slots=True)
class Panel:
    """Where a product's panel lies in the one view that all share."""

    x: Track
    y: Track

    def at(self, pieces: float, level: float) -> dict[str, float]:
        """The place of a price in pixels of the view."""
        return {"x": round(self.x.place(pieces), 1), "y": self.height(level)}

    def height(self, level: float) -> float:
        """How far down a level lies: the highest is on top."""
        return round(2 * self.y.start + self.y.length - self.y.place(level), 1)


def basket_curves(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """Price of a piece against pieces, a line a store, list price at the reference = 100."""
    rows = [row for row in records(frame) if row["level"] is not None]
    products = [list(mine) for _, mine in groupby(rows, lambda row: row["sku"])]
    places = _panels(rows, products, canvas)
    points, ends, words, grid = [], [], [], []
    for mine, panel in zip(products, places, strict=True):
        points += [_point(row, panel, canvas) for row in mine]
        mine_ends = _ends(mine, panel, canvas)
        ends += mine_ends
        words += _words(mine, panel, canvas) + _names(mine_ends, panel)
        grid += [{"x": panel.x.start, "x2": panel.x.start + panel.x.length,
                  "y": panel.height(tick)} for tick in panel.y.ticks(4)]  # fmt: skip
    down = 1 if not canvas.narrow else len(products)
    width, height = canvas.width, down * (_HEIGHT[canvas.narrow] + _HEAD + _FOOT)
    x, y = _pixels([0, width]), _pixels([height, 0])
    return spec(
        width=width,
        height=height,
        padding=padding(0, 0, top=0, bottom=0),
        layer=[
            {"data": {"values": grid}, "mark": {"type": "rule", "color": "var(--grid)"},
             "encoding": {"x": {"field": "x", **x}, "x2": {"field": "x2"},
                          "y": {"field": "y", **y}}},
            {"data": {"values": points},
             "mark": {"type": "line", "strokeWidth": 1.6, "strokeJoin": "round"},
             "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y},
                          "stroke": colour(), "detail": {"field": "line"}}},
            {"data": {"values": ends}, "mark": symbol(44),
             "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y},
                          "color": colour(), "shape": {"field": "shape", **AS_IS},
                          "description": {"field": "tip"}}},
            *(_texts(part, x, y) for part in _by_look(words)),
        ],
    )  # fmt: skip


def _pixels(domain: list[float]) -> Row:
    return {"type": "quantitative", "axis": None,
            "scale": {"domain": domain, "nice": False, "zero": False}}  # fmt: skip


def _panels(rows: list[Row], products: list[list[Row]], canvas: Canvas) -> list[Panel]:
    """Side by side on a screen, one below the other on a phone; one scale for all."""
    low, high = spread([100.0, *(row["level"] for row in rows)], share=0.04)
    pieces = sorted({row["pieces"] for row in rows}) or [1]
    abreast = 1 if canvas.narrow else max(len(products), 1)
    column = canvas.width / abreast
    tall = _HEIGHT[canvas.narrow]
    return [
        Panel(
            Track(pieces[0], max(pieces[-1], pieces[0] + 1), column * (at % abreast) + _LEFT,
                  column - _LEFT - _RIGHT - _GAP),
            Track(low, high, _HEAD + (at // abreast) * (tall + _HEAD + _FOOT), tall),
        )
        for at in range(len(products))
    ]  # fmt: skip


def _point(row: Row, panel: Panel, canvas: Canvas) -> Row:
    return {**panel.at(row["pieces"], row["level"]), "line": f"{row['sku']}|{row['store_id']}",
            "colour": canvas.look(row["store_id"]).colour}  # fmt: skip


def _ends(mine: list[Row], panel: Panel, canvas: Canvas) -> list[Row]:
    """The last point of each line, from the highest price down."""
    last = [list(rows)[-1] for _, rows in groupby(mine, lambda row: row["store_id"])]
    return sorted((_end(row, panel, canvas) for row in last), key=lambda end: end["y"])


def _names(ends: list[Row], panel: Panel) -> list[Row]:
    """The stores' names beside their lines: lines that end together share one label."""
    labels: list[Row] = []
    for end in ends:
        if labels and end["y"] - labels[-1]["y"] < _TOGETHER:
            labels[-1]["names"].append(end["name"])
        else:
            labels.append({"x": end["x"] + 9, "y": end["y"], "names": [end["name"]]})
    for before, label in pairwise(labels):
        label["y"] = max(label["y"], before["y"] + _APART)
    floor = panel.y.start + panel.y.length + 4
    for label in reversed(labels):
        label["y"] = min(label["y"], floor)
        floor = label["y"] - _APART
    return [_name(label) for label in labels]


def _name(label: Row) -> Row:
    names: list[str] = label["names"]
    more = len(names) - _NAMED
    shown = names if more <= 0 else [*names[: _NAMED - 1], f"+{more + 1}"]
    return {"x": label["x"], "y": label["y"], "look": "end", "text": " ".join(shown)}


def _end(row: Row, panel: Panel, canvas: Canvas) -> Row:
    look, price = canvas.look(row["store_id"]), canvas.value(row["price"], "price")
    name = canvas.phrases.say(lambda w: w.store(row["store_id"]))
    return {
        **panel.at(row["pieces"], row["level"]), "colour": look.colour, "shape": look.shape,
        "name": canvas.phrases.fitted(name, 4), "tip": f"{name} · {row['pieces']} · {price}",
    }  # fmt: skip


def _words(mine: list[Row], panel: Panel, canvas: Canvas) -> list[Row]:
    """The product's name above, the levels beside, the pieces below."""
    left, below = panel.x.start, panel.y.start + panel.y.length
    title = canvas.phrases.name(mine[0]["title"] or mine[0]["sku"])
    pieces = sorted({row["pieces"] for row in mine})
    head = {"x": left - 28, "y": panel.y.start - 13, "look": "head",
            "text": canvas.phrases.fitted(title, 22)}  # fmt: skip
    levels = [{"x": left - 6, "y": panel.height(tick), "look": "level", "text": f"{tick:.0f}"}
              for tick in panel.y.ticks(4)]  # fmt: skip
    counts = [{"x": panel.x.place(n), "y": below + 13, "look": "count", "text": str(n)}
              for n in pieces]  # fmt: skip
    unit = {"x": left + panel.x.length / 2, "y": below + 29, "look": "count",
            "text": canvas.phrases.text("chart.pieces")}  # fmt: skip
    return [head, *levels, *counts, unit]


_LOOKS: dict[str, Row] = {
    "head": {"align": "left", "fontWeight": "bold"},
    "level": {"align": "right", "fontSize": SMALL, "color": "var(--ink2)"},
    "count": {"align": "center", "fontSize": SMALL, "color": "var(--ink2)"},
    "end": {"align": "left", "fontSize": SMALL},
}


def _by_look(words: list[Row]) -> list[tuple[str, list[Row]]]:
    return [(look, [word for word in words if word["look"] == look]) for look in _LOOKS]


def _texts(part: tuple[str, list[Row]], x: Row, y: Row) -> Row:
    look, words = part
    return {
        "data": {"values": words},
        "mark": {"type": "text", "baseline": "middle", **_LOOKS[look]},
        "encoding": {"x": {"field": "x", **x}, "y": {"field": "y", **y},
                     "text": {"field": "text"}},
    }  # fmt: skip
