"""Product mix on a few sales worked out by hand, and against a recount without each buyer group."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions import product
from channelscope.stats.intervals import t_quantile, wilson
from tests.dimensions.small_cubes import scope
from tests.dimensions.small_sales import (
    COUNTED,
    GROUPS,
    PRODUCTS,
    SALES,
    compared,
    metric,
    on_shelf,
    sale,
    value,
)


def test_counts_of_products_and_categories() -> None:
    found = compared("F", "D", rows=SALES)
    assert [value(found, name, "F") for name in COUNTED] == [4, 2, 2, 2]
    assert [value(found, name, "D") for name in COUNTED] == [3, 2, 1.5, 1]
    assert metric(found, "active_skus", "F")["n"] == 7
    assert metric(found, "active_skus", "D")["n"] == 5
    assert metric(found, "active_skus", "F")["coverage"] == 1


def test_shares_of_money() -> None:
    found = compared("F", "D", rows=SALES)
    assert value(found, "exclusive_sales_share", "F") == pytest.approx(42 / 127)
    assert value(found, "exclusive_sales_share", "D") == pytest.approx(16 / 60)
    new = metric(found, "new_product_share", "F")
    assert new["value"] == pytest.approx(60 / 85)
    assert new["coverage"] == pytest.approx(85 / 127)
    assert value(found, "full_price_share", "F") == pytest.approx(40 / 254)


def test_concentration_and_diversity_of_sales() -> None:
    found = compared("F", "D", rows=SALES)
    shares = [60 / 127, 25 / 127, 40 / 127, 2 / 127]
    assert value(found, "top10_share", "F") == pytest.approx(1)
    assert value(found, "hill_0", "F") == 4
    assert value(found, "hill_1", "F") == pytest.approx(
        math.exp(-sum(s * math.log(s) for s in shares))
    )
    assert value(found, "hill_2", "F") == pytest.approx(1 / sum(s**2 for s in shares))


def test_ten_best_sellers_of_twelve() -> None:
    rows = [sale("F", f"p{i:02}", "0a", 10 + i) for i in range(12)]
    found = compared("F", rows=rows, products=())
    assert value(found, "top10_share", "F") == pytest.approx(1 - (10 + 11) / (12 * 10 + 66))


SCALES: dict[str, tuple[Any, Any]] = {
    "identity": (lambda x: x, lambda x: x),
    "log": (np.log, np.exp),
    "logit": (lambda x: np.log(x / (1 - x)), lambda x: 1 / (1 + np.exp(-x))),
}


@pytest.mark.parametrize(
    ("name", "scale", "groups"),
    [
        ("hill_1", "log", GROUPS), ("hill_2", "log", GROUPS),
        ("exclusive_sales_share", "logit", GROUPS), ("full_price_share", "logit", GROUPS),
        # In group 0d F sold nothing whose launch date is known: no block of this statistic.
        ("new_product_share", "logit", GROUPS[:3]),
    ],
)  # fmt: skip
def test_intervals_recount_everything_without_one_buyer_group(
    name: str, scale: str, groups: tuple[str, ...]
) -> None:
    whole = compared("F", "D", rows=SALES)
    forth, back = SCALES[scale]
    without = [
        value(compared("F", "D", rows=[r for r in SALES if r["buyer_group"] != group]), name, "F")
        for group in groups
    ]
    draws, middle = forth(np.array(without)), forth(np.array(value(whole, name, "F")))
    size = len(groups)
    error = math.sqrt((size - 1) / size * ((draws - draws.mean()) ** 2).sum())
    half = float(t_quantile(size - 1)) * error
    row = metric(whole, name, "F")
    assert error > 0
    assert row["lo"] == pytest.approx(max(back(middle - half), 1 if scale == "log" else 0))
    assert row["hi"] == pytest.approx(back(middle + half))


@pytest.mark.parametrize("name", [*COUNTED, "hill_0"])
def test_counts_have_no_interval(name: str) -> None:
    row = metric(compared("F", "D", rows=SALES), name, "F")
    assert row["value"] is not None
    assert (row["lo"], row["hi"], row["outcome_reason"]) == (None, None, None)


def test_all_sales_in_ten_products_are_as_sure_as_their_lines() -> None:
    row = metric(compared("F", "D", rows=SALES), "top10_share", "F")
    share = wilson(row["n"], row["n"])
    assert (row["value"], row["lo"], row["hi"]) == (1, pytest.approx(float(share.lo)), 1)


def test_one_product_is_never_fewer() -> None:
    rows = [sale("F", "a", f"{i}a", 90) for i in range(4)] + [sale("F", "b", "0a", 1)]
    row = metric(compared("F", rows=rows), "hill_2", "F")
    assert 1 == row["lo"] <= row["value"] <= row["hi"]


def test_refunds_beyond_all_sales_leave_nothing_to_take_shares_of() -> None:
    found = compared("F", rows=[sale("F", "a", "0a", 10), sale("F", "b", "0b", -30)])
    for name in ("top10_share", "hill_0", "hill_1", "hill_2", "exclusive_sales_share"):
        row = metric(found, name, "F")
        assert (row["value"], row["coverage"]) == (None, None)
        assert row["outcome_reason"] == "reason.net_sales_not_positive"
    assert value(found, "active_skus", "F") == 2


def test_groups_in_which_a_store_sold_nothing_are_no_blocks_of_it() -> None:
    more = [*SALES, *(sale("D", "b", f"{i}e", 3) for i in range(4))]
    alone, beside = compared("F", "D", rows=SALES), compared("F", "D", rows=more)
    for name in ("hill_1", "hill_2"):
        assert metric(alone, name, "F") == metric(beside, name, "F")


def test_refunds_beyond_what_was_paid_leave_no_place_in_the_mix() -> None:
    rows = [sale("F", "a", "0a", 30), sale("F", "b", "0a", 10), sale("F", "c", "0b", -5)]
    found = compared("F", rows=rows)
    assert value(found, "active_skus", "F") == 3
    assert value(found, "hill_0", "F") == 2
    assert value(found, "hill_2", "F") == pytest.approx(1 / (0.75**2 + 0.25**2))


def test_sell_through_needs_listings() -> None:
    listed = [on_shelf("F", sku) for sku in "abdyz"]
    found = compared("F", "D", rows=SALES, listed=listed)
    row = metric(found, "sell_through", "F")
    assert row["value"] == pytest.approx(2 / 5)
    assert row["n"] == 5
    assert row["coverage"] == pytest.approx(2 / 4)
    other = metric(found, "sell_through", "D")
    assert (other["value"], other["outcome_reason"]) == (None, "reason.no_listings")


def test_new_products_need_launch_dates() -> None:
    undated = [{**row, "launched_on": None} for row in PRODUCTS]
    row = metric(compared("F", "D", rows=SALES, products=undated), "new_product_share", "F")
    assert (row["value"], row["outcome_reason"]) == (None, "reason.no_launch_dates")


def test_store_known_by_its_shelf_alone_is_counted_there() -> None:
    listed = [on_shelf("X", "b"), on_shelf("X", "c"), on_shelf("F", "b")]
    found = compared("F", "D", "X", rows=SALES, listed=listed)
    assert [value(found, name, "X") for name in COUNTED] == [2, 2, 1, 0]
    row = metric(found, "active_skus", "X")
    assert row["outcome_reason"] == "reason.counted_on_shelf"
    assert (row["lo"], row["hi"], row["n"], row["coverage"]) == (None, None, None, None)
    rest = found["metrics"].filter(~pl.col("metric").is_in(COUNTED), store_id="X")
    assert rest["value"].null_count() == rest.height == 8
    assert set(rest["outcome_reason"]) == {"reason.snapshots_only"}
    # c is no longer F's own, because X lists it.
    assert value(found, "exclusive_skus", "F") == 1


def test_workspace_of_shelves_alone() -> None:
    listed = [on_shelf("X", "b"), on_shelf("X", "c"), on_shelf("Y", "b")]
    found = compared("X", "Y", "Z", rows=[], listed=listed)
    assert [value(found, "active_skus", store) for store in "XYZ"] == [2, 1, None]
    assert metric(found, "active_skus", "Z")["outcome_reason"] == "reason.no_sales"
    assert metric(found, "hill_1", "X")["outcome_reason"] == "reason.snapshots_only"
    pairs = found["assortment_pairs"].select("shared_skus", "jaccard").rows()
    assert pairs == [(1, 0.5), (None, None), (None, None)]


def test_nothing_at_all_is_not_known_and_no_error() -> None:
    found = compared("F", "D", rows=[])
    assert found["metrics"]["value"].null_count() == found["metrics"].height == 24
    assert set(found["metrics"]["outcome_reason"]) == {"reason.no_sales"}
    assert found["assortment_pairs"].height == 0


def test_off_only_without_sales_and_shelves() -> None:
    assert product.off(scope("F", present=())) == "off.no_assortment"
    assert product.off(scope("F", present=("price_snapshots",))) is None
