"""The messages of a review: no stronger than outcome and interval allow."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts, is_sure
from channelscope.report.review_facts import (
    ALL,
    MENDED,
    TOTALS,
    WORSE,
    is_clear,
    leading,
    moved,
    sales_rows,
    same_stores,
    with_outcome,
)
from channelscope.report.review_words import event_name
from channelscope.report.wording import is_store_event
from channelscope.results import Message

DUE = ("kept", "missed")
FELL_DUE = ("inside", "outside")


def title(facts: Facts) -> Message:
    """What all stores sold against the base that matters most, and what the same stores did."""
    watched = event(facts)
    if watched is not None:
        return watched
    row = leading(facts)
    if row is None:
        known = next((r for r in sales_rows(facts) if r["store_id"] == ALL), None)
        if known is None or known["actual"] is None:
            return Message("review.title.unknown")
        return Message("review.title.alone", {"money": known["actual"]})
    if row["relative_lo"] is None or row["relative_hi"] is None:
        way = "up" if (row["relative"] or 0) >= 0 else "down"
        size = abs(row["relative"] or 0)
        return Message(f"review.title.untold_{way}", {"rate_all": size, "base": row["base"]})
    same = same_stores(facts, row)
    said = {"money": row["actual"], **_relative(row, "all"), "base": row["base"]}
    if same is None:
        return Message(f"review.title.{_way(row)}", said)
    return Message(
        f"review.title.{_way(row)}.same_{_way(same)}", {**said, **_relative(same, "same")}
    )


def _way(row: Row) -> str:
    if not is_clear(row) or row["relative"] is None:
        return "unclear"
    return "up" if row["relative"] > 0 else "down"


def _relative(row: Row, name: str) -> dict[str, Any]:
    """A relative change as a headline says it: of what is clear its size, else with its sign."""
    low, high, size = row["relative_lo"], row["relative_hi"], row["relative"]
    if is_clear(row) and size < 0 and low is not None and high is not None:
        size, low, high = -size, -high, -low
    return {f"rate_{name}": size, f"rate_{name}_lo": low, f"rate_{name}_hi": high}


def decision_log(facts: Facts) -> Message | None:
    """How many decisions that fell due were kept."""
    rows = facts.rows("decision_log")
    due = with_outcome(rows, *DUE)
    if not rows:
        return None
    if not due:
        return Message("heading.decision_log.none_due", {"n": len(rows)})
    kept = len(with_outcome(due, "kept"))
    unknown = len(with_outcome(rows, "cannot_be_told"))
    form = ".unknown" if unknown else ""
    return Message(f"heading.decision_log{form}", {
        "count_kept": kept, "n": len(due), "count_missed": len(due) - kept,
        "count_unknown": unknown,
    })  # fmt: skip


def hit_rates(facts: Facts) -> Message | None:
    """Whether predictions were right as often as their ranges are meant to hold."""
    row = next((r for r in facts.rows("hit_rates") if r["made_in"] == "all"), None)
    if row is None or any(row[name] is None for name in ("lo", "hi", "level")):
        return None
    way = "fewer" if row["hi"] < row["level"] else "more" if row["lo"] > row["level"] else "as_many"
    return Message(f"heading.hit_rates.{way}", {
        "count_inside": row["inside"], "n": row["due"], "share": row["level"],
    })  # fmt: skip


def variance_table(facts: Facts) -> Message | None:
    """Which stores surely sold less and more than in the base that matters most."""
    row = leading(facts)
    if row is None:
        return None
    rows = [r for r in sales_rows(facts) if r["base"] == row["base"]]
    if all(r["relative_lo"] is None for r in rows):
        return Message("heading.variance_table.untold", {"base": row["base"]})
    up, down = moved(rows, up=True), moved(rows, up=False)
    key = "_".join(name for name, some in (("down", down), ("up", up)) if some) or "none"
    return Message(f"heading.variance_table.{key}", {
        "stores_down": down, "stores_up": up, "base": row["base"],
    })  # fmt: skip


def projection(facts: Facts) -> Message | None:
    """How many stores have their whole range above, and below, a year before."""
    rows = [row for row in facts.rows("projection") if row["store_id"] != ALL]
    ends = ("low", "high", "aligned")
    known = [row for row in rows if all(row[name] is not None for name in ends)]
    if not known:
        return None
    up, down = (sum(row["low"] > row["aligned"] for row in known),
                sum(row["high"] < row["aligned"] for row in known))  # fmt: skip
    return Message("heading.projection", {
        "n": len(known), "count_up": up, "count_down": down,
    })  # fmt: skip


def event(facts: Facts) -> Message | None:
    """What the event will come to, and whether that is surely more or less than a year before."""
    row = next((r for r in facts.rows("projection") if r["store_id"] == ALL), None)
    if row is None:
        return None
    said = {"name": event_name(row["event"]), "n": row["days_so_far"], "count_days": row["days"],
            "money_so_far": row["so_far"]}  # fmt: skip
    if row["projected"] is None:
        return Message("review.event.unknown", said)
    said |= {"money": row["projected"], "money_lo": row["low"], "money_hi": row["high"]}
    if any(row[name] is None for name in ("aligned", "low", "high")):
        return Message("review.event.alone", said)
    sure = row["low"] > row["aligned"] or row["high"] < row["aligned"]
    way = "unclear" if not sure else "up" if row["low"] > row["aligned"] else "down"
    return Message(f"review.event.{way}", {**said, "money_before": row["aligned"]})


def total_bridge(facts: Facts) -> Message | None:
    """What all stores gained or lost: who opened or closed, then the largest sure estimate."""
    rows = facts.rows("total_bridge")
    if not rows:
        return None
    opened = [row for row in rows if is_store_event(row["factor"])]
    opened.sort(key=lambda row: (-abs(row["effect"]), row["factor"]))
    said: dict[str, Any] = {
        "base": rows[0]["base"], "change_gap": rows[0]["to_sales"] - rows[0]["from_sales"],
        "events": [(row["factor"], row["effect"]) for row in opened],
    }  # fmt: skip
    form = ".events" if opened else ""
    top = _largest(row for row in rows if row not in opened)
    if top is None:
        return Message(f"heading.total_bridge.unsure{form}", said)
    return Message(f"heading.total_bridge.bar{form}", {
        **said, "factor": top["factor"], "change": top["effect"],
    })  # fmt: skip


def _largest(rows: Iterable[Row]) -> Row | None:
    return max((row for row in rows if is_sure(row)), key=lambda r: abs(r["effect"]), default=None)


def store_bridges(facts: Facts) -> Message | None:
    """The store that surely moved most in money, and its largest sure bar."""
    rows = facts.rows("store_bridges")
    if not rows:
        return None
    base = rows[0]["base"]
    clear = [r for r in sales_rows(facts)
             if r["base"] == base and r["store_id"] not in TOTALS and is_clear(r)
             and any(row["store_id"] == r["store_id"] for row in rows)]  # fmt: skip
    if not clear:
        return Message("heading.store_bridges.none", {"base": base})
    far = max(clear, key=lambda row: (abs(row["change"]), row["store_id"]))
    top = _largest(row for row in rows if row["store_id"] == far["store_id"])
    said = {"store": far["store_id"], "change_gap": far["change"], "base": base}
    if top is None:
        return Message("heading.store_bridges.unsure", said)
    return Message("heading.store_bridges.bar", {
        **said, "factor": top["factor"], "change": top["effect"],
    })  # fmt: skip


def sales_slope(facts: Facts) -> Message | None:
    """How many stores surely rose and fell."""
    rows = [row for row in facts.rows("sales_slope") if row["store_id"] != ALL]
    if not rows:
        return None
    up, down = moved(rows, up=True), moved(rows, up=False)
    key = "some" if up or down else "none"
    return Message(f"heading.sales_slope.{key}", {
        "n": len(rows), "count_down": len(down), "count_up": len(up), "base": rows[0]["base"],
    })  # fmt: skip


def weekly_pace(facts: Facts) -> Message | None:
    """In how many weeks all stores sold less than in the week that it is held against."""
    rows = [row for row in facts.rows("weekly_pace") if row["store_id"] == ALL]
    both = [r for r in rows if r["level"] is not None and r["level_before"] is not None]
    if not both:
        return None
    return Message("heading.weekly_pace", {
        "count_below": sum(row["level"] < row["level_before"] for row in both), "n": len(both),
    })  # fmt: skip


def exceptions(facts: Facts) -> Message | None:
    """How many there are and how many are new."""
    rows = facts.rows("exceptions")
    if not rows:
        return None
    if all(row["seen_before"] is None for row in rows):
        return Message("heading.exceptions.alone", {"n": len(rows)})
    new = sum(not row["seen_before"] for row in rows)
    form = "all_new" if new == len(rows) else "none_new" if new == 0 else "some_new"
    return Message(f"heading.exceptions.{form}", {"n": len(rows), "count_new": new})


def price_order_changes(facts: Facts) -> Message | None:
    """How many products broke their price order, and how many mended it."""
    rows = facts.rows("price_order_changes")
    if not rows:
        return None
    worse = sum(row["change"] in WORSE for row in rows)
    mended = sum(row["change"] in MENDED for row in rows)
    form = "both" if worse and mended else "worse" if worse else "mended"
    return Message(f"heading.price_order_changes.{form}", {
        "n": worse or mended, "count_mended": mended,
    })  # fmt: skip


def drift(facts: Facts) -> Message | None:
    """The pair that surely moved most, and how many others did."""
    rows = [row for row in facts.rows("drift") if row["outcome"] == Outcome.DIFFERS]
    if not rows:
        return None
    far = max(rows, key=lambda row: abs(row["change"]))
    several = ".several" if len(rows) > 1 else ""
    direction = "apart" if far["change"] > 0 else "alike"
    return Message(f"heading.drift.{direction}{several}", {
        "store_a": far["store_a"], "store_b": far["store_b"], "dimension": far["dimension"],
        "n": len(rows) - 1,
    })  # fmt: skip


def next_decisions(facts: Facts) -> Message | None:
    """How many decisions are proposed, and the day on which the first falls due."""
    rows = facts.rows("next_decisions")
    if not rows:
        return None
    days = [row["look_on"] for row in rows if row["look_on"]]
    if not days:
        return Message("heading.next_decisions.undated", {"n": len(rows)})
    return Message("heading.next_decisions", {"n": len(rows), "day": min(days)})


def predictions(facts: Facts) -> Message | None:
    """How many ranges held what came, else what is predicted of all stores."""
    rows = facts.rows("predictions")
    due = with_outcome(rows, *FELL_DUE)
    if due:
        inside = len(with_outcome(due, "inside"))
        return Message("heading.predictions.due", {"count_inside": inside, "n": len(due)})
    ahead = next((r for r in rows if r["outcome"] == "not_due" and r["store_id"] == ALL
                  and r["unit"] == "money"), None)  # fmt: skip
    if ahead is None:
        return None
    return Message("heading.predictions.ahead", {
        "money": ahead["likely"], "money_lo": ahead["low"], "money_hi": ahead["high"],
    })  # fmt: skip
