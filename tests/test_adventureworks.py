"""A foreign warehouse mapped with sql alone, compared whole: published control totals, to the cent.

The data are Microsoft's AdventureWorks sample warehouse (MIT). They lie beside the checkout and
never in it; the totals are those of the published fact tables.
"""

from __future__ import annotations

import shutil
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from channelscope import pipeline
from channelscope.domain import GroupBy
from channelscope.preparation import Request
from channelscope.results import Results
from tests import ordered_pairs
from tests.differentiation import invariants
from tests.findings.ledger import Ledger
from tests.findings.readers import read_back
from tests.findings.saying import can_be_said

SPAN: dict[str, Any] = {"first": date(2010, 1, 1), "last": date(2014, 12, 31)}
HERE = Path(__file__).parent / "adventureworks"
CENT = Decimal("0.01")
SALES = {
    "INTERNET": "29358677.22",
    "WAREHOUSE": "38726913.48",
    "VALUE_ADDED": "34967517.33",
    "SPECIALTY": "6756166.18",
}
DISCOUNTS = {
    "coupon_item": "223552.48",
    "markdown": "152381.01",
    "tier_qty": "127718.14",
    "flash": "21422.61",
    "official_cut": "2433.69",
}
ORDERS = {"INTERNET": 27_659, "WAREHOUSE": 1_335, "VALUE_ADDED": 1_316, "SPECIALTY": 1_145}


@pytest.fixture(scope="module")
def workspace(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("adventureworks")
    shutil.copy(HERE / "channelscope.toml", folder)
    shutil.copytree(shared_data / "adventureworks_dw", folder / "adventureworks_dw")
    return folder


def _compare(workspace: Path, by: GroupBy | None = None) -> Results:
    return pipeline.compare(Request(workspace, by=by, **SPAN))


@pytest.fixture(scope="module")
def results(workspace: Path) -> Results:
    return _compare(workspace)


def _metric(results: Results, metric: str) -> dict[str, float]:
    rows = results.tables["metrics"].filter(pl.col("metric") == metric)
    return dict(rows.select("store_id", "value").iter_rows())


def test_sales_are_the_published_totals(results: Results) -> None:
    found = _metric(results, "sales")
    assert {store: f"{value:.2f}" for store, value in found.items()} == SALES


def test_orders_are_the_published_counts(results: Results) -> None:
    assert _metric(results, "orders") == ORDERS


def test_discounts_by_promotion_type_are_the_published_totals(results: Results) -> None:
    sums = results.tables["mechanisms"].group_by("mechanism").agg(pl.col("discount_amount").sum())
    found = {code: amount.quantize(CENT, ROUND_HALF_UP) for code, amount in sums.iter_rows()}
    assert {code: str(found[code]) for code in DISCOUNTS} == DISCOUNTS


def test_every_line_is_analysed(results: Results) -> None:
    assert results.meta.rows_in == results.meta.rows_analysed == 60_398 + 60_855


@pytest.mark.parametrize("by", [None, GroupBy.OPERATOR, GroupBy.KIND])
def test_bridges_between_all_ordered_pairs_sum_to_the_cent(
    workspace: Path, by: GroupBy | None
) -> None:
    found = ordered_pairs.ordered(Request(workspace, by=by, **SPAN))
    ordered_pairs.hold(found)
    published = sum(map(Decimal, SALES.values()))
    assert abs(sum(found.sales.values()) - published) <= CENT
    # Resellers order once a month: nobody came or went, however long the gaps.
    assert not {
        name for bars in found.pairs.values() for name in bars if name.startswith("closed:")
    }


def test_the_internet_shop_sells_at_list_price(results: Results) -> None:
    assert _metric(results, "depth")["INTERNET"] == pytest.approx(0, abs=1e-9)


def test_resellers_are_placed_by_the_products_sold_in_both(workspace: Path) -> None:
    """142 product keys are sold by the internet shop and by resellers; these pay 0.589 of list."""
    index = _compare(workspace, GroupBy.OPERATOR).tables["price_index"]
    row = index.filter(
        (pl.col("store_id") == "operator:resellers") & (pl.col("rung") == "realised")
    ).row(0, named=True)
    assert row["matched_skus"] == 142
    assert row["lo"] < 58.93 < row["hi"]
    assert row["outcome"] == "differs"


def test_sections_without_data_are_off_with_a_reason(results: Results) -> None:
    assert results.switched_off["service"] == "off.no_service"
    assert results.switched_off["cart_rate_by_source"] == "off.no_traffic"
    unknown = results.tables["metrics"].filter(pl.col("metric") == "conversion")
    assert unknown["value"].is_null().all()
    assert set(unknown["outcome_reason"]) == {"reason.no_traffic"}


@pytest.mark.shared_data
def test_findings_follow_from_the_tables_and_can_be_said(results: Results) -> None:
    assert results.tables["findings"].height
    invariants.hold(results)
    read_back(Ledger.of(results), results.tables["findings"])
    can_be_said(results)
