"""The way down from list price: bars that meet, one scale, and nothing beyond what is known."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import polars as pl
import pytest

from channelscope.report import headings, svg
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.pocket_waterfall import ROWS, pocket_waterfall
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import Results
from tests.report.pair_frames import with_frame
from tests.report.pocket_frames import STEPS, pocket

Bar = dict[str, Any]
ORDER = ("F1", "F2", "D1", "D2")


def _layers(frame: pl.DataFrame, canvas: Canvas) -> list[list[Bar]]:
    return [layer["data"]["values"] for layer in pocket_waterfall(frame, canvas)["layer"]]


def _bars(frame: pl.DataFrame, canvas: Canvas, store: str) -> dict[str, Bar]:
    """The bars of a store by their row, with ends as parts of 100."""
    zeros, bars, *_ = _layers(frame, canvas)
    abreast = {WIDE: 4, NARROW: 2}[canvas.width]
    block, at = divmod(ORDER.index(store), abreast)
    origin = [line["x"] for line in zeros if line["row"].startswith(f"{block}|")]
    column = origin[1] - origin[0]
    mine = [
        bar
        for bar in bars
        if bar["row"].startswith(f"{block}|")
        and 0 <= (min(bar["start"], bar["end"]) - origin[0] + column / 4) - at * column < column
    ]
    full = next(bar for bar in mine if bar["row"].endswith("discounts"))
    scale = (full["start"] - origin[at]) / 100
    return {
        bar["row"].split("|")[1]: {
            **bar,
            **{end: (bar[end] - origin[at]) / scale for end in ("start", "end")},
        }
        for bar in mine
    }


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_each_bar_begins_where_the_one_before_ends(
    canvas: Callable[[int], Canvas], width: int
) -> None:
    bars = _bars(pocket(), canvas(width), "F1")
    assert list(bars) != [] and set(bars) == set(ROWS) - {"platform"}
    told = [bars[row] for row in ROWS if row in bars]
    assert (told[0]["start"], told[0]["end"]) == (pytest.approx(100), pytest.approx(92.5))
    for before, bar in pairwise(told):
        if bar["start"] == pytest.approx(0):
            assert bar["end"] == pytest.approx(before["end"])
        else:
            assert bar["start"] == pytest.approx(before["end"])
    ends = {row: round(bar["end"], 6) for row, bar in bars.items()}
    assert (ends["refunds"], ends["pocket"], ends["contribution"]) == (86, 67, 11.2)


def test_steps_are_joined_and_their_tips_name_each(canvas: Callable[[int], Canvas]) -> None:
    ground = canvas(WIDE)
    bars = _bars(pocket(), ground, "F1")
    tips = {row: ground.phrases.spoken(bar["tip"], 0) for row, bar in bars.items()}
    assert tips["discounts"] == ("F1 · Discounts: −7.5 (Shop coupon −6.0; Cross-shop tier −1.5)")
    assert tips["goods"] == "F1 · Product cost: −34.7"
    assert tips["pocket"] == "F1 · Pocket: 67.0 (¥0.67m)"
    assert tips["other_costs"].endswith("(Staff −20.3; Annual platform fee −0.8)")


def test_a_loss_lies_left_of_nothing_and_inside_the_drawing(
    canvas: Callable[[int], Canvas],
) -> None:
    for width in (WIDE, NARROW):
        ground = canvas(width)
        loss = _bars(pocket(), ground, "F2")["contribution"]
        assert loss["end"] == pytest.approx(-7) and loss["fill"] == "var(--ac)"
        bars = _layers(pocket(), ground)[1]
        assert min(min(bar["start"], bar["end"]) for bar in bars) >= 0


def test_totals_without_a_kind_of_cost_are_of_another_colour(
    canvas: Callable[[int], Canvas],
) -> None:
    fills = {row: bar["fill"] for row, bar in _bars(pocket(), canvas(WIDE), "D1").items()}
    assert fills["realised"] == "var(--ac)" and fills["platform"] == "var(--pos)"
    assert fills["pocket"] == fills["contribution"] == "var(--grid2)"
    assert "other_costs" not in fills and fills["selling_costs"] == "var(--neg)"


def test_a_store_stops_at_its_last_known_total_with_a_dash(
    canvas: Callable[[int], Canvas],
) -> None:
    ground = canvas(WIDE)
    assert set(_bars(pocket(), ground, "D2")) == {"discounts", "realised"}
    dashes = [text for text in _layers(pocket(), ground)[2] if text["text"] == "–"]
    assert [dash["row"] for dash in dashes] == ["0|pocket"]
    heads = [head["label"] for head in _layers(pocket(), ground)[3]]
    assert heads == ["F1", "F2", "D1", "D2"]


def test_rows_of_columns_repeat_on_a_phone(canvas: Callable[[int], Canvas]) -> None:
    spec = pocket_waterfall(pocket(), canvas(NARROW))
    assert {bar["row"][0] for bar in spec["layer"][1]["data"]["values"]} == {"0", "1"}
    assert spec["usermeta"]["size"][0] == pytest.approx(NARROW, abs=0.5)


def test_the_drawing_is_lean(canvas: Callable[[int], Canvas]) -> None:
    parts = [
        pocket().filter(pl.col("store_id") == "F1").with_columns(store_id=pl.lit(store))
        for store in ("F1", "F2", "S1", "M1", "M2", "D1", "D2", "D3")
    ]
    for width in (WIDE, NARROW):
        ground = canvas(width)
        spec = pocket_waterfall(pl.concat(parts), ground)
        inner = svg.clean(svg.draw(spec), size=spec["usermeta"]["size"], prefix="p").inner
        assert len(ground.phrases.spoken(inner, 0).encode()) < 12_000


def _message(results: Results, frame: pl.DataFrame) -> Any:
    return headings.of_figure(
        "pocket_waterfall", Facts(with_frame(results, "pocket_waterfall", frame))
    )


def test_the_heading_compares_only_stores_of_which_all_is_known(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    message = _message(results, pocket())
    assert wording("en").message(message.key, message.params) == (
        "Of 100 at list price, F1 keeps 67.0 in the pocket and 11.2 as contribution, "
        "F2 60.0 and −7.0"
    )
    # D1 keeps 40 of 100 by the costs it tells of: not told, as it keeps three kinds to itself.
    assert STEPS["D1"][-1] == ("contribution", 800)


def test_the_heading_falls_back_to_the_rung_that_is_known(
    results: Results, wording: Callable[[str], Wording]
) -> None:
    frame = pocket()
    one = frame.filter(pl.col("store_id").is_in(["F1", "X1"]))
    message = _message(results, one)
    assert message.key == "heading.pocket_waterfall.contribution.one"
    no_costs = frame.filter(
        ~pl.col("step").str.starts_with("cost:") & ~pl.col("step").is_in(["pocket", "contribution"])
    )
    message = _message(results, no_costs)
    assert (
        wording("en")
        .message(message.key, message.params)
        .startswith("Of 100 at list price, F2 receives 93.0 before refunds and costs, D2 76.0")
    )
    assert _message(results, frame.filter(pl.col("store_id") == "X1")) is None
