"""Where the next orders are made: stores of the order before down, of the next order across."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridRow
from channelscope.report.grids.cells import UNKNOWN, store_heads

MORE, FEWER, STAYS = "k3", "k2", "ref"


def buyer_switches(speaker: Speaker, rows: list[Row]) -> Grid:
    """Share and chance; the stores of one scope together, nothing between two scopes."""
    shown = [row for row in rows if row["is_shown"]]
    stores = list(dict.fromkeys(row["from_store"] for row in shown))
    at = {(row["from_store"], row["to_store"]): row for row in shown}
    heads = store_heads(speaker, stores)
    words = speaker.words
    return Grid(
        words.text("figure.buyer_switches.title"),
        words.text("grid.buyer_switches.corner"),
        heads,
        tuple(
            GridRow(head, tuple(_cell(speaker, at.get((one, other))) for other in stores))
            for head, one in zip(heads, stores, strict=True)
        ),
    )


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return GridCell("")
    words = speaker.words
    if row["lift"] is None:
        reason = row["outcome_reason"]
        return GridCell(UNKNOWN.text, "", "few", words.texts.text_or(reason, reason))
    share, chance = (words.numbers.value(row[name], "rate") for name in ("share", "chance"))
    return GridCell(share, words.text("grid.buyer_switches.chance", share=chance), _shade(row))


def _shade(row: Row) -> str:
    """By the outcome; who stays is loyal, which is no exchange, and has a shade of its own."""
    if row["from_store"] == row["to_store"]:
        return STAYS
    if row["outcome"] == Outcome.DIFFERS:
        return MORE if row["lift"] > 1 else FEWER
    return "few" if row["outcome"] == Outcome.NOT_IDENTIFIABLE else ""
