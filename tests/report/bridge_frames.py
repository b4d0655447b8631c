"""Bridges of a few bars, and results that show them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import polars as pl

from channelscope.domain import Figure
from channelscope.report.compose import bridges, figures
from channelscope.report.compose.speaker import Speaker
from channelscope.report.facts import Facts
from channelscope.report.wording import Wording
from channelscope.results import FigureData, Results

Say = Callable[[str], Wording]
SPAN = {"from_period": "2024-10-01..2025-09-30", "to_period": "2025-10-01..2026-09-30"}


def bar(factor: str, effect: float, half: float | None = 1e4, **given: Any) -> dict[str, Any]:
    lo, hi = (None, None) if half is None else (effect - half, effect + half)
    return {"factor": factor, "effect": effect, "lo": lo, "hi": hi, **given}


def year(*bars: dict[str, Any]) -> pl.DataFrame:
    """F4.5 of these bars, from ten million on."""
    end = 1e7 + sum(row["effect"] for row in bars)
    rows = [{"position": at, **row, **SPAN, "from_sales": 1e7, "to_sales": end}
            for at, row in enumerate(bars, 1)]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def stores(*bars: dict[str, Any], sold: float = 1e6) -> pl.DataFrame:
    """F4.1 of these bars, each with its `store_id`."""
    rows = [{"reference_id": "F1", "position": at, **row, "reference_sales": 3e6,
             "store_sales": sold} for at, row in enumerate(bars, 1)]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def pieces(*bars: dict[str, Any]) -> pl.DataFrame:
    """F4.6 of these bars: D1 lies 30 below, D2 31 below, F2 2 above."""
    price = {"D1": 70.0, "D2": 69.0, "F2": 102.0}
    rows = [
        {"reference_id": "F1", "position": at, **row, "price_effect": row["effect"],
         "reference_price": 100.0, "store_price": price[row["store_id"]]}
        for at, row in enumerate(bars, 1)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None).drop("effect")


def shown(results: Results, name: str, frame: pl.DataFrame, **changed: pl.DataFrame) -> Facts:
    """The results with the figure of these rows, and other tables."""
    chart = "grid" if name == "piece_price_gaps" else "year_waterfall"
    data = FigureData(Figure("F4.9", name, f"sales/{name}", chart), frame, "select 1", {})
    others = tuple(each for each in results.figures if each.figure.name != name)
    return Facts(replace(results, figures=(*others, data), tables={**results.tables, **changed}))


def title(facts: Facts, name: str, words: Wording) -> str:
    return figures.figure_title(Speaker(facts, words), facts.figures[name]).replace("\u00a0", " ")


def notes(facts: Facts, name: str, words: Wording) -> str:
    return words.sentences(bridges.bridge_notes(Speaker(facts, words), facts.figures[name]))
