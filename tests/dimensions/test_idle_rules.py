"""Rules that never bite: which they are, over how many lines, and why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from channelscope.dimensions import _idle_rules
from tests.dimensions.small_cubes import scope
from tests.dimensions.small_orders import NOON, line, rate, reconciled, rule

LINES = [line("a", 90), line("b", 180, price=200), line("b", 27, price=30, number=2, sku="lid")]
CUT = rate("cut", "markdown", 0.1)


def idle(*rules: dict[str, Any], lines: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Lines and reason of each idle rule."""
    found = reconciled(rules=rules, lines=LINES if lines is None else lines)["idle_promotions"]
    return {row["promo_id"]: (row["lines"], row["reason"]) for row in found.to_dicts()}


@pytest.mark.parametrize(
    ("other", "lines", "reason"),
    [
        # 207 on the price after the markdown; 230 on list.
        (rule("x", "coupon_shop", 20, threshold_kind="amount", threshold=231), 3,
         "threshold_not_reached"),
        (rule("x", "coupon_shop", 20, threshold_kind="amount", threshold=230), 3,
         "others_come_first"),
        (rate("x", "tier_qty", 0.1, threshold_kind="qty", threshold=2, scope="sku:lid"), 1,
         "threshold_not_reached"),
        (rule("x", "flash", 200, benefit_kind="price", scope="sku:pan"), 2, "takes_nothing"),
        (rule("x", "coupon_shop", 20, threshold_kind="amount", threshold=231, ends_at=NOON), 3,
         "threshold_not_reached"),
        # A deposit is no threshold: 9 are credited of 9 paid in advance.
        (rule("x", "presale", 9, benefit_kind="credit", threshold_kind="amount", threshold=9), 3,
         "takes_nothing"),
        (rate("x", "flash", 0.05), 3, "another_is_better"),
        (rate("x", "flash", 0.05, stack_group="cuts"), 3, None),
        (rule("x", "coupon_item", 5, eligibility="member"), 3, "nobody_eligible"),
        (rate("x", "markdown", 0.05, eligibility="member"), 3, "another_is_better"),
        (rule("x", "coupon_shop", 20, threshold_kind="amount", threshold=999,
              eligibility="new"), 3, "threshold_not_reached"),
        # What stands beside the price takes nothing off by its nature.
        (rule("x", "shipping", 5), 0, None),
        # Nothing of what it covers was sold.
        (rule("x", "coupon_item", 5, scope="sku:pot"), 0, None),
        (rule("x", "coupon_item", 5, ends_at=NOON - timedelta(seconds=1)), 0, None),
        (rule("x", "coupon_item", 5, starts_at=NOON + timedelta(seconds=1)), 0, None),
        (rule("x", "coupon_item", 5, store="G"), 0, None),
    ],
)  # fmt: skip
def test_why_a_rule_takes_nothing_off(
    other: dict[str, Any], lines: int, reason: str | None
) -> None:
    assert idle(CUT, other) == ({"x": (lines, reason)} if reason else {})


def test_a_better_one_of_its_group_at_the_till() -> None:
    group = {"stack_group": "g", "threshold_kind": "amount"}
    rules = [rule("ten", "coupon_shop", 10, threshold=100, **group),
             rule("nine", "tier_amount", 9, threshold=100, **group),
             rule("eight", "redpack", 8, threshold=100, **group),
             rule("one", "redpack", 1, threshold=900, **group)]  # fmt: skip
    found = idle(*rules, lines=[line("a", 90), line("b", 190, price=200)])
    better = (2, "another_is_better")
    assert found == {"nine": better, "eight": better, "one": (2, "threshold_not_reached")}


def test_a_rule_that_some_order_needs_is_not_idle() -> None:
    member = rule("m", "coupon_item", 5, eligibility="member")
    assert idle(CUT, member, lines=[*LINES, line("m", 85)]) == {}


def test_the_row_of_a_rule_and_the_order_of_rows() -> None:
    far = {"threshold_kind": "amount", "threshold": 999}
    rules = [rule("b", "coupon_shop", 1, scope="sku:lid", label="满999减1", **far),
             rule("c", "tier_amount", 1, **far), rule("a", "coupon_item", 1, **far)]  # fmt: skip
    found = reconciled(rules=rules, lines=LINES)["idle_promotions"]
    assert found["promo_id"].to_list() == ["a", "c", "b"]
    last = found.row(2, named=True)
    assert (last["store_id"], last["mechanism"], last["label"]) == ("F", "coupon_shop", "满999减1")
    assert last["first_day"] == (NOON - timedelta(days=9)).date()
    assert last["last_day"] == (NOON + timedelta(days=90)).date()


def test_only_of_those_over_most_lines_it_is_found_out_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_idle_rules, "MOST", 1)
    far = {"threshold_kind": "amount", "threshold": 999}
    rules = [
        rule("b", "coupon_shop", 1, scope="sku:lid", **far),
        rule("a", "coupon_item", 1, **far),
    ]
    assert idle(*rules) == {"a": (3, "threshold_not_reached"), "b": (1, None)}


def test_stores_without_a_looked_at_order_have_no_idle_rule() -> None:
    found = reconciled(of=scope("F", "G"), rules=[CUT, rate("g", "markdown", 0.2, store="G")],
                       lines=LINES)  # fmt: skip
    assert found["idle_promotions"].height == 0
    assert found["quality"].filter(check="promotions_never_bite")["rows"].item() == 1
