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


def offers(*won: tuple[str, str, int, int], days: int = 40) -> pl.DataFrame:
    """Days on which a store is cheapest, of (store, product, pieces, days won)."""
    rows = [
        {"store_id": store, "sku": sku, "pieces": pieces, "eligibility": who, "days": days,
         "days_cheapest": n if who == "all" else days, "share": n / days}
        for store, sku, pieces, n in won for who in ("all", "member")
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["cheapest_baskets"])


# One piece: 26 of 40 days; 3: 54 of 80 product-days, most of them on one of two products.
NOBODY = [("D1", "a", 1, 26), ("F1", "a", 1, 14), ("F1", "a", 3, 26), ("F1", "a", 5, 40)]
LOPSIDED = [("F1", "a", 3, 40), ("F1", "b", 3, 14), ("D1", "b", 3, 10)]


@pytest.mark.parametrize(
    ("frame", "key", "said_of"),
    [
        (offers(*NOBODY), "none", {}),
        (offers(*NOBODY, days=28), "few_products", {"store": "D1", "n": 1, "share": 26 / 28}),
        (offers(*NOBODY, days=27), "few_days", {"n": 27}),
        (offers(*LOPSIDED), "few_products", {"store": "F1", "n": 3, "share": 54 / 80}),
        (offers(), "few_days", {"n": 0}),
    ],
)
def test_nobody_is_cheapest_only_where_the_table_says_so(
    results: Results, wording: Say, frame: pl.DataFrame, key: str, said_of: Row
) -> None:
    tables = {**said(results, WORST).results.tables, "cheapest_baskets": frame}
    facts = Facts(replace(results, tables=tables))
    message = headings.of_figure("basket_prices", facts)
    assert message is not None
    assert message.key == f"heading.basket_prices.{key}"
    assert dict(message.params) == said_of
    for code in ("en", "zh"):
        title = _title(facts, "basket_prices", wording(code))
        assert all(str(value) in title for value in said_of.values() if value != 1
                   and not isinstance(value, float)), title  # fmt: skip


def clash_pair(b: str, days: int, share: float, gap: float | None) -> Row:
    return {"store_a": "D1", "store_b": b, "products": 9, "days": 290, "days_clash": days,
            "share": share, "gap": gap, "mechanism_a": "flash",
            "mechanism_b": "markdown"}  # fmt: skip


@pytest.mark.parametrize(
    ("pairs", "few"),
    [
        ([clash_pair("F1", 29, 0.1, -0.03), clash_pair("F2", 20, 0.2, 0.03)], "F1"),
        ([clash_pair("F1", 20, 0.1, -0.03), clash_pair("F2", 19, 0.2, 0.04)], "F2"),
        ([clash_pair("F1", 29, 0.1, 0.029), clash_pair("F2", 29, 0.099, 0.5),
          clash_pair("M1", 29, 0.9, None)], None),
    ],
)  # fmt: skip
def test_a_clash_on_few_days_is_not_said_to_be_none(
    results: Results, wording: Say, pairs: list[Row], few: str | None
) -> None:
    frame = pl.DataFrame(pairs, schema=TABLES["clash_pairs"])
    tables = {**said(results, CROSSING).results.tables, "clash_pairs": frame}
    facts = Facts(replace(results, tables=tables))
    for code in ("en", "zh"):
        title = _title(facts, "clashes", wording(code))
        assert (few is not None and few in title) == (few is not None), title
    message = headings.of_figure("clashes", facts)
    assert message and message.key == f"heading.clashes.{'few' if few else 'none'}"


@pytest.mark.parametrize(("code", "own"), [("en", "Own average"), ("zh", "自身均值")])
def test_a_level_of_a_basket_is_of_the_list_price(
    results: Results, wording: Say, code: str, own: str
) -> None:
    """Another figure has a level of another thing under the same name."""
    speaker = Speaker(Facts(results), wording(code))
    heads = {
        name: [head.text for head in figure_table(speaker, name).heads if "= 100" in head.text]
        for name in ("basket_prices", "weekly_sales")
    }
    assert heads["weekly_sales"][0].startswith(own)
    (level,) = heads["basket_prices"]
    assert own not in level and ("list price" in level or "吊牌价" in level)


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
