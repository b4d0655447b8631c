"""What is told of goods shipped outside a store's regions."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from channelscope.registry import find
from tests.dimensions.small_cubes import scope
from tests.findings.ledger import Ledger, Row
from tests.findings.readers import read_back
from tests.findings.test_rules import found_in, value

DELTA = find("out_of_region_share").delta
PLACES = [
    {
        "store_id": store, "ship_region": region, "orders": 5, "share": share,
        "paid_amount": Decimal(paid),
    }
    for store, region, share, paid in (
        ("D1", "广东", 0.3, 700), ("D1", "四川", 0.05, 200), ("M1", "四川", 0.05, 90)
    )
]  # fmt: skip


def told(*metrics: Row) -> list[dict[str, Any]]:
    found, _ = found_in(metrics=list(metrics), out_of_region=PLACES)
    return [
        {**json.loads(row["parameters"]), "grade": row["grade"], "worth": row["money"]}
        for row in found.iter_rows(named=True)
        if row["template"] == "out_of_region"
    ]


def test_the_money_is_what_was_paid_outside_and_a_tenth_of_it_is_at_stake() -> None:
    (said,) = told(value("D1", "out_of_region_share", 0.35, half=0.02))
    assert (said["store"], said["n"], said["money"]) == ("D1", 2, 900)
    assert (said["worth"], said["grade"]) == (90, "A")


@pytest.mark.parametrize(
    ("at", "half", "n"),
    [(DELTA + 0.01, 0.0101, 500), (0.35, None, 500), (0.35, 0.02, 29), (None, None, 500)],
)
def test_what_is_not_shown_to_matter_is_not_told(
    at: float | None, half: float | None, n: int
) -> None:
    assert told(value("D1", "out_of_region_share", at, half=half, n=n)) == []
    assert len(told(value("D1", "out_of_region_share", DELTA + 0.01, half=0.0099, n=30))) == 1


def test_the_reference_is_told_as_any_other_store_and_reads_back() -> None:
    rows = [value("F1", "out_of_region_share", 0.4, half=0.02)]
    places = [{**row, "store_id": "F1", "share": row["share"] * 8 / 7} for row in PLACES[:2]]
    found, tables = found_in(metrics=rows, out_of_region=places)
    assert found["template"].to_list() == ["out_of_region"]
    read_back(Ledger(tables, scope("F1", "D1", "M1")), found)
