"""Baskets drawn as lines by product, clashes as a matrix; headings claim what findings do."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.charts.basket_curves import basket_curves
from channelscope.report.charts.canvas import Canvas
from channelscope.report.compose import figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import TABLES, Results
from tests.report.basket_frames import LEVELS, clashes, curves, pair
from tests.report.pair_frames import with_frame

Say = Callable[[str], Wording]
Row = dict[str, Any]


def _layers(frame: pl.DataFrame, canvas: Canvas) -> list[list[Row]]:
    return [layer["data"]["values"] for layer in basket_curves(frame, canvas)["layer"]]


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_one_scale_for_all_panels(canvas: Callable[[int], Canvas], width: int) -> None:
    _, points, *_ = _layers(curves(), canvas(width))
    height: dict[str, list[tuple[float, float]]] = {}
    for point in points:
        sku, store = point["line"].split("|")
        at = [p for p in points if p["line"] == point["line"]].index(point)
        height.setdefault(sku, []).append((LEVELS[sku, store][at], point["y"]))
    slopes = []
    for pairs in height.values():
        (low, below), (high, above) = min(pairs), max(pairs)
        assert above < below, "dearer is not higher up"
        slopes.append((below - above) / (high - low))
        for level, y in pairs:
            assert y == pytest.approx(below - (level - low) * slopes[-1], abs=0.11)
    assert slopes[0] == pytest.approx(slopes[1], rel=0.01)
    tops = {sku: min(y for _, y in pairs) for sku, pairs in height.items()}
    assert (tops["a"] == tops["b"]) == (width == WIDE), "side by side, or one below the other"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_pieces_stand_where_they_are(canvas: Callable[[int], Canvas], width: int) -> None:
    _, points, *_ = _layers(curves(), canvas(width))
    one, two, three, five = [p["x"] for p in points if p["line"] == "a|F1"]
    assert two - one == pytest.approx(three - two, abs=0.11)
    assert five - three == pytest.approx(2 * (three - two), abs=0.21)
    assert all(0 <= p["x"] <= width for p in points)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_lines_that_end_together_share_a_label(canvas: Callable[[int], Canvas], width: int) -> None:
    *_, ends = _layers(curves(), canvas(width))
    # Per panel from the top; four lines end within a few pixels, and the one below makes room.
    assert [label["text"] for label in ends] == ["M1", "X1 D1 +2", "F1", "S1", "F1"]
    for panel in (ends[:3], ends[3:]):
        assert all(below["y"] - above["y"] >= 12.9 for above, below in pairwise(panel))


def said(results: Results, *findings: tuple[str, Row]) -> Facts:
    rows = [
        {"id": f"N{n}", "rank": n, "template": name, "parameters": json.dumps(parameters)}
        for n, (name, parameters) in enumerate(findings, start=1)
    ]
    frame = pl.DataFrame(rows, schema=TABLES["findings"])
    return Facts(replace(results, tables={**results.tables, "findings": frame}))


CROSSING = ("basket_crossing", {"store_a": "D1", "store_b": "F1", "n": 3, "share_a": 0.9,
                                "share_b": 0.8})  # fmt: skip
CHEAPEST = ("basket_cheapest", {"store": "D2", "n": 1, "share": 0.75})
THREE = ("basket_cheapest", {"store": "D3", "n": 3, "share": 0.95})
WORST = ("mechanism_clash", {"store_a": "D1", "store_b": "F2", "share": 0.61, "rate": 0.148,
                             "mechanism_a": "markdown+subsidy"})  # fmt: skip


def _title(facts: Facts, name: str, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures[name]).replace("\u00a0", " ")


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_heading_of_baskets_claims_the_strongest_finding(
    results: Results, wording: Say, code: str
) -> None:
    words = wording(code)
    title = _title(said(results, THREE, CROSSING, CHEAPEST), "basket_prices", words)
    assert "D1" in title and "F1" in title and "3" in title
    title = _title(said(results, THREE, CHEAPEST), "basket_prices", words)
    assert "D2" in title and "75.0%" in title and "D3" not in title
    message = headings.of_figure("basket_prices", said(results, WORST))
    assert message and message.key == "heading.basket_prices.none"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_heading_of_clashes_names_the_worst_pair_or_none(
    results: Results, wording: Say, code: str
) -> None:
    for template in ("mechanism_clash", "mechanism_clash_partner"):
        title = _title(said(results, (template, WORST[1])), "clashes", wording(code))
        assert all(word in title for word in ("D1", "F2", "61.0%", "14.8%")), title
    message = headings.of_figure("clashes", said(results, CROSSING))
    assert message and message.key == "heading.clashes.none"
    empty = Facts(with_frame(results, "clashes", clashes().clear()))
    assert headings.of_figure("clashes", empty) is None


def test_a_cell_has_the_price_of_the_row_s_store_and_is_shaded_by_days(
    results: Results, wording: Say
) -> None:
    rows = [*clashes().to_dicts(), pair("F2", "M1", 0.05, 0.2), pair("D1", "M1", 0.1, 0.5),
            pair("D2", "F1", 0.9, 0.9, shown=False)]  # fmt: skip
    facts = Facts(with_frame(results, "clashes", pl.DataFrame(rows)))
    grid = figures.grid(Speaker(facts, wording("en")), facts.figures["clashes"])
    assert grid is not None
    assert [head.text for head in grid.heads] == ["F1", "F2", "M1", "D1"]
    cells = {
        (row.head.text, head.text): (cell.text, cell.detail, cell.css)
        for row in grid.rows for head, cell in zip(grid.heads, row.cells, strict=True)
    }  # fmt: skip
    # D1 lists at 100, F1 at 125 of it; seen from D1 that is 80.
    assert cells["F1", "D1"] == ("60.0%", "125.0", "k3")
    assert cells["D1", "F1"] == ("60.0%", "80.0", "k3")
    assert cells["F2", "D1"][1:] == ("98.0", "")
    assert cells["F1", "F2"][1:] == ("", "few")
    assert (cells["F2", "M1"][2], cells["M1", "D1"][2]) == ("k1", "k2")
    assert cells["F1", "M1"] == ("–", "", "few")
    assert cells["F1", "F1"] == ("", "", "ref")


def test_several_mechanisms_are_named_one_by_one(results: Results, wording: Say) -> None:
    facts = Facts(results)
    for code, named in (("en", "Markdown + "), ("zh", "直降 + ")):
        table = figure_table(Speaker(facts, wording(code)), "clashes")
        assert any(named in cell.text for row in table.rows for cell in row), code
