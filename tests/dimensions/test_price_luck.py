"""Levels are told no more surely than weeks and buyers allow: less data makes fewer claims."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from channelscope.dimensions import _price_pairs
from channelscope.domain import Outcome
from channelscope.pipeline import compare
from channelscope.preparation import Request
from tests.dimensions.small_cubes import scope


def differences(**p_values: float | None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "store_id": list(p_values),
            "reference_id": "F1",
            "metric": "price_level",
            "p_value": list(p_values.values()),
            "outcome_reason": pl.Series([None] * len(p_values), dtype=pl.String),
        },
        schema_overrides={"p_value": pl.Float64},
    )


def pairs(**told: tuple[float | None, str | None]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {"store_a": store, "store_b": "F1", "p_value": p, "outcome_reason": why}
            for store, (p, why) in told.items()
        ],
        schema_overrides={"p_value": pl.Float64, "outcome_reason": pl.String},
    )


def test_a_level_is_told_no_more_surely_than_the_prices_of_the_pair() -> None:
    found = _price_pairs.no_surer_than(
        pairs(D1=(0.2, None), D2=(1e-6, None), D3=(0.03, None), D4=(None, "reason.too_few_weeks"),
              D5=(None, "reason.too_few_buyers"), D6=(None, "reason.no_common_products")),
        differences(D1=1e-9, D2=1e-9, D3=0.04, D4=1e-9, D5=1e-9, D6=1e-9),
    )  # fmt: skip
    assert found["p_value"].to_list() == [0.2, 1e-6, 0.04, None, None, 1e-9]
    assert found["outcome_reason"].to_list() == [
        "reason.luck_of_weeks", None, None, "reason.too_few_weeks", "reason.too_few_buyers", None,
    ]  # fmt: skip


def test_prices_asked_are_not_held_by_weeks_of_sales() -> None:
    index = pl.DataFrame(
        {"store_id": ["D1", "D1"], "rung": ["realised", "one_piece"], "p_value": [1e-9, 1e-9],
         "outcome_reason": pl.Series([None, None], dtype=pl.String)}
    )  # fmt: skip
    found = _price_pairs.no_surer(pairs(D1=(0.5, None)), index, scope("F1", "D1"))
    assert found["p_value"].to_list() == [0.5, 1e-9]


@pytest.mark.parametrize(
    ("first", "last", "reason"),
    [
        (date(2026, 9, 20), date(2026, 9, 26), "reason.too_few_weeks"),
        (date(2026, 6, 1), date(2026, 6, 30), "reason.luck_of_weeks"),
    ],
)
def test_less_data_makes_fewer_claims(
    sample_workspace: Path, first: date, last: date, reason: str
) -> None:
    results = compare(Request(sample_workspace, first, last))
    levels = results.tables["price_index"].filter(
        pl.col("category") == "all", pl.col("unit") == "piece", pl.col("rung") == "realised",
        pl.col("store_id").is_in(["D1", "D2", "D3", "M2"]),
    )  # fmt: skip
    assert Outcome.DIFFERS not in set(levels["outcome"])
    assert set(levels["outcome_reason"]) == {reason}
    said = results.tables["findings"].filter(
        pl.col("template").is_in(["price_below", "price_above", "price_clash"])
    )
    # X1 has no orders: its shelf prices are what stood there, whatever the weeks sold.
    assert set(said["stores"]) <= {"X1"}
