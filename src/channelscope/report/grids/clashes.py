"""F3.5: which stores promote the same products by different mechanisms."""

from __future__ import annotations

from channelscope.registry import OFTEN, PIECE_GAP
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridRow
from channelscope.report.grids.cells import UNKNOWN, store_heads

_LARGE = (OFTEN, 0.5)
"""Shares of the common product-days from which a cell is a shade darker."""


def clashes(speaker: Speaker, rows: list[Row]) -> Grid:
    """Share of common product-days in clash; below it the row store's price against the other's."""
    shown = [row for row in rows if row["is_shown"]]
    ends = {row[end] for row in shown for end in ("store_a", "store_b")}
    stores = [store for store in speaker.facts.results.scope.store_ids if store in ends]
    found = {(row["store_a"], row["store_b"]): row for row in shown}
    heads = store_heads(speaker, stores)
    words = speaker.words
    return Grid(
        words.text("figure.clashes.title"),
        words.text("column.store_id"),
        heads,
        tuple(
            GridRow(head, tuple(_cell(speaker, found, one, other) for other in stores))
            for head, one in zip(heads, stores, strict=True)
        ),
    )


def _cell(speaker: Speaker, found: dict[tuple[str, str], Row], one: str, other: str) -> GridCell:
    row = found.get((one, other)) or found.get((other, one))
    if one == other or row is None:
        return UNKNOWN if one != other else GridCell("", css="ref")
    numbers = speaker.words.numbers
    share = numbers.value(row["share"], "rate")
    if row["gap"] is None:
        return GridCell(share, css="few")
    # The gap is that of the second store against the first.
    ratio = 1 + row["gap"]
    if row["store_b"] != one:
        ratio = 1 / ratio if ratio else None  # of a piece that costs nothing there is no ratio
    shade = 1 + sum(row["share"] >= limit for limit in _LARGE)
    return GridCell(
        share,
        detail="" if ratio is None else numbers.value(100 * ratio, "index"),
        css=f"k{shade}" if abs(row["gap"]) >= PIECE_GAP else "",
        tip=" · ".join(_named(speaker, row, end, one) for end in ("a", "b")),
    )  # fmt: skip


def _named(speaker: Speaker, row: Row, end: str, one: str) -> str:
    names = (speaker.words.named("mechanism", code) for code in row[f"mechanism_{end}"].split("+"))
    return f"{speaker.words.store(row[f'store_{end}'])}: {' + '.join(names)}"
