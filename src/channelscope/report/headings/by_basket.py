"""The messages of baskets and clashes: what the findings on them claim, no more."""

from __future__ import annotations

import json

import polars as pl

from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message


def basket_prices(facts: Facts) -> Message | None:
    """The crossing, else who is cheapest for one piece or for three, else that none is."""
    if not facts.rows("basket_prices"):
        return None
    crossing = _claimed(facts, "basket_crossing")
    if crossing:
        return Message("heading.basket_prices.crossing", crossing[0])
    cheapest = _claimed(facts, "basket_cheapest")
    if cheapest:
        first = min(cheapest, key=lambda said: int(said["n"]))
        return Message("heading.basket_prices.cheapest", first)
    return Message("heading.basket_prices.none")


def clashes(facts: Facts) -> Message | None:
    """The pair that clashes most, or that none does by much."""
    if not facts.rows("clashes"):
        return None
    worst = _claimed(facts, "mechanism_clash") or _claimed(facts, "mechanism_clash_partner")
    return Message("heading.clashes.worst", worst[0]) if worst else Message("heading.clashes.none")


def _claimed(facts: Facts, template: str) -> list[Row]:
    """The parameters of the findings of a template."""
    found = facts.table("findings")
    if found.is_empty():
        return []
    return [json.loads(text) for text in found.filter(pl.col("template") == template)["parameters"]]
