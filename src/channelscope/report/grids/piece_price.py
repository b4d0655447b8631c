"""F4.6: what the gaps of the price per piece are due to: factors down, stores across."""

from __future__ import annotations

from channelscope.mechanisms import CODES
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.facts import is_sure
from channelscope.report.grids.cells import UNKNOWN, bounds, store_heads, stores_in

STEPS = (0.01, 0.05, 0.10)
"""Parts of the reference's price per piece from one shade to the next."""
_ORDER = ("mix", "exclusives", "goods", "list_price", "mechanism", "refunds")


def piece_price_gaps(speaker: Speaker, rows: list[Row]) -> Grid:
    """The price per piece and the whole gap of each store, then its factors."""
    words = speaker.words
    stores = stores_in(speaker, rows)
    first = {row["store_id"]: row for row in reversed(rows)}
    at = {(row["factor"], row["store_id"]): row for row in rows}
    factors = sorted({row["factor"] for row in rows}, key=_place)
    return Grid(
        words.text("figure.piece_price_gaps.title", reference=speaker.reference),
        words.text("column.factor"),
        store_heads(speaker, stores),
        (
            GridRow(
                GridHead(words.metric("piece_price")),
                tuple(_price(speaker, first[store]) for store in stores),
            ),
            GridRow(
                GridHead(words.text("grid.piece_price_gap")),
                tuple(_gap(speaker, first[store]) for store in stores),
            ),
            *(
                GridRow(
                    GridHead(words.named("factor", factor)),
                    tuple(_bar(speaker, at.get((factor, store))) for store in stores),
                )
                for factor in factors
            ),
        ),
    )


def _place(factor: str) -> tuple[int, int]:
    """Goods, list price, mechanisms in the order of the trade, refunds."""
    kind, _, code = factor.partition(":")
    known = CODES.index(code) if code in CODES else len(CODES)
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER), known


def _price(speaker: Speaker, row: Row) -> GridCell:
    return GridCell(speaker.words.numbers.value(row["store_price"], "price"))


def _gap(speaker: Speaker, row: Row) -> GridCell:
    """The judged difference, which knows the buyers who come back."""
    told = speaker.facts.difference("piece_price", row["store_id"])
    gap = row["store_price"] - row["reference_price"]
    detail = bounds(speaker, told, "price") if told and told["value"] is not None else ""
    return GridCell(speaker.words.numbers.change(gap, "price"), detail)


def _bar(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return UNKNOWN
    effect = row["price_effect"]
    part = abs(effect) / row["reference_price"] if row["reference_price"] else 0.0
    step = sum(part >= least for least in STEPS) if is_sure(row) else 0
    return GridCell(
        speaker.words.numbers.change(effect, "price"),
        bounds(speaker, {**row, "value": effect}, "price"),
        f"k{step}" if step else "" if is_sure(row) else "few",
    )
