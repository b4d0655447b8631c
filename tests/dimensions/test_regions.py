"""Goods shipped outside a store's regions, on a few groups of buyers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from channelscope.dimensions import _regions
from channelscope.domain import Store
from tests.dimensions.small_cubes import scope, seen, session

GROUPS = [f"{number:02x}" for number in range(12)]


def shipped(store: str, region: str | None, outside: bool | None, orders: list[int]) -> list[Any]:
    """Orders of each group of buyers to one region, 20 paid for each."""
    return [
        {
            "store_id": store, "buyer_group": group, "ship_region": region, "is_outside": outside,
            "orders": count, "paid_amount": Decimal(20 * count),
        }
        for group, count in zip(GROUPS, orders, strict=True)
    ]  # fmt: skip


def store(name: str, regions: str | None) -> dict[str, Any]:
    return {"store_id": name, "regions": regions}


def told(*stores: str, rows: list[Any], regions: dict[str, str | None], **tables: Any) -> Any:
    asked = scope(*stores)
    known = [store(name, text) for name, text in regions.items()]
    tables.setdefault("ship_regions", SPELLED)
    with_session = session(asked, region_groups=rows, stores=known, **tables)
    found = _regions.shipped(with_session, asked)
    with_session.close()
    return {row["store_id"]: row for row in found["metrics"].iter_rows(named=True)}, found


SPELLED = [{"ship_region": name} for name in ("浙江", "江苏", "广东", "四川")]
INSIDE, FAR, FURTHER = [9] * 12, [1, 2, 3] * 4, [1, 0, 0] * 4


def test_the_share_is_of_orders_whose_region_is_known() -> None:
    rows = [
        *shipped("D2", "浙江", False, INSIDE), *shipped("D2", "广东", True, FAR),
        *shipped("D2", "四川", True, FURTHER), *shipped("D2", None, None, [1] * 12),
    ]  # fmt: skip
    by_store, found = told("F1", "D2", rows=rows, regions={"F1": None, "D2": "浙江|江苏"})
    row = by_store["D2"]
    assert row["value"] == pytest.approx((24 + 4) / (108 + 28))
    assert row["lo"] < row["value"] < row["hi"]
    assert (row["n"], row["coverage"]) == (136, pytest.approx(136 / 148))
    assert found["out_of_region"].rows() == [
        ("D2", "广东", 24, pytest.approx(24 / 136), Decimal(480)),
        ("D2", "四川", 4, pytest.approx(4 / 136), Decimal(80)),
    ]
    assert by_store["F1"]["outcome_reason"] == "reason.no_regions"


def test_a_store_that_keeps_to_its_regions_is_as_sure_as_it_has_orders() -> None:
    by_store, found = told(
        "F1", "D2", rows=shipped("D2", "浙江", False, INSIDE), regions={"D2": "浙江"}
    )
    assert (by_store["D2"]["value"], by_store["D2"]["lo"]) == (0, 0)
    assert 0 < by_store["D2"]["hi"] < 0.05
    assert found["out_of_region"].is_empty()


@pytest.mark.parametrize(
    ("rows", "tables", "reason"),
    [
        # Known regions, none of them one of the store's: another spelling, not 100% outside.
        (shipped("D2", "浙江", None, INSIDE), {}, "regions_not_matched"),
        (shipped("D2", None, None, INSIDE), {}, "no_ship_regions"),
        ([], {}, "no_sales"),
        ([], {"shelf_weeks": [seen("D2", "a", list_price=9, activity=9, one_piece=9)]},
         "snapshots_only"),
    ],
)  # fmt: skip
def test_what_is_not_known_says_why(rows: list[Any], tables: Any, reason: str) -> None:
    by_store, found = told("F1", "D2", rows=rows, regions={"D2": "Zhejiang"}, **tables)
    row = by_store["D2"]
    assert (row["value"], row["n"], row["coverage"]) == (None, None, None)
    assert row["outcome_reason"] == f"reason.{reason}"
    assert found["out_of_region"].is_empty()


@pytest.mark.parametrize("regions", ["浙江省|江苏", "江苏|Zhejiang", "浙江,江苏"])
def test_one_region_that_no_delivery_names_leaves_nothing_to_claim(regions: str) -> None:
    # By the names as they stand all orders to Zhejiang, or all, came from outside.
    rows = [*shipped("D2", "江苏", False, INSIDE), *shipped("D2", "浙江", True, FAR)]
    by_store, found = told("F1", "D2", rows=rows, regions={"D2": regions})
    assert by_store["D2"]["value"] is None
    assert by_store["D2"]["outcome_reason"] == "reason.regions_not_matched"
    assert found["out_of_region"].is_empty()


def test_a_region_to_which_other_stores_ship_is_spelled_right() -> None:
    rows = [*shipped("D2", "江苏", False, INSIDE), *shipped("D2", "广东", True, FAR)]
    by_store, _ = told("F1", "D2", rows=rows, regions={"D2": "江苏| 浙江"})
    assert by_store["D2"]["value"] == pytest.approx(24 / 132)


def test_a_group_is_told_without_the_store_whose_regions_are_unknown() -> None:
    asked = replace(
        scope("F1", "D"),
        stores=(Store("F1", "F1", "flagship", "tmall", members=("F1",)),
                Store("D", "D", "distributor", "pdd", members=("D2", "D3"))),
    )  # fmt: skip
    rows = [
        *shipped("D2", "江苏", False, INSIDE), *shipped("D2", "浙江", True, FAR),
        *shipped("D3", "广东", False, INSIDE), *shipped("D3", "浙江", True, FURTHER),
    ]  # fmt: skip
    stores = [store("D2", "浙江省|江苏"), store("D3", "广东")]
    answers = session(asked, region_groups=rows, stores=stores, ship_regions=SPELLED)
    found = _regions.shipped(answers, asked)
    answers.close()
    row = found["metrics"].filter(store_id="D").row(0, named=True)
    assert row["value"] == pytest.approx(4 / 112)
    assert row["coverage"] == pytest.approx(112 / (112 + 132))
    assert found["out_of_region"]["orders"].to_list() == [4]
