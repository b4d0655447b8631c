"""Frames in which everything stands that a round trip may lose."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import polars as pl

AWKWARD = pl.DataFrame(
    {
        "store_id": ["F2", None, "天猫", "", "F1"],
        "paid_amount": [
            Decimal("10.0000"),
            None,
            Decimal("-0.0001"),
            Decimal("99999999999999.9999"),
            Decimal(0),
        ],
        "weight": [Decimal("0.12345678"), Decimal(1), None, Decimal("1e29"), Decimal(-3)],
        "day": [date(2026, 1, 31), None, date(1970, 1, 1), date(9999, 12, 31), date(2024, 2, 29)],
        "at": [datetime(2026, 1, 31, 23, 59, 59, 999999), None, datetime(1969, 1, 1), None, None],
        "is_new": [True, None, False, True, False],
        "bits": [2**62, None, -1, 0, 7],
        "visits": [1, None, 2, 3, 255],
        "share": [0.1, None, float("nan"), -0.0, float("inf")],
        "nothing": [None, None, None, None, None],
    },
    schema={
        "store_id": pl.String,
        "paid_amount": pl.Decimal(18, 4),
        "weight": pl.Decimal(38, 8),
        "day": pl.Date,
        "at": pl.Datetime("us"),
        "is_new": pl.Boolean,
        "bits": pl.Int64,
        "visits": pl.UInt8,
        "share": pl.Float64,
        "nothing": pl.Null,
    },
)
"""Rows in no order, with a null in every column."""


def small(value: int = 1) -> pl.DataFrame:
    """A frame of one cell."""
    return pl.DataFrame({"units": [value]})


def never() -> pl.DataFrame:
    """In place of making a frame that is there."""
    raise AssertionError("made again")
