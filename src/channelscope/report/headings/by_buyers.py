"""The messages of the figures on buyers: what was counted, and ratios where they are sure."""

from __future__ import annotations

import polars as pl

from channelscope.registry import LIFT_DELTA
from channelscope.report.charts.quarterly_buyers import STATUSES
from channelscope.report.facts import SMALL_BASE, Facts
from channelscope.results import Message
from channelscope.stats.adjustment import LEVEL


def buyer_overlap(facts: Facts) -> Message | None:
    """The pair that shares more than the other pairs of its scope do, where that is sure."""
    sure = [
        row for row in facts.rows("buyer_overlap")
        if row["relative_lo"] is not None and row["relative_lo"] > 1
        and row["relative"] >= 1 + LIFT_DELTA and row["relative_p_adjusted"] <= LEVEL
    ]  # fmt: skip
    if not sure:
        return None
    top = max(sure, key=lambda row: (row["relative"], row["intersection"]))
    return Message("heading.buyer_overlap.stands_out", {
        "stores": top["intersection"], "ratio": top["relative"],
    })  # fmt: skip


def buyer_intersections(facts: Facts) -> Message | None:
    """How many buyers of the largest scope bought in several of its stores."""
    sets = facts.table("buyer_sets")
    if sets.is_empty():
        return None
    sizes = dict(sets.group_by("scope").agg(pl.col("buyers").sum()).iter_rows())
    scope = max(sizes, key=lambda name: (sizes[name], name))
    mine = sets.filter(scope=scope)
    several = int(mine.filter(mine["size"] > 1)["buyers"].sum())
    stores = {store for row in mine["stores"] for store in row.split("+")}
    return Message("heading.buyer_intersections.several", {
        "stores": [store for store in facts.results.scope.store_ids if store in stores],
        "share": several / sizes[scope],
    })  # fmt: skip


def quarterly_buyers(facts: Facts) -> Message | None:
    """Of the last quarter told, the store with most buyers who came from another own store."""
    rows = [
        row for row in facts.rows("quarterly_buyers")
        if (row["buyers"] or 0) >= SMALL_BASE and all(row[name] is not None for name, _ in STATUSES)
    ]  # fmt: skip
    if not rows:
        return None
    last = max(row["quarter_start"] for row in rows)
    top = max(
        (row for row in rows if row["quarter_start"] == last),
        key=lambda row: (row["from_other_store"], row["store_id"]),
    )
    return Message("heading.quarterly_buyers.came", {
        "store": top["store_id"], "day": last, "share": top["from_other_store"],
        "share_new": top["new_to_brand"], "count": top["buyers"],
    })  # fmt: skip
