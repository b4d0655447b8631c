"""The result tables as a reader of findings looks them up, by rules of its own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import registry
from channelscope.domain import Better, Outcome, Scope
from channelscope.results import Results

Row = Mapping[str, Any]
Tables = Mapping[str, pl.DataFrame]
CASES = 30
"""Fewer cases bear no claim."""
CERTAINTY = {"A": 1.0, "B": 0.5, "C": 0.2}
LEVEL_ON = {"realised": "price_level", "one_piece": "one_piece_level"}


def as_written(*values: float) -> Any:
    """To the twelve digits of what is written."""
    return pytest.approx(values[0] if len(values) == 1 else values, rel=1e-11)


class Ledger:
    """Lookups in result tables; nothing of the code under test but names and settings."""

    def __init__(self, tables: Tables, scope: Scope) -> None:
        self.tables = tables
        self.scope = scope
        self.others = [s for s in scope.store_ids if s != scope.reference_id]
        self._numbers = {
            (row["store_id"], row["metric"]): row for row in tables["metrics"].iter_rows(named=True)
        }
        self._gaps = {
            (row["store_id"], row["metric"]): row
            for row in tables["differences"].filter(reference_id=scope.reference_id).iter_rows(
                named=True
            )
        }  # fmt: skip

    @classmethod
    def of(cls, results: Results) -> Ledger:
        """The ledger of a whole comparison."""
        return cls(results.tables, results.scope)

    def number(self, store: str, metric: str) -> Row:
        """The row of a metric, which must be there."""
        return self._numbers[store, metric]

    def sales(self, store: str) -> float | None:
        """Sales of a store where they are known."""
        row = self._numbers.get((store, "sales"))
        return None if row is None else row["value"]

    # Prices.

    def level(self, store: str, rung: str) -> Row:
        """A store's price level over all categories."""
        rows = self.tables["price_index"].filter(
            store_id=store, category="all", unit="piece", rung=rung
        )
        return rows.row(0, named=True)

    def judged_on(self, rung: str) -> set[str]:
        """The stores with a level on the rung, and on no better one, without the reference."""
        known = self.tables["price_index"].filter(pl.col("value").is_not_null(), category="all")
        best = set(known.filter(rung="realised")["store_id"]) - {self.scope.reference_id}
        if rung == "realised":
            return best
        return set(known.filter(rung=rung)["store_id"]) - best - {self.scope.reference_id}

    def least_level(self, rung: str) -> float:
        """The smallest difference of a level that matters."""
        return self.scope.delta[LEVEL_ON[rung]] * (1 - 1e-9)

    def judged_level(self, row: Row) -> Row:
        """The judged difference of a price level to the reference."""
        return self._gaps[row["store_id"], LEVEL_ON[row["rung"]]]

    # Differences to the reference.

    def step(self, metric: str) -> float:
        """The smallest difference that matters, in the unit of the metric."""
        entry = registry.find(metric)
        size = self.scope.delta.get(metric, self.scope.delta[entry.id])
        if not entry.relative:
            return size
        return size * abs(self.number(self.scope.reference_id, metric)["value"])

    def claim(self, store: str, metric: str) -> Row | None:
        """The difference where it may be claimed: judged, mattering, of enough cases."""
        gap = self._gaps.get((store, metric))
        if gap is None or gap["outcome"] != Outcome.DIFFERS:
            return None
        sides = [self.number(end, metric)["n"] or 0 for end in (store, self.scope.reference_id)]
        # 0.9 - 0.88 is a little less than 0.02 for a computer.
        matters = abs(gap["value"]) >= self.step(metric) * (1 - 1e-9)
        return gap if matters and min(sides) >= CASES else None

    def side(self, store: str, metric: str, by_favour: bool) -> int:
        """1: above the reference; `by_favour`: better than it."""
        sign = 1 if self._gaps[store, metric]["value"] > 0 else -1
        lower = by_favour and self.number(store, metric)["better"] == Better.LOWER
        return -sign if lower else sign

    def size(self, store: str, metric: str, in_steps: bool) -> float:
        """The difference in its unit, or in smallest differences that matter."""
        gap = float(self._gaps[store, metric]["value"])
        return gap / self.step(metric) if in_steps else gap

    def sizes(self, metric: str, sign: int) -> list[float]:
        """Sizes of all differences of that side that may be claimed; no metric: service."""
        known = self.tables["metrics"].filter(dimension="service")["metric"].unique()
        names = [metric] if metric else known.to_list()
        return [
            abs(self.size(store, name, not metric))
            for name in names
            for store in self.others
            if self.claim(store, name) and self.side(store, name, not metric) == sign
        ]

    # Sales and goods.

    def between(self, reference: str) -> pl.DataFrame:
        """The bridges from a store to others in one period."""
        rows = self.tables["bridge"].filter(from_id=reference)
        return rows.filter(pl.col("from_period") == pl.col("to_period"))

    def bars(self) -> pl.DataFrame:
        """The bars between the reference and stores that traded all the time."""
        bridge = self.between(self.scope.reference_id)
        events = bridge.filter(pl.col("factor").str.contains("^(opened|closed):"))["to_id"]
        return bridge.filter(~pl.col("to_id").is_in(events.to_list()))

    def sales_gaps(self) -> dict[str, Decimal]:
        """Sales less the reference's, of stores that traded all the time."""
        return dict(self.bars().group_by("to_id").agg(pl.col("effect").sum()).iter_rows())

    def exclusive(self) -> dict[str, float]:
        """Exclusive shares of sales that are surely more than what matters."""
        delta = self.scope.delta["exclusive_sales_share"]
        rows = self.tables["metrics"].filter(metric="exclusive_sales_share").iter_rows(named=True)
        return {
            row["store_id"]: row["value"]
            for row in rows
            if row["lo"] is not None and row["lo"] > delta and (row["n"] or 0) >= CASES
        }

    # Pairs.

    def pair(self, verdict: Row, dimension: str) -> Row | None:
        """The judged distance of two stores where it is known."""
        rows = self.tables["pairs"].filter(
            store_a=verdict["store_a"], store_b=verdict["store_b"], dimension=dimension
        )
        found = rows.row(0, named=True) if rows.height else None
        return found if found and found["distance"] is not None else None

    def shared(self, verdict: Row) -> float | None:
        """The part of sales that both make with the same goods."""
        rows = self.tables["assortment_pairs"].filter(
            store_a=verdict["store_a"], store_b=verdict["store_b"]
        )
        return rows["shared_sales"][0] if rows.height else None

    def certainty(self, verdict: Row, *cases: int | None) -> float:
        """Of the weakest: the cases given, and the orders of both stores."""
        orders = [self._numbers.get((verdict[end], "orders")) for end in ("store_a", "store_b")]
        sides = [(row["n"], row["coverage"]) if row and row["value"] is not None else (None, None)
                 for row in orders]  # fmt: skip
        return min(sure(n, coverage) for n, coverage in [*((n, None) for n in cases), *sides])


def sure(n: int | None, coverage: float | None) -> float:
    """What a statement counts in the order of telling, by cases and coverage."""
    part = 1.0 if coverage is None else coverage
    if (n or 0) >= 100 and part >= 0.8:
        return CERTAINTY["A"]
    return CERTAINTY["B"] if (n or 0) >= 30 and part >= 0.5 else CERTAINTY["C"]
