"""What S1's opening did in the sample: described as counted, estimated as planted."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import assets, pipeline
from channelscope.domain import GroupBy
from channelscope.preparation import Request
from channelscope.report import headings
from channelscope.report.facts import Facts
from channelscope.results import Results
from channelscope.stats.adjustment import benjamini_hochberg

WHOLE = {"category": "all", "price_tier": "all"}


@pytest.fixture(scope="module")
def truth() -> dict[str, Any]:
    path = assets.sample_workspace().parent / "TRUTH.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def openings(sample_results: Results) -> pl.DataFrame:
    return sample_results.tables["openings"]


def test_the_history_is_as_counted(openings: pl.DataFrame, truth: dict[str, Any]) -> None:
    told = openings.filter(method="history", horizon="long")
    found = {row["from_store"].replace(":", "_"): row["share"] for row in told.to_dicts()}
    assert found.keys() == truth["history_s1"].keys()
    assert found == pytest.approx(truth["history_s1"], abs=0.00005)
    assert told["share"].sum() == pytest.approx(1)
    assert told["lo"].null_count() == told["outcome"].null_count() == told.height


def test_the_estimate_holds_the_counterfactual(
    openings: pl.DataFrame, truth: dict[str, Any]
) -> None:
    told = openings.filter(method="panel", horizon="long", **WHOLE)
    found = {row["from_store"]: row for row in told.to_dicts()}
    planted = {name: each["computed"] for name, each in truth["diversion_s1"].items()}
    del planted["new"]
    assert found.keys() == planted.keys()
    held = [found[store]["lo"] <= share <= found[store]["hi"] for store, share in planted.items()]
    assert found["F1"]["lo"] <= planted["F1"] <= found["F1"]["hi"]
    assert found["D1"]["lo"] <= planted["D1"] <= found["D1"]["hi"]
    assert sum(held) >= len(held) - 1
    assert found["F1"]["outcome"] == "differs"
    assert found["F1"]["hi"] - found["F1"]["lo"] < 0.4
    # What was sold, what was to be expected and the share are one statement.
    for row in told.to_dicts():
        worth = row["amount"] / row["share"] * row["coverage"]
        assert row["expected"] - row["sold"] == pytest.approx(row["share"] * worth)


def test_categories_add_up_to_the_whole(openings: pl.DataFrame) -> None:
    told = openings.filter(method="panel", horizon="long", price_tier="all", from_store="F1")
    whole = told.filter(category="all")["amount"].item()
    parts = told.filter(pl.col("category") != "all")["amount"].sum()
    assert parts == pytest.approx(whole)


def test_the_whole_is_one_family_and_its_parts_another(openings: pl.DataFrame) -> None:
    is_whole = (pl.col("category") == "all") & (pl.col("price_tier") == "all")
    told = openings.filter(method="panel").drop_nulls("p_value").with_columns(whole=is_whole)
    families = told.partition_by("store_id", "horizon", "whole")
    assert len(families) == 4
    for family in families:
        assert family.height > 6
        adjusted = benjamini_hochberg(family["p_value"].to_numpy())
        assert family["p_adjusted"].to_numpy() == pytest.approx(adjusted)


def test_placebos_read_zero(sample_results: Results, openings: pl.DataFrame) -> None:
    told = openings.filter(method="panel", **WHOLE)
    assert told["placebos"].min() >= 4
    assert told["placebos_off"].sum() <= 0.1 * told["placebos"].sum()
    assert "reason.placebo_not_zero" not in set(told["outcome_reason"])
    before = sample_results.tables["opening_weeks"].filter(pl.col("first_week") < 0)
    off = before.filter((pl.col("lo") > 0) | (pl.col("hi") < 0))
    assert before.height >= 40
    assert off.height <= 0.1 * before.height


def test_the_report_tells_the_estimate_and_never_the_history(sample_results: Results) -> None:
    found = sample_results.tables["findings"].filter(template="opening_took")
    assert found["stores"].to_list() == ["S1+F1"]
    message = headings.of_figure("source_of_volume", Facts(sample_results))
    assert message is not None
    assert message.key == "heading.source_of_volume.took"
    assert (message.params["store"], message.params["store_from"]) == ("S1", "F1")


def test_groups_are_kept_by_store_and_told_of_none(
    sample_workspace: Path, openings: pl.DataFrame
) -> None:
    grouped = pipeline.compare(Request(sample_workspace, by=GroupBy.KIND))
    mine = grouped.tables["openings"].filter(method="panel", **WHOLE)
    assert mine["share"].to_list() == pytest.approx(
        openings.filter(method="panel", **WHOLE)["share"].to_list()
    )
    assert grouped.switched_off["source_of_volume"] == "off.no_openings"
    assert "opening_took" not in set(grouped.tables["findings"]["template"])
