"""`compare` on the sample recovers what was planted: the truths of a run 50 times as large."""

from __future__ import annotations

import tomllib
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from channelscope import assets
from channelscope.results import Results

Truth = dict[str, Any]


@pytest.fixture(scope="module")
def truth() -> Truth:
    path = assets.sample_workspace().parent / "TRUTH.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _rows(results: Results, metric: str) -> dict[str, dict[str, Any]]:
    rows = results.tables["metrics"].filter(pl.col("metric") == metric)
    return {row["store_id"]: row for row in rows.iter_rows(named=True)}


def _outside(results: Results, metric: str, planted: dict[str, float]) -> dict[str, Any]:
    """Stores whose interval does not hold the truth."""
    rows = _rows(results, metric)
    return {
        store: (value, rows[store]["lo"], rows[store]["hi"])
        for store, value in planted.items()
        if not rows[store]["lo"] <= value <= rows[store]["hi"]
    }


def test_planted_price_levels_lie_in_their_intervals(sample_results: Results, truth: Truth) -> None:
    planted = {s: v["computed"] for s, v in truth["price_level"].items() if s != "F1"}
    assert len(planted) == 7
    assert _outside(sample_results, "price_level", planted) == {}


def test_price_intervals_are_narrow_enough_to_tell(sample_results: Results) -> None:
    rows = _rows(sample_results, "price_level")
    assert all(r["hi"] - r["lo"] < 3 for s, r in rows.items() if s not in ("F1", "X1"))


def test_same_price_by_another_mechanism(sample_results: Results) -> None:
    """F1 and F2: within 3 points of each other, one by coupon and tier, one by markdown."""
    index = sample_results.tables["price_index"].filter(
        rung="realised", category="all", unit="piece"
    )
    outcome = dict(index.select("store_id", "outcome").iter_rows())
    assert outcome["F2"] == "same"
    assert {outcome[store] for store in ("S1", "M1", "M2", "D1", "D2", "D3")} == {"differs"}
    assert outcome["X1"] == "not_identifiable"


def test_conversion_lies_in_its_interval(sample_results: Results, truth: Truth) -> None:
    """95% intervals: of seven, one outside happens in a third of all samples, two hardly ever."""
    planted = {s: v["computed"] for s, v in truth["conversion"].items()}
    assert len(_outside(sample_results, "conversion", planted)) <= 1


@pytest.mark.parametrize("metric", ["units_per_order", "refund_share"])
def test_orders_and_refunds_lie_in_their_intervals(
    sample_results: Results, truth: Truth, metric: str
) -> None:
    assert len(_outside(sample_results, metric, truth[metric])) <= 2


def test_mechanism_mix_is_the_planted_one(sample_results: Results, truth: Truth) -> None:
    mix = sample_results.tables["mechanisms"]
    for store, planted in truth["mechanism_mix"].items():
        rows = mix.filter(pl.col("store_id") == store)
        found = dict(rows.select("mechanism", "share_of_list").iter_rows())
        for mechanism, share in planted.items():
            assert found[mechanism] == pytest.approx(share, abs=0.02), (store, mechanism)


def test_service_keeps_the_planted_order(sample_results: Results, truth: Truth) -> None:
    """A store planted clearly better is never shown worse beyond its interval."""
    for metric, planted in truth["service"].items():
        if metric.startswith("walkthrough_"):
            continue
        rows = _rows(sample_results, metric)
        order = [store for store in planted["best_first"] if store != "X1"]
        for better, worse in pairwise(order):
            up = rows[better]["better"] == "higher"
            a, b = (rows[better], rows[worse]) if up else (rows[worse], rows[better])
            assert a["hi"] >= b["lo"], (metric, better, worse)


def test_the_subsidy_is_platform_money(sample_results: Results, truth: Truth) -> None:
    shares = _rows(sample_results, "merchant_funded_share")
    assert shares["F2"]["value"] == pytest.approx(1, abs=1e-9)
    subsidy = truth["subsidy_d1"]["share_of_list"]["computed"]
    depth = _rows(sample_results, "depth")["D1"]["value"]
    assert 1 - shares["D1"]["value"] == pytest.approx(subsidy / depth, abs=0.02)


def test_unknown_is_never_zero(sample_results: Results) -> None:
    assert _rows(sample_results, "visitor_days")["D3"]["value"] is None
    assert _rows(sample_results, "sales")["X1"]["value"] is None
    assert _rows(sample_results, "growth")["S1"]["outcome_reason"] == "reason.no_full_year_before"


def test_the_platforms_part_of_a_low_price_is_not_the_merchants(
    sample_results: Results, truth: Truth
) -> None:
    """D1 stands about 15 points below F1, 6 of them by the platform's subsidy."""
    index = sample_results.tables["price_index"].filter(store_id="D1", category="all", unit="piece")
    level = dict(index.select("rung", "value").iter_rows())
    planted = truth["subsidy_d1"]["points"]["computed"]
    assert level["merchant"] - level["realised"] == pytest.approx(planted, abs=0.3)


def test_orders_shipped_outside_a_stores_regions_are_recovered(
    sample_results: Results, truth: Truth
) -> None:
    """By orders, as the truth is counted: a basket sent far away happens to be a large one here."""
    planted = {"D2": truth["blemishes"]["out_of_region_d2"]["computed"]}
    assert _outside(sample_results, "out_of_region_share", planted) == {}
    row = _rows(sample_results, "out_of_region_share")["D2"]
    assert row["hi"] - row["lo"] < 0.05
    found = sample_results.tables["findings"].filter(template="out_of_region")
    assert found["stores"].to_list() == ["D2"]


def test_no_store_of_the_sample_moves_first(sample_results: Results) -> None:
    """All prices of the sample follow one calendar of campaigns and deals of the stores' own."""
    rows = sample_results.tables["price_leads"]
    assert set(rows["outcome"]) == {"unclear", "not_identifiable"}
    twins = rows.filter(leader_id="D2", follower_id="D3").row(0, named=True)
    assert twins["together"] == twins["changes"] > 500
