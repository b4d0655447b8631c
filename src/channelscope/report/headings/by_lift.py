"""The message of the figure on lifts: worded as what goes together, never as a cause."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.facts import Facts
from channelscope.results import Message


def lift(facts: Facts) -> Message | None:
    """The largest lift that is shown, or the promotion that surely sells too little more."""
    told = [row for row in facts.rows("lift") if row["times"] is not None]
    if not told:
        return None
    more = [row for row in told if row["outcome"] == Outcome.DIFFERS and row["times"] > 1]
    if not more:
        return Message("heading.lift.none")
    short = [r for r in more if r["earned_outcome"] == Outcome.DIFFERS and r["earned"] < 1]
    if short:
        worst = min(short, key=lambda row: (row["earned"], row["store_id"], row["mechanism"]))
        return Message("heading.lift.short", {
            "store": worst["store_id"], "mechanism": worst["mechanism"], "ratio": worst["times"],
            "ratio_needed": worst["break_even"],
        })  # fmt: skip
    top = max(more, key=lambda row: (row["times"], row["store_id"], row["mechanism"]))
    return Message("heading.lift.more", {
        "store": top["store_id"], "mechanism": top["mechanism"], "ratio": top["times"],
        "lo": top["lo"], "hi": top["hi"], "unit": "ratio",
    })  # fmt: skip
