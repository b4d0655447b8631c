"""What a row of the promotions table says, and what it must not be taken to say."""

from __future__ import annotations

from datetime import datetime

import polars as pl
import pytest

from channelscope.promotion_rules import GiftWorth
from channelscope.promotion_rules.promotions import read_promotions
from tests.promotion_rules.tills import net, priced, promotion, rate


@pytest.mark.parametrize(
    "terms",
    [
        {"benefit_kind": "price", "benefit": None},  # would be free
        {"benefit_kind": "rate", "benefit": 20.0},  # 20 for 0.20 would be free
        {"benefit_kind": "amount", "benefit": -5.0},
        {"benefit_kind": "amount", "benefit": 5.0, "threshold_kind": "amount"},  # would always bite
        {"benefit_kind": "amount", "benefit": 5.0, "threshold_kind": "qty", "threshold": -2.0},
    ],
)
def test_a_row_without_its_terms_makes_no_price(terms: dict[str, object]) -> None:
    row = {
        "promo_id": "p", "store_id": "F1", "mechanism": "flash",
        "starts_at": datetime(2026, 6, 1), "ends_at": datetime(2026, 6, 30),
    }  # fmt: skip
    whole = row | {"benefit_kind": "amount", "benefit": 5.0, "promo_id": "whole"}
    found = read_promotions(pl.DataFrame([row | terms, whole], infer_schema_length=None))
    assert [rule.promo_id for rule in found] == ["whole"]


def test_a_gift_that_says_no_number_is_one_piece() -> None:
    rule = promotion("gift", None, gift_sku="ladle")  # type: ignore[arg-type]
    found = priced(rule, lines=[("pan", 100, 1)], gifts={"ladle": GiftWorth(1_990, 450)})
    assert (found.given.market.tolist(), found.given.cost.tolist()) == ([1_990], [450])


@pytest.mark.parametrize(("cut", "flash"), [("a", "b"), ("b", "a")])
def test_without_priorities_the_price_of_a_piece_comes_first(cut: str, flash: str) -> None:
    off = rate("official_cut", 0.1, promo_id=cut)
    fixed = promotion("flash", 80, benefit_kind="price", promo_id=flash)
    assert net(off, fixed, lines=[("pan", 100, 1)]) == 70


def test_half_a_cent_is_rounded_up() -> None:
    assert promotion("markdown", 0.125).benefit == 13


def test_a_bundle_takes_its_rate_off_whole_sets_alone() -> None:
    bundle = rate("bundle", 0.1, scope="sku:pan|lid")
    assert net(bundle, lines=[("pan", 100, 2), ("lid", 50, 1)]) == 235
    assert net(bundle, lines=[("pan", 100, 2), ("lid", 50, 2)]) == 270


def test_three_for_99_is_99_also_on_what_is_left() -> None:
    coupon = promotion("coupon_shop", 50)
    any_three = promotion("tier_qty", 99, benefit_kind="price", threshold_kind="qty", threshold=3,
                          threshold_base="running", priority=1)  # fmt: skip
    assert net(coupon, any_three, lines=[("pan", 50, 3)]) == 99


def test_pieces_of_a_product_count_together_wherever_they_stand() -> None:
    two = rate("markdown", 0.1, threshold_kind="qty", threshold=2)
    assert net(two, lines=[("pan", 100, 1), ("pan", 100, 1)]) == 180
    assert net(two, lines=[("pan", 100, 1), ("cup", 100, 1)]) == 200


def test_a_deposit_is_never_above_the_price() -> None:
    presale = promotion("presale", 60, benefit_kind="credit", threshold=50, eligibility="presale")
    coupon = promotion("coupon_shop", 80)
    found = priced(presale, coupon, lines=[("pot", 100, 1)], eligible=["presale"])
    assert (found.paid.sum(), found.deposit.sum()) == (1_000, 1_000)


@pytest.mark.parametrize(
    ("mechanism", "share", "funder"),
    [
        ("tier_cross", None, "shared"),
        ("tier_cross", 1.0, "merchant"),
        ("subsidy", None, "platform"),
    ],
)
def test_who_bears_it_is_the_usual_case_where_nothing_is_said(
    mechanism: str, share: float | None, funder: str
) -> None:
    assert promotion(mechanism, 10, merchant_share=share).funder == funder
