"""F4.1: what decides the case? Each input alone at both ends, in money."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import (
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
)
from channelscope.report.charts.decision_rows import BLANK, input_label, prefix, several, spaced
from channelscope.report.charts.forest import line_at
from channelscope.report.decision_words import input_span, input_value
from channelscope.report.svg import Spec

_ROW = 30
_BAR = 17
_FEW = 5
"""Inputs of each candidate where there are several."""


def tornado(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per input: how much less and more it would leave than with everything likely."""
    known = records(frame)
    many = several(known)
    if many:
        known = [row for row in known if row["rank"] <= _FEW]
    rows = [_row(row, canvas, many=many) for row in known]
    parts = [part for row, source in zip(rows, known, strict=True)
             for part in _ends(row, source, canvas)]  # fmt: skip
    left = canvas.widest(row["label"] for row in rows) + 12 + BLANK
    room = 0 if canvas.narrow else canvas.widest((p["text"] for p in parts), SMALL) + 4
    width = canvas.width - left - 8
    ids = spaced(rows)
    span = spread([0.0, *(part["x"] for part in parts)], share=room / max(width - 2 * room, 1))
    x = number_axis(span, ticks=4, grid=True, labels=False)
    y = store_axis(ids, canvas)
    layers: list[Row] = [
        {
            "data": {"values": parts},
            "mark": {"type": "bar", "height": _BAR},
            "encoding": {"x": {"field": "x", **x}, "x2": {"datum": 0}, "y": y, "color": colour(),
                         "description": {"field": "tip"}},
        },
        line_at(0.0, "x", x),
        labels(rows, y, x=-12),
    ]  # fmt: skip
    if not canvas.narrow:
        layers += [_texts([p for p in parts if (p["x"] < 0) == below], x, y, below=below)
                   for below in (True, False)]  # fmt: skip
    return spec(width=width, height=_ROW * len(ids), padding=padding(left, 8, bottom=8),
                layer=layers)  # fmt: skip


def _texts(parts: list[Row], x: Row, y: Row, *, below: bool) -> Row:
    """The change beside the end of its bar."""
    return {
        "data": {"values": parts},
        "mark": {"type": "text", "align": "right" if below else "left", "baseline": "middle",
                 "dx": -5 if below else 5, "fontSize": SMALL},
        "encoding": {"x": {"field": "x", **x}, "y": y, "text": {"field": "text"}},
    }  # fmt: skip


def _row(row: Row, canvas: Canvas, *, many: bool) -> Row:
    phrases = canvas.phrases
    name = input_label(row, canvas)
    span = phrases.say(lambda w: input_span(w, row["low"], row["high"], row["unit"]))
    between = phrases.say(lambda _: "\u2003")
    label = prefix(row, canvas, several=many) + (
        phrases.fitted(name, 11) if canvas.narrow else name + between + span
    )
    key = f"{row['candidate_id']}|{row['input']}|{row['store_id'] or ''}"
    return {"row": key, "candidate": row["candidate_id"], "label": label,
            "tip": name + between + span}  # fmt: skip


def _ends(made: Row, row: Row, canvas: Canvas) -> list[Row]:
    """Both ends as changes against everything likely; two on one side stand one in the other."""
    found = []
    for end in ("low", "high"):
        change = row[f"at_{end}"] - row["base"]
        text = canvas.phrases.say(lambda w, c=change: w.numbers.change(c, "money"))  # type: ignore[misc]
        at = canvas.phrases.say(
            lambda w, e=end: input_value(w, row[e], row["unit"])  # type: ignore[misc]
        )
        found.append({
            "row": made["row"], "x": change, "text": text if change else "",
            "colour": "var(--pos)" if change > 0 else "var(--neg)",
            "tip": made["tip"] + canvas.phrases.say(lambda _: "\u2003") + at
            + canvas.phrases.say(lambda _: "\u2003") + text,
        })  # fmt: skip
    found.sort(key=lambda part: -abs(part["x"]))
    if found[0]["x"] * found[1]["x"] > 0:
        found[1]["text"] = ""  # both on one side: the smaller lies inside the larger
    return found
