"""The result tables of a comparison, and the figures that show them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping

import polars as pl

from channelscope import (
    contract,
    differentiation,
    dimensions,
    findings,
    imported,
    notices,
    quality,
    redaction,
    sqlfile,
)
from channelscope.domain import Figure, Scope
from channelscope.preparation import Prepared
from channelscope.progress import Progress, counted
from channelscope.results import TABLES, FigureData, Message, Meta, Results

OVERVIEW = (
    Figure("F0.1", "five_dimensions", "overview/five_dimensions", None),
    Figure("F0.2", "store_cards", "overview/store_cards", None),
    Figure("F0.3", "pair_verdicts", "overview/pair_verdicts", None),
    Figure("F0.4", "similarity", "overview/similarity", "similarity"),
    Figure("F0.5", "store_map", "overview/store_places", "store_map"),
)
WITHOUT_ROWS = {
    "pair_verdicts": "off.no_pairs", "similarity": "off.no_pairs", "store_map": "off.no_map",
    "price_leads": "off.no_shelf_calendar", "out_of_region": "off.no_regions",
    "buyer_overlap": "off.no_shared_buyer_ids", "buyer_switches": "off.no_shared_buyer_ids",
    "cart_rate_by_source": "off.no_cart_visitors",
    "pocket_waterfall": "off.no_order_lines",
    "buyer_intersections": "off.no_shared_buyer_ids", "quarterly_buyers": "off.no_whole_quarter",
    "price_order": "off.no_gaps", "thresholds": "off.no_thresholds",
    "reconcile": "off.no_rules", "lift": "off.no_lift",
    "source_of_volume": "off.no_openings", "opening_path": "off.no_opening_told",
    "segment_shares": "off.no_segments", "diversion": "off.no_division",
    "clashes": "off.no_priced_baskets", "basket_prices": "off.no_priced_baskets",
}  # fmt: skip
"""Why a figure has no rows, where the period is not to blame."""
JUDGED = ("findings", "provenance")


def tables(
    prepared: Prepared, progress: Progress
) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
    """The result tables, registered for the queries that read them, and what is off."""
    found, switched_off = _dimensions(prepared, progress)
    progress("judge")
    redacted = prepared.scope.redacted
    found |= imported.tables(prepared.frames, prepared.scope.store_ids)
    found |= differentiation.judge(found, prepared.scope)
    found = redaction.with_reasons(found, redacted)
    found["findings"] = findings.find(found, prepared.scope)
    checks = quality.joined(prepared.checked.frame, found["quality"])
    found["quality"] = redaction.quality(checks, redacted)
    for name, frame in found.items():
        prepared.answers.register(name, frame)
    return found, switched_off


def _dimensions(
    prepared: Prepared, progress: Progress
) -> tuple[dict[str, pl.DataFrame], dict[str, str]]:
    parts: dict[str, list[pl.DataFrame]] = {}
    switched_off: dict[str, str] = {}
    modules = dimensions.modules()
    for dimension in counted(modules, progress, "compare", of=len(modules)):
        name, scope = dimensions.name(dimension), prepared.scope
        reason = redaction.off(name, scope.redacted) or dimension.off(scope)
        if reason:
            switched_off[name] = reason
            continue
        for table, frame in dimension.compare(prepared.answers, scope).items():
            parts.setdefault(table, []).append(frame)
    tables = {table: pl.concat(frames) for table, frames in parts.items()}
    for table in (name for name in TABLES if name not in JUDGED):
        tables.setdefault(table, pl.DataFrame(schema=TABLES[table]))
    return tables, switched_off


def without_rows(figure: str, metrics: pl.DataFrame, scope: Scope) -> str:
    """Why a figure has no rows; of regions, what the stores that declare some lack."""
    left_out = redaction.off(figure, scope.redacted)
    if left_out:
        return left_out
    if figure == "year_bridge":
        return why_no_year(scope)
    if figure == "out_of_region":
        rows = metrics.filter(metric="out_of_region_share")
        reasons = set(rows["outcome_reason"]) - {None, "reason.no_regions"}
        if "reason.regions_not_matched" in reasons:
            return "off.declared_regions_in_no_delivery"
        if reasons:
            return "off.no_ship_region_of_a_store_with_regions"
    return WITHOUT_ROWS.get(figure, "off.no_rows")


def figures(
    prepared: Prepared, tables: Mapping[str, pl.DataFrame], switched_off: dict[str, str]
) -> tuple[FigureData, ...]:
    found = []
    for figure in _offered(switched_off):
        query = sqlfile.find(figure.query)
        reason = _missing_input(query.inputs, prepared.scope)
        frame = None if reason else prepared.answers.run(query)
        if frame is None or not frame.height:
            why = without_rows(figure.name, tables["metrics"], prepared.scope)
            switched_off[figure.name] = reason or why
            continue
        params = {name: prepared.answers.params[name] for name in query.params}
        found.append(FigureData(figure, frame, query.sql, params))
    return tuple(found)


def why_no_year(scope: Scope) -> str:
    """The reason why there is no bridge from another period to this one."""
    if scope.before is not None:
        return "off.no_orders_in_both"
    meets = scope.period.year_before.last >= scope.period.first
    return "off.over_a_year" if meets else "off.no_year_before"


def _offered(switched_off: Mapping[str, str]) -> Iterable[Figure]:
    yield from OVERVIEW
    for dimension in dimensions.modules():
        if dimensions.name(dimension) not in switched_off:
            yield from dimension.FIGURES


def _missing_input(inputs: Iterable[str], scope: Scope) -> str | None:
    optional = {table.name for table in contract.TABLES} - scope.present
    missing = sorted(optional & set(inputs))
    return f"off.no_{missing[0]}" if missing else None


def provenance(figures: Iterable[FigureData], meta: Meta) -> pl.DataFrame:
    inputs = hashlib.sha256(json.dumps(dict(meta.inputs), sort_keys=True).encode()).hexdigest()
    rows = [
        {
            "figure_id": data.figure.figure_id, "query_id": data.figure.query, "sql": data.sql,
            "parameters": json.dumps(dict(data.params), default=str, sort_keys=True),
            "rows": data.rows, "input_hash": inputs,
        }
        for data in figures
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["provenance"])


def told(prepared: Prepared, tables: dict[str, pl.DataFrame], figures: Iterable[Figure]) -> Results:
    """The results with those figures that have rows."""
    shown = tuple(_with_rows(prepared, figures))
    names = {data.figure.name for data in shown}
    tables["provenance"] = provenance(shown, prepared.meta)
    off = {figure.name: "off.no_rows" for figure in figures if figure.name not in names}
    return Results(prepared.meta, prepared.scope, tables, shown, off, notices_of(prepared))


def notices_of(prepared: Prepared) -> tuple[Message, ...]:
    """What a reader must know first, but what is left out."""
    found = notices.collect(prepared.loaded, prepared.scope, prepared.frames)
    return redaction.notices(found, prepared.scope.redacted)


def _with_rows(prepared: Prepared, figures: Iterable[Figure]) -> Iterable[FigureData]:
    for figure in figures:
        query = sqlfile.find(figure.query)
        frame = prepared.answers.run(query)
        if frame.height:
            yield FigureData(figure, frame, query.sql, {})
