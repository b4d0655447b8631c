"""The sheets of an import as typed Parquet files in a scratch folder, and what is wrong in them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, FunctionExpression

from channelscope.engine.duckdb import Session
from channelscope.errors import DataError, UsageError, did_you_mean
from channelscope.importers import quirks
from channelscope.importers.cells import Reader
from channelscope.importers.expressions import constant
from channelscope.importers.layout import VOCABULARY, ExportKind, Layout
from channelscope.importers.sheets import Sheet, reading

Recognised = tuple[Sheet, str, Layout]
"""A sheet, the stem of its layout, and the layout."""

_TELLS = {
    "refunds": ("order_refunded", "line_refunded", "line_state"),
    "platform_money": ("order_platform", "line_platform"),
    "buyers": ("buyer_id",),
    "ship_regions": ("ship_region",),
    "merchant_codes": ("sku_code",),
}
"""What a reader wants to know, and the words of which one at least says it."""


@dataclass(frozen=True, slots=True)
class Staged:
    """One sheet, read. `unknown_states`: statuses the mapping does not know, with their rows;
    `unknown_columns`: columns it does not know, which were not read;
    `lacking`: what this file cannot tell although its kind could, for columns are missing."""

    sheet: Sheet
    stem: str
    layout: Layout
    path: Path
    rows: int
    unknown_states: tuple[tuple[str, int], ...]
    shop: str | None
    lacking: tuple[str, ...]
    unknown_columns: tuple[str, ...]


def stage(
    session: Session,
    sheets: Sequence[Recognised],
    *,
    secret: str,
    shop: str | None,
    scratch: Path,
) -> list[Staged]:
    """Every sheet as a Parquet file; DataError when cells cannot be read or shops are mixed."""
    staged = []
    others = {stem: sheet for sheet, stem, layout in sheets if layout.kind is ExportKind.NOT_USED}
    for index, (sheet, stem, layout) in enumerate(sheets):
        if stem in others:
            continue
        path = scratch / f"sheet-{index}.parquet"
        with reading([sheet]):
            raw = opened(session, sheet, layout, others)
            zone = _zone(Reader(layout, raw.columns, secret), raw, shop)
            reader = Reader(layout, raw.columns, secret, zone=zone, index=index)
            reader.typed(raw).write_parquet(str(path), compression="snappy")
            rows = session.connection.read_parquet(str(path))
            if rows.filter(ColumnExpression("is_bad")).limit(1).fetchall():
                faults = list(reader.faults(raw, sheet.name))
                raise DataError.gathered(f"{sheet.name} has cells that cannot be read", faults)
            staged.append(_staged(reader, rows, sheet, stem=stem, path=path, shop=shop))
    return staged


def opened(
    session: Session, sheet: Sheet, layout: Layout, others: Mapping[str, Sheet] | None = None
) -> duckdb.DuckDBPyRelation:
    """The rows of a sheet as text, after the quirks of its layout. `others`: files beside it."""
    relation = sheet.relation(session.connection)
    for name in layout.quirks:
        beside = {stem: one.relation(session.connection) for stem, one in (others or {}).items()}
        relation = quirks.apply(name, relation, beside)
    return relation


def _zone(reader: Reader, raw: duckdb.DuckDBPyRelation, shop: str | None) -> str | None:
    layout = reader.layout
    if not layout.zones:
        return layout.time_zone
    if shop is None and "shop" in reader.used():
        found = {row[0] for row in _shops(reader.typed(raw))}
        shop = next(iter(found)) if len(found) == 1 else None
    return layout.zones.get(shop or "", layout.time_zone)


def _shops(relation: duckdb.DuckDBPyRelation) -> list[tuple[str, int]]:
    counted = relation.filter(ColumnExpression("shop").isnotnull()).aggregate(
        [ColumnExpression("shop"), FunctionExpression("count").alias("n")]
    )
    return [(str(name), int(n)) for name, n in counted.order("shop").fetchall()]


def _staged(
    reader: Reader,
    rows: duckdb.DuckDBPyRelation,
    sheet: Sheet,
    *,
    stem: str,
    path: Path,
    shop: str | None,
) -> Staged:
    found = None
    if "shop" in VOCABULARY[reader.layout.kind]:
        found = _one_shop(_shops(rows), shop, sheet)
    unknown = rows.filter(ColumnExpression("state_text").isnotnull()).aggregate(
        [ColumnExpression("state_text"), FunctionExpression("count").alias("n")]
    )
    states = Counter({str(text): int(n) for text, n in unknown.fetchall()})
    return Staged(
        sheet, stem, reader.layout, path, int(rows.shape[0]), tuple(states.most_common()), found,
        _lacking(reader), tuple(name for name in sheet.header if reader.of(name) is None),
    )  # fmt: skip


def _lacking(reader: Reader) -> tuple[str, ...]:
    used = reader.used()
    promised = {c.to for c in reader.layout.header.values()} | set(reader.layout.sums)
    return tuple(
        what
        for what, words in _TELLS.items()
        if promised & set(words) and not set(words) & set(used)
    )


def _one_shop(shops: Sequence[tuple[str, int]], asked: str | None, sheet: Sheet) -> str | None:
    names = [name for name, _ in shops]
    if asked is not None:
        if names and asked not in names:
            raise UsageError(
                f"{sheet.name} has no rows of a shop '{asked}'",
                where="--shop",
                expected=f"one of {', '.join(names[:5])}",
                advice=did_you_mean(asked, names),
            )
        return asked
    if len(names) > 1:
        counts = ", ".join(f"{name} ({n:,} rows)" for name, n in shops[:5])
        raise DataError(
            f"holds {len(names)} shops: {counts}",
            where=sheet.name,
            expected="the rows of one store",
            advice="import once per store and say which shop it is: --store F1 --shop "
            f"'{names[0]}'",
        )
    return names[0] if names else None


def union(
    session: Session, staged: Iterable[Staged], words: Sequence[str], *, shop: str | None
) -> duckdb.DuckDBPyRelation:
    """The rows of several sheets with the given words, of one shop where one was asked for."""
    paths = [str(part.path) for part in staged]
    relation = session.connection.read_parquet(paths, union_by_name=True)
    if shop is not None and "shop" in relation.columns:
        named = ColumnExpression("shop")
        relation = relation.filter((named == constant(shop)) | named.isnull())
    there = [word for word in words if word in relation.columns]
    return relation.select(*(ColumnExpression(word) for word in there))
