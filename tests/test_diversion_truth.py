"""The division of needs that was planted lies in the intervals of the sample."""

from __future__ import annotations

import tomllib
from typing import Any

import polars as pl
import pytest

from channelscope import assets
from channelscope.results import Results

Truth = dict[str, dict[str, float]]
MOST_OUTSIDE = 2
"""Of 19 intervals of 95%, three or more lie beside their truth in one sample of fourteen."""


@pytest.fixture(scope="module")
def planted() -> Truth:
    path = assets.sample_workspace().parent / "TRUTH.toml"
    found: Truth = tomllib.loads(path.read_text(encoding="utf-8"))["diversion_index"]
    return found


def _told(results: Results) -> dict[tuple[str, str], dict[str, Any]]:
    rows = results.tables["diversion"].drop_nulls("index").iter_rows(named=True)
    return {(row["segment_set"], row["scope"]): row for row in rows}


def test_planted_indices_lie_in_their_intervals(sample_results: Results, planted: Truth) -> None:
    told = _told(sample_results)
    truth = {(name, scope): index for name, scopes in planted.items()
             for scope, index in scopes.items()}  # fmt: skip
    assert set(told) == set(truth)
    outside = {key for key, row in told.items() if not row["lo"] <= truth[key] <= row["hi"]}
    assert len(outside) <= MOST_OUTSIDE, outside
    # What all stores show of the needs, the headline, is among those inside.
    assert not outside & {("category", "all"), ("basket_use", "all")}


def test_needs_are_told_to_be_divided_where_they_are(
    sample_results: Results, planted: Truth
) -> None:
    told = _told(sample_results)
    for name in ("category", "basket_use"):
        assert planted[name]["all"] > 0.05
        assert told[name, "all"]["outcome"] == "differs"
    # The cookware store takes cookware; who had bought before is no need of any store.
    rows = sample_results.tables["segments"].filter(pl.col("outcome") == "differs", store_id="S1")
    most = rows.filter("is_need").sort("gap", descending=True).row(0, named=True)
    assert most["segment"].startswith("Cookware") and most["share"] > 0.7
    for scope, index in planted["brand_history"].items():
        assert index < 0.01
        assert told["brand_history", scope]["outcome"] == "same"


def test_what_stores_do_themselves_is_told_as_behaviour(sample_results: Results) -> None:
    rows = sample_results.tables["diversion"].filter(segment_set="promotion")
    assert rows.height == 4 and not rows["is_need"].any()
    found = sample_results.tables["findings"].filter(pl.col("template").str.starts_with("needs_"))
    assert found["template"].to_list() == ["needs_divided"]
    assert "promotion" not in found["parameters"][0]


def test_buyers_who_like_both_go_between_f1_and_d1_beyond_chance(sample_results: Results) -> None:
    """Planted: the same people like F1 and D1; of three stores the other exchanges come below 1."""
    found = sample_results.tables["exchange"].filter(scope="tmall").to_dicts()
    lifts = {(row["store_a"], row["store_b"]): row for row in found}
    assert set(lifts) == {("D1", "F1"), ("D1", "S1"), ("F1", "S1")}
    liked = lifts.pop(("D1", "F1"))
    assert (liked["outcome"], liked["coverage"]) == ("differs", 1.0)
    assert 1.0 < liked["lo"] < liked["lift"] < liked["hi"]
    assert all(row["hi"] < 1.0 for row in lifts.values())
    told = sample_results.tables["findings"].filter(template="buyer_exchange")
    assert told["stores"].to_list() == ["D1+F1"]
