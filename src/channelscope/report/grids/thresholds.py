"""Threshold attainability: the terms of each store down, what reaches them across."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.facts import SMALL_BASE
from channelscope.report.grids.cells import UNKNOWN, bounds, shade, store_heads, stores_in
from channelscope.report.numbers import MISSING, Numbers

SHOWN = 20
"""How many terms a grid has room for: those with most orders."""


def thresholds(speaker: Speaker, rows: list[Row]) -> Grid:
    """The share of orders that reaches it, just short of it, and at the reference."""
    words = speaker.words
    shown = [row for row in rows if row["place"] <= SHOWN]
    stores = stores_in(speaker, shown)
    lines: list[GridRow] = []
    for head, store in zip(store_heads(speaker, stores), stores, strict=True):
        lines.append(GridRow(head, ()))
        lines += [_line(speaker, row) for row in shown if row["store_id"] == store]
    heads = [words.text(f"grid.thresholds.{name}") for name in ("reached", "near")]
    heads.append(words.text("grid.thresholds.reference", reference=speaker.reference))
    return Grid(
        words.text("figure.thresholds.title"),
        words.text("grid.thresholds.corner"),
        tuple(GridHead(head) for head in heads),
        tuple(lines),
    )


def term(speaker: Speaker, row: Row) -> str:
    """`Shop coupon from ¥359, ¥110 off`: what is asked for and what is given."""
    words, numbers = speaker.words, speaker.words.numbers
    mechanism = words.named("mechanism", row["mechanism"])
    asked = (
        words.text("grid.pieces", n=_plain(numbers, row["threshold"]))
        if row["threshold_kind"] == "qty"
        else _money(numbers, row["threshold"])
    )
    kind = row["benefit_kind"]
    if row["benefit"] is None or kind not in ("amount", "rate"):
        return words.text("grid.thresholds.term", mechanism=mechanism, threshold=asked)
    given = numbers.value(row["benefit"], "percent") if kind == "rate" else (
        _money(numbers, row["benefit"]))  # fmt: skip
    return words.text("grid.thresholds.off", mechanism=mechanism, threshold=asked, benefit=given)


def _plain(numbers: Numbers, value: float) -> str:
    return numbers.plain(value, 0 if float(value).is_integer() else 2)


def _money(numbers: Numbers, value: float) -> str:
    """As it is printed in the shop: not rounded, no cents where there are none."""
    return numbers.symbol + _plain(numbers, value)


def _line(speaker: Speaker, row: Row) -> GridRow:
    name = term(speaker, row)
    if row["scope"] != "store":
        name = speaker.words.text("grid.thresholds.some", term=name)
    if row["reached_share"] is None:
        reason = row["outcome_reason"]
        tip = speaker.words.texts.text_or(reason, reason) if reason else ""
        unknown = GridCell(MISSING, css="few", tip=tip)
        return GridRow(GridHead(name), (unknown, UNKNOWN, UNKNOWN))
    own = row["store_id"] == speaker.facts.reference_id
    css = "few" if row["orders"] < SMALL_BASE else "" if own else shade(row["outcome"], 2)
    return GridRow(GridHead(name), (
        _share(speaker, row, ("reached_share", "lo", "hi"), css),
        _share(speaker, row, ("near_share", "near_lo", "near_hi"), "few" if css == "few" else ""),
        GridCell("", css="ref") if own else
        _share(speaker, row, ("reference_share", "reference_lo", "reference_hi"), ""),
    ))  # fmt: skip


def _share(speaker: Speaker, row: Row, names: tuple[str, str, str], css: str) -> GridCell:
    value, lo, hi = (row[name] for name in names)
    if value is None:
        return UNKNOWN
    told = {"value": value, "lo": lo, "hi": hi}
    text = speaker.words.numbers.value(value, "rate")
    return GridCell(text, bounds(speaker, told, "rate"), css)
