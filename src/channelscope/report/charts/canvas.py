"""The common ground of all charts: a width, the stores' looks, the words, and the house's axes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from channelscope.report.looks import StoreLook
from channelscope.report.phrases import Phrases, cut
from channelscope.report.svg import Spec

FONT = 12
SMALL = 11
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Canvas:
    """What a chart is drawn on."""

    width: int
    narrow: bool
    looks: Mapping[str, StoreLook]
    reference_id: str
    phrases: Phrases

    def look(self, store_id: str) -> StoreLook:
        """How a store looks."""
        return self.looks[store_id]

    def label(self, store_id: str) -> str:
        """The store on an axis: id, kind and platform; the id alone on a phone."""
        look = self.looks[store_id]
        if self.narrow:
            return self.phrases.fitted(self.phrases.say(lambda w: w.store(store_id)), 9)
        if ":" in store_id:
            return self.phrases.say(lambda w: w.store(store_id))
        short = cut(store_id, 9)
        return self.phrases.say(lambda w: f"{short}\u2003{w.kind_and_platform(look)}")

    def value(self, value: float | None, unit: str) -> str:
        """A value as a phrase."""
        return self.phrases.say(lambda w: w.numbers.value(value, unit))

    def interval(self, row: Row, unit: str) -> str:
        """A value with its interval as a phrase."""
        return self.phrases.say(
            lambda w: w.numbers.interval(row["value"], row.get("lo"), row.get("hi"), unit)
        )

    def widest(self, phrases: Iterable[str], size: int = FONT) -> int:
        """The room in pixels that the longest of these phrases needs."""
        return int(max((self.phrases.width(p) for p in phrases), default=0) * size) + 6


def records(frame: pl.DataFrame) -> list[Row]:
    """The rows of a figure, decimals as floats."""
    decimals = [name for name, kind in frame.schema.items() if kind.is_decimal()]
    return frame.with_columns(pl.col(decimals).cast(pl.Float64)).to_dicts()


def store_order(frame: pl.DataFrame) -> list[str]:
    """The stores of a figure in report order: frames come sorted."""
    return frame["store_id"].unique(maintain_order=True).to_list()


def padding(left: float, right: float, top: float = 6, bottom: float = 28) -> dict[str, float]:
    """Room around the plot: fixed, so that no font of this machine moves anything."""
    return {"left": left, "right": right, "top": top, "bottom": bottom}


def spec(*, size: tuple[float, float] | None = None, **parts: Any) -> Spec:
    """A whole Vega-Lite spec in the house's dress; `size` of the drawing when it has many views."""
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "autosize": "none",
        "background": None,
        "usermeta": {"size": size or _size(parts)},
        **parts,
        "config": {
            "view": {"stroke": None},
            "axis": {
                "aria": False, "labelColor": "var(--ink2)", "titleColor": "var(--ink2)",
                "gridColor": "var(--grid)", "domain": False, "ticks": False, "labelFontSize": FONT,
                "titleFontSize": FONT, "titleFontWeight": "normal", "labelPadding": 6,
                "labelLimit": 0, "titleLimit": 0, "labelOverlap": False,
                "tickColor": "var(--grid2)", "domainColor": "var(--grid2)",
            },
            "text": {"fontSize": FONT, "color": "var(--ink)", "aria": False, "limit": 0},
            "rule": {"aria": False},
            "line": {"aria": False},
        },
    }  # fmt: skip


def _size(parts: Row) -> tuple[float, float]:
    room = parts["padding"]
    return (
        parts["width"] + room["left"] + room["right"],
        parts["height"] + room["top"] + room["bottom"],
    )


def store_axis(ids: list[str], canvas: Canvas) -> Row:
    """The y channel of one row per store; labels are drawn by `store_labels`."""
    return {
        "field": "row", "type": "nominal", "sort": ids, "axis": None,
        "scale": {"domain": ids, "paddingInner": 0, "paddingOuter": 0},
    }  # fmt: skip


def labels(data: list[Row], y: Row, *, x: float, field: str = "label", **mark: Any) -> Row:
    """A column of texts at a fixed x, right-aligned unless told otherwise."""
    return {
        "data": {"values": data},
        "mark": {"type": "text", "align": "right", "baseline": "middle", **mark},
        "encoding": {"x": {"value": x}, "y": y, "text": {"field": field}},
    }


def number_axis(domain: list[float], *, ticks: int, title: str | None = None, **axis: Any) -> Row:
    """The x channel's scale and axis; the same on every layer."""
    return {
        "type": "quantitative",
        "scale": {"domain": domain, "zero": False, "nice": False},
        "axis": {"title": title, "tickCount": ticks, **axis},
    }


def spread(values: Iterable[float | None], *, share: float = 0.06) -> list[float]:
    """The span of the known values with a little air on both sides."""
    known = [value for value in values if value is not None]
    low, high = (min(known), max(known)) if known else (0.0, 1.0)
    air = (high - low or abs(high) or 1.0) * share
    return [low - air, high + air]


AS_IS: Row = {"scale": None, "type": "nominal"}
"""A channel whose field already holds the colour or the shape."""


def colour(field: str = "colour") -> Row:
    """A colour channel that takes the CSS variable from the row."""
    return {"field": field, **AS_IS}


def symbol(size: int = 70) -> Row:
    """The mark of a store: its kind's shape, filled, with a rim in the colour of the card."""
    return {"type": "point", "filled": True, "size": size, "stroke": "var(--card)",
            "strokeWidth": 0.8, "opacity": 1}  # fmt: skip
