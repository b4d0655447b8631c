"""The sales figures of the sample results."""

from __future__ import annotations

from datetime import date, timedelta
from math import sin

import polars as pl

from tests.report import frames


def waterfall() -> pl.DataFrame:
    """F4.1: two or three factors, one store without traffic."""
    rows: list[tuple[object, ...]] = []
    reference = frames.SALES["F1"] * 1e6
    for store in frames.SELLING[1:]:
        own = frames.SALES[store] * 1e6
        parts = [("visitor_days", 0.7), ("conversion", 0.18), ("units_per_order", 0.12)]
        if store == "D3":
            parts = [("orders", 0.85), ("list_price", 0.15)]
        if store == "M1":
            parts = [("visitor_days", -0.2), ("conversion", 0.5), ("mechanism:markdown", 0.7)]
        for position, (factor, share) in enumerate(parts, 1):
            effect = (own - reference) * share
            rows.append(
                (store, "F1", position, factor, effect, effect - 2e5, effect + 2e5, reference, own)
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "reference_id": pl.String, "position": pl.Int64,
                      "factor": pl.String, "effect": pl.Float64, "lo": pl.Float64,
                      "hi": pl.Float64, "reference_sales": pl.Float64, "store_sales": pl.Float64},
        orient="row").with_columns(pl.col("effect").cast(pl.Decimal(18, 2)))  # fmt: skip


def weekly() -> pl.DataFrame:
    """F4.2: a year of weeks with two festivals."""
    rows = []
    for at, store in enumerate(("all", *frames.SELLING)):
        for week in range(1, 53):
            festival = 150 if week in (6, 38) else 0
            level = 95 + 14 * sin(week / 4 + at) + festival
            before = (
                None
                if store == "S1"
                else 93 + 14 * sin(week / 4 + at + 0.4) + (150 if week in (6, 37) else 0)
            )
            rows.append(
                (
                    store,
                    week,
                    frames.PERIOD.first + timedelta(days=7 * (week - 1)),
                    level * 3e3,
                    level,
                    before,
                )
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "week": pl.Int64, "week_start": pl.Date,
                      "sales": pl.Float64, "level": pl.Float64, "level_year_before": pl.Float64},
        orient="row")  # fmt: skip


def cart() -> pl.DataFrame:
    """F4.3: five sources."""
    rows = []
    for at, store in enumerate(frames.SELLING[:-1]):
        for k, source in enumerate(("search", "recommendation", "paid", "content", "direct")):
            rate = 0.09 + 0.013 * k - 0.004 * at + 0.006 * ((at * k) % 3)
            rows.append(
                (
                    store,
                    source,
                    90_000 - 9_000 * k,
                    0.36 - 0.08 * k,
                    rate,
                    0.09 + 0.013 * k,
                    0.001,
                    -0.002,
                )
            )
    return pl.DataFrame(
        rows, schema=["store_id", "source", "visitor_days", "visitor_share", "cart_rate",
                      "reference_cart_rate", "mix_effect", "rate_effect"],
        orient="row")  # fmt: skip


def refunds() -> pl.DataFrame:
    """F4.4: twelve months, the last immature."""
    rows: list[tuple[object, ...]] = []
    for at, store in enumerate(frames.SELLING):
        for k in range(12):
            month = date(2025 + (9 + k) // 12, (9 + k) % 12 + 1, 1)
            late = k == 11
            share = 0.055 + 0.008 * at + 0.006 * sin(k + at)
            rows.append(
                (
                    store,
                    month,
                    frames.SALES[store] * 1e6 / 12,
                    share * (0.6 if late else 1),
                    late,
                    share if late else None,
                )
            )
    return pl.DataFrame(
        rows, schema={"store_id": pl.String, "month": pl.Date, "sales": pl.Decimal(18, 4),
                      "refund_share": pl.Float64, "is_immature": pl.Boolean,
                      "developed": pl.Float64}, orient="row", strict=False)  # fmt: skip
