"""The messages of the figures that show where a price level holds and what it rests on."""

from __future__ import annotations

from collections import defaultdict

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message


def category_levels(facts: Facts) -> Message | None:
    """The store shown to differ in most categories, and the category in which by most."""
    rows = [
        row
        for row in facts.rows("category_levels")
        if row["category"] != "all" and row["store_id"] != facts.reference_id
    ]
    told = [row for row in rows if row["outcome"] != Outcome.NOT_IDENTIFIABLE]
    if not told:
        return None
    differs: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        if row["outcome"] == Outcome.DIFFERS:
            differs[row["store_id"]].append(row)
    if not differs:
        return Message("heading.category_levels.same", {"reference": facts.reference_id})
    store, mine = max(differs.items(), key=lambda item: (len(item[1]), item[0]))
    far = max(mine, key=lambda row: (abs(row["value"] - 100), row["category"]))
    return Message("heading.category_levels.differs", {
        "store": store, "n": len(mine), "m": sum(row["store_id"] == store for row in told),
        "reference": facts.reference_id, "category": far["category"], "level": far["value"],
    })  # fmt: skip


def price_links(facts: Facts) -> Message | None:
    """How many stores a chain of links joins to the reference, and who is left out."""
    rows = facts.rows("price_links")
    if not rows:
        return None
    ends = {row[end] for row in rows for end in ("store_a", "store_b")}
    joined = {row[end] for row in rows if row["is_connected"] for end in ("store_a", "store_b")}
    apart = [store for store in facts.others() if store in ends - joined]
    if not apart:
        return Message("heading.price_links.all", {"n": len(ends)})
    return Message("heading.price_links.some", {
        "stores": "+".join(apart), "reference": facts.reference_id,
    })  # fmt: skip
