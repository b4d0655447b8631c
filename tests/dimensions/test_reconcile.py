"""Orders held against the promotion rules, on orders worked out by hand."""

from __future__ import annotations

import dataclasses
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.domain import Store
from channelscope.stats.intervals import wilson
from tests.dimensions.small_cubes import scope
from tests.dimensions.small_orders import NOON, line, of, off, rate, reconciled, rule

CUT = rate("cut", "markdown", 0.1)
COUPON = rule("coupon", "coupon_shop", 20, threshold_kind="amount", threshold=150)


def test_lines_agree_to_the_cent_or_not() -> None:
    found = reconciled(rules=[CUT], lines=[
        line("right", 90, discount_markdown=10),
        line("less", 89.99, discount_markdown=10),
        line("more", 93, discount_markdown=10),
        line("list", 100),
    ])  # fmt: skip
    row = of(found)
    counts = [row[name] for name in ("lines", "reconciled", "unreconciled", "above", "below")]
    assert counts == [4, 1, 3, 2, 1]
    assert row["amount_difference"] == Decimal("12.99")
    assert row["absolute_difference"] == Decimal("13.01")
    # Furthest off first.
    assert off(found) == [("list", 1, Decimal(10)), ("more", 1, Decimal(3)),
                          ("less", 1, Decimal("-0.01"))]  # fmt: skip
    (first,) = found["unreconciled"].head(1).to_dicts()
    assert (first["paid_amount"], first["implied_amount"]) == (Decimal(100), Decimal(90))
    assert (first["sku"], first["ordered_on"]) == ("pan", NOON.date())


def test_an_order_with_the_right_total_may_split_it_a_cent_otherwise() -> None:
    # 20 off 200: 10 off each; a till may share it 10.01 and 9.99, not 10.02 and 9.98.
    found = reconciled(rules=[COUPON], lines=[
        line("cent", 89.99, discount_coupon_shop=10.01),
        line("cent", 90.01, number=2, discount_coupon_shop=9.99),
        line("two", 89.98), line("two", 90.02, number=2),
        line("total", 89.99), line("total", 90, number=2),
    ])  # fmt: skip
    assert of(found)["reconciled"] == 2 + 0 + 1
    # What agrees is no size, and its booked discounts agree with it.
    assert of(found)["absolute_difference"] == Decimal("0.05")
    assert of(found, "coupon_shop")["reconciled"] == 2
    assert {(order, number) for order, number, _ in off(found)} == {
        ("two", 1), ("two", 2), ("total", 1),
    }  # fmt: skip


def test_any_eligibility_that_the_stores_rules_know_explains_an_order() -> None:
    rules = [
        COUPON,
        rule("m", "coupon_item", 3, eligibility="member"),
        rule("n", "new_customer", 5, eligibility="new"),
        rule("p", "redpack", 11, eligibility="presale", store="G"),
    ]
    found = reconciled(of=scope("F", "G"), rules=rules, lines=[
        line("anyone", 100), line("member", 97), line("new", 95), line("both", 92),
        line("presale", 89), line("presale", 89, store="G"), line("member", 97, store="G"),
    ])  # fmt: skip
    assert (of(found)["reconciled"], of(found, store="G")["reconciled"]) == (4, 1)
    # An order that nothing explains keeps what comes nearest: 92 of 89, 100 of 97.
    assert sorted(off(found)) == [
        ("member", 1, Decimal(-3)), ("presale", 1, Decimal(-3)),
    ]  # fmt: skip


def test_what_rules_take_off_is_read_as_the_order_is() -> None:
    """As a member the buyer gets 9 instead of the 5 for all, not both."""
    group = {"stack_group": "g"}
    rules = [rule("all", "coupon_shop", 5, **group),
             rule("m", "coupon_item", 9, eligibility="member", **group)]  # fmt: skip
    found = reconciled(rules=rules, lines=[line("m", 91, discount_coupon_item=9)])
    assert found["reconcile"]["mechanism"].to_list() == ["all", "coupon_item"]
    assert of(found, "coupon_item")["reconciled"] == 1


def test_fewest_lines_off_come_before_least_money() -> None:
    member = [rule("m", "coupon_item", 9, eligibility="member", scope="sku:pot"),
              rule("m2", "coupon_item", 1, eligibility="member", scope="sku:pan")]  # fmt: skip
    # For all: both lines off, by 1 and 1. As a member: the pan agrees, the pot is 8 off.
    found = reconciled(rules=member, lines=[
        line("o", 99), line("o", 99, number=2, sku="pot"),
    ])  # fmt: skip
    assert off(found) == [("o", 2, Decimal(8))]
    assert of(found, "coupon_item")["lines"] == 2


