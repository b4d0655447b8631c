"""The terms of promotions as Chinese marketplaces print them: thresholds, cuts, prices, gifts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from channelscope.importers.promotion_parts import (
    Limit,
    Term,
    money,
    number,
    off_of,
    part_of,
    pattern,
)

Made = tuple[Term, ...] | Limit | None
"""Terms, a limit of the terms before, or None: what is printed makes no sense."""

_OFF = r"(?:立减|直降|可减|减|立省|省|优惠|可抵|抵扣|抵|-)"
_FOLD = r"(?:立享|享受|享|立打|打)? (?P<fold>\d+(?:\.\d+)?) 折"
_PIECES = r"(?P<count>\d+) 件 (?:及以上|以上)?"
_BUY = r"(?:满|任选|任意选|任意|买|购|拍)?"
_GIVEN = r"(?:(?!满\d|每满|第\d|\d+元|\d+折)[^ ,;|+/])+"
_PRICED = r"(?=¥|\d+(?:\.\d+)? 元)"
_DEPOSIT = rf"(?:预售)?[ :]*(?:付|支付)? 定金 {money('deposit')} (?:立|可)?"
_SHOP = "(?:全国|全场|全店|店铺|顺丰)?"
_FREE = "(?:包邮|免邮|免运费)"
_GIVE = rf"(?:加赠|赠送|赠|送) (?:价值 {money('worth')} (?:的)?)?"
_LEAST_AMOUNT = 10
"""满3享8折 without a unit can mean three pieces; from 10 on it is always money."""


def _amount_off(match: re.Match[str]) -> Made:
    """满300减50; what is more than its threshold is none."""
    least, off = number(match, "least"), number(match, "off")
    if least is None or off is None or not 0 < off <= least:
        return None
    named = bool(match.group("each") or match.group("full"))
    return (Term(
        mechanism="tier_amount" if named else None, benefit_kind="amount", benefit=off,
        threshold_kind="amount", threshold=least, repeat=bool(match.group("each")),
    ),)  # fmt: skip


def _coupon_from(match: re.Match[str]) -> Made:
    """20元券 满199可用."""
    least, off = number(match, "least"), number(match, "off")
    if least is None or off is None or not 0 < off <= least:
        return None
    return (Term(
        mechanism="coupon_shop", benefit_kind="amount", benefit=off,
        threshold_kind="amount", threshold=least,
    ),)  # fmt: skip


def _amount_fold(match: re.Match[str]) -> Made:
    """满199享9折; what is printed behind it is what the piece at hand saves."""
    least, fold, saving = number(match, "least"), number(match, "fold"), number(match, "saving")
    off = None if fold is None else off_of(fold)
    if least is None or off is None:
        return None
    if match.group("unit") is None and saving is None and 1 < least < _LEAST_AMOUNT:
        return None
    return (Term(
        mechanism="tier_amount", benefit_kind="rate", benefit=off, threshold_kind="amount",
        threshold=least, saving=saving,
    ),)  # fmt: skip


def _of_pieces(benefit_kind: str, benefit: Decimal | None, match: re.Match[str]) -> Made:
    count = number(match, "count")
    if not benefit or not count:
        return None
    return (Term(
        mechanism="tier_qty", benefit_kind=benefit_kind, benefit=benefit, threshold_kind="qty",
        threshold=count, repeat=bool(match.groupdict().get("each")),
    ),)  # fmt: skip


def _pieces_fold(match: re.Match[str]) -> Made:
    """满2件9折."""
    fold = number(match, "fold")
    return None if fold is None else _of_pieces("rate", off_of(fold), match)


def _pieces_off(match: re.Match[str]) -> Made:
    """满2件减10, 每满1件减40."""
    return _of_pieces("amount", number(match, "off"), match)


def _pieces_price(match: re.Match[str]) -> Made:
    """3件99元; the price of one piece is none of a set."""
    count = number(match, "count")
    return _of_pieces("price", number(match, "price"), match) if count and count > 1 else None


def _nth(match: re.Match[str]) -> Made:
    """第2件半价: for every second piece the cheapest one at half price."""
    count, fold, off = number(match, "count"), number(match, "fold"), number(match, "off")
    if count is None or count < 2:
        return None
    kind, benefit = "rate", Decimal(1)
    if match.group("half"):
        benefit = Decimal("0.5")
    elif fold is not None:
        taken = off_of(fold)
        if taken is None:
            return None
        benefit = taken
    elif off is not None:
        kind, benefit = "amount", off
    return (Term(
        mechanism="tier_qty", benefit_kind=kind, benefit=benefit, threshold_kind="qty",
        threshold=count, repeat=True, nth=True, fixed=True,
    ),)  # fmt: skip


def _fold(match: re.Match[str]) -> Made:
    """8.5折."""
    fold = number(match, "fold")
    off = None if fold is None else off_of(fold)
    return None if off is None else (Term(mechanism="markdown", benefit_kind="rate", benefit=off),)


_VERBS = {
    "直降": "markdown", "立减": "markdown", "减": "markdown", "降": "markdown", "已降": "markdown",
    "立省": "markdown", "返": "cashback",
}  # fmt: skip


def _rate(match: re.Match[str]) -> Made:
    """立减12%省30元: the campaign's rate; the amount is what the piece at hand saves."""
    rate, verb = number(match, "rate"), match.group("verb")
    off = None if rate is None else part_of(rate)
    if off is None:
        return None
    mechanism = "official_cut" if verb == "立减" else _VERBS.get(verb or "")
    return (Term(
        mechanism=mechanism, benefit_kind="rate", benefit=off, saving=number(match, "saving"),
    ),)  # fmt: skip


