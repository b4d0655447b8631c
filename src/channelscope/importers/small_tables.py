"""Everything but orders: small exports → rows of one table each."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from channelscope.domain import Period
from channelscope.engine.duckdb import Session, to_frame
from channelscope.importers import figures, refunds, shelf, staging
from channelscope.importers.layout import VOCABULARY, ExportKind
from channelscope.importers.staging import Staged

_FIGURES = (ExportKind.DAILY, ExportKind.TRAFFIC, ExportKind.SERVICE, ExportKind.SETTLEMENT)
_SHELF = (ExportKind.ITEMS, ExportKind.PRICES)


def read(
    session: Session,
    staged: Sequence[Staged],
    *,
    store: str,
    shop: str | None,
    span: Period | None,
) -> dict[str, pl.DataFrame]:
    """Per table the rows of all its sheets; a later sheet wins."""
    found: dict[str, list[pl.DataFrame]] = {}
    for part in staged:
        for table, frame in _of_sheet(session, part, store=store, shop=shop, span=span).items():
            if not frame.is_empty():
                found.setdefault(table, []).append(frame)
    return {table: pl.concat(frames, how="diagonal_relaxed") for table, frames in found.items()}


def _of_sheet(
    session: Session,
    part: Staged,
    *,
    store: str,
    shop: str | None,
    span: Period | None,
) -> dict[str, pl.DataFrame]:
    kind = part.layout.kind
    words = (*VOCABULARY[kind], "item_key", "row")
    if kind in (ExportKind.ORDERS, ExportKind.LINES, ExportKind.NOT_USED):
        return {}
    frame = to_frame(staging.union(session, [part], words, shop=shop))
    if kind in _FIGURES:
        return figures.tables(frame, store=store, layout=part.layout, span=span)
    if kind in _SHELF:
        return shelf.tables(frame, store=store, layout=part.layout, span=span)
    return {"refunds": refunds.table(frame, store)}
