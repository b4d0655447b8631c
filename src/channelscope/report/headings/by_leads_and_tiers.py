"""The messages of the figures on price leads, price tiers and regions."""

from __future__ import annotations

from channelscope.domain import Outcome
from channelscope.report.facts import Facts, is_small
from channelscope.results import Message


def price_leads(facts: Facts) -> Message | None:
    """The leader followed most beyond chance, or that none is shown."""
    told = facts.rows("price_leads")
    if not told:
        return None
    leads = [row for row in told if row["outcome"] == Outcome.DIFFERS]
    if not leads:
        return Message("heading.price_leads.none", {"n": len(told)})
    top = max(leads, key=lambda row: (
        row["followed"] - row["expected"], row["leader_id"], row["follower_id"]
    ))  # fmt: skip
    return Message("heading.price_leads.leads", {
        "store": top["leader_id"], "store_follower": top["follower_id"],
        "share": top["followed"] / top["changes"], "n": len(leads), "m": len(told),
    })  # fmt: skip


def price_tiers(facts: Facts) -> Message | None:
    """The premium share furthest from the reference's among those shown to differ."""
    rows = facts.rows("price_tiers")
    base = {r["category"]: r["premium_share"] for r in rows if r["store_id"] == facts.reference_id}
    told = [r for r in rows if r["outcome"] not in (None, Outcome.NOT_IDENTIFIABLE)]
    if not told:
        return None
    apart = [row for row in told if row["outcome"] == Outcome.DIFFERS]
    if not apart:
        return Message("heading.price_tiers.same", {"reference": facts.reference_id})
    far = max(apart, key=lambda row: (
        abs(row["premium_share"] - base[row["category"]]), row["store_id"], row["category"]
    ))  # fmt: skip
    return Message("heading.price_tiers.differs", {
        "store": far["store_id"], "category": far["category"], "share": far["premium_share"],
        "reference": facts.reference_id, "share_reference": base[far["category"]],
    })  # fmt: skip


def out_of_region(facts: Facts) -> Message | None:
    """The store with the largest share shipped outside, where that is shown to matter."""
    rows = facts.metric("out_of_region_share")
    told = [r for r in facts.rows("out_of_region") if r["rank"] == 0 and r["lo"] is not None]
    told = [row for row in told if not is_small(rows[row["store_id"]])]
    if not told:
        return None
    far = [row for row in told if row["lo"] > facts.smallest("out_of_region_share")]
    if not far:
        return Message("heading.out_of_region.none")
    top = max(far, key=lambda row: (row["share"], row["store_id"]))
    return Message("heading.out_of_region.outside", {
        "store": top["store_id"], "share": top["share"], "lo": top["lo"], "hi": top["hi"],
    })  # fmt: skip