def test_mechanisms_are_held_against_what_is_booked() -> None:
    found = reconciled(rules=[CUT, COUPON], lines=[
        line("right", 90, discount_markdown=10),
        line("moved", 90, discount_coupon_shop=10),
        line("short", 90, discount_markdown=7),
        line("big", 250, price=300, discount_markdown=30, discount_coupon_shop=20),
        line("free", 10, price=10, sku="lid", discount_points=0),
    ])  # fmt: skip
    markdown, coupon = of(found, "markdown"), of(found, "coupon_shop")
    named = ("lines", "reconciled", "unreconciled", "above", "below", "amount_difference")
    assert [markdown[name] for name in named] == [5, 2, 3, 0, 3, Decimal(-14)]
    assert [coupon[name] for name in named] == [2, 1, 1, 1, 0, Decimal(10)]
    assert markdown["absolute_difference"] == 14
    assert of(found)["reconciled"] == 4
    assert found["reconcile"]["mechanism"].to_list() == ["all", "markdown", "coupon_shop"]


def test_lines_without_a_discount_have_a_row_of_their_own() -> None:
    found = reconciled(rules=[COUPON], lines=[
        line("list", 100), line("odd", 99.5), line("booked", 95, discount_points=5),
        line("coupon", 180, price=200, discount_coupon_shop=20),
    ])  # fmt: skip
    plain = of(found, "none")
    assert (plain["lines"], plain["reconciled"], plain["below"]) == (2, 1, 1)
    assert of(found, "points")["unreconciled"] == 1


def test_discounts_without_columns_say_nothing_of_mechanisms() -> None:
    found = reconciled(rules=[CUT], lines=[line("right", 90), line("off", 80)])
    row = of(found, "markdown")
    assert (row["lines"], row["reconciled"], row["amount_difference"]) == (2, None, None)
    assert row["outcome_reason"] == "reason.no_mechanism_known"
    assert (of(found)["reconciled"], of(found)["outcome_reason"]) == (1, None)


def test_the_share_has_an_interval_and_a_coverage() -> None:
    lines = [line(f"o{at}", 90 if at % 7 else 95) for at in range(40)]
    (row,) = reconciled(rules=[CUT], lines=lines, sold=50)["metrics"].to_dicts()
    assert (row["metric"], row["n"], row["coverage"]) == ("reconciled_share", 40, 0.8)
    assert row["value"] == pytest.approx(34 / 40)
    assert 0.5 < row["lo"] < row["value"] < row["hi"] < 1
    assert row["outcome_reason"] is None


def test_a_share_of_everything_is_as_sure_as_its_lines() -> None:
    lines = [line(f"o{at}", 90) for at in range(40)]
    (row,) = reconciled(rules=[CUT], lines=lines, sold=30)["metrics"].to_dicts()
    bounds = wilson(1.0 * 40, 40.0)
    assert (row["value"], row["lo"]) == (1, pytest.approx(float(bounds.lo)))
    # An order that begins in the period takes its later lines with it.
    found = reconciled(rules=[CUT], lines=lines, sold=30)
    assert (row["coverage"], of(found)["coverage"]) == (1, 1)


@pytest.mark.parametrize(
    ("rules", "lines", "currency", "reason"),
    [
        ([], [], "CNY", "no_promotions_ran"),
        ([CUT], [], "CNY", "no_orders_sampled"),
        ([CUT], [line("o", 90)], "USD", "money_converted"),
        ([CUT], [line("o", 90, is_whole=False)], "CNY", "finer_than_cents"),
        ([COUPON], [line("o", 100)], "CNY", "no_rule_bites"),
    ],
)
def test_a_store_that_cannot_be_told_says_why(
    rules: list[Any], lines: list[Any], currency: str, reason: str
) -> None:
    found = reconciled(rules=rules, lines=lines, currencies={"F": currency})
    (row,) = found["metrics"].to_dicts()
    assert (row["value"], row["lo"], row["outcome_reason"]) == (None, None, f"reason.{reason}")
    looked_at = reason == "no_rule_bites"
    assert found["reconcile"].height == (2 if looked_at else 0)
    assert found["quality"].height == (2 if looked_at else 0)


