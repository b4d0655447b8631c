"""Stop and scale rules that `decide` wrote, held against what the store did since it opened."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from channelscope.domain import Scope
from channelscope.errors import DataError
from channelscope.review_file import ReviewFile, Threshold

CHECKPOINTS = Path("decision") / "tables" / "checkpoints.parquet"
Row = dict[str, Any]


def written(workspace: Path) -> tuple[Threshold, ...]:
    """What the last `decide` of the workspace wrote; nothing where there was none."""
    path = workspace / CHECKPOINTS
    if not path.is_file():
        return ()
    try:
        rows = pl.read_parquet(path)
        return tuple(
            Threshold(
                candidate=row["candidate_id"], rule=row["rule"], metric=row["metric"],
                side=row["side"], limit=row["limit_value"], unit=row["unit"],
                look_on=row["look_on"],
            )
            for row in rows.iter_rows(named=True)
        )  # fmt: skip
    except (pl.exceptions.PolarsError, KeyError, ValueError) as error:
        raise DataError(
            "are no checkpoints of decide",
            where=str(CHECKPOINTS),
            advice="run 'channelscope decide' again, or move the folder away",
        ) from error


def known(earlier: Iterable[ReviewFile], now: Iterable[Threshold]) -> tuple[Threshold, ...]:
    """Those of earlier reviews and those of now, each once; the newest where a limit moved."""
    told = [*(each for review in earlier for each in review.thresholds), *now]
    return tuple({(t.candidate, t.rule, t.metric, t.look_on): t for t in told}.values())


def judged(
    thresholds: Iterable[Threshold], scope: Scope, days: pl.DataFrame, openings: pl.DataFrame
) -> Iterator[Row]:
    """Rows of `decisions` for the thresholds of stores of which something can be said.

    `days`: the cube `store_days`; `openings`: what the stores took from others, where told.
    """
    stores = {store.store_id: store for store in scope.every_store}
    for each in thresholds:
        row = _row(each)
        store = stores.get(each.candidate)
        opened = store.opened_on if store else None
        if each.look_on > scope.period.last:
            yield {**row, "outcome": "not_due"}
        elif store is None or opened is None or opened > each.look_on:
            reason = "reason.store_not_open"
            yield {**row, "outcome": "cannot_be_told", "outcome_reason": reason}
        elif each.look_on >= scope.period.first:
            actual = _actual(each, opened, days, openings)
            if actual is None:
                reason = "reason.not_measured"
                yield {**row, "outcome": "cannot_be_told", "outcome_reason": reason}
            else:
                below = each.side == "below"
                met = actual <= each.limit if below else actual >= each.limit
                yield {**row, "actual": actual, "outcome": "met" if met else "not_met"}


def _row(each: Threshold) -> Row:
    return {
        "decision_id": f"{each.candidate}-{each.rule}-{each.metric}-{each.look_on}",
        "origin": "decide", "made_in": "decide", "rule": each.rule, "store_id": each.candidate,
        "metric": each.metric, "side": each.side, "threshold": each.limit, "unit": each.unit,
        "look_on": each.look_on,
    }  # fmt: skip


def _actual(
    each: Threshold, opened: date, days: pl.DataFrame, openings: pl.DataFrame
) -> float | None:
    """Sales since the opening, or the share of them that other stores lost."""
    if each.metric == "sales":
        mine = days.filter(
            pl.col("store_id") == each.candidate, pl.col("day").is_between(opened, each.look_on)
        )
        return float(mine["sales"].sum()) if mine.height else None
    told = openings.filter(
        pl.col("share").is_not_null(), store_id=each.candidate, method="panel", category="all",
        price_tier="all",
    )  # fmt: skip
    for horizon in ("long", "short"):
        shares = told.filter(horizon=horizon)["share"]
        if len(shares):
            return float(shares.sum())
    return None
