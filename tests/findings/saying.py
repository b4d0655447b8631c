"""Everything a comparison has to say, said in both languages."""

from __future__ import annotations

import json

from channelscope.report import headings
from channelscope.report.facts import Facts
from channelscope.report.language import Language
from channelscope.report.looks import look_of
from channelscope.report.numbers import MISSING, Numbers
from channelscope.report.texts import Texts, catalogue
from channelscope.report.wording import Wording
from channelscope.results import Results

PARTS = ("title", "detail", "so_what", "do_what")
KEYS = ("finding.", "heading.", "verdict.", "reason.", "metric.", "mechanism.", "factor.", "rung.")
"""What a text begins with that no catalogue has: it is shown raw."""


def voices(results: Results) -> list[Wording]:
    """Both languages, for the stores of these results."""
    looks = {store.store_id: look_of(store) for store in results.scope.stores}
    currency = results.meta.currency
    return [
        Wording(language, Texts(catalogue(language)), Numbers(language, currency), looks)
        for language in Language
    ]


def can_be_said(results: Results) -> None:
    """Findings and headings become sentences without a hole in them."""
    facts, speakers = Facts(results), voices(results)
    for row in results.tables["findings"].iter_rows(named=True):
        said = json.loads(row["parameters"])
        for words in speakers:
            for part in _parts(words, row["template"], said):
                _whole(words.message(f"finding.{row['template']}.{part}", said))
    opened = [headings.of_section(name, facts) for name in headings.SECTIONS]
    shown = [headings.of_figure(data.figure.name, facts) for data in results.figures]
    for message in (*opened, *shown):
        for words in speakers if message else ():
            _whole(words.message(message.key, message.params))


def _parts(words: Wording, template: str, said: dict[str, object]) -> tuple[str, ...]:
    """The money of a finding is told where it is known."""
    worth = said.get("money") is not None and f"finding.{template}.money" in words.texts
    return (*PARTS, "money") if worth else PARTS


def _whole(text: str) -> None:
    assert text.strip()
    words = text.replace("[", " ").replace("]", " ").replace(",", " ").split()
    assert MISSING not in words, f"a hole: {text}"
    assert not {"None", "nan", "inf", "NaN"} & set(words), text
    assert "{" not in text and "}" not in text, text
    assert not any(word.startswith(KEYS) for word in words), f"a key without words: {text}"
