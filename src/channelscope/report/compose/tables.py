"""The data table under a figure: real columns with heads, written by what each column is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Table, TableCell
from channelscope.report.numbers import MISSING
from channelscope.report.wording import plain_name

MOST_ROWS = 60
_UNITS = {
    "sales": "money", "reference_sales": "money", "store_sales": "money", "effect": "money",
    "discount_amount": "money", "price": "price", "reference_price": "price",
    "share": "rate", "share_a": "rate", "share_b": "rate",
    "coverage": "rate", "ratio": "rate", "share_of_list": "rate",
    "share_of_discount": "rate", "merchant_funded": "rate", "depth": "rate",
    "visitor_share": "rate", "cart_rate": "rate", "reference_cart_rate": "rate",
    "mix_effect": "points", "rate_effect": "points", "refund_share": "rate", "developed": "rate",
    "similarity": "ratio", "x": "ratio", "y": "ratio", "stress": "ratio",
    "lift": "ratio", "expected": "count", "amount": "money",
    "gap": "rate", "premium_share": "rate", "paid_amount": "money",
    "level": "index", "level_year_before": "index",
}  # fmt: skip
_NAMES = (
    "mechanism",
    "factor",
    "rung",
    "outcome",
    "source",
    "better",
    "unit",
    "dimension",
    "funder",
)
_FAMILIES = {"time_grain": "grain", "cause_mechanism": "cause",
             "mechanism_a": "mechanism", "mechanism_b": "mechanism"}  # fmt: skip
_HIDDEN = ("position", "lane", "unit", "better", "reference_id", "reason_position",
           "is_shown", "is_total")  # fmt: skip
_BOUNDED_MONEY = ("effect",)
_IN_GRID = {
    "price_order": ("title", "rank", "share", "depth", "cause_mechanism", "funder"),
    "price_leads": ("changes", "followed"),
    "basket_prices": ("title", "rank", "days"),
    "price_tiers": ("entry_to", "premium_from", "entry_share", "middle_share", "skus"),
}
"""What the grid above says already, and would only make a long table longer."""


def figure_table(speaker: Speaker, figure: str) -> Table:
    """The rows behind a figure, at most so many; the whole stands in the data files."""
    words = speaker.words
    data = speaker.facts.figures[figure]
    rows = speaker.facts.rows(figure)
    hidden = (*_HIDDEN, *_IN_GRID.get(figure, ()))
    columns = [name for name in data.frame.columns if name not in hidden]
    numeric = {name: data.frame.schema[name].is_numeric() for name in columns}
    note = ""
    if len(rows) > MOST_ROWS:
        note = words.text(
            "figure.rows_left", n=words.numbers.plain(MOST_ROWS), query=data.figure.query
        )
    return Table(
        caption=words.text("figure.caption", figure=data.figure.figure_id),
        heads=tuple(
            TableCell(words.texts.text_or(f"column.{name}", name), numeric[name])
            for name in columns
        ),
        rows=tuple(
            tuple(TableCell(_text(speaker, name, row), numeric[name]) for name in columns)
            for row in rows[:MOST_ROWS]
        ),
        note=note,
    )


def _text(speaker: Speaker, name: str, row: Row) -> str:
    value = row[name]
    if value is None:
        return _unknown(speaker, name)
    if isinstance(value, bool):
        return speaker.words.text("word.yes" if value else "word.no")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal):
        return _number(speaker, name, value, row)
    return _word(speaker, name, str(value))


def _unknown(speaker: Speaker, name: str) -> str:
    """Products without a category have a name as well, and so have all regions together."""
    if name == "category":
        return speaker.words.category(None)
    return speaker.words.text("grid.out_of_region.all") if name == "ship_region" else MISSING


def _number(speaker: Speaker, name: str, value: Any, row: Row) -> str:
    numbers = speaker.words.numbers
    unit = _UNITS.get(name)
    if name in ("value", "lo", "hi"):
        unit = row.get("unit") or _unit_of_bounds(row)
        if name != "value" and row.get("value") is not None:
            return numbers.bounds(row["value"], value, value, unit).strip("[]").split(",")[0]
    if name == "p_adjusted":
        return numbers.plain(value, 3)
    if unit == "points" or name == "effect":
        return numbers.change(value, "rate" if unit == "points" else "money")
    return numbers.value(value, unit or "count")


def _unit_of_bounds(row: Row) -> str:
    if "effect" in row:
        return "money"
    return "rate" if "share" in row or "premium_share" in row else "index"


def _word(speaker: Speaker, name: str, value: str) -> str:
    words = speaker.words
    if name in ("store_id", "store_a", "store_b", "leader_id", "follower_id", "intersection"):
        return " + ".join(words.store(part) for part in value.split("+")) if value != "all" else (
            words.text("chart.all_stores"))  # fmt: skip
    spoken: Mapping[str, Callable[[str], str]] = {"step": words.step, "metric": words.metric}
    if name in spoken:
        return spoken[name](value)
    if name == "sku" and value == "all":
        return words.text("grid.all_products")
    if name in _FAMILIES:
        return words.named(_FAMILIES[name], value)
    if name == "outcome_reason":
        return words.texts.text_or(value, value)
    return words.named(name, value) if name in _NAMES else plain_name(value)
