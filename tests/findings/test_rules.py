"""Nothing is claimed that the judged differences do not bear; rules on a few rows each."""

from __future__ import annotations

import dataclasses
import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from channelscope import findings, registry
from channelscope.domain import Outcome, Scope
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row, Tables
from tests.findings.readers import READERS


def value(
    store: str, metric: str, at: float | None, *, half: float | None = None, n: int = 500
) -> Row:
    entry = registry.find(metric)
    bounds = (None, None) if half is None or at is None else (at - half, at + half)
    return {
        "store_id": store, "dimension": entry.dimension, "metric": metric, "value": at,
        "lo": bounds[0], "hi": bounds[1], "n": n, "unit": str(entry.unit),
        "better": str(entry.better), "coverage": None,
    }  # fmt: skip


def gap(
    store: str, metric: str, by: float, outcome: Outcome = Outcome.DIFFERS, *, half: float = 0.0
) -> Row:
    """A judged difference to F1."""
    entry = registry.find(metric)
    known = outcome is not Outcome.NOT_IDENTIFIABLE
    ends = (by - half, by + half) if known else (None, None)
    return {
        "store_id": store, "reference_id": "F1", "dimension": entry.dimension, "metric": metric,
        "value": by if known else None, "lo": ends[0], "hi": ends[1], "outcome": str(outcome),
        "unit": str(entry.unit), "n": 500,
    }  # fmt: skip


def placed(
    store: str, at: float | None, outcome: Outcome, *, half: float = 1, rung: str = "realised"
) -> Row:
    lo, hi = (None, None) if at is None else (at - half, at + half)
    return {
        "store_id": store, "category": "all", "rung": rung, "unit": "piece", "value": at,
        "lo": lo, "hi": hi, "matched_skus": 200, "coverage": 0.9, "outcome": str(outcome),
    }  # fmt: skip


def prices(*rows: Row) -> dict[str, list[Row]]:
    """Levels on their rungs, and the judged differences they stand for."""
    names = {"realised": "price_level", "one_piece": "one_piece_level"}
    gaps = [
        gap(row["store_id"], names[row["rung"]], (row["value"] or 100) - 100,
            Outcome(row["outcome"]), half=1)
        for row in rows
    ]  # fmt: skip
    return {"price_index": list(rows), "differences": gaps}


def effect(store: str, factor: str, money: str, *, half: float | None = 1) -> Row:
    lo, hi = (None, None) if half is None else (float(money) - half, float(money) + half)
    return {"from_id": "F1", "to_id": store, "factor": factor, "effect": Decimal(money),
            "lo": lo, "hi": hi, "from_period": "p", "to_period": "p"}  # fmt: skip


def found_in(of: Scope | None = None, **tables: list[Row]) -> tuple[pl.DataFrame, Tables]:
    frames = {
        name: pl.DataFrame(list(tables.get(name, [])), schema=schema)
        for name, schema in TABLES.items()
    }
    return findings.find(frames, of or scope("F1", "D1", "M1")), frames


def told(of: Scope | None = None, **tables: list[Row]) -> dict[str, Any]:
    of = of or scope("F1", "D1", "M1")
    found, frames = found_in(of, **tables)
    said = {row["template"]: json.loads(row["parameters"]) for row in found.iter_rows(named=True)}
    for template, parameters in said.items():
        READERS[template](Ledger(frames, of), parameters)
    return said


def test_nothing_known_is_nothing_said() -> None:
    assert told() == {}


TOLD_ABOVE = [
    ("depth", "promotion_deeper"),
    ("conversion", "conversion_higher"),
    ("refund_share", "refunds_higher"),
    ("rating_service", "service_higher"),
    ("ship_hours", "service_lower"),
    ("walkthrough_return", "service_higher"),
]


def beside(
    metric: str, by: float, outcome: Outcome = Outcome.DIFFERS, *, n: tuple[int, int] = (500, 500)
) -> dict[str, list[Row]]:
    """D1 above F1 by so many smallest differences that matter."""
    unit = registry.find(metric).delta
    metrics = [
        value("F1", metric, 20 * unit, half=unit, n=n[0]),
        value("D1", metric, (20 + by) * unit, half=unit, n=n[1]),
    ]
    return {"metrics": metrics, "differences": [gap("D1", metric, by * unit, outcome)]}


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_a_difference_is_told_only_where_it_is_judged_one(metric: str, template: str) -> None:
    assert set(told(**beside(metric, 4))) == {template}
    for outcome in (Outcome.UNCLEAR, Outcome.SAME, Outcome.NOT_IDENTIFIABLE):
        assert told(**beside(metric, 4, outcome)) == {}
    assert told(metrics=beside(metric, 4)["metrics"]) == {}


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_a_difference_is_told_only_where_it_matters(metric: str, template: str) -> None:
    assert told(**beside(metric, 0.99)) == {}
    assert set(told(**beside(metric, 1.01))) == {template}


