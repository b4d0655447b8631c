"""The second session: cubes and small tables as frames, on which every other query runs."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.engine.duckdb import Session, opened
from channelscope.limits import NO_LIMITS, Limits
from channelscope.scratch import Scratch
from channelscope.sqlfile import SqlFile

RAW_FOLDERS = "scan", "checks", "load"


class Answers(Session):
    """A session over frames that knows the usual parameters and runs a query's inputs first.

    It has one thread: cubes are small, and sums of doubles have the last digits of their order.
    """

    def __init__(self, params: Mapping[str, Any], *, limits: Limits = NO_LIMITS) -> None:
        limits = dataclasses.replace(limits, threads=1)
        scratch = Scratch.make(limits.temp_dir)
        connection = opened(scratch, limits, allowed=(), databases={})
        super().__init__(connection, scratch=scratch, limits=limits)
        self.params = dict(params)
        self._known: set[str] = set()
        self._held: dict[str, pl.DataFrame] = {}

    def register(self, name: str, frame: pl.DataFrame) -> None:
        """Make `frame` readable as table `name`."""
        super().register(name, frame)
        self._known.add(name)

    def hold(self, name: str, frame: pl.DataFrame) -> None:
        """Take `frame` as the rows of the query `name`, whatever the other tables hold."""
        self.register(name, frame)
        self._held[name] = frame

    def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
        """The rows of `query`; inputs that are other queries are answered before it."""
        if query.stem in self._held and query.folder not in RAW_FOLDERS:
            return self._held[query.stem]
        for name in query.inputs:
            if name not in self._known:
                self.register(name, self.run(_by_stem(name)))
        return super().run(query, {**self.params, **(params or {})})


def _by_stem(stem: str) -> SqlFile:
    return next(
        query
        for query in sqlfile.catalogue().values()
        if query.stem == stem and query.folder not in RAW_FOLDERS
    )
