"""What baskets cost day by day, on sums worked out by hand and against pricing each day alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import polars as pl
import pytest

from channelscope import sqlfile
from channelscope.dimensions._basket_prices import priced_baskets
from channelscope.promotion_rules import Baskets, price, read_promotions
from channelscope.results import TABLES
from tests.dimensions.promoted import coupon, moment, offer, opened
from tests.dimensions.small_cubes import MONDAY, sold, traded

Row = dict[str, Any]
RULES = [
    coupon("F1", 70, 300),
    # The last moment is the moment of pricing; the next begins a second after it.
    {**offer("D1", "markdown", 0.2), "ends_at": moment(13, 20)},
    {**offer("D1", "markdown", 0.1, days=(14, 27)), "starts_at": moment(14, 20, 0, 1)},
]


def found(rules: list[Row], *stores: str, **given: Any) -> dict[str, pl.DataFrame]:
    session, asked = opened(rules, *(stores or ("F1", "D1")), **given)
    tables = priced_baskets(session, asked)
    session.close()
    for name, frame in tables.items():
        assert frame.schema == TABLES[name]
    return tables


def runs(frame: pl.DataFrame, store: str, pieces: int, **given: Any) -> list[tuple[int, int, str]]:
    """First day, days and net amount of each run."""
    rows = frame.filter(store_id=store, pieces=pieces, **{"basket": "hero", "eligibility": "all",
                                                          **given})  # fmt: skip
    return [
        ((row["on"] - MONDAY).days, row["days"], str(row["net_amount"]))
        for row in rows.sort("on").iter_rows(named=True)
    ]


def test_days_of_one_price_are_one_row() -> None:
    rows = found(RULES)["basket_prices"]
    assert runs(rows, "F1", 1) == [(0, 28, "100.00")]
    assert runs(rows, "F1", 2) == [(0, 28, "200.00")]
    assert runs(rows, "F1", 3) == [(0, 28, "230.00")]
    assert runs(rows, "F1", 5) == [(0, 28, "430.00")]
    assert runs(rows, "D1", 1) == [(0, 14, "80.00"), (14, 1, "100.00"), (15, 13, "90.00")]
    three = rows.filter(store_id="F1", basket="hero", pieces=3).row(0, named=True)
    assert (three["list_amount"], three["per_piece"]) == (Decimal("300.00"), 76.6667)


def test_the_days_on_which_no_other_price_is_as_low() -> None:
    rows = found(RULES)["cheapest_baskets"]
    told = {(row["store_id"], row["pieces"]): (row["days_cheapest"], row["days"], row["share"])
            for row in rows.iter_rows(named=True)}  # fmt: skip
    # On the day without a markdown both cost the same.
    assert told["D1", 1] == (27, 28, round(27 / 28, 6))
    assert told["F1", 1] == (0, 28, 0)
    assert told["F1", 3] == (28, 28, 1)
    # Five: 430 at F1 against 400, 500, 450.
    assert (told["F1", 5][0], told["D1", 5][0]) == (14, 14)


def test_days_on_which_one_store_alone_has_a_price_are_not_compared() -> None:
    weeks = [sold("F1", "a", units=1, price=90, week=n, list_price=100) for n in range(4)]
    late = [sold("D1", "a", units=1, price=90, week=n, list_price=100) for n in (2, 3)]
    rows = found(RULES, weeks=weeks + late)
    cheapest = rows["cheapest_baskets"].filter(store_id="D1", pieces=1).row(0, named=True)
    assert (cheapest["days_cheapest"], cheapest["days"]) == (13, 14)
    assert runs(rows["basket_prices"], "D1", 1) == [(14, 1, "100.00"), (15, 13, "90.00")]
    assert runs(rows["basket_prices"], "F1", 1) == [(0, 28, "100.00")]


def test_a_new_list_price_is_a_new_row_though_the_net_price_stays() -> None:
    weeks = [sold("F1", "a", units=1, price=50, week=n, list_price=100 + 20 * (n > 1))
             for n in range(4)] + [sold("D1", "a", units=1, price=50, list_price=100)]  # fmt: skip
    rules = [offer("F1", "flash", 60, benefit_kind="price")]
    rows = found(rules, weeks=weeks)["basket_prices"]
    assert runs(rows, "F1", 1) == [(0, 14, "60.00"), (14, 14, "60.00")]


def test_members_pay_other_prices_where_there_are_member_rules() -> None:
    rules = [*RULES, offer("D1", "member", 0.3, eligibility="member")]
    tables = found(rules)
    rows = tables["basket_prices"]
    assert set(rows.filter(eligibility="member")["store_id"]) == {"D1"}
    assert runs(rows, "D1", 1, eligibility="member") == [(0, 28, "70.00")]
    assert runs(rows, "D1", 1)[0] == (0, 14, "80.00")
    # F1 has no rule for members, and members buy there as everybody does.
    told = tables["cheapest_baskets"].filter(eligibility="member", pieces=3)
    assert dict(told.select("store_id", "days_cheapest").iter_rows()) == {"F1": 0, "D1": 28}
    assert set(found(RULES)["basket_prices"]["eligibility"]) == {"all"}


def test_a_markdown_that_breaks_a_threshold() -> None:
    """Three at 95 are 285, short of 300−40: dearer than the 260 without the markdown."""
    rules = [coupon("F1", 40, 300), offer("F1", "markdown", 0.05, days=(7, 13)),
             coupon("D1", 40, 300),
             offer("D1", "subsidy", 0.05, merchant_share=0.0)]  # fmt: skip
    rows = found(rules)["broken_thresholds"]
    assert rows.to_dicts() == [{
        "store_id": "F1", "basket": "hero", "sku": "a", "pieces": 3,
        "on": MONDAY + timedelta(days=7), "days": 7, "net_amount": Decimal("285.00"),
        "without_amount": Decimal("260.00"),
    }]  # fmt: skip


def test_a_markdown_worth_more_than_the_coupon_breaks_nothing() -> None:
    rules = [coupon("F1", 40, 300), offer("F1", "markdown", 0.15)]
    assert found(rules)["broken_thresholds"].is_empty()


def test_each_store_has_its_median_basket() -> None:
    days = [traded("D1", day, sales="90", orders=2, units=5) for day in range(3)]
    rows = found(RULES, store_days=days)["basket_prices"].filter(basket="typical")
    assert {(row["store_id"], row["sku"], row["pieces"]) for row in rows.iter_rows(named=True)} == {
        ("F1", "a", 1), ("D1", "a", 3),
    }  # fmt: skip
    assert runs(rows, "D1", 3, basket="typical")[0] == (0, 14, "240.00")


def test_nothing_is_priced_without_promotions_or_for_groups() -> None:
    assert found([]) == {}
    session, asked = opened(RULES, "F1", "D1")
    first, second = asked.stores
    grouped = replace(asked, stores=(replace(first, members=("F1", "F2")), second))
    assert priced_baskets(session, grouped) == {}
    session.close()


def test_a_store_that_trades_in_other_money_is_left_out() -> None:
    stores = [{"store_id": "F1", "currency": "CNY"}, {"store_id": "D1", "currency": "USD"}]
    rows = found(RULES, stores=stores)
    assert rows["clash_pairs"].is_empty()
    assert "D1" not in rows["basket_prices"]["store_id"]


def _random_rules(rng: np.random.Generator, store: str) -> list[Row]:
    rules = []
    for number in range(12):
        first = int(rng.integers(-3, 27))
        kind = rng.choice(["markdown", "subsidy", "coupon_shop", "tier_qty"])
        row = offer(store, str(kind), round(float(rng.uniform(0.02, 0.3)), 2),
                    days=(first, first + int(rng.integers(0, 9))))  # fmt: skip
        row |= {
            "promo_id": f"{store}-{number}", "stack_group": str(rng.choice(["g", "h"])),
            "starts_at": row["starts_at"] + timedelta(hours=int(rng.integers(18, 23))),
            "ends_at": row["ends_at"] - timedelta(hours=int(rng.integers(0, 6))),
        }  # fmt: skip
        if kind == "coupon_shop":
            row |= {"threshold_kind": "amount", "threshold": float(rng.integers(1, 5)) * 100}
        if kind == "tier_qty":
            row |= {"threshold_kind": "qty", "threshold": 2.0}
        rules.append(row)
    return [rule for rule in rules if rule["ends_at"] > rule["starts_at"]]


@pytest.mark.parametrize("seed", range(6))
def test_stretches_of_days_cost_what_each_day_costs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rules = [row for store in ("F1", "D1") for row in _random_rules(rng, store)]
    weeks = [sold(store, "a", units=1, price=9, week=week, list_price=float(rng.integers(80, 120)))
             for store in ("F1", "D1") for week in range(4)]  # fmt: skip
    session, asked = opened(rules, "F1", "D1", weeks=weeks)
    rows = priced_baskets(session, asked)["basket_prices"].filter(basket="hero")
    spells = session.run(sqlfile.find("promotion/listed_spells"))
    promotions = read_promotions(session.run(sqlfile.find("promotion/open_promotions")))
    session.close()
    wanted = {}
    for spell in spells.iter_rows(named=True):
        for day in range((spell["last_day"] - spell["first_day"]).days + 1):
            on = spell["first_day"] + timedelta(days=day)
            for pieces in (1, 2, 3, 5):
                wanted[spell["store_id"], pieces, on] = _alone(spell, on, pieces, promotions)
    told = {
        (row["store_id"], row["pieces"], row["on"] + timedelta(days=day)): row["net_amount"]
        for row in rows.iter_rows(named=True) for day in range(row["days"])
    }  # fmt: skip
    assert told == wanted


def _alone(spell: Row, on: Any, pieces: int, promotions: Any) -> Decimal:
    day = (on - MONDAY).days
    basket = Baskets(
        store=np.array([spell["store_id"]]), at=np.array([moment(day, 20)], "datetime64[us]"),
        order=np.array([0]), line_no=np.array([1]), sku=np.array(["a"]),
        category=np.array([None]), pieces=np.array([pieces * 1000]),
        list_price=np.array([int(spell["list_price"] * 100)]),
    )  # fmt: skip
    return Decimal(int(price(basket, promotions=promotions).paid[0])) / 100
