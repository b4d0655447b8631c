"""Plan, price order, drift and thresholds on made-up stores."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from channelscope.config import Floors
from channelscope.domain import Period
from channelscope.errors import DataError
from channelscope.result_tables import TABLES
from channelscope.review import thresholds
from channelscope.review.drift import drift
from channelscope.review.plan import against_plan
from channelscope.review.price_changes import price_order_changes
from channelscope.review.standing import standings
from channelscope.review_file import Threshold
from channelscope.trading import PERIOD
from tests.review.made_up import BEFORE, NOW, scope, steady, store, sums


def test_a_plan_is_of_whole_months() -> None:
    period = Period(date(2026, 7, 1), date(2026, 8, 31))
    these = sums(scope(store("F"), store("G"), store("H"), period=period), {
        ("F", PERIOD): steady(10), ("G", PERIOD): steady(20), ("H", PERIOD): steady(5),
    })  # fmt: skip
    targets = pl.DataFrame(
        [("F", date(2026, 7, 1), 400.0), ("F", date(2026, 8, 1), 300.0),
         ("G", date(2026, 7, 1), 900.0), ("F", date(2026, 9, 1), 9e9)],
        schema={"store_id": pl.String, "month": pl.Date, "value": pl.Float64}, orient="row",
    ).with_columns(metric=pl.lit("sales"))  # fmt: skip
    told = against_plan(these, targets, standings(these))
    rows = {row["store_id"]: row for row in told.iter_rows(named=True)}
    assert rows["F"]["baseline"] == 700.0
    assert rows["F"]["relative"] == pytest.approx(rows["F"]["actual"] / 700 - 1)
    assert rows["G"]["outcome_reason"] == "reason.plan_incomplete"
    assert rows["H"]["outcome_reason"] == "reason.no_plan"
    assert rows["all"]["stores"] == "F" and rows["all"]["baseline"] == 700.0
    part = sums(scope(store("F")), {("F", PERIOD): steady(10)})  # ends on 25 August
    row = against_plan(part, targets, standings(part)).row(-1, named=True)
    assert row["baseline"] is None and row["outcome_reason"] == "reason.plan_incomplete"


def _gaps(*rows: tuple[str, str, int, int, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["store_id", "sku", "days", "days_below", "shortfall_amount"],
                         orient="row")  # fmt: skip
    missing = [pl.lit(None).alias(c) for c in TABLES["price_gaps"] if c not in frame.columns]
    return (
        frame.with_columns(missing)
        .select(TABLES["price_gaps"].names())
        .cast(dict(TABLES["price_gaps"]))
    )


def test_price_order_breaks_and_is_mended() -> None:
    floors = Floors(relative=0.10, absolute=500)
    before = _gaps(("D", "mended", 30, 15, 900.0), ("D", "worse", 30, 6, 600.0),
                   ("D", "cheap", 30, 0, 0.0), ("D", "same", 30, 20, 5000.0))  # fmt: skip
    now = _gaps(("D", "broken", 30, 3, 500.0), ("D", "worse", 30, 12, 700.0),
                ("D", "cheap", 30, 30, 499.0), ("D", "same", 30, 21, 6000.0))  # fmt: skip
    titles = pl.DataFrame({"sku": ["broken"], "title": ["Broken"]})
    told = price_order_changes(now, before, titles, base="previous", floors=floors)
    rows = [(r["sku"], r["change"], r["share_before"], r["share_now"], r["shortfall_amount"])
            for r in told.iter_rows(named=True)]  # fmt: skip
    assert rows == [
        ("broken", "broken", 0.0, 0.1, 500.0),
        ("worse", "worse", 0.2, 0.4, 700.0),
        ("mended", "mended", 0.5, 0.0, 900.0),
    ]
    assert told["title"].to_list() == ["Broken", None, None]
    assert told["rank"].to_list() == [1, 2, 3]


def _pairs(*rows: tuple[str, str, float, float, float]) -> pl.DataFrame:
    frame = pl.DataFrame(rows, schema=["store_b", "dimension", "distance", "lo", "hi"],
                         orient="row").with_columns(store_a=pl.lit("A"))  # fmt: skip
    missing = [pl.lit(None).alias(c) for c in TABLES["pairs"] if c not in frame.columns]
    return frame.with_columns(missing).select(TABLES["pairs"].names()).cast(dict(TABLES["pairs"]))


def test_pairs_grow_alike_where_their_intervals_say_so() -> None:
    before = _pairs(("B", "price", 0.60, 0.55, 0.65), ("C", "price", 0.30, 0.10, 0.50),
                    ("D", "price", 0.50, 0.49, 0.51), ("E", "price", 0.2, 0.1, 0.3))  # fmt: skip
    now = _pairs(("B", "price", 0.30, 0.26, 0.34), ("C", "price", 0.20, 0.05, 0.35),
                 ("D", "price", 0.51, 0.50, 0.52))  # fmt: skip
    told = drift(now, before, scope(store("A")), base="previous")
    rows = {row["store_b"]: row for row in told.iter_rows(named=True)}
    assert set(rows) == {"B", "C", "D"}
    assert (rows["B"]["outcome"], rows["B"]["direction"]) == ("differs", "alike")
    half = np.hypot(0.05, 0.04)
    assert rows["B"]["lo"] == pytest.approx(-0.30 - half)
    assert rows["B"]["hi"] == pytest.approx(-0.30 + half)
    assert rows["C"]["outcome"] == "unclear"
    assert (rows["D"]["outcome"], rows["D"]["direction"]) == ("same", "apart")
    assert drift(now.clear(), before, scope(store("A")), base="previous").is_empty()


def _limit(name: str, look_on: date, side: str = "below", limit: float = 500.0,
           metric: str = "sales") -> Threshold:  # fmt: skip
    return Threshold(candidate=name, rule="stop", metric=metric, side=side, limit=limit,
                     unit="money", look_on=look_on)  # fmt: skip


def test_thresholds_of_decide_are_held_against_what_the_store_did_since_it_opened() -> None:
    these = scope(store("N", opened_on=date(2026, 6, 20)), store("F"))
    days = pl.DataFrame({"store_id": ["N"] * 3 + ["F"], "sales": [100.0, 200.0, 900.0, 1.0],
                         "day": [date(2026, 6, 20), date(2026, 7, 31), date(2026, 8, 2),
                                 date(2026, 7, 1)]})  # fmt: skip
    none = pl.DataFrame(schema=TABLES["openings"])
    limits = [_limit("N", date(2026, 8, 1)), _limit("N", date(2026, 8, 1), "above", 301.0),
              _limit("N", date(2026, 12, 1)), _limit("X", date(2026, 8, 1)),
              _limit("N", date(2026, 6, 25)),
              _limit("N", date(2026, 8, 1), metric="diverted")]  # fmt: skip
    told = [(r["outcome"], r.get("actual"), r.get("outcome_reason"))
            for r in thresholds.judged(limits, these, days, none)]  # fmt: skip
    assert told == [
        ("met", 300.0, None), ("not_met", 300.0, None), ("not_due", None, None),
        ("cannot_be_told", None, "reason.store_not_open"),
        ("cannot_be_told", None, "reason.not_measured"),
    ]  # fmt: skip  # the one of June fell due before the period


def test_checkpoints_that_decide_wrote_are_read(tmp_path: Path) -> None:
    assert thresholds.written(tmp_path) == ()
    folder = tmp_path / "decision" / "tables"
    folder.mkdir(parents=True)
    pl.DataFrame({
        "candidate_id": ["N"], "month": [3], "look_on": [date(2026, 8, 1)], "rule": ["stop"],
        "metric": ["sales"], "side": ["below"], "limit_value": [500.0], "unit": ["money"],
        "p_payback": [0.1],
    }).write_parquet(folder / "checkpoints.parquet")  # fmt: skip
    assert thresholds.written(tmp_path) == (_limit("N", date(2026, 8, 1)),)
    (folder / "checkpoints.parquet").write_bytes(b"no")
    with pytest.raises(DataError, match="no checkpoints of decide"):
        thresholds.written(tmp_path)


def test_bases_stand_for_days_of_the_period() -> None:
    pairs = scope(store("F")).bases[0].pairs
    assert pairs[0] == (BEFORE.first, NOW.first) and pairs[-1] == (BEFORE.last, NOW.last)
    assert len(pairs) == NOW.days
