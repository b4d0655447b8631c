"""Orders held against the promotion rules: mechanisms down, stores across."""

from __future__ import annotations

from channelscope.mechanisms import CODES
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, bounds, store_heads, stores_in

STEPS = (0.01, 0.05, 0.20)
"""From these parts of the lines on that do not agree, a cell is shaded darker."""
FEW = 30


def reconcile(speaker: Speaker, rows: list[Row]) -> Grid:
    """The share of lines that agree: of all, of those without a discount, of each mechanism."""
    shown = [row for row in rows if row["is_shown"]]
    stores = stores_in(speaker, shown)
    at = {(row["mechanism"], row["store_id"]): row for row in shown}
    used = {row["mechanism"] for row in shown}
    words = speaker.words
    return Grid(
        words.text("figure.reconcile.title"),
        words.text("grid.reconcile.corner"),
        store_heads(speaker, stores),
        tuple(
            GridRow(GridHead(words.named("mechanism", code)), tuple(
                _cell(speaker, at.get((code, store))) for store in stores
            ))
            for code in ("all", "none", *CODES) if code in used
        ),
    )  # fmt: skip


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return GridCell("")
    words = speaker.words
    counted = _counted(speaker, row)
    if row["share"] is None:
        return GridCell(UNKNOWN.text, counted, "few")
    text = words.numbers.value(row["share"], "rate")
    inner = bounds(speaker, {**row, "value": row["share"]}, "rate")
    return GridCell(text, inner or counted, _shade(row), counted)


def _counted(speaker: Speaker, row: Row) -> str:
    """How many lines; where some do not agree, of how many: 99.99% is written 100%."""
    words, lines = speaker.words, speaker.words.numbers.plain(row["lines"])
    if not row["unreconciled"]:
        return words.text("grid.reconcile.lines", n=lines)
    off = words.numbers.plain(row["unreconciled"])
    return words.text("grid.reconcile.off", n=off, m=lines)


def _shade(row: Row) -> str:
    if row["lines"] < FEW:
        return "few"
    off = sum(row["unreconciled"] / row["lines"] >= step for step in STEPS)
    return f"k{off}" if off else ""
