"""The messages of the figures on needs: who takes which, and how far they are divided."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.facts import Facts, is_small
from channelscope.results import Message

SHARE, INDEX = "segment_share", "diversion"
EVERYWHERE = "all"


def segment_shares(facts: Facts) -> Message | None:
    """The need a store takes furthest over the share of all stores."""
    needs = [row for row in facts.rows("segment_shares") if row["is_need"]]
    told = [row for row in needs if row["outcome"] != Outcome.NOT_IDENTIFIABLE]
    if not told:
        return None
    over = [
        row
        for row in told
        if row["outcome"] == Outcome.DIFFERS
        and row["share"] - row["overall_share"] >= facts.smallest(SHARE)
        and not is_small(row)
    ]
    if not over:
        return Message("heading.segment_shares.none")
    top = max(over, key=lambda row: (
        row["share"] - row["overall_share"], row["store_id"], row["segment"]
    ))  # fmt: skip
    return Message("heading.segment_shares.over", {
        "store": top["store_id"], "segment": top["segment"], "share": top["share"],
        "share_overall": top["overall_share"],
    })  # fmt: skip


def diversion(facts: Facts) -> Message | None:
    """The needs divided most, that all are the same, or that nothing is shown.

    Stores that differ by their platforms alone divide nothing: one scope of buyers has to show it.
    """
    needs = [row for row in facts.rows("diversion") if row["is_need"]]
    sure = [
        row
        for row in needs
        if row["outcome"] == Outcome.DIFFERS and row["index"] >= facts.smallest(INDEX)
    ]
    within = {row["segment_set"] for row in sure if row["scope"] != EVERYWHERE}
    whole = {row["segment_set"] for row in needs if row["scope"] == EVERYWHERE}
    told = [
        row
        for row in needs
        if row["outcome"] != Outcome.NOT_IDENTIFIABLE
        and (row["scope"] == EVERYWHERE or row["segment_set"] not in whole)
    ]
    if not told:
        return None
    divided = [row for row in sure if row in told and row["segment_set"] in within]
    if divided:
        top = max(divided, key=lambda row: (row["index"], row["segment_set"]))
        return Message("heading.diversion.divided", {
            "set": top["segment_set"], "index": top["index"], "lo": top["lo"], "hi": top["hi"],
            "scope": top["scope"],
        })  # fmt: skip
    if {row["outcome"] for row in needs} <= {Outcome.SAME, Outcome.NOT_IDENTIFIABLE}:
        return Message("heading.diversion.same", {"index": max(row["hi"] for row in told)})
    return Message("heading.diversion.none")
