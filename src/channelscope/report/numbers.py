"""Numbers as people read them: three significant figures, 万 and 亿, a real minus sign."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from math import floor, isfinite, log10

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import get_currency_symbol, get_decimal_symbol, get_group_symbol

from channelscope.report.language import Language

MISSING = "–"
MINUS = "\u2212"
NBSP = "\u00a0"

_BESIDE_LATIN = re.compile("(?<=[0-9A-Za-z])(?=和)|(?<=和)(?=[0-9A-Za-z])")
Number = float | int | Decimal
_LARGE = 1e12
"""From here on a half is far below what is shown."""


@dataclass(frozen=True, slots=True)
class Scale:
    """How one magnitude is written; a value and its interval share one."""

    factor: float
    decimals: int
    prefix: str = ""
    suffix: str = ""


@lru_cache(maxsize=len(Language))
def _separators(language: Language) -> dict[int, str]:
    group, point = get_group_symbol(language.locale), get_decimal_symbol(language.locale)
    return str.maketrans({",": group, ".": point})


@lru_cache(maxsize=8192)
def _digits(size: float, decimals: int, language: Language) -> str:
    """The digits of a size with the language's separators; a report writes thousands of them."""
    return f"{_half_up(size, decimals):,.{decimals}f}".translate(_separators(language))


def _half_up(value: float, decimals: int) -> Decimal | float:
    """Rounded as people round: a half goes up, also where binary digits fall a little short."""
    if not isfinite(value) or abs(value) >= _LARGE:
        return value
    shown = Decimal(f"{value:.12g}")
    return shown.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)


def significant(value: float, figures: int = 3) -> float:
    """The value rounded to so many significant figures."""
    if value == 0 or not isfinite(value):
        return value
    return float(_half_up(value, figures - 1 - floor(log10(abs(value)))))


def _decimals(scaled: float) -> int:
    size = abs(significant(scaled))
    return 0 if size >= 100 or size == 0 else 1 if size >= 10 else 2


@lru_cache(maxsize=64)
def _symbol(currency: str, language: Language) -> str:
    locale = Language.ZH.locale if currency == "CNY" else language.locale
    return str(get_currency_symbol(currency, locale))


