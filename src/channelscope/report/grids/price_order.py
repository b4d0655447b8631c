"""The price order: products down, stores across, days below the suggested price in the cells."""

from __future__ import annotations

from channelscope.mechanisms import Funder
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, bounds, store_heads, stores_in
from channelscope.report.headings.by_order import shown
from channelscope.report.numbers import NBSP
from channelscope.report.wording import plain_name

STEPS = (1 / 3, 2 / 3)
"""From these shares of days on, a gap of the platform's is shaded darker."""


def price_order(speaker: Speaker, rows: list[Row]) -> Grid:
    """Own gaps are marked as such; those of the platform's money are shaded, no warning."""
    stores = stores_in(speaker, rows)
    by_rank: dict[int, dict[str, Row]] = {}
    for row in rows:
        by_rank.setdefault(row["rank"], {})[row["store_id"]] = row
    return Grid(
        label=speaker.words.text("figure.price_order.title"),
        corner=speaker.words.text("column.title"),
        heads=store_heads(speaker, stores),
        rows=tuple(
            GridRow(_head(speaker, next(iter(told.values()))),
                    tuple(_cell(speaker, told.get(store)) for store in stores))
            for _, told in sorted(by_rank.items())
        ),
        wraps=True,
    )  # fmt: skip


def _head(speaker: Speaker, row: Row) -> GridHead:
    if row["rank"] == 0:
        return GridHead(speaker.words.text("grid.all_products"))
    return GridHead(plain_name(row["title"] or row["sku"]))


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return UNKNOWN
    low = row["days_gap"] if row["days_below"] is None else row["days_below"]
    if row["rank"] == 0 and row["share"] is not None:
        return _all(speaker, row)
    days = speaker.words.text("grid.days", n=speaker.words.numbers.plain(low))
    return GridCell(days, _why(speaker, row) if low else "", _shade(row))


def _all(speaker: Speaker, row: Row) -> GridCell:
    """The share of all product-days; shaded only where it is surely more than what matters."""
    facts, store = speaker.facts, row["store_id"]
    measured = facts.metric("below_suggested_share")[store]
    sure = store in shown(facts, "below_suggested_share")
    return GridCell(
        speaker.words.numbers.value(row["share"], "rate"),
        _why(speaker, row) if row["days_below"] else "",
        _shade(row) if sure else "",
        bounds(speaker, measured, "rate"),
    )


def _why(speaker: Speaker, row: Row) -> str:
    """`at 94.6% of it`, `markdown`, `the store` on three lines: how deep, by what, whose money."""
    words = speaker.words
    depth = []
    if row["depth"] is not None:
        at = words.numbers.value(1 - row["depth"], "rate")
        depth = [words.text("grid.price_order.depth", share=at).replace(" ", NBSP)]
    funder = [words.named("funder", row["funder"])] if row["funder"] else []
    return "\n".join([*depth, words.named("cause", row["cause_mechanism"]), *funder])


def _shade(row: Row) -> str:
    """`own` where half of the days are the store's own; steps by share where the platform's are.

    A group may have both: each part is measured by itself.
    """
    if not row["share"] or not row["days_below"]:
        return ""
    own = row["share"] * row["days_own"] / row["days_below"]
    if row["funder"] == Funder.PLATFORM:
        return f"k{1 + sum(row['share'] - own >= step for step in STEPS)}"
    return "own" if row["funder"] and 2 * own >= 1 else ""
