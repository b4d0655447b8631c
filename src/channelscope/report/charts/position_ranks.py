"""F2.2: which goods, price level and promotions would leave the most?"""

from __future__ import annotations

import polars as pl

from channelscope.report.charts.canvas import Canvas, Row, records
from channelscope.report.charts.decision_rows import prefix, ranges, several
from channelscope.report.decision_words import position_name
from channelscope.report.svg import Spec

_GOOD, _OTHER = "var(--ac)", "var(--grid2)"


def position_ranks(frame: pl.DataFrame, canvas: Canvas) -> Spec:
    """One row per position: contribution and its range; pale where the best is surely better."""
    known = records(frame)
    rows = [_row(row, canvas, many=several(known)) for row in known]
    point: Row = {"type": "point", "filled": True, "size": 60, "opacity": 1}
    return ranges(rows, canvas, field="contribution", point=point,
                  axis={"ticks": 4, "labels": False}, bottom=8, opacity=1)  # fmt: skip


def _row(row: Row, canvas: Canvas, *, many: bool) -> Row:
    label = prefix(row, canvas, several=many) + canvas.phrases.say(lambda w: position_name(w, row))
    bounds = {"value": row["contribution"], "lo": row["contribution_lo"],
              "hi": row["contribution_hi"]}  # fmt: skip
    told = canvas.interval(bounds, "money")
    return {
        "row": f"{row['candidate_id']}|{row['position']}", "candidate": row["candidate_id"],
        "label": canvas.phrases.fitted(label, 12) if canvas.narrow else label,
        "contribution": row["contribution"], "lo": row["contribution_lo"],
        "hi": row["contribution_hi"],
        "text": canvas.value(row["contribution"], "money") if canvas.narrow else told,
        "colour": _GOOD if row["is_as_good"] else _OTHER,
        "tip": label + canvas.phrases.say(lambda _: "\u2003") + told,
    }  # fmt: skip
