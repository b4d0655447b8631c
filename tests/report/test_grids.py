"""Figures that are grids: every cell from its row, shaded by what may be said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings
from channelscope.report.compose.speaker import Speaker
from channelscope.report.facts import Facts
from channelscope.report.grids.gallery import GRIDS
from channelscope.report.render import render
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results
from tests.report.conftest import BUILT

Voice = Callable[[str], Wording]


def _levels() -> pl.DataFrame:
    rows = []
    for category, unit, values in (
        ("all", "piece", {"F1": 100.0, "D1": 85.0, "F2": 99.0, "X1": None}),
        ("Pans", "piece", {"F1": 100.0, "D1": 78.0, "F2": 97.0, "X1": None}),
        ("Cups", "piece", {"F1": 100.0, "D1": 91.0, "F2": None, "X1": None}),
        ("all", "ml", {"F1": 100.0, "D1": 86.0, "F2": 99.5, "X1": None}),
    ):
        for store, value in values.items():
            outcome = "not_identifiable" if value is None else "differs"
            outcome = "same" if store in ("F1", "F2") and value is not None else outcome
            rows.append({
                "store_id": store, "category": category, "unit": unit, "rung": "realised",
                "value": value, "lo": None if value is None else value - 1,
                "hi": None if value is None else value + 1.5, "matched_skus": 40,
                "p_adjusted": None if value is None else 0.012, "outcome": outcome,
                "outcome_reason": "reason.not_linked" if value is None else None,
            })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def _links() -> pl.DataFrame:
    rows = [("D1", "F1", 109, 0.9, 0.6, True, True), ("D1", "F2", 3, 0.02, None, False, False)]
    names = ("store_a", "store_b", "matched_skus", "share_a", "share_b", "is_linked",
             "is_connected")  # fmt: skip
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        rung=pl.lit("realised"), time_grain=pl.lit("week")
    )


@pytest.fixture
def shown(results: Results) -> Results:
    figures = (
        ("F2.3", "category_levels", "price/category_levels", _levels()),
        ("F2.4", "price_links", "price/linked_stores", _links()),
    )
    made = tuple(
        FigureData(Figure(number, name, query, "grid"), frame, "select 1", {})
        for number, name, query, frame in figures
    )
    return replace(results, figures=made, switched_off={})


def test_levels_are_shaded_where_they_differ_and_by_how_much(
    shown: Results, wording: Voice
) -> None:
    speaker = Speaker(Facts(shown), wording("en"))
    grid = GRIDS["category_levels"](speaker, speaker.facts.rows("category_levels"))
    # X1 has no level in any part: it has no column.
    assert [head.text for head in grid.heads] == ["F1", "F2", "D1"]
    assert [row.head.text for row in grid.rows] == [
        "All goods", "Pans", "Cups", "Packs, per millilitre",
    ]  # fmt: skip
    texts = [[cell.text for cell in row.cells] for row in grid.rows]
    assert texts[1] == ["100.0", "97.0", "78.0"]
    assert [[cell.css for cell in row.cells] for row in grid.rows] == [
        ["ref", "", "k3"], ["ref", "", "k3"], ["ref", "few", "k1"], ["ref", "", "k2"],
    ]  # fmt: skip
    assert grid.rows[1].cells[2].detail == "[77.0,\u00a079.5]"
    assert grid.rows[2].cells[1].tip == wording("en").text("reason.not_linked")


def test_links_show_the_share_of_the_store_in_the_row(shown: Results, wording: Voice) -> None:
    speaker = Speaker(Facts(shown), wording("en"))
    grid = GRIDS["price_links"](speaker, speaker.facts.rows("price_links"))
    ids = [head.text for head in grid.heads]
    cells = {
        (one, other): grid.rows[ids.index(one)].cells[ids.index(other)]
        for one in ids for other in ids
    }  # fmt: skip
    assert (cells["D1", "F1"].text, cells["D1", "F1"].detail) == ("109", "90.0%")
    assert (cells["F1", "D1"].detail, cells["F1", "D1"].css) == ("60.0%", "k1")
    assert (cells["F2", "D1"].detail, cells["F2", "D1"].css) == ("", "few")
    assert cells["F1", "F2"].text == "–" and cells["F1", "F1"].css == "ref"


def test_headings_count_what_is_shown_and_name_who_is_left_out(shown: Results) -> None:
    facts = Facts(shown)
    message = headings.of_figure("category_levels", facts)
    assert message is not None and message.params["store"] == "D1"
    assert (message.params["n"], message.params["m"]) == (2, 2)
    assert (message.params["category"], message.params["level"]) == ("Pans", 78.0)
    links = headings.of_figure("price_links", facts)
    assert links is not None and links.params["stores"] == "F2"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_a_grid_stands_in_the_report_with_its_data(shown: Results, code: str) -> None:
    html = render(shown, languages=(code,), generated_at=BUILT)
    assert html.count('<table class="grid">') == 2
    assert 'class="k3"' in html and "78.0" in html
    assert '<svg class="w"' not in html
