"""How a decision speaks of its inputs, positions and candidates."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from channelscope.report.numbers import MISSING
from channelscope.report.wording import Wording, plain_name

PLANNED = "planned"


def input_name(words: Wording, name: str, store: str | None) -> str:
    """An input, with its store where there is one for each."""
    said = words.texts.text_or(f"input.{name}", name)
    return f"{said} · {words.store(store)}" if store else said


def input_value(words: Wording, value: float | None, unit: str) -> str:
    """A value of an input in its unit."""
    if unit == "months" and value is not None:
        whole = float(value).is_integer()
        return words.text("unit.months", months=words.numbers.plain(value, 0 if whole else 1))
    return words.numbers.value(value, "rate" if unit == "rate" else unit)


def input_span(words: Wording, low: float | None, high: float | None, unit: str) -> str:
    """Both ends of an input; one value where it has no width."""
    if low is None or high is None or low == high:
        return input_value(words, low, unit)
    return f"{input_value(words, low, unit)} … {input_value(words, high, unit)}"


def position_name(words: Wording, row: Mapping[str, Any]) -> str:
    """Goods, price level and promotions of a position."""
    if row["is_planned"]:
        return words.text("position.planned")
    parts = [
        words.text("position.level", level=words.numbers.plain(row["price_level"], 0)),
        _choice(words, "goods", row["assortment"]),
        _choice(words, "promotions", row["promotion"]),
    ]
    return " · ".join(part for part in parts if part)


def _choice(words: Wording, kind: str, name: str) -> str:
    if name == PLANNED:
        return words.text(f"position.{kind}_planned")
    return words.text(f"position.{kind}", name=plain_name(name))


def candidate_name(row: Mapping[str, Any]) -> str:
    """A candidate in running text: its name and its id."""
    return f"{plain_name(row['name'])} ({plain_name(row['candidate_id'])})"


def month_range(words: Wording, row: Mapping[str, Any]) -> str:
    """The month of payback with its range; a month beyond the horizon is said in words."""
    if row["payback_month"] is None:
        return words.text("payback.beyond", months=str(row["horizon_months"]))
    ends = [
        words.numbers.plain(row[end]) if row[end] is not None
        else words.text("payback.later", months=str(row["horizon_months"]))
        for end in ("payback_lo", "payback_hi")
    ]  # fmt: skip
    month = words.numbers.plain(row["payback_month"])
    return f"{month} [{ends[0]}, {ends[1]}]"


def day_or_missing(words: Wording, day: date | None) -> str:
    """A date, or that there is none."""
    return words.numbers.day(day) if day else MISSING
