"""Service levels on rows worked out by hand: rates, means, single cases, published scores."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from channelscope import registry
from channelscope.dimensions import service
from channelscope.stats.intervals import t_quantile
from tests.dimensions.small_cubes import MONDAY, scope, session

Row = dict[str, Any]
REGISTRY = pl.DataFrame(
    [
        {"metric": metric.id, "dimension": metric.dimension, "position": position}
        for position, metric in enumerate(registry.METRICS, start=1)
    ]
)


def seen(metric: str, day: int, value: float, n: int | None = None, **more: Any) -> Row:
    found = {"store_id": "F", "date": MONDAY + timedelta(days=day), "metric": metric}
    return {**found, "value": value, "n": n, **more}


def compared(*rows: Row, stores: tuple[str, ...] = ("F",)) -> pl.DataFrame:
    asked = scope(*stores)
    opened = session(asked, service=rows)
    opened.register("metric_registry", REGISTRY)
    found = service.compare(opened, asked)
    opened.close()
    assert list(found) == ["metrics", "differences", "pairs"]
    return found["metrics"]


def only(frame: pl.DataFrame) -> Row:
    assert frame.height == 1
    return frame.to_dicts()[0]


def test_rate_is_wilsons_on_summed_cases() -> None:
    row = only(compared(seen("dispute_rate", 0, 0.5, 10), seen("dispute_rate", 8, 0.1, 20)))
    assert (row["value"], row["n"]) == (pytest.approx(7 / 30), 30)
    z, share = 1.959963984540054, 7 / 30
    centre = (share + z**2 / 60) / (1 + z**2 / 30)
    half = z / (1 + z**2 / 30) * math.sqrt(share * (1 - share) / 30 + z**2 / 3600)
    assert row["lo"] == pytest.approx(centre - half)
    assert row["hi"] == pytest.approx(centre + half)
    assert (row["unit"], row["better"], row["dimension"]) == ("rate", "lower", "service")
    assert row["coverage"] == pytest.approx(2 / 4)
    assert row["outcome_reason"] is None


def test_rate_of_no_case_is_zero_with_an_interval() -> None:
    row = only(compared(seen("dispute_rate", 0, 0.0, 50)))
    assert (row["value"], row["lo"]) == (0, 0)
    assert 0.05 < row["hi"] < 0.1


def test_percentages_are_no_rates() -> None:
    row = only(compared(seen("ship_48h_rate", 0, 98.5, 40)))
    assert (row["value"], row["lo"], row["hi"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.rate_out_of_range"


@pytest.mark.parametrize(("metric", "on_logs"), [("rating_item", False), ("ship_hours", True)])
def test_mean_deletes_weeks_of_cases(metric: str, on_logs: bool) -> None:
    weeks = [(4.0, 10), (5.0, 30), (3.0, 20)]
    rows = [seen(metric, 7 * week, value, n) for week, (value, n) in enumerate(weeks)]
    row = only(compared(*rows, seen(metric, 1, 4.5, 20)))
    # The first week holds (4.0, 10) and (4.5, 20): a total of 130 from 30 cases.
    totals, cases = np.array([130, 150, 60]), np.array([30, 30, 20])
    without = (340 - totals) / (80 - cases)
    draws = np.log(without) if on_logs else without
    middle = math.log(340 / 80) if on_logs else 340 / 80
    half = float(t_quantile(2)) * math.sqrt(2 / 3 * ((draws - draws.mean()) ** 2).sum())
    ends = middle - half, middle + half
    assert (row["value"], row["n"]) == (pytest.approx(340 / 80), 80)
    assert row["lo"] == pytest.approx(math.exp(ends[0]) if on_logs else max(ends[0], 1))
    assert row["hi"] == pytest.approx(math.exp(ends[1]) if on_logs else min(ends[1], 5))
    assert row["coverage"] == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("metric", "values", "end", "side"),
    [("walkthrough_return", (100, 99, 60), 100, "hi"), ("walkthrough_ask", (0, 1, 40), 0, "lo"),
     ("rating_item", (5, 4.9, 3), 5, "hi"), ("rating_item", (1, 1.1, 3), 1, "lo")],
)  # fmt: skip
def test_no_interval_leaves_the_scale(
    metric: str, values: tuple[float, ...], end: float, side: str
) -> None:
    rows = [seen(metric, 7 * week, value, 20) for week, value in enumerate(values)]
    row = only(compared(*rows))
    assert row[side] == end and row["lo"] < row["value"] < row["hi"]


def test_weeks_that_never_differ_show_no_spread() -> None:
    row = only(compared(*(seen("rating_item", 7 * week, 4.5, 20) for week in range(4))))
    assert (row["value"], row["lo"], row["hi"]) == (4.5, None, None)
    assert row["outcome_reason"] == "reason.too_few_blocks"


def test_single_cases_of_few_weeks_have_students_interval() -> None:
    hours = [10.0, 14.0, 9.0, 20.0, 12.0]
    rows = [seen("ship_hours", i, h, order_id=f"o{i}") for i, h in enumerate(hours)]
    row = only(compared(*rows))
    half = float(t_quantile(4)) * np.std(hours, ddof=1) / math.sqrt(5)
    assert (row["value"], row["n"]) == (pytest.approx(13), 5)
    assert (row["lo"], row["hi"]) == (pytest.approx(13 - half), pytest.approx(13 + half))
    assert row["outcome_reason"] is None


def test_means_of_few_weeks_are_shown_and_say_why_they_have_no_interval() -> None:
    row = only(compared(seen("ship_hours", 0, 20, 400), seen("ship_hours", 7, 22, 500)))
    assert (row["lo"], row["hi"]) == (None, None)
    assert row["value"] == pytest.approx((20 * 400 + 22 * 500) / 900)
    assert row["outcome_reason"] == "reason.too_few_weeks"


def test_published_score_is_the_last_one_and_never_tested() -> None:
    row = only(compared(*(seen("rating_item", day, 4.9 - day / 100) for day in range(0, 28, 2))))
    assert row["value"] == pytest.approx(4.9 - 0.26)
    assert (row["lo"], row["hi"], row["n"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.published_score"
    assert row["coverage"] == 1


def test_published_rate_is_shown_too() -> None:
    row = only(compared(seen("reply_3min_rate", 3, 0.97)))
    assert (row["value"], row["n"]) == (0.97, None)
    assert row["outcome_reason"] == "reason.published_score"


def test_counted_cases_win_over_a_published_score() -> None:
    row = only(compared(seen("rating_item", 0, 4, 10), seen("rating_item", 20, 5)))
    assert (row["value"], row["n"]) == (4, 10)


def test_store_that_does_not_report_a_metric_is_not_zero() -> None:
    found = compared(seen("rating_item", 0, 4, 10), stores=("F", "D"))
    row = only(found.filter(store_id="D"))
    assert (row["value"], row["n"], row["coverage"]) == (None, None, None)
    assert row["outcome_reason"] == "reason.not_in_data"


def test_steps_of_the_walkthrough_come_as_they_are() -> None:
    found = compared(
        seen("walkthrough_return", 0, 60), seen("rating_item", 0, 4, 10),
        seen("walkthrough_ask", 0, 80, 1),
    )  # fmt: skip
    assert found["metric"].to_list() == ["rating_item", "walkthrough_ask", "walkthrough_return"]
    assert found["value"].to_list() == [4, 80, 60]
    assert set(found["better"]) == {"higher"}
    assert found["unit"].to_list() == ["score"] * 3


def test_no_rows_are_no_metrics() -> None:
    assert compared().height == 0


@settings(deadline=None, max_examples=20)
@given(st.lists(st.tuples(st.floats(1, 5), st.integers(1, 50)), min_size=4, max_size=4))
def test_interval_holds_the_mean_and_ignores_the_order_of_weeks(
    weeks: list[tuple[float, int]],
) -> None:
    values = [value for value, _ in weeks]
    assume(max(values) - min(values) > 1e-6)  # weeks that never differ have no interval
    rows = [seen("rating_item", 7 * week, value, n) for week, (value, n) in enumerate(weeks)]
    turned = [seen("rating_item", 7 * w, v, n) for w, (v, n) in enumerate(reversed(weeks))]
    row, other = only(compared(*rows)), only(compared(*turned))
    assert row["lo"] <= row["value"] <= row["hi"]
    for name in ("value", "lo", "hi"):
        assert row[name] == pytest.approx(other[name])


def test_off_without_the_table() -> None:
    assert service.off(scope("F")) == "off.no_service"
    assert service.off(scope("F", present=("service",))) is None
