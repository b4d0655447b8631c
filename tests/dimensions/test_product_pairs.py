"""How much two stores have in common: by hand, recounted, split at random, renamed, rescaled."""

from __future__ import annotations

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.stats.intervals import t_quantile
from tests.dimensions.small_sales import (
    GROUPS,
    PRODUCTS,
    SALES,
    Row,
    compared,
    on_shelf,
    sale,
)


def divergence(p: list[float], q: list[float]) -> float:
    """Jensen-Shannon divergence in bits, spelt out."""
    p, q = [x / sum(p) for x in p], [x / sum(q) for x in q]
    parts = [
        (x * math.log2(2 * x / (x + y)) if x else 0) + (y * math.log2(2 * y / (x + y)) if y else 0)
        for x, y in zip(p, q, strict=True)
    ]
    return sum(parts) / 2


def test_pair_of_stores() -> None:
    (row,) = compared("F", "D", rows=SALES)["assortment_pairs"].to_dicts()
    assert (row["store_a"], row["store_b"]) == ("D", "F")
    assert (row["shared_skus"], row["jaccard"]) == (2, 0.4)
    assert row["shared_sales"] == pytest.approx(6 / 60 + 25 / 127)
    assert row["divergence_sku"] == pytest.approx(divergence([6, 38, 0, 16, 0], [60, 25, 40, 0, 2]))
    assert row["divergence_category"] == pytest.approx(divergence([44, 0, 16], [87, 40, 0]))


@pytest.mark.parametrize("name", ["divergence_sku", "divergence_category"])
def test_divergence_recounts_both_stores_without_one_buyer_group(name: str) -> None:
    (whole,) = compared("F", "D", rows=SALES)["assortment_pairs"].to_dicts()
    without = np.array([
        compared("F", "D", rows=[r for r in SALES if r["buyer_group"] != group])[
            "assortment_pairs"
        ][name][0]
        for group in GROUPS
    ])  # fmt: skip
    half = float(t_quantile(3)) * math.sqrt(3 / 4 * ((without - without.mean()) ** 2).sum())
    assert whole[f"{name}_lo"] == pytest.approx(max(whole[name] - half, 0))
    assert whole[f"{name}_hi"] == pytest.approx(min(whole[name] + half, 1))


def dealt(seed: int, stores: str = "FD") -> list[Row]:
    """Sales of buyers with one taste who choose their store by chance."""
    rng = np.random.default_rng(seed)
    skus, groups, names = list("abcd"), [f"{i:02}" for i in range(24)], list(stores)
    orders = pl.DataFrame(
        {
            "store_id": rng.choice(names, 3000),
            "sku": rng.choice(skus, 3000, p=[0.4, 0.3, 0.2, 0.1]),
            "buyer_group": rng.choice(groups, 3000),
        }
    )
    cells = orders.group_by(orders.columns).len().sort(orders.columns)
    return [sale(s, k, g, float(n)) for s, k, g, n in cells.iter_rows()]


@pytest.mark.parametrize("seed", range(3))
def test_one_store_split_at_random_hardly_diverges(seed: int) -> None:
    (row,) = compared("F", "D", rows=dealt(seed))["assortment_pairs"].to_dicts()
    assert row["divergence_sku"] < 0.005
    assert row["divergence_sku_hi"] < 0.01
    assert row["shared_sales"] > 0.94


def test_twins_do_not_diverge_at_all() -> None:
    rows = [{**row, "store_id": store} for row in dealt(1, "F") for store in "FD"]
    (row,) = compared("F", "D", rows=rows)["assortment_pairs"].to_dicts()
    assert [row[f"divergence_sku{end}"] for end in ("", "_lo", "_hi")] == [0, 0, 0]
    assert row["shared_sales"] == pytest.approx(1)


@settings(deadline=None, max_examples=15)
@given(st.permutations("abcde"), st.integers(2, 50))
def test_names_of_products_and_size_of_stores_do_not_matter(names: list[str], times: int) -> None:
    renamed = dict(zip("abcde", names, strict=True))
    rows = [
        {**row, "sku": renamed[row["sku"]], "sales": row["sales"] * times,
         "paid_amount": row["paid_amount"] * times,
         "full_price_amount": row["full_price_amount"] * times}
        for row in SALES
    ]  # fmt: skip
    products = [{**row, "sku": renamed[row["sku"]]} for row in PRODUCTS]
    found, known = compared("F", "D", rows=rows, products=products), compared("F", "D", rows=SALES)
    for table in ("metrics", "assortment_pairs"):
        for name in found[table].select(pl.selectors.float()).columns:
            got, want = found[table][name].to_list(), known[table][name].to_list()
            assert got == pytest.approx(want, nan_ok=True, abs=1e-12), name


def test_pair_with_a_shelf_compares_shelf_with_shelf_where_it_can() -> None:
    listed = [on_shelf("X", "b"), on_shelf("X", "c"), on_shelf("F", "b")]
    found = compared("F", "D", "X", rows=SALES, listed=listed)
    pairs = {(r["store_a"], r["store_b"]): r for r in found["assortment_pairs"].to_dicts()}
    assert list(pairs) == [("D", "F"), ("D", "X"), ("F", "X")]
    assert (pairs["F", "X"]["shared_skus"], pairs["F", "X"]["jaccard"]) == (1, 0.5)
    assert (pairs["D", "X"]["shared_skus"], pairs["D", "X"]["jaccard"]) == (1, 0.25)
    unknown = {n: v for n, v in pairs["F", "X"].items() if n not in ("shared_skus", "jaccard")}
    assert set(list(unknown.values())[2:]) == {None}
