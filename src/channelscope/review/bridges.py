"""The bridge from each base to the period: of every store, and of all as the sum of these."""

from __future__ import annotations

import polars as pl

from channelscope.dimensions._bridge import from_bases
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.review_tables import REVIEW_TABLES


def period_bridge(session: Session, scope: Scope) -> pl.DataFrame:
    """Rows of `period_bridge`."""
    schema = REVIEW_TABLES["period_bridge"]
    frames = [
        frame.with_columns(base=pl.lit(base.name)).select(schema.names())
        for base, frame in from_bases(session, scope)
    ]
    return pl.concat([pl.DataFrame(schema=schema), *frames])
