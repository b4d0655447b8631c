"""The catalogues: every word a report says, in Babel PO files, read once."""

from __future__ import annotations

import gettext
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast

from babel.messages.pofile import read_po

from channelscope import assets
from channelscope.errors import ChannelscopeError
from channelscope.report.language import Language


class MissingTextError(ChannelscopeError):
    """A key stands in no catalogue, or a text was given too few parameters."""


Forms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language: key to its plural forms (one form when it has none)."""

    language: Language
    forms: dict[str, Forms]
    plural: Callable[[int], int]


@lru_cache(maxsize=len(Language))
def catalogue(language: Language) -> Catalogue:
    """Read one language's PO file."""
    path = assets.catalogues() / f"{language.value}.po"
    with path.open("rb") as file:
        parsed = read_po(file, locale=language.locale)
    forms = {
        key: texts
        for message in parsed
        if (key := _key(message.id)) and (texts := _forms(message.string))
    }
    return Catalogue(language, forms, gettext.c2py(parsed.plural_expr))


def _key(message_id: object) -> str:
    return cast(str, message_id[0] if isinstance(message_id, (tuple, list)) else message_id)


def _forms(string: object) -> Forms:
    texts = string if isinstance(string, (tuple, list)) else (string,)
    return tuple(str(text) for text in texts) if all(texts) else ()


@dataclass(frozen=True, slots=True)
class Texts:
    """Says a key in one language."""

    catalogue: Catalogue

    def __contains__(self, key: str) -> bool:
        return key in self.catalogue.forms

    def text(self, key: str, **params: Any) -> str:
        """The text of a key, its placeholders filled; the whole number `n` picks the plural."""
        forms = self.catalogue.forms.get(key)
        if forms is None:
            raise MissingTextError(
                f"no text for '{key}'", where=f"reports/i18n/{self.catalogue.language}.po"
            )
        form = forms[0]
        if len(forms) > 1:
            form = forms[self.catalogue.plural(int(params.get("n_raw", params.get("n", 2))))]
        return _fill(form, key, params) if "{" in form else form

    def text_or(self, key: str, otherwise: str) -> str:
        """The text of a key, or the raw word itself: platforms and the like are free text."""
        return self.text(key) if key in self else otherwise


def _fill(form: str, key: str, params: dict[str, Any]) -> str:
    try:
        return form.format_map(params)
    except KeyError as missing:
        raise MissingTextError(
            f"the text '{key}' needs the parameter {missing}",
            expected=f"got {sorted(params)}",
        ) from missing
