"""What a copy for a partner leaves out (`--redact`), and where that would otherwise be told.

Costs are left out of what is read, buyers of what is told: they are still what is resampled, so
that every interval is the one of the whole report. What becomes of the names of stores stands in
`neutral_names`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from channelscope.domain import Redacted
from channelscope.results import Message

Tables = Mapping[str, pl.DataFrame]

LEFT_OUT, LEFT_OUT_FIGURE = "reason.left_out", "off.left_out"
COSTS_TABLE, UNIT_COST = "costs", "unit_cost"
_OFF: Mapping[str, Redacted] = {"consumers": Redacted.BUYERS, "out_of_region": Redacted.STORES}
"""Dimensions and figures that have nothing left to tell."""
BUYER_TABLES = (
    "overlap", "buyer_sets", "buyer_flows", "openings", "opening_weeks", "segments", "diversion",
    "switching", "exchange",
)  # fmt: skip
"""Result tables that tell of buyers alone; a copy without buyers does not have them."""
REGION_TABLES = ("out_of_region",)
"""The same of the regions in which a store is meant to sell, which are who the store is."""
_REASONS: Mapping[Redacted, Mapping[str, str]] = {
    Redacted.COSTS: dict.fromkeys(
        ("reason.no_costs", "reason.kind_of_cost_unknown", "reason.unit_cost_unknown"), LEFT_OUT
    ),
    Redacted.BUYERS: {
        "verdict.price_clash.reason.overlap_unknown": "verdict.price_clash.reason.overlap_left_out"
    },
    Redacted.STORES: {"reason.no_regions": LEFT_OUT},
}
"""What would be said to be missing, and is left out."""
_REASON_COLUMNS = ("outcome_reason", "earned_reason", "reason")
_NOTICES: Mapping[Redacted, tuple[str, ...]] = {
    Redacted.BUYERS: (
        "warning.many_stores_of_a_scope", "warning.segment_value", "warning.segment_value_near",
    ),
}  # fmt: skip
_OF_FILES = ("warning.extra_columns", "warning.product_map_edited")
"""What the author's files hold beside the data is nothing for a partner."""


def inputs(frames: Tables, redacted: Sequence[Redacted]) -> dict[str, pl.DataFrame]:
    """The small tables as if costs had never been known."""
    if Redacted.COSTS not in redacted:
        return dict(frames)
    products = frames["products"].with_columns(
        pl.lit(None, frames["products"].schema[UNIT_COST]).alias(UNIT_COST)
    )
    return {**frames, "products": products, COSTS_TABLE: frames[COSTS_TABLE].clear()}


def present(tables: frozenset[str], redacted: Sequence[Redacted]) -> frozenset[str]:
    """The tables that count as given."""
    return tables - {COSTS_TABLE} if Redacted.COSTS in redacted else tables


def hashes(found: Mapping[str, str], redacted: Sequence[Redacted]) -> dict[str, str]:
    """The hashes of the tables that are told of."""
    left_out = {COSTS_TABLE} if Redacted.COSTS in redacted else set()
    return {table: digest for table, digest in found.items() if table not in left_out}


def off(name: str, redacted: Sequence[Redacted]) -> str | None:
    """The reason why a dimension or a figure is left out, or None."""
    return LEFT_OUT_FIGURE if _OFF.get(name) in redacted else None


def with_reasons(tables: Tables, redacted: Sequence[Redacted]) -> dict[str, pl.DataFrame]:
    """The tables with what was left out said to be so, where it would be said to be missing."""
    said = {old: new for part in redacted for old, new in _REASONS[part].items()}
    return {name: _renamed(frame, said) for name, frame in tables.items()} if said else {**tables}


def _renamed(frame: pl.DataFrame, said: Mapping[str, str]) -> pl.DataFrame:
    columns = [name for name in _REASON_COLUMNS if name in frame.columns]
    return frame.with_columns(pl.col(columns).replace(said)) if columns else frame


def quality(checks: pl.DataFrame, redacted: Sequence[Redacted]) -> pl.DataFrame:
    """The `quality` table; without the names of stores it has no samples.

    They hold values and names of files as these were handed in.
    """
    if Redacted.STORES not in redacted:
        return checks
    return checks.with_columns(sample=pl.lit(None, pl.String))


def notices(found: Iterable[Message], redacted: Sequence[Redacted]) -> tuple[Message, ...]:
    """The warnings that speak of nothing left out."""
    silent = {key for part in redacted for key in _NOTICES.get(part, ())}
    silent |= set(_OF_FILES) if redacted else set()
    return tuple(message for message in found if message.key not in silent)


def written(tables: Tables, redacted: Sequence[Redacted]) -> dict[str, pl.DataFrame]:
    """The result tables that are written."""
    silent = set(BUYER_TABLES) if Redacted.BUYERS in redacted else set()
    silent |= set(REGION_TABLES) if Redacted.STORES in redacted else set()
    return {name: frame for name, frame in tables.items() if name not in silent}
