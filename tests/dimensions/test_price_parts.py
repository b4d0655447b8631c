"""Rungs behind the paid price, and levels of parts of the range: categories, packs by content."""

from __future__ import annotations

import math
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions import price
from channelscope.dimensions._price_levels import Paid, match
from channelscope.domain import Outcome, Rung, TimeGrain
from channelscope.stats.multilateral import cpd
from tests.dimensions.small_cubes import scope, session, sold

SKUS = [f"s{at}" for at in range(8)]
BASE = {sku: 10.0 + 3 * at for at, sku in enumerate(SKUS)}


def product(sku: str, category: str, **more: Any) -> dict[str, Any]:
    return {"sku": sku, "title": sku, "category": category, **more}


def index_of(*stores: str, rows: list[Any], **tables: Any) -> pl.DataFrame:
    asked = scope(*stores)
    return price.compare(session(asked, sku_weeks=rows, **tables), asked)["price_index"]


def level(index: pl.DataFrame, store: str, **part: Any) -> dict[str, Any]:
    wanted = {"category": "all", "unit": "piece", "rung": str(Rung.REALISED), **part}
    return index.filter(store_id=store, **wanted).row(0, named=True)


def with_platform(ratio: float, share: float) -> list[Any]:
    """F1 at the base price, D1 at `ratio` of it, of which the platform gives back `share`."""
    rows = []
    for at, (sku, base) in enumerate(BASE.items()):
        for store, part, added in (("F1", 1.0, 0.0), ("D1", ratio, share)):
            row = sold(store, sku, units=2 + at, price=base * part)
            row["platform_amount"] = Decimal(str(round((2 + at) * base * added, 4)))
            rows.append(row)
    return rows


def test_the_merchants_price_has_the_platforms_money_in_it() -> None:
    index = index_of("F1", "D1", rows=with_platform(0.85, 0.06))
    assert level(index, "D1")["value"] == pytest.approx(85)
    assert level(index, "D1", rung="merchant")["value"] == pytest.approx(91)


def test_without_platform_money_there_is_no_merchants_price() -> None:
    rows = [sold(store, sku, units=2, price=base) for store in ("F1", "D1")
            for sku, base in BASE.items()]  # fmt: skip
    assert set(index_of("F1", "D1", rows=rows)["rung"]) == {"list", "realised"}


def test_the_pocket_price_takes_off_what_every_store_knows() -> None:
    rows = with_platform(0.85, 0.06)
    money = (
        pl.DataFrame(rows)
        .group_by("store_id")
        .agg(
            pl.col("sales").sum().cast(float),
            worth=(pl.col("paid_amount") + pl.col("platform_amount")).sum().cast(float),
        )
    )
    sales, worth = (dict(money.select("store_id", name).iter_rows()) for name in ("sales", "worth"))
    known = (
        ("F1", "commission_rate", 0.05), ("D1", "commission_rate", 0.2),
        ("F1", "ad_spend", 0.3),  # known for one store alone: in no price that is compared
    )  # fmt: skip
    costs = [
        {"store_id": store, "kind": kind, "amount": worth[store] * share,
         "known_sales": sales[store]}
        for store, kind, share in known
    ]  # fmt: skip
    index = index_of("F1", "D1", rows=rows, cost_amounts=costs)
    assert level(index, "D1", rung="pocket")["value"] == pytest.approx(91 * 0.8 / 0.95)


def test_each_category_has_its_own_level_and_links() -> None:
    products = [product(sku, "pans" if at < 5 else "cups") for at, sku in enumerate(SKUS)]
    cheap = {"pans": 0.8, "cups": 0.5}
    rows = [
        sold(store, row["sku"], units=3,
             price=BASE[row["sku"]] * (cheap[row["category"]] if store == "D1" else 1))
        for store in ("F1", "D1") for row in products
    ]  # fmt: skip
    index = index_of("F1", "D1", rows=rows, products=products)
    assert level(index, "D1", category="pans")["value"] == pytest.approx(80)
    assert level(index, "D1", category="pans")["coverage"] == pytest.approx(1)
    # Three products of a category are no link, though eight of the range are.
    cups = level(index, "D1", category="cups")
    assert (cups["value"], cups["outcome"]) == (None, Outcome.NOT_IDENTIFIABLE)
    assert cups["outcome_reason"] == "reason.not_linked"
    assert level(index, "D1")["value"] < 80


