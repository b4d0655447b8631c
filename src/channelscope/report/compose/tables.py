"""The data table under a figure: real columns with heads, written by what each column is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.review_columns import is_own, own_text
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Table, TableCell
from channelscope.report.decision_words import input_value
from channelscope.report.numbers import MISSING
from channelscope.report.wording import Wording, plain_name

MOST_ROWS = 60
FEW_ROWS = {"segment_shares": 8}
"""Fewer, where the grid above is a table of the same rows."""
_UNITS = {
    "sales": "money", "reference_sales": "money", "store_sales": "money", "effect": "money",
    "from_sales": "money", "to_sales": "money", "price_effect": "price", "store_price": "price",
    "discount_amount": "money", "price": "price", "reference_price": "price",
    "share": "rate", "share_a": "rate", "share_b": "rate",
    "coverage": "rate", "ratio": "rate", "share_of_list": "rate",
    "share_of_discount": "rate", "merchant_funded": "rate", "depth": "rate",
    "visitor_share": "rate", "cart_rate": "rate", "reference_cart_rate": "rate",
    "mix_effect": "points", "rate_effect": "points", "refund_share": "rate", "developed": "rate",
    "similarity": "ratio", "x": "ratio", "y": "ratio", "stress": "ratio",
    "lift": "ratio", "expected": "count", "amount": "money",
    "gap": "rate", "premium_share": "rate", "paid_amount": "money", "usual_share": "rate",
    "overall_share": "rate",
    "reached_share": "rate", "near_share": "rate", "near_lo": "rate", "near_hi": "rate",
    "chance": "rate", "reference_share": "rate", "reference_lo": "rate", "reference_hi": "rate",
    "times": "ratio", "break_even": "ratio", "earned": "ratio", "earned_lo": "ratio",
    "earned_hi": "ratio", "elasticity": "ratio",
    **dict.fromkeys(("new_to_brand", "from_other_store", "reactivated", "retained", "moved",
                     "lost"), "rate"),
    **dict.fromkeys(("relative", "relative_lo", "relative_hi"), "ratio"),
    "index": "diversion", "null_mean": "diversion",
    **dict.fromkeys(("contribution", "contribution_lo", "contribution_hi", "sales_lo", "sales_hi",
                     "losses", "losses_lo", "losses_hi", "fixed", "set_up", "deposit", "at_risk",
                     "break_even_sales", "cumulative", "cumulative_lo", "cumulative_hi", "base",
                     "at_low", "at_high", "loss", "monthly_sales", "to_best", "to_best_lo",
                     "to_best_hi"), "money"),
    **dict.fromkeys(("p_payback", "p_without_losses", "open_probability", "pilot_probability",
                     "margin", "diverted",
                     "diverted_lo", "diverted_hi", "break_even_diversion", "needed_margin",
                     "share_lo", "share_hi", "product_overlap", "price_overlap", "buyers_overlap",
                     "overlap", "weight"), "rate"),
    **dict.fromkeys(("distance", "product_distance", "price_distance", "promotion_distance",
                     "service_distance", "place_distance"), "ratio"),
    "price_level": "index",
    "level": "index", "level_year_before": "index", "amount_difference": "money",
}  # fmt: skip
_STORES = ("store_id", "store_a", "store_b", "leader_id", "follower_id", "intersection",
           "from_store", "to_store")  # fmt: skip
_SPANS = ("from_period", "to_period")
_FAMILIES = {
    **{name: name for name in ("mechanism", "factor", "rung", "outcome", "source", "better",
                               "dimension", "funder", "threshold_kind")},
    "time_grain": "grain", "cause_mechanism": "cause", "earned_outcome": "outcome",
    "mechanism_a": "mechanism", "mechanism_b": "mechanism", "method": "method", "habit": "habit",
    "segment_set": "set",
    **{name: name for name in ("recommendation", "origin", "rule", "kind", "platform", "input")},
}  # fmt: skip
"""Columns of codes, and what family of names says them."""
_HIDDEN = ("position", "lane", "unit", "better", "reference_id", "reason_position",
           "is_shown", "is_total")  # fmt: skip
_IN_UNIT_OF_ROW = ("likely", "low", "high", "limit_value")
"""Columns of the inputs of a decision: each row has a unit of its own."""
_CHANGES = ("effect", "price_effect")
"""Written with their sign."""
_IN_GRID = {
    "price_order": ("title", "rank", "share", "depth", "cause_mechanism", "funder"),
    "thresholds": ("rank", "place", "scope", "benefit_kind", "benefit"),
    "reconcile": ("share",),
    "piece_price_gaps": ("reference_price", "store_price"),
    "basket_prices": ("title", "rank", "days"),
    "segment_shares": (
        "share",
        "lo",
        "hi",
        "overall_share",
        "is_need",
        "coverage",
        "n",
        "outcome_reason",
    ),
    "diversion": ("index", "lo", "hi", "is_need"),
    "buyer_switches": ("scope", "share", "chance"),
    "price_tiers": ("entry_to", "premium_from", "entry_share", "middle_share", "skus"),
}
"""What the grid above says already, and would only make a long table longer."""


def figure_table(speaker: Speaker, figure: str) -> Table:
    """The rows behind a figure, at most so many; the whole stands in the data files."""
    words = speaker.words
    data = speaker.facts.figures[figure]
    rows = speaker.facts.rows(figure)
    columns = shown_columns(figure, data.frame.columns)
    numeric = {name: data.frame.schema[name].is_numeric() for name in columns}
    note = ""
    most = FEW_ROWS.get(figure, MOST_ROWS)
    if len(rows) > most:
        note = words.text("figure.rows_left", n=words.numbers.plain(most), query=data.figure.query)
    return Table(
        caption=words.text("figure.caption", figure=data.figure.figure_id),
        heads=tuple(TableCell(_head(words, figure, name), numeric[name]) for name in columns),
        rows=tuple(
            tuple(TableCell(_cell(speaker, figure, name, row), numeric[name]) for name in columns)
            for row in rows[:most]
        ),
        note=note,
    )


def _head(words: Wording, figure: str, name: str) -> str:
    """What a column is; some names are of another thing in one figure than elsewhere."""
    usual = words.texts.text_or(f"column.{name}", name)
    return words.texts.text_or(f"column.{figure}.{name}", usual)


def shown_columns(figure: str, names: Iterable[str]) -> list[str]:
    """The columns of a figure's rows that its data table shows."""
    hidden = (*_HIDDEN, *_IN_GRID.get(figure, ()))
    return [name for name in names if name not in hidden]


