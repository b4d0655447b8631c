"""The matrix of switches and what its heading claims: exchange, never loyalty."""

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
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import TABLES, FigureData, Results

Say = Callable[[str], Wording]


def switch(one: str, other: str, outcome: str = "unclear", **given: Any) -> dict[str, Any]:
    return {
        "scope": "tmall", "from_store": one, "to_store": other, "orders": 1240, "switches": 3100,
        "share": 0.4, "chance": 0.25, "lift": 1.6, "lo": 1.5, "hi": 1.7, "p_adjusted": 0.001,
        "outcome": outcome, "outcome_reason": None, "is_shown": True, "unit": "ratio", **given,
    }  # fmt: skip


def pair(a: str, b: str, outcome: str = "unclear", **given: Any) -> dict[str, Any]:
    return {
        "scope": "tmall", "store_a": a, "store_b": b, "orders": 300, "expected": 200.0,
        "lift": 1.5, "lo": 1.42, "hi": 1.57, "outcome": outcome, **given,
    }  # fmt: skip


def facts_of(
    results: Results, rows: list[dict[str, Any]], pairs: list[dict[str, Any]] | None = None
) -> Facts:
    shown = Figure("F6.4", "buyer_switches", "consumers/buyer_switches", "grid")
    data = FigureData(shown, pl.DataFrame(rows, infer_schema_length=None), "select 1", {})
    exchange = pl.DataFrame(pairs or [], schema=TABLES["exchange"])
    tables = {**results.tables, "exchange": exchange}
    return Facts(replace(results, figures=(*results.figures, data), tables=tables))


ROWS = [
    switch("F1", "F1", "differs"),
    switch("F1", "D1", "differs"),
    switch("F1", "S1", "same", share=0.6, chance=0.61),
    switch("D1", "F1", "differs", lift=0.5, share=0.2, chance=0.4),
    switch("D1", "D1", "unclear"),
    switch("S1", "F1", "not_identifiable", lift=None, share=1.0, chance=None,
           outcome_reason="reason.two_stores"),
    switch("F2", "F2", "differs", scope="jd"),
]  # fmt: skip


def test_cells_are_shaded_by_outcome_and_stays_are_no_exchange(
    results: Results, wording: Say
) -> None:
    facts = facts_of(results, ROWS)
    grid = figures.grid(Speaker(facts, wording("en")), facts.figures["buyer_switches"])
    assert grid is not None
    assert [head.text for head in grid.heads] == ["F1", "D1", "S1", "F2"]
    cells = [[(c.text, c.detail.replace("\u00a0", " "), c.css) for c in row.cells]
             for row in grid.rows]  # fmt: skip
    empty = ("", "", "")
    assert cells == [
        [("40.0%", "chance 25.0%", "ref"), ("40.0%", "chance 25.0%", "k3"),
         ("60.0%", "chance 61.0%", ""), empty],
        [("20.0%", "chance 40.0%", "k2"), ("40.0%", "chance 25.0%", "ref"), empty, empty],
        [("–", "", "few"), empty, empty, empty],
        [empty, empty, empty, ("40.0%", "chance 25.0%", "ref")],
    ]  # fmt: skip
    assert "Only two stores" in grid.rows[2].cells[0].tip


def test_stores_without_room_are_left_out_and_counted(results: Results, wording: Say) -> None:
    facts = facts_of(results, [*ROWS, switch("F1", "M1", is_shown=False)])
    speaker, data = Speaker(facts, wording("en")), facts.figures["buyer_switches"]
    grid = figures.grid(speaker, data)
    assert grid is not None and "M1" not in [head.text for head in grid.heads]
    assert "4 of 5" in figures.left_out(speaker, data)[0]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_heading_claims_exchange_only_where_it_is_shown(
    results: Results, wording: Say, code: str
) -> None:
    def said(pairs: list[dict[str, Any]]) -> tuple[str, str]:
        facts = facts_of(results, ROWS, pairs)
        message = headings.of_figure("buyer_switches", facts)
        assert message is not None
        text = figures.figure_title(Speaker(facts, wording(code)), facts.figures["buyer_switches"])
        return message.key.rpartition(".")[2], text.replace("\u00a0", " ")

    silent = pair("F2", "M1", "not_identifiable", lift=None, lo=None, hi=None, expected=None)
    fewer = pair("D1", "S1", "differs", lift=0.5, lo=0.4, hi=0.6)
    weaker = pair("F1", "S1", "differs", orders=280, lift=1.9)
    key, text = said([silent, fewer, weaker, pair("D1", "F1", "differs")])
    assert key == "exchange"
    assert all(word in text for word in ("D1", "F1", "1.50", "1.42", "1.57", "2", "3")), text
    assert "S1" not in text
    key, text = said([silent, fewer, pair("D1", "F1")])
    assert key == "none" and "2" in text
    assert said([silent])[0] == "not_told"


def test_no_rows_no_heading(results: Results) -> None:
    assert headings.of_figure("buyer_switches", Facts(results)) is None


def test_the_data_table_says_of_how_many_and_why_not(results: Results, wording: Say) -> None:
    facts = facts_of(results, ROWS)
    table = figure_table(Speaker(facts, wording("en")), "buyer_switches")
    assert [head.text for head in table.heads][:5] == [
        "From store", "To store", "Orders", "Of", "Times chance"
    ]  # fmt: skip
    assert [cell.text for cell in table.rows[1]][2:7] == ["1,240", "3,100", "1.60", "1.50", "1.70"]
    assert "Only two stores" in table.rows[5][-1].text
