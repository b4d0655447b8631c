"""What a basket costs: worked examples per mechanism, and what holds for any basket."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sample_data.generator.checkout import BasketLines, OrderRules, PricedLines, price_orders

NOTHING = {"quantity_from": 0, "quantity_rate": 0, "coupon_from": 0, "coupon_amount": 0,
           "cross_step": 0, "cross_amount": 0}  # fmt: skip
MECHANISMS = ("markdown", "subsidy", "tier_qty", "coupon_shop", "tier_cross")
type_of_line = tuple[int, int, int, int]


def rules(*offers: dict[str, int]) -> OrderRules:
    """One entry per order; what is not named is not on offer."""
    full = [NOTHING | offer for offer in offers]
    return OrderRules(**{name: np.array([offer[name] for offer in full]) for name in NOTHING})


def basket(*lines: type_of_line, order: list[int] | None = None) -> BasketLines:
    """Lines of (pieces, list price, markdown, subsidy), SKUs in the order they come."""
    count = len(lines)
    pieces, price, markdown, subsidy = np.array(lines, dtype=np.int64).T
    return BasketLines(
        order=np.array(order or [0] * count), sku=np.arange(count), line_no=np.arange(count),
        pieces=pieces, list_price=price, markdown=markdown, subsidy=subsidy,
    )  # fmt: skip


def price(*lines: type_of_line, **offer: int) -> PricedLines:
    """One order under one offer."""
    return price_orders(basket(*lines), rules=rules(offer))


def test_item_level_comes_off_each_piece() -> None:
    priced = price((3, 10_000, 1_500, 600))
    assert priced.list_amount.tolist() == [30_000]
    assert priced.markdown.tolist() == [4_500]
    assert priced.subsidy.tolist() == [1_800]
    assert priced.paid.tolist() == [23_700]


@pytest.mark.parametrize(("pieces", "off"), [(1, 0), (2, 2_000), (3, 3_000)])
def test_quantity_tier_counts_the_pieces_of_the_whole_order(pieces: int, off: int) -> None:
    priced = price((pieces, 10_000, 0, 0), quantity_from=2, quantity_rate=1_000)
    assert priced.tier_qty.tolist() == [off]


def test_quantity_tier_counts_pieces_over_lines() -> None:
    priced = price((1, 10_000, 0, 0), (1, 5_000, 0, 0), quantity_from=2, quantity_rate=1_000)
    assert priced.tier_qty.tolist() == [1_000, 500]


@pytest.mark.parametrize(("pieces", "off"), [(1, 0), (2, 3_000), (5, 3_000)])
def test_coupon_is_taken_once_from_its_threshold_on(pieces: int, off: int) -> None:
    priced = price((pieces, 10_000, 0, 0), coupon_from=20_000, coupon_amount=3_000)
    assert priced.coupon_shop.tolist() == [off]


@pytest.mark.parametrize(("pieces", "off"), [(2, 0), (3, 5_000), (5, 5_000), (6, 10_000)])
def test_cross_store_tier_repeats(pieces: int, off: int) -> None:
    priced = price((pieces, 10_000, 0, 0), cross_step=30_000, cross_amount=5_000)
    assert priced.tier_cross.tolist() == [off]


def test_thresholds_look_at_the_activity_price_not_at_the_list_price() -> None:
    priced = price((1, 31_000, 1_000, 1), coupon_from=30_000, coupon_amount=3_000,
                   cross_step=30_000, cross_amount=5_000)  # fmt: skip
    assert priced.paid.tolist() == [29_999]


def test_thresholds_do_not_look_at_the_remainder() -> None:
    # 400 with the coupon 400−380 leaves 20, yet the tier of every full 400 is earned: 0 in all.
    priced = price((1, 40_000, 0, 0), coupon_from=40_000, coupon_amount=38_000,
                   cross_step=40_000, cross_amount=5_000)  # fmt: skip
    assert priced.coupon_shop.tolist() == [38_000]
    assert priced.tier_cross.tolist() == [2_000]
    assert priced.paid.tolist() == [0]


def test_rate_and_amount_side_by_side() -> None:
    # 3 × 150 = 450: 10% is 45, the coupon 50, one full 300 gives 50; 305 is left of it.
    priced = price((3, 15_000, 0, 0), quantity_from=3, quantity_rate=1_000, coupon_from=39_900,
                   coupon_amount=5_000, cross_step=30_000, cross_amount=5_000)  # fmt: skip
    assert priced.paid.tolist() == [30_500]


def test_a_markdown_can_break_a_threshold() -> None:
    offer = {"coupon_from": 30_000, "coupon_amount": 6_000}
    assert price((1, 30_000, 0, 0), **offer).paid.tolist() == [24_000]
    assert price((1, 30_000, 1_000, 0), **offer).paid.tolist() == [29_000]


def test_each_order_has_its_own_offer() -> None:
    lines = basket((1, 20_000, 0, 0), (1, 20_000, 0, 0), (1, 10_000, 0, 0), order=[1, 0, 1])
    offers = rules({"coupon_from": 20_000, "coupon_amount": 2_500},
                   {"cross_step": 10_000, "cross_amount": 1_000})  # fmt: skip
    priced = price_orders(lines, rules=offers)
    assert priced.coupon_shop.tolist() == [0, 2_500, 0]
    assert priced.tier_cross.tolist() == [2_000, 0, 1_000]


@pytest.mark.parametrize(
    ("line", "message"),
    [((0, 100, 0, 0), "pieces"), ((1, 100, 60, 41), "list price"), ((1, 100, -1, 0), "negative")],
)
def test_impossible_lines_are_refused(line: type_of_line, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        basket(line)


@pytest.mark.parametrize(
    ("offer", "message"),
    [({"quantity_rate": 10_001}, "basis points"), ({"coupon_amount": -1}, "negative"),
     ({"cross_amount": 5}, "step above 0")],
)  # fmt: skip
def test_impossible_rules_are_refused(offer: dict[str, int], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        rules(offer)


@st.composite
def orders(draw: st.DrawFn) -> tuple[BasketLines, OrderRules]:
    """Up to three orders of up to nine lines, prices from a cent to 400 yuan."""
    count = draw(st.integers(1, 9))
    lines: list[type_of_line] = []
    for _ in range(count):
        listed = draw(st.integers(1, 40_000))
        markdown = draw(st.integers(0, listed))
        subsidy = draw(st.integers(0, listed - markdown))
        lines.append((draw(st.integers(1, 5)), listed, markdown, subsidy))
    order = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    offer = st.fixed_dictionaries({
        "quantity_from": st.integers(1, 6), "quantity_rate": st.integers(0, 10_000),
        "coupon_from": st.integers(0, 60_000), "coupon_amount": st.integers(0, 60_000),
        "cross_step": st.integers(1, 40_000), "cross_amount": st.integers(0, 10_000),
    })  # fmt: skip
    return basket(*lines, order=order), rules(*(draw(offer) for _ in range(3)))


@given(orders())
def test_paid_lies_between_nothing_and_the_list_amount(
    case: tuple[BasketLines, OrderRules],
) -> None:
    priced = price_orders(case[0], rules=case[1])
    assert np.all(priced.paid >= 0)
    assert np.all(priced.paid <= priced.list_amount)
    for name in MECHANISMS:
        assert np.all(getattr(priced, name) >= 0)


@given(orders(), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_never_matters(
    case: tuple[BasketLines, OrderRules], random: object
) -> None:
    lines, offers = case
    place = np.arange(len(lines.order))
    random.shuffle(place)  # type: ignore[attr-defined]
    moved = BasketLines(**{name: getattr(lines, name)[place] for name in BasketLines.__slots__})
    before, after = price_orders(lines, rules=offers), price_orders(moved, rules=offers)
    for name in MECHANISMS:
        assert getattr(before, name)[place].tolist() == getattr(after, name).tolist()


@given(orders())
def test_an_orders_deductions_are_those_of_its_total(case: tuple[BasketLines, OrderRules]) -> None:
    """Priced by hand from the order's sums, in plain Python, order by order."""
    lines, offers = case
    priced = price_orders(lines, rules=offers)
    for order in range(3):
        mine = lines.order == order
        activity = int(lines.activity_amount[mine].sum())
        left = activity
        rate = int(offers.quantity_rate[order])
        enough = int(lines.pieces[mine].sum()) >= int(offers.quantity_from[order])
        quantity = (activity * rate * 2 + 10_000) // 20_000 if enough else 0
        left -= quantity
        coupon = 0
        if activity >= int(offers.coupon_from[order]):
            coupon = min(int(offers.coupon_amount[order]), left)
        left -= coupon
        times = activity // int(offers.cross_step[order])
        cross = min(times * int(offers.cross_amount[order]), left)
        assert int(priced.tier_qty[mine].sum()) == quantity
        assert int(priced.coupon_shop[mine].sum()) == coupon
        assert int(priced.tier_cross[mine].sum()) == cross
        assert int(priced.paid[mine].sum()) == left - cross


@given(orders())
def test_a_shop_or_platform_offer_never_raises_the_price(
    case: tuple[BasketLines, OrderRules],
) -> None:
    lines, offers = case
    none = OrderRules(**{name: np.zeros(3, dtype=np.int64) for name in NOTHING})
    assert (
        price_orders(lines, rules=offers).paid.sum() <= price_orders(lines, rules=none).paid.sum()
    )
