"""What a printed promotion is taken apart into, and the rule that is made of the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The terms of one promotion, as columns of the contract's `promotions`.

    What is None stands at the usual value of its mechanism; an unknown `benefit` stays unknown.
    """

    mechanism: str
    benefit_kind: str
    benefit: float | None
    threshold_kind: str = "none"
    threshold: float | None = None
    threshold_base: str | None = None
    repeat: bool = False
    cap: float | None = None
    stack_group: str | None = None
    priority: int | None = None
    eligibility: str = "all"
    merchant_share: float | None = None


@dataclass(frozen=True, slots=True)
class Parsed:
    """The rules of one text, in the order in which it prints them."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A name in front of, or behind, the terms: 店铺券, 百亿补贴, 88VIP.

    `mechanism` is None for names that leave it to the terms (大促, 满减); `bare`: what an amount
    without a verb is after it, `amount` off or the `price`.
    """

    mechanism: str | None
    bare: str | None = None
    eligibility: str = "all"
    merchant_share: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Terms without a name: 满300减50, 8.5折, 20元.

    `mechanism`: what they are where no name says so, None: a name is needed. `fixed`: no name
    changes it. `nth`: of the nth piece. `saving`: what one piece saves, printed beside the rule.
    """

    mechanism: str | None
    benefit_kind: str
    benefit: Decimal | None
    threshold_kind: str = "none"
    threshold: Decimal | None = None
    repeat: bool = False
    saving: Decimal | None = None
    bare: bool = False
    nth: bool = False
    fixed: bool = False
    eligibility: str = "all"
    stack_group: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """Words that bound the rule before them: 最高减150, 上不封顶."""

    cap: Decimal | None = None
    repeat: bool = False


def pattern(text: str) -> re.Pattern[str]:
    """A regular expression in which a blank is a blank that may be left out."""
    return re.compile(text.replace(" ", " ?"))


def money(name: str) -> str:
    """The expression of an amount: 20, 20元, ¥20."""
    return rf"¥? (?P<{name}>\d+(?:\.\d+)?) 元?"


def number(match: re.Match[str], name: str) -> Decimal | None:
    """The number in a group of a match; None where the group took no part."""
    found = match.groupdict().get(name)
    return None if found is None else Decimal(found)


def off_of(fold: Decimal) -> Decimal | None:
    """The part that 8.5折 (or 85折) takes off; None where it takes nothing or is no 折."""
    paid = fold / 10 if fold < 10 else fold / 100
    return 1 - paid if 0 < paid < 1 and fold != 10 else None


def part_of(rate: Decimal) -> Decimal | None:
    """The part that 15% is; None outside 0 to 100%."""
    return rate / 100 if 0 < rate <= 100 else None
