"""Promotions as Shopify and Amazon print them in English: 15% off, Buy 2 get 1 free."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from channelscope.importers.promotion_parts import Rule

_SIGN = r"(?:us|ca|au)?[$€£] ?"
_CUT = rf"(?:(?P<rate>\d+(?:\.\d+)?) ?%|{_SIGN}(?P<money>\d[\d,]*(?:\.\d+)?))"
_LEAST = rf"{_SIGN}(?P<least>\d[\d,]*(?:\.\d+)?)(?: or more|\+)?"
_COUNT = r"(?P<count>\d+|one|two|three|four|five)"
_WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5}
_APART = re.compile(r" ?(?:[;|+\n]| and ) ?")
Made = Callable[[re.Match[str]], Rule | None]


def rules(text: str) -> tuple[Rule, ...]:
    """The rules of a text in small letters; none where a part of it is not understood."""
    parts = [text] if _read(text) else _APART.split(text)
    found = [_read(part) for part in parts]
    return tuple(rule for rule in found if rule) if all(found) else ()


def _read(text: str) -> Rule | None:
    for form, made in _FORMS:
        if match := form.fullmatch(text):
            return made(match)
    return None


def _number(match: re.Match[str], name: str) -> float | None:
    text = match.groupdict().get(name)
    if text is None:
        return None
    return float(_WORDS[text]) if text in _WORDS else float(Decimal(text.replace(",", "")))


def _cut(
    mechanism: str, *, priced: bool = False, eligibility: str = "all", base: str | None = None
) -> Made:
    """A rate or an amount off, from a threshold on where the text has one."""

    def made(match: re.Match[str]) -> Rule | None:
        money, rate = _number(match, "money"), match.groupdict().get("rate")
        off = money if rate is None else float(Decimal(rate) / 100)
        least, count = _number(match, "least"), _number(match, "count")
        if not off or (rate is not None and off > 1) or (least is not None and off > least):
            return None
        kind = "amount" if least is not None else "qty" if count is not None else "none"
        amount = "price" if priced else "amount"
        return Rule(
            mechanism=mechanism, benefit_kind=amount if rate is None else "rate", benefit=off,
            threshold_kind=kind, threshold=count if least is None else least,
            eligibility=eligibility, threshold_base=base,
        )  # fmt: skip

    return made


def _one_more(match: re.Match[str]) -> Rule | None:
    """Buy 2 get 1 free: of every three pieces the cheapest; more than one more is not told so."""
    count, rate = _number(match, "count"), match.groupdict().get("rate")
    off = Decimal(rate) / 100 if rate else Decimal("0.5") if "half" in match.group() else Decimal(1)
    if not count or not 0 < off <= 1:
        return None
    return Rule(
        mechanism="tier_qty", benefit_kind="rate", benefit=float(off), threshold_kind="qty",
        threshold=count + 1, repeat=True,
    )  # fmt: skip


def _bogo(_: re.Match[str]) -> Rule:
    return Rule(
        mechanism="tier_qty", benefit_kind="rate", benefit=1.0, threshold_kind="qty",
        threshold=2.0, repeat=True,
    )  # fmt: skip


def _beside(mechanism: str, benefit_kind: str) -> Made:
    """Free shipping and gifts, of a worth that is not printed."""

    def made(match: re.Match[str]) -> Rule | None:
        least = _number(match, "least")
        return Rule(
            mechanism=mechanism, benefit_kind=benefit_kind, benefit=None,
            threshold_kind="none" if least is None else "amount", threshold=least,
        )  # fmt: skip

    return made


_OVER = r"(?:(?:your |all )?orders?|purchases?)?(?: of)? ?(?:over|above|from|of|on)?"
_SET = rf"(?:buy |any )?{_COUNT}(?: items?)? for {_SIGN}(?P<money>\d[\d,]*(?:\.\d+)?)"
_SUBSCRIBE = r"subscribe (?:&|and) save"
_SPELT: tuple[tuple[str, Made], ...] = (
    (rf"(?:get |save |extra )?{_CUT}(?: off)? {_OVER} ?{_LEAST}", _cut("tier_amount")),
    (rf"(?:spend|buy) {_LEAST},? (?:and )?(?:get|save) {_CUT}(?: off)?", _cut("tier_amount")),
    (rf"{_CUT} off when you spend {_LEAST}", _cut("tier_amount")),
    (rf"buy {_COUNT},? get (?:1|one) "
     r"(?:free|at half price|half off|(?:at )?(?P<rate>\d+(?:\.\d+)?) ?% off)", _one_more),
    (r"bogo(?: free)?", _bogo),
    (_SET, _cut("tier_qty", priced=True)),
    (rf"buy {_COUNT}(?:\+| or more| items?)?,? (?:and )?(?:get|save) {_CUT}(?: off)?",
     _cut("tier_qty")),
    # Who subscribes is asked to come back: not the price of one piece bought once.
    (rf"{_SUBSCRIBE}:? {_CUT}(?: off)?", _cut("subscribe", eligibility="member")),
    (rf"(?:save )?{_CUT}(?: off)? (?:with )?{_SUBSCRIBE}", _cut("subscribe", eligibility="member")),
    (rf"coupon:? (?:save )?{_CUT}(?: off)?", _cut("coupon_item", base="list")),
    (rf"(?:save |extra |apply )?{_CUT}(?: off)? (?:with )?coupon",
     _cut("coupon_item", base="list")),
    (rf"(?:lightning|limited[- ]time|prime day|best)? ?deal:? {_CUT} off", _cut("flash")),
    (rf"(?:lightning|limited[- ]time)? ?deal(?: price)?:? {_SIGN}(?P<money>\d[\d,]*(?:\.\d+)?)",
     _cut("flash", priced=True)),
    (rf"prime(?: exclusive)?(?: (?:discount|deal))?:? {_CUT}(?: off)?",
     _cut("member", eligibility="member")),
    (rf"(?:prime|members?)(?: exclusive)? price:? {_SIGN}(?P<money>\d[\d,]*(?:\.\d+)?)",
     _cut("member", priced=True, eligibility="member")),
    (rf"{_CUT} off for members", _cut("member", eligibility="member")),
    (rf"{_CUT} off (?:on )?(?:your )?first (?:order|purchase)",
     _cut("new_customer", eligibility="new")),
    (rf"first (?:order|purchase):? {_CUT} off", _cut("new_customer", eligibility="new")),
    (rf"free shipping(?: on)?(?: {_OVER} ?{_LEAST})?", _beside("shipping", "amount")),
    (rf"free gift(?: with(?: every| any)? (?:order|purchase))?(?: {_OVER} ?{_LEAST})?",
     _beside("gift", "gift")),
    (rf"{_CUT} ?(?:cash ?back)", _cut("cashback")),
    (rf"(?:get |save |extra )?{_CUT} off", _cut("markdown")),
    (rf"save {_CUT}", _cut("markdown")),
)  # fmt: skip
_FORMS = tuple((re.compile(form), made) for form, made in _SPELT)
