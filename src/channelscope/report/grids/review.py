"""The grids of a review that ask for something: decisions, exceptions, price order, events."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.context import Grid, GridCell, GridHead, GridRow
from channelscope.report.grids.cells import UNKNOWN
from channelscope.report.grids.review_variance import store_head
from channelscope.report.numbers import MISSING
from channelscope.report.review_facts import MENDED
from channelscope.report.review_words import (
    base_name,
    change,
    event_name,
    held_to,
    in_unit,
    owner_name,
    product,
    store_name,
    to_do,
)
from channelscope.report.wording import Wording, plain_name

_OUTCOMES = {"missed": "own", "met": "k2", "kept": "k1", "cannot_be_told": "few", "not_due": "few"}


def _grid(
    speaker: Speaker, rows: list[Row], figure: str, heads: Sequence[str], *,
    head: Callable[[Row], GridHead], cells: Callable[[Row], Sequence[GridCell]],
    words_first: bool = False,
) -> Grid:  # fmt: skip
    """A line for each row under heads of the catalogues."""
    words = speaker.words
    return Grid(
        words.text(f"figure.{figure}.title"), words.text(f"grid.{figure}.corner"),
        tuple(GridHead(words.text(f"grid.{figure}.{name}")) for name in heads),
        tuple(GridRow(head(row), tuple(cells(row))) for row in rows), wraps=True, words=words_first,
    )  # fmt: skip


def decision_log(speaker: Speaker, rows: list[Row]) -> Grid:
    """What was decided, what it was held to, and what came."""
    words = speaker.words

    def cells(row: Row) -> Sequence[GridCell]:
        reason = row["outcome_reason"]
        came = UNKNOWN if row["actual"] is None else GridCell(
            in_unit(words, row["actual"], row["unit"])
        )  # fmt: skip
        return (
            _about(words, row),
            GridCell(held_to(words, row), _due(words, row)),
            came,
            GridCell(words.named("outcome", row["outcome"]),
                     words.texts.text_or(reason, reason) if reason else "",
                     _OUTCOMES.get(row["outcome"], "")),
            GridCell(owner_name(words, row["owner"]) or MISSING),
        )  # fmt: skip

    heads = ("about", "held", "came", "outcome", "owner")
    return _grid(speaker, rows, "decision_log", heads,
                 head=lambda row: _decided(words, row), cells=cells,
                 words_first=True)  # fmt: skip


def _decided(words: Wording, row: Row) -> GridHead:
    if row.get("origin") != "decide":
        return GridHead(to_do(words, row))
    return GridHead(words.text("grid.decision_log.threshold", what=to_do(words, row)))


def _about(words: Wording, row: Row) -> GridCell:
    """Where; the product only where the decision does not name it."""
    item = plain_name(row["sku"]) if row["what"] else ""
    return GridCell(store_name(words, row["store_id"] or MISSING), item)


def _due(words: Wording, row: Row) -> str:
    return words.text("grid.due", day=words.numbers.day(row["look_on"])) if row["look_on"] else ""


def next_decisions(speaker: Speaker, rows: list[Row]) -> Grid:
    """Do what, where, who, until when, held to what."""
    words = speaker.words

    def cells(row: Row) -> Sequence[GridCell]:
        return (
            _about(words, row),
            GridCell(held_to(words, row), _due(words, row)),
            GridCell(owner_name(words, row["owner"]) or words.text("grid.next_decisions.nobody"),
                     css="" if row["owner"] else "few"),
            GridCell(words.texts.text_or(f"rule.{row['rule']}", plain_name(row["rule"]))
                     if row["rule"] else MISSING),
        )  # fmt: skip

    heads = ("about", "held", "owner", "why")
    return _grid(speaker, rows, "next_decisions", heads,
                 head=lambda row: GridHead(to_do(words, row)), cells=cells,
                 words_first=True)  # fmt: skip


def hit_rates(speaker: Speaker, rows: list[Row]) -> Grid:
    """Predictions that were right, by review."""
    words, numbers = speaker.words, speaker.words.numbers

    def head(row: Row) -> GridHead:
        every = row["made_in"] == "all"
        return GridHead(words.text("grid.hit_rates.all") if every else plain_name(row["made_in"]))

    def cells(row: Row) -> Sequence[GridCell]:
        bounds = numbers.bounds(row["rate"], row["lo"], row["hi"], "rate")
        counts = (GridCell(numbers.plain(row[name])) for name in ("inside", "due"))
        return (*counts, GridCell(numbers.value(row["rate"], "rate"), bounds),
                GridCell(numbers.value(row["level"], "percent"), css="ref"))  # fmt: skip

    return _grid(speaker, rows, "hit_rates", ("inside", "due", "rate", "level"), head=head,
                 cells=cells)  # fmt: skip


def exceptions(speaker: Speaker, rows: list[Row]) -> Grid:
    """What passed both floors: now, what it is held against, the floors, what it is worth."""
    words, numbers = speaker.words, speaker.words.numbers

    def cells(row: Row) -> Sequence[GridCell]:
        unit = row["unit"]
        return (
            GridCell(in_unit(words, row["actual"], unit)),
            GridCell(in_unit(words, row["baseline"], unit), base_name(words, row["base"])),
            GridCell(change(words, row), _absolute(words, row), css=_sure(row)),
            GridCell(_floors(words, row)),
            UNKNOWN if row["amount"] is None else GridCell(numbers.change(row["amount"], "money")),
            _seen(words, row),
        )  # fmt: skip

    def head(row: Row) -> GridHead:
        rule = words.texts.text_or(f"rule.{row['rule']}", plain_name(row["rule"]))
        found = store_head(speaker, row["store_id"], product(row))
        text = f"{found.text} · {rule}"
        return GridHead(text, replace(found.mark, text=text) if found.mark else None)

    heads = ("now", "baseline", "change", "floors", "amount", "seen")
    return _grid(speaker, rows, "exceptions", heads, head=head, cells=cells)


def _sure(row: Row) -> str:
    return "bad" if row["outcome"] == "differs" else ""


def _absolute(words: Wording, row: Row) -> str:
    """The change in its own unit, where a part of what it was stands above it."""
    if row["unit"] == "rate" or row["change"] is None:
        return ""
    return words.numbers.change(row["change"], row["unit"])


def _seen(words: Wording, row: Row) -> GridCell:
    """Whether the last review had it too; nothing in a copy that holds no earlier review."""
    if row["seen_before"] is None:
        return GridCell("")
    again = row["seen_before"]
    return GridCell(words.text(f"grid.exceptions.{'again' if again else 'new'}"),
                    css="few" if again else "")  # fmt: skip


def _floors(words: Wording, row: Row) -> str:
    """Both floors of the rule, without their signs."""
    if row["floor_relative"] is None or row["floor_absolute"] is None:
        return ""
    relative, absolute = abs(row["floor_relative"]), abs(row["floor_absolute"])
    rule = row["rule"]
    key = f"grid.exceptions.both.{rule}"
    key = key if key in words.texts else "grid.exceptions.both"
    size = words.numbers.value(absolute, "count")
    if rule != "weak_conversion":
        # Many refunds: a share of sales, and money.
        unit = "money" if rule == "refunds_high" else row["unit"] or "count"
        size = words.numbers.size(absolute, unit)
    return words.text(key, relative=words.numbers.value(relative, "percent"), absolute=size)


def price_order_changes(speaker: Speaker, rows: list[Row]) -> Grid:
    """Products whose price order broke or was mended: then and now, why, whose money."""
    words, numbers = speaker.words, speaker.words.numbers

    def then_now(row: Row, name: str) -> GridCell:
        ends = [numbers.value(row[f"{name}_{end}"], "percent") for end in ("before", "now")]
        return GridCell(f"{ends[0]} → {ends[1]}")

    def cells(row: Row) -> Sequence[GridCell]:
        mended = row["change"] in MENDED
        cause, funder = row["cause_mechanism"], row["funder"]
        return (
            GridCell(words.text(f"review.order.{row['change']}"), css="k1" if mended else "own"),
            then_now(row, "share"),
            then_now(row, "depth"),
            GridCell(words.named("cause", cause) if cause else MISSING,
                     words.named("funder", funder) if funder else ""),
            UNKNOWN if row["shortfall_amount"] is None
            else GridCell(numbers.value(row["shortfall_amount"], "money")),
        )  # fmt: skip

    heads = ("change", "share", "depth", "cause", "shortfall")
    return _grid(speaker, rows, "price_order_changes", heads,
                 head=lambda row: store_head(speaker, row["store_id"], product(row)),
                 cells=cells)  # fmt: skip


def aligned_days(speaker: Speaker, rows: list[Row]) -> Grid:
    """Runs of days and the days that they are held against."""
    words, numbers = speaker.words, speaker.words.numbers

    def cells(row: Row) -> Sequence[GridCell]:
        before = MISSING
        if row["aligned_first"]:
            before = numbers.span(row["aligned_first"], row["aligned_last"])
        event = row["event"]
        return (
            GridCell(before, css="" if row["aligned_first"] else "few"),
            GridCell(numbers.plain(row["days"])),
            GridCell(event_name(event) if event else words.text("grid.aligned_days.ordinary"),
                     css="k1" if event else "few"),
        )  # fmt: skip

    return _grid(speaker, rows, "aligned_days", ("before", "days", "event"),
                 head=lambda row: GridHead(numbers.span(row["first_day"], row["last_day"])),
                 cells=cells, words_first=True)  # fmt: skip
