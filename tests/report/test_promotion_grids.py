"""Grids and messages of thresholds and funders, and what the calendar has no room for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure, Period
from channelscope.report import headings
from channelscope.report.compose import figures
from channelscope.report.compose.remainders import remainders
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table
from channelscope.report.context import Grid
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results
from tests.report import promotion_frames
from tests.report.promotion_frames import borne, term

Say = Callable[[str], Wording]
QUERIES = {
    "thresholds": "promotion/threshold_shares", "funding_split": "promotion/funding_split",
    "promotion_calendar": "promotion/promotion_calendar",
}  # fmt: skip


def with_rows(results: Results, name: str, frame: pl.DataFrame | list[Any]) -> Facts:
    rows = frame if isinstance(frame, pl.DataFrame) else (
        pl.DataFrame(frame, infer_schema_length=None))  # fmt: skip
    data = FigureData(Figure("F3.9", name, QUERIES[name], "grid"), rows, "select 1", {})
    others = tuple(each for each in results.figures if each.figure.name != name)
    return Facts(replace(results, figures=(*others, data)))


def funded(results: Results, shares: dict[str, float | None], n: int = 500) -> Facts:
    """Facts in which the stores bear these parts of their discounts, give or take a point."""
    facts = with_rows(results, "funding_split", promotion_frames.funding_split())
    table = facts.table("metrics")
    share = pl.col("store_id").replace_strict(shares, default=None, return_dtype=pl.Float64)
    mine = pl.col("metric") == "merchant_funded_share"
    changed = table.with_columns(
        pl.when(mine).then(value).otherwise(name).alias(name)
        for name, value in (("value", share), ("lo", share - 0.01), ("hi", share + 0.01),
                            ("n", pl.lit(n)))
    )  # fmt: skip
    return Facts(replace(facts.results, tables={**facts.results.tables, "metrics": changed}))


def drawn(facts: Facts, name: str, words: Wording) -> Grid:
    found = figures.grid(Speaker(facts, words), facts.figures[name])
    assert found is not None
    return found


def title(facts: Facts, name: str, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures[name]).replace("\u00a0", " ")


def cells(grid: Grid) -> list[list[tuple[str, str, str]]]:
    return [
        [(c.text, c.detail.replace("\u00a0", " "), c.css) for c in row.cells] for row in grid.rows
    ]


def test_terms_stand_below_their_store_with_what_reaches_them(
    results: Results, wording: Say
) -> None:
    facts = with_rows(results, "thresholds", promotion_frames.thresholds())
    grid = drawn(facts, "thresholds", wording("en"))
    assert [head.text for head in grid.heads] == ["Reach it", "Just short", "At F1"]
    assert [(row.head.text, bool(row.head.mark)) for row in grid.rows] == [
        ("F1", True), ("Shop coupon from ¥359, ¥110 off", False),
        ("S1", True), ("Shop coupon from ¥359, ¥110 off (some products)", False),
        ("M2", True), ("Buy more, save more from 3 pcs, 10% off", False),
        ("D2", True), ("Shop coupon from ¥359", False),
        ("X1", True), ("Shop coupon from ¥99.50", False),
    ]  # fmt: skip
    near, other = ("4.00%", "[3.00, 5.00]", ""), ("25.0%", "[20.0, 30.0]", "")
    assert cells(grid) == [
        [], [("20.0%", "[18.0, 22.0]", ""), near, ("", "", "ref")],
        [], [("5.00%", "[3.00, 7.00]", "k2"), near, other],
        [], [("60.0%", "[58.0, 62.0]", ""), near, other],
        [], [("30.0%", "[28.0, 32.0]", "few"), ("4.00%", "[3.00, 5.00]", "few"), other],
        [], [("–", "", "few")] * 3,
    ]  # fmt: skip
    assert grid.rows[-1].cells[0].tip == "Known by shelf snapshots alone; this needs orders."
    zh = drawn(facts, "thresholds", wording("zh"))
    assert zh.rows[1].head.text == "店铺券：满 ¥359 减 ¥110"
    assert zh.rows[5].head.text == "满件折：满 3 件 减 10%"


def test_the_data_table_says_what_the_grid_leaves_out(results: Results, wording: Say) -> None:
    facts = with_rows(results, "thresholds", promotion_frames.thresholds())
    table = figure_table(Speaker(facts, wording("en")), "thresholds")
    heads = [cell.text for cell in table.heads]
    first = dict(zip(heads, (cell.text for cell in table.rows[2]), strict=True))
    assert first["Asks for"] == "pieces"
    assert first["Threshold"] == "3"
    assert (first["Reach it"], first["Lower"], first["Upper"]) == ("60.0%", "58.0%", "62.0%")
    assert "Rank" not in heads


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_heading_tells_two_thresholds_only_where_their_intervals_part(
    results: Results, wording: Say, code: str
) -> None:
    few = term("D2", 1, 0.9, orders=29)
    apart = with_rows(results, "thresholds", [term("F1", 1, 0.2), term("S1", 1, 0.05), few,
                                              term("M2", 1, 0.1), term("X1", 1, None)])  # fmt: skip
    said = title(apart, "thresholds", wording(code))
    assert all(word in said for word in ("S1", "5.00%", "F1", "20.0%")), said
    touching = with_rows(results, "thresholds", [term("F1", 1, 0.2), term("S1", 1, 0.17), few])
    message = headings.of_figure("thresholds", touching)
    assert message and message.key == "heading.thresholds.same"
    alone = with_rows(results, "thresholds", [term("F1", 1, 0.2), few])
    said = title(alone, "thresholds", wording(code))
    assert all(word in said for word in ("F1", "20.0%", "18.0%", "22.0%")), said
    nothing = with_rows(results, "thresholds", [few, term("X1", 1, None)])
    assert headings.of_figure("thresholds", nothing) is None
    assert title(nothing, "thresholds", wording(code)) == wording(code).text(
        "figure.thresholds.title"
    )


def test_only_the_terms_with_most_orders_are_shown_and_that_is_said(
    results: Results, wording: Say
) -> None:
    many = [term("F1", at, 0.2, place=at) for at in range(1, 21)]
    full = with_rows(results, "thresholds", many)
    assert remainders(Speaker(full, wording("en")), full.figures["thresholds"]) == []
    facts = with_rows(results, "thresholds", [*many, term("S1", 1, 0.2, place=21)])
    said = remainders(Speaker(facts, wording("en")), facts.figures["thresholds"])
    assert said == ["Shown: the 20 of 21 thresholds with most orders; the data table has more."]
    assert len(drawn(facts, "thresholds", wording("en")).rows) == 21


def test_funders_stand_across_and_the_usual_case_is_marked(results: Results, wording: Say) -> None:
    facts = funded(results, {"F1": 1.0, "D1": 0.75, "D2": 0.97})
    grid = drawn(facts, "funding_split", wording("en"))
    assert [head.text for head in grid.heads] == [
        "By the store", "By the platform", "Not known",
    ]  # fmt: skip
    nothing = ("0%", "", "")
    assert cells(grid) == [
        [("100%", "20.0% of list", ""), nothing, nothing],
        [("75.0%", "15.0% of list", ""), ("25.0%", "5.00% of list", "k2"), nothing],
        [("50.0%", "10.0% of list\n40.0% as usual", ""),
         ("12.5%", "2.50% of list\n40.0% as usual", ""),
         ("37.5%", "7.50% of list\n40.0% as usual", "")],
    ]  # fmt: skip
    none = with_rows(results, "funding_split", [
        {**row, "share_of_discount": None, "share_of_list": 0.0} for row in borne("F1", 1, 0)
    ])  # fmt: skip
    assert cells(drawn(none, "funding_split", wording("zh"))) == [[("–", "", "few")] * 3]


@pytest.mark.parametrize(
    ("shares", "n", "key"),
    [
        ({"D1": 0.75}, 500, "heading.funding_split.platform"),
        ({"D1": 0.75, "F1": 0.9}, 500, "heading.funding_split.several"),
        ({"D1": 0.945}, 500, "heading.funding_split.none"),
        ({"D1": 0.75}, 29, "heading.funding_split.none"),
        ({}, 500, None),
    ],
)
def test_a_heading_on_funders_asks_for_more_than_what_does_not_matter(
    results: Results, wording: Say, shares: dict[str, float | None], n: int, key: str | None
) -> None:
    facts = funded(results, shares, n)
    message = headings.of_figure("funding_split", facts)
    assert (message.key if message else None) == key
    for code in ("en", "zh"):
        said = title(facts, "funding_split", wording(code))
        if key in ("heading.funding_split.platform", "heading.funding_split.several"):
            assert all(word in said for word in ("D1", "25.0%", "24.0%", "26.0%")), said


def _activity(store: str, lane: int, day: int = 1) -> dict[str, Any]:
    return {
        "store_id": store, "promo_id": f"{store}{lane}{day}", "mechanism": "flash", "label": None,
        "first_day": date(2026, 9, day), "last_day": date(2026, 9, day + 1), "depth": 0.1,
        "lane": lane,
    }  # fmt: skip


def test_activities_beyond_the_lanes_are_counted_in_words(results: Results, wording: Say) -> None:
    rows = [_activity("F1", lane) for lane in range(1, 6)]
    facts = with_rows(results, "promotion_calendar", rows)
    assert remainders(Speaker(facts, wording("en")), facts.figures["promotion_calendar"]) == []
    rows += [_activity("F1", 6), _activity("D1", 6), _activity("D1", 6, 9), _activity("D1", 7)]
    facts = with_rows(results, "promotion_calendar", rows)
    data = facts.figures["promotion_calendar"]
    (said,) = remainders(Speaker(facts, wording("en")), data)
    assert "4 of 9 activities (D1 3 and F1 1)" in said
    assert "promotion/promotion_calendar" in said
    (zh,) = remainders(Speaker(facts, wording("zh")), data)
    assert "共 9 项活动" in zh
    assert "有 4 项未画出" in zh
    rows += [_activity(store, 6) for store in ("F2", "S1", "M1", "M2")]
    facts = with_rows(results, "promotion_calendar", rows)
    (said,) = remainders(Speaker(facts, wording("en")), facts.figures["promotion_calendar"])
    assert said.count(" 1") == 4
    assert "2 more" in said


def test_the_calendars_heading_counts_no_more_days_than_there_are(
    results: Results, wording: Say
) -> None:
    facts = with_rows(results, "promotion_calendar", [_activity("F1", 1)])
    assert "2 of the last 91" in title(facts, "promotion_calendar", wording("en"))
    last = facts.results.scope.period.last
    month = replace(facts.results.scope, period=Period(last - timedelta(days=29), last))
    short = Facts(replace(facts.results, scope=month))
    assert "2 of the last 30" in title(short, "promotion_calendar", wording("en"))
    assert "最近 30 天中有 2 天" in title(short, "promotion_calendar", wording("zh"))
