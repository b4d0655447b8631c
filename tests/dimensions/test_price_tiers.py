"""Price tiers: shares, intervals and what is claimed of the premium share, on small cubes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope.dimensions import _price_tiers
from channelscope.domain import Outcome
from channelscope.results import TABLES
from tests.dimensions.small_cubes import scope, seen, session, sold

PANS = {"a": 10.0, "b": 11.0, "c": 20.0, "d": 21.0, "e": 30.0, "f": 31.0}
GROUPS = [f"{number:02x}" for number in range(40)]
PRODUCTS = [{"sku": sku, "title": sku, "category": "pans"} for sku in PANS] + [
    {"sku": "pot", "title": "pot", "category": "pots"}
]


def bought(store: str, mix: dict[str, float], *, seed: int, units: float = 1) -> Any:
    """What forty groups of buyers bought: products by chance, at their list prices."""
    random = np.random.default_rng(seed)
    weight = np.array(list(mix.values())) / sum(mix.values())
    for group in GROUPS:
        sku = str(random.choice(list(mix), p=weight))
        amount = Decimal(str(round(units * PANS.get(sku, 5.0), 2)))
        yield {
            "store_id": store, "sku": sku, "buyer_group": group, "units": Decimal(str(units)),
            "sales": amount, "paid_amount": amount,
        }  # fmt: skip


def cells(groups: list[dict[str, Any]]) -> list[Any]:
    """The weekly cells of the same purchases, all products sold somewhere at their list price."""
    pairs = {(row["store_id"], row["sku"]): 0.0 for row in groups}
    return [
        sold(store, sku, units=2, price=1, list_price=PANS.get(sku, 5.0)) for store, sku in pairs
    ] + [sold("Z9", sku, units=1, price=1, list_price=price) for sku, price in PANS.items()]


def told(*stores: str, groups: list[dict[str, Any]], **tables: Any) -> pl.DataFrame:
    asked = scope(*stores)
    given = {"sku_weeks": cells(groups), "sku_groups": groups, "products": PRODUCTS, **tables}
    with_session = session(asked, **given)
    found = _price_tiers.tiers(with_session, asked)
    with_session.close()
    assert found.schema == TABLES["price_tiers"]
    return found


def cell(found: pl.DataFrame, store: str, tier: str) -> dict[str, Any]:
    return found.row(
        by_predicate=(pl.col("store_id") == store) & (pl.col("tier") == tier), named=True
    )


EVEN = dict.fromkeys(PANS, 1.0)
CHEAP = {"a": 10.0, "b": 10.0, "c": 1.0, "e": 1.0}
MIXED = {"a": 3.0, "b": 3.0, "c": 2.0, "e": 2.0}


def test_shares_add_up_and_lie_in_their_intervals() -> None:
    groups = [*bought("F1", EVEN, seed=1), *bought("D1", MIXED, seed=2)]
    found = told("F1", "D1", groups=groups)
    money = dict.fromkeys(("F1", "D1"), 0.0)
    premium = dict(money)
    for row in groups:
        money[row["store_id"]] += float(row["sales"])
        premium[row["store_id"]] += float(row["sales"]) * (row["sku"] in ("e", "f"))
    for store in ("F1", "D1"):
        rows = [cell(found, store, tier) for tier in _price_tiers.TIERS]
        assert sum(row["share"] for row in rows) == pytest.approx(1)
        assert rows[2]["share"] == pytest.approx(premium[store] / money[store])
        assert all(row["lo"] < row["share"] < row["hi"] for row in rows)
        assert [(r["from_price"], r["to_price"]) for r in rows] == [(10, 11), (20, 21), (30, 31)]
    assert [cell(found, "D1", tier)["skus"] for tier in _price_tiers.TIERS] == [2, 1, 1]


def test_a_premium_share_far_from_the_references_differs_and_a_like_one_does_not() -> None:
    groups = [
        *bought("F1", EVEN, seed=1), *bought("D1", CHEAP, seed=2), *bought("M1", EVEN, seed=3)
    ]  # fmt: skip
    found = told("F1", "D1", "M1", groups=groups)
    outcomes = {store: cell(found, store, "premium")["outcome"] for store in ("F1", "D1", "M1")}
    assert outcomes == {"F1": None, "D1": Outcome.DIFFERS, "M1": Outcome.UNCLEAR}
    assert cell(found, "D1", "premium")["p_adjusted"] <= 0.05
    assert found.filter(pl.col("tier") != "premium")["outcome"].null_count() == found.height - 3


def test_the_same_purchases_in_both_stores_are_the_same() -> None:
    mine = list(bought("F1", EVEN, seed=4, units=9))
    theirs = [{**row, "store_id": "D1"} for row in mine]
    # One piece more for one group: buyers that never differ at all would show no spread.
    theirs[0] = {**theirs[0], "sales": theirs[0]["sales"] + 1}
    row = cell(told("F1", "D1", groups=[*mine, *theirs]), "D1", "premium")
    assert row["outcome"] == Outcome.SAME


def test_a_small_category_has_no_tiers_and_says_so() -> None:
    groups = [*bought("F1", {**EVEN, "pot": 2.0}, seed=5), *bought("D1", {"pot": 1.0}, seed=6)]
    found = told("F1", "D1", groups=groups)
    rows = found.filter(category="pots")
    assert rows["tier"].to_list() == ["all", "all"]
    assert set(rows["outcome_reason"]) == {"reason.few_products"}
    assert rows["share"].null_count() == rows["outcome"].null_count() == 2


def test_few_pieces_bear_no_claim() -> None:
    few = list(bought("D1", CHEAP, seed=2))[:20]
    row = cell(told("F1", "D1", groups=[*bought("F1", EVEN, seed=1), *few]), "D1", "premium")
    assert row["share"] is not None
    assert (row["outcome"], row["outcome_reason"]) == (
        Outcome.NOT_IDENTIFIABLE, "reason.few_pieces"
    )  # fmt: skip


def test_a_tier_that_no_buyer_touched_is_as_sure_as_the_pieces_are_many() -> None:
    groups = [*bought("F1", EVEN, seed=1), *bought("D1", {"a": 1, "c": 1}, seed=7)]
    row = cell(told("F1", "D1", groups=groups), "D1", "premium")
    assert (row["share"], row["lo"]) == (0, 0) and 0 < row["hi"] < 0.15


def test_a_store_known_by_its_shelf_counts_its_products_and_no_shares() -> None:
    shelf = [seen("X1", sku, list_price=p, activity=p, one_piece=p) for sku, p in PANS.items()]
    groups = list(bought("F1", EVEN, seed=1))
    found = told("F1", "X1", groups=groups, shelf_weeks=shelf[:5])
    rows = [cell(found, "X1", tier) for tier in _price_tiers.TIERS]
    assert [row["skus"] for row in rows] == [2, 2, 1]
    assert {row["share"] for row in rows} == {None}
    assert {row["outcome_reason"] for row in rows} == {"reason.snapshots_only"}


def test_shelves_alone_have_tiers_and_nothing_at_all_has_no_rows() -> None:
    shelf = [seen("X1", sku, list_price=p, activity=p, one_piece=p) for sku, p in PANS.items()]
    found = told("F1", "X1", groups=[], sku_weeks=[], shelf_weeks=shelf)
    assert found["tier"].to_list() == list(_price_tiers.TIERS)
    assert told("F1", "X1", groups=[], sku_weeks=[]).is_empty()
