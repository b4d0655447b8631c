"""What a store is for: the role it was given beside those that its numbers show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

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
"""The metrics that speak for a role, and in which direction: chosen, not estimated. Without the
first of them a role cannot be told."""

Ends = tuple[float, float, float]
"""A value and the ends of its interval."""


@dataclass(frozen=True, slots=True)
class Score:
    """How far above the other stores, from -1 to 1, with its ends."""

    value: float
    lo: float
    hi: float


def observe(differences: pl.DataFrame, metrics: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The `roles` table: every store, every role that can be told or that was declared."""
    known = _Known.read(differences, metrics, scope)
    rows = []
    for store in scope.stores:
        for role, signs in SIGNS.items():
            score = _score(store.store_id, signs, known)
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


@dataclass(frozen=True, slots=True)
class _Known:
    """Differences of two stores with their ends, values of stores, smallest differences."""

    gaps: Mapping[tuple[str, str, str], Ends]
    values: Mapping[tuple[str, str], float]
    scope: Scope

    @classmethod
    def read(cls, differences: pl.DataFrame, metrics: pl.DataFrame, scope: Scope) -> _Known:
        gaps: dict[tuple[str, str, str], Ends] = {}
        for row in differences.drop_nulls(["value", "lo", "hi"]).iter_rows(named=True):
            one, other, metric = row["store_id"], row["reference_id"], row["metric"]
            gaps[one, other, metric] = (row["value"], row["lo"], row["hi"])
            gaps[other, one, metric] = (-row["value"], -row["hi"], -row["lo"])
        values = {
            (row["store_id"], row["metric"]): row["value"]
            for row in metrics.drop_nulls("value").iter_rows(named=True)
        }
        return cls(gaps, values, scope)

    def part(self, store: str, metric: str, sign: int) -> Ends | None:
        """Steps above the other stores on average, with the average of the ends: no narrower."""
        others = [s for s in self.scope.store_ids if (store, s, metric) in self.gaps]
        if not others:
            return None
        mean = sum(self.values[other, metric] for other in others) / len(others)
        step = self.scope.delta[metric] * (abs(mean) if registry.find(metric).relative else 1)
        if step == 0:
            return None
        ends = [self.gaps[store, other, metric] for other in others]
        value, lo, hi = (
            max(-1.0, min(1.0, sign * sum(each) / len(others) / (FULL_STEPS * step)))
            for each in zip(*ends, strict=True)
        )
        return (value, lo, hi) if sign > 0 else (value, hi, lo)


def _score(store: str, signs: Mapping[str, int], known: _Known) -> Score | None:
    """The mean over the role's known metrics; None where fewer than half or not the first are."""
    parts = [known.part(store, metric, sign) for metric, sign in signs.items()]
    found = [part for part in parts if part is not None]
    if 2 * len(found) < len(signs) or parts[0] is None:
        return None
    return Score(*(sum(ends) / len(found) for ends in zip(*found, strict=True)))
