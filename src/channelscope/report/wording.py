"""Everything that becomes words: texts, numbers, messages whose parameter names say their kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from channelscope.report.language import Language
from channelscope.report.looks import StoreLook
from channelscope.report.numbers import MISSING, Numbers
from channelscope.report.texts import Texts
from channelscope.spans import period_of

_UNIT_OF = {
    "level": "index", "share": "rate", "rate": "rate", "money": "money", "price": "price",
    "count": "count", "n": "count", "m": "count", "ratio": "ratio", "index": "diversion",
}  # fmt: skip
_NAMED = (
    "mechanism",
    "cause",
    "metric",
    "factor",
    "dimension",
    "kind",
    "source",
    "rung",
    "set",
    "input",
)
_BETWEEN_HAN = re.compile("(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
"""A space that only a Latin name would have needed."""
GROUP_KINDS = ("kind", "platform", "operator")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's voice: what templates, tables and headings speak through."""

    language: Language
    texts: Texts
    numbers: Numbers
    looks: Mapping[str, StoreLook]

    def text(self, key: str, **params: Any) -> str:
        """A text whose parameters are ready to be shown."""
        said = self.texts.text(key, **params)
        return self._joined(said) if "reference" in params or "store" in params else said

    def _joined(self, said: str) -> str:
        """Chinese names need no space to stand apart from Chinese words."""
        return _BETWEEN_HAN.sub("", said) if self.language is Language.ZH else said

    def sentences(self, said: Sequence[str]) -> str:
        """Sentences one after the other: Chinese ones need no space between them."""
        return ("" if self.language is Language.ZH else " ").join(said)

    def category(self, name: str | None) -> str:
        """A category as the data call it; products without one have a name as well."""
        return plain_name(name) or self.text("category.unknown")

    def segment(self, name: str) -> str:
        """A segment of orders: of the built-in sets by a name of ours, else as the data call it."""
        return self.texts.text_or(f"segment.{name}", plain_name(name))

    def scope(self, name: str) -> str:
        """Where buyer ids mean the same people: called by whoever gives them, mostly a platform."""
        if name == "all":
            return self.text("chart.all_stores")
        return self.texts.text_or(f"platform.{name}", plain_name(name))

    def message(self, key: str, params: Mapping[str, Any] | None = None) -> str:
        """A text whose parameters are raw values, each written as its name says."""
        given = dict(params or {})
        # What is given as a change stays one: beside it money is the worth of it.
        shown = self._derived(given)
        shown |= {name: self._shown(name, value, given) for name, value in given.items()}
        said = self._joined(self.texts.text(key, **shown, **_plural_of(given)))
        if self.language is Language.ZH:
            return said
        names = [shown[name] for name in given if name.partition("_")[0] in _NAMED]
        return _capitalised(said) if any(name and said.startswith(name) for name in names) else said

    def _derived(self, given: Mapping[str, Any]) -> dict[str, str]:
        """`gap`: a price level's distance from the reference; `change*`: `money*` with its sign."""
        derived = {
            "change" + name.removeprefix("money"): self.numbers.change(value, "money")
            for name, value in given.items()
            if name.partition("_")[0] == "money" and isinstance(value, int | float)
        }
        level = given.get("level")
        if isinstance(level, int | float):
            derived["gap"] = self.numbers.value(abs(level - 100) / 100, "rate")
        return derived

    def _shown(self, name: str, value: Any, given: Mapping[str, Any]) -> str:
        word = name.partition("_")[0]
        write = self._writers.get(word)
        if write is not None:
            return write(value)
        if isinstance(value, date):
            return self.numbers.day(value)
        if word in _NAMED and isinstance(value, str):
            name = self.named(word, value)
            return name if is_store_event(value) else self._inside(name)
        return self._number(word, value, given)

    @property
    def _writers(self) -> Mapping[str, Callable[[Any], str]]:
        """How parameters are written whose first word says it alone."""
        return {
            "stores": self.store_list,
            "store": lambda value: self.store(str(value)),
            "reference": lambda value: self.store(str(value)),
            "category": self.category,
            "kinds": self._costs,
            "events": self._events,
            "before": self.before,
            "base": lambda value: self.text(f"base.{value}.on"),
            "segment": self.segment,
            "sets": self._sets,
            "takers": self._takers,
            "scope": self.scope,
            "basis": lambda value: self.text(f"basis.{value}"),
            "chance": self.numbers.chance,
            "by": lambda value: self.texts.text_or(f"group.{value}", str(value)),
            "reason": lambda value: self.texts.text_or(str(value), str(value)),
        }

    def _costs(self, kinds: str) -> str:
        """Kinds of cost, given as codes with commas between them."""
        codes = [code.strip() for code in kinds.split(",") if code.strip()]
        return self.numbers.names([self._inside(self.named("cost", code)) for code in codes])

    def _sets(self, sets: str) -> str:
        """Ways to divide demand, given as codes joined by +."""
        return self.numbers.names([self._inside(self.named("set", s)) for s in sets.split("+")])

    def _takers(self, takers: Sequence[tuple[str, str, float]]) -> str:
        """Stores with the segment that each takes, and which part of its orders that is."""
        return self.numbers.names([
            self.text("list.taker", store=self.store(store), segment=self.segment(segment),
                      share=self.numbers.value(share, "rate"))
            for store, segment, share in takers
        ])  # fmt: skip

    def _inside(self, name: str) -> str:
        """A name in the middle of an English sentence: no capital, unless it is an acronym."""
        if self.language is not Language.EN or name[1:2].isupper():
            return name
        return name[:1].lower() + name[1:]

    def _number(self, word: str, value: Any, given: Mapping[str, Any]) -> str:
        if value is None:
            return MISSING
        if isinstance(value, str):
            return value
        if word in ("lo", "hi"):
            return self._bound(value, given)
        if word == "points":
            return self.numbers.change(value, "rate")
        if word == "change":
            return self.numbers.change(value, str(given.get("unit", "money")))
        unit = str(given.get("unit", "ratio")) if word == "value" else _UNIT_OF.get(word, "count")
        return self.numbers.value(value, unit)

    def _bound(self, value: float, given: Mapping[str, Any]) -> str:
        unit = given.get("unit")
        for word in ("level", "share", "rate", "money", "index"):
            if unit is None and word in given:
                unit = _UNIT_OF[word]
        return self.numbers.value(value, str(unit or "index"))

    def store(self, store_id: str) -> str:
        """How a store is called in running text: its id; a group by the words of its group."""
        group, _, member = store_id.partition(":")
        if member and group in GROUP_KINDS:
            return self.texts.text_or(f"{group}.{member}", member)
        return store_id

    def is_group(self, store_id: str) -> bool:
        """Whether the id is that of a group of stores."""
        return store_id.partition(":")[0] in GROUP_KINDS and ":" in store_id

    def store_list(self, stores: str | Sequence[str]) -> str:
        """`D1, D2 and D3`; of more than four the first three and how many more."""
        ids = stores.split("+") if isinstance(stores, str) else list(stores)
        names = [self.store(store_id) for store_id in ids]
        if len(names) > 4:
            names = [*names[:3], self.text("list.more", n=len(names) - 3)]
        return self.numbers.names(names)

    def named(self, family: str, code: str | None) -> str:
        """The name of a code of a closed family, or the code itself; null is not known."""
        if code is None:
            return self.text("chart.not_known")
        if family == "metric":
            return self.metric(code)
        if family == "mechanism" and "+" in code:
            first, *more = (self.named(family, part) for part in code.split("+"))
            return " + ".join([first, *map(self._inside, more)])
        if family == "cause" and code != "unknown":
            family = "factor" if code == "list_price" else "mechanism"
        if family == "factor" and ":" in code:
            return self._factor(*code.split(":", 1))
        return self.texts.text_or(f"{family}.{code}", code)

    def step(self, code: str) -> str:
        """A step from list price to the contribution: a mechanism, a kind of cost, or a total."""
        family, _, name = code.partition(":")
        return self.named(family, name) if name else self.texts.text_or(f"ladder.{code}", code)

    def _factor(self, kind: str, code: str) -> str:
        """A bar of the bridge that belongs to a mechanism, to products, or to a store."""
        if kind == "mechanism":
            return self.named("mechanism", code)
        if code == "products":
            return self.text(f"factor.{kind}_products")
        look = self.looks.get(code)
        day = getattr(look, f"{kind}_on") if look else None
        if day is None:
            return self.text(f"factor.{kind}", store=self.store(code))
        return self.text(f"factor.{kind}_on", store=self.store(code), day=day.isoformat())

    def before(self, span: str) -> str:
        """What a bridge over time begins at: its span, or by its name where there is none."""
        return self.span(span) if span else self.text("period.year_before")

    def span(self, text: str) -> str:
        """A period of a result table, both ends included."""
        period = period_of(text)
        return self.numbers.span(period.first, period.last)

    def _events(self, events: Sequence[tuple[str, float]]) -> str:
        """Stores that opened or closed, each with its money; of more than three how many more."""
        shown = [
            self.text("list.with_change", name=self.named("factor", factor),
                      change=self.numbers.change(money, "money"))
            for factor, money in events[:3]
        ]  # fmt: skip
        if len(events) > 3:
            shown.append(self.text("list.more", n=len(events) - 3))
        return self.numbers.names(shown)

    def metric(self, metric: str, form: str = "") -> str:
        """A metric's name; `short` for column heads; `walkthrough_<step>` with its step."""
        key = f"metric.{metric}" + (f".{form}" if form else "")
        if key in self.texts:
            return self.text(key)
        if metric.startswith("walkthrough_"):
            step = metric.removeprefix("walkthrough_")
            name = self.texts.text_or(f"step.{step}", step)
            return self.text("metric.walkthrough_step" + (f".{form}" if form else ""), step=name)
        return metric

    def kind_and_platform(self, look: StoreLook) -> str:
        """`Flagship · Tmall`, without the parts that say nothing."""
        kind = self.texts.text_or(f"kind.{look.kind}", look.kind)
        platform = self.texts.text_or(f"platform.{look.platform}", look.platform)
        return " · ".join(part for part in (kind, platform) if part)


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


_COUNTED = ("m", "n", "count", "count_shared")
"""Which parameter decides between singular and plural, the first that is there: `n of m stores`."""


def _plural_of(given: Mapping[str, Any]) -> dict[str, int]:
    """The number that picks the plural form; without one, how many stores are named."""
    for name in _COUNTED:
        if isinstance(given.get(name), int | float):
            return {"n_raw": int(given[name])}
    stores = given.get("stores")
    if stores is None:
        return {}
    return {"n_raw": len(stores.split("+") if isinstance(stores, str) else stores)}


def is_store_event(factor: str) -> bool:
    """Whether a bar is a store that opened or closed: a fact, and its name begins with an id."""
    kind, _, store = factor.partition(":")
    return kind in ("opened", "closed") and store not in ("", "products")


Say = Callable[[Wording], str]


def plain_name(text: str | None) -> str:
    """A name from the data without control and private-use characters; none for null."""
    return "".join(sign for sign in text or "" if sign.isprintable() and not _private(sign))


def _private(sign: str) -> bool:
    return "\ue000" <= sign <= "\uf8ff"
