"""The messages of the figures on thresholds and on who bears the discounts."""

from __future__ import annotations

from channelscope.report.facts import SMALL_BASE, Facts, is_small
from channelscope.results import Message


def thresholds(facts: Facts) -> Message | None:
    """Two thresholds of which one is surely reached more often, or that none is shown to be."""
    rows = [r for r in facts.rows("thresholds") if r["lo"] is not None]
    told = [row for row in rows if row["orders"] >= SMALL_BASE]
    if not told:
        return None
    top = max(told, key=lambda row: (row["reached_share"], row["store_id"], row["rank"]))
    low = min(told, key=lambda row: (row["reached_share"], row["store_id"], row["rank"]))
    if len(told) == 1:
        return Message("heading.thresholds.one", {
            "store": top["store_id"], "mechanism": top["mechanism"], "share": top["reached_share"],
            "lo": top["lo"], "hi": top["hi"],
        })  # fmt: skip
    if low["hi"] >= top["lo"]:
        return Message("heading.thresholds.same")
    return Message("heading.thresholds.apart", {
        "store": low["store_id"], "mechanism": low["mechanism"], "share": low["reached_share"],
        "store_other": top["store_id"], "mechanism_other": top["mechanism"],
        "share_other": top["reached_share"],
    })  # fmt: skip


def platform_bears(facts: Facts) -> list[str]:
    """Stores of whose discounts the platform surely bears more than what matters, most first."""
    rows = facts.metric("merchant_funded_share")
    known, least = facts.known("merchant_funded_share"), facts.smallest("merchant_funded_share")
    sure = [
        store
        for store in known
        if rows[store]["hi"] is not None
        and 1 - rows[store]["hi"] > least
        and not is_small(rows[store])
    ]
    return sorted(sure, key=lambda store: known[store])


def funding_split(facts: Facts) -> Message | None:
    """The store of whose discounts the platform bears most, as far as order lines tell."""
    if not facts.rows("funding_split") or not facts.known("merchant_funded_share"):
        return None
    stores = platform_bears(facts)
    if not stores:
        return Message("heading.funding_split.none")
    row = facts.metric("merchant_funded_share")[stores[0]]
    params = {
        "store": stores[0], "share": 1 - row["value"], "lo": 1 - row["hi"], "hi": 1 - row["lo"],
    }  # fmt: skip
    if len(stores) == 1:
        return Message("heading.funding_split.platform", params)
    return Message("heading.funding_split.several", {**params, "n": len(stores)})
