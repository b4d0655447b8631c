"""Outlines written short: moved to where they stand, each step in the fewest signs, to 0.1 px."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?")
_SIZES = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
_ARC_WORDS = 5
_NEEDLESS = re.compile(r"(\.\d+),(?=\.)")

Point = tuple[float, float]


def short(value: float) -> str:
    """The number to a tenth of a pixel, in the fewest signs that SVG reads."""
    text = f"{value:.1f}".removesuffix(".0")
    text = re.sub(r"^(-?)0(?=\.)", r"\1", text)
    return "0" if text == "-0" else text


def short_path(outline: str, shift: Point = (0.0, 0.0)) -> str:
    """The same outline, moved by the shift. Every point is rounded where it stands, so that no
    step carries the error of the one before."""
    parts: list[str] = []
    pen = (0.0, 0.0)
    here = start = shift
    for letter, numbers in _commands(outline):
        if letter in "Zz":
            parts.append("Z")
            pen, here = _rounded(start), start
            continue
        points = _points(letter, numbers, here, shift)
        here = points[-1]
        parts.append(_step(letter.upper(), numbers, points, pen))
        pen = _rounded(here)
        start = here if letter in "Mm" else start
    return "".join(parts)


def _commands(outline: str) -> Iterator[tuple[str, list[float]]]:
    """Each step with its numbers; a step without a letter repeats, after a move as a line."""
    tokens = _TOKEN.findall(outline)
    at, letter = 0, "M"
    while at < len(tokens):
        if tokens[at].isalpha():
            letter = tokens[at]
            at += 1
        size = _SIZES[letter.upper()]
        yield letter, [float(token) for token in tokens[at : at + size]]
        at += size
        letter = {"M": "L", "m": "l"}.get(letter, letter)


def _points(letter: str, numbers: list[float], here: Point, shift: Point) -> list[Point]:
    """The points that a step names, the last one where it ends."""
    x, y = here if letter.islower() else shift
    if letter in "Hh":
        return [(x + numbers[0], here[1])]
    if letter in "Vv":
        return [(here[0], y + numbers[0])]
    named = numbers[_ARC_WORDS:] if letter in "Aa" else numbers
    return [(x + a, y + b) for a, b in zip(named[::2], named[1::2], strict=True)]


def _step(letter: str, numbers: list[float], points: list[Point], pen: Point) -> str:
    """The step by where it leads or by how far it goes, whichever is shorter."""
    ends = [_rounded(point) for point in points]
    ways = [(x - pen[0], y - pen[1]) for x, y in ends]
    if letter == "M":
        return "M" + _joined(ends[0])
    if letter in "HVL":
        return _line(ends[0], ways[0])
    words = numbers[:_ARC_WORDS] if letter == "A" else []
    by_end = letter + _joined([*words, *(number for point in ends for number in point)])
    by_way = letter.lower() + _joined([*words, *(number for point in ways for number in point)])
    return min(by_way, by_end, key=len)


def _line(end: Point, way: Point) -> str:
    if short(way[1]) == "0":
        return min("h" + short(way[0]), "H" + short(end[0]), key=len)
    if short(way[0]) == "0":
        return min("v" + short(way[1]), "V" + short(end[1]), key=len)
    return min("l" + _joined(way), "L" + _joined(end), key=len)


def _joined(numbers: Sequence[float]) -> str:
    text = ",".join(short(number) for number in numbers)
    return _NEEDLESS.sub(r"\1", text.replace(",-", "-"))


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)
