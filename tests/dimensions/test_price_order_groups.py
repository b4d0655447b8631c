"""The price order of groups: every store is looked at by itself, its days are added up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import polars as pl
import pytest

from channelscope.domain import Scope, Store
from channelscope.stats.resampling import Scale, jackknife
from tests.dimensions.small_cubes import MONDAY, scope
from tests.dimensions.test_price_order import BOTH, Rows, found, lines, measured, offer, shelf, told

FLAGSHIP, OTHERS = "kind:flagship", "kind:distributor"


def grouped(*members: str) -> Scope:
    """F1 and F2 as the reference, the others as one group."""
    stores = tuple(
        Store(name, name, "mixed", "mixed", members=part)
        for name, part in ((FLAGSHIP, ("F1", "F2")), (OTHERS, members))
    )
    return replace(scope(FLAGSHIP, OTHERS, present=BOTH), stores=stores)


def of_groups(rows: Rows, sold: Rows = (), *, joined: Rows = (), **more: Any) -> Any:
    """The tables of D1 and D2 as a group; `joined`: shelf prices of the groups themselves."""
    return found(
        list(joined), sold, asked=grouped("D1", "D2"), member_shelf_weeks=list(rows), **more
    )


def row_of(tables: dict[str, pl.DataFrame], store: str = OTHERS) -> Any:
    return tables["price_gaps"].filter(store_id=store).row(0, named=True)


def test_a_mean_of_two_prices_is_nobodys_price() -> None:
    # 8 is suggested: D1 asks 7, D2 12 in one week; their mean of 9.50 is not below.
    rows = [shelf("D1", 7), shelf("D2", 12), shelf("D2", 12, week=1)]
    row = row_of(of_groups(rows, joined=[shelf(OTHERS, 9.5)]))
    assert (row["days"], row["days_below"]) == (21, 7)
    assert row["price"] == pytest.approx((7 + 12 + 12) / 3, abs=1e-4)
    assert row["depth"] == pytest.approx(1 - 7 / 8)


def test_days_units_and_money_of_the_stores_are_added_up() -> None:
    # D1 by the platform's money on 7 days; D2 by its own on 14, of which it sold 3 and 2 pieces.
    rows = [shelf("D1", 7.6), shelf("D2", 7.0), shelf("D2", 7.5, week=1)]
    sold = [
        lines("D1", platform=0.9, markdown=1.5, subsidy=0.9),
        lines("D2", platform=0, markdown=3.0, units=3),
        lines("D2", platform=0, markdown=2.5, units=2, week=1),
    ]
    weeks = [
        {
            **{name: line[name] for name in ("store_id", "sku", "week_start", "units")},
            "month_start": MONDAY.replace(day=1), "paid_amount": 0, "list_amount": 0,
        }
        for line in sold
    ]  # fmt: skip
    tables = of_groups(rows, sold, sku_weeks=weeks)
    row = row_of(tables)
    assert (row["days"], row["days_below"], row["days_own"]) == (21, 21, 14)
    # Most days are D2's, so its cause is the group's.
    assert told(row) == ("markdown", "merchant")
    assert (row["units"], row["shortfall_amount"]) == (9, 3 * 1.0 + 2 * 0.5)
    assert measured(tables, "own_breach_share", OTHERS)["value"] == pytest.approx(14 / 21)
    assert measured(tables, "platform_gap_share", OTHERS)["value"] == pytest.approx(7 / 21)


def test_what_explains_a_store_is_its_own() -> None:
    # D2's subsidy and promotions do not make D1's price the platform's.
    rows = [shelf("D1", 7.6), shelf("D2", 12)]
    sold = [lines("D2", platform=5.0, subsidy=5.0, units=50)]
    other = {**offer("q", "subsidy", benefit=0.5, share=0.0), "store_id": "D2"}
    row = row_of(of_groups(rows, sold, promotions=[offer("p", "markdown", benefit=0.24), other]))
    assert told(row) == ("markdown", "merchant")


def test_gaps_are_to_the_mean_price_of_the_reference_group() -> None:
    # The flagships ask 10 and 6 for b, 8 on average: 7.50 is below that, not below the cheaper.
    rows = [shelf("F1", 10, sku="b"), shelf("F2", 6, sku="b"), shelf("D1", 7.5, sku="b")]
    tables = of_groups(rows, joined=[shelf(FLAGSHIP, 8, sku="b")], products=[])
    row = row_of(tables)
    assert (row["days_gap"], row["reference_price"]) == (7, 8)
    assert row["ratio"] == pytest.approx(7.5 / 8)
    # F2 is cheaper than its own group, which is no gap to itself.
    assert set(tables["price_gaps"]["store_id"]) == {OTHERS}


def test_one_store_of_a_group_without_a_shelf_puts_all_on_the_realised_rung() -> None:
    paid = [
        {"store_id": store, "sku": "a", "week_start": shelf(store, 1)["week_start"], "units": 2,
         "month_start": shelf(store, 1)["month_start"], "paid_amount": 2 * price,
         "list_amount": 20}
        for store, price in (("D1", 7.0), ("D2", 9.0))
    ]  # fmt: skip
    tables = of_groups([shelf("D1", 7.6)], joined=[shelf(OTHERS, 7.6)], sku_weeks=paid)
    assert row_of(tables)["rung"] == "realised"
    assert (row_of(tables)["days"], row_of(tables)["days_below"]) == (14, 7)


def test_intervals_of_groups_delete_products_of_all_their_stores_at_once() -> None:
    skus = "abcdef"
    products = [{"sku": sku, "suggested_price": 8} for sku in skus]
    below = {"D1": (1, 0, 1, 1, 0, 1), "D2": (0, 0, 1, 2, 1, 0)}
    rows = [
        shelf(store, 7 if week < count else 9, sku=sku, week=week)
        for store, counts in below.items()
        for sku, count in zip(skus, counts, strict=True)
        for week in range(2 if store == "D1" else 3)
    ]
    tables = of_groups(rows, products=products)
    row = measured(tables, "below_suggested_share", OTHERS)
    tops = [7 * sum(pair) for pair in zip(*below.values(), strict=True)]
    others = [[n for at, n in enumerate(tops) if at != left] for left in range(len(skus))]
    replicates = [[sum(rest) / (5 * 35)] for rest in others]
    value = sum(tops) / (6 * 35)
    want = jackknife([value], replicates, scale=Scale.LOGIT)
    assert (row["value"], row["n"]) == (pytest.approx(value), 6)
    assert (row["lo"], row["hi"]) == (pytest.approx(want.lo[0]), pytest.approx(want.hi[0]))
