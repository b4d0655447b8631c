"""F5.1: which part of its sales a candidate would take from each own store."""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import AS_IS, Canvas, Row, records, symbol
from channelscope.report.charts.decision_rows import prefix, ranges, several
from channelscope.report.svg import Spec


def own_losses(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per candidate and store: the share and its range."""
    known = [row for row in records(frame) if row["share"] is not None]
    rows = [_row(row, canvas, many=several(known)) for row in known]
    return ranges(
        rows, canvas, field="share", point=symbol(), shape={"field": "shape", **AS_IS},
        axis={"ticks": 3 if canvas.narrow else 6, "format": ".0%"},
    )  # fmt: skip


def _row(row: Row, canvas: Canvas, *, many: bool) -> Row:
    look = canvas.look(row["store_id"])
    bounds = {"value": row["share"], "lo": row["share_lo"], "hi": row["share_hi"]}
    label = prefix(row, canvas, several=many) + canvas.label(row["store_id"])
    told = canvas.interval(bounds, "rate")
    return {
        "row": f"{row['candidate_id']}|{row['store_id']}", "candidate": row["candidate_id"],
        "label": label, "share": row["share"], "lo": row["share_lo"], "hi": row["share_hi"],
        "text": canvas.value(row["share"], "rate") if canvas.narrow else told,
        "colour": look.colour, "shape": look.shape,
        "tip": label + canvas.phrases.say(lambda _: "\u2003") + told,
    }  # fmt: skip
