"""The dimensions stores are compared on. A module here is a dimension; nothing lists them.

Each module offers:
    POSITION: int                                  its place in the report
    FIGURES: tuple[Figure, ...]                    figures and the queries that make their rows
    off(scope) -> str | None                       the reason why it is switched off, or None
    compare(session, scope) -> dict[str, DataFrame]  its rows of the result tables
"""

from __future__ import annotations

import importlib
import pkgutil
from typing import Protocol, cast

import polars as pl

from channelscope.domain import Figure, Scope
from channelscope.engine.duckdb import Session


class Dimension(Protocol):
    """What a module of this package offers."""

    __name__: str
    POSITION: int
    FIGURES: tuple[Figure, ...]

    def off(self, scope: Scope) -> str | None:
        """The catalogue key of the reason why the data allow nothing here, or None."""

    def compare(self, session: Session, scope: Scope) -> dict[str, pl.DataFrame]:
        """Rows of result tables, by table."""


def name(dimension: Dimension) -> str:
    """The dimension's name: that of its module, its query folder and its template."""
    return dimension.__name__.rpartition(".")[2]


def modules() -> tuple[Dimension, ...]:
    """Every dimension in report order."""
    found = [
        cast(Dimension, importlib.import_module(f"{__name__}.{info.name}"))
        for info in pkgutil.iter_modules(__path__)
        if not info.name.startswith("_")
    ]
    return tuple(sorted(found, key=lambda module: module.POSITION))
