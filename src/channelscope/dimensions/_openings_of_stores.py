"""What past openings did: a description and an estimate, two different quantities."""

from __future__ import annotations

import polars as pl

from channelscope.dimensions._opening_history import history_rows
from channelscope.dimensions._opening_panel import panel_rows
from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session

FIGURES = (
    Figure("F6.7", "source_of_volume", "consumers/source_of_volume", "source_of_volume"),
    Figure("F6.8", "opening_path", "consumers/opening_path", "opening_path"),
)


def rows(session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
    """Rows of `openings` by both methods, and of `opening_weeks`."""
    estimated = panel_rows(session, scope)
    described = history_rows(session, scope)
    return {**estimated, "openings": pl.concat([described, estimated["openings"]])}
