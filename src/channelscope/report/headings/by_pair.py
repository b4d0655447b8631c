"""The messages of the figures on pairs of stores: outcomes counted, no point estimates ranked."""

from __future__ import annotations

from collections import Counter

from channelscope.domain import Outcome
from channelscope.report.facts import Facts
from channelscope.results import Message
from channelscope.verdict_rules import CLAIMS

STRESS_LIMIT = 0.15
"""From here on a flat map misleads more than it shows."""


def pair_verdicts(facts: Facts) -> Message | None:
    """How many pairs have the verdict that calls for a decision first."""
    verdicts = {
        (row["store_a"], row["store_b"]): row["verdict"] for row in facts.rows("pair_verdicts")
    }
    if not verdicts:
        return None
    counts = Counter(verdicts.values())
    for verdict in CLAIMS:
        if counts[verdict]:
            return Message(f"heading.pair_verdicts.{verdict}", {
                "n": counts[verdict], "m": len(verdicts),
            })  # fmt: skip
    return Message("heading.pair_verdicts.unclear")


def similarity(facts: Facts) -> Message | None:
    """Pairs that are the same in all that can be told, else the one that differs in most."""
    rows = [row for row in facts.rows("similarity") if row["similarity"] is not None]
    if not rows:
        return None
    alike = [row for row in rows if row["same"] == row["dimensions"]]
    if len(alike) == 1:
        stores = {name: alike[0][name] for name in ("store_a", "store_b")}
        return Message("heading.similarity.one_same", stores)
    if alike:
        return Message("heading.similarity.same", {"n": len(alike), "m": len(rows)})
    most = max(row["differs"] for row in rows)
    if not most:
        return Message("heading.similarity.unclear")
    furthest = [row for row in rows if row["differs"] == most]
    if len(furthest) > 1:
        return Message("heading.similarity.several_differ", {
            "count_pairs": len(furthest), "n": most,
        })  # fmt: skip
    (row,) = furthest
    return Message("heading.similarity.differs", {
        "store_a": row["store_a"], "store_b": row["store_b"], "n": most, "m": row["dimensions"],
    })  # fmt: skip


def store_map(facts: Facts) -> Message | None:
    """The store that differs from most others, unless the map bends too much to be read."""
    rows = facts.rows("store_map")
    if not rows:
        return None
    if rows[0]["stress"] is not None and rows[0]["stress"] > STRESS_LIMIT:
        return Message("heading.store_map.stress", {"ratio": rows[0]["stress"]})
    placed = [row["store_id"] for row in rows]
    apart = _apart(facts, placed)
    most = max(apart.values(), default=0)
    if not most:
        return Message("heading.store_map.none")
    furthest = [store for store in placed if apart[store] == most]
    if len(furthest) > 1:
        return Message("heading.store_map.several", {
            "n": len(furthest), "m": len(placed), "count_others": most,
        })  # fmt: skip
    return Message("heading.store_map.apart", {
        "store": furthest[0], "n": most, "m": len(placed) - 1,
    })  # fmt: skip


def _apart(facts: Facts, placed: list[str]) -> Counter[str]:
    """From how many of the placed stores each differs in at least one dimension."""
    pairs = {
        (row["store_a"], row["store_b"])
        for row in facts.table("pairs").to_dicts()
        if row["outcome"] == Outcome.DIFFERS
    }
    inside = (pair for pair in pairs if set(pair) <= set(placed))
    return Counter(store for pair in inside for store in pair)
