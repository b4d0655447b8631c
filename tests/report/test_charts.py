"""Each chart's spec: what is drawn, in which order, in whose colour."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from types import ModuleType
from typing import Any

import polars as pl
import pytest

from channelscope.report import svg
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.gallery import CHARTS
from channelscope.report.charts.mechanism_mix import ranked_mechanisms, shade_of
from channelscope.report.charts.steps import DEPTH_STEPS, step_of, text_on
from channelscope.report.charts.tracks import Track, decimals
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.looks import look_of
from channelscope.results import FigureData, Results

CHARTED = (
    "sku_intersections", "category_mix", "price_forest", "price_ladder", "mechanism_mix",
    "promotion_calendar", "sales_decomposition", "weekly_sales", "cart_rate_by_source",
    "refund_cohorts", "service_levels", "similarity", "store_map", "pocket_waterfall",
)  # fmt: skip


def _figure(results: Results, name: str) -> FigureData:
    return next(data for data in results.figures if data.figure.name == name)


def _draw(data: FigureData, canvas: Canvas) -> dict[str, Any]:
    return CHARTS[str(data.figure.chart)](data.frame, canvas)


def _views(spec: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The spec and every view inside it."""
    yield spec
    for name in ("layer", "concat", "hconcat", "vconcat"):
        for view in spec.get(name, []):
            yield from _views(view)
    if "spec" in spec:
        yield from _views(spec["spec"])


def _values(spec: dict[str, Any], *fields: str) -> list[dict[str, Any]]:
    """The rows of the fullest layer whose data hold all of these fields."""
    layers = [view.get("data", {}).get("values", []) for view in _views(spec)]
    found = [rows for rows in layers if rows and set(fields) <= set(rows[0])]
    assert found, f"no layer has {fields}"
    return list(max(found, key=len))


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("name", CHARTED)
def test_every_chart_draws_inside_its_size_and_by_variables_alone(
    results: Results, canvas: Callable[[int], Canvas], name: str, width: int
) -> None:
    spec = _draw(_figure(results, name), canvas(width))
    assert spec["usermeta"]["size"][0] == pytest.approx(width, abs=0.5)
    drawing = svg.clean(svg.draw(spec), size=spec["usermeta"]["size"], prefix="p")
    assert len(drawing.inner) > 800
    assert "data-tip" in drawing.inner or name in ("weekly_sales", "refund_cohorts")
    assert "#" not in drawing.inner.replace("url(#", "")


@pytest.mark.parametrize("name", CHARTED)
def test_scales_are_explicit_and_the_same_on_every_layer(
    results: Results, canvas: Callable[[int], Canvas], name: str
) -> None:
    for view in _views(_draw(_figure(results, name), canvas(WIDE))):
        layers = view.get("layer", [])
        for axis in ("x", "y"):
            channels = [layer["encoding"].get(axis, {}) for layer in layers]
            domains = [str(c["scale"]["domain"]) for c in channels if c.get("scale")]
            assert all(c.get("scale") or "value" in c for c in channels if c)
            assert len(set(domains)) <= 1


@pytest.mark.parametrize("name", CHARTED)
def test_a_spec_is_the_same_every_time(
    results: Results, canvas: Callable[[int], Canvas], name: str
) -> None:
    data = _figure(results, name)
    assert _draw(data, canvas(WIDE)) == _draw(data, canvas(WIDE))


