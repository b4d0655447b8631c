"""The message of the figure on switches: exchange beyond chance, never loyalty."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.facts import Facts
from channelscope.results import Message


def buyer_switches(facts: Facts) -> Message | None:
    """The two stores with most orders beyond chance among those shown to exchange buyers."""
    if not facts.rows("buyer_switches"):
        return None
    pairs = facts.table("exchange").to_dicts()
    told = [row for row in pairs if row["outcome"] != Outcome.NOT_IDENTIFIABLE]
    if not told:
        return Message("heading.buyer_switches.not_told")
    above = [row for row in told if row["outcome"] == Outcome.DIFFERS and row["lift"] > 1]
    if not above:
        return Message("heading.buyer_switches.none", {"m": len(told)})
    top = max(above, key=lambda row: (
        row["orders"] - row["expected"], row["store_a"], row["store_b"]
    ))  # fmt: skip
    return Message("heading.buyer_switches.exchange", {
        "m": len(told), "n": len(above), "store_a": top["store_a"], "store_b": top["store_b"],
        "ratio": top["lift"], "lo": top["lo"], "hi": top["hi"], "unit": "ratio",
    })  # fmt: skip
