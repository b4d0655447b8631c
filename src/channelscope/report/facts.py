"""What headings, tables and cards look up in the results: rows by metric, frames by figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Outcome
from channelscope.registry import Unit
from channelscope.report.charts.canvas import Row, records
from channelscope.results import FigureData, Results

SMALL_BASE = 30
"""Fewer cases than this are shown in muted ink, never shaded and never put into a heading; a
heading on price levels asks for matched products instead."""
ROUNDING = 1e-9
"""0.9 - 0.88 is a little less than 0.02 for a computer."""
_RELATIVE = frozenset(metric.id for metric in registry.METRICS if metric.relative)


@dataclass(frozen=True)
class Facts:
    """The results, ready to be asked."""

    results: Results

    @property
    def reference_id(self) -> str:
        """The store that the others are compared with."""
        return self.results.scope.reference_id

    @cached_property
    def figures(self) -> Mapping[str, FigureData]:
        """Figures by name."""
        return {data.figure.name: data for data in self.results.figures}

    @cached_property
    def _metrics(self) -> Mapping[str, Mapping[str, Row]]:
        found: dict[str, dict[str, Row]] = {}
        for row in self.table("metrics").to_dicts():
            found.setdefault(row["metric"], {})[row["store_id"]] = row
        return found

    @cached_property
    def _differences(self) -> Mapping[tuple[str, str], Row]:
        return {
            (metric, store): row
            for (metric, store, against), row in self._between.items()
            if against == self.reference_id
        }

    @cached_property
    def _between(self) -> Mapping[tuple[str, str, str], Row]:
        return {
            (row["metric"], row["store_id"], row["reference_id"]): row
            for row in self.table("differences").to_dicts()
        }

    @cached_property
    def _pairs(self) -> Mapping[tuple[str, str], str]:
        """Outcomes against the reference by dimension and other store."""
        found: dict[tuple[str, str], str] = {}
        for row in self.table("pairs").to_dicts():
            ends = {row["store_a"], row["store_b"]}
            if self.reference_id in ends:
                (other,) = ends - {self.reference_id}
                found[row["dimension"], other] = row["outcome"]
        return found

    def table(self, name: str) -> pl.DataFrame:
        """A result table; empty when the run made none."""
        return self.results.tables.get(name, pl.DataFrame())

    def rows(self, figure: str) -> list[Row]:
        """The rows of a figure; none when it is switched off."""
        return records(self.figures[figure].frame) if figure in self.figures else []

    def metric(self, metric: str) -> Mapping[str, Row]:
        """Rows of a metric by store."""
        return self._metrics.get(metric, {})

    def known(self, metric: str) -> dict[str, float]:
        """Known values of a metric by store, in report order."""
        rows = self.metric(metric)
        ids = [store for store in self.results.scope.store_ids if store in rows]
        return {s: float(rows[s]["value"]) for s in ids if rows[s]["value"] is not None}

    def reference_value(self, metric: str) -> float | None:
        """The reference's value, or None when not known."""
        return self.known(metric).get(self.reference_id)

    def smallest(self, metric: str) -> float:
        """The smallest difference that matters, in the unit of the metric."""
        delta = self.results.scope.delta
        name = "walkthrough" if metric.startswith("walkthrough_") else metric
        size = delta.get(metric, delta.get(name, 0.0))
        if name not in _RELATIVE:
            return size
        return size * abs(self.reference_value(metric) or 0.0)

    def difference(self, metric: str, store: str) -> Row | None:
        """What may be said of the store against the reference in a metric; None when untested."""
        return self._differences.get((metric, store))

    def side(self, metric: str, store: str) -> int | None:
        """-1: below the reference, 1: above, 0: not shown to differ, None: cannot be told.

        Below and above: the outcome is `differs`, and the difference is large enough to matter.
        """
        row = self.difference(metric, store)
        if row is None or row["value"] is None or row["outcome"] == Outcome.NOT_IDENTIFIABLE:
            return None
        # Products matched are no cases: a price level has its own minimum of them.
        if row["unit"] != Unit.INDEX and is_small(row):
            return None
        large = abs(row["value"]) >= self.smallest(metric) * (1 - ROUNDING)
        if row["outcome"] != Outcome.DIFFERS or not large:
            return 0
        return -1 if row["value"] < 0 else 1

    def are_apart(self, metric: str, one: str, other: str) -> bool:
        """Whether two stores are shown to differ in a metric: only then does one come first.

        Two that nobody compared are apart where their intervals are.
        """
        ends = ((metric, one, other), (metric, other, one))
        judged = next((self._between[end] for end in ends if end in self._between), None)
        if judged is not None:
            return bool(judged["outcome"] == Outcome.DIFFERS)
        rows = [self.metric(metric).get(store, {}) for store in (one, other)]
        if any(row.get("lo") is None or row.get("hi") is None for row in rows):
            return False
        return bool(max(row["lo"] for row in rows) > min(row["hi"] for row in rows))

    def pair_outcome(self, dimension: str, store: str) -> str | None:
        """What may be said of the store and the reference in a dimension."""
        return self._pairs.get((dimension, store))

    def others(self) -> list[str]:
        """All stores but the reference, in report order."""
        return [store for store in self.results.scope.store_ids if store != self.reference_id]


def is_shaded(row: Mapping[str, Any]) -> bool:
    """Whether a matrix cell is shaded: it differs, its step is at least one, enough cases."""
    return bool(row["apart"] and (row["step"] or 0) >= 1 and not is_small(row))


def is_sure(row: Row) -> bool:
    """Whether the interval of an effect leaves no room for none."""
    return row["lo"] is not None and (row["lo"] > 0 or row["hi"] < 0)


def is_small(row: Mapping[str, Any]) -> bool:
    """Whether a value rests on too few cases; a value without a number of cases does not."""
    return row["n"] is not None and row["n"] < SMALL_BASE
