"""What a store is for: the role it was given beside those that its numbers show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from channelscope import registry
from channelscope.domain import Scope
from channelscope.results import TABLES

ROUNDING = 1e-9
FULL_STEPS = 4
"""So many smallest differences above the other stores count as a full score."""
SHOWS = 0.25
"""A role is observed from a score of one smallest difference on, if its interval is above zero."""

SIGNS: Mapping[str, Mapping[str, int]] = {
    "image": {"full_price_share": 1, "depth": -1, "rating_service": 1},
    "volume": {"sales": 1, "orders": 1, "breadth": 1},
    "long_tail": {"exclusive_sales_share": 1, "hill_1": 1, "top10_share": -1},
    "reach": {"returning_buyer_share": -1, "exclusive_sales_share": -1},
    "clearance": {"depth": 1, "full_price_share": -1, "new_product_share": -1},
    "launch": {"new_product_share": 1, "full_price_share": 1},
    "service": {"rating_service": 1, "reply_3min_rate": 1, "ship_hours": -1},
}
"""The metrics that speak for a role, and in which direction: chosen, not estimated."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Score:
    """How far above the other stores, from -1 to 1, with its ends."""

    value: float
    lo: float
    hi: float


def observe(metrics: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The `roles` table: every store, every role that can be told or that was declared."""
    book = {(row["store_id"], row["metric"]): row for row in metrics.iter_rows(named=True)}
    rows = []
    for store in scope.stores:
        for role, signs in SIGNS.items():
            score = _score(store.store_id, signs, book, scope)
            declared = store.declared_role == role
            if score is None and not declared:
                continue
            shown = score is not None and score.value >= SHOWS - ROUNDING and score.lo > 0
            rows.append({
                "store_id": store.store_id, "role": role,
                "score": score.value if score else None,
                "lo": score.lo if score else None, "hi": score.hi if score else None,
                "declared": declared, "observed": shown if score else None,
            })  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["roles"], orient="row")


def _score(
    store: str, signs: Mapping[str, int], book: Mapping[tuple[str, str], Row], scope: Scope
) -> Score | None:
    """The mean over the role's known metrics; None where fewer than half are known."""
    found = [
        part
        for metric, sign in signs.items()
        if (part := _part(store, metric, sign, book, scope)) is not None
    ]
    if 2 * len(found) < len(signs) or not found:
        return None
    return Score(*(sum(ends) / len(found) for ends in zip(*found, strict=True)))


def _part(
    store: str, metric: str, sign: int, book: Mapping[tuple[str, str], Row], scope: Scope
) -> tuple[float, float, float] | None:
    """Steps above the mean of the other stores, and those of the ends of the store's interval."""
    mine = book.get((store, metric))
    others = [
        row["value"]
        for other in scope.store_ids
        if other != store and (row := book.get((other, metric))) and row["value"] is not None
    ]
    if mine is None or mine["value"] is None or not others:
        return None
    mean = sum(others) / len(others)
    step = scope.delta[metric] * (abs(mean) if registry.find(metric).relative else 1)
    if step == 0:
        return None
    value, lo, hi = (
        max(-1.0, min(1.0, sign * (mine[end if mine[end] is not None else "value"] - mean)
                      / (FULL_STEPS * step)))
        for end in ("value", "lo", "hi")
    )  # fmt: skip
    return (value, lo, hi) if sign > 0 else (value, hi, lo)
