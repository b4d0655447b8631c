"""How alike two titles are, and whether they can be one product at all."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from channelscope.importers.titles import HAN, LATIN, SCRIPTS, Said

SILENT = 0.85
"""Times the score, for each thing that the product's title states and the item's does not."""

SEVERAL = 0.95
"""Times the score, where the item is several pieces: a product that is that pack is nearer."""

_WORDS = 0.9  # of the score; the rest is the price
_SAME_SIZE = 0.005  # 12 fl oz is 355 ml
_PRICE_BAND = 0.35  # of the logarithm: at 30% off a price is half as good as the same price
_MAINLY = 0.5  # of the worth of a title's words in its main script
_LESS = 0.2  # below that a script is a brand or a slogan


@dataclass(frozen=True, slots=True)
class Weights:
    """What each word of the catalogue is worth: the rarer, the more."""

    by_token: Mapping[str, float]

    def of(self, tokens: Iterable[str]) -> float:
        """Summed exactly, so that it is the same in any order."""
        return math.fsum(self.by_token.get(token, 0.0) for token in tokens)


def weights(products: list[Said]) -> Weights:
    """By the number of products whose title has the word."""
    seen: dict[str, int] = {}
    for product in products:
        for token in product.tokens(HAN) | product.tokens(LATIN):
            seen[token] = seen.get(token, 0) + 1
    total = len(products)
    return Weights({token: math.log(1 + total / count) for token, count in sorted(seen.items())})


@dataclass(frozen=True, slots=True)
class Spoken:
    """The scripts in which a product's title says what it is, and those in which it says less."""

    mainly: tuple[str, ...]
    less: tuple[str, ...]

    def asked(self, item: Said) -> tuple[str, ...]:
        """Those to compare with an item: the lesser ones only when it speaks no other."""
        main = tuple(script for script in self.mainly if item.text(script))
        return main or self.less


def spoken(product: Said, *, worth: Weights) -> Spoken:
    """By what the words in each script are worth."""
    each = {script: worth.of(product.tokens(script)) for script in SCRIPTS}
    most = max(each.values())
    main = tuple(script for script in SCRIPTS if each[script] and each[script] >= _MAINLY * most)
    less = tuple(s for s in SCRIPTS if s not in main and each[s] and each[s] >= _LESS * most)
    return Spoken(main, less)


def of_words(item: Said, product: Said, *, script: str, worth: Weights) -> float:
    """0-1: the product's words the item has, the item's the product has, and their spelling."""
    from rapidfuzz import fuzz  # noqa: PLC0415  only where products are matched

    if script == HAN:
        found = _part(product.covered(item), product.han, worth)
        meant = _part(item.covered(product), item.han, worth)
    else:
        its, mine = product.tokens(script), item.tokens(script)
        found, meant = _part(its & mine, its, worth), _part(its & mine, mine, worth)
    if not found:
        return 0.0
    spelt = max(
        fuzz.token_sort_ratio(item.text(script), product.text(script)),
        fuzz.token_set_ratio(item.text(script), product.text(script)),
    )
    return 0.7 * found + 0.2 * meant + 0.1 * spelt / 100


def _part(some: Iterable[str], whole: Iterable[str], worth: Weights) -> float:
    """Of what the catalogue knows: words of praise that no product has are worth nothing."""
    of_whole = worth.of(whole)
    return worth.of(some) / of_whole if of_whole else 0.0


def of_price(price: float | None, suggested: float | None) -> float:
    """1 at the same price, a half at 30% off or 40% more; a half as well when one is unknown."""
    if not price or not suggested or price <= 0 or suggested <= 0:
        return 0.5
    return math.exp2(-abs(math.log(price / suggested)) / _PRICE_BAND)


def score(words: float, price: float) -> float:
    """Of both, before anything is left out for what is not stated."""
    return _WORDS * words + (1 - _WORDS) * price


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of two titles that may be one product: pieces of it, and how much is not stated."""

    pieces: int
    silent: int


def agreement(item: Said, product: Said) -> Agreement | None:
    """None when size, pack, colour, material, number or line differ."""
    if item.lines and product.lines and not item.lines & product.lines:
        return None
    if item.materials and product.materials and not (
        item.materials <= product.materials or product.materials <= item.materials
    ):  # fmt: skip
        return None
    if not product.numbers <= item.numbers:
        return None
    counted = _pieces(item, product)
    if counted is None:
        return None
    stated = (_sizes(item, product), _letters(item, product), _colours(item, product))
    if None in stated:
        return None
    return Agreement(counted.pieces, counted.silent + sum(each or 0 for each in stated))


def _pieces(item: Said, product: Said) -> Agreement | None:
    """A set is one product, a pack is several of one."""
    if len(item.packs) > 1 or len(product.packs) > 1:
        return None
    held = next(iter(item.packs), None)
    own = next(iter(product.packs), None)
    parts, own_parts = item.sizes.get("set"), product.sizes.get("set")
    if parts is None and own_parts is not None and held is not None and own is None:
        return Agreement(1, 0) if {float(held)} == own_parts else None
    if own_parts is None and parts is not None:
        return Agreement(1, 0) if held is None and own and {float(own)} == parts else None
    if parts is not None and parts != own_parts:
        return None
    silent = int(own_parts is not None and parts is None) + int(bool(own and own > 1) and not held)
    if held is None or own == held:
        return Agreement(1, silent)
    return Agreement(held // (own or 1), silent) if held and held % (own or 1) == 0 else None


def _sizes(item: Said, product: Said) -> int | None:
    silent = 0
    for dimension, own in product.sizes.items():
        if dimension == "set":
            continue
        its = item.sizes.get(dimension)
        if its is None:
            silent += 1
        elif len(its) != len(own) or not all(map(_near, sorted(its), sorted(own))):
            return None
    return silent


def _near(one: float, other: float) -> bool:
    return abs(one - other) <= _SAME_SIZE * max(one, other)


def _letters(item: Said, product: Said) -> int | None:
    if not product.letters or not item.letters:
        return int(bool(product.letters))
    return 0 if item.letters == product.letters else None


def _colours(item: Said, product: Said) -> int | None:
    if not product.colours or not item.colours:
        return int(bool(product.colours))
    spoken = [script for script in SCRIPTS if script in item.colours and script in product.colours]
    if spoken:
        same = all(item.colours[script] == product.colours[script] for script in spoken)
    else:
        same = set(item.colours.values()) == set(product.colours.values())
    return 0 if same else None
