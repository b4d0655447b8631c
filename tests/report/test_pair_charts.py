"""The heatmap and the map: shaded and headed by outcomes, drawn to one scale."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import combinations

import polars as pl
import pytest

from channelscope.report import headings
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.similarity import similarity
from channelscope.report.charts.store_map import store_map
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.report.looks import look_of
from channelscope.results import Results
from tests.report.pair_frames import frame_of, many, with_frame


def _cells(frame: pl.DataFrame, canvas: Canvas) -> dict[tuple[str, str], dict[str, str]]:
    values = similarity(frame, canvas)["layer"][0]["data"]["values"]
    return {(cell["down"], cell["across"]): cell for cell in values}


def test_a_heatmap_shades_only_what_an_outcome_supports(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    frame = frame_of(results, "similarity")
    cells = _cells(frame, canvas(WIDE))
    assert len(cells) == 72 and ("F1", "F1") not in cells
    for row in frame.to_dicts():
        for ends in ((row["store_a"], row["store_b"]), (row["store_b"], row["store_a"])):
            shaded = cells[ends]["fill"] != "var(--card)"
            assert shaded == bool(row["supported"])
            if row["similarity"] is not None:
                assert cells[ends]["text"] == f"{row['similarity']:.2f}"
            else:
                assert cells[ends]["tip"].endswith(cells[ends]["text"])
    open_pairs = frame.with_columns(supported=pl.lit(False))
    assert {c["fill"] for c in _cells(open_pairs, canvas(WIDE)).values()} == {"var(--card)"}
    assert {c["ink"] for c in _cells(open_pairs, canvas(WIDE)).values()} == {"var(--ink2)"}


def test_a_narrow_heatmap_of_twelve_drops_the_zero(
    results: Results, canvas: Callable[[int], Canvas]
) -> None:
    twelve = many(results, 12)
    looks = {store.store_id: look_of(store) for store in twelve.scope.stores}
    narrow = replace(canvas(NARROW), looks=looks)
    cells = _cells(frame_of(twelve, "similarity"), narrow)
    assert {cell["text"] for cell in cells.values()} == {".90"}
    assert all(cell["tip"].endswith("0.90") for cell in cells.values())


def _similar(results: Results, *changes: pl.Expr) -> Facts:
    frame = frame_of(results, "similarity").with_columns(*changes)
    return Facts(with_frame(results, "similarity", frame))


def test_similarity_is_headed_by_counted_outcomes(results: Results) -> None:
    message = headings.of_figure("similarity", Facts(results))
    assert message and message.key == "heading.similarity.same"
    none_same = pl.lit(0, pl.Int64).alias("same")
    several = headings.of_figure("similarity", _similar(results, none_same))
    assert several and several.key == "heading.similarity.several_differ"
    one = pl.when((pl.col("store_a") == "D1") & (pl.col("store_b") == "F1")).then(3).otherwise(1)
    single = headings.of_figure("similarity", _similar(results, none_same, one.alias("differs")))
    assert single and single.key == "heading.similarity.differs"
    assert (single.params["store_a"], single.params["n"]) == ("D1", 3)
    nothing = pl.lit(0, pl.Int64).alias("differs")
    unclear = headings.of_figure("similarity", _similar(results, none_same, nothing))
    assert unclear and unclear.key == "heading.similarity.unclear"


def test_one_pair_that_is_all_the_same_is_named(results: Results) -> None:
    alone = (pl.col("store_a") == "D2") & (pl.col("store_b") == "D3")
    same = pl.when(alone).then("dimensions").otherwise(0).alias("same")
    message = headings.of_figure("similarity", _similar(results, same))
    assert message and message.key == "heading.similarity.one_same"
    assert message.params == {"store_a": "D2", "store_b": "D3"}


def test_a_map_that_bends_too_much_sends_the_reader_to_the_heatmap(results: Results) -> None:
    def headed(stress: float) -> str:
        frame = frame_of(results, "store_map").with_columns(stress=pl.lit(stress))
        message = headings.of_figure("store_map", Facts(with_frame(results, "store_map", frame)))
        assert message
        return message.key

    assert headed(0.15) != "heading.store_map.stress"
    assert headed(0.151) == "heading.store_map.stress"


def test_the_map_counts_outcomes_not_distances(results: Results) -> None:
    message = headings.of_figure("store_map", Facts(results))
    assert message and message.key == "heading.store_map.apart"
    told = results.tables["pairs"].filter(pl.col("outcome") == "differs")
    ends = pl.concat([told["store_a"], told["store_b"]])
    mine = told.filter((pl.col("store_a") == message.params["store"])
                       | (pl.col("store_b") == message.params["store"]))  # fmt: skip
    assert message.params["n"] == mine.select("store_a", "store_b").n_unique()
    assert message.params["m"] == 7 and ends.len()
    same = results.tables["pairs"].with_columns(outcome=pl.lit("same"))
    none = Facts(replace(results, tables={**results.tables, "pairs": same}))
    message = headings.of_figure("store_map", none)
    assert message and message.key == "heading.store_map.none"


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_map_has_one_scale_no_axes_and_labels_that_do_not_meet(
    results: Results, canvas: Callable[[int], Canvas], width: int
) -> None:
    frame = frame_of(results, "store_map")
    spec = store_map(frame, canvas(width))
    points = {p["text"]: p for p in spec["layer"][0]["data"]["values"]}
    assert list(points) == frame["store_id"].to_list()
    ones = [
        abs(points[b]["x"] - points["F1"]["x"]) / abs(row["x"] - frame["x"][0])
        for b, row in zip(points, frame.to_dicts(), strict=True)
        if row["x"] != frame["x"][0]
    ]
    others = [
        abs(points[b]["y"] - points["F1"]["y"]) / abs(row["y"] - frame["y"][0])
        for b, row in zip(points, frame.to_dicts(), strict=True)
        if row["y"] != frame["y"][0]
    ]
    assert max(ones + others) == pytest.approx(min(ones + others))
    encoding = spec["layer"][0]["encoding"]
    assert encoding["x"]["axis"] is None and encoding["y"]["axis"] is None
    texts = spec["layer"][1]["data"]["values"]
    wide = 2 * 0.56 * 12
    for one, other in combinations(texts, 2):
        apart = abs(one["x"] - other["x"]) >= wide - 1e-6
        assert apart or abs(one["y"] - other["y"]) >= 15 - 1e-6


def test_a_map_of_one_place_is_drawn(results: Results, canvas: Callable[[int], Canvas]) -> None:
    frame = frame_of(results, "store_map").with_columns(x=pl.lit(0.1), y=pl.lit(0.1))
    spec = store_map(frame, canvas(NARROW))
    assert all(0 <= p["x"] <= spec["width"] for p in spec["layer"][0]["data"]["values"])
