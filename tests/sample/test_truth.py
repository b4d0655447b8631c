"""The shipped sample holds what TRUTH.toml says, and TRUTH.toml says what was meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from sample_data.generator.measures import price_levels
from sample_data.generator.openings import history
from sample_data.generator.stores import IDS

Truth = dict[str, Any]
MONDAY = pl.datetime(2025, 9, 29)


@pytest.fixture(scope="module")
def year(lines: pl.DataFrame) -> pl.DataFrame:
    """The lines of the last 12 months that count."""
    return lines.filter(~pl.col("is_excluded"), pl.col("ordered_at") >= pl.datetime(2025, 10, 1))


def test_price_levels_of_the_shipped_sample(year: pl.DataFrame, truth: Truth) -> None:
    week = year.select((pl.col("ordered_at") - MONDAY).dt.total_days() // 7).to_series()
    place = (
        np.array([IDS.index(store) for store in year["store_id"]]),
        year["sku"].rank("dense").to_numpy().astype(int) - 1,
        week.to_numpy(),
    )
    value, units = np.zeros((2, len(IDS), 160, 53))
    np.add.at(value, place, year["paid_amount"].cast(pl.Float64).to_numpy())
    np.add.at(units, place, year["qty"].cast(pl.Float64).to_numpy())
    found = dict(zip(IDS, price_levels(value, units), strict=True))
    for store, planted in truth["price_level"].items():
        assert found[store] == pytest.approx(planted["computed"], abs=1.5), store
        spread = 4 * planted["sample_sd"] + 0.01
        assert found[store] == pytest.approx(planted["sample_mean"], abs=spread), store


def test_levels_came_out_as_designed(truth: Truth) -> None:
    for store, level in truth["price_level"].items():
        assert level["computed"] == pytest.approx(level["designed"], abs=0.75), store
    for basket, level in truth["basket_level"].items():
        assert level["computed"] == pytest.approx(level["designed"], abs=1.0), basket
    subsidy = truth["subsidy_d1"]
    assert subsidy["points"]["computed"] == pytest.approx(6, abs=0.3)
    assert subsidy["paid_to_suggested"] < 1 < subsidy["paid_and_subsidy_to_suggested"]


def test_the_opening_came_out_as_designed(truth: Truth, sample_workspace: Path) -> None:
    diverted = truth["diversion_s1"]
    assert diverted["F1"]["computed"] == pytest.approx(0.40, abs=0.02)
    assert diverted["D1"]["computed"] == pytest.approx(0.25, abs=0.02)
    assert sum(share["computed"] for share in diverted.values()) == pytest.approx(1, abs=0.001)
    counted = history(sample_workspace)
    assert truth["history_s1"] == pytest.approx(counted, abs=1e-4)
    assert sum(counted.values()) == pytest.approx(1)


def test_conversion(lines: pl.DataFrame, sample_workspace: Path, truth: Truth) -> None:
    traffic = pl.read_parquet(sample_workspace / "traffic.parquet")
    recent = traffic.filter(pl.col("date") >= pl.date(2025, 10, 1))
    daily = recent.group_by("store_id", "date").agg(pl.col("visitors").sum())
    firsts = lines.filter(pl.col("line_no") == 1, ~pl.col("is_excluded"))
    orders = firsts.group_by("store_id", pl.col("ordered_at").dt.date().alias("date")).len()
    both = daily.join(orders, on=["store_id", "date"], how="left")
    rate = both.group_by("store_id").agg(pl.col("len").sum() / pl.col("visitors").sum())
    planted = {store: rates["computed"] for store, rates in truth["conversion"].items()}
    assert dict(rate.iter_rows()) == pytest.approx(planted, rel=0.02)


@pytest.mark.parametrize(("name", "tolerance"), [("units_per_order", 0.04), ("order_value", 0.04)])
def test_orders(year: pl.DataFrame, truth: Truth, name: str, tolerance: float) -> None:
    column = {"units_per_order": "qty", "order_value": "paid_amount"}[name]
    orders = pl.struct("store_id", "order_id").n_unique()
    found = year.group_by("store_id").agg(pl.col(column).cast(pl.Float64).sum() / orders)
    assert dict(found.iter_rows()) == pytest.approx(truth[name], rel=tolerance)


def test_mechanism_mix(year: pl.DataFrame, truth: Truth) -> None:
    names = ["markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross"]
    cuts = year.select(pl.col(f"discount_{name}").cast(pl.Float64) for name in names).to_numpy()
    listed = (year["qty"].cast(pl.Float64) * year["list_price"].cast(pl.Float64)).to_numpy()
    total = cuts.sum(axis=1)
    shares = np.column_stack([total == 0, cuts / np.maximum(total, 0.01)[:, None]])
    for store in IDS:
        mine = (year["store_id"] == store).to_numpy()
        found = listed[mine] @ shares[mine] / listed[mine].sum()
        for place, name in enumerate(["none", *names]):
            planted = truth["mechanism_mix"][store].get(name, 0.0)
            assert found[place] == pytest.approx(planted, abs=0.012), (store, name)


def test_service_keeps_its_order(sample_workspace: Path, truth: Truth) -> None:
    """Stores whose designed means lie well apart stand in that order in the sample too."""
    rows = pl.read_parquet(sample_workspace / "service.parquet")
    recent = rows.filter(pl.col("date") >= pl.date(2025, 10, 1), pl.col("n").is_not_null())
    mean = (pl.col("value") * pl.col("n")).sum() / pl.col("n").sum()
    found = {(s, m): v for s, m, v in recent.group_by("store_id", "metric").agg(mean).iter_rows()}
    for metric in ("rating_item", "first_response_s", "ship_hours", "deliver_hours"):
        planted = truth["service"][metric]
        best, worst = planted["best_first"][0], "D2"
        means = planted["designed"]
        assert (found[worst, metric] > found[best, metric]) == (means[worst] > means[best])
        for store, value in planted["computed"].items():
            assert found[store, metric] == pytest.approx(value, rel=0.06), (store, metric)


def test_distributors_are_slower_and_rated_lower(truth: Truth) -> None:
    service = truth["service"]
    for metric, sign in (("ship_hours", 1), ("first_response_s", 1), ("rating_service", -1)):
        means = service[metric]["computed"]
        for distributor in ("D1", "D2", "D3"):
            for store in ("F1", "F2", "S1", "M1"):
                assert sign * means[distributor] > sign * means[store]


def test_needs_prefer_stores(truth: Truth) -> None:
    share = truth["segments"]
    assert share["S1"]["own_cooking"] > 0.7
    assert share["F1"]["gift"] > 2 * share["D1"]["gift"]
    assert share["F1"]["new_product"] > 3 * share["D2"]["new_product"]
    assert share["D2"]["multi_buy"] > 3 * share["F1"]["multi_buy"]
    assert share["M1"]["convenience"] > 0.4
    for need, part in share["D2"].items():
        assert part == pytest.approx(share["D3"][need], abs=0.01)


def test_deals_lift_units(truth: Truth) -> None:
    for name, lift in truth["lift"].items():
        assert lift["caused"] > 1.05, name
