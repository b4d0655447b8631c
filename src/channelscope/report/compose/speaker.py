"""One language's view of the results: what every composer is handed."""

from __future__ import annotations

from dataclasses import dataclass

from channelscope.report.context import Link, Mark
from channelscope.report.facts import Facts
from channelscope.report.looks import StoreLook, kind_look
from channelscope.report.wording import Wording, plain_name
from channelscope.results import Message


@dataclass(frozen=True, slots=True)
class Speaker:
    """The facts, and the words to say them in."""

    facts: Facts
    words: Wording

    @property
    def reference(self) -> str:
        """The reference store in running text."""
        return self.words.store(self.facts.reference_id)

    def variant(self, key: str) -> str:
        """The key, or what it says of groups when the report compares groups of stores."""
        of_groups = f"{key}.groups"
        grouped = self.facts.results.meta.group_by and of_groups in self.words.texts
        return of_groups if grouped else key

    def heading(self, message: Message) -> str:
        """A heading in words."""
        return self.words.message(self.variant(message.key), message.params)

    def anchor(self, name: str) -> str:
        """An id that no other language uses."""
        return f"{self.words.language.value}-{name}"

    def link(self, name: str, text: str) -> Link:
        """A link to an anchor of the same language."""
        return Link(f"#{self.anchor(name)}", text)

    def figure_link(self, figure_id: str) -> Link:
        """A link to a figure; the matrices and the cards have anchors of their own."""
        own = {"F0.1": "matrix", "F0.2": "stores", "F0.3": "pairs"}
        anchor = own.get(figure_id, figure_id)
        return self.link(anchor, figure_id)

    def query_link(self, figure: str) -> Link:
        """The link from a figure to its query in the appendix."""
        data = self.facts.figures[figure]
        return self.link(f"query-{data.figure.figure_id}", data.figure.query)

    def store_mark(self, store_id: str) -> Mark:
        """A store's sign, its id, and what it is."""
        look = self.words.looks[store_id]
        detail = self.words.texts.text_or(f"platform.{look.platform}", look.platform)
        if self.words.is_group(store_id):
            detail = ""
        return mark(look, self.words.store(store_id), plain_name(detail))

    def kind_marks(self) -> tuple[Mark, ...]:
        """The legend: the kinds that occur, in report order."""
        kinds = dict.fromkeys(look.kind for look in self.words.looks.values())
        return tuple(
            mark(kind_look(kind), self.words.texts.text_or(f"kind.{kind}", kind)) for kind in kinds
        )


def mark(look: StoreLook, text: str, detail: str = "") -> Mark:
    """A sign with words beside it."""
    return Mark(look.token, text, detail)
