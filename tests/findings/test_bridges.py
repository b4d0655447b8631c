"""Bars of the bridges: what is size, what is a fact, and each bar of a store once."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from channelscope.domain import Outcome, Scope
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import read_back
from tests.findings.test_rules import effect, found_in, gap, value

YEARS = {"from_period": "2024-10-01..2025-09-30", "to_period": "2025-10-01..2026-09-30"}
SOLD = [value("F1", "sales", 1000), value("D1", "sales", 200), value("M1", "sales", 300)]


def over(store: str, factor: str, money: str, *, half: float | None = 1) -> Row:
    return {**effect(store, factor, money, half=half), "from_id": store, **YEARS}


def told(of: Scope | None = None, **tables: Any) -> dict[tuple[str, str], dict[str, Any]]:
    """Parameters by template and stores, after reading them back."""
    of = of or scope("F1", "D1", "M1")
    found, frames = found_in(of, **tables)
    read_back(Ledger(frames, of), found)
    return {
        (row["template"], row["stores"]): {**json.loads(row["parameters"]), **row}
        for row in found.iter_rows(named=True)
    }


@pytest.mark.parametrize(
    ("factor", "metric", "template"),
    [("visitor_days", "visitor_days", "bar_traffic"), ("orders", "orders", "bar_orders")],
)
def test_size_is_told_where_it_is_judged_to_differ(factor: str, metric: str, template: str) -> None:
    metrics = [*SOLD, value("F1", metric, 900), value("D1", metric, 300)]
    rows = [effect("D1", factor, "-500")]
    assert told(bridge=rows, metrics=metrics) == {}
    for outcome in (Outcome.UNCLEAR, Outcome.SAME):
        assert told(bridge=rows, metrics=metrics,
                    differences=[gap("D1", metric, -600, outcome)]) == {}  # fmt: skip
    judged = [gap("D1", metric, -600)]
    found = told(bridge=rows, metrics=metrics, differences=judged)
    assert set(found) == {(template, "D1")}
    assert found[template, "D1"]["money"] == pytest.approx(-5.0), "size stands far behind"
    few = [effect("D1", factor, "-49")]
    assert told(bridge=few, metrics=metrics, differences=judged) == {}
    assert told(bridge=[effect("D1", factor, "-500", half=501)], metrics=metrics,
                differences=judged) == {}  # fmt: skip


@pytest.mark.parametrize(
    ("factor", "platform", "grade"),
    [("visitor_days", "tmall", "A"), ("visitor_days", "jd", "C"), ("orders", "jd", "A")],
)
def test_visitors_counted_in_two_ways_are_weakly_supported(
    factor: str, platform: str, grade: str
) -> None:
    of = scope("F1", "D1", "M1")
    stores = [dataclasses.replace(each, platform=platform) if each.store_id == "D1" else each
              for each in of.stores]  # fmt: skip
    metrics = [value(s, m, at) for m in ("visitor_days", "orders")
               for s, at in (("F1", 900), ("D1", 300))]  # fmt: skip
    found = told(
        dataclasses.replace(of, stores=tuple(stores)), bridge=[effect("D1", factor, "-500")],
        metrics=[*SOLD, *metrics], differences=[gap("D1", factor, -600)],
    )  # fmt: skip
    assert [row["grade"] for row in found.values()] == [grade]


def test_the_bar_that_the_gap_names_is_told_once() -> None:
    metrics = [*SOLD, value("F1", "conversion", 0.9), value("D1", "conversion", 0.3),
               value("M1", "conversion", 0.3)]  # fmt: skip
    gaps = [gap("D1", "sales", -800), gap("D1", "conversion", -0.6), gap("M1", "conversion", -0.6)]
    rows = [effect("D1", "conversion", "-800"), effect("M1", "conversion", "-700")]
    found = told(bridge=rows, metrics=metrics, differences=gaps)
    bars = {key for key in found if key[0].startswith(("bar_", "sales_"))}
    assert bars == {("sales_gap", "D1"), ("bar_conversion", "M1")}


@pytest.mark.parametrize("kind", ["opened", "closed"])
def test_an_opening_is_a_fact_of_the_year_else_of_the_gap(kind: str) -> None:
    here = effect("D1", f"{kind}:D1", "-800", half=None)
    alone = told(bridge=[here], metrics=SOLD)
    assert set(alone) == {(f"bar_{kind}", "D1")}
    every = [over("all", f"{kind}:D1", "190", half=None),
             over("D1", f"{kind}:D1", "190", half=None)]  # fmt: skip
    both = told(bridge=[here, *every], metrics=SOLD)
    assert set(both) == {(f"year_{kind}", "D1")}
    assert both[f"year_{kind}", "D1"]["money"] == pytest.approx(190 * 0.02)
    assert "change_lo" not in both[f"year_{kind}", "D1"]


def test_a_small_opening_is_told_too() -> None:
    rows = [over("all", "opened:D1", "0.01", half=None), over("D1", "opened:D1", "0.01", half=None)]
    assert set(told(bridge=rows, metrics=SOLD)) == {("year_opened", "D1")}


def test_the_opening_of_the_reference_is_no_finding_on_every_other_store() -> None:
    rows = [effect(store, "opened:F1", "-500", half=None) for store in ("D1", "M1")]
    assert told(bridge=rows, metrics=SOLD) == {}


def test_a_store_of_a_group_is_told_under_the_group() -> None:
    of = scope("F1", "D1", "M1")
    members = {"D1": ("S1", "S2"), "F1": ("F8",)}
    of = dataclasses.replace(of, stores=tuple(
        dataclasses.replace(each, members=members.get(each.store_id, ())) for each in of.stores
    ))  # fmt: skip
    rows = [effect("D1", "opened:S2", "-80", half=None), effect("D1", "opened:F8", "-9", half=None),
            over("all", "opened:S1", "40", half=None)]  # fmt: skip
    found = told(of, bridge=rows, metrics=SOLD)
    assert set(found) == {("bar_opened", "D1"), ("year_opened", "D1")}


def year(money: str, *, half: float = 1) -> list[Row]:
    """All stores sold 1500; before, 1500 less what the bars say."""
    return [over("all", "mix", money, half=half), over("D1", "mix", money, half=half)]


def test_a_bar_of_the_year_moves_growth_by_what_matters() -> None:
    # 3% of 1456.31 before are 43.69, and 1500 - 1456.31 is that.
    assert set(told(bridge=year("43.7"), metrics=SOLD)) == {("year_bar", "D1")}
    assert told(bridge=year("43.6"), metrics=SOLD) == {}
    assert set(told(bridge=year("-46.5"), metrics=SOLD)) == {("year_bar", "D1")}
    assert told(bridge=year("-46.3"), metrics=SOLD) == {}


def test_a_bar_of_the_year_stands_out_as_one_of_so_many() -> None:
    assert told(bridge=year("100", half=101), metrics=SOLD) == {}
    alone = year("100", half=90)
    assert told(bridge=alone, metrics=SOLD) != {}
    many = [*alone, *(over("all", f"mechanism:{at}", "0", half=9) for at in range(9))]
    assert told(bridge=many, metrics=SOLD) == {}


def test_a_bar_of_the_year_is_at_best_b() -> None:
    orders = [value(store, "orders", 9, n=n) for store, n in (("D1", 500), ("M1", 20))]
    rows = [*year("100"), over("M1", "mix", "0")]
    one = told(bridge=year("100"), metrics=[*SOLD, *orders])
    assert one["year_bar", "D1"]["grade"] == "B"
    two = told(bridge=rows, metrics=[*SOLD, *orders])
    assert two["year_bar", "D1+M1"]["grade"] == "C", "the weaker of its stores"


def test_other_days_than_the_year_before_are_named() -> None:
    other = {"from_period": "2025-03-01..2025-04-30"}
    rows = [{**row, **other} for row in year("100")]
    assert told(bridge=rows, metrics=SOLD)["year_bar", "D1"]["before"] == other["from_period"]
    assert told(bridge=year("100"), metrics=SOLD)["year_bar", "D1"]["before"] == ""
