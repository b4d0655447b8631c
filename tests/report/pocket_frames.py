"""F2.8 of the sample results: a store of every kind of knowledge."""

from __future__ import annotations

import polars as pl

from channelscope.results import TABLES

WHOLE = (
    ("list", 1000), ("mechanism:coupon_shop", -60), ("mechanism:tier_cross", -15),
    ("realised", 925), ("platform", 0), ("merchant", 925), ("refunds", -65),
    ("cost:commission_rate", -32), ("cost:ad_spend", -158), ("pocket", 670),
    ("cost:product_cost", -347), ("cost:staff", -203), ("cost:platform_annual_fee", -8),
    ("contribution", 112),
)  # fmt: skip
_NEVER = "reason.no_costs"
_KIND = "reason.kind_of_cost_unknown"
STEPS: dict[str, tuple[tuple[str, int | None], ...]] = {
    "F1": WHOLE,
    "F2": (
        ("list", 500), ("mechanism:markdown", -40), ("mechanism:unexplained", 5),
        ("realised", 465), ("platform", 0), ("merchant", 465), ("refunds", -25),
        ("cost:commission_rate", -100), ("cost:ad_spend", -40), ("pocket", 300),
        ("cost:product_cost", -175), ("cost:staff", -155), ("cost:platform_annual_fee", -5),
        ("contribution", -35),
    ),
    "D1": (
        ("list", 2000), ("mechanism:markdown", -300), ("mechanism:subsidy", -120),
        ("realised", 1580), ("platform", 120), ("merchant", 1700), ("refunds", -140),
        ("cost:commission_rate", -60), ("cost:ad_spend", None), ("pocket", 1500),
        ("cost:product_cost", -700), ("cost:staff", None), ("cost:platform_annual_fee", None),
        ("contribution", 800),
    ),
    "D2": (
        ("list", 400), ("mechanism:markdown", -96), ("realised", 304), ("platform", 0),
        ("merchant", 304), ("refunds", -24), ("cost:commission_rate", None),
        ("cost:ad_spend", None), ("pocket", None), ("cost:product_cost", -140),
        ("cost:staff", None), ("cost:platform_annual_fee", None), ("contribution", None),
    ),
    "X1": (("list", None),),
}  # fmt: skip
TOTALS = ("list", "realised", "merchant", "pocket", "contribution")


def pocket() -> pl.DataFrame:
    """Steps of five stores: two whole, one with kinds missing, one without costs, one unseen."""
    reasons = {"D1": _KIND, "D2": _NEVER, "X1": "reason.snapshots_only"}
    rows = [
        {
            "store_id": store, "position": at, "step": step, "is_total": step in TOTALS,
            "amount": None if amount is None else amount * 1000,
            "share_of_list": None if amount is None else amount / (steps[0][1] or 1),
            "outcome_reason": reasons[store] if amount is None else None,
        }
        for store, steps in STEPS.items()
        for at, (step, amount) in enumerate(steps, start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["pocket_waterfall"])
