"""An engine on Spark that sends a statement over the same rows once, whoever asks for it.

`compare`, `decide` and `review` ask much the same of the cluster, and each statement takes seconds
to plan. One class for one workspace: raw tables are known by their names alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl

from channelscope.cache import key
from channelscope.engine.spark import SparkEngine
from channelscope.sqlfile import SqlFile


def engine() -> type[SparkEngine]:
    """A new class of engines that share what was answered."""
    answers: dict[str, Any] = {}

    class Once(SparkEngine):
        """Reads what is known under the text of a query and the content of all that it reads."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            self._content: dict[str, str] = {}
            super().__init__(*args, **kwargs)

        def register(self, name: str, frame: pl.DataFrame) -> None:
            self._content[name] = key(frame)
            super().register(name, frame)

        def keep(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> None:
            self._content[query.stem] = self._known(query, params)
            super().keep(query, params)

        def run(self, query: SqlFile, params: Mapping[str, Any] | None = None) -> pl.DataFrame:
            return self._once(query, params, super().run)

        def failing(self, query: SqlFile, params: Mapping[str, Any]) -> list[pl.DataFrame]:
            return self._once(query, params, super().failing)

        def _once(self, query: SqlFile, params: Any, ask: Callable[..., Any]) -> Any:
            known = f"{ask.__name__} {self._known(query, params)}"
            if known not in answers:
                answers[known] = ask(query, params)
            return answers[known]

        def _known(self, query: SqlFile, params: Mapping[str, Any] | None) -> str:
            bound = (f"{name}={(params or {})[name]!r}" for name in query.params)
            read = (self._content.get(name, name) for name in query.inputs)
            return key(query.name, query.sql, *bound, *read)

    return Once
