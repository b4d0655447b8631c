"""Grids, data tables and messages of need segments and of their division."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings
from channelscope.report.compose import figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table
from channelscope.report.context import Grid
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results
from channelscope.scoping import smallest_differences

Say = Callable[[str], Wording]
QUERIES = {"segment_shares": "consumers/segment_shares", "diversion": "consumers/diversion_index"}


def share(store: str, segment: str, at: float, overall: float, **given: Any) -> dict[str, Any]:
    return {
        "segment_set": "category", "is_need": True, "segment": segment, "store_id": store,
        "share": at, "lo": max(at - 0.02, 0.0), "hi": at + 0.02, "overall_share": overall,
        "p_adjusted": 0.001, "coverage": 1.0, "n": 500, "outcome": "unclear",
        "outcome_reason": None, "is_shown": True, **given,
    }  # fmt: skip


def index(
    name: str, scope: str, at: float | None, outcome: str = "differs", **given: Any
) -> dict[str, Any]:
    known = at is not None
    return {
        "segment_set": name, "is_need": True, "scope": scope, "stores": 2, "index": at,
        "lo": at - 0.004 if known else None, "hi": at + 0.004 if known else None,
        "null_mean": 0.001 if known else None, "p_adjusted": 0.001 if known else None,
        "coverage": 1.0, "outcome": outcome, "outcome_reason": None, **given,
    }  # fmt: skip


def with_rows(results: Results, name: str, rows: list[dict[str, Any]]) -> Facts:
    shown = Figure("F6.5", name, QUERIES[name], "grid")
    data = FigureData(shown, pl.DataFrame(rows, infer_schema_length=None), "select 1", {})
    scope = replace(results.scope, delta=smallest_differences({}))
    others = tuple(each for each in results.figures if each.figure.name != name)
    return Facts(replace(results, scope=scope, figures=(*others, data)))


def drawn(facts: Facts, name: str, words: Wording) -> Grid:
    found = figures.grid(Speaker(facts, words), facts.figures[name])
    assert found is not None
    return found


def cells(grid: Grid) -> list[list[tuple[str, str, str]]]:
    return [
        [(c.text, c.detail.replace("\u00a0", " "), c.css) for c in row.cells] for row in grid.rows
    ]


def title(facts: Facts, name: str, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures[name]).replace("\u00a0", " ")


SHARES = [
    share("S1", "Pans", 0.79, 0.29, outcome="differs"), share("F1", "Pans", 0.26, 0.29),
    share("F1", "Cups", 0.0, 0.14, hi=0.0006, outcome="differs"),
    share("F1", "full_price", 0.9, 0.47, segment_set="promotion", is_need=False, outcome="differs"),
    share("D1", "Cups", 0.5, 0.14, is_shown=False),
]  # fmt: skip


def test_segments_stand_down_by_set_and_all_stores_first(results: Results, wording: Say) -> None:
    grid = drawn(with_rows(results, "segment_shares", SHARES), "segment_shares", wording("en"))
    assert [head.text for head in grid.heads] == ["All stores", "F1", "S1"]
    assert [row.head.text for row in grid.rows] == [
        "Category", "Pans", "Cups",
        "Bought at a discount or at full price (behaviour, never need)", "at full price",
    ]  # fmt: skip
    assert cells(grid) == [
        [],
        [("29.0%", "", "ref"), ("26.0%", "[24.0, 28.0]", ""), ("79.0%", "[77.0, 81.0]", "k3")],
        [("14.0%", "", "ref"), ("0%", "[0.00, 0.06]", "k2"), ("–", "", "few")],
        [],
        [("47.0%", "", "ref"), ("90.0%", "[88.0, 92.0]", "k3"), ("–", "", "few")],
    ]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_heading_names_who_takes_a_need_and_never_behaviour(
    results: Results, wording: Say, code: str
) -> None:
    said = title(with_rows(results, "segment_shares", SHARES), "segment_shares", wording(code))
    assert all(word in said for word in ("S1", "Pans", "79.0%", "29.0%")), said
    none = with_rows(results, "segment_shares", SHARES[1:])
    message = headings.of_figure("segment_shares", none)
    assert message and message.key == "heading.segment_shares.none"
    assert headings.of_figure("segment_shares", with_rows(results, "segment_shares", SHARES[3:4]))\
        is None  # fmt: skip


@pytest.mark.parametrize(
    "given", [{"outcome": "unclear"}, {"n": 29}, {"share": 0.339}, {"outcome": "same"}]
)
def test_what_is_not_shown_to_be_over_its_share_is_not_claimed(
    results: Results, given: dict[str, Any]
) -> None:
    row = {**SHARES[0], **given}
    message = headings.of_figure("segment_shares", with_rows(results, "segment_shares", [row]))
    assert message and message.key == "heading.segment_shares.none"


INDICES = [
    index("category", "tmall", 0.133), index("category", "all", 0.073),
    index("basket_use", "all", 0.071), index("basket_use", "tmall", None, "not_identifiable",
                                             outcome_reason="reason.few_in_segments"),
    index("brand_history", "tmall", 0.0002, "same"),
    index("promotion", "all", 0.67, is_need=False),
]  # fmt: skip


def test_sets_stand_down_and_scopes_across_all_stores_first(results: Results, wording: Say) -> None:
    grid = drawn(with_rows(results, "diversion", INDICES), "diversion", wording("en"))
    assert [head.text for head in grid.heads] == ["All stores", "Tmall"]
    assert cells(grid) == [
        [("0.073", "[0.069, 0.077]", "k2"), ("0.133", "[0.129, 0.137]", "k2")],
        [("0.071", "[0.067, 0.075]", "k2"), ("–", "", "few")],
        [("", "", ""), ("0.000", "[−0.004, 0.004]", "")],
        [("0.670", "[0.666, 0.674]", "k3"), ("", "", "")],
    ]
    assert grid.rows[1].cells[1].tip == wording("en").text("reason.few_in_segments")
    assert grid.rows[3].head.text.endswith("(behaviour, never need)")


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_heading_tells_the_needs_divided_most_among_all_stores(
    results: Results, wording: Say, code: str
) -> None:
    said = title(with_rows(results, "diversion", INDICES), "diversion", wording(code))
    assert all(word in said for word in ("0.073", "0.069", "0.077")), said
    assert "0.133" not in said and "0.67" not in said


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([index("category", "all", 0.003, "same"), INDICES[-1]], "same"),
        ([index("category", "all", 0.003, "same"), index("x", "all", 0.01, "unclear")], "none"),
        ([index("category", "all", 0.0099)], "none"),
        ([index("category", "all", 0.0101), index("category", "jd", 0.02)], "divided"),
        ([index("category", "all", 0.0101), index("category", "jd", 0.0, "same")], "none"),
        ([INDICES[-1]], None),
        ([INDICES[3]], None),
    ],
)
def test_a_heading_claims_what_the_rows_support(
    results: Results, rows: list[dict[str, Any]], key: str | None
) -> None:
    message = headings.of_figure("diversion", with_rows(results, "diversion", rows))
    assert (message.key if message else None) == (key and f"heading.diversion.{key}")


def test_data_tables_hold_what_the_grids_do_not(results: Results, wording: Say) -> None:
    many = [share("F1", f"s{at}", 0.1, 0.1) for at in range(13)]
    table = figure_table(
        Speaker(with_rows(results, "segment_shares", many), wording("en")), "segment_shares"
    )
    assert len(table.rows) == 8 and " 8 " in f" {table.note} "
    assert [cell.text for cell in table.heads] == [
        "Divided by", "Segment", "Store", "p, adjusted", "Outcome",
    ]  # fmt: skip
    table = figure_table(
        Speaker(with_rows(results, "diversion", INDICES), wording("en")), "diversion"
    )
    assert [cell.text for cell in table.rows[0]] == [
        "Category", "Tmall", "2", "0.001", "0.001", "100%", "differs", "–",
    ]  # fmt: skip
