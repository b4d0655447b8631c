"""The message of the price order: who stands below suggested prices, and by whose money."""

from __future__ import annotations

from channelscope.report.facts import Facts, is_small
from channelscope.results import Message


def price_order(facts: Facts) -> Message | None:
    """Stores shown below by themselves and by the platform; without that, what is known."""
    if not facts.rows("price_order"):
        return None
    if not facts.known("below_suggested_share"):
        return Message("heading.price_order.unknown", {"reference": facts.reference_id})
    own, platform = shown(facts, "own_breach_share"), shown(facts, "platform_gap_share")
    mixed = [store for store in own if store in platform]
    if mixed:
        return _by_both(facts, mixed, n=len({*own, *platform}) - 1)
    if own and platform:
        return Message("heading.price_order.both", {"stores": own, "stores_platform": platform})
    for side, stores, metric in (
        ("own", own, "own_breach_share"),
        ("platform", platform, "platform_gap_share"),
        ("below", shown(facts, "below_suggested_share"), "below_suggested_share"),
    ):
        if stores:
            share = facts.known(metric)[stores[0]]
            return Message(f"heading.price_order.{side}", {"stores": stores, "share": share})
    return Message("heading.price_order.none", {
        "share": facts.smallest("below_suggested_share"),
    })  # fmt: skip


def _by_both(facts: Facts, mixed: list[str], *, n: int) -> Message:
    """Of those shown below by both the one with most days; `n` others are shown below as well."""
    below = facts.known("below_suggested_share")
    store = max(mixed, key=lambda each: below[each])
    said = {
        "store": store, "share": below[store],
        "share_own": facts.known("own_breach_share")[store],
        "share_platform": facts.known("platform_gap_share")[store],
    }  # fmt: skip
    if n:
        return Message("heading.price_order.mixed_more", {**said, "n": n})
    return Message("heading.price_order.mixed", said)


def shown(facts: Facts, metric: str) -> list[str]:
    """Stores whose share is surely more than what matters, the largest first."""
    rows = facts.metric(metric)
    least, known = facts.smallest(metric), facts.known(metric)
    sure = [
        store
        for store in known
        if rows[store]["lo"] is not None and rows[store]["lo"] > least and not is_small(rows[store])
    ]
    return sorted(sure, key=lambda store: -known[store])