def _cell(speaker: Speaker, figure: str, name: str, row: Row) -> str:
    if is_own(figure, name):
        return own_text(speaker.words, figure, name, row)
    return _text(speaker, name, row)


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
    if name == "category":
        return part_name(speaker, value, row.get("unit") or "piece")
    return _word(speaker, name, str(value))


def _unknown(speaker: Speaker, name: str) -> str:
    """Products without a category have a name as well, and so have all regions together."""
    if name == "category":
        return part_name(speaker, None, "piece")
    return speaker.words.text("grid.out_of_region.all") if name == "ship_region" else MISSING


def _number(speaker: Speaker, name: str, value: Any, row: Row) -> str:
    numbers = speaker.words.numbers
    unit = _UNITS.get(name)
    if name in ("value", "lo", "hi") and "input" not in row:
        unit = row.get("unit") or _unit_of_bounds(row)
        if name != "value" and row.get("value") is not None:
            return numbers.bounds(row["value"], value, value, unit).strip("[]").split(",")[0]
    if name in _IN_UNIT_OF_ROW or (name == "value" and "input" in row):
        return input_value(speaker.words, value, row["unit"])
    if name.endswith("p_adjusted"):
        return numbers.plain(value, 3)
    if unit == "points" or name in _CHANGES:
        return numbers.change(value, "rate" if unit == "points" else str(unit))
    return numbers.value(value, unit or "count")


def _unit_of_bounds(row: Row) -> str:
    for name in _CHANGES:
        if name in row:
            return _UNITS[name]
    if "index" in row:
        return "diversion"
    if "times" in row:
        return "ratio"
    return "rate" if any(name.endswith("share") for name in row) else "index"


def part_name(speaker: Speaker, category: str | None, unit: str) -> str:
    """A category, all goods, or packs by their content: what a row tells of."""
    words = speaker.words
    if f"content.{unit}" in words.texts:
        return words.text(f"content.{unit}")
    return words.text("category.all") if category == "all" else words.category(category)


def _word(speaker: Speaker, name: str, value: str) -> str:
    words = speaker.words
    spoken: Mapping[str, Callable[[str], str]] = {
        "step": words.step, "metric": words.metric,
        "scope": words.scope, "segment": words.segment,
        "outcome_reason": lambda reason: words.texts.text_or(reason, reason),
        "reason": lambda reason: words.texts.text_or(f"{reason}.short", reason),
        "side": lambda side: words.text(f"side.{side}", limit="").strip(),
        "sku": lambda sku: words.text("grid.all_products") if sku == "all" else plain_name(sku),
        **dict.fromkeys(_STORES, lambda stores: _stores(words, stores)),
        **dict.fromkeys(_SPANS, words.span),
    }  # fmt: skip
    if value.startswith("reason.") and value in words.texts:
        return words.text(value)
    if name in _FAMILIES:
        return words.named(_FAMILIES[name], value)
    return spoken.get(name, plain_name)(value)


def _stores(words: Wording, value: str) -> str:
    whole = {"all": "chart.all_stores", "other": "chart.other_intersections"}
    if value in whole:
        return words.text(whole[value])
    return " + ".join(words.store(part) for part in value.split("+"))