@pytest.mark.parametrize(("metric", "template"), TOLD_ABOVE)
def test_fewer_than_thirty_cases_bear_no_claim(metric: str, template: str) -> None:
    for n in ((29, 500), (500, 29)):
        assert told(**beside(metric, 9, n=n)) == {}
    assert set(told(**beside(metric, 9, n=(30, 30)))) == {template}


def test_a_lower_side_is_told_where_it_is_news() -> None:
    def below(metric: str) -> set[str]:
        return set(told(**beside(metric, -9)))

    assert below("conversion") == {"conversion_lower"}
    assert below("ship_hours") == {"service_higher"}
    assert below("refund_share") == set()
    assert below("depth") == set()


def test_prices_are_told_by_their_outcome() -> None:
    said = told(
        of=scope("F1", "A", "B", "C", "D", "E"),
        **prices(
            placed("F1", 100, Outcome.SAME),
            placed("A", 90, Outcome.DIFFERS),
            placed("B", 85, Outcome.DIFFERS),
            placed("C", 80, Outcome.UNCLEAR),
            placed("D", None, Outcome.NOT_IDENTIFIABLE),
            placed("E", 100.5, Outcome.SAME),
        ),
    )
    assert set(said) == {"price_below", "price_same"}
    assert said["price_below"]["stores"] == "B+A"
    assert said["price_same"]["stores"] == "E"
    assert set(told(**prices(placed("D1", 108, Outcome.DIFFERS)))) == {"price_above"}


def test_a_store_known_from_its_shelf_is_told_on_one_piece() -> None:
    index = [placed("D1", 90, Outcome.DIFFERS), placed("M1", None, Outcome.NOT_IDENTIFIABLE),
             placed("D1", 70, Outcome.DIFFERS, rung="one_piece"),
             placed("M1", 78, Outcome.DIFFERS, rung="one_piece")]  # fmt: skip
    found, frames = found_in(**prices(*index), metrics=[value("D1", "sales", 900)])
    said = [json.loads(parameters) for parameters in found["parameters"]]
    for parameters in said:
        READERS["price_below"](Ledger(frames, scope("F1", "D1", "M1")), parameters)
    assert [(row["stores"], row["level"], row["rung"]) for row in said] == [
        ("D1", 90, "realised"),
        ("M1", 78, "one_piece"),
    ]
    # 900 at 90% of the reference's prices are 1000 at its; M1's sales nobody knows.
    assert [row["money"] for row in said] == [pytest.approx(100), None]


def test_a_reference_known_from_its_shelf_judges_everybody_there() -> None:
    index = [placed("F1", 100, Outcome.SAME), placed("D1", None, Outcome.NOT_IDENTIFIABLE),
             placed("F1", 100, Outcome.SAME, rung="one_piece"),
             placed("D1", 128, Outcome.DIFFERS, rung="one_piece")]  # fmt: skip
    assert told(**prices(*index))["price_above"]["rung"] == "one_piece"


def test_a_gap_is_laid_to_the_factor_that_works_its_way() -> None:
    # D1 has more visitors and still sells less: conversion is why, not the larger effect.
    rows = [effect("D1", "visitor_days", "900"), effect("D1", "conversion", "-800"),
            effect("D1", "units_per_order", "-300"), effect("M1", "orders", "-50")]  # fmt: skip
    sales = [value("F1", "sales", 1000), value("D1", "sales", 800)]
    said = told(bridge=rows, metrics=sales, differences=[gap("D1", "sales", -200)])["sales_gap"]
    assert (said["store"], said["factor"], said["money_gap"]) == ("D1", "conversion", -200)


@pytest.mark.parametrize("half", [None, 900])
def test_an_unsure_factor_explains_no_gap(half: float | None) -> None:
    apart = {"metrics": [value("F1", "sales", 1000), value("D1", "sales", 200)],
             "differences": [gap("D1", "sales", -800)]}  # fmt: skip
    assert told(bridge=[effect("D1", "orders", "-800", half=half)], **apart) == {}
    assert told(bridge=[effect("D1", "orders", "-800", half=9)], **apart) != {}


