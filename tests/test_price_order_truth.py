"""What is planted in the sample of prices below the suggested ones is found in its results."""

from __future__ import annotations

import tomllib
from typing import Any

import polars as pl
import pytest

from channelscope import assets
from channelscope.report import headings
from channelscope.report.facts import Facts
from channelscope.report.render import render
from channelscope.results import Results
from tests.report.conftest import BUILT

Truth = dict[str, Any]
NOTICE = {"en": "Anti-Monopoly Law", "zh": "《反垄断法》"}


@pytest.fixture(scope="module")
def truth() -> Truth:
    path = assets.sample_workspace().parent / "TRUTH.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _share(results: Results, store: str, metric: str) -> float:
    rows = results.tables["metrics"].filter(metric=metric, store_id=store)
    return float(rows["value"][0])


def _days(results: Results, store: str, cause: str, funder: str) -> float:
    """The part of a store's days below that have this cause and funder."""
    mine = results.tables["price_gaps"].filter(store_id=store)
    told = mine.filter(cause_mechanism=cause, funder=funder)
    return float(told["days_below"].sum() / mine["days_below"].sum())


def test_the_gap_of_the_subsidised_store_is_the_platforms(
    sample_results: Results, truth: Truth
) -> None:
    assert _days(sample_results, "D1", "subsidy", "platform") >= 0.9
    assert _share(sample_results, "D1", "own_breach_share") == 0
    assert _share(sample_results, "D1", "platform_gap_share") > 0.9
    # Shelf prices of one piece, every product alike; what was planted is paid, by sales.
    planted = truth["subsidy_d1"]["paid_to_suggested"]
    depth = _share(sample_results, "D1", "below_suggested_depth")
    assert 1 - depth == pytest.approx(planted, abs=0.01)
    assert truth["subsidy_d1"]["paid_and_subsidy_to_suggested"] > 1


@pytest.mark.parametrize("store", ["D2", "D3", "X1"])
def test_others_stand_below_by_markdowns_of_their_own(sample_results: Results, store: str) -> None:
    assert _days(sample_results, store, "markdown", "merchant") >= 0.9
    assert _share(sample_results, store, "own_breach_share") > 0.9


def test_the_brands_own_stores_keep_the_suggested_prices(sample_results: Results) -> None:
    assert _share(sample_results, "F1", "below_suggested_share") == 0
    for store in ("F2", "S1", "M1", "M2"):
        assert _share(sample_results, store, "below_suggested_share") < 0.06


def test_the_figures_heading_keeps_the_two_apart(sample_results: Results) -> None:
    message = headings.of_figure("price_order", Facts(sample_results))
    assert message is not None
    assert message.key == "heading.price_order.both"
    assert set(message.params["stores"]) == {"D2", "D3", "X1"}
    assert message.params["stores_platform"] == ["D1"]


def test_days_add_up(sample_results: Results) -> None:
    rows = sample_results.tables["price_gaps"]
    assert rows.filter(pl.col("days_gap") == 0, pl.col("days_below") == 0).is_empty()
    for part, whole in (("days_gap", "days"), ("days_below", "days"), ("days_own", "days_below")):
        assert rows.filter(pl.col(part) > pl.col(whole)).is_empty()
    assert rows.select("sku", "period_start", "store_id").is_unique().all()
    assert rows["rung"].unique().to_list() == ["one_piece"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_notice_on_resale_prices_stands_once(sample_results: Results, language: str) -> None:
    text = render(sample_results, languages=(language,), generated_at=BUILT)
    assert text.count(NOTICE[language]) == 1
