"""F6.5, F6.6: what each store's orders are bought for, and how far that is divided among stores."""

from __future__ import annotations

from collections.abc import Iterator

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN, bounds, shade, store_heads, stores_in
from channelscope.report.numbers import MISSING

_STEP = 0.10
"""Points of a share from one shade to the next."""
_INDEX_STEPS = (0.05, 0.20)
"""Indices from which a cell is a shade darker."""
_EVERYWHERE = "all"


def segment_shares(speaker: Speaker, rows: list[Row]) -> Grid:
    """Segments down by set, stores across; shaded where a share differs from that of all stores."""
    shown = [row for row in rows if row["is_shown"]]
    stores = stores_in(speaker, shown)
    words = speaker.words
    return Grid(
        words.text("figure.segment_shares.title"),
        words.text("column.segment"),
        (GridHead(words.text("chart.all_stores")), *store_heads(speaker, stores)),
        tuple(_of_sets(speaker, shown, stores)),
    )


def _of_sets(speaker: Speaker, shown: list[Row], stores: list[str]) -> Iterator[GridRow]:
    for name in dict.fromkeys(row["segment_set"] for row in shown):
        mine = [row for row in shown if row["segment_set"] == name]
        yield GridRow(GridHead(_set_name(speaker, mine[0])), ())
        at = {(row["segment"], row["store_id"]): row for row in mine}
        for segment in dict.fromkeys(row["segment"] for row in mine):
            usual = next(row for row in mine if row["segment"] == segment)["overall_share"]
            every = GridCell(speaker.words.numbers.value(usual, "rate"), css="ref")
            cells = (_share(speaker, at.get((segment, store))) for store in stores)
            yield GridRow(GridHead(speaker.words.segment(segment)), (every, *cells))


def _set_name(speaker: Speaker, row: Row) -> str:
    """The set by its name; behaviour is said to be none of the needs."""
    name = speaker.words.named("set", row["segment_set"])
    return name if row["is_need"] else speaker.words.text("grid.needs.behaviour", name=name)


def _share(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return UNKNOWN
    step = 1 + int(abs(row["share"] - row["overall_share"]) // _STEP)
    return GridCell(
        speaker.words.numbers.value(row["share"], "rate"),
        # Of none, the upper end says in which digits to write.
        bounds(speaker, {**row, "value": row["share"] or row["hi"]}, "rate"),
        shade(row["outcome"], step),
    )


def diversion(speaker: Speaker, rows: list[Row]) -> Grid:
    """Sets down, needs before behaviour; scopes of buyer ids across; the index and its interval."""
    scopes = sorted({row["scope"] for row in rows}, key=lambda name: (name != _EVERYWHERE, name))
    at = {(row["segment_set"], row["scope"]): row for row in rows}
    words = speaker.words
    return Grid(
        words.text("figure.diversion.title"),
        words.text("column.segment_set"),
        tuple(GridHead(words.scope(name)) for name in scopes),
        tuple(
            GridRow(GridHead(_set_name(speaker, row)), tuple(
                _index(speaker, at.get((name, scope))) for scope in scopes
            ))
            for name, row in {row["segment_set"]: row for row in rows}.items()
        ),
    )  # fmt: skip


def _index(speaker: Speaker, row: Row | None) -> GridCell:
    if row is None:
        return GridCell("")
    words = speaker.words
    if row["index"] is None:
        reason = row["outcome_reason"]
        return GridCell(
            MISSING, css="few", tip=words.texts.text_or(reason, reason) if reason else ""
        )
    step = 1 + sum(row["index"] >= limit for limit in _INDEX_STEPS)
    differs = row["outcome"] == Outcome.DIFFERS
    return GridCell(
        words.numbers.value(row["index"], "diversion"),
        bounds(speaker, {**row, "value": row["index"]}, "diversion"),
        shade(row["outcome"], step if differs else 1),
        tip=words.named("outcome", row["outcome"]),
    )
