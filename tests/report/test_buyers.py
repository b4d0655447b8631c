"""Which stores the same people buy in, and where a quarter's buyers come from: drawn and said."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from channelscope.domain import Figure
from channelscope.report import headings, svg
from channelscope.report.charts.buyer_sets import buyer_sets
from channelscope.report.charts.canvas import Canvas
from channelscope.report.charts.quarterly_buyers import quarterly_buyers
from channelscope.report.compose import figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.drawings import NARROW, WIDE
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import TABLES, FigureData, Results

Say = Callable[[str], Wording]
Row = dict[str, Any]
SETS = pl.DataFrame(
    [("jd", "F2", 1, 70, 0.7), ("jd", "F2+M1", 2, 30, 0.3), ("tmall", "F1", 1, 450, 0.45),
     ("tmall", "D1+F1+S1", 3, 350, 0.35), ("tmall", "S1", 1, 200, 0.2)],
    schema=["scope", "intersection", "stores", "buyers", "share"], orient="row",
).with_columns(coverage=pl.lit(1.0), rank=pl.Series([1, 2, 1, 2, 3]))  # fmt: skip


def quarter(store: str, month: int, new: float | None, other: float | None, **more: Any) -> Row:
    return {
        "store_id": store, "quarter_start": date(2026, month, 1), "buyers": 900,
        "new_to_brand": new, "from_other_store": other,
        "reactivated": None if new is None else 0.1,
        "retained": None if new is None or other is None else 0.9 - new - other,
        "moved": 0.1, "lost": 0.6, "coverage": 1.0,
        "outcome_reason": None if new is not None else "reason.few_buyer_ids", **more,
    }  # fmt: skip


QUARTERS = [
    quarter("F1", 1, 0.25, 0.5), quarter("F1", 4, 0.25, 0.125), quarter("S1", 4, 0.5, 0.25),
    quarter("D2", 4, None, None), quarter("D1", 4, 0.0, 0.75, buyers=29),
]  # fmt: skip


def facts_of(results: Results, name: str, rows: list[Row] | pl.DataFrame, **tables: Any) -> Facts:
    shown = Figure("F6.9", name, f"consumers/{name}", None)
    frame = pl.DataFrame(rows, infer_schema_length=None)
    data = FigureData(shown, frame, "select 1", {})
    return Facts(replace(results, figures=(data,), tables={**results.tables, **tables}))


def title(facts: Facts, words: Wording, name: str) -> str:
    said = figures.figure_title(Speaker(facts, words), facts.figures[name])
    return said.replace("\u00a0", " ").replace("\u202f", " ")


def outlines(spec: svg.Spec) -> dict[str, list[Row]]:
    """The points of each broken line by its colour."""
    layers = [view for part in spec.get("vconcat", [spec]) for view in part.get("layer", [])]
    found: dict[str, list[Row]] = {}
    for layer in layers:
        if isinstance(layer["mark"], dict) and layer["mark"]["type"] == "line":
            found.setdefault(layer["mark"]["color"], []).extend(layer["data"]["values"])
    return found


def test_each_scope_has_bars_and_a_dot_for_each_store_of_a_set(
    canvas: Callable[[int], Canvas],
) -> None:
    spec = buyer_sets(SETS, canvas(WIDE))
    bars = [part["data"]["values"] for part in spec["vconcat"] if "encoding" not in part
            and "data" in part]  # fmt: skip
    assert [[row["size"] for row in rows] for rows in bars] == [[70, 30], [450, 350, 200]]
    dark = [row for row in outlines(spec)["var(--ac)"] if row["x"] is not None]
    # Twice each: a dot is a line from a place to itself. Three sets of one, one of two, of three.
    assert len(dark) == 2 * (3 + 2 + 3)
    assert {(row["x"], row["y"]) for row in dark} >= {(1.5, 0.5), (1.5, 1.5), (1.5, 2.5)}


def test_both_charts_are_drawn_lean_at_both_widths(canvas: Callable[[int], Canvas]) -> None:
    frame = pl.DataFrame(QUARTERS, infer_schema_length=None)
    for width in (WIDE, NARROW):
        for spec in (buyer_sets(SETS, canvas(width)), quarterly_buyers(frame, canvas(width))):
            drawn = svg.clean(svg.draw(spec), size=spec["usermeta"]["size"], prefix="svg-F6-9-w")
            assert drawn.inner.count("<path") <= 12 and "NaN" not in drawn.inner


def test_the_parts_of_a_bar_meet_and_the_untold_has_none(canvas: Callable[[int], Canvas]) -> None:
    spec = quarterly_buyers(pl.DataFrame(QUARTERS, infer_schema_length=None), canvas(WIDE))
    found = outlines(spec)
    rows = {row["row"] for points in found.values() for row in points}
    assert len(rows) == 4 and not any(row.startswith("D2") for row in rows)
    ends = {
        colour: [row["x"] for row in points if row["row"].startswith("S1") and row["x"] is not None]
        for colour, points in found.items()
    }
    places = [ends[f"var(--{token})"] for token in ("q5", "q3", "warn", "q2")]
    assert places[0][0] == 0 and places[-1][1] == 1
    assert all(left[1] == right[0] for left, right in pairwise(places))
    assert abs(places[2][0] - 0.25) < 0.002 and abs(places[2][1] - 0.5) < 0.002


def test_the_heading_tells_of_the_last_quarter_and_of_enough_buyers(
    results: Results, wording: Say
) -> None:
    facts = facts_of(results, "quarterly_buyers", QUARTERS)
    assert title(facts, wording("en"), "quarterly_buyers") == (
        "In the quarter from 1 April 2026 on, 25.0% of the 900 known buyers of S1 had bought "
        "before in another own store and never there; 50.0% were new to the brand"
    )
    assert "25.0%" in title(facts, wording("zh"), "quarterly_buyers")
    none = facts_of(results, "quarterly_buyers", QUARTERS[3:])
    assert headings.of_figure("quarterly_buyers", none) is None


def test_the_heading_of_sets_counts_the_largest_scope(results: Results, wording: Say) -> None:
    table = SETS.select(
        "scope", pl.col("intersection").alias("stores"), pl.col("stores").alias("size"), "buyers",
        "share", lo=None, hi=None, coverage=pl.lit(1.0),
    ).cast(TABLES["buyer_sets"])  # fmt: skip
    facts = facts_of(results, "buyer_intersections", SETS, buyer_sets=table)
    assert title(facts, wording("en"), "buyer_intersections") == (
        "Of the known buyers of F1, S1 and D1, 35.0% bought in more than one of them"
    )


def pair(name: str, relative: float | None, lo: float | None, p: float | None) -> Row:
    return {"scope": "tmall", "intersection": name, "relative": relative, "relative_lo": lo,
            "relative_hi": None, "relative_p_adjusted": p}  # fmt: skip


def test_a_pair_stands_out_only_where_that_is_sure(results: Results, wording: Say) -> None:
    rows = [pair("F1+S1", 1.8, 0.99, 0.04), pair("D1+F1", 1.5, 1.2, 0.03),
            pair("D1+S1", 1.9, 1.3, 0.06), pair("D2+D3", None, None, None)]  # fmt: skip
    facts = facts_of(results, "buyer_overlap", rows)
    assert title(facts, wording("en"), "buyer_overlap") == (
        "D1 and F1 share more buyers than the other pairs of their platform do, each against "
        "chance: 1.50 times as much"
    )
    quiet = facts_of(results, "buyer_overlap", [rows[0], *rows[2:]])
    assert headings.of_figure("buyer_overlap", quiet) is None
