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
from channelscope.dimensions._listed_days import listed_days
from channelscope.promotion_rules import Baskets, Step, price, read_promotions
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


def broken(store: str, promo: str, mechanism: str, net: str, without: str, *days: int) -> Row:
    return {
        "store_id": store, "basket": "hero", "sku": "a", "pieces": 3,
        "on": MONDAY + timedelta(days=days[0]), "days": days[1], "net_amount": Decimal(net),
        "without_amount": Decimal(without), "promo_id": promo, "mechanism": mechanism,
    }  # fmt: skip


def test_a_price_of_one_piece_that_breaks_a_threshold_whoever_pays_for_it() -> None:
    """Three at 95 are 285, short of 300−40: dearer than the 260 without the markdown."""
    rules = [coupon("F1", 40, 300), offer("F1", "markdown", 0.05, days=(7, 13)),
             coupon("D1", 40, 300),
             offer("D1", "subsidy", 0.05, merchant_share=0.0)]  # fmt: skip
    rows = found(rules)["broken_thresholds"]
    assert rows.to_dicts() == [
        broken("F1", "F1-markdown-7-0.05", "markdown", "285.00", "260.00", 7, 7),
        broken("D1", "D1-subsidy-0-0.05", "subsidy", "285.00", "260.00", 0, 28),
    ]


def test_one_rule_is_taken_away_at_a_time() -> None:
    """Three at 70 are 210 and 150 after 200−60; the subsidy's 15 make it 195.

    Without both they would be 240, and without the markdown alone 225.
    """
    rules = [
        coupon("F1", 60, 200), offer("F1", "markdown", 0.3, stack_group="item"),
        offer("F1", "subsidy", 0.05, stack_group="s", merchant_share=0.0, days=(10, 19)),
    ]  # fmt: skip
    rows = found(rules)["broken_thresholds"]
    assert rows.filter(pieces=3).to_dicts() == [
        broken("F1", "F1-subsidy-10-0.05", "subsidy", "195.00", "150.00", 10, 10)
    ]


def test_two_rules_that_break_a_threshold_each_are_both_named() -> None:
    """Three at 88 are 264, short of 270−40, which three at 93 or at 95 would reach."""
    rules = [
        coupon("F1", 40, 270), offer("F1", "markdown", 0.07, stack_group="item"),
        offer("F1", "subsidy", 0.05, stack_group="s"),
    ]  # fmt: skip
    rows = found(rules)["broken_thresholds"]
    assert rows.to_dicts() == [
        broken("F1", "F1-markdown-0-0.07", "markdown", "264.00", "245.00", 0, 28),
        broken("F1", "F1-subsidy-0-0.05", "subsidy", "264.00", "239.00", 0, 28),
    ]


@pytest.mark.parametrize(
    "other",
    [
        coupon("F1", 40, 300, threshold_base="list"), coupon("F1", 40, 300, days=(14, 27)),
        coupon("F1", 40, 300, scope="sku:b"), coupon("F1", 40, 300, eligibility="member"),
        coupon("D1", 40, 300), offer("F1", "gift", 40, benefit_kind="gift",
                                     threshold_kind="amount", threshold=300),
    ],
)  # fmt: skip
def test_a_threshold_that_a_lower_price_does_not_break(other: Row) -> None:
    rules = [other, offer("F1", "markdown", 0.05, days=(0, 13))]
    assert found(rules)["broken_thresholds"].is_empty()


@pytest.mark.parametrize("seed", range(8))
def test_rules_taken_away_together_cost_what_each_alone_costs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [row for store in ("F1", "D1") for row in _random_rules(rng, store)]
    session, asked = opened(rows, "F1", "D1")
    told = priced_baskets(session, asked)["broken_thresholds"].filter(basket="hero")
    listed = listed_days(session, asked)
    session.close()
    assert listed is not None
    every = listed.cells.join(pl.DataFrame({"pieces": [1, 2, 3, 5]}), how="cross")
    net = listed.price(every, rules=listed.rules).paid
    begin = (listed.first - np.datetime64(MONDAY)).astype(np.int64)
    wanted = set()
    for rule in listed.rules:
        if rule.step is Step.ITEM:
            alone = tuple(other for other in listed.rules if other is not rule)
            dearer = every.filter(pl.Series(net > listed.price(every, rules=alone).paid))
            wanted |= {
                (rule.promo_id, store, pieces, day)
                for store, stretch, pieces in dearer.select(
                    "store", "stretch", "pieces"
                ).iter_rows()
                for day in np.arange(listed.days[stretch]) + int(begin[stretch])
            }
    assert {
        (row["promo_id"], listed.stores.index(row["store_id"]), row["pieces"], day)
        for row in told.iter_rows(named=True)
        for day in range((row["on"] - MONDAY).days, (row["on"] - MONDAY).days + row["days"])
    } == wanted


def test_a_markdown_worth_more_than_the_coupon_breaks_nothing() -> None:
    rules = [coupon("F1", 40, 300), offer("F1", "markdown", 0.15)]
    assert found(rules)["broken_thresholds"].is_empty()


def test_each_store_has_its_median_basket() -> None:
    days = [traded("D1", day, sales="90", orders=2, units=5) for day in range(3)]
    lines = [
        {"store_id": "F1", "member_id": "F1", "order_id": order, "line_no": 1, "pieces": pieces}
        for order, pieces in (("x", 1000), ("y", 1000), ("z", 7000))
    ]
    tables = found(RULES, store_days=days, sampled_lines=lines)
    rows = tables["basket_prices"].filter(basket="typical")
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
