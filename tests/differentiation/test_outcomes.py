"""Outcomes in the order of rule 2, and p-values adjusted in their families, by hand."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from channelscope.differentiation import outcomes
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope

SCOPE = scope("F1", "D1", "M1")
Row = dict[str, Any]


def metric(store: str, name: str, value: float | None, reason: str | None = None) -> Row:
    return {"store_id": store, "dimension": "sales", "metric": name, "value": value, "n": 400,
            "unit": "rate", "better": "higher", "outcome_reason": reason}  # fmt: skip


def gap(store: str, name: str, ends: tuple[float, float], p: float, **more: Any) -> Row:
    return {"store_id": store, "reference_id": "F1", "dimension": "sales", "metric": name,
            "value": sum(ends) / 2, "lo": ends[0], "hi": ends[1], "p_value": p, "unit": "rate",
            **more}  # fmt: skip


def judged(gaps: list[Row], metrics: list[Row]) -> dict[tuple[str, str, str], Row]:
    frames = (
        pl.DataFrame(rows, schema=TABLES[name], orient="row")
        for name, rows in (("differences", gaps), ("metrics", metrics))
    )
    found = outcomes.of_differences(*frames, SCOPE)
    return {(r["store_id"], r["reference_id"], r["metric"]): r for r in found.to_dicts()}


def one(ends: tuple[float, float], p: float, **more: Any) -> Row:
    """The judged difference of conversion, whose smallest difference that matters is 0.002."""
    metrics = [metric("F1", "conversion", 0.03), metric("D1", "conversion", 0.031)]
    return judged([gap("D1", "conversion", ends, p, **more)], metrics)["D1", "F1", "conversion"]


@pytest.mark.parametrize(
    ("ends", "p", "expected"),
    [
        ((-0.002, 0.002), 0.5, "same"),
        ((0.0001, 0.0019), 0.001, "same"),  # shown to differ by less than matters
        ((0.0001, 0.0021), 0.05, "differs"),
        ((-0.0021, -0.0001), 0.05, "differs"),
        ((0.0001, 0.0021), 0.051, "unclear"),  # the interval alone claims nothing
        ((-0.0001, 0.0021), 0.001, "unclear"),  # nor does the p-value
        ((-0.0021, 0.0019), 0.9, "unclear"),
    ],
)
def test_outcomes_come_in_their_order(ends: tuple[float, float], p: float, expected: str) -> None:
    assert one(ends, p)["outcome"] == expected


def test_a_level_that_moves_with_the_time_grain_is_unclear() -> None:
    row = one((0.01, 0.02), 1e-9, outcome_reason="reason.depends_on_when")
    assert (row["outcome"], row["outcome_reason"]) == ("unclear", "reason.depends_on_when")


def test_what_a_store_does_not_know_is_not_identifiable_for_its_reason() -> None:
    metrics = [
        metric("F1", "conversion", 0.03),
        metric("D1", "conversion", None, "reason.no_traffic"),
        metric("M1", "conversion", 0.04),
    ]
    found = judged([gap("D1", "conversion", (0.1, 0.2), 1e-9)], metrics)
    row = found["D1", "F1", "conversion"]
    assert (row["outcome"], row["outcome_reason"]) == ("not_identifiable", "reason.no_traffic")
    assert row["value"] is row["lo"] is row["p_value"] is row["p_adjusted"] is None
    # Between two others the later id is compared; nothing is known of how it moves.
    row = found["M1", "D1", "conversion"]
    assert row["outcome_reason"] == "reason.no_traffic"
    row = found["M1", "F1", "conversion"]
    assert (row["value"], row["outcome_reason"]) == (pytest.approx(0.01), "reason.too_few_blocks")


def test_a_relative_step_is_a_part_of_the_references_value() -> None:
    # 3% of 200 is 6 from either side.
    metrics = [metric("F1", "order_value", 200.0), metric("D1", "order_value", 204.0)]
    near = judged([gap("D1", "order_value", (2.0, 6.0), 0.001)], metrics)
    far = judged([gap("D1", "order_value", (2.0, 6.1), 0.001)], metrics)
    assert near["D1", "F1", "order_value"]["outcome"] == "same"
    assert far["D1", "F1", "order_value"]["outcome"] == "differs"


def test_metrics_of_a_dimension_against_the_reference_are_one_family() -> None:
    names = ("conversion", "units_per_order", "refund_share")
    metrics = [metric(store, name, 0.5) for store in ("F1", "D1", "M1") for name in names]
    p = iter((0.01, 0.04, 0.03, 0.2, 0.5, 0.005))
    gaps = [gap(store, name, (1.0, 2.0), next(p)) for store in ("D1", "M1") for name in names]
    apart = {**gap("M1", "conversion", (1.0, 2.0), 0.04), "reference_id": "D1"}
    found = judged([*gaps, apart], metrics)
    told = [found[store, "F1", name]["p_adjusted"] for store in ("D1", "M1") for name in names]
    # Six p-values in order: 6 x 0.005, 3 x 0.01, 2 x 0.03, 1.5 x 0.04, 1.2 x 0.2, 0.5.
    assert told == pytest.approx([0.03, 0.06, 0.06, 0.24, 0.5, 0.03])
    assert found["M1", "D1", "conversion"]["p_adjusted"] == pytest.approx(0.04)


def distance(a: str, b: str, dimension: str, ends: tuple[float, float], p: float) -> Row:
    return {"store_a": a, "store_b": b, "dimension": dimension, "distance": max(sum(ends) / 2, 0),
            "lo": ends[0], "hi": ends[1], "p_value": p}  # fmt: skip


def pairs(*rows: Row) -> dict[tuple[str, str, str], Row]:
    frame = pl.DataFrame(list(rows), schema=TABLES["pairs"], orient="row")
    found = outcomes.of_pairs(frame, SCOPE)
    return {(r["store_a"], r["store_b"], r["dimension"]): r for r in found.to_dicts()}


def test_dimensions_of_a_pair_are_adjusted_first_and_then_the_pairs() -> None:
    far = (0.2, 0.4)
    found = pairs(
        distance("D1", "F1", "product", far, 0.01), distance("D1", "F1", "price", far, 0.02),
        distance("D1", "M1", "product", far, 0.03), distance("D1", "M1", "price", far, 0.3),
        distance("F1", "M1", "product", far, 0.5),
    )  # fmt: skip
    # Holm: 0.02 and 0.02; 0.06 and 0.3; 0.5. Over pairs: product 3 x 0.02, 1.5 x 0.06, 0.5.
    assert found["D1", "F1", "product"]["p_adjusted"] == pytest.approx(0.06)
    assert found["D1", "M1", "product"]["p_adjusted"] == pytest.approx(0.09)
    assert found["F1", "M1", "product"]["p_adjusted"] == pytest.approx(0.5)
    assert found["D1", "F1", "price"]["p_adjusted"] == pytest.approx(0.04)
    assert found["D1", "M1", "price"]["p_adjusted"] == pytest.approx(0.3)
    assert found["D1", "F1", "price"]["outcome"] == "differs"
    assert found["D1", "F1", "product"]["outcome"] == "unclear"


def test_two_stores_alone_are_adjusted_over_their_dimensions_only() -> None:
    found = pairs(
        distance("D1", "F1", "product", (0.2, 0.4), 0.01),
        distance("D1", "F1", "price", (-0.05, 0.1), 0.6),
    )
    assert found["D1", "F1", "product"]["p_adjusted"] == pytest.approx(0.02)
    assert found["D1", "F1", "price"]["outcome"] == "same"


def test_prices_take_the_outcome_of_their_difference() -> None:
    index = pl.DataFrame(
        [
            {
                "store_id": store,
                "rung": rung,
                "category": "all",
                "unit": "piece",
                "outcome": "unclear",
            }
            for store in ("F1", "D1")
            for rung in ("realised", "one_piece")
        ],
        schema=TABLES["price_index"],
    )
    rows = [gap("D1", "price_level", (1.0, 2.0), 0.01, outcome="differs")]
    frame = pl.DataFrame(rows, schema=TABLES["differences"], orient="row")
    found = outcomes.of_prices(index, frame, SCOPE)
    assert found["outcome"].to_list() == ["unclear", "unclear", "differs", "unclear"]
    assert found.schema == TABLES["price_index"]
