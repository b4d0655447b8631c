"""The messages of the bridges: openings and closings are facts, all other bars are estimates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from channelscope.domain import Outcome
from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts, is_sure
from channelscope.report.wording import is_store_event
from channelscope.results import Message
from channelscope.spans import against


def sales_decomposition(facts: Facts) -> Message | None:
    """The store furthest from the reference: that it opened or closed, and its largest bar."""
    rows = [row for row in facts.rows("sales_decomposition") if row["effect"] is not None]
    if not rows:
        return None
    far = max(rows, key=lambda row: abs(row["store_sales"] - row["reference_sales"]))
    mine = [row for row in rows if row["store_id"] == far["store_id"]]
    return _facts_first("heading.sales_decomposition", mine, {
        "store": far["store_id"], "reference": facts.reference_id,
        "change_gap": far["store_sales"] - far["reference_sales"],
    })  # fmt: skip


def year_bridge(facts: Facts) -> Message | None:
    """What all stores together gained or lost: who opened or closed, then the largest estimate."""
    rows = facts.rows("year_bridge")
    if not rows:
        return None
    first = rows[0]
    return _facts_first("heading.year_bridge", rows, {
        "before": against(first["from_period"], first["to_period"]),
        "change_gap": first["to_sales"] - first["from_sales"],
    })  # fmt: skip


def _facts_first(key: str, rows: list[Row], params: Mapping[str, Any]) -> Message:
    """Openings and closings by their size; then the largest other bar that is shown to be one."""
    opened = [row for row in rows if is_store_event(row["factor"])]
    opened.sort(key=lambda row: (-abs(row["effect"]), row["factor"]))
    events = {"events": [(row["factor"], row["effect"]) for row in opened]} if opened else {}
    end = ".events" if opened else ""
    top = _largest(row for row in rows if row not in opened)
    if top is None:
        return Message(f"{key}.unsure{end}", {**params, **events})
    return Message(f"{key}.bar{end}", {
        **params, **events, "factor": top["factor"], "change": top["effect"],
    })  # fmt: skip


def piece_price_gaps(facts: Facts) -> Message | None:
    """The largest sure bar of the store whose piece price lies furthest, of those that differ."""
    rows = facts.rows("piece_price_gaps")
    if not rows:
        return None
    told = {
        store: row
        for store in dict.fromkeys(row["store_id"] for row in rows)
        if (row := facts.difference("piece_price", store))
        and row["outcome"] != Outcome.NOT_IDENTIFIABLE
    }
    apart = [row for row in rows if facts.side("piece_price", row["store_id"]) in (-1, 1)]
    if not apart:
        key = "same" if told else "not_told"
        return Message(f"heading.piece_price_gaps.{key}", {"reference": facts.reference_id})
    far = max(apart, key=lambda row: abs(row["store_price"] - row["reference_price"]))
    gap = far["store_price"] - far["reference_price"]
    params = {
        "store": far["store_id"], "reference": facts.reference_id, "change_gap": gap,
        "unit": "price",
    }  # fmt: skip
    top = _largest((row for row in rows if row["store_id"] == far["store_id"]), "price_effect")
    if top is None:
        return Message("heading.piece_price_gaps.unsure", params)
    stores = dict.fromkeys(row["store_id"] for row in apart)
    tied = [s for s in stores if s == far["store_id"] or _is_tied(s, far["store_id"], facts)]
    form = ".tied" if len(tied) > 1 else ""
    return Message(f"heading.piece_price_gaps.bar{form}", {
        **params, "stores": tied, "factor": top["factor"], "change": top["price_effect"],
    })  # fmt: skip


def _is_tied(store: str, far: str, facts: Facts) -> bool:
    return not facts.are_apart("piece_price", store, far)


def _largest(rows: Iterable[Row], column: str = "effect") -> Row | None:
    """The largest bar whose interval leaves no room for none."""
    return max((row for row in rows if is_sure(row)), key=lambda r: abs(r[column]), default=None)