def test_upset_joins_the_rest_and_says_so(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    data = _figure(results, "sku_intersections")
    wide = _values(_draw(data, canvas(WIDE)), "column", "size", "tip")
    narrow = _values(_draw(data, canvas(NARROW)), "column", "size", "tip")
    assert [row["size"] for row in wide] == [38, 29, 22, 18, 14, 9, 6, 5, 4, 3, 12]
    assert [row["size"] for row in narrow] == [38, 29, 22, 18, 14, 9, 30]
    assert sum(row["size"] for row in narrow) == sum(row["size"] for row in wide) == 160


def test_the_forest_has_one_reference_and_hides_no_unknown(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    spec = _draw(_figure(results, "price_forest"), canvas(WIDE))
    rows = _values(spec, "row", "label")
    assert {"value": 100} in spec["layer"][0]["data"]["values"]
    order = spec["layer"][2]["encoding"]["y"]["scale"]["domain"]
    assert order[0] == "realised" and order[1] == "realised|F1"
    assert "one_piece|F1" not in order and "list|D3" in order
    unknown = [row for row in rows if row["row"] == "realised|X1"]
    assert [row["text"] for row in unknown] == ["not known"]
    points = _values({"layer": [spec["layer"][2]]}, "value")
    assert "realised|X1" not in {row["row"] for row in points}


def test_the_activity_rung_is_drawn_only_without_a_one_piece_price(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    frame = _figure(results, "price_forest").frame
    activity = frame.filter(pl.col("rung") == "one_piece").with_columns(rung=pl.lit("activity"))
    both = CHARTS["price_forest"](pl.concat([frame, activity]), canvas(WIDE))
    alone = CHARTS["price_forest"](activity, canvas(WIDE))
    assert not [row for row in _values(both, "row") if row["row"].startswith("activity")]
    assert len(_values(alone, "row", "label")) == 9


def test_the_ladder_names_the_lowest_and_the_highest_price(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    items = _values(_draw(_figure(results, "price_ladder"), canvas(WIDE)), "low_text", "high_text")
    assert len(items) == 6
    for item in items:
        assert item["lo"] < item["hi"]
    assert items[0]["high_text"] == "¥499" or items[0]["high_text"].startswith("~")


def test_mechanism_bars_fill_the_whole_list_value(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    parts = _values(_draw(_figure(results, "mechanism_mix"), canvas(WIDE)), "start", "end", "code")
    for store in {part["row"] for part in parts}:
        mine = [part for part in parts if part["row"] == store]
        assert mine[0]["start"] == 0
        assert mine[-1]["end"] == pytest.approx(1)
        assert all(a["end"] == b["start"] for a, b in pairwise(mine))
        assert mine[-1]["code"] == "none"


def test_four_mechanisms_have_a_shade_and_the_rest_share_one(results: Results) -> None:
    ranked = ranked_mechanisms(_figure(results, "mechanism_mix").frame)
    assert len(ranked) == 4 and len(set(ranked)) == 4
    shades = [shade_of(code, ranked) for code in (*ranked, "rest", "unexplained", "none")]
    assert len(set(shades)) == 7


def test_the_calendar_ends_with_its_last_day_and_shows_13_weeks(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    data = _figure(results, "promotion_calendar")
    spec = _draw(data, canvas(WIDE))
    bars = _values(spec, "from", "to")
    first, last = spec["layer"][1]["encoding"]["x"]["scale"]["domain"]
    assert last - first == 91
    assert max(bar["to"] for bar in bars) == last
    assert len(bars) == data.frame.height
    unknown = data.frame["depth"].null_count()
    assert unknown == sum(bar["fill"] == "var(--card)" for bar in bars)


def test_waterfalls_run_from_the_reference_to_the_store(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    spec = _draw(_figure(results, "sales_decomposition"), canvas(NARROW))
    bars = _values(spec["hconcat"][0], "start", "end")
    mine = [bar for bar in bars if bar["row"].startswith("D1|")]
    assert [bar["row"].split("|")[1] for bar in mine] == [
        "from", "visitor_days", "conversion", "units_per_order", "to",
    ]  # fmt: skip
    assert mine[0]["end"] == mine[1]["start"] == pytest.approx(18.4e6)
    assert mine[3]["end"] == pytest.approx(mine[4]["end"], abs=0.05)
    assert {bar["fill"] for bar in mine[1:4]} == {"var(--neg)"}


def test_weeks_of_the_year_before_are_dashed_and_absent_where_unknown(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    spec = _draw(_figure(results, "weekly_sales"), canvas(WIDE))
    points = spec["data"]["values"]
    assert spec["facet"]["sort"][0] == "All stores"
    assert {p["series"] for p in points if p["panel"] == "S1"} == {"now"}
    assert {p["series"] for p in points if p["panel"] == "D1"} == {"now", "before"}


def test_immature_refunds_are_dashed_at_their_estimate(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    data = _figure(results, "refund_cohorts")
    points = _draw(data, canvas(WIDE))["data"]["values"]
    dashed = [p["y"] for p in points if p["panel"] == "F1" and p["series"] == "before"]
    mine = data.frame.filter(pl.col("store_id") == "F1")
    assert dashed == [mine["refund_share"][-2], mine["developed"][-1]]


def _layer(spec: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return next(list(layer["data"]["values"]) for layer in spec["layer"] if layer["name"] == name)


def test_panels_keep_the_same_rows_and_the_reference_line(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    spec = _draw(_figure(results, "service_levels"), canvas(WIDE))
    marks, reference = _layer(spec, "marks"), _layer(spec, "reference")
    assert len(_layer(spec, "titles")) == len(reference) == 9
    assert [m["x"] for m in marks if m["store_id"] == "F1"] == [line["x"] for line in reference]
    panel = len(_layer(spec, "names")) // 3 * 20 + 48
    for store in ("F1", "D3"):
        assert len({mark["y"] % panel for mark in marks if mark["store_id"] == store}) == 1


def test_panels_of_metrics_have_scales_of_their_own_and_sources_share_one(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    service = _draw(_figure(results, "service_levels"), canvas(WIDE))
    cart = _draw(_figure(results, "cart_rate_by_source"), canvas(WIDE))
    assert {tick["text"] for tick in _layer(service, "ticks")} >= {"4.6", "4.8", "10%", "15%"}
    assert {tick["text"] for tick in _layer(cart, "ticks")} == {"10%", "15%"}
    assert len(_layer(cart, "titles")) == 5


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (4.55, 4.97, [4.6, 4.8]),
        (0.06, 0.15, [0.1, 0.15]),
        (18.0, 84.0, [50.0]),
        (-0.3, 0.3, [-0.2, 0.0, 0.2]),
    ],
)
def test_ticks_are_round_and_inside(low: float, high: float, expected: list[float]) -> None:
    assert Track(low, high, 0, 100).ticks(3) == pytest.approx(expected)


def test_a_track_maps_its_ends_to_its_ends() -> None:
    track = Track(10, 20, 300, 150)
    assert (track.place(10), track.place(20), track.place(12)) == (300, 450, 330)
    assert [decimals(step) for step in (10, 1, 0.5, 0.2, 0.05)] == [0, 0, 1, 1, 2]


def test_a_new_dimension_is_drawn_by_dots(canvas: Callable[[int], Canvas]) -> None:
    frame = pl.DataFrame({
        "store_id": ["F1", "F2"], "metric": ["repeat_share"] * 2, "value": [0.2, None],
        "lo": [0.1, None], "hi": [0.3, None], "n": [9, None], "better": ["higher"] * 2,
        "unit": ["rate"] * 2,
    })  # fmt: skip
    spec = CHARTS["dots"](frame, canvas(WIDE))
    assert [row["store_id"] for row in _values(spec, "x", "tip")] == ["F1"]


def test_stores_of_a_kind_share_colour_and_shape(frames: ModuleType) -> None:
    looks = {store.store_id: look_of(store) for store in frames.STORES}
    assert looks["D1"].colour == looks["D3"].colour == "var(--d)"
    assert len({(look.token, look.shape) for look in looks.values()}) == 4


@pytest.mark.parametrize(
    ("value", "step"), [(0.0, 1), (0.0999, 1), (0.10, 2), (0.15, 3), (0.20, 4), (0.30, 5), (1, 5)]
)
def test_steps_begin_at_their_limit(value: float, step: int) -> None:
    assert step_of(value, DEPTH_STEPS) == step


def test_dark_steps_carry_light_ink() -> None:
    assert text_on(0.19, DEPTH_STEPS) == "var(--ink)"
    assert text_on(0.20, DEPTH_STEPS) == "var(--qhot)"
    assert text_on(None, DEPTH_STEPS) == "var(--ink)"
