"""Clashes of mechanisms, on calendars worked out by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import polars as pl
import pytest

from channelscope.dimensions import _clashes
from channelscope.dimensions._basket_prices import priced_baskets
from channelscope.results import TABLES
from tests.dimensions.promoted import coupon, moment, offer, opened
from tests.dimensions.small_cubes import MONDAY, sold

Row = dict[str, Any]


def found(rules: list[Row], *stores: str, **given: Any) -> dict[str, pl.DataFrame]:
    session, asked = opened(rules, *(stores or ("F1", "D1")), **given)
    tables = priced_baskets(session, asked)
    session.close()
    assert tables["clashes"].schema == TABLES["clashes"]
    return tables


def told(rows: pl.DataFrame) -> list[tuple[int, int, str, str, float]]:
    return [
        ((row["from"] - MONDAY).days, (row["to"] - MONDAY).days, row["mechanism_a"],
         row["mechanism_b"], row["gap"])
        for row in rows.iter_rows(named=True)
    ]  # fmt: skip


def test_runs_of_days_by_two_sets_of_mechanisms() -> None:
    rules = [
        offer("F1", "flash", 0.3, days=(0, 6)),
        offer("F1", "flash", 0.4, days=(7, 9)),  # the same mechanism: the run goes on
        offer("F1", "markdown", 0.2, days=(12, 13)),  # the same on both sides
        offer("D1", "markdown", 0.1, days=(0, 20)),
        offer("D1", "subsidy", 0.1, days=(16, 17), stack_group="s"),
        offer("F1", "markdown", 0.2, days=(16, 18)),
    ]
    tables = found(rules)
    # D1 comes before F1 by id. 90 a day against 70 and 60: (7 × 70 + 3 × 60) / (10 × 90).
    assert told(tables["clashes"]) == [
        (0, 9, "markdown", "flash", round(670 / 900 - 1, 6)),
        (16, 17, "markdown+subsidy", "markdown", 0.0),
    ]
    (pair,) = tables["clash_pairs"].to_dicts()
    assert (pair["store_a"], pair["store_b"]) == ("D1", "F1")
    assert (pair["products"], pair["days"], pair["days_clash"]) == (1, 28, 12)
    assert pair["share"] == round(12 / 28, 6)
    assert pair["gap"] == round(670 / 900 - 1, 6)
    assert (pair["mechanism_a"], pair["mechanism_b"]) == ("markdown", "flash")


def test_a_coupon_that_one_piece_does_not_reach_clashes_with_a_markdown() -> None:
    rules = [
        coupon("F1", 30, 300, days=(0, 20)),
        offer("F1", "tier_cross", 50, benefit_kind="amount", threshold_kind="amount",
              threshold=500, days=(5, 20)),
        offer("D1", "markdown", 0.2, days=(2, 4)),
        offer("D1", "markdown", 0.5, days=(5, 9)),
        coupon("D1", 20, 900, days=(15, 16)),  # a coupon on both sides, one without the tier
        offer("D1", "markdown", 0.1, days=(25, 27)),  # F1 runs nothing
    ]  # fmt: skip
    tables = found(rules)
    # Days without a break are one row, by the mechanisms of most of them: 800 / (3×80 + 5×50).
    assert told(tables["clashes"]) == [
        (2, 9, "markdown", "coupon_shop+tier_cross", round(800 / 490 - 1, 6)),
        (15, 16, "coupon_shop", "coupon_shop+tier_cross", 0.0),
    ]
    (pair,) = tables["clash_pairs"].to_dicts()
    assert (pair["days_clash"], pair["gap"]) == (10, 0.25)


def test_only_what_covers_the_product_is_open_to_all_and_in_the_price_counts() -> None:
    rules = [
        offer("D1", "markdown", 0.2),
        offer("F1", "flash", 0.3, scope="sku:b"),
        offer("F1", "member", 0.3, eligibility="member"),
        offer("F1", "gift", 5, benefit_kind="gift"),
        offer("F1", "cashback", 5, benefit_kind="amount"),
    ]
    assert found(rules)["clashes"].is_empty()
    both = [*rules, offer("F1", "markdown", 0.1)]
    assert found(both)["clashes"].is_empty(), "they differ in what does not count"


def test_a_mechanism_whose_better_rival_applies_runs_all_the_same() -> None:
    """Of one group the flash price holds, but the markdown stands on the shelf as well."""
    rules = [offer("D1", "markdown", 0.2), offer("F1", "markdown", 0.1), offer("F1", "flash", 0.2)]
    assert told(found(rules)["clashes"]) == [(0, 27, "markdown", "flash+markdown", 0.0)]


def test_what_ends_before_the_moment_of_pricing_does_not_run_on_its_day() -> None:
    late, early = moment(3, 21), moment(8, 19)
    rules = [
        offer("D1", "markdown", 0.2),
        {**coupon("F1", 30, 300, days=(3, 8)), "starts_at": late, "ends_at": early},
    ]
    assert [row[:2] for row in told(found(rules)["clashes"])] == [(4, 7)]


def test_a_store_without_a_promotion_does_not_clash() -> None:
    tables = found([offer("F1", "flash", 0.3)])
    assert tables["clashes"].is_empty()
    (pair,) = tables["clash_pairs"].to_dicts()
    assert (pair["days_clash"], pair["share"], pair["gap"]) == (0, 0, None)
    assert pair["mechanism_a"] is None


def test_days_on_which_one_store_does_not_list_the_product_count_nowhere() -> None:
    weeks = [sold("F1", "a", units=1, price=90, week=n, list_price=100) for n in range(4)]
    late = [sold("D1", "a", units=1, price=90, week=n, list_price=100) for n in (2, 3)]
    rules = [offer("F1", "flash", 0.3), offer("D1", "markdown", 0.1)]
    tables = found(rules, weeks=weeks + late)
    (row,) = tables["clashes"].to_dicts()
    assert (row["from"], row["to"]) == (MONDAY + timedelta(14), MONDAY + timedelta(27))
    assert tables["clash_pairs"]["days"].to_list() == [14]


def test_products_are_kept_apart_and_the_median_goes_by_days() -> None:
    weeks = [
        sold(store, sku, units=1, price=90, week=n, list_price=100)
        for store in ("F1", "D1") for sku in ("a", "b", "c") for n in range(4)
    ]  # fmt: skip
    rules = [
        offer("D1", "markdown", 0.5),
        offer("F1", "flash", 0.4, scope="sku:a", days=(0, 1)),
        offer("F1", "flash", 0.2, scope="sku:b", days=(0, 9)),
        offer("F1", "flash", 0.1, scope="sku:c", days=(0, 2)),
    ]
    tables = found(rules, weeks=weeks)
    assert tables["clashes"]["sku"].to_list() == ["a", "b", "c"]
    (pair,) = tables["clash_pairs"].to_dicts()
    # Gaps 0.2 on two days, 0.6 on ten, 0.8 on three.
    assert (pair["gap"], pair["days_clash"], pair["days"], pair["products"]) == (0.6, 15, 84, 3)


def test_of_too_many_clashes_the_largest_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = [
        offer("D1", "markdown", 0.5),
        offer("F1", "flash", 0.4, days=(0, 1)),
        offer("F1", "flash", 0.45, days=(5, 8)),
        offer("F1", "flash", 0.1, days=(20, 21)),
    ]
    whole = found(rules)
    monkeypatch.setattr(_clashes, "MOST_ROWS", 2)
    cut = found(rules)
    # Days × gap: 2 × 0.2, 4 × 0.1, 2 × 0.8; of equal ones the first.
    assert [row[0] for row in told(whole["clashes"])] == [0, 5, 20]
    assert [row[0] for row in told(cut["clashes"])] == [0, 20]
    assert cut["clash_pairs"].equals(whole["clash_pairs"])
