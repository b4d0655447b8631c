"""What was planted between the sample's stores is found, and what cannot be told says why."""

from __future__ import annotations

import tomllib

import polars as pl
import pytest

from channelscope import assets
from channelscope.results import Results
from channelscope.verdict_rules import ENOUGH_SAME

PLANTED = tomllib.loads(
    (assets.sample_workspace().parent / "TRUTH.toml").read_text(encoding="utf-8")
)["pairs"]
EVIDENCE = {
    "twins": {"product", "price", "promotion", "sales", "service", "consumers"},
    "price_clash": {"shared_sales", "price", "buyer_overlap", "consumers"},
    "mechanism_split": {"price", "promotion"},
    "complements": {"shared_sales", "product", "consumers"},
}


@pytest.mark.parametrize("verdict", sorted(EVIDENCE))
def test_planted_pairs_get_their_verdict_with_evidence_and_what_was_missing(
    sample_results: Results, verdict: str
) -> None:
    for ends in PLANTED[verdict]:
        a, b = sorted(ends)
        row = sample_results.tables["verdicts"].row(
            by_predicate=(pl.col("store_a") == a) & (pl.col("store_b") == b), named=True
        )
        assert row["verdict"] == verdict
        assert row["reason"].startswith(f"verdict.{verdict}.reason")
        assert set(row["evidence"].split(",")) == EVIDENCE[verdict]
        assert row["missing"] == ""


def test_twins_are_the_same_within_the_smallest_distance_that_matters(
    sample_results: Results,
) -> None:
    pairs = sample_results.tables["pairs"].filter(store_a="D2", store_b="D3")
    assert pairs.height == 6 and set(pairs["outcome"]) <= {"same", "unclear"}
    alike = pairs.filter(outcome="same")
    assert {"product", "price"} <= set(alike["dimension"]) and alike.height >= ENOUGH_SAME
    assert alike["hi"].max() <= 0.10 and alike["lo"].min() >= -0.10


@pytest.mark.parametrize(
    ("store", "metric", "reason"),
    [("D3", "conversion", "reason.no_traffic"), ("X1", "sales", "reason.snapshots_only")],
)
def test_what_cannot_be_told_says_why(
    sample_results: Results, store: str, metric: str, reason: str
) -> None:
    rows = sample_results.tables["differences"].filter(store_id=store, metric=metric)
    against = rows.filter(reference_id="F1").row(0, named=True)
    assert (against["outcome"], against["outcome_reason"]) == ("not_identifiable", reason)
    assert [against[name] for name in ("value", "lo", "hi", "p_value", "detectable")] == [None] * 5


def test_every_metric_of_every_pair_is_judged_once(sample_results: Results) -> None:
    rows = sample_results.tables["differences"]
    stores = len(sample_results.scope.stores)
    pairs = rows.select("store_id", "reference_id").unique()
    assert pairs.height == stores * (stores - 1) // 2
    assert not rows.select("store_id", "reference_id", "metric").is_duplicated().any()
    assert rows.height == pairs.height * rows["metric"].n_unique()
    with_reference = rows.filter(reference_id=sample_results.scope.reference_id)
    assert set(with_reference["store_id"]) == set(sample_results.scope.store_ids[1:])


def test_what_the_data_would_have_shown_is_wider_than_the_interval(
    sample_results: Results,
) -> None:
    told = sample_results.tables["differences"].filter(
        pl.col("outcome") != "not_identifiable", pl.col("detectable") > 0
    )
    half = (told["hi"] - told["lo"]) / 2
    # A test at 5% reaches 1.96 errors, one with 80% power 2.80: 1.43 times as far.
    assert told.height > 500
    assert (told["detectable"] / half).is_between(1.2, 1.8).all()


def test_price_outcomes_are_those_of_the_differences(sample_results: Results) -> None:
    index = sample_results.tables["price_index"].filter(
        rung="realised", category="all", unit="piece"
    )
    judged = sample_results.tables["differences"].filter(metric="price_level", reference_id="F1")
    outcomes = dict(judged.select("store_id", "outcome").iter_rows())
    for store, outcome in index.select("store_id", "outcome").iter_rows():
        assert outcome == outcomes.get(store, "same"), store
