"""Who bears the discounts: stores down, store, platform and not known across."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, store_heads, stores_in
from channelscope.report.headings.by_funding import platform_bears

FUNDERS = ("merchant", "platform", "unknown")


def funding_split(speaker: Speaker, rows: list[Row]) -> Grid:
    """Shares of the discount money, and of the list value below."""
    words = speaker.words
    stores = stores_in(speaker, rows)
    at = {(row["store_id"], row["funder"]): row for row in rows}
    sure = platform_bears(speaker.facts)
    return Grid(
        words.text("figure.funding_split.title"),
        words.text("column.store_id"),
        tuple(GridHead(words.text(f"grid.funding_split.{funder}")) for funder in FUNDERS),
        tuple(
            GridRow(head, tuple(
                _cell(speaker, at.get((store, funder)), funder == "platform" and store in sure)
                for funder in FUNDERS
            ))
            for head, store in zip(store_heads(speaker, stores), stores, strict=True)
        ),
        wraps=True,
    )  # fmt: skip


def _cell(speaker: Speaker, row: Row | None, is_sure: bool) -> GridCell:
    if row is None or row["share_of_discount"] is None:
        return UNKNOWN
    words, numbers = speaker.words, speaker.words.numbers
    lines: list[str] = []
    if row["discount_amount"]:
        of_list = numbers.value(row["share_of_list"], "rate")
        lines.append(words.text("grid.funding_split.list", share=of_list))
    if row["usual_share"]:
        usual = numbers.value(row["usual_share"], "rate")
        lines.append(words.text("grid.funding_split.usual", share=usual))
    css = "k2" if is_sure else ""
    return GridCell(numbers.value(row["share_of_discount"], "rate"), "\n".join(lines), css)
