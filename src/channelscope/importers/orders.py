"""Order exports → exported lines: amounts apportioned, what is no sale marked with its reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from channelscope import sqlfile
from channelscope.engine.duckdb import Session
from channelscope.errors import UsageError
from channelscope.importers import canonical, staging
from channelscope.importers.layout import ExportKind
from channelscope.importers.staging import Staged

_COMMON = ("row", "sheet")
_ORDER = (*canonical.ORDER, *_COMMON, "layout")
_LINE = (*canonical.LINE, "state", "item_key", *_COMMON)  # a row's own status, where it has one


@dataclass(frozen=True, slots=True)
class Exported:
    """The lines of an import, as a Parquet file, what they are and what became of them.

    `without_lines`: by day the paid orders of which no file says what was bought.
    """

    path: Path
    items: pl.DataFrame
    summary: pl.DataFrame
    covered: pl.DataFrame
    without_lines: pl.DataFrame

    @property
    def sold(self) -> int:
        """Lines that are sales."""
        return int(self.summary.filter(pl.col("reason") == "sold")["lines"].sum())

    def items_of(self, store: str) -> pl.DataFrame:
        """The products of the export as rows of `items`."""
        return self.items.with_columns(pl.lit(store).alias("store_id"))


def exported(
    session: Session, staged: Sequence[Staged], *, shop: str | None, scratch: Path
) -> Exported | None:
    """The exported lines of the order sheets among `staged`; None when there is none."""
    orders = [part for part in staged if part.layout.kind is ExportKind.ORDERS]
    lines = [part for part in staged if part.layout.kind is ExportKind.LINES]
    if not orders and not lines:
        return None
    _require_partners(orders, lines)
    sources = [*orders, *(part for part in lines if part.layout.needs is None)]
    of_orders = staging.union(session, sources, _ORDER, shop=shop)
    of_orders.create_view("export_orders", replace=True)
    staging.union(session, lines, _LINE, shop=shop).create_view("export_lines", replace=True)
    _write(session, "known_orders", scratch, {})
    _write(session, "stated_lines", scratch, {})
    _write(session, "shared_lines", scratch, {})
    by_state = all(part.layout.refunds_by_state for part in lines)
    path = _write(session, "exported_lines", scratch, {"refunds_by_state": by_state})
    items = session.run(sqlfile.find("import/exported_items"))
    summary = session.run(sqlfile.find("import/line_summary"))
    covered = session.run(sqlfile.find("import/covered_days"))
    # Where one shop is asked for, a list may hold orders of others.
    alone = session.run(sqlfile.find("import/orders_without_lines"))
    alone = alone if orders and shop is None else alone.clear()
    return Exported(path, items, summary, covered, alone)


def _require_partners(orders: Sequence[Staged], lines: Sequence[Staged]) -> None:
    """A list of orders has no products, a list of their lines no payments."""
    for part in (*orders, *lines):
        there = lines if part.layout.kind is ExportKind.ORDERS else orders
        if part.layout.needs is not None and not there:
            what = "what was bought" if part.layout.kind is ExportKind.ORDERS else "what was paid"
            raise UsageError(
                f"{part.sheet.name} is a {part.layout.title}, which does not say {what}",
                expected="both exports of the same days in one import",
                advice=f"add the file with the {part.layout.needs.replace('_', ' ')} "
                f"of {part.layout.source}",
            )


def _write(session: Session, stem: str, scratch: Path, params: dict[str, object]) -> Path:
    path = scratch / f"{stem}.parquet"
    session.write(sqlfile.find(f"import/{stem}"), path, params, is_kept=stem == "exported_lines")
    session.connection.read_parquet(str(path)).create_view(stem, replace=True)
    return path