def test_one_category_is_the_whole_range() -> None:
    products = [product(sku, "pans") for sku in SKUS]
    rows = [sold(s, sku, units=2, price=BASE[sku]) for s in ("F1", "D1") for sku in SKUS]
    assert set(index_of("F1", "D1", rows=rows, products=products)["category"]) == {"all"}


def test_packs_meet_by_what_is_in_them() -> None:
    """F1 sells small packs, D1 large ones of the same goods: no product in common but the drink."""
    products, rows = [], []
    for at in range(6):
        for size, store, per_ml in ((250, "F1", 0.02), (1000, "D1", 0.015)):
            sku = f"d{at}-{size}"
            title = f"Drink {'abcdef'[at]} {size} ml"
            products.append(product(sku, "drinks", title=title, unit="ml", unit_size=float(size)))
            rows.append(sold(store, sku, units=3 + at, price=size * per_ml * (1 + at / 10)))
    index = index_of("F1", "D1", rows=rows, products=products)
    assert level(index, "D1")["outcome_reason"] == "reason.no_shared_products"
    assert level(index, "D1", unit="ml")["value"] == pytest.approx(75)
    assert level(index, "D1", unit="ml")["matched_skus"] == 6


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_levels_are_base_invariant_and_transitive_with_missing_links(seed: int) -> None:
    """Stores of which some never meet: what one base says of two others, every base says."""
    random = np.random.default_rng(seed)
    logs, noise = random.uniform(-0.5, 0.5, 4), random.uniform(-0.2, 0.2, 32)
    stores = ("A", "B", "C", "D")
    rows = []
    for place, store in enumerate(stores):
        for at, sku in enumerate(SKUS):
            # D sells five products, and of these B has two: they are linked through A and C.
            if (place == 3 and at < 3) or (place == 1 and at > 4):
                continue
            part = math.exp(logs[place] + noise[place * 8 + at])
            rows.append(sold(store, sku, units=1 + (at * 7 + place * 3) % 5,
                             price=BASE[sku] * part))  # fmt: skip
    levels = {}
    for base in stores:
        asked = scope(base, *(store for store in stores if store != base))
        made = session(asked, sku_weeks=rows)
        matched = match(
            made, asked, Paid.read(made, asked), rung=Rung.REALISED, grain=TimeGrain.WEEK
        )
        made.close()
        found = matched.levels(0).log_level
        levels[base] = dict(zip(asked.store_ids, found, strict=True))
        places = [asked.store_ids.index(store) for store in ("B", "D")]
        assert not matched.linked[places[0], places[1]]
        assert not np.isnan(found).any()
    for base in stores:
        for a in stores:
            for b in stores:
                assert levels[base][a] - levels[base][b] == pytest.approx(levels[b][a], abs=1e-12)


def test_levels_agree_with_the_country_product_dummy_method() -> None:
    """Where every price is a product's times a store's, both find the store's factor exactly."""
    factors = {"F1": 1.0, "D1": 0.82, "M1": 0.91}
    missing = {("M1", "s0"), ("D1", "s7")}
    cells = [(s, sku) for s in factors for sku in SKUS if (s, sku) not in missing]
    rows = [
        sold(store, sku, units=2 + at % 4, price=BASE[sku] * factors[store])
        for at, (store, sku) in enumerate(cells)
    ]
    index = index_of(*factors, rows=rows)
    prices = np.array([
        [BASE[sku] * factors[s] if (s, sku) not in missing else np.nan for s in factors]
        for sku in SKUS
    ])  # fmt: skip
    weights = np.where(np.isnan(prices), 0.0, 1.0)
    levels = cpd(prices, weights)
    for at, store in enumerate(factors):
        assert level(index, store)["value"] == pytest.approx(100 * levels[at], rel=1e-9)