def _amount(match: re.Match[str]) -> Made:
    """直降30元, or 20元 alone, which needs a name."""
    off, verb = number(match, "off"), match.group("verb")
    if not off:
        return None
    return (Term(
        mechanism=_VERBS.get(verb or ""), benefit_kind="amount", benefit=off, bare=verb is None,
    ),)  # fmt: skip


def _presale(credit: Decimal | None, match: re.Match[str]) -> Made:
    deposit = number(match, "deposit")
    if deposit is None or credit is None or not 0 < deposit < credit:
        return None
    return (Term(
        mechanism="presale", benefit_kind="credit", benefit=credit, threshold_kind="amount",
        threshold=deposit, fixed=True, eligibility="presale",
    ),)  # fmt: skip


def _deposit(match: re.Match[str]) -> Made:
    """定金100抵220."""
    return _presale(number(match, "worth"), match)


def _grown(match: re.Match[str]) -> Made:
    """定金100膨胀2倍; without the deposit nobody knows what it is worth."""
    deposit, times = number(match, "deposit"), number(match, "times")
    return None if deposit is None or times is None else _presale(deposit * times, match)


def _balance(match: re.Match[str]) -> Made:
    """尾款立减50, beside what the deposit is worth: a stack group of its own."""
    off = number(match, "off")
    return (Term(
        mechanism="presale", benefit_kind="amount", benefit=off, fixed=True,
        eligibility="presale", stack_group="balance",
    ),) if off else None  # fmt: skip


def _beside(mechanism: str, benefit_kind: str) -> Callable[[re.Match[str]], Made]:
    """包邮, 满300赠…: what stands beside the price, of a worth that is not printed."""

    def made(match: re.Match[str]) -> Made:
        least = number(match, "least")
        count = number(match, "count") or number(match, "bought")
        kind = "amount" if least is not None else "qty" if count is not None else "none"
        return (Term(
            mechanism=mechanism, benefit_kind=benefit_kind, benefit=number(match, "worth"),
            threshold_kind=kind, threshold=count if least is None else least,
            repeat=bool(match.groupdict().get("each")), fixed=True,
        ),)  # fmt: skip

    return made


def _cap(match: re.Match[str]) -> Made:
    return Limit(cap=number(match, "cap"))


def _uncapped(_: re.Match[str]) -> Made:
    return Limit(repeat=True)


