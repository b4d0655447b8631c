"""Openings drawn: habits as bars, losses as points; a heading claims a loss by the estimate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Figure
from channelscope.report import headings
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.gallery import CHARTS
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.results import FigureData, Message, Results

Row = dict[str, Any]


def habit(what: str, store: str | None, share: float) -> Row:
    return {"store_id": "S1", "method": "history", "position": 1, "habit": what,
            "from_store": store, "share": share, "lo": None, "hi": None, "n": 9, "weeks": 26,
            "outcome": None, "outcome_reason": None}  # fmt: skip


def loss(store: str, share: float, *, half: float = 0.1, outcome: str = "differs") -> Row:
    return {**habit("lost", store, share), "method": "panel", "lo": share - half,
            "hi": share + half, "outcome": outcome}  # fmt: skip


HABITS = [habit("brand_new", None, 0.3), habit("kept", "F1", 0.5), habit("stopped", "D1", 0.2)]


def step(store: str, first: int, share: float) -> Row:
    return {"store_id": "S1", "from_store": store, "first_week": first, "share": share,
            "lo": share - 0.2, "hi": share + 0.2}  # fmt: skip


def facts(results: Results, name: str, *rows: Row) -> Facts:
    schema = {"lo": pl.Float64, "hi": pl.Float64, "from_store": pl.String, "outcome": pl.String,
              "outcome_reason": pl.String}  # fmt: skip
    frame = pl.DataFrame(list(rows), schema_overrides={
        column: kind for column, kind in schema.items() if column in rows[0]
    })  # fmt: skip
    shown = Figure("F6.7", name, f"consumers/{name}", name)
    return Facts(replace(results, figures=(FigureData(shown, frame, "", {}),)))


def said(results: Results, name: str, *rows: Row) -> Message | None:
    return headings.of_figure(name, facts(results, name, *rows))


def test_the_surest_largest_loss_is_told(results: Results) -> None:
    message = said(
        results, "source_of_volume", *HABITS, loss("F1", 0.4), loss("D1", 0.3),
        loss("M1", 0.6, half=0.7, outcome="unclear"),
    )  # fmt: skip
    assert message is not None
    assert message.key == "heading.source_of_volume.took"
    assert (message.params["store_from"], message.params["share"]) == ("F1", 0.4)


@pytest.mark.parametrize(
    ("rows", "key"),
    [
        ([*HABITS, loss("F1", 0.05, outcome="unclear")], "none"),
        ([*HABITS, loss("F1", -0.4)], "none"),
        (HABITS, "described"),
    ],
)
def test_without_a_sure_loss_none_is_told(results: Results, rows: list[Row], key: str) -> None:
    message = said(results, "source_of_volume", *rows)
    assert message is not None
    assert message.key == f"heading.source_of_volume.{key}"
    assert "store_from" not in message.params


def test_steps_before_that_hold_zero_are_counted(results: Results) -> None:
    steps = [step("F1", -8, 0.1), step("F1", -4, 0.3), step("F1", 0, 0.5), step("D1", -4, -0.2)]
    message = said(results, "opening_path", *steps)
    assert message is not None
    assert (message.params["n"], message.params["m"]) == (2, 3)
    assert said(results, "opening_path", step("F1", 0, 0.5)) is None


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_bars_describe_and_points_estimate(
    results: Results, canvas: Callable[[int], Canvas], width: int
) -> None:
    told = facts(results, "source_of_volume", *HABITS, loss("F1", 0.4))
    frame = told.figures["source_of_volume"].frame
    spec = CHARTS["source_of_volume"](frame, canvas(width))
    bars, _, rules, points, names, _ = spec["layer"]
    assert [row["share"] for row in bars["data"]["values"]] == [0.3, 0.5, 0.2]
    assert [row["share"] for row in points["data"]["values"]] == [0.4]
    assert rules["data"] == points["data"]
    assert len(names["data"]["values"]) == 4
    # A blank row stands between the two quantities.
    ids = names["encoding"]["y"]["sort"]
    assert [at for at, name in enumerate(ids) if name.endswith("|")] == [3]


def test_steps_before_are_grey(results: Results, canvas: Callable[[int], Canvas]) -> None:
    told = facts(results, "opening_path", step("F1", -4, 0.1), step("F1", 0, 0.5))
    spec = CHARTS["opening_path"](told.figures["opening_path"].frame, canvas(WIDE))
    before, since = spec["data"]["values"]
    assert (before["week"], since["week"]) == (-2, 2)
    assert before["colour"] == "var(--ink2)" != since["colour"]
