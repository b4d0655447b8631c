"""Thresholds and funders of the sample results: every kind of cell."""

from __future__ import annotations

from typing import Any

import polars as pl

Row = dict[str, Any]


def term(store: str, rank: int, reached: float | None, **given: Any) -> Row:
    """A shop coupon from 359 with 110 off, reached by this share of 900 orders."""
    bounds = {} if reached is None else {"lo": reached - 0.02, "hi": reached + 0.02}
    other = None if reached is None or store == "F1" else 0.25
    return {
        "store_id": store, "rank": rank, "mechanism": "coupon_shop", "label": f"{store} <b>满359",
        "scope": "store", "threshold_kind": "amount", "threshold": 359.0, "benefit_kind": "amount",
        "benefit": 110.0, "orders": 900, "reached_share": reached, "lo": None, "hi": None,
        "near_share": None if reached is None else 0.04,
        "near_lo": None if reached is None else 0.03, "near_hi": None if reached is None else 0.05,
        "reference_share": other, "reference_lo": other and 0.2, "reference_hi": other and 0.3,
        "outcome": None if store == "F1" else "same", "outcome_reason": None, "place": 1,
        **bounds, **given,
    }  # fmt: skip


def thresholds() -> pl.DataFrame:
    """F3.3: alike and apart, some products, pieces, few orders, and not known."""
    rows = [
        term("F1", 1, 0.2),
        term("S1", 1, 0.05, outcome="differs", scope="sku:a", place=2),
        term("M2", 1, 0.6, mechanism="tier_qty", threshold_kind="qty", threshold=3.0,
             benefit_kind="rate", benefit=0.1, place=3),
        term("D2", 1, 0.3, orders=29, benefit=None, place=4),
        term("X1", 1, None, outcome="not_identifiable", outcome_reason="reason.snapshots_only",
             orders=0, benefit_kind="gift", benefit=1.0, threshold=99.5, place=5),
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def borne(store: str, merchant: float, platform: float, usual: float | None = None) -> list[Row]:
    """The parts of a store's discounts of 1000 of a list value of 5000."""
    parts = {"merchant": merchant, "platform": platform, "unknown": 1 - merchant - platform}
    return [
        {"store_id": store, "funder": funder, "discount_amount": 1000 * part,
         "share_of_discount": part, "share_of_list": part / 5,
         "usual_share": usual if part else None, "position": at}
        for at, (funder, part) in enumerate(parts.items(), start=1)
    ]  # fmt: skip


def funding_split() -> pl.DataFrame:
    """F3.4: all its own, shared, and by the usual case."""
    rows = borne("F1", 1, 0) + borne("D1", 0.75, 0.25, 0.0) + borne("D2", 0.5, 0.125, 0.4)
    return pl.DataFrame(rows, infer_schema_length=None)
