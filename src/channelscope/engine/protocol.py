"""What cubes, checks and preparation ask of an engine: DuckDB's `Scans`, or Spark."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

import polars as pl

from channelscope.limits import Limits
from channelscope.sqlfile import SqlFile

EARLIER = "earlier_"
"""Before the name of what is kept: its rows in the parts of the data that are read before."""


class Engine(Protocol):
    """Runs scan queries where the raw tables lie; every result is held to its header.

    `name`: as `--engine` and `meta.engine` tell it. `holds`: the raw tables it reads itself.
    `small`: the other tables of the contract. `limits`: of sessions of the database beside it.
    """

    name: str
    holds: frozenset[str]
    limits: Limits
    small: Mapping[str, pl.DataFrame]

    def begin(self, stage: str, *, scans: int) -> None:
        """A stage of so many scans over all order lines begins; progress is told of each."""

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make `frame` readable as table `name`."""

    def derive(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """Make the rows of a query over small tables readable by its stem."""

    def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of `query`."""

    def failing(self, query: SqlFile, params: Mapping[str, Any]) -> list[pl.DataFrame]:
        """What a data check found, as `load/failing_summary` tells it, part by part of the data."""

    def keep(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> None:
        """Make the rows of `query` readable by its stem; they never leave the engine."""

    def close(self) -> None:
        """Give back what is the engine's own."""
