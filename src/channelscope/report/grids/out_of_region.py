"""Goods shipped outside a store's regions: stores down, where most of them went across."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, bounds, store_heads, stores_in
from channelscope.report.wording import plain_name


def out_of_region(speaker: Speaker, rows: list[Row]) -> Grid:
    """The share that went outside, and the regions to which most of it went."""
    words = speaker.words
    stores = stores_in(speaker, rows)
    most = max(row["rank"] for row in rows)
    at = {(row["store_id"], row["rank"]): row for row in rows}
    heads = [words.text("grid.out_of_region.all")]
    heads += [words.text("grid.out_of_region.rank", n=words.numbers.plain(rank + 1))
              for rank in range(most)]  # fmt: skip
    return Grid(
        words.text("figure.out_of_region.title"),
        words.text("column.store_id"),
        tuple(GridHead(head) for head in heads),
        tuple(
            GridRow(head, tuple(_cell(speaker, at.get((store, rank))) for rank in range(most + 1)))
            for head, store in zip(store_heads(speaker, stores), stores, strict=True)
        ),
    )


def left_out(speaker: Speaker, rows: list[Row]) -> list[str]:
    """Why nothing is told of a store, and which of its regions no delivery names."""
    words, said = speaker.words, []
    for row in rows:
        store = words.store(row["store_id"])
        if row["unknown_regions"]:
            regions = plain_name(row["unknown_regions"])
            said.append(words.text("grid.out_of_region.spelled", store=store, regions=regions))
        elif row["outcome_reason"]:
            reason = words.texts.text_or(row["outcome_reason"], row["outcome_reason"])
            said.append(words.text("grid.out_of_region.unknown", store=store, reason=reason))
    return said


def _cell(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return GridCell("")
    if row["share"] is None:
        return UNKNOWN
    share = speaker.words.numbers.value(row["share"], "rate")
    if row["rank"] == 0:
        return GridCell(share, bounds(speaker, {**row, "value": row["share"]}, "rate"))
    return GridCell(plain_name(row["ship_region"]), share)
