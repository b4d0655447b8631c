"""Promotions as marketplaces print them → rules; a text not understood to its last word is None."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from channelscope.importers import promotion_english
from channelscope.importers.promotion_parts import Limit, Parsed, Rule, Term, Tool
from channelscope.importers.promotion_terms import SILENT, terms_at
from channelscope.importers.promotion_tools import tool_at, tool_named

_DASHES = str.maketrans(dict.fromkeys("–—−‐‑", "-") | dict.fromkeys("块圆", "元"))
_BRACKETS = re.compile(r"[\[\]【】()〔〕「」]")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_NUMERALS = {sign: str(value) for value, sign in enumerate("一二三四五六七八九十", 1)} | {"两": "2"}
_COUNTED = re.compile(
    r"(?<=[第满买送赠选])[一二两三四五六七八九十](?=[件送赠免]|$)|[一二两三四五六七八九十](?=件)"
)
_FOLDED = re.compile(r"([一二三四五六七八九])([一二三四五六七八九])?(?=折)")
_BETWEEN = re.compile(r"[ ,;|/+、。·&]*")
_APART = re.compile(r" ?(?:[,;|/+、。·&]|$)")
_ENDS = re.compile(r"[ ,;|/+、。·&]|$")
_AFTER_NAME = re.compile(r" ?:? ?-? ?")
_PLAIN, _BY_AMOUNT, _BY_PIECES = "none", "amount", "qty"
_PRICE_OF_A_PIECE = {(_PLAIN, "rate"), (_PLAIN, "amount"), (_PLAIN, "price")}
_TIERS = {(kind, benefit) for kind in (_BY_AMOUNT, _BY_PIECES) for benefit in ("rate", "amount")}
_COUPON = _TIERS | {(_PLAIN, "rate"), (_PLAIN, "amount")}
_OFF = {(_PLAIN, "amount"), (_BY_AMOUNT, "amount")}
_SENSE = {
    "markdown": _PRICE_OF_A_PIECE, "flash": _PRICE_OF_A_PIECE, "subsidy": _PRICE_OF_A_PIECE,
    "official_cut": {(_PLAIN, "rate"), (_PLAIN, "amount")}, "member": _PRICE_OF_A_PIECE,
    "group": {(_PLAIN, "price")}, "new_customer": _PRICE_OF_A_PIECE | _COUPON,
    "coupon_item": _COUPON, "coupon_shop": _COUPON, "coupon_platform": _COUPON,
    "tier_amount": _COUPON,
    "tier_qty": {(_BY_PIECES, kind) for kind in ("rate", "amount", "price")},
    "tier_cross": _COUPON, "redpack": _OFF, "points": _OFF | {(_PLAIN, "rate")},
    "cashback": _OFF, "trade_in": _OFF, "shipping": _OFF,
}  # fmt: skip
"""Which thresholds and benefits a mechanism can have."""
_BESIDE = ("gift", "shipping")
_ONE_PER_ORDER = ("coupon_shop", "coupon_platform")


@dataclass(frozen=True, slots=True)
class _Printed:
    """One promotion of the text: its names and its terms."""

    tools: tuple[Tool, ...]
    term: Term
    cap: Decimal | None = None
    repeat: bool = False

    @property
    def is_total(self) -> bool:
        """An amount under a general heading, such as 促销¥20, that the next line may explain."""
        return self.term.bare and len(self.tools) == 1


def parse(text: str | None, *, tool: str | None = None, level: str | None = None) -> Parsed | None:
    """The rules that a text prints, or None where a word of it is not understood.

    A word that is left out could be the one that bounds the rule, so nothing is guessed.

    Args:
        text: as printed: 每满300减50, 超级立减15%, Buy 2 get 1 free.
        tool: the name of the tool where another column holds it: 官方立减.
        level: its level where another column holds it: 单品级, 店铺级, 跨店级.

    Example:
        >>> parse("第2件半价").rules[0].benefit
        0.5
    """
    clean = normalised(text or "")
    if not clean:
        return None
    if found := promotion_english.rules(clean.casefold()):
        return Parsed(found)
    named = tool_named(normalised(tool or ""))
    for candidate in dict.fromkeys((clean, _THOUSANDS.sub("", clean))):
        printed = _scanned(candidate, named)
        if printed and (rules := _rules(_explained(printed), candidate, level)):
            return Parsed(rules)
    return None


def normalised(text: str) -> str:
    """One spelling of widths, dashes, brackets, blanks, small numerals and the yuan."""
    text = re.sub(r"\s*[\r\n]+\s*", ";", text.strip())
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    text = _BRACKETS.sub(" ", text)
    text = re.sub(r"RMB|CNY", "¥", text)
    text = _COUNTED.sub(lambda match: _NUMERALS[match.group()], text)
    text = _FOLDED.sub(_fold, text)
    return re.sub(r"\s+", " ", text).strip(" ;,。.")


def _fold(match: re.Match[str]) -> str:
    whole, tenth = match.groups()
    return _NUMERALS[whole] + (f".{_NUMERALS[tenth]}" if tenth else "")


def _scanned(text: str, named: Tool | None) -> list[_Printed] | None:
    """The promotions one after the other; None where something stands between them."""
    found: list[_Printed] = []
    at = _end(_BETWEEN, text, 0)
    while at < len(text):
        if (silent := SILENT.match(text, at)) and _ENDS.match(text, silent.end()):
            at = _end(_BETWEEN, text, silent.end())
            continue
        read = _one(text, at, named, before=found)
        if read is None:
            return None
        at = _end(_BETWEEN, text, read)
    return found


def _one(text: str, at: int, named: Tool | None, *, before: list[_Printed]) -> int | None:
    """Read one promotion at a place, add it, and say where it ends."""
    tools: list[Tool] = []
    while len(tools) < 2 and (name := tool_at(text, at)):
        made, end = next(terms_at(text, at), (None, at))
        if isinstance(made, tuple) and end > name[1] and made[0].fixed:
            break
        tools.append(name[0])
        at = _end(_AFTER_NAME, text, name[1])
    made, end = next(terms_at(text, at), (None, at))
    if isinstance(made, Limit):
        if tools or not before:
            return None
        last = before[-1]
        before[-1] = replace(last, cap=made.cap or last.cap, repeat=made.repeat or last.repeat)
        return end
    if made is None:
        return None
    behind = None if tools else tool_at(text, _end(_AFTER_NAME, text, end))
    if behind and _APART.match(text, behind[1]):
        tools, end = [behind[0]], behind[1]
    if not tools and named is not None:
        tools = [named]
    if not tools and made[0].mechanism is None and _continues(made[0], before):
        tools = list(before[-1].tools)
        made = (replace(made[0], mechanism=before[-1].term.mechanism),)
    before.extend(_Printed(tuple(tools), term) for term in made)
    return end


def _continues(term: Term, before: Sequence[_Printed]) -> bool:
    """Whether 399-50 behind 满199-20 is the next rung of its ladder."""
    return term.threshold_kind == _BY_AMOUNT and bool(before) and (
        before[-1].term.threshold_kind == _BY_AMOUNT
    )  # fmt: skip


def _end(expression: re.Pattern[str], text: str, at: int) -> int:
    found = expression.match(text, at)
    return found.end() if found else at


def _explained(printed: Sequence[_Printed]) -> list[_Printed]:
    """Without amounts that the next promotion explains: 优惠券¥20 above 满199减20 is one coupon."""
    kept: list[_Printed] = []
    heading: _Printed | None = None
    for one in printed:
        if heading is not None:
            if heading.term.benefit in (one.term.saving, one.term.benefit):
                named = any(tool.mechanism for tool in one.tools)
                one = one if named else replace(one, tools=heading.tools)  # noqa: PLW2901
            else:
                kept.append(heading)
        heading = one if one.is_total and heading is None else None
        if heading is None:
            kept.append(one)
    return kept if heading is None else [*kept, heading]


def _rules(printed: Sequence[_Printed], text: str, level: str | None) -> tuple[Rule, ...]:
    """The rules, none where one of them makes no sense; tiers of one ladder exclude each other."""
    rules = [_rule(one, level) for one in printed]
    told = [rule for rule in rules if rule is not None]
    if len(told) < len(rules) or sum(one.term.nth for one in printed) > 1:
        return ()
    plain = [rule.mechanism for rule in told if rule.threshold_kind == _PLAIN]
    if len(plain) > len(set(plain)):
        return ()  # nothing says whether 8.5折 and 减20 add up
    return _ladders(told, text)


def _rule(printed: _Printed, level: str | None) -> Rule | None:
    term, tools = printed.term, printed.tools
    named = [tool for tool in tools if tool.mechanism] if not term.fixed else []
    kind = term.benefit_kind
    mechanism = named[-1].mechanism if named else _by_level(term.mechanism, level)
    if term.bare:
        # An amount without a verb is what its name says it is.
        bare = [tool.bare for tool in named if tool.bare]
        if not bare:
            return None
        kind = bare[-1]
    if mechanism is None or (
        not term.fixed and (term.threshold_kind, kind) not in _SENSE[mechanism]
    ):
        return None
    if named and mechanism == "tier_amount" and term.threshold_kind == _BY_PIECES:
        return None
    who = [tool.eligibility for tool in tools if tool.eligibility != "all"]
    shares = [tool.merchant_share for tool in named if tool.merchant_share is not None]
    every = mechanism == "tier_cross" and kind == "amount"
    return Rule(
        mechanism=mechanism,
        threshold_kind=term.threshold_kind, threshold=_float(term.threshold),
        # 官方立减 is taken on the daily price, not on the price struck through.
        threshold_base="running" if mechanism == "official_cut" and kind == "rate" else None,
        benefit_kind=kind, benefit=_float(term.benefit),
        repeat=(term.repeat or printed.repeat or every) and term.threshold_kind != _PLAIN,
        cap=_float(printed.cap),
        stack_group=term.stack_group or (mechanism if mechanism in _ONE_PER_ORDER else None),
        eligibility=who[-1] if who else term.eligibility,
        merchant_share=shares[-1] if shares else None,
    )  # fmt: skip


def _by_level(mechanism: str | None, level: str | None) -> str | None:
    """What no name decides the level does: the same 满300减50 is a shop's or the platform's."""
    if level and level.startswith("跨店") and mechanism in ("tier_amount", "markdown"):
        return "tier_cross"
    if level and level.startswith("店铺") and mechanism == "markdown":
        return "tier_amount"
    return mechanism


def _ladders(rules: Sequence[Rule], text: str) -> tuple[Rule, ...]:
    """Tiers of one mechanism, each from more on, get one stack group and a priority by rank."""
    made = list(rules)
    for key in dict.fromkeys(_ladder(rule) for rule in rules):
        rungs = [i for i, rule in enumerate(rules) if _ladder(rule) == key]
        if len(rungs) < 2 or key[0] in _BESIDE:
            continue
        thresholds = [rules[i].threshold or 0 for i in rungs]
        ups = [rules[i].benefit or 0 for i in rungs]
        if sorted(set(thresholds)) not in (thresholds, thresholds[::-1]):
            return ()
        if sorted(set(ups)) not in (ups, ups[::-1]) or (ups == sorted(ups)) != (
            thresholds == sorted(thresholds)
        ):
            return ()
        for rank, i in enumerate(rungs, 1):
            made[i] = replace(
                rules[i], stack_group=rules[i].stack_group or f"{key[0]} {text}", priority=rank
            )
    return tuple(made)


def _ladder(rule: Rule) -> tuple[str, str, str]:
    return rule.mechanism, rule.threshold_kind, rule.benefit_kind


def _float(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
