"""F2.3, F2.4: where a price level holds, and what it rests on."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import part_name
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, bounds, shade, store_heads, stores_in
from channelscope.report.numbers import MISSING

_STEP = 5.0
"""Points of the index from one shade to the next."""


def category_levels(speaker: Speaker, rows: list[Row]) -> Grid:
    """All goods, each category, and packs by their content, down; stores across."""
    words = speaker.words
    stores = [
        store
        for store in stores_in(speaker, rows)
        if any(row["store_id"] == store and row["value"] is not None for row in rows)
    ]
    found = {(row["category"], row["unit"], row["store_id"]): row for row in rows}
    told = [
        row
        for row in rows
        if row["store_id"] != speaker.facts.reference_id
        and row["outcome"] not in (None, Outcome.NOT_IDENTIFIABLE)
    ]
    parts = dict.fromkeys((row["category"], row["unit"]) for row in told)
    return Grid(
        label=words.text("figure.category_levels.title"),
        corner=words.text("column.category"),
        heads=store_heads(speaker, stores),
        rows=tuple(
            GridRow(
                GridHead(part_name(speaker, category, unit)),
                tuple(_level(speaker, found[category, unit, store]) for store in stores),
            )
            for category, unit in parts
        ),
    )


def _level(speaker: Speaker, row: Row) -> GridCell:
    words = speaker.words
    if row["store_id"] == speaker.facts.reference_id:
        return GridCell(words.numbers.value(row["value"], "index"), css="ref")
    if row["value"] is None:
        reason = row["outcome_reason"]
        return GridCell(
            MISSING, css="few", tip=words.texts.text_or(reason, reason) if reason else ""
        )
    away = abs(row["value"] - 100)
    return GridCell(
        words.numbers.value(row["value"], "index"),
        detail=bounds(speaker, row, "index"),
        css=shade(row["outcome"], int(away // _STEP)),
        tip=words.named("outcome", row["outcome"]),
    )


def price_links(speaker: Speaker, rows: list[Row]) -> Grid:
    """Products matched of every two stores; shaded where that links their levels."""
    ends = {row[end] for row in rows for end in ("store_a", "store_b")}
    stores = [store for store in speaker.facts.results.scope.store_ids if store in ends]
    found = {(row["store_a"], row["store_b"]): row for row in rows}
    words = speaker.words
    return Grid(
        label=words.text("figure.price_links.title"),
        corner=words.text("column.store_id"),
        heads=store_heads(speaker, stores),
        rows=tuple(
            GridRow(head, tuple(_link(speaker, found, one, other) for other in stores))
            for head, one in zip(store_heads(speaker, stores), stores, strict=True)
        ),
    )


def _link(speaker: Speaker, found: dict[tuple[str, str], Row], one: str, other: str) -> GridCell:
    """How many products, and which part of the row's store's sales they are."""
    row = found.get((one, other)) or found.get((other, one))
    if row is None:
        return UNKNOWN if one != other else GridCell("", css="ref")
    if row["share_a"] is None and row["share_b"] is None:
        # No price of one of them on this rung: nothing to match is not nothing in common.
        return UNKNOWN
    numbers = speaker.words.numbers
    share = row["share_a" if row["store_a"] == one else "share_b"]
    return GridCell(
        numbers.value(row["matched_skus"], "count"),
        detail="" if share is None else numbers.value(share, "rate"),
        css="k1" if row["is_linked"] else "few",
    )
