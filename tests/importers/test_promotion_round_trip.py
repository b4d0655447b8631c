"""Any rule of the common forms, printed in one of its spellings, is read as itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from channelscope.importers.promotion_parts import Rule
from channelscope.importers.promotion_text import parse

WIDE = str.maketrans("0123456789.%¥,-", "０１２３４５６７８９．％￥，－")
SPELLINGS: tuple[Callable[[str], str], ...] = (
    lambda text: text,
    lambda text: text.translate(WIDE),
    lambda text: f"【{text}】",
    lambda text: f" {text}。",
    lambda text: text.replace("元", "块"),
    lambda text: re.sub(r"(?<=[减满件])(?=\d)", " ", text),
)


@st.composite
def amounts(draw: st.DrawFn, least: int = 1, most: int = 999_900) -> Decimal:
    """An amount in yuan with up to two places."""
    return Decimal(draw(st.integers(least, most))) / 100


@st.composite
def amount_tiers(draw: st.DrawFn) -> tuple[Rule, str]:
    least = draw(amounts(least=1000))
    off = draw(amounts(most=int(least * 100)))
    mechanism, name = draw(st.sampled_from([
        ("tier_amount", ""), ("coupon_shop", "店铺券"), ("coupon_platform", "平台券"),
        ("coupon_item", "商品券"), ("tier_cross", "跨店"), ("redpack", "红包"),
    ]))  # fmt: skip
    repeat = mechanism == "tier_cross" or draw(st.booleans())
    unit = draw(st.sampled_from(["", "元"]))
    return Rule(
        mechanism=mechanism, benefit_kind="amount", benefit=float(off), threshold_kind="amount",
        threshold=float(least), repeat=repeat,
        stack_group=mechanism if mechanism in ("coupon_shop", "coupon_platform") else None,
    ), f"{name}{'每' if repeat else ''}满{least:f}{unit}减{off:f}{unit}"  # fmt: skip


@st.composite
def piece_tiers(draw: st.DrawFn) -> tuple[Rule, str]:
    count = draw(st.integers(1, 20))
    kind = draw(st.sampled_from(["rate", "amount", "price"]))
    if kind == "rate":
        fold = draw(folds())
        return Rule(
            mechanism="tier_qty", benefit_kind="rate", benefit=float(1 - fold / 10),
            threshold_kind="qty", threshold=count,
        ), f"满{count}件{fold:f}折"  # fmt: skip
    off, repeat = draw(amounts()), draw(st.booleans())
    count += kind == "price"
    printed = f"满{count}件减{off:f}元" if kind == "amount" else f"满{count}件{off:f}元"
    return Rule(
        mechanism="tier_qty", benefit_kind=kind, benefit=float(off), threshold_kind="qty",
        threshold=count, repeat=repeat,
    ), f"{'每' if repeat else ''}{printed}"  # fmt: skip


@st.composite
def folds(draw: st.DrawFn) -> Decimal:
    """A 折 from 0.1 to 9.99."""
    return Decimal(draw(st.integers(10, 999))) / 100


@st.composite
def piece_prices(draw: st.DrawFn) -> tuple[Rule, str]:
    mechanism, name = draw(st.sampled_from([
        ("markdown", ""), ("markdown", "限时"), ("flash", "秒杀"), ("subsidy", "百亿补贴"),
        ("official_cut", "官方立减"), ("member", "会员"), ("new_customer", "新客"),
    ]))  # fmt: skip
    who = {"member": "member", "new_customer": "new"}.get(mechanism, "all")
    if draw(st.booleans()) and mechanism != "official_cut":
        fold = draw(folds())
        return Rule(
            mechanism=mechanism, benefit_kind="rate", benefit=float(1 - fold / 10), eligibility=who
        ), f"{name}{fold:f}折"
    off = draw(amounts())
    return Rule(
        mechanism=mechanism, benefit_kind="amount", benefit=float(off), eligibility=who
    ), f"{name}{'' if name.endswith('减') else '减'}{off:f}元"


@st.composite
def presales(draw: st.DrawFn) -> tuple[Rule, str]:
    deposit = draw(amounts(most=50_000))
    credit = deposit + draw(amounts(most=50_000))
    return Rule(
        mechanism="presale", benefit_kind="credit", benefit=float(credit), threshold_kind="amount",
        threshold=float(deposit), eligibility="presale",
    ), f"预售定金{deposit:f}抵{credit:f}"  # fmt: skip


RULES = st.one_of(amount_tiers(), piece_tiers(), piece_prices(), presales())


@given(RULES, st.sampled_from(SPELLINGS))
def test_a_printed_rule_is_read_back(
    told: tuple[Rule, str], spelling: Callable[[str], str]
) -> None:
    rule, text = told
    found = parse(spelling(text))
    assert found is not None
    assert found.rules == (rule,)


@given(RULES, st.sampled_from(["起", "左右", "限指定商品", "前100名", "%", "件", "5", " 不可叠加"]))
def test_a_word_that_is_not_understood_leaves_no_rule_as_it_was(
    told: tuple[Rule, str], word: str
) -> None:
    rule, text = told
    for changed in (text + word, word + text):
        found = parse(changed)
        assert found is None or rule not in found.rules


@given(st.text(alphabet="满减每件折元第半价券店铺跨0123456789.%-, ;定金抵", max_size=14))
def test_any_text_is_read_or_left_and_what_is_read_makes_sense(text: str) -> None:
    found = parse(text)
    for rule in found.rules if found else ():
        assert rule.benefit is not None and rule.benefit > 0
        assert rule.benefit_kind != "rate" or rule.benefit <= 1
        assert (rule.threshold is None) == (rule.threshold_kind == "none")
        assert rule.threshold_kind != "amount" or rule.benefit_kind not in ("amount",) or (
            rule.threshold is not None and rule.benefit <= rule.threshold
        )  # fmt: skip
