"""What a finding is, and the evidence that rules may rest one on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Grade, Outcome, Scope

Row = Mapping[str, Any]
ROUNDING = 1e-9
"""0.9 - 0.88 is a little less than 0.02 for a computer."""

GRADE_A_CASES, GRADE_B_CASES = 100, 30
GRADE_A_COVERAGE, GRADE_B_COVERAGE = 0.8, 0.5
ENOUGH_CASES = GRADE_B_CASES
"""Fewer cases on either side bear no claim. Price levels rest on products and a t interval."""
CERTAINTY = {Grade.A: 1.0, Grade.B: 0.5, Grade.C: 0.2}
"""How much of its money a statement of each grade brings to the order of telling."""
STAKE = {
    "mechanism_split": 0.10,
    "complements": 0.02,
    "twins": 0.10,
    "sales_gap": 0.10,
    "sales_lead": 0.10,
    "bar_traffic": 0.01,
    "bar_orders": 0.01,
    "bar_opened": 0.01,
    "bar_closed": 0.01,
    "year_opened": 0.02,
    "year_closed": 0.02,
    "year_bar": 0.10,
    "bar_conversion": 0.10,
    "bar_basket": 0.10,
    "bar_goods": 0.05,
    "bar_list_price": 0.10,
    "bar_mechanism": 0.10,
    "bar_refunds": 0.10,
    "service_lower": 0.05,
    "service_higher": 0.05,
    "product_exclusive": 0.10,
    "out_of_region": 0.10,
    "orders_unexplained": 0.02,
    "lift_earns": 0.10,
    "basket_crossing": 0.05,
    "basket_cheapest": 0.02,
    "basket_members": 0.02,
    "markdown_breaks_threshold": 0.02,
    "mechanism_clash": 0.05,
    "mechanism_clash_partner": 0.05,
    "opening_took": 0.10,
    "needs_divided": 0.05,
    "needs_same": 0.02,
    "buyer_exchange": 0.02,
}
"""The part of the money a statement touches that acting on it might move: chosen, not estimated.