_FORMS: tuple[tuple[str, Callable[[re.Match[str]], Made]], ...] = (
    (rf"(?P<each>每)? (?P<full>满)? {money('least')} {_OFF} {money('off')}", _amount_off),
    (rf"{money('off')} (?:无门槛)?(?:店铺)?(?:优惠)?券? 满 {money('least')} (?:可用|使用|可使用)",
     _coupon_from),
    (rf"满 ¥?(?P<least>\d+(?:\.\d+)?)(?![\d.件]) (?P<unit>元)? {_FOLD}(?:减 {money('saving')})?",
     _amount_fold),
    (rf"{_BUY} {_PIECES},? (?:总价)? {_FOLD}", _pieces_fold),
    (rf"(?P<each>每)? {_BUY} {_PIECES} (?:立减|可减|减|立省|省|-) {money('off')}", _pieces_off),
    (rf"(?P<each>每)? {_BUY} {_PIECES} (?:一共|共|总价|仅需|仅|只要)? "
     rf"{_PRICED}{money('price')}", _pieces_price),
    (rf"{_PRICED}{money('price')}(?: (?:任选|任意选|任意|选|买|/) )?{_PIECES}", _pieces_price),
    (rf"第 (?P<count>\d+) 件 (?:(?P<half>半价)|{_FOLD}|免费|免单|¥?0元|¥0|"
     rf"(?:立减|直降|减) {money('off')})", _nth),
    (rf"(?:直降|立减|低价)? {_FOLD}", _fold),
    (r"(?P<verb>立减|直降|立省|减|降|省|优惠|补贴|补|抵扣|已抵|可抵|抵)? (?P<rate>\d+(?:\.\d+)?) %"
     rf"(?: 省 {money('saving')})?", _rate),
    (r"(?P<verb>直降|立减|已降|减|降|立省|省|优惠|补贴|已补|补|抵扣|已抵扣|已抵|可抵|抵|返)? "
     rf"{money('off')}", _amount),
    (rf"{_DEPOSIT}(?:抵扣|抵|当|膨胀至|膨胀到|膨胀) {money('worth')}(?! ?倍)", _deposit),
    (rf"{_DEPOSIT}膨胀 (?P<times>\d+(?:\.\d+)?) 倍", _grown),
    (rf"(?:预售)?[ :]*(?:尾款|付定金|定金) (?:立减|直降|减|优惠) {money('off')}", _balance),
    (rf"{_SHOP} {_FREE}", _beside("shipping", "amount")),
    (rf"{_SHOP} 满 {money('least')} {_FREE}", _beside("shipping", "amount")),
    (rf"{_SHOP} {_BUY} {_PIECES} {_FREE}", _beside("shipping", "amount")),
    # 满300送50 is a gift or money back; 买2送1 gives pieces.
    (rf"(?P<each>每)? 满 {money('least')} (?:即|就)?{_GIVE}(?!\d+(?:$|[ ,;|+])){_GIVEN}",
     _beside("gift", "gift")),
    (rf"(?P<each>每)? (?:满 {_PIECES}|(?:买|购) (?P<bought>\d+) 件?) (?:即|就)?{_GIVE}{_GIVEN}",
     _beside("gift", "gift")),
    (rf"(?:买|下单|购买)(?:就|即|立)?{_GIVE}{_GIVEN}", _beside("gift", "gift")),
    (r"(?:最高|最多|至多|封顶) (?:可)?(?:立减|减|优惠|抵扣|抵|省|补贴|补)? "
     rf"{money('cap')} (?:封顶)?", _cap),
    (rf"{money('cap')} 封顶", _cap),
    (r"上不封顶", _uncapped),
)  # fmt: skip
FORMS = tuple((pattern(form), made) for form, made in _FORMS)
SILENT = pattern(
    r"退货宝|[赠送]?运费险|\d+ 天无理由(?:退换?货?)?|\d+ 期免息|\d+ 天价保|限享一次|即时可用"
)
"""What is printed between promotions and takes nothing off."""


def terms_at(text: str, start: int) -> Iterator[tuple[Made, int]]:
    """What the forms read at a place of the text and where each ends, the longest first."""
    fits = [(match, made) for form, made in FORMS if (match := form.match(text, start))]
    for match, made in sorted(fits, key=lambda fit: -fit[0].end()):
        yield made(match), match.end()
