"""Everything but orders: small exports → rows of one table each."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from channelscope.domain import Period
from channelscope.engine.duckdb import Session, to_frame
from channelscope.importers import figures, refunds, shelf, staging
from channelscope.importers.layout import VOCABULARY, ExportKind
from channelscope.importers.replacing import GRAINS
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
    """Per table the rows of all its sheets. Sheets of one layout are read together, so that a month
    in two files is one month; of two layouts that say the same the later one counts.
    """
    found: dict[str, list[pl.DataFrame]] = {}
    for stem in dict.fromkeys(part.stem for part in staged):
        parts = [part for part in staged if part.stem == stem]
        for table, frame in _of_layout(session, parts, store=store, shop=shop, span=span).items():
            if not frame.is_empty():
                found.setdefault(table, []).append(frame)
    return {table: _once(table, frames) for table, frames in found.items()}


def _once(table: str, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    rows = pl.concat(frames, how="diagonal_relaxed")
    return rows.unique(GRAINS[table], keep="last", maintain_order=True)


def _of_layout(
    session: Session,
    parts: Sequence[Staged],
    *,
    store: str,
    shop: str | None,
    span: Period | None,
) -> dict[str, pl.DataFrame]:
    layout = parts[0].layout
    if layout.kind in (ExportKind.ORDERS, ExportKind.LINES, ExportKind.NOT_USED):
        return {}
    words = (*VOCABULARY[layout.kind], "item_key", "row")
    frame = to_frame(staging.union(session, parts, words, shop=shop))
    if layout.kind in _FIGURES:
        return figures.tables(frame, store=store, layout=layout, span=span)
    if layout.kind in _SHELF:
        return shelf.tables(frame, store=store, layout=layout, span=span)
    return {"refunds": refunds.table(frame, store)}
