"""Who moves first: leaders down, followers across."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridRow
from channelscope.report.grids.cells import UNKNOWN, shade, store_heads, stores_in


def price_leads(speaker: Speaker, rows: list[Row]) -> Grid:
    """How many of a store's price changes each other store makes within a week after it."""
    shown = [row for row in rows if row["is_shown"]]
    ends = [*stores_in(speaker, shown, "leader_id"), *stores_in(speaker, shown, "follower_id")]
    stores = [s for s in speaker.facts.results.scope.store_ids if s in ends]
    at = {(row["leader_id"], row["follower_id"]): row for row in shown}
    heads = store_heads(speaker, stores)
    words = speaker.words
    return Grid(
        words.text("figure.price_leads.title"),
        words.text("grid.price_leads.corner"),
        heads,
        tuple(
            GridRow(head, tuple(
                GridCell("") if leader == follower else _cell(speaker, at.get((leader, follower)))
                for follower in stores
            ))
            for head, leader in zip(heads, stores, strict=True)
        ),
    )  # fmt: skip


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return UNKNOWN
    numbers = speaker.words.numbers
    return GridCell(
        f"{numbers.plain(row['followed'])}/{numbers.plain(row['changes'])}",
        css=shade(row["outcome"], 3),
    )
