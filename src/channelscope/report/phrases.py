"""Chart words in several languages at once, so that a chart is drawn once for all of them.

A phrase that is plain ASCII and reads the same in every language stands in the chart as it is. Any
other is replaced by a short token, measured here by its longest version, and put back into the
finished SVG: the renderer would spend most of its time looking for glyphs it does not need.
"""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape
from unicodedata import east_asian_width

from channelscope.report.wording import Say, Wording, plain_name

_MARK = "~"
_TOKEN = re.compile(f"{_MARK}(\\d+){_MARK}")
WIDE, NARROW = 1.0, 0.56


@lru_cache(maxsize=4096)
def em_width(text: str) -> float:
    """The width of a text in em: wide signs 1, all others 0.56."""
    return sum(WIDE if east_asian_width(sign) in "WF" else NARROW for sign in text)


def cut(text: str, em: float) -> str:
    """The text, or as much of its beginning as fits, with an ellipsis."""
    if em_width(text) <= em:
        return text
    kept, used = "", WIDE
    for sign in text:
        used += em_width(sign)
        if used > em:
            break
        kept += sign
    return kept.rstrip() + "…"


class Phrases:
    """Collects what one chart says, in every language of the report."""

    def __init__(self, wordings: tuple[Wording, ...]) -> None:
        self._wordings = wordings
        self._numbers: dict[tuple[str, ...], int] = {}
        self._versions: list[tuple[str, ...]] = []

    def say(self, say: Say) -> str:
        """What each language makes of it, as one phrase."""
        return self._phrase(tuple(say(wording) for wording in self._wordings))

    def text(self, key: str, **params: str) -> str:
        """A catalogue text."""
        return self.say(lambda wording: wording.text(key, **params))

    def name(self, name: str | None) -> str:
        """A name from the data: the same in every language, unless it is not known."""
        if name is None:
            return self.text("chart.not_known")
        return self._phrase((plain_name(name),) * len(self._wordings))

    def category(self, name: str | None) -> str:
        """A category's name; products without one have a name as well."""
        return self.say(lambda wording: wording.category(name))

    def width(self, phrase: str) -> float:
        """The em width of the longest version."""
        return max(em_width(version) for version in self._read(phrase))

    def fitted(self, phrase: str, em: float) -> str:
        """The phrase cut to that width in every language."""
        return self._phrase(tuple(cut(version, em) for version in self._read(phrase)))

    def spoken(self, markup: str, at: int) -> str:
        """Finished markup in the language at that place."""
        return _TOKEN.sub(lambda match: escape(self._versions[int(match[1])][at]), markup)

    def _phrase(self, versions: tuple[str, ...]) -> str:
        first = versions[0]
        if first.isascii() and _MARK not in first and len(set(versions)) == 1:
            return first
        number = self._numbers.setdefault(versions, len(self._versions))
        if number == len(self._versions):
            self._versions.append(versions)
        return f"{_MARK}{number}{_MARK}"

    def _read(self, phrase: str) -> tuple[str, ...]:
        if _MARK not in phrase:
            return (phrase,) * len(self._wordings)
        return tuple(
            _TOKEN.sub(lambda match, at=at: self._versions[int(match[1])][at], phrase)  # type: ignore[misc]
            for at in range(len(self._wordings))
        )
