"""What holds for any basket under any promotions."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from channelscope.promotion_rules import Base, Baskets, Priced, Promotion, Step, price
from tests.promotion_rules.tills import Line, baskets, net, priced, promotion, rate

SKUS = ("pan", "pot", "cup")
ITEM = ("markdown", "flash", "subsidy", "official_cut", "member", "group", "subscribe")
ORDER = ("coupon_shop", "tier_amount", "tier_qty", "tier_cross", "coupon_platform", "redpack",
         "points", "new_customer", "coupon_item")  # fmt: skip
GROUPS = (None, "g", "h")
SCOPES = ("store", "sku:pan|cup", "category:p")


@st.composite
def promotions(draw: st.DrawFn, mechanisms: tuple[str, ...] = ITEM + ORDER) -> Promotion:
    """Any promotion; whole yuan and whole per cent, so that nothing is rounded."""
    kind = draw(st.sampled_from(["rate", "amount"]))
    return promotion(
        draw(st.sampled_from(mechanisms)),
        draw(st.integers(0, 60)) / (100 if kind == "rate" else 1),
        promo_id=f"p{draw(st.integers(0, 10**9))}",
        benefit_kind=kind,
        threshold_kind=draw(st.sampled_from(["none", "amount", "qty"])),
        threshold=float(draw(st.integers(1, 4)) * draw(st.sampled_from([1, 50]))),
        threshold_base=draw(st.sampled_from(["list", "activity", "running"])),
        scope=draw(st.sampled_from(SCOPES)),
        repeat=draw(st.booleans()) and kind == "amount",
        cap=draw(st.sampled_from([None, 20.0])),
        stack_group=draw(st.sampled_from(GROUPS)),
        priority=draw(st.integers(0, 3)),
    )


RULES = st.lists(promotions(), max_size=6, unique_by=lambda p: p.promo_id)
LINES = st.lists(
    st.tuples(st.sampled_from(SKUS), st.integers(0, 30).map(lambda n: n * 10.0), st.integers(1, 4)),
    min_size=1, max_size=4,
)  # fmt: skip


def of(found: Priced, goods: Baskets) -> int:
    return int(found.paid[goods.order == 0].sum())


@given(RULES, LINES)
def test_what_is_paid_lies_between_nothing_and_the_list_amount(
    rules: list[Promotion], lines: list[Line]
) -> None:
    found = price(baskets(lines), promotions=rules)
    assert np.all((found.paid >= 0) & (found.paid <= found.list_amount))
    assert np.all(found.paid <= found.activity_amount)


@given(RULES, LINES)
def test_what_is_taken_off_is_what_is_not_paid(rules: list[Promotion], lines: list[Line]) -> None:
    found = price(baskets(lines), promotions=rules)
    off = np.bincount(found.taken.line, weights=found.taken.amount, minlength=len(lines))
    assert np.array_equal(off, found.list_amount - found.paid)
    assert np.all(found.taken.amount > 0)


@given(RULES, LINES, st.randoms(use_true_random=False))
def test_the_order_of_lines_and_of_promotions_never_matters(
    rules: list[Promotion], lines: list[Line], chance: object
) -> None:
    goods = baskets(lines)
    turn = np.array(chance.sample(range(len(lines)), len(lines)))  # type: ignore[attr-defined]
    turned = replace(
        goods,
        **{
            name: getattr(goods, name)[turn]
            for name in Baskets.__slots__
            if name not in ("store", "at")
        },
    )
    mixed = chance.sample(rules, len(rules))  # type: ignore[attr-defined]
    assert np.array_equal(
        price(turned, promotions=mixed).paid, price(goods, promotions=rules).paid[turn]
    )


@given(RULES, LINES, LINES)
def test_other_baskets_never_matter(
    rules: list[Promotion], lines: list[Line], others: list[Line]
) -> None:
    alone = price(baskets(lines), promotions=rules).paid
    together = price(baskets(others, lines, others), promotions=rules).paid
    assert together[len(others) : len(others) + len(lines)].tolist() == alone.tolist()


@given(RULES, promotions(ORDER), LINES)
def test_a_promotion_above_the_item_level_outside_every_group_never_raises_the_price(
    rules: list[Promotion], one: Promotion, lines: list[Line]
) -> None:
    """Thresholds on the running price are left out: there a coupon can break the next threshold."""
    rules = [replace(p, base=Base.ACTIVITY if p.base is Base.RUNNING else p.base) for p in rules]
    goods = baskets(lines)
    more = price(goods, promotions=[*rules, replace(one, group=None, promo_id="one")])
    assert of(more, goods) <= of(price(goods, promotions=rules), goods)


def test_on_the_running_price_a_coupon_can_break_the_next_threshold() -> None:
    tier = promotion("tier_amount", 50, threshold_kind="amount", threshold=200, priority=2,
                     threshold_base="running")  # fmt: skip
    assert net(tier, lines=[("pan", 210.0, 1)]) == 160
    assert net(tier, promotion("coupon_shop", 20, priority=1), lines=[("pan", 210.0, 1)]) == 190


def test_a_markdown_can_break_a_threshold_and_raise_the_price() -> None:
    coupon = promotion("coupon_shop", 110, threshold_kind="amount", threshold=359)
    assert net(coupon, lines=[("pan", 120.0, 3)]) == 250
    assert net(coupon, rate("markdown", 0.01), lines=[("pan", 120.0, 3)]) == 356.4


@given(RULES, LINES, st.integers(2, 7))
def test_prices_thresholds_and_fixed_benefits_times_k_make_the_net_times_k(
    rules: list[Promotion], lines: list[Line], k: int
) -> None:
    scaled = [
        replace(
            p,
            threshold=p.threshold * k if p.threshold_kind == "amount" else p.threshold,
            benefit=p.benefit * k if p.benefit_kind == "amount" else p.benefit,
            cap=None if p.cap is None else p.cap * k,
        )
        for p in rules
    ]
    dear = [(sku, listed * k, pieces) for sku, listed, pieces in lines]
    # Rates of a price that a rate has already cut need fractions of a cent: one rate at most.
    rates = [p for p in rules if p.benefit_kind == "rate"]
    room = k * len(rates) if len(rates) > 1 else 0
    goods, more = baskets(lines), baskets(dear)
    there, here = (
        of(price(more, promotions=scaled), more),
        of(price(goods, promotions=rules), goods),
    )
    assert abs(there - k * here) <= room


@given(st.integers(1, 40_000), st.sampled_from(["list", "activity"]))
def test_a_threshold_one_cent_short_does_not_bite(cents: int, base: str) -> None:
    goods = [("pan", cents / 100, 1.0)]
    for least, off in ((cents, 1), (cents + 1, 0)):
        coupon = promotion("coupon_shop", 0.01, threshold_kind="amount", threshold=least / 100,
                           threshold_base=base)  # fmt: skip
        assert priced(coupon, lines=goods).paid.tolist() == [cents - off]


@settings(max_examples=50)
@given(st.lists(promotions(), min_size=2, max_size=4, unique_by=lambda p: p.promo_id), LINES)
def test_of_a_group_at_one_step_the_dearest_for_the_store_applies(
    rules: list[Promotion], lines: list[Line]
) -> None:
    """Alone with its rivals, the winner leaves no basket dearer than any of them would."""
    rivals = [replace(p, group="g", mechanism="coupon_shop", base=Base.ACTIVITY) for p in rules]
    assert {p.step for p in rivals} == {Step.SHOP}
    goods = baskets(lines)
    best = min(of(price(goods, promotions=[p]), goods) for p in rivals)
    assert of(price(goods, promotions=rivals), goods) == best
