"""Rows of `metrics`: which bounds are an interval, and what stands where there is none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import estimates
from channelscope.stats.intervals import wilson


def row(
    metric: str, value: float, lo: float, hi: float, *, n: float | None = 50
) -> Mapping[str, Any]:
    each = {"value": np.array([value]), "lo": np.array([lo]), "hi": np.array([hi])}
    cases = None if n is None else np.array([n])
    return estimates.rows(metric, ["F"], n=cases, **each).row(0, named=True)


def test_an_interval_is_kept_as_it_is() -> None:
    found = row("depth", 0.2, 0.1, 0.3)
    assert (found["lo"], found["hi"], found["outcome_reason"]) == (0.1, 0.3, None)


@pytest.mark.parametrize(("metric", "value"), [("depth", 0.2), ("stacking", 1.0), ("sales", 90.0)])
def test_bounds_without_width_are_no_interval(metric: str, value: float) -> None:
    for width in (0, 1e-14):
        found = row(metric, value, value, value * (1 + width))
        assert (found["value"], found["lo"], found["hi"]) == (value, None, None)
        assert found["outcome_reason"] == "reason.too_few_blocks"


@pytest.mark.parametrize("share", [0.0, 1.0])
@pytest.mark.parametrize("bound", [np.nan, 0.0, 1.0])
def test_nothing_and_everything_are_as_sure_as_their_cases(share: float, bound: float) -> None:
    found = row("depth", share, bound, bound, n=50)
    interval = wilson(50 * share, 50)
    assert (found["lo"], found["hi"]) == (float(interval.lo), float(interval.hi))
    assert found["outcome_reason"] is None
    unknown = row("depth", share, np.nan, np.nan, n=None)
    assert (unknown["value"], unknown["lo"]) == (share, None)
    assert unknown["outcome_reason"] == "reason.too_few_blocks"


@pytest.mark.parametrize("metric", ["growth", "price_dispersion", "stacking"])
def test_what_is_no_part_of_a_whole_has_no_wilson_interval(metric: str) -> None:
    found = row(metric, 1.0, np.nan, np.nan)
    assert (found["lo"], found["outcome_reason"]) == (None, "reason.too_few_blocks")


def test_a_level_of_products_that_all_stand_alike_keeps_its_bounds() -> None:
    found = row("list_level", 100.0, 100.0, 100.0)
    assert (found["lo"], found["hi"], found["outcome_reason"]) == (100, 100, None)


def test_what_has_no_bounds_by_nature_says_nothing_of_them() -> None:
    found = estimates.rows("active_skus", ["F"], value=np.array([7.0])).row(0, named=True)
    assert (found["lo"], found["outcome_reason"]) == (None, None)


def test_a_ratio_of_two_blocks_is_shown_without_an_interval() -> None:
    sums = pl.DataFrame({"store_id": ["F", "F"], "week": [1, 2], "top": [1, 2], "all": [4, 4]})
    blocks = estimates.pivot(sums, stores=["F"], block="week")
    found = estimates.ratio_rows("depth", blocks, numerator="top", denominator="all", n="all")
    assert found.select("value", "lo", "hi", "n", "outcome_reason").row(0) == (
        pytest.approx(3 / 8), None, None, 8, "reason.too_few_blocks",
    )  # fmt: skip


def test_unknown_values_say_why() -> None:
    assert row("depth", np.nan, np.nan, np.nan)["outcome_reason"] == "reason.not_in_data"