def test_the_largest_of_many_bars_must_stand_out_further() -> None:
    apart = {"metrics": [value("F1", "sales", 1000), value("D1", "sales", 200)],
             "differences": [gap("D1", "sales", -800)]}  # fmt: skip
    alone = [effect("D1", "orders", "-800", half=700)]
    assert "sales_gap" in told(bridge=alone, **apart)
    many = [*alone, *(effect("D1", f"mechanism:{at}", "0", half=9) for at in range(10))]
    assert "sales_gap" not in told(bridge=many, **apart)


def test_a_gap_of_sales_that_is_not_shown_has_no_reason() -> None:
    sales = [value("F1", "sales", 1000), value("D1", "sales", 100)]
    rows = {"bridge": [effect("D1", "orders", "-900")], "metrics": sales}
    assert told(**rows, differences=[gap("D1", "sales", -900, Outcome.UNCLEAR)]) == {}
    assert told(**rows) == {}


def test_selling_more_is_a_lead() -> None:
    sales = [value("F1", "sales", 1000), value("D1", "sales", 1900)]
    said = told(
        bridge=[effect("D1", "visitor_days", "900")], metrics=sales,
        differences=[gap("D1", "sales", 900)],
    )  # fmt: skip
    assert set(said) == {"sales_lead"}


@pytest.mark.parametrize(
    ("factor", "says"), [("opened:2026-01", 0), ("closed:x", 0), ("orders", 1)]
)
def test_a_store_that_was_not_there_has_no_lever(factor: str, says: int) -> None:
    found, _ = found_in(
        bridge=[effect("D1", factor, "-900"), effect("D1", "units_per_order", "-9")],
        metrics=[value("F1", "sales", 1000), value("D1", "sales", 91)],
        differences=[gap("D1", "sales", -909)],
    )
    assert found.height == says


@pytest.mark.parametrize(
    ("n", "expected"), [((500, 500), "A"), ((99, 500), "B"), ((500, 29), "C"), ((500, None), "C")]
)
def test_gaps_are_as_sure_as_the_weaker_side(n: Any, expected: str) -> None:
    sides = zip(("F1", "D1"), n, strict=True)
    orders = [value(store, "orders", 10, n=cases) for store, cases in sides if cases]
    sales = [value("F1", "sales", 1000), value("D1", "sales", 100)]
    found, _ = found_in(
        bridge=[effect("D1", "visitor_days", "-900")], metrics=[*orders, *sales],
        differences=[gap("D1", "sales", -900)],
    )  # fmt: skip
    assert found["grade"].to_list() == [expected]


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [(("tmall", "tmall"), "A"), (("tmall", "jd"), "C"), (("mixed", "mixed"), "C")],
)
def test_groups_of_several_platforms_do_not_count_alike(
    platforms: tuple[str, str], expected: str
) -> None:
    of = scope("F1", "D1")
    stores = [dataclasses.replace(s, platform=p) for s, p in zip(of.stores, platforms, strict=True)]
    found, _ = found_in(dataclasses.replace(of, stores=tuple(stores)), **beside("conversion", 9))
    assert found["grade"].to_list() == [expected]


def test_no_gap_has_no_reason() -> None:
    rows = [effect("D1", "orders", "0.10"), effect("D1", "conversion", "0.20"),
            effect("D1", "units_per_order", "-0.30")]  # fmt: skip
    assert told(bridge=rows) == {}


def test_steps_of_a_walkthrough_are_counted_in_their_own_delta() -> None:
    # 20 points of a walkthrough are 4 deltas of 5; 30 hours are 7.5 deltas of 4.
    pairs = (("walkthrough_return", (90, 70)), ("ship_hours", (20, 50)))
    metrics = [
        value(store, metric, at, half=1)
        for metric, ends in pairs
        for store, at in zip(("F1", "D1"), ends, strict=True)
    ]
    gaps = [gap("D1", metric, ends[1] - ends[0]) for metric, ends in pairs]
    assert told(metrics=metrics, differences=gaps)["service_lower"]["metric"] == "ship_hours"


def test_exclusive_goods_are_told_beyond_what_matters() -> None:
    delta = registry.find("exclusive_sales_share").delta

    def rows(share: float) -> list[Row]:
        return [
            value("D1", "exclusive_sales_share", share, half=0.01),
            value("D1", "exclusive_skus", 7),
        ]

    assert told(metrics=rows(delta + 0.009)) == {}
    assert told(metrics=rows(delta + 0.011))["product_exclusive"]["n"] == 7
