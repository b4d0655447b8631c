"""Rows of a forest that several candidates share: one blank row between them."""

from __future__ import annotations

from collections.abc import Iterable

from channelscope.report.charts.canvas import Canvas, Row
from channelscope.report.decision_words import input_name

BLANK = 10
"""A wide blank in a label takes more room than it is measured by."""


def spaced(rows: Iterable[Row]) -> list[str]:
    """The row ids in their order, a blank one wherever another candidate begins."""
    found: list[str] = []
    before = None
    for row in rows:
        if before is not None and row["candidate"] != before:
            found.append(f"{before}|")
        found.append(row["row"])
        before = row["candidate"]
    return found


def prefix(row: Row, canvas: Canvas, *, several: bool) -> str:
    """The candidate before a label, where there are several."""
    if not several:
        return ""
    between = canvas.phrases.say(lambda _: "\u2003")
    return canvas.phrases.fitted(canvas.phrases.name(row["candidate_id"]), 9) + between


def several(rows: Iterable[Row]) -> bool:
    """Whether more than one candidate is shown."""
    return len({row["candidate_id"] for row in rows}) > 1


def input_label(row: Row, canvas: Canvas) -> str:
    """An input by name, with its store where it is of one."""
    return canvas.phrases.say(lambda w: input_name(w, row["input"], row["store_id"]))