def test_an_order_with_an_amount_finer_than_a_cent_is_left_out() -> None:
    found = reconciled(rules=[CUT], lines=[
        line("fine", 90, is_whole=False), line("right", 90),
    ])  # fmt: skip
    assert of(found)["lines"] == 1
    assert of(found)["coverage"] == 0.01


def test_in_a_group_every_store_keeps_its_own_rules() -> None:
    asked = scope("kind:flagship")
    group = Store("kind:flagship", "flagship", "flagship", "tmall", members=("F", "G"))
    asked = dataclasses.replace(asked, stores=(group,))
    rules = [{**CUT, "store_id": "kind:flagship"},
             {**rate("g", "markdown", 0.3, store="G"), "store_id": "kind:flagship"}]  # fmt: skip
    lines = [{**line("o", 90), "store_id": "kind:flagship"},
             {**line("z", 70, store="G"), "store_id": "kind:flagship"},
             {**line("z", 70), "store_id": "kind:flagship"}]  # fmt: skip
    row = of(reconciled(of=asked, rules=rules, lines=lines), store="kind:flagship")
    assert (row["lines"], row["reconciled"]) == (3, 2)


def test_a_few_lines_of_each_store_are_named() -> None:
    lines = [line(f"o{at}", 100 - at, store=store) for at in range(9) for store in "FG"]
    rules = [rate("f", "markdown", 0.5), rate("g", "markdown", 0.5, store="G")]
    found = reconciled(of=scope("G", "F"), rules=rules, lines=lines)["unreconciled"]
    assert found["store_id"].to_list() == ["G"] * 5 + ["F"] * 5
    assert found["order_id"].to_list() == ["o0", "o1", "o2", "o3", "o4"] * 2


def test_what_is_off_stands_among_the_checks_of_the_data() -> None:
    lines = [line("right", 90), line("a", 80), line("b", 95), line("c", 89), line("d", 50)]
    orders, rules = reconciled(rules=[CUT, COUPON], lines=lines)["quality"].to_dicts()
    assert (orders["check"], orders["table"]) == ("order_lines_no_rule_explains", "order_lines")
    assert (orders["rows"], orders["failed"]) == (5, 4)
    assert orders["money_share"] == pytest.approx(314 / 404)
    assert orders["sample"] == (
        "F order d line 1: paid_amount = 50.00, by the rules 90.00; "
        "F order a line 1: paid_amount = 80.00, by the rules 90.00; "
        "F order b line 1: paid_amount = 95.00, by the rules 90.00"
    )
    assert (rules["check"], rules["table"]) == ("promotions_never_bite", "promotions")
    assert (rules["rows"], rules["failed"], rules["sample"]) == (2, 1, "coupon")
    assert {orders["severity"], rules["severity"]} == {"warn"}


cents = st.integers(-3, 3)


@settings(deadline=None, max_examples=25)
@given(st.lists(st.lists(cents, min_size=1, max_size=3), min_size=1, max_size=6))
def test_every_line_is_on_one_side_and_money_adds_up(drawn: list[list[int]]) -> None:
    paid = {(o, n): 90 + Decimal(c) / 100 for o, cs in enumerate(drawn) for n, c in enumerate(cs)}
    rows = [
        line(f"o{o}", float(p), number=n + 1, discount_markdown=10) for (o, n), p in paid.items()
    ]
    found = reconciled(rules=[CUT], lines=rows)
    row = of(found)
    assert row["lines"] == row["reconciled"] + row["unreconciled"] == len(rows)
    assert row["unreconciled"] == row["above"] + row["below"]
    assert row["amount_difference"] == sum(paid.values()) - 90 * len(paid)
    right = sum(
        len(order) if sum(order) == 0 and max(map(abs, order)) <= 1 else order.count(0)
        for order in drawn
    )
    assert row["reconciled"] == right
    assert of(found, "markdown")["unreconciled"] == 0


def test_a_rule_holds_at_its_first_and_last_moment_alone() -> None:
    now = {"starts_at": NOON, "ends_at": NOON}
    later = NOON + timedelta(seconds=1)
    found = reconciled(rules=[rate("cut", "markdown", 0.1, **now)], lines=[
        line("then", 90), {**line("later", 90), "ordered_at": later},
    ])  # fmt: skip
    assert off(found) == [("later", 1, Decimal(-10))]
