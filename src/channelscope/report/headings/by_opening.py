"""The messages of the figures on openings: a loss is told by the estimate, never by the history."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message


def source_of_volume(facts: Facts) -> Message | None:
    """The store that surely lost most to an opening; else that none is shown to have."""
    rows = facts.rows("source_of_volume")
    told = [row for row in rows if row["method"] == "panel" and row["lo"] is not None]
    sure = [row for row in told if row["outcome"] == Outcome.DIFFERS and row["lo"] > 0]
    if sure:
        top = max(sure, key=lambda row: float(row["share"]))
        return Message("heading.source_of_volume.took", {
            "store": top["store_id"], "store_from": top["from_store"], "share": top["share"],
            "lo": top["lo"], "hi": top["hi"],
        })  # fmt: skip
    if told:
        return Message("heading.source_of_volume.none", {"store": told[0]["store_id"]})
    new = [row for row in rows if row["habit"] == "brand_new"]
    if not new:
        return None
    return Message("heading.source_of_volume.described", {
        "store": new[0]["store_id"], "share": new[0]["share"],
    })  # fmt: skip


def opening_path(facts: Facts) -> Message | None:
    """In how many steps before an opening nothing is missing."""
    rows = facts.rows("opening_path")
    before = [row for row in rows if row["first_week"] < 0]
    if not before:
        return None
    store = before[0]["store_id"]
    mine = [row for row in before if row["store_id"] == store]
    return Message("heading.opening_path.before", {
        "store": store, "n": sum(map(_holds_zero, mine)), "m": len(mine),
    })  # fmt: skip


def _holds_zero(row: Row) -> bool:
    return bool(row["lo"] <= 0 <= row["hi"])
