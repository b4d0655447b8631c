"""Orders held against the rules: what the heading may claim, and what the cells show."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings
from channelscope.report.compose import cautions, figures, tables
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import TABLES, FigureData, Results

Voice = Callable[[str], Wording]
DELTA = 0.01
FIGURE = Figure("F3.8", "reconcile", "promotion/reconciled_lines", "grid")


def row(store: str, mechanism: str, lines: int, off: int | None, **fields: Any) -> dict[str, Any]:
    share = None if off is None else 1 - off / lines
    return {"store_id": store, "mechanism": mechanism, "lines": lines, "unreconciled": off,
            "share": share, "lo": None, "hi": None, "amount_difference": -771.0, "coverage": 0.5,
            "is_shown": True, **fields}  # fmt: skip


ROWS = [
    row("F1", "all", 2000, 300, lo=0.83, hi=0.87), row("F1", "tier_cross", 500, 0),
    row("F1", "none", 20_000, 1), row("F1", "coupon_shop", 40, 2), row("D1", "all", 90, None),
    row("D1", "markdown", 1000, 9), row("D1", "subsidy", 29, 29), row("X1", "all", 9, 9,
                                                                      is_shown=False),
]  # fmt: skip


def with_rows(results: Results, rows: list[dict[str, Any]] | None = None) -> Results:
    data = FigureData(FIGURE, pl.DataFrame(rows or ROWS), "select 1", {})
    return replace(results, figures=(*results.figures, data))


def measured(results: Results, *bounds: tuple[str, float, float, float, int]) -> Results:
    """The figure, and shares of (store, share, lo, hi, lines); nothing else is known."""
    rows = [
        {"store_id": store, "dimension": "promotion", "metric": "reconciled_share",
         "value": share, "lo": lo, "hi": hi, "n": n, "unit": "rate", "better": "higher"}
        for store, share, lo, hi, n in bounds
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=TABLES["metrics"])
    shown = with_rows(results)
    return replace(shown, tables={**shown.tables, "metrics": frame})


def message(results: Results) -> Any:
    return headings.of_figure("reconcile", Facts(results))


def test_the_store_surely_furthest_off_heads_the_figure(results: Results, wording: Voice) -> None:
    far = measured(results, ("F1", 0.9, 0.88, 0.92, 500), ("D1", 0.8, 0.75, 0.85, 500),
                   ("D2", 0.1, 0.0, 0.2, 29), ("D3", 0.995, 0.99, 0.999, 500))  # fmt: skip
    said = message(far)
    assert said.key == "heading.reconcile.off"
    assert said.params == {"store": "D1", "share": pytest.approx(0.2), "lo": pytest.approx(0.15),
                           "hi": pytest.approx(0.25)}  # fmt: skip
    text = wording("en").message(said.key, said.params)
    assert text == (
        "In D1, no promotion rule explains what was paid on 20.0% [15.0%, 25.0%] of the order lines"
    )


def test_rules_are_said_to_explain_no_more_than_surely_everywhere(results: Results) -> None:
    good = measured(results, ("F1", 0.999, 0.995, 0.9999, 500), ("D1", 0.996, 0.992, 0.998, 500),
                    ("D2", 0.9, 0.5, 1.0, 29))  # fmt: skip
    assert message(good).key == "heading.reconcile.explained"
    assert message(good).params == {"n": 2, "share": 0.992}


@pytest.mark.parametrize("bounds", [(1 - DELTA - 1e-6, 0.999), (0.98, 1 - DELTA + 1e-6)])
def test_what_is_not_shown_is_not_claimed(results: Results, bounds: tuple[float, float]) -> None:
    found = message(measured(results, ("F1", 0.99, *bounds, 500), ("D1", 0.999, 0.995, 1.0, 500)))
    assert (found.key, found.params) == ("heading.reconcile.none", {"share": DELTA})


def test_without_lines_enough_there_is_no_message(results: Results) -> None:
    assert message(measured(results, ("F1", 0.999, 0.995, 1.0, 29))) is None
    assert message(measured(results)) is None


def shown(results: Results, words: Wording) -> Grid:
    made = figures.grid(Speaker(Facts(results), words), results.figures[-1])
    assert made is not None
    return made


def test_mechanisms_stand_in_the_order_of_the_till(results: Results, wording: Voice) -> None:
    grid = shown(with_rows(results), wording("en"))
    assert [head.text for head in grid.heads] == ["F1", "D1"]
    assert [told.head.text for told in grid.rows] == [
        "All order lines", "No discount", "Markdown", "Platform subsidy", "Shop coupon",
        "Cross-shop tier",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("mechanism", "store", "cell"),
    [
        ("All order lines", "F1", ("85.0%", "[83.0, 87.0]", "k2")),
        ("All order lines", "D1", ("–", "90 lines", "few")),
        ("No discount", "F1", ("100%", "1 of 20,000 off", "")),
        ("No discount", "D1", ("", "", "")),
        ("Markdown", "D1", ("99.1%", "9 of 1,000 off", "")),
        ("Platform subsidy", "D1", ("0%", "29 of 29 off", "few")),
        ("Shop coupon", "F1", ("95.0%", "2 of 40 off", "k2")),
        ("Cross-shop tier", "F1", ("100%", "500 lines", "")),
    ],
)
def test_cells(
    results: Results, wording: Voice, mechanism: str, store: str, cell: tuple[str, str, str]
) -> None:
    grid = shown(with_rows(results), wording("en"))
    told = next(line for line in grid.rows if line.head.text == mechanism)
    found: GridCell = told.cells[[head.text for head in grid.heads].index(store)]
    assert (found.text, found.detail.replace("\u00a0", " "), found.css) == cell


def test_shades_begin_at_one_five_and_twenty_percent(results: Results, wording: Voice) -> None:
    rows = [row("F1", code, 1000, off) for code, off in
            (("all", 9), ("markdown", 11), ("subsidy", 51), ("points", 200))]  # fmt: skip
    grid = shown(with_rows(results, rows), wording("zh"))
    assert [told.cells[0].css for told in grid.rows] == ["", "k1", "k2", "k3"]
    assert grid.rows[1].cells[0].detail == "1,000 行中 11 行不符"


def test_the_data_table_has_counts_money_and_coverage(results: Results, wording: Voice) -> None:
    table = tables.figure_table(Speaker(Facts(with_rows(results)), wording("en")), "reconcile")
    heads = [head.text for head in table.heads]
    assert heads == ["Store", "Mechanism", "Order lines", "Do not agree", "Lower", "Upper",
                     "Difference", "Coverage"]  # fmt: skip
    assert [cell.text for cell in table.rows[0]] == [
        "F1", "All order lines", "2,000", "300", "83.0%", "87.0%", "−¥771", "50.0%",
    ]  # fmt: skip


@pytest.mark.parametrize(("dimension", "there"), [("promotion", True), ("product", False)])
def test_the_check_stands_beside_the_section_it_concerns(
    results: Results, wording: Voice, dimension: str, there: bool
) -> None:
    rows = [("order_lines_no_rule_explains", "order_lines", "warn", 900, 45, 0.04, "F1 order 1"),
            ("promotions_never_bite", "promotions", "warn", 40, 3, None, "p1")]  # fmt: skip
    frame = pl.DataFrame(rows, schema=TABLES["quality"], orient="row")
    told = replace(results, tables={**results.tables, "quality": frame})
    said = cautions.cautions(Speaker(Facts(told), wording("en")), dimension)
    assert any("45 of 900 rows of order_lines" in text for text in said) == there
    assert any("3 of 40 rows of promotions" in text for text in said) == there
