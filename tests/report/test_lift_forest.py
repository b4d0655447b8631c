"""Lifts drawn beside what would earn as much, and what the heading says of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings, svg
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.lift_forest import lift_forest
from channelscope.report.compose import figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.compose.tables import figure_table
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results

Say = Callable[[str], Wording]


def lift(
    store: str, times: float | None, needed: float | None = 1.3, **given: Any
) -> dict[str, Any]:
    known = times is not None
    earned = times / needed if times is not None and needed is not None else None
    return {
        "store_id": store, "mechanism": "markdown", "times": times,
        "lo": times - 0.2 if times is not None else None,
        "hi": times + 0.3 if times is not None else None,
        "break_even": needed if known else None, "n": 99 if known else 0, "skus": 40,
        "earned": earned, "earned_lo": earned and earned - 0.1,
        "earned_hi": earned and earned + 0.1,
        "earned_outcome": "unclear" if earned else "not_identifiable",
        "elasticity": -2.25 if known else None,
        "outcome": "differs" if known else "not_identifiable",
        "outcome_reason": None if known else "reason.covers_all", **given,
    }  # fmt: skip


ROWS = [
    lift("F1", None), lift("F2", 1.56), lift("D1", 1.9, None), lift("D2", 1.41, 1.62),
]  # fmt: skip


def facts_of(results: Results, rows: list[dict[str, Any]]) -> Facts:
    shown = Figure("F3.6", "lift", "promotion/store_lifts", "lift_forest")
    data = FigureData(shown, pl.DataFrame(rows, infer_schema_length=None), "select 1", {})
    others = tuple(each for each in results.figures if each.figure.name != "lift")
    return Facts(replace(results, figures=(*others, data)))


def title(facts: Facts, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures["lift"]).replace("\u00a0", " ")


def key_of(results: Results, *rows: dict[str, Any]) -> str | None:
    message = headings.of_figure("lift", facts_of(results, list(rows)))
    return None if message is None else message.key


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_known_lifts_are_drawn_with_their_break_even(
    canvas: Callable[[int], Canvas], width: int
) -> None:
    given = canvas(width)
    layers = lift_forest(pl.DataFrame(ROWS, infer_schema_length=None), given)["layer"]
    line, intervals, ticks, points, names, texts = (each["data"]["values"] for each in layers)
    assert line == [{"times": 1.0}]
    assert [(row["times"], row["lo"], row["hi"]) for row in points] == [
        (row["times"], row["lo"], row["hi"]) for row in ROWS[1:]
    ]
    assert points == intervals == names == texts
    assert [row["break_even"] for row in ticks] == [1.3, 1.62]
    read = [given.phrases.spoken(row["tip"], 0).replace("\u00a0", " ") for row in points]
    assert "F2\u2003Markdown\u20031.56 [1.36, 1.86]\u2003needs 1.30" in read[0]
    assert "needs" not in read[1]
    assert given.phrases.spoken(points[0]["label"], 0).startswith("F2\u2003M")


def test_every_bound_lies_on_the_axis_and_it_renders(canvas: Callable[[int], Canvas]) -> None:
    spec = lift_forest(pl.DataFrame(ROWS, infer_schema_length=None), canvas(WIDE))
    low, high = spec["layer"][0]["encoding"]["x"]["scale"]["domain"]
    assert low < 1 and high > 2.2
    assert svg.draw(spec).startswith("<svg")


def test_the_heading_names_the_largest_lift_that_is_shown(results: Results, wording: Say) -> None:
    unsure = lift("S1", 2.6, outcome="unclear")
    facts = facts_of(results, [*ROWS, unsure])
    assert title(facts, wording("en")) == (
        "D1 sold 1.90 [1.70, 2.20] times as much of a product in weeks with its markdown"
    )
    assert "1.90 [1.70, 2.20]" in title(facts, wording("zh"))


def test_the_heading_tells_first_of_what_sells_too_little(results: Results, wording: Say) -> None:
    rows = [
        lift("F2", 1.9, 1.2, earned_outcome="differs"),
        lift("D2", 1.41, 1.62, earned_outcome="differs"),
        lift("D3", 1.3, 1.4, earned_outcome="differs"),
    ]
    assert title(facts_of(results, rows), wording("en")) == (
        "D2 sold 1.41 times as much of a product in weeks with its markdown; "
        "1.62 times would be needed to earn the same"
    )
    # The comparison with the break-even is not sure: only the lift is told.
    assert key_of(results, lift("D2", 1.41, 1.62)) == "heading.lift.more"


@pytest.mark.parametrize("outcome", ["unclear", "same", "differs"])
def test_no_lift_above_one_is_said_to_be_none(results: Results, outcome: str) -> None:
    at = 0.6 if outcome == "differs" else 1.1
    assert key_of(results, lift("F2", at, 0.9, outcome=outcome)) == "heading.lift.none"
    assert key_of(results, lift("F2", None)) is None


def test_the_table_says_each_number_in_its_unit(results: Results, wording: Say) -> None:
    table = figure_table(Speaker(facts_of(results, ROWS), wording("en")), "lift")
    heads = [cell.text for cell in table.heads]
    told = [
        dict(zip(heads, (cell.text.replace("\u00a0", " ") for cell in row), strict=True))
        for row in table.rows
    ]
    assert told[1]["Times as much"] == "1.56"
    assert (told[1]["Lower"], told[1]["Upper"], told[1]["Needed"]) == ("1.36", "1.86", "1.30")
    assert told[1]["Elasticity"] == "\u22122.25"
    assert told[1]["Margin, outcome"] == "unclear"
    assert told[0]["Times as much"] == "–"
    assert told[0]["Reason"].startswith("What it takes off")
