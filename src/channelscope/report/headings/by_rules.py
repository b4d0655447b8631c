"""The message of the figure that holds orders against the promotion rules."""

from __future__ import annotations

from channelscope.report.facts import Facts, is_small
from channelscope.results import Message

METRIC = "reconciled_share"


def reconcile(facts: Facts) -> Message | None:
    """The store most surely off the rules; else how much they explain everywhere, if they do."""
    rows = facts.metric(METRIC)
    told = [rows[store] for store in facts.known(METRIC)]
    told = [row for row in told if row["lo"] is not None and not is_small(row)]
    if not facts.rows("reconcile") or not told:
        return None
    least = 1 - facts.smallest(METRIC)
    off = [row for row in told if row["hi"] < least]
    if off:
        worst = min(off, key=lambda row: (row["value"], row["store_id"]))
        return Message("heading.reconcile.off", {
            "store": worst["store_id"], "share": 1 - worst["value"], "lo": 1 - worst["hi"],
            "hi": 1 - worst["lo"],
        })  # fmt: skip
    surely = min(row["lo"] for row in told)
    if surely > least:
        return Message("heading.reconcile.explained", {"n": len(told), "share": surely})
    return Message("heading.reconcile.none", {"share": facts.smallest(METRIC)})
