"""The messages of baskets and clashes: what the findings on them claim, no more.

That there is none is told of the tables alone: a finding also asks for enough days or cases.
"""

from __future__ import annotations

import json

import polars as pl

from channelscope.registry import ENOUGH_DAYS, MOST_DAYS, OFTEN, PIECE_GAP
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message

PIECES = (1, 3)


def basket_prices(facts: Facts) -> Message | None:
    """The crossing, else who is cheapest for one piece or for three, else why nobody is."""
    if not facts.rows("basket_prices"):
        return None
    crossing = _claimed(facts, "basket_crossing")
    if crossing:
        return Message("heading.basket_prices.crossing", crossing[0])
    cheapest = _claimed(facts, "basket_cheapest")
    if cheapest:
        first = min(cheapest, key=lambda said: int(said["n"]))
        return Message("heading.basket_prices.cheapest", first)
    return _nobody_cheapest(facts)


def _nobody_cheapest(facts: Facts) -> Message:
    offers = facts.table("cheapest_baskets")
    if offers.is_empty():
        return Message("heading.basket_prices.few_days", {"n": 0})
    offers = offers.filter(pl.col("pieces").is_in(PIECES), eligibility="all")
    days = int(offers["days"].max() or 0)  # type: ignore[arg-type]
    if days < ENOUGH_DAYS:
        return Message("heading.basket_prices.few_days", {"n": days})
    for pieces in PIECES:
        mine = offers.filter(pieces=pieces)
        compared = int(mine.unique("sku")["days"].sum())
        won = mine.group_by("store_id").agg(pl.col("days_cheapest").sum())
        often = won.filter(pl.col("days_cheapest") / max(compared, 1) >= MOST_DAYS)
        if often.height:
            store, alone = often.sort("store_id").row(0)
            said = {"store": store, "n": pieces, "share": alone / compared}
            return Message("heading.basket_prices.few_products", said)
    return Message("heading.basket_prices.none")


def clashes(facts: Facts) -> Message | None:
    """The pair that clashes most, or that none does by much or on enough days to say so."""
    if not facts.rows("clashes"):
        return None
    worst = _claimed(facts, "mechanism_clash") or _claimed(facts, "mechanism_clash_partner")
    return Message("heading.clashes.worst", worst[0]) if worst else _no_clash(facts)


def _no_clash(facts: Facts) -> Message:
    pairs = facts.table("clash_pairs")
    if pairs.is_empty():
        return Message("heading.clashes.none")
    size = pl.col("days_clash") * pl.col("gap").abs()
    few = pairs.filter(pl.col("gap").abs() >= PIECE_GAP, pl.col("share") >= OFTEN).sort(
        size, "store_a", "store_b", descending=[True, False, False]
    )
    if few.is_empty():
        return Message("heading.clashes.none")
    pair = few.row(0, named=True)
    return Message("heading.clashes.few", {
        "store_a": pair["store_a"], "store_b": pair["store_b"], "n": pair["days_clash"],
        "share": pair["share"],
    })  # fmt: skip


def _claimed(facts: Facts, template: str) -> list[Row]:
    """The parameters of the findings of a template."""
    found = facts.table("findings")
    if found.is_empty():
        return []
    return [json.loads(text) for text in found.filter(pl.col("template") == template)["parameters"]]