The order of telling alone rests on it, so that a whole sales gap, or a store's sales beside a
service level, do not outrank a price gap whose worth is counted. How many visitors or orders there
are is a store's size, and `sales_gap` tells the largest: the others stand far behind. What is not
listed counts in full.
"""
MIXED_PLATFORMS = "mixed"


@dataclass(frozen=True, slots=True)
class Told:
    """A difference that may be claimed, and the rows of `metrics` on both sides of it."""

    difference: Row
    mine: Row
    theirs: Row


@dataclass(frozen=True, slots=True)
class Finding:
    """One statement: a template of the catalogue and its values."""

    dimension: str
    stores: tuple[str, ...]
    template: str
    parameters: Mapping[str, Any]
    evidence: tuple[str, ...]
    money: float
    grade: Grade

    @property
    def stake(self) -> float:
        """The money at stake: that touched, times the part of it that might move."""
        return self.money * STAKE.get(self.template, 1.0)

    @property
    def weight(self) -> float:
        """Money at stake × certainty: the order in which findings are told."""
        return abs(self.stake) * CERTAINTY[self.grade]


class Book:
    """The metrics by store and id, for rules that read like sentences."""

    def __init__(self, tables: Mapping[str, pl.DataFrame], scope: Scope) -> None:
        self.tables = tables
        self.reference = scope.reference_id
        self.delta = scope.delta
        self.stores = scope.store_ids
        self.others = [s for s in scope.store_ids if s != scope.reference_id]
        self._members = {store.store_id: {store.store_id, *store.members} for store in scope.stores}
        self._platform = {store.store_id: store.platform for store in scope.stores}
        self._operator = {store.store_id: store.operator for store in scope.stores}
        self._metrics = {
            (row["store_id"], row["metric"]): row for row in tables["metrics"].iter_rows(named=True)
        }
        self._differences = {
            (row["store_id"], row["reference_id"], row["metric"]): row
            for row in tables["differences"].iter_rows(named=True)
        }
        self._pairs = {
            (row["store_a"], row["store_b"], row["dimension"]): row
            for row in tables["pairs"].iter_rows(named=True)
        }
        self._shared = {
            (row["store_a"], row["store_b"]): row["shared_sales"]
            for row in tables["assortment_pairs"].iter_rows(named=True)
        }

    def row(self, store: str, metric: str) -> Row | None:
        """A metric of a store when its value is known."""
        found = self._metrics.get((store, metric))
        return found if found and found["value"] is not None else None

    def sales(self, store: str) -> float | None:
        """The store's sales, None where nobody knows them."""
        found = self.row(store, "sales")
        return float(found["value"]) if found else None

    @property
    def all_sales(self) -> float:
        """What all stores sold together, as far as it is known."""
        return sum(self.sales(store) or 0.0 for store in self.stores)

    def operator(self, store: str) -> str | None:
        """Who runs the store, None where nobody says."""
        return self._operator[store]

    def touched(self, store: str, share: float) -> float:
        """A share of the store's sales, 0 where they are not known: it orders findings."""
        return (self.sales(store) or 0.0) * share

    def members(self, store: str) -> set[str]:
        """The store itself, and the stores of a group."""
        return self._members.get(store, {store})

    def counts_alike(self, store: str) -> bool:
        """Whether the store's visitors are counted as the reference's are: on one platform."""
        platform = self._platform[store]
        return platform == self._platform[self.reference] != MIXED_PLATFORMS

    def told(self, store: str, metric: str) -> Told | None:
        """The difference to the reference where it may be claimed: differs, and matters."""
        row = self._differences.get((store, self.reference, metric))
        mine, theirs = self.row(store, metric), self.row(self.reference, metric)
        if row is None or mine is None or theirs is None or row["outcome"] != Outcome.DIFFERS:
            return None
        if not (has_enough_cases(mine) and has_enough_cases(theirs)):
            return None
        found = Told(row, mine, theirs)
        return found if abs(self.steps(metric, found)) >= 1 - ROUNDING else None

    def steps(self, metric: str, told: Told) -> float:
        """The difference in units of the smallest one that matters, with its sign."""
        entry = registry.find(metric)
        # The steps of a walkthrough share one smallest difference.
        delta = self.delta.get(metric, self.delta[entry.id])
        unit = delta * (abs(told.theirs["value"]) if entry.relative else 1)
        difference = float(told.difference["value"])
        return difference / unit if unit else float("inf") * (1 if difference > 0 else -1)

    def pair(self, store_a: str, store_b: str, dimension: str) -> Row | None:
        """The judged distance of two stores in a dimension."""
        return self._pairs.get((store_a, store_b, dimension))

    def shared_sales(self, store_a: str, store_b: str) -> float | None:
        """The part of their sales that two stores make with the same goods."""
        return self._shared.get((store_a, store_b))

    def grade(self, store: str, metric: str) -> Grade:
        """The weaker grade of the store's and the reference's rows; C where one is not known."""
        return weaker(*(self.own_grade(each, metric) for each in (store, self.reference)))

    def own_grade(self, store: str, metric: str) -> Grade:
        """The grade of the store's own row; C where it is not known."""
        return grade(self.row(store, metric) or {})


def stands_out(row: Row, *, of: int) -> bool:
    """Whether an effect lies beyond its interval also as the largest `of` so many looked at.

    Its 95% interval is widened to 1 - 0.05 / `of`, by the ratio of normal quantiles.
    """
    if row["lo"] is None or row["hi"] is None:
        return False
    usual, wider = (NormalDist().inv_cdf(1 - 0.025 / count) for count in (1, max(of, 1)))
    half = (row["hi"] - row["lo"]) / 2 * wider / usual
    return bool(abs(float(row["effect"])) > half)


def has_enough_cases(row: Row) -> bool:
    """Whether a value rests on as many cases as a claim needs."""
    return (row["n"] or 0) >= ENOUGH_CASES


def grade(row: Row) -> Grade:
    """A, B or C by the number of cases and the coverage behind a value."""
    cases = row.get("n", row.get("matched_skus")) or 0
    coverage = 1.0 if row.get("coverage") is None else row["coverage"]
    if cases >= GRADE_A_CASES and coverage >= GRADE_A_COVERAGE:
        return Grade.A
    enough = cases >= GRADE_B_CASES and coverage >= GRADE_B_COVERAGE
    return Grade.B if enough else Grade.C


def weaker(*grades: Grade) -> Grade:
    """The least certain of several grades."""
    return min(grades, key=lambda found: CERTAINTY[found])
