"""What is told of needs: who takes which, that all are the same, or nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import read_back
from tests.findings.test_rules import found_in, value

SALES = [value("F1", "sales", 1000.0, half=10.0), value("D1", "sales", 500.0, half=10.0)]


def index(
    name: str, at: float, half: float = 0.01, outcome: str = "differs", **more: Any
) -> dict[str, Any]:
    return {"scope": "all", "segment_set": name, "is_need": True, "stores": 2, "index": at,
            "lo": at - half, "hi": at + half, "null_mean": 0.001, "p_value": 0.001,
            "p_adjusted": 0.001, "coverage": 1.0, "n": 500, "outcome": outcome, **more}  # fmt: skip


def taken(
    store: str, segment: str, gap: float, name: str = "category", **more: Any
) -> dict[str, Any]:
    return {"store_id": store, "segment_set": name, "is_need": True, "segment": segment,
            "share": 0.3 + gap, "lo": 0.28 + gap, "hi": 0.32 + gap, "n": 200, "coverage": 1.0,
            "overall_share": 0.3, "gap": gap, "gap_lo": gap - 0.02, "gap_hi": gap + 0.02,
            "p_value": 0.001, "p_adjusted": 0.001, "outcome": "differs", **more}  # fmt: skip


def told(diversion: list[Row], segments: list[Row]) -> list[tuple[str, dict[str, Any]]]:
    """With every index over all stores there is one of a scope that says the same."""
    inside = [{**row, "scope": "tmall"} for row in diversion if row["scope"] == "all"]
    return told_of([*diversion, *inside], segments)


def told_of(diversion: list[Row], segments: list[Row]) -> list[tuple[str, dict[str, Any]]]:
    found, tables = found_in(metrics=SALES, diversion=diversion, segments=segments)
    read_back(Ledger(tables, scope("F1", "D1", "M1")), found)
    return [
        (row["template"], json.loads(row["parameters"]))
        for row in found.iter_rows(named=True)
        if row["template"].startswith("needs_")
    ]


def test_the_needs_divided_most_are_told_with_who_takes_which() -> None:
    rows = [taken("D1", "Pans", 0.2), taken("F1", "Cups", 0.1), taken("F1", "Pans", -0.2)]
    ((template, said),) = told([index("use", 0.1), index("category", 0.2)], rows)
    assert template == "needs_divided"
    assert (said["set"], said["store"], said["segment"]) == ("category", "D1", "Pans")
    assert said["takers"] == [["D1", "Pans", 0.5], ["F1", "Cups", 0.4]]
    assert said["money"] == pytest.approx(500 * 0.2 + 1000 * 0.1)


@pytest.mark.parametrize(
    ("changed", "segment"),
    [
        ({"outcome": "unclear"}, {}),
        ({"at": 0.009, "half": 0.001}, {}),
        ({"is_need": False}, {}),
        ({}, {"outcome": "unclear"}),
        ({}, {"n": 29}),
        ({}, {"gap": 0.049, "share": 0.349, "gap_lo": 0.029, "gap_hi": 0.069}),
    ],
)
def test_what_is_not_shown_is_not_told(changed: dict[str, Any], segment: dict[str, Any]) -> None:
    row = index("category", **{"at": 0.2, **changed})
    assert told([row], [{**taken("D1", "Pans", 0.2), **segment}]) == []
    assert len(told([index("category", 0.2)], [taken("D1", "Pans", 0.2)])) == 1


@pytest.mark.parametrize("inside", [[], ["same"], ["unclear", "not_identifiable"]])
def test_platforms_that_differ_divide_nothing(inside: list[str]) -> None:
    rows = [index("category", 0.2)]
    rows += [index("category", 0.2, outcome=each, scope=each) for each in inside]
    assert told_of(rows, [taken("D1", "Pans", 0.2)]) == []
    assert (
        len(told_of([*rows, index("category", 0.02, scope="x")], [taken("D1", "Pans", 0.2)])) == 1
    )


def test_one_scope_does_not_speak_for_all_stores() -> None:
    rows = [index("category", 0.02, outcome="unclear"), index("category", 0.2, scope="jd")]
    assert told_of(rows, [taken("D1", "Pans", 0.2)]) == []


def test_scopes_speak_only_where_all_stores_are_not_asked() -> None:
    rows = [index("category", 0.9, scope="jd"), index("category", 0.2),
            index("brand_history", 0.1, scope="jd")]  # fmt: skip
    segments = [taken("D1", "Pans", 0.2), taken("D1", "repeat", 0.2, name="brand_history")]
    ((_, said),) = told(rows, segments)
    assert (said["scope"], said["index"]) == ("all", 0.2)


def test_the_same_needs_are_told_only_where_every_index_is_the_same() -> None:
    alike = [index("category", 0.003, 0.002, "same"), index("use", 0.001, 0.003, "same")]
    behaviour = index("promotion", 0.6, is_need=False)
    unknown = index("price_tier", 0.0, outcome="not_identifiable", lo=None, hi=None)
    ((template, said),) = told([*alike, behaviour, unknown], [])
    assert template == "needs_same"
    assert (said["sets"], said["index"]) == ("category+use", 0.005)
    assert told([*alike, index("price_tier", 0.02, 0.02, "unclear")], []) == []
    assert told([unknown], []) == []
    assert told_of([*alike, index("use", 0.2, scope="jd")], []) == []
