"""What stands beside the figures of a review: which stores a total holds, and what adds up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import polars as pl

from channelscope.report.charts.canvas import Row
from channelscope.report.compose.speaker import Speaker
from channelscope.report.review_facts import (
    ALL,
    LIKE_FOR_LIKE,
    PLAN,
    TOTALS,
    leading,
    sales_rows,
    status_rows,
    total,
)
from channelscope.report.review_words import base_name, signed, store_name
from channelscope.report.wording import plain_name
from channelscope.results import FigureData

_CENT = Decimal("0.01")


def parameters(speaker: Speaker, data: FigureData) -> Mapping[str, Any]:
    """What the rows are held against, for the line below a heading."""
    if not data.figure.query.startswith("review/") or "base" not in data.frame.columns:
        return {"base": ""}
    bases = data.frame["base"].drop_nulls()
    return {"base": base_name(speaker.words, bases[0] if len(bases) else None)}


def notes(speaker: Speaker, data: FigureData) -> list[str]:
    """Sentences below a figure of a review."""
    say = _SAY.get(data.figure.name)
    if say is None or not data.figure.query.startswith("review/"):
        return []
    return say(speaker, data)


def _totals(speaker: Speaker, _: FigureData) -> list[str]:
    """Which stores the totals hold, and why something is not known."""
    words, first = speaker.words, leading(speaker.facts)
    bases = (first["base"] if first else None, PLAN)
    found = {
        (row["store_id"], row["base"]): row["stores"]
        for row in sales_rows(speaker.facts)
        if row["stores"] and row["base"] in bases
    }
    said, told = [], set()
    for (name, base), stores in found.items():
        if name not in TOTALS or stores in told:
            continue
        told.add(stores)
        total = base_name(words, PLAN) if base == PLAN else store_name(words, name)
        said.append(words.text("review.total_holds", total=total, stores=_every(speaker, stores)))
    return [*said, *_immature(speaker), *_reasons(speaker)]


def _immature(speaker: Speaker) -> list[str]:
    """How much of the sales may still be given back."""
    words = speaker.words
    row = leading(speaker.facts)
    if row is None or not row["immature"] or row["developed"] is None:
        return []
    return [
        words.text(
            "review.immature",
            share=words.numbers.value(row["immature"], "rate"),
            money=words.numbers.value(row["developed"], "money"),
            change=signed(words, _grown(row)),
        )
    ]


def _grown(row: Row) -> float | None:
    """The change of sales with the refunds that are still to come."""
    return row["developed"] / row["baseline"] - 1 if row["baseline"] else None


def _every(speaker: Speaker, stores: str) -> str:
    """All the stores of a total by name: of a total none is left out."""
    words = speaker.words
    return words.numbers.names([words.store(store) for store in stores.split("+")])


def _reasons(speaker: Speaker) -> list[str]:
    """Why sales are held against nothing: each reason once, with its stores and bases."""
    words = speaker.words
    why: dict[str, list[Row]] = {}
    for row in sales_rows(speaker.facts):
        if row["relative"] is None and row["outcome_reason"]:
            why.setdefault(row["outcome_reason"], []).append(row)
    return [
        words.text(
            "review.unknown", stores=_whose(speaker, [row["store_id"] for row in rows]),
            bases=words.numbers.names(list(dict.fromkeys(
                base_name(words, row["base"]) for row in rows
            ))), reason=words.texts.text_or(reason, reason),
        )
        for reason, rows in why.items()
    ]  # fmt: skip


def _whose(speaker: Speaker, stores: list[str]) -> str:
    """The stores by name; all of them where it holds of all."""
    words = speaker.words
    if ALL in stores:
        return store_name(words, ALL)
    names = dict.fromkeys(store_name(words, store) for store in stores if store not in TOTALS)
    return words.numbers.names(list(names) or [store_name(words, LIKE_FOR_LIKE)])


def _identity(speaker: Speaker, data: FigureData) -> list[str]:
    """The sum of the bars beside the difference of sales, to the cent."""
    words, frame = speaker.words, data.frame
    effects = sum(frame["effect"].to_list(), Decimal(0)).quantize(_CENT)
    first = frame.row(0, named=True)
    difference = (first["to_sales"] - first["from_sales"]).quantize(_CENT)
    key = "review.adds_up" if effects == difference else "review.adds_up_not"
    said = [words.text(
        key, effects=_cents(speaker, effects), difference=_cents(speaker, difference),
        after=_cents(speaker, first["to_sales"]), before=_cents(speaker, first["from_sales"]),
    )]  # fmt: skip
    if first["stores"]:
        said.insert(0, words.text("review.total_holds", total=store_name(words, ALL),
                                  stores=_every(speaker, first["stores"])))  # fmt: skip
    return said


def _cents(speaker: Speaker, amount: Decimal) -> str:
    return speaker.words.numbers.symbol + speaker.words.numbers.plain(amount, 2)


def _identities(speaker: Speaker, data: FigureData) -> list[str]:
    """Whether every store's bars add up to its change of sales, to the cent."""
    words, base = speaker.words, data.frame["base"][0]
    sums = data.frame.group_by("store_id", maintain_order=True).agg(pl.col("effect").sum())
    off = [
        store for store, effect in sums.iter_rows()
        if (row := total(speaker.facts, base, store)) is not None and row["change"] is not None
        and abs(float(effect) - row["change"]) >= float(_CENT)
    ]  # fmt: skip
    if off:
        return [words.text("review.rows_add_up_not", stores=words.numbers.names(
            [store_name(words, store) for store in off]))]  # fmt: skip
    return [words.text("review.rows_add_up")]


def _slope(speaker: Speaker, data: FigureData) -> list[str]:
    """Stores without a line, as nothing is known of them in one of both periods."""
    words = speaker.words
    drawn = set(data.frame["store_id"])
    left = [store for store in speaker.facts.results.scope.store_ids if store not in drawn]
    if not left:
        return []
    names = words.numbers.names([words.store(store) for store in left])
    return [words.text("review.no_line", stores=names)]


def _unseen(speaker: Speaker, _: FigureData) -> list[str]:
    """Stores with no data in the period: nothing they did could be noticed."""
    words = speaker.words
    rows = [row for row in status_rows(speaker.facts) if row["status"] == "no_data"]
    if not rows:
        return []
    names = words.numbers.names([words.store(row["store_id"]) for row in rows])
    return [words.text("review.unseen", stores=plain_name(names))]


_SAY: Mapping[str, Callable[[Speaker, FigureData], list[str]]] = {
    "variance_table": _totals,
    "total_bridge": _identity,
    "store_bridges": _identities,
    "sales_slope": _slope,
    "exceptions": _unseen,
}
