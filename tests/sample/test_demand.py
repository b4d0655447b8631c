"""How far needs are divided in the simulation, counted without a query of the package."""

from __future__ import annotations

import tomllib

import numpy as np
import polars as pl
import pytest

from channelscope.results import Results
from sample_data.generator.demand import Demand, demand_block, division, divisions, price_tiers
from sample_data.generator.simulation import Design, simulate
from sample_data.generator.stores import IDS


@pytest.fixture(scope="module")
def demand(design: Design) -> Demand:
    """The demand of the shipped sample: the run that made it."""
    found = Demand(design.catalogue)
    for _ in found.watch(simulate(design)):
        pass
    return found


def test_rows_and_columns_that_go_together_are_divided_entirely() -> None:
    assert division(np.array([[4.0, 0.0], [0.0, 2.0]])) == pytest.approx(1)
    assert division(np.array([[4.0, 0.0, 0.0], [0.0, 3.0, 3.0]])) == pytest.approx(1)
    assert division(np.array([[2.0, 4.0], [1.0, 2.0]])) == pytest.approx(0)
    # By hand: shares 3/8 and 1/8, both entropies one bit.
    half = 0.75 * np.log2(1.5) + 0.25 * np.log2(0.5)
    assert division(np.array([[3.0, 1.0], [1.0, 3.0]])) == pytest.approx(half)


def test_tiers_are_thirds_of_a_category_by_price() -> None:
    price = np.array([5.0, 1.0, 3.0, 3.0, 9.0, 7.0, 0.0, 2.0])
    category = np.array([0, 0, 0, 0, 0, 0, 0, 1])
    assert price_tiers(price, category).tolist() == [1, 0, 0, 0, 2, 2, -1, 0]


def test_the_package_counts_the_orders_of_the_sample_as_the_simulation_does(
    demand: Demand, sample_results: Results
) -> None:
    """Order by order: the shares of every store and segment are the simulation's own."""
    rows = sample_results.tables["segments"].drop_nulls("share")
    names = {"basket_use": ["own", "gift"], "brand_history": ["first", "repeat"],
             "promotion": ["discounted", "full_price"],
             "price_tier": ["entry", "middle", "premium"]}  # fmt: skip
    compared = 0
    for name, table in demand.all_tables.items():
        told = rows.filter(segment_set=name)
        order = names.get(name) or told["segment"].unique().sort().to_list()
        if name == "category":
            order = sorted(order, key=lambda text: CATEGORY_ORDER.index(text.split(" ")[0]))
        for row in told.iter_rows(named=True):
            mine = table[IDS.index(row["store_id"])]
            assert row["n"] == mine.sum()
            assert row["share"] == pytest.approx(
                mine[order.index(row["segment"])] / mine.sum(), abs=1e-12
            ), row
            compared += 1
    assert compared > 100


CATEGORY_ORDER = ["Cookware", "Knives", "Baking", "Tableware", "Drinkware", "Food"]


def test_the_index_of_the_sample_is_that_of_the_simulation_less_chance(
    demand: Demand, sample_results: Results
) -> None:
    told = sample_results.tables["diversion"].drop_nulls("index")
    at = {(row["segment_set"], row["scope"]): row for row in told.iter_rows(named=True)}
    found = {(name, scope): index for name, circles in divisions(demand).items()
             for scope, index in circles.items()}  # fmt: skip
    assert set(at) == set(found)
    for key, index in found.items():
        null = at[key]["null_mean"]
        assert at[key]["index"] == pytest.approx((index - null) / (1 - null), abs=1e-9), key
        assert 0 < null < 0.001


def test_the_block_can_be_read(demand: Demand) -> None:
    read = tomllib.loads(demand_block(demand))["diversion_index"]
    assert set(read) == {"category", "price_tier", "basket_use", "brand_history", "promotion"}
    assert set(read["category"]) == {"all", "tmall", "jd", "pdd"}
    assert set(read["brand_history"]) == {"tmall", "jd"}
    assert read["promotion"]["all"] > 0.5


def test_months_pass_as_they_are(design: Design) -> None:
    months = list(simulate(design, lines=3000))
    passed = list(Demand(design.catalogue).watch(months))
    assert all(a.equals(b) for a, b in zip(months, passed, strict=True))
    assert pl.concat(passed).height > 2000
