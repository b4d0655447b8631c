"""Price architecture: categories down, stores across, three shares in each cell."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, shade, store_heads, stores_in

_SHARES = ("entry_share", "middle_share", "premium_share")


def price_tiers(speaker: Speaker, rows: list[Row]) -> Grid:
    """Entry, middle and premium share of each store's sales by category."""
    shown = [row for row in rows if row["is_shown"]]
    stores = stores_in(speaker, shown)
    at = {(row["category"], row["store_id"]): row for row in shown}
    firsts = {row["category"]: row for row in reversed(shown)}
    words = speaker.words
    return Grid(
        words.text("figure.price_tiers.title"),
        words.text("column.category"),
        store_heads(speaker, stores),
        tuple(
            GridRow(_head(speaker, firsts[category]), tuple(
                _cell(speaker, at.get((category, store))) for store in stores
            ))
            for category in dict.fromkeys(row["category"] for row in shown)
        ),
    )  # fmt: skip


def _head(speaker: Speaker, row: Row) -> GridHead:
    """The category, and between which prices its middle lies."""
    words = speaker.words
    name = words.category(row["category"])
    if row["entry_to"] is None:
        return GridHead(words.text("grid.price_tiers.none", category=name))
    low, high = (words.numbers.value(row[end], "price") for end in ("entry_to", "premium_from"))
    return GridHead(words.text("grid.price_tiers.head", category=name, low=low, high=high))


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return UNKNOWN
    words, numbers = speaker.words, speaker.words.numbers
    skus = words.text("grid.skus", n=numbers.plain(row["skus"]), n_raw=row["skus"])
    if row["premium_share"] is None:
        return GridCell(UNKNOWN.text, skus, "few")
    text = "/".join(numbers.plain(100 * row[name]) for name in _SHARES)
    own = row["store_id"] == speaker.facts.reference_id
    return GridCell(text, skus, "ref" if own else shade(row["outcome"], 2))
