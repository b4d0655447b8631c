"""What earlier reviews decided and foretold, held against what came."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl

from channelscope import registry
from channelscope.domain import Period
from channelscope.review_file import Decision, Prediction, ReviewFile
from channelscope.review_tables import REVIEW_TABLES
from channelscope.stats.intervals import wilson

Row = dict[str, Any]
Figures = Mapping[str, Mapping[str, float]]
ALL = "all"


def figure_key(metric: str, sku: str | None) -> str:
    """The name of a figure in the file: of one product, with it."""
    return metric if sku is None else f"{metric}:{sku}"


@dataclass(frozen=True, slots=True)
class Memory:
    """The reviews of earlier periods of the same kind, the newest revision of each, in order of
    time: what was decided for a quarter is not told by eleven days of it, nor the other way round.

    `own`: the review of this very period, where it has been made already. `money`: its currency
    and basis: figures in another one say nothing here. `stores`: those of the workspace.
    """

    period: Period
    figures: Figures
    earlier: tuple[ReviewFile, ...]
    own: ReviewFile | None
    money: tuple[str, str]
    stores: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls, files: Iterable[ReviewFile], *, name: str, period: Period, figures: Figures,
        money: tuple[str, str], stores: Iterable[str] = (),
    ) -> Memory:  # fmt: skip
        """The memory of a review called `name`."""
        files = tuple(files)
        kind = _kind(name, period)
        earlier = tuple(
            each
            for each in files
            if each.last < period.last and _kind(each.period, Period(each.first, each.last)) == kind
        )
        own = next((each for each in files if each.period == name), None)
        return cls(period, figures, earlier, own, money, frozenset(stores))

    @property
    def last(self) -> ReviewFile | None:
        """The review before this one."""
        return self.earlier[-1] if self.earlier else None

    def _now(self, day: date) -> bool:
        return self.period.first <= day <= self.period.last

    def decisions(self) -> Iterator[Row]:
        """Rows of `decisions` made earlier: all of the last review, of others those still open."""
        for review in self.earlier:
            for decision in review.decisions:
                if review is self.last or decision.look_on >= self.period.first:
                    yield self._judged(review, decision)

    def _judged(self, review: ReviewFile, decision: Decision) -> Row:
        row = told(decision, made_in=review.period)
        if decision.look_on > self.period.last:
            return {**row, "outcome": "not_due"}
        place = self._figures_of(decision.look_on)
        if place is None:
            return {**row, "outcome": "cannot_be_told", "outcome_reason": "reason.not_reviewed"}
        figures, money = place
        unit = registry.find(decision.metric).unit
        if unit == "money" and money != (review.currency, review.basis):
            return {**row, "outcome": "cannot_be_told", "outcome_reason": "reason.other_basis"}
        actual = figures.get(decision.store, {}).get(figure_key(decision.metric, decision.sku))
        if actual is None:
            reason = "reason.not_measured"
            if decision.store not in figures:
                known = decision.store == ALL or decision.store in self.stores
                reason = "reason.no_data_in_period" if known else "reason.store_unknown"
            return {**row, "outcome": "cannot_be_told", "outcome_reason": reason}
        at_least = decision.side == "at_least"
        kept = actual >= decision.threshold if at_least else actual <= decision.threshold
        return {**row, "actual": actual, "outcome": "kept" if kept else "missed"}

    def _figures_of(self, day: date) -> tuple[Figures, tuple[str, str]] | None:
        """The figures of the reviewed period that holds the day: this one, else the latest."""
        if self._now(day):
            return self.figures, self.money
        for review in reversed(self.earlier):
            if review.first <= day <= review.last:
                return review.figures, (review.currency, review.basis)
        return None

    def predictions(self) -> Iterator[Row]:
        """Rows of `predictions` made earlier."""
        for review in self.earlier:
            for prediction in review.predictions:
                yield self._came_true(review, prediction)

    def _came_true(self, review: ReviewFile, prediction: Prediction) -> Row:
        row = foretold(prediction, made_in=review.period)
        if prediction.last > self.period.last:
            return {**row, "outcome": "not_due"}
        span = (prediction.first, prediction.last)
        if span == (self.period.first, self.period.last):
            figures, money = self.figures, self.money
        else:
            known = [each for each in self.earlier if (each.first, each.last) == span]
            if not known:
                return {**row, "outcome": "cannot_be_told", "outcome_reason": "reason.not_reviewed"}
            figures, money = known[-1].figures, (known[-1].currency, known[-1].basis)
        unit = registry.find(prediction.metric).unit
        if unit == "money" and money != (review.currency, review.basis):
            return {**row, "outcome": "cannot_be_told", "outcome_reason": "reason.other_basis"}
        actual = figures.get(prediction.store, {}).get(prediction.metric)
        if actual is None:
            reason = "reason.no_data_in_period"
            return {**row, "outcome": "cannot_be_told", "outcome_reason": reason}
        inside = prediction.low <= actual <= prediction.high
        return {**row, "actual": actual, "outcome": "inside" if inside else "outside"}

    def seen(self) -> set[tuple[str, str, str | None]]:
        """Rule, store and product of the exceptions of the last review."""
        findings = self.last.findings if self.last else ()
        return {(each.rule, each.store, each.sku) for each in findings}

    def moved(self) -> pl.DataFrame:
        """Rows of `moved`: figures that the review of this period, made earlier, has otherwise."""
        rows = []
        before = self.own.figures if self.own else {}
        for store in dict.fromkeys([*before, *self.figures] if self.own else ()):
            then, now = before.get(store, {}), self.figures.get(store, {})
            for key in dict.fromkeys([*then, *now]):
                if then.get(key) != now.get(key):
                    rows.append({
                        "store_id": store, "metric": key, "before": then.get(key),
                        "now": now.get(key), "unit": str(registry.find(key.split(":")[0]).unit),
                    })  # fmt: skip
        return pl.DataFrame(rows, schema=REVIEW_TABLES["moved"])


def _kind(name: str, period: Period) -> str:
    """Quarters are of one kind; any other days are, as many of them."""
    return "quarter" if ".." not in name else f"{period.days} days"


def due_products(files: Iterable[ReviewFile], period: Period) -> set[tuple[str, str]]:
    """Store and product of every decision about one product that falls due in the period."""
    return {
        (decision.store, decision.sku)
        for review in files
        for decision in review.decisions
        if decision.sku is not None and period.first <= decision.look_on <= period.last
    }


def told(decision: Decision, *, made_in: str) -> Row:
    """A decision as a row of `decisions`, not yet judged."""
    return {
        "decision_id": decision.id, "origin": "review", "made_in": made_in,
        "rule": decision.rule, "what": decision.what, "owner": decision.owner,
        "store_id": decision.store, "sku": decision.sku, "metric": decision.metric,
        "side": decision.side, "threshold": decision.threshold,
        "unit": str(registry.find(decision.metric).unit), "look_on": decision.look_on,
    }  # fmt: skip


def foretold(prediction: Prediction, *, made_in: str) -> Row:
    """A prediction as a row of `predictions`, not yet due."""
    name = f"{made_in}-{prediction.metric}-{prediction.store}"
    return {
        "prediction_id": name, "made_in": made_in, "store_id": prediction.store,
        "metric": prediction.metric, "unit": str(registry.find(prediction.metric).unit),
        "first": prediction.first, "last": prediction.last, "low": prediction.low,
        "likely": prediction.likely, "high": prediction.high, "level": prediction.level,
    }  # fmt: skip


def hit_rates(predictions: Sequence[Row]) -> pl.DataFrame:
    """Rows of `hit_rates`: of the predictions that fell due, by review and over all."""
    due = [row for row in predictions if row["outcome"] in ("inside", "outside")]
    rows = []
    for name in [*dict.fromkeys(row["made_in"] for row in due), *([ALL] if due else [])]:
        mine = [row for row in due if name in (ALL, row["made_in"])]
        inside = sum(row["outcome"] == "inside" for row in mine)
        interval = wilson(inside, len(mine))
        rows.append({
            "made_in": name, "due": len(mine), "inside": inside, "rate": inside / len(mine),
            "lo": float(interval.lo), "hi": float(interval.hi),
            "level": float(np.mean([row["level"] for row in mine])),
        })  # fmt: skip
    return pl.DataFrame(rows, schema=REVIEW_TABLES["hit_rates"])
