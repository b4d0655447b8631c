"""F3.1: by which mechanisms does each store discount? Shares of its list value, 0 to 1."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
    SMALL,
    Canvas,
    Row,
    labels,
    number_axis,
    padding,
    records,
    spec,
    store_axis,
    store_order,
)
from channelscope.report.svg import Spec

NONE, UNEXPLAINED, REST = "none", "unexplained", "rest"
_ROW = 28
_SHADES = ("q5", "q4", "q3", "q2")
_SHOWN = len(_SHADES)


def ranked_mechanisms(frame: pl.DataFrame) -> list[str]:
    """The mechanisms that get a shade of their own: the largest over all stores."""
    totals = (
        frame.filter(~pl.col("mechanism").is_in([NONE, UNEXPLAINED]))
        .group_by("mechanism")
        .agg(pl.col("share_of_list").sum())
        .sort(["share_of_list", "mechanism"], descending=[True, False])
    )
    return totals["mechanism"].to_list()[:_SHOWN]


def shade_of(mechanism: str, ranked: list[str]) -> str:
    """The colour token of a mechanism."""
    if mechanism in ranked:
        return _SHADES[ranked.index(mechanism)]
    return {NONE: "tint", UNEXPLAINED: "warn"}.get(mechanism, "ac")


def mechanism_mix(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One bar per store; the mechanism's name inside where there is room for it."""
    ranked = ranked_mechanisms(frame)
    stores = store_order(frame)
    left = canvas.widest(canvas.label(store) for store in stores) + 14
    width = canvas.width - left - 14
    rows = records(frame)
    parts = [p for s in stores for p in _parts([r for r in rows if r["store_id"] == s], ranked)]
    drawn = [_drawn(part, ranked, width, canvas) for part in parts]
    x = number_axis([0, 1], ticks=5, grid=False, format="%")
    y = store_axis(stores, canvas)
    names = [{"row": store, "label": canvas.label(store)} for store in stores]
    middle = {"field": "middle", **x}
    return spec(
        width=width,
        height=_ROW * len(stores),
        padding=padding(left, 14),
        layer=[
            {"data": {"values": drawn},
             "mark": {"type": "bar", "height": {"band": 0.74}, "stroke": "var(--card)"},
             "encoding": {"x": {"field": "start", **x}, "x2": {"field": "end"}, "y": y,
                          "fill": {"field": "fill", "type": "nominal", "scale": None},
                          "description": {"field": "tip"}}},
            {"data": {"values": [d for d in drawn if d["text"]]},
             "mark": {"type": "text", "baseline": "middle", "fontSize": SMALL},
             "encoding": {"x": middle, "y": y, "text": {"field": "text"},
                          "color": {"field": "ink", "type": "nominal", "scale": None}}},
            labels(names, y, x=-12),
        ],
    )  # fmt: skip


def _parts(rows: list[Row], ranked: list[str]) -> list[Row]:
    """A store's bar in fixed order; small mechanisms joined, so that they can be seen."""
    shares = {row["mechanism"]: row["share_of_list"] or 0.0 for row in rows}
    rest = sum(s for code, s in shares.items() if code not in (*ranked, NONE, UNEXPLAINED))
    order = [*ranked, REST, UNEXPLAINED, NONE]
    shares[REST] = rest
    parts, start = [], 0.0
    for code in order:
        share = shares.get(code, 0.0)
        if share > 0:
            parts.append({"row": rows[0]["store_id"], "code": code, "share": share,
                          "start": start, "end": start + share})  # fmt: skip
            start += share
    return parts


def _drawn(part: Row, ranked: list[str], width: float, canvas: Canvas) -> Row:
    code = part["code"]
    name = canvas.phrases.text(f"mechanism.{code}")
    share = canvas.value(part["share"], "percent")
    room = part["share"] * width - 8
    both = f"{name} {share}"
    fitting = [t for t in (both, name, share) if canvas.phrases.width(t) * SMALL <= room]
    token = shade_of(code, ranked)
    return {
        **part, "fill": f"var(--{token})", "middle": (part["start"] + part["end"]) / 2,
        "text": fitting[0] if fitting else "",
        "ink": "var(--ink)" if token in ("q2", "q3", "tint") else "var(--qhot)",
        "tip": canvas.phrases.say(lambda w: w.store(part["row"])) + f" · {both}",
    }  # fmt: skip
