"""The messages of a decision: no stronger than the range that 80 percent of the futures hold."""

from __future__ import annotations

from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message

MOST_NAMED = 3


def _best(facts: Facts) -> Row | None:
    rows = facts.rows("options")
    return rows[0] if rows else None


def title(facts: Facts) -> Message:
    """The answer for the best candidate, and how many others there are."""
    rows = facts.rows("options")
    best = rows[0]
    several = ".of_several" if len(rows) > 1 else ""
    if best["recommendation"] is None:
        return Message(f"decision.title.unknown{several}", {"name": best["name"], "n": len(rows)})
    return Message(f"decision.title.{best['recommendation']}{several}", {
        "name": best["name"], "chance": best["p_payback"], "m": best["horizon_months"],
        "n": len(rows),
    })  # fmt: skip


def options(facts: Facts) -> Message | None:
    """How many would be opened, tried and left."""
    rows = facts.rows("options")
    if len(rows) < 2:
        return None
    counts = {name: sum(row["recommendation"] == name for row in rows)
              for name in ("open", "pilot", "do_not_open")}  # fmt: skip
    return Message("heading.options", {
        "n": len(rows), "count_open": counts["open"], "count_pilot": counts["pilot"],
        "count_leave": counts["do_not_open"],
    })  # fmt: skip


def positions(facts: Facts) -> Message | None:
    """Whether the plan is the best position, cannot be told from it, or is surely worse."""
    best = _best(facts)
    if best is None:
        return None
    rows = [row for row in facts.rows("positions") if row["candidate_id"] == best["candidate_id"]]
    if len(rows) < 2:
        return Message("heading.positions.only", {"name": best["name"]}) if rows else None
    planned = next((row for row in rows if row["is_planned"]), None)
    if planned is None:
        return None
    as_good = sum(row["is_as_good"] for row in rows)
    if planned["is_as_good"]:
        key = "best" if planned["rank"] == 1 and as_good == 1 else "as_good"
        return Message(f"heading.positions.{key}", {"name": best["name"], "n": as_good})
    return Message("heading.positions.worse", {
        "name": best["name"], "money": -planned["to_best"], "money_lo": -planned["to_best_hi"],
        "money_hi": -planned["to_best_lo"],
    })  # fmt: skip


def payback_curve(facts: Facts) -> Message | None:
    """How sure payback is at the horizon."""
    best = _best(facts)
    if best is None or best["p_payback"] is None:
        return None
    return Message("heading.payback_curve", {
        "name": best["name"], "chance": best["p_payback"], "n": best["horizon_months"],
    })  # fmt: skip


def tornado(facts: Facts) -> Message | None:
    """The input that moves the best candidate most, if any crosses zero alone."""
    best = _best(facts)
    rows = [row for row in facts.rows("tornado")
            if best is not None and row["candidate_id"] == best["candidate_id"]]  # fmt: skip
    if best is None or not rows:
        return None
    top = rows[0]
    ends = (top["at_low"], top["at_high"])
    key = "crosses" if min(ends) < 0 <= max(ends) else "moves"
    return Message(f"heading.tornado.{key}", {
        "name": best["name"], "input": top["input"], "money_low": min(ends),
        "money_high": max(ends),
    })  # fmt: skip


def changes(facts: Facts) -> Message | None:
    """Whether knowing one input better could change an answer."""
    rows = facts.rows("changes")
    return Message("heading.changes", {"n": len(rows)}) if rows else None


def own_losses(facts: Facts) -> Message | None:
    """How much of the best candidate's sales own stores would have had."""
    best = _best(facts)
    if best is None or best["diverted"] is None:
        return None
    return Message("heading.own_losses", {
        "name": best["name"], "rate": best["diverted"], "rate_lo": best["diverted_lo"],
        "rate_hi": best["diverted_hi"],
    })  # fmt: skip


def nearest(facts: Facts) -> Message | None:
    """The store that demand rests on most."""
    best = _best(facts)
    rows = [row for row in facts.rows("nearest")
            if best is not None and row["candidate_id"] == best["candidate_id"]]  # fmt: skip
    if best is None or not rows:
        return None
    return Message("heading.nearest", {
        "name": best["name"], "store": rows[0]["store_id"], "share": rows[0]["weight"],
    })  # fmt: skip


def assumptions(facts: Facts) -> Message | None:
    """How many of the inputs are declared and not measured."""
    rows = facts.rows("assumptions")
    if not rows:
        return None
    return Message("heading.assumptions", {
        "m": sum(row["grade"] == "C" for row in rows), "n": len(rows),
    })  # fmt: skip


def checkpoints(facts: Facts) -> Message | None:
    """The first day to look again."""
    rows = facts.rows("checkpoints")
    if not rows:
        return None
    return Message("heading.checkpoints", {"day": min(row["look_on"] for row in rows)})
