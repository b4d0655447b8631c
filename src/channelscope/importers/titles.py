"""What a title says about a product: its words, size, pack, colour and material."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from channelscope.importers.title_words import (
    COUNTED,
    ENGLISH_COLOURS,
    HUES,
    LETTERS,
    MATERIALS,
    NUMERALS,
    SHADES,
    STOP,
    UNITS,
    either,
)

_TIMES = re.compile(r"(\d\s*(?:[a-z]{1,2})?)\s*x\s*(?=\d)")
_NUMBER = r"(?<![a-z\d])(?<!\d\.)(\d+(?:\.\d+)?|\.\d+)"
_UNIT = either(UNITS)
_LENGTH = either({unit: 1 for unit, (dimension, _) in UNITS.items() if dimension == "cm"})
_KEY = re.compile(r"(?:^|(?<=[;,，；]))\s*[^;:,，；：\s]{1,8}[:：]")
_NUMERAL = re.compile(rf"([{''.join(NUMERALS)}])(?=[{COUNTED}](?:装|套)|件套)")
_AREA = re.compile(
    rf"{_NUMBER}\s*(?:{_LENGTH})?\s*[x*]\s*(\d+(?:\.\d+)?)\s*(?:{_LENGTH})?"
    rf"(?:\s*[x*]\s*(\d+(?:\.\d+)?)\s*)?\s*({_LENGTH})"
)
_SIZE = re.compile(rf"{_NUMBER}\s*({_UNIT})")
_SET_OF = re.compile(r"(?<![a-z])set of (\d+)(?!\d)")
_PAIR = re.compile(r"对杯|对碗|对装|一对|(?<![a-z])pair(?: of)?(?![a-z])")
_PACKS = (
    re.compile(rf"(?<![\d.])(\d+)\s*[{COUNTED}]装"),
    re.compile(r"(?<![\d.])(\d+)\s*入(?:装|组)?"),
    re.compile(r"(?<![a-z\d.])(\d+)[\s-]*(?:packs?|pk|count|ct)(?![a-z])"),
    re.compile(r"(?<![a-z])packs? of (\d+)(?!\d)"),
    re.compile(rf"(?<![a-z])[*x]\s*(\d+)(?:\s*[{COUNTED}])?(?![a-z\d.])"),
    re.compile(rf"(?<![a-z\d.])(\d+)(?:\s*[{COUNTED}])?\s*[*x](?=\s|$)"),
)
_SINGLE = re.compile(rf"单[{COUNTED}]装?")
_LOOSE_PACK = re.compile(rf"(?<![a-z\d.])(\d+)\s*[{COUNTED}](?![\w])")
_LETTER = re.compile(rf"(?<!['\d])({either(LETTERS)})(?![\d'])")
_SHADE, _HUE = either(SHADES), either(HUES)
_COLOUR = re.compile(rf"({_SHADE})({_HUE})色?|({_HUE})色|(透明|原木)")
_LOOSE_COLOUR = re.compile(rf"({_SHADE})?({_HUE})色?")
_ENGLISH_COLOUR = re.compile(rf"(?:(light|dark)[ -])?({either(ENGLISH_COLOURS)})")
_MATERIAL = re.compile(either(MATERIALS))
_PRINTED_YEAR = re.compile(r"(?<!\d)20[12]\d\s*(?:年|新款|款|春|夏|秋|冬)")
_BARE = re.compile(r"(?<!\d)(?<!\d\.)\d+(?:\.\d+)?")
_WORD = re.compile(r"[a-z][a-z'&]*[a-z]|[a-z]")
_HAN = re.compile(r"[\u3400-\u9fff]+")

HAN, LATIN = "han", "latin"
SCRIPTS = (HAN, LATIN)


@dataclass(frozen=True, slots=True)
class Said:
    """What a title says. An empty set and None mean: it does not say."""

    han: str = ""
    latin: str = ""
    sizes: Mapping[str, frozenset[float]] = field(default_factory=dict)
    packs: frozenset[int] = frozenset()
    letters: frozenset[str] = frozenset()
    colours: Mapping[str, frozenset[str]] = field(default_factory=dict)
    materials: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    lines: frozenset[str] = frozenset()

    def text(self, script: str) -> str:
        """The words in one script, without those for size, pack, colour and line."""
        return self.han if script == HAN else self.latin

    def covered(self, other: Said) -> tuple[str, ...]:
        """The Chinese signs, one by one, that stand beside the same sign in the other.

        A word in another place is the same word; a word of which one sign differs is another.
        """
        pairs, signs = other.tokens(HAN), []
        for run in self.han.split():
            same = [run[at : at + 2] in pairs for at in range(len(run) - 1)]
            beside = zip([False, *same], [*same, False], strict=True)
            alone = len(run) == 1 and run in pairs
            signs += [sign for sign, near in zip(run, beside, strict=True) if any(near) or alone]
        return tuple(signs)

    def tokens(self, script: str) -> frozenset[str]:
        """Words in letters; signs and pairs of signs in Chinese, which has no blanks."""
        if script == LATIN:
            return frozenset(self.latin.split())
        runs = self.han.split()
        pairs = {run[at : at + 2] for run in runs for at in range(len(run) - 1)}
        return frozenset(pairs | {sign for run in runs for sign in run})

    def with_size(self, dimension: str, size: float) -> Said:
        """The same, with a size that the title leaves out."""
        return replace(self, sizes={**self.sizes, dimension: frozenset({round(size, 4)})})


def plain(text: str | None) -> str:
    """One form for what is written in several: width of signs, case, the sign for times."""
    kept = unicodedata.normalize("NFKC", text or "").casefold()
    kept = kept.replace("×", "*").replace("\u2032\u2032", '"').replace("’", "'")
    return _TIMES.sub(r"\1*", kept).strip()


def said(title: str | None, variant: str | None = None, *, markers: Mapping[str, str]) -> Said:
    """What a title and, before it where both speak of one thing, its variant say.

    `markers`: words that tell product lines apart → the line.
    """
    whole = _read(plain(title), markers=markers, loose=False)
    if not variant:
        return whole
    chosen = _read(_KEY.sub(" ", plain(variant)), markers=markers, loose=True)
    return replace(
        whole,
        han=f"{whole.han} {chosen.han}".strip(),
        latin=f"{whole.latin} {chosen.latin}".strip(),
        sizes={**whole.sizes, **chosen.sizes},
        packs=chosen.packs or whole.packs,
        letters=chosen.letters or whole.letters,
        colours=chosen.colours or whole.colours,
        materials=whole.materials | chosen.materials,
        numbers=whole.numbers | chosen.numbers,
        lines=whole.lines | chosen.lines,
    )


class _Text:
    """A text out of which what is understood is taken, so that nothing is read twice."""

    def __init__(self, text: str) -> None:
        self.left = text

    def take(self, pattern: re.Pattern[str], use: Callable[[re.Match[str]], None]) -> None:
        def blank(match: re.Match[str]) -> str:
            use(match)
            return " "

        self.left = pattern.sub(blank, self.left)


def _read(text: str, *, markers: Mapping[str, str], loose: bool) -> Said:
    rest = _Text(_NUMERAL.sub(lambda match: NUMERALS[match[1]], text))
    lines: set[str] = set()
    for marker, line in markers.items():
        if marker in rest.left:
            rest.take(re.compile(either({marker: 1})), lambda _, line=line: lines.add(line))  # type: ignore[misc]
    sizes = _sizes(rest)
    packs = _packs(rest, loose=loose)
    letters: set[str] = set()
    rest.take(_LETTER, lambda match: letters.add(LETTERS[match[1]]))
    colours = _colours(rest, loose=loose)
    materials = frozenset(MATERIALS[match[0]] for match in _MATERIAL.finditer(rest.left))
    rest.take(_PRINTED_YEAR, lambda _: None)
    numbers: set[str] = set()
    rest.take(_BARE, lambda match: numbers.add(match[0]))
    words = (_one(word) for word in _WORD.findall(rest.left))
    return Said(
        han=" ".join(_HAN.findall(_without_stops(rest.left))),
        latin=" ".join(word for word in words if word and word not in STOP),
        sizes=sizes,
        packs=packs,
        letters=frozenset(letters),
        colours=colours,
        materials=materials,
        numbers=frozenset(numbers),
        lines=frozenset(lines),
    )


def _sizes(rest: _Text) -> Mapping[str, frozenset[float]]:
    found: dict[str, set[float]] = {}

    def area(match: re.Match[str]) -> None:
        _, factor = UNITS[match[4]]
        sides = [float(side) * factor for side in match.groups()[:3] if side]
        found.setdefault("cm", set()).update(round(side, 4) for side in sides)

    def size(match: re.Match[str]) -> None:
        dimension, factor = UNITS[match[2]]
        found.setdefault(dimension, set()).add(round(float(match[1]) * factor, 4))

    rest.take(_AREA, area)
    rest.take(_SIZE, size)
    rest.take(_SET_OF, lambda match: found.setdefault("set", set()).add(float(match[1])))
    if _PAIR.search(rest.left) and "set" not in found:
        found["set"] = {2.0}
    return {dimension: frozenset(values) for dimension, values in found.items()}


def _packs(rest: _Text, *, loose: bool) -> frozenset[int]:
    found: set[int] = set()
    for pattern in (*_PACKS, *((_LOOSE_PACK,) if loose else ())):
        rest.take(pattern, lambda match: found.add(int(match[1])))
    rest.take(_SINGLE, lambda _: found.add(1))
    return frozenset(found)


def _colours(rest: _Text, *, loose: bool) -> Mapping[str, frozenset[str]]:
    """By script, since a title may say one colour in two languages."""
    han: set[str] = set()
    latin: set[str] = set()

    def chinese(match: re.Match[str]) -> None:
        shade, *hues = match.groups()
        hue = next(hue for hue in hues if hue)
        han.add(SHADES.get(shade or "", "") + HUES[hue])

    def english(match: re.Match[str]) -> None:
        latin.add((f"{match[1]} " if match[1] else "") + ENGLISH_COLOURS[match[2]])

    rest.take(_LOOSE_COLOUR if loose else _COLOUR, chinese)
    rest.take(_ENGLISH_COLOUR, english)
    return {script: frozenset(names) for script, names in ((HAN, han), (LATIN, latin)) if names}


def _without_stops(text: str) -> str:
    for word in _HAN_STOPS:
        text = text.replace(word, " ")
    return text


_HAN_STOPS = tuple(sorted((word for word in STOP if not word.isascii()), key=len, reverse=True))


def _one(word: str) -> str:
    """In the singular, roughly; both sides are treated alike."""
    kept = word.removesuffix("'s").replace("'", "")
    return kept[:-1] if len(kept) > 3 and kept.endswith("s") and not kept.endswith("ss") else kept


def line_markers(titles: Mapping[str, list[str]]) -> Mapping[str, str]:
    """Words that tell the product lines of a catalogue apart: marker → line.

    `titles`: line → titles of its products. A word of the line's name is a marker when nearly all
    titles of the line have it and hardly any other has.
    """
    texts = {line: [plain(title) for title in of_line] for line, of_line in titles.items()}
    found: dict[str, str] = {}
    for line in sorted(texts):
        others = [text for other, of_other in texts.items() if other != line for text in of_other]
        for word in plain(line).split():
            if _marks(word, texts[line]) >= 0.8 and _marks(word, others) <= 0.05 and others:
                found[word] = line
    return dict(sorted(found.items(), key=lambda each: (-len(each[0]), each[0])))


def _marks(word: str, texts: list[str]) -> float:
    pattern = re.compile(either({word: 1}))
    return sum(1 for text in texts if pattern.search(text)) / max(len(texts), 1)
