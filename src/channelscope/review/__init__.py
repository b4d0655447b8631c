"""The review of a period: what changed, what was decided, what comes next; and it remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from channelscope import sqlfile
from channelscope.alignment import Events
from channelscope.config import Config
from channelscope.domain import Scope
from channelscope.engine.duckdb import Session
from channelscope.review import proposals, thresholds
from channelscope.review.asked import Asked, asked, watched
from channelscope.review.bridges import period_bridge
from channelscope.review.drift import drift
from channelscope.review.exceptions import exceptions
from channelscope.review.immature import developed
from channelscope.review.memory import (
    Memory,
    due_products,
    figure_key,
    foretold,
    hit_rates,
    told,
)
from channelscope.review.outlook import YEARS, Outlook, outlook, predictions
from channelscope.review.plan import PLAN, against_plan
from channelscope.review.price_changes import price_order_changes
from channelscope.review.standing import standings
from channelscope.review.sums import Sums, read
from channelscope.review.thresholds import written
from channelscope.review.variance import TOTALS, like_for_like, variance, weekly
from channelscope.review.watch import projection
from channelscope.review_file import Decision, Finding, Prediction, ReviewFile, Threshold
from channelscope.review_tables import REVIEW_TABLES
from channelscope.trading import PERIOD

__all__ = ["Asked", "Evidence", "Reviewed", "asked", "review", "watch", "watched", "written"]

Tables = Mapping[str, pl.DataFrame]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a review is made of.

    `frames`: the cubes; `now` and `before`: the result tables of the period and of the one before
    (empty where there was none), `before_name`: which base that is. `files`: every review of the
    workspace; `thresholds`: what `decide` wrote last; `sales` of all
    stores by day.
    """

    session: Session
    scope: Scope
    config: Config
    frames: Tables
    now: Tables
    before: Tables
    before_name: str
    files: tuple[ReviewFile, ...]
    thresholds: tuple[Threshold, ...]
    sales: Mapping[date, float]


@dataclass(frozen=True, slots=True)
class Reviewed:
    """The tables, and what is to be remembered: None of a period that is still going on."""

    name: str
    tables: dict[str, pl.DataFrame]
    memory: ReviewFile | None
    own: ReviewFile | None

    @property
    def differs(self) -> bool:
        """Whether an amended review would say anything else than the one there is."""
        if self.memory is None or self.own is None:
            return self.memory is not None
        same = {"revision": self.own.revision, "data_to": self.own.data_to}
        return self.memory.model_copy(update=same) != self.own


def review(asked_for: Asked, evidence: Evidence) -> Reviewed:
    """Every table of the review."""
    scope, session = evidence.scope, evidence.session
    sums = read(session, scope, evidence.frames["stores"])
    stand = standings(sums)
    plan = against_plan(sums, evidence.frames["targets"], stand)
    compared = developed(session, sums, pl.concat([variance(sums, stand), plan]))
    memory = Memory.of(
        evidence.files, name=asked_for.name, period=scope.period,
        figures=_figures(evidence, sums, compared),
        money=(scope.currency, str(scope.basis)),
        stores=(store.store_id for store in scope.every_store),
    )  # fmt: skip
    known = thresholds.known(memory.earlier, evidence.thresholds)
    found = exceptions(
        session, sums, compared, evidence.config.exceptions,
        definitions=_definitions(evidence), seen=memory.seen(),
    )  # fmt: skip
    prices = _prices(evidence)
    events: Events = evidence.config.events
    days = evidence.frames["store_days"]
    spans = (asked_for.previous, scope.period, asked_for.following)
    coming = outlook(spans, events, days, evidence.sales)
    base = next((each for each in scope.bases if each.name in YEARS), None)
    alike = like_for_like(sums, base) if base else ()
    proposed = _proposed(asked_for, evidence, (found, prices), coming, alike)
    foreseen = tuple(predictions(sums, coming))
    own = memory.own
    next_steps = own.decisions if own else proposed
    expected = own.predictions if own else foreseen
    if scope.redacted:  # what the brand decides and expects is its own
        next_steps, expected = (), ()
        found = found.with_columns(seen_before=pl.lit(None, pl.Boolean))
    earlier = [*memory.predictions()]
    openings = evidence.now.get("openings", pl.DataFrame(schema={"store_id": pl.String}))
    decisions = [
        *memory.decisions(),
        *thresholds.judged(known, scope, days, openings),
        *({**told(each, made_in=asked_for.name), "outcome": "proposed"} for each in next_steps),
    ]
    tables = {
        "review_periods": asked_for.periods(),
        "aligned_days": asked_for.partners(),
        "variance": compared,
        "period_bridge": period_bridge(session, scope),
        "weekly_variance": weekly(sums),
        "exceptions": found,
        "price_order_changes": prices,
        "drift": _drift(evidence),
        "decisions": _frame("decisions", decisions),
        "predictions": _frame("predictions", [
            *earlier,
            *({**foretold(e, made_in=asked_for.name), "outcome": "not_due"} for e in expected),
        ]),
        "hit_rates": hit_rates(earlier),
        "moved": memory.moved(),
        "projection": _frame("projection", []),
    }  # fmt: skip
    kept = _memory(asked_for, evidence, memory, (found, proposed, foreseen, known))
    return Reviewed(asked_for.name, tables, None if asked_for.is_going_on else kept, own)


