"""What grids have in common: stores across, cells shaded by what may be said."""

from __future__ import annotations

from collections.abc import Iterable

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import GridCell, GridHead, Mark
from channelscope.report.numbers import MISSING

UNKNOWN = GridCell(MISSING, css="few")


def store_heads(speaker: Speaker, stores: Iterable[str]) -> tuple[GridHead, ...]:
    """The stores as heads: sign and id; the platform would take too much room."""
    signs = (speaker.store_mark(store) for store in stores)
    return tuple(GridHead(sign.text, Mark(sign.token, sign.text)) for sign in signs)


def stores_in(speaker: Speaker, rows: Iterable[Row], column: str = "store_id") -> list[str]:
    """The stores of the rows in report order."""
    known = {row[column] for row in rows}
    return [store for store in speaker.facts.results.scope.store_ids if store in known]


def shade(outcome: str | None, step: int = 1) -> str:
    """The class of a cell by its outcome: shaded where it differs, muted where nothing is told."""
    if outcome == Outcome.DIFFERS:
        return f"k{min(max(step, 1), 3)}"
    return "few" if outcome in (None, Outcome.NOT_IDENTIFIABLE) else ""


def bounds(speaker: Speaker, row: Row, unit: str) -> str:
    """`[82.9, 86.6]`, nothing where the interval is not known."""
    if row["lo"] is None or row["hi"] is None:
        return ""
    return speaker.words.numbers.bounds(row["value"], row["lo"], row["hi"], unit)
