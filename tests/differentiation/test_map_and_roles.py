"""The map leaves out who cannot be placed; roles are scored against the other stores."""

from __future__ import annotations

import dataclasses
from itertools import combinations
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.differentiation import roles, store_map
from channelscope.domain import Scope
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope

PLACES = {"A": (0.0, 0.0), "B": (0.3, 0.0), "C": (0.0, 0.4), "D": (0.3, 0.4)}


def pairs(unknown: set[tuple[str, str]] = frozenset(), **scale: float) -> pl.DataFrame:  # type: ignore[assignment]
    rows = [
        {"store_a": a, "store_b": b, "dimension": name,
         "distance": None if (a, b) in unknown else by * float(np.hypot(
             *np.subtract(PLACES[a], PLACES[b])))}
        for a, b in combinations(PLACES, 2)
        for name, by in (scale or {"product": 1.0, "price": 1.0}).items()
    ]  # fmt: skip
    return pl.DataFrame(rows, schema=TABLES["pairs"], orient="row")


def apart(found: pl.DataFrame, a: str, b: str) -> float:
    at = {row["store_id"]: np.array([row["x"], row["y"]]) for row in found.to_dicts()}
    return float(np.linalg.norm(at[a] - at[b]))


def test_distances_on_the_map_are_those_of_the_stores() -> None:
    found = store_map.draw(pairs(), scope(*PLACES))
    assert found["store_id"].to_list() == list(PLACES)
    assert apart(found, "A", "D") == pytest.approx(0.5)
    assert apart(found, "B", "C") == pytest.approx(0.5)
    assert found["stress"].to_list() == pytest.approx([0.0] * 4, abs=1e-6)


def test_a_store_whose_distances_are_not_known_is_left_out() -> None:
    found = store_map.draw(pairs({("B", "C"), ("B", "D")}), scope(*PLACES))
    assert found["store_id"].to_list() == ["A", "C", "D"]


def test_one_dimension_or_two_stores_make_no_map() -> None:
    assert store_map.draw(pairs(product=1.0), scope(*PLACES)).is_empty()
    rows = pairs({("A", "B"), ("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")})
    assert store_map.draw(rows, scope(*PLACES)).is_empty()


def test_weights_change_the_mean_distance() -> None:
    asked = dataclasses.replace(scope(*PLACES), weights={"price": 3.0})
    found = store_map.draw(pairs(product=1.0, price=0.2), asked)
    # (1 + 3 x 0.2) / 4 of 0.5.
    assert apart(found, "A", "D") == pytest.approx(0.2)
    nothing = dataclasses.replace(scope(*PLACES), weights={"price": 0.0})
    assert store_map.draw(pairs(product=1.0, price=0.2), nothing).is_empty()


def known(**values: dict[str, tuple[float, float]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Values of stores, and their differences: half as wide as the two values' spans together."""
    at = {
        (store, metric): pair for metric, stores in values.items() for store, pair in stores.items()
    }
    rows = [{"store_id": s, "metric": m, "value": value} for (s, m), (value, _) in at.items()]
    gaps = [
        {"store_id": s, "reference_id": other, "metric": m, "value": gap,
         "lo": gap - half, "hi": gap + half}
        for (s, m), (value, own) in at.items()
        for (other, same), (base, theirs) in at.items()
        if same == m and s > other
        for gap, half in [(value - base, own + theirs)]
    ]  # fmt: skip
    return (
        pl.DataFrame(gaps, schema=TABLES["differences"], orient="row"),
        pl.DataFrame(rows, schema=TABLES["metrics"], orient="row"),
    )


def observed(
    found: tuple[pl.DataFrame, pl.DataFrame], asked: Scope
) -> dict[tuple[str, str], dict[str, Any]]:
    rows = roles.observe(*found, asked)
    return {(row["store_id"], row["role"]): row for row in rows.to_dicts()}


def test_a_role_is_the_mean_of_its_steps_above_the_other_stores() -> None:
    asked = scope("A", "B", "C")
    frame = known(
        new_product_share={"A": (0.18, 0.01), "B": (0.10, 0.01), "C": (0.14, 0.01)},
        full_price_share={"A": (0.50, 0.03), "B": (0.50, 0.03), "C": (0.50, 0.03)},
    )
    row = observed(frame, asked)["A", "launch"]
    # 0.06 above the mean of the others is 2 steps of 0.03: half of a full score; full price: none.
    assert row["score"] == pytest.approx(0.25)
    assert row["lo"] == pytest.approx((0.04 / 0.12 - 0.06 / 0.12) / 2)
    # The lower end is below none: the role is not shown.
    assert (row["observed"], row["declared"]) == (False, False)
    sure = known(
        new_product_share={"A": (0.18, 0.001), "B": (0.10, 0.001), "C": (0.14, 0.001)},
        full_price_share={"A": (0.50, 0.001), "B": (0.50, 0.001), "C": (0.50, 0.001)},
    )
    assert observed(sure, asked)["A", "launch"]["observed"] is True
    assert observed(frame, asked)["B", "launch"]["observed"] is False


def test_a_metric_that_speaks_against_a_role_turns_its_ends() -> None:
    frame = known(
        depth={"A": (0.10, 0.01), "B": (0.05, 0.01)},
        full_price_share={"A": (0.40, 0.02), "B": (0.52, 0.02)},
    )
    row = observed(frame, scope("A", "B"))["A", "clearance"]
    assert row["lo"] < row["score"] == pytest.approx(1.0)
    assert row["lo"] == pytest.approx((0.03 / 0.04 + 0.08 / 0.12) / 2)


def test_a_declared_role_is_shown_without_numbers_and_others_are_not() -> None:
    asked = scope("A", "B")
    first = dataclasses.replace(asked.stores[0], declared_role="reach")
    asked = dataclasses.replace(asked, stores=(first, asked.stores[1]))
    frame = known(rating_service={"A": (4.8, 0.05), "B": (4.8, 0.05)})
    found = observed(frame, asked)
    # One of three metrics of `image` is less than half; `service` begins with the rating.
    assert set(found) == {("A", "reach")}
    row = found["A", "reach"]
    assert (row["declared"], row["observed"], row["score"]) == (True, None, None)
