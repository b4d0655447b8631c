"""The languages a report can speak."""

from __future__ import annotations

from enum import StrEnum


class Language(StrEnum):
    """A catalogue's name; also the prefix of every id in that language's body."""

    EN = "en"
    ZH = "zh"

    @property
    def html(self) -> str:
        """The value of the `lang` attribute."""
        return {"en": "en", "zh": "zh-CN"}[self.value]

    @property
    def locale(self) -> str:
        """The CLDR locale whose conventions are used."""
        return {"en": "en", "zh": "zh_CN"}[self.value]

    @property
    def own_name(self) -> str:
        """What the language calls itself, on the language switch."""
        return {"en": "English", "zh": "中文"}[self.value]
