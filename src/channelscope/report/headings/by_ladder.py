"""The message of the way from list price to the contribution: identities, no comparisons."""

from __future__ import annotations

from collections.abc import Mapping

from channelscope.report.charts.canvas import Row
from channelscope.report.facts import Facts
from channelscope.results import Message

_RUNGS = ("contribution", "pocket", "merchant")


def pocket_waterfall(facts: Facts) -> Message | None:
    """What of 100 at list price is left at the highest and the lowest store, of those alike.

    Only stores count of which every kind of cost up to there is known that any store tells of: a
    store that keeps its advertising to itself would be the highest.
    """
    steps: dict[str, list[Row]] = {}
    for row in facts.rows("pocket_waterfall"):
        steps.setdefault(row["store_id"], []).append(row)
    found = {rung: _left(steps, rung) for rung in _RUNGS}
    rung = next((rung for rung in _RUNGS if len(found[rung]) > 1), None)
    rung = rung or next((rung for rung in _RUNGS if found[rung]), None)
    if rung is None:
        return None
    left, pockets = found[rung], found["pocket"]
    high, low = (pick(left, key=lambda s: (left[s], s)) for pick in (max, min))
    told = {"left": high} if high == low else {"high": high, "low": low}
    levels = {f"level_{name}": left[store] for name, store in told.items()}
    if rung == "contribution":
        levels |= {f"level_{name}_pocket": pockets[store] for name, store in told.items()}
    if high == low:
        return Message(f"heading.pocket_waterfall.{rung}.one", {"store": high, **levels})
    stores = {f"store_{name}": store for name, store in told.items()}
    return Message(f"heading.pocket_waterfall.{rung}", {**stores, **levels})


def _left(steps: Mapping[str, list[Row]], rung: str) -> dict[str, float]:
    """What each store keeps of 100 down to a total, where all on the way to it is known."""
    left = {}
    for store, rows in steps.items():
        at = next((at for at, row in enumerate(rows) if row["step"] == rung), None)
        if at is not None and all(row["share_of_list"] is not None for row in rows[: at + 1]):
            left[store] = 100 * float(rows[at]["share_of_list"])
    return left