def watch(asked_for: Asked, evidence: Evidence) -> Reviewed:
    """The tables of an event in progress: nothing is decided, and nothing remembered."""
    scope, session = evidence.scope, evidence.session
    sums = read(session, scope, evidence.frames["stores"])
    stand = standings(sums)
    compared = developed(session, sums, variance(sums, stand))
    rules = evidence.config.exceptions
    days = evidence.frames["store_days"]
    tables = {name: _frame(name, []) for name in REVIEW_TABLES} | {
        "review_periods": asked_for.periods(),
        "aligned_days": asked_for.partners(),
        "variance": compared,
        "exceptions": exceptions(
            session, sums, compared, rules, definitions=_definitions(evidence), seen=()
        ),
        "projection": projection(asked_for, scope, days, stand),
    }
    return Reviewed(asked_for.name, tables, None, None)


def _frame(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=REVIEW_TABLES[name])


def _definitions(evidence: Evidence) -> dict[str, str]:
    """What a visitor is, by store: as its platform declares it, else as that platform counts."""
    declared = evidence.config.traffic.definition
    platforms = evidence.frames["stores"].select("store_id", "platform").iter_rows()
    return {store: declared.get(name, f"undeclared:{name}") for store, name in platforms}


def _figures(evidence: Evidence, sums: Sums, compared: pl.DataFrame) -> dict[str, dict[str, float]]:
    """Every figure of the period by store: what decisions are held against, and the file keeps."""
    open_skus = due_products(evidence.files, sums.scope.period)
    found: dict[str, dict[str, float]] = {}
    metrics = evidence.now.get("metrics")
    if metrics is not None:
        for store, metric, value in metrics.select("store_id", "metric", "value").iter_rows():
            if value is not None:
                found.setdefault(store, {})[metric] = value
    actual = compared.filter(pl.col("base") != PLAN).select("store_id", "metric", "actual")
    for store, metric, value in actual.iter_rows():
        if value is not None and store != TOTALS[1]:
            found.setdefault(store, {})[metric] = value
    if open_skus:
        every = evidence.session.run(sqlfile.find("review/sku_sums"))
        known = set(every.select("store_id", "sku").iter_rows())
        sold = every.filter(span=PERIOD)
        told_of = sold.select("store_id", "sku", "sales").iter_rows()
        amounts = {(store, sku): float(sales) for store, sku, sales in told_of}
        for store, sku in sorted(open_skus):
            if store in found and (store, sku) in known:
                found[store][figure_key("sales", sku)] = amounts.get((store, sku), 0.0)
    order = [TOTALS[0], *(store.store_id for store in sums.scope.every_store)]
    return {name: _rounded(found[name]) for name in order if name in found}


def _rounded(figures: Mapping[str, float]) -> dict[str, float]:
    """Twelve digits, as results are written; by name, so that files can be compared."""
    return {key: float(f"{figures[key]:.12g}") for key in sorted(figures)}


def _prices(evidence: Evidence) -> pl.DataFrame:
    if not evidence.before:
        return _frame("price_order_changes", [])
    return price_order_changes(
        evidence.now["price_gaps"], evidence.before["price_gaps"], evidence.frames["products"],
        base=evidence.before_name, floors=evidence.config.exceptions.price_order,
    )  # fmt: skip


def _drift(evidence: Evidence) -> pl.DataFrame:
    if not evidence.before:
        return _frame("drift", [])
    now, before = evidence.now["pairs"], evidence.before["pairs"]
    return drift(now, before, evidence.scope, base=evidence.before_name)


def _proposed(
    asked_for: Asked, evidence: Evidence, told: tuple[pl.DataFrame, pl.DataFrame],
    coming: Outlook, alike: tuple[str, ...],
) -> tuple[Decision, ...]:  # fmt: skip
    found, prices = told
    levels: dict[str, tuple[float, float]] = {}
    if evidence.before:
        shares = [
            each["metrics"].filter(metric="below_suggested_share").select("store_id", "value")
            for each in (evidence.before, evidence.now)
        ]
        both = shares[0].join(shares[1], on="store_id", suffix="_now").drop_nulls()
        levels = {store: (before, now) for store, before, now in both.iter_rows()}
    return tuple(
        proposals.proposals(
            asked_for.name,
            found,
            prices,
            levels,
            scope=evidence.scope,
            coming=coming,
            alike=alike,
        )
    )


def _memory(
    asked_for: Asked, evidence: Evidence, memory: Memory,
    parts: tuple[pl.DataFrame, tuple[Decision, ...], tuple[Prediction, ...], tuple[Threshold, ...]],
) -> ReviewFile:  # fmt: skip
    """What this review has to say to the next; of an amended one people's decisions stay."""
    found, proposed, foreseen, known = parts
    own, scope = memory.own, evidence.scope
    return ReviewFile(
        channelscope_review=1,
        period=asked_for.name, first=scope.period.first, last=scope.period.last,
        revision=own.revision + 1 if own else 1,
        data_to=scope.data_end, currency=scope.currency, basis=str(scope.basis),
        figures={store: dict(figures) for store, figures in memory.figures.items()},
        findings=tuple(
            Finding(rule=row["rule"], store=row["store_id"], sku=row["sku"], base=row["base"],
                    actual=row["actual"], baseline=row["baseline"])
            for row in found.iter_rows(named=True)
        ),
        # What people decided stays, and what was foretold is not foretold again in hindsight.
        decisions=own.decisions if own else proposed,
        predictions=own.predictions if own else foreseen, thresholds=known,
    )  # fmt: skip
