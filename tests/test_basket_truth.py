"""The crossing planted in the sample is drawn, is the heading, and is a finding."""

from __future__ import annotations

import json
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


@pytest.fixture(scope="module")
def levels() -> dict[str, float]:
    """Price of a piece, F1's realised level = 100: `F1_3` for three pieces at F1."""
    path = assets.sample_workspace().parent / "TRUTH.toml"
    told: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))["basket_level"]
    return {name: float(each["computed"]) for name, each in told.items()}


def _drawn(results: Results) -> dict[tuple[str, int], float]:
    """The mean level over the products drawn, by store and pieces."""
    (figure,) = [data for data in results.figures if data.figure.name == "basket_prices"]
    means = figure.frame.group_by("store_id", "pieces").agg(pl.col("level").mean())
    return {(store, pieces): level for store, pieces, level in means.iter_rows()}


def test_the_lines_lie_as_they_were_planted(
    sample_results: Results, levels: dict[str, float]
) -> None:
    drawn = _drawn(sample_results)
    base = levels["F1_1"] / drawn["F1", 1]
    for store, pieces in (("D1", 1), ("D1", 3)):
        assert drawn[store, pieces] * base == pytest.approx(levels[f"{store}_{pieces}"], abs=0.5)
    # What a coupon takes off three depends on the product: heroes are not the whole range.
    assert drawn["F1", 3] * base == pytest.approx(levels["F1_3"], abs=7)
    assert drawn["F1", 1] > drawn["D1", 1]
    assert drawn["F1", 3] < drawn["D1", 3]


def test_every_hero_crosses_between_one_piece_and_three(sample_results: Results) -> None:
    (figure,) = [data for data in sample_results.figures if data.figure.name == "basket_prices"]
    for (sku,), rows in figure.frame.group_by("sku"):
        level = {(r["store_id"], r["pieces"]): r["level"] for r in rows.iter_rows(named=True)}
        assert level["D1", 1] < level["F1", 1], sku
        assert level["F1", 3] < level["D1", 3], sku


def test_the_crossing_is_a_finding_and_the_heading(sample_results: Results) -> None:
    found = sample_results.tables["findings"].filter(template="basket_crossing")
    said = json.loads(found["parameters"].item())
    assert (said["store_a"], said["store_b"], said["n"]) == ("D1", "F1", 3)
    assert found["grade"].item() == "A"
    message = headings.of_figure("basket_prices", Facts(sample_results))
    assert message and message.key == "heading.basket_prices.crossing"
    assert (message.params["store_a"], message.params["store_b"]) == ("D1", "F1")


def test_the_report_says_it_in_both_languages(sample_results: Results) -> None:
    text = render(sample_results, languages=("en", "zh"), generated_at=BUILT).replace("\u00a0", " ")
    assert "D1 is cheaper than F1 for one piece" in text
    assert "买一件 D1 比 F1 便宜" in text


def test_no_markdown_of_the_sample_breaks_a_threshold(sample_results: Results) -> None:
    """Its coupons take less off than its markdowns do."""
    assert sample_results.tables["broken_thresholds"].is_empty()


def test_the_coupon_of_f1_clashes_with_the_markdown_of_d1_on_every_day(
    sample_results: Results,
) -> None:
    (pair,) = sample_results.tables["clash_pairs"].filter(store_a="D1", store_b="F1").to_dicts()
    assert pair["share"] == 1
    assert (pair["mechanism_a"], pair["mechanism_b"]) == (
        "markdown+subsidy", "coupon_shop+tier_cross",
    )  # fmt: skip
    # One piece reaches neither threshold of F1: D1's 15.5% and 5.5% off list are the whole gap.
    assert pair["gap"] == pytest.approx(1 / (1 - 0.155 - 0.055) - 1, abs=0.001)


def test_the_tables_stay_small(sample_results: Results) -> None:
    names = ("basket_prices", "cheapest_baskets", "clashes", "clash_pairs")
    rows = {name: sample_results.tables[name].height for name in names}
    # Of clashes a row at least per product and pair of stores that clash on it.
    assert sum(rows.values()) < 5_000, rows
    assert all(rows.values()), rows
