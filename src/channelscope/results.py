"""What `compare` hands to the report and the writers: result tables, figures, and their origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from channelscope.domain import Figure, Period, Redacted, Scope
from channelscope.result_tables import TABLES

__all__ = ["TABLES", "FigureData", "Message", "Meta", "Results"]


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be made at the end, in either language: a catalogue key and its values."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meta:
    """Where the results come from."""

    version: str
    generated_at: str
    workspace: str
    period: Period
    basis: str
    reference_id: str
    currency: str
    engine: str
    inputs: Mapping[str, str]
    rows_in: int
    rows_analysed: int
    rows_excluded: Mapping[str, int]
    seed: int
    group_by: str | None
    redacted: tuple[Redacted, ...] = ()


@dataclass(frozen=True, slots=True)
class FigureData:
    """A figure, the rows it shows, and the query that made them."""

    figure: Figure
    frame: pl.DataFrame
    sql: str
    params: Mapping[str, Any]

    @property
    def rows(self) -> int:
        """How many rows the query gave."""
        return self.frame.height


@dataclass(frozen=True, slots=True)
class Results:
    """Everything one run of `compare` found."""

    meta: Meta
    scope: Scope
    tables: Mapping[str, pl.DataFrame]
    figures: tuple[FigureData, ...]
    switched_off: Mapping[str, str]
    warnings: tuple[Message, ...]
