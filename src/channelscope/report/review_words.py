"""How a review speaks of changes, bases, stores that did not trade throughout, and decisions."""

from __future__ import annotations

from channelscope.domain import OWN
from channelscope.report.charts.canvas import Row
from channelscope.report.numbers import MISSING
from channelscope.report.review_facts import ALL, LIKE_FOR_LIKE
from channelscope.report.wording import Wording, plain_name

UP, DOWN = "\u25b2", "\u25bc"
_BY_POINTS = "rate"
"""Rates change by points, everything else by a part of what it was."""


def signed(words: Wording, relative: float | None) -> str:
    """A relative change with its sign: `+9.5%`, `−14%`."""
    if relative is None:
        return MISSING
    said = words.numbers.value(relative, "rate")
    if not any(digit in "123456789" for digit in said):
        return "±0%"
    return said if relative < 0 else f"+{said}"


def relative_bounds(words: Wording, row: Row, name: str = "relative") -> str:
    """`[−19.1%, −9.1%]`, nothing where the interval is not known."""
    return words.numbers.bounds(row[name], row[f"{name}_lo"], row[f"{name}_hi"], "rate")


def change(words: Wording, row: Row) -> str:
    """The change of any metric: relative, of rates in points."""
    if row["unit"] == _BY_POINTS:
        return words.numbers.change(row["change"], "rate", tight=True)
    return signed(words, row["relative"])


def is_good(row: Row) -> bool | None:
    """Whether a change is favourable; None where the metric has no better side."""
    if row["better"] == "neither" or not row["change"]:
        return None
    return bool((row["change"] > 0) == (row["better"] == "higher"))


def arrow(value: float | None) -> str:
    """The direction of a change that is shown to be one."""
    return "" if not value else (UP if value > 0 else DOWN) + "\u00a0"


def base_name(words: Wording, base: str | None) -> str:
    """What something is held against, as a head."""
    return words.texts.text_or(f"base.{base}", base or MISSING)


def store_name(words: Wording, store: str) -> str:
    """A store by its id; totals by their names."""
    if store == ALL:
        return words.text("chart.all_stores")
    return words.text("review.like_for_like") if store == LIKE_FOR_LIKE else words.store(store)


def status(words: Wording, row: Row) -> str:
    """What to know of a store that did not trade throughout, or whose data end early."""
    if row["status"] in (None, "traded"):
        return ""
    day = words.numbers.short_day(row["last_day"]) if row["last_day"] else MISSING
    return words.text(f"review.status.{row['status']}", day=day, days=str(row["days"] or 0))


def owner_name(words: Wording, owner: str | None) -> str:
    """Who sees to a decision, as written; of the brand's own stores in words."""
    return words.text("operator.own") if owner == OWN else plain_name(owner)


def metric_name(words: Wording, metric: str | None) -> str:
    """A metric by name, also one that only a decision knows."""
    if metric is None:
        return MISSING
    return words.texts.text_or(f"metric.{metric}", words.texts.text_or(f"column.{metric}", metric))


def in_unit(words: Wording, value: float | None, unit: str | None) -> str:
    """A value in the unit of its row."""
    return words.numbers.value(value, unit or "count")


def held_to(words: Wording, row: Row) -> str:
    """`Sales at least ¥0.60m`."""
    if row["threshold"] is None or row["side"] is None:
        return MISSING
    return words.text(
        f"review.held.{row['side']}", metric=metric_name(words, row["metric"]),
        value=in_unit(words, row["threshold"], row["unit"]),
    )  # fmt: skip


def to_do(words: Wording, row: Row) -> str:
    """What was decided: in people's words, else in those of the rule."""
    if row["what"] or row["rule"] is None:
        return plain_name(row["what"]) or MISSING
    key = f"review.do.{row['rule']}"
    if key not in words.texts:
        return plain_name(row["rule"])
    key += "" if row["sku"] or f"{key}.whole" not in words.texts else ".whole"
    return words.text(key, store=store_name(words, row["store_id"]), item=plain_name(row["sku"]))


def product(row: Row) -> str:
    """A product as the data call it, with its number; nothing where the whole store is meant."""
    title, sku = plain_name(row.get("title")), plain_name(row["sku"])
    return " · ".join(part for part in (sku, title) if part)


def event_name(event: str) -> str:
    """An event as the workspace calls it."""
    name = plain_name(event).replace("_", " ")
    return name[:1].upper() + name[1:]