@dataclass(frozen=True, slots=True)
class Numbers:
    """Writes values of every unit in one language and one currency."""

    language: Language
    currency: str

    def value(self, value: Number | None, unit: str) -> str:
        """A level: no sign when positive; `–` when it is not known."""
        number = _known(value)
        if number is None:
            return MISSING
        scale = self.scale(number, unit)
        return _signed(self._bare(number, scale), number, scale, plus=False)

    def change(self, value: Number | None, unit: str, *, tight: bool = False) -> str:
        """A difference: always signed, `±0` when it rounds to nothing, rates in points.

        `tight`: points are written `pp` in every language, for narrow cells.
        """
        number = _known(value)
        if number is None:
            return MISSING
        scale = self._points(number, tight=tight) if unit == "rate" else self.scale(number, unit)
        bare = self._bare(number, scale)
        if not any(digit in "123456789" for digit in bare):
            return "±0"
        return _signed(bare, number, scale, plus=True)

    def chance(self, value: Number | None) -> str:
        """A probability in whole percent; drawn futures make nothing certain."""
        number = _known(value)
        if number is None:
            return MISSING
        bare = f"{100 * min(max(number, 0.01), 0.99):.0f}%"
        return f"<{NBSP}1%" if number < 0.01 else f">{NBSP}99%" if number > 0.99 else bare

    def size(self, value: Number | None, unit: str) -> str:
        """How large a difference is, whatever its direction: rates in points, no sign."""
        number = _known(value)
        return MISSING if number is None else self.change(abs(number), unit).lstrip("+±")

    def interval(
        self, value: Number | None, lo: Number | None, hi: Number | None, unit: str
    ) -> str:
        """`84.7 [82.9, 86.6]`; the bounds in the scale of the value; no bounds, no brackets."""
        number = _known(value)
        bounds = self.bounds(value, lo, hi, unit)
        if number is None or not bounds:
            return self.value(value, unit)
        return f"{self.value(number, unit)}{NBSP}{bounds}"

    def bounds(self, value: Number | None, lo: Number | None, hi: Number | None, unit: str) -> str:
        """`[82.9, 86.6]` in the scale of the value, or nothing."""
        number, low, high = _known(value), _known(lo), _known(hi)
        if number is None or low is None or high is None:
            return ""
        scale = self.scale(number, unit)
        ends = (
            _signed(self._bare(end, scale), end, Scale(1, 0), plus=False) for end in (low, high)
        )
        return f"[{f',{NBSP}'.join(ends)}]"

    def scale(self, value: float, unit: str) -> Scale:
        """The scale a value of this size and unit is written in."""
        fixed = self._fixed(value, unit)
        if fixed is not None:
            return fixed
        if unit == "money":
            return self._money(value)
        return self._count(value)

    def _fixed(self, value: float, unit: str) -> Scale | None:
        """The scale of the units that do not grow with the value."""
        scales = {
            "rate": Scale(100, _rate_decimals(value), suffix="%"),
            "percent": Scale(100, 0, suffix="%"),
            "index": Scale(1, 1),
            "effective": Scale(1, 1),
            "ratio": Scale(1, 2),
            "diversion": Scale(1, 3),
            "score": Scale(1, 2 if abs(value) <= 5 else 1),
            "price": Scale(1, _decimals(value), prefix=self.symbol),
        }
        if unit in ("days", "hours", "seconds"):
            return Scale(1, _decimals(value), suffix=self._unit_suffix(unit))
        return scales.get(unit)

    def _unit_suffix(self, unit: str) -> str:
        names = {
            Language.EN: {"days": "days", "hours": "h", "seconds": "s"},
            Language.ZH: {"days": "天", "hours": "小时", "seconds": "秒"},
        }[self.language]
        return NBSP + names[unit] if unit in names else ""

    @property
    def symbol(self) -> str:
        """The currency's sign; a plain ¥ for yuan, which Babel writes CN¥ in English."""
        return _symbol(self.currency, self.language)

    def _money(self, value: float) -> Scale:
        rounded = abs(significant(value))
        if self.language is Language.EN:
            factor, suffix = _pick(rounded, ((1e9, 1e-9, "bn"), (1e5, 1e-6, "m")))
            return Scale(factor, _decimals(rounded * factor), self.symbol, suffix)
        yuan = self.currency == "CNY"
        tail = "元" if yuan else ""
        steps = ((1e8, 1e-8, NBSP + "亿" + tail), (1e4, 1e-4, NBSP + "万" + tail))
        factor, suffix = _pick(rounded, steps)
        prefix = "" if suffix and yuan else self.symbol
        return Scale(factor, _decimals(rounded * factor), prefix, suffix)

    def _count(self, value: float) -> Scale:
        rounded = abs(significant(value))
        if self.language is Language.EN:
            factor, suffix = _pick(rounded, ((1e7, 1e-6, "m"), (1e5, 1e-3, "k")))
        else:
            steps = ((1e8, 1e-8, NBSP + "亿"), (1e4, 1e-4, NBSP + "万"))
            factor, suffix = _pick(rounded, steps)
        whole = float(value).is_integer() and not suffix
        return Scale(factor, 0 if whole else _decimals(rounded * factor), suffix=suffix)

    def _points(self, value: float, *, tight: bool) -> Scale:
        word = "pp" if tight or self.language is Language.EN else "个百分点"
        return Scale(100, 1 if abs(value) >= 0.01 else 2, suffix=NBSP + word)

    def _bare(self, value: float, scale: Scale) -> str:
        scaled = value * scale.factor
        if scale.decimals == 0 and (scale.suffix or scale.prefix):
            scaled = significant(scaled)
        return _digits(abs(scaled), scale.decimals, self.language)

    def plain(self, value: Number | None, decimals: int = 0) -> str:
        """A bare number with so many decimals."""
        number = _known(value)
        if number is None:
            return MISSING
        scale = Scale(1, decimals)
        text = _digits(abs(number), decimals, self.language)
        return _signed(text, number, scale, plus=False)

    def day(self, value: date | None) -> str:
        """`15 December 2025`, `2025年12月15日`."""
        if value is None:
            return MISSING
        form = "d MMMM y" if self.language is Language.EN else "y年M月d日"
        return str(format_date(value, form, locale=self.language.locale))

    def short_day(self, value: date) -> str:
        """`15 Dec`, `12月15日`: for an axis."""
        form = "d MMM" if self.language is Language.EN else "M月d日"
        return str(format_date(value, form, locale=self.language.locale))

    def month(self, value: date) -> str:
        """`Dec 2025`, `2025年12月`."""
        form = "MMM y" if self.language is Language.EN else "y年M月"
        return str(format_date(value, form, locale=self.language.locale))

    def span(self, first: date, last: date) -> str:
        """A period, both ends included."""
        return f"{self.day(first)} – {self.day(last)}"

    def names(self, names: Sequence[str]) -> str:
        """A list in the language's own way: `D1, D2 and D3`, `D1、D2和D3`."""
        if not names:
            return MISSING
        text = str(format_list(list(names), locale=self.language.locale))
        if self.language is Language.EN:
            return text.replace(", and ", " and ")
        return _BESIDE_LATIN.sub(" ", text)


def _known(value: Number | None) -> float | None:
    if value is None:
        return None
    number = float(value)
    return number if isfinite(number) else None


def _rate_decimals(value: float) -> int:
    size = abs(value)
    if value == 0 or size >= 0.9995:
        return 0
    return 1 if size >= 0.09995 else 2


def _pick(size: float, steps: tuple[tuple[float, float, str], ...]) -> tuple[float, str]:
    for least, factor, suffix in steps:
        if size >= least:
            return factor, suffix
    return 1.0, ""


def _signed(bare: str, value: float, scale: Scale, *, plus: bool) -> str:
    nothing = not any(digit in "123456789" for digit in bare)
    sign = MINUS if value < 0 and not nothing else "+" if plus else ""
    return f"{sign}{scale.prefix}{bare}{scale.suffix}"
